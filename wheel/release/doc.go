// Package release looks at the files of a release together: what each of them is, an
// audit says, what they lack as a whole, this package.
//
// Give the reports of an audit to [Set.Add], in any order and of any number of releases,
// and ask [Set.Releases] for the findings of each at the end. Of a file only small facts
// are kept, so a Set may hold those of a whole index. [Set.AddBaseline] takes the files of
// earlier releases, of which the newest one before each release is compared with it.
//
// # What is compared
//
// A wheel is for some interpreters and ABIs, here in one word each such as cp313, cp313t
// or cp39-abi3, and for some platforms, such as "manylinux x86_64". A wheel for the stable
// ABI, or for any Python, also covers the later interpreters that take it.
//
// All findings are notes and warnings. A release may well be made of some files only.
//
// # Stability
//
// The package is experimental: it may change in a minor release.
package release
