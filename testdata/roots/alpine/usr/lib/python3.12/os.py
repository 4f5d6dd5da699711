# the landmark of a standard library
