// Package linkset holds the ELF files of one wheel together, with the tables
// that answer which of them provides what to the others.
//
// Make a [File] of each ELF file with [NewFile] and a [Set] of all of them with
// [New]. A library that another file of the set provides is not the system's
// affair: [Set.Provides] tells the two apart. A file may hold hundreds of
// thousands of names, so the tables are made once, when they are first asked
// for, and no question searches for each name in turn. A Set is therefore not
// safe for concurrent use; Files are.
//
// The package is experimental: it may change in a minor release.
package linkset
