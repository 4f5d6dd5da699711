// Package metadata checks the core metadata of a Python project: the METADATA file of
// a wheel, or PKG-INFO of a source distribution.
//
// # Where to start
//
// [Read] takes the fields as package wheel parsed them and gives them with their types:
// versions, requirements, license expression, content type. What is wrong is a list, so
// that one bad field does not hide the others:
//
//	text, err := distInfo.Metadata()
//	m, faults := metadata.Read(text)
//
// # What is a fault
//
// What Python's packaging.metadata or PyPI rejects on upload. Fields are described in
// https://packaging.python.org/specifications/core-metadata/. Lists that change, of
// licenses and classifiers, are data files with their dates.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package metadata
