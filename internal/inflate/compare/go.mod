module github.com/wheeltag/wheeltag/internal/inflate/compare

go 1.26.0

require github.com/wheeltag/wheeltag v0.0.0

require github.com/klauspost/compress v1.20.3

replace github.com/wheeltag/wheeltag => ../../..
