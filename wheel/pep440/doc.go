// Package pep440 reads, orders and renders Python version numbers, and
// decides whether a version satisfies a version specifier such as
// ">=3.9,!=3.10.*".
//
// # Where to start
//
// [Parse] turns text into a [Version]; [Version.Compare] orders two of them
// and [Version.String] writes the normal form. [ParseSpecifierSet] reads a
// comma-separated list of conditions; [SpecifierSet.Contains] tests one
// version and [SpecifierSet.Filter] picks from a list.
// [SpecifierSet.AllowsPython] and [RequiresPythonAllows] answer the one question
// that installers ask of a Requires-Python field.
//
// # Versions
//
// The grammar is that of PEP 440, appendix B:
//
//	[N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]
//
// with the relaxed spellings the PEP lists: a leading v, any letter case,
// "alpha", "preview", "rev" and so on, other separators, a missing number
// meaning zero, "1.0-1" for "1.0.post1", white space around the whole.
// Numbers have no upper bound but [MaxLength]; they stay text and are never converted. A
// Version keeps the string it was parsed from and remembers where its parts
// lie, so parsing and comparing allocate nothing.
//
// Version is a comparable struct, but == looks at spelling as well. Use
// [Version.Equal], under which 1.0 and 1.0.0 are the same version.
//
// # Specifiers and pre-releases
//
// The operators are ~= == != <= >= < > ===, with "==1.2.*" and "!=1.2.*" as
// prefix matches. A [SpecifierSet] holds when each of its specifiers holds.
// Pre-releases are governed by [Prereleases]. With the default,
// a single version is judged by the operators alone, while Filter hides
// pre-releases as long as a final release is there to be chosen.
//
// # Agreement with packaging
//
// The reference is version 26.3 of Python's packaging project. The test data
// holds its answers for some eighty thousand questions. Four differences
// remain, all on input that the reference cannot use either:
//
//   - Python refuses to convert numbers of more than 4300 digits unless told
//     otherwise; here they are ordinary numbers.
//   - After ~= the reference accepts three letters that only resemble ASCII
//     ones (U+017F in "post", U+0130 and U+0131 in "preview") and then fails
//     an assertion on first use. Here the specifier is an error.
//   - Go strings may hold bytes that are not UTF-8. Such bytes are never part
//     of a version; after === they match only themselves.
//   - A version of more than [MaxLength] bytes is refused, in a specifier too.
//
// The operator === compares text after lower-casing it as Python does. For
// letters that were added to Unicode lately, the result depends on the
// Unicode tables of the Go release, as it does on those of the Python release.
//
// # Compatibility
//
// [Reason] values are stable and may be stored or matched upon. The wording
// of error messages is not.
//
// The package is part of the stable core: what it exports stays compatible from
// v0.1.0 on.
package pep440
