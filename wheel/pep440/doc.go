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
// [SpecifierSet.AllowsPython] evaluates Requires-Python as installers do.
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
// Version keeps the string it was parsed from and the offsets of its parts, so
// parsing and comparing allocate nothing.
//
// Version is a comparable struct, but == compares spelling as well. Use
// [Version.Equal], for which 1.0 and 1.0.0 are the same version.
//
// # Specifiers and pre-releases
//
// The operators are ~= == != <= >= < > ===, with "==1.2.*" and "!=1.2.*" as
// prefix matches. A [SpecifierSet] is satisfied if each of its specifiers is.
// [Prereleases] controls the treatment of pre-releases. By default only the
// operators matter for a single version, while Filter drops pre-releases if there
// is a final release.
//
// # Agreement with packaging
//
// The reference is version 26.3 of Python's packaging project. The test data has
// its results for some eighty thousand inputs. Four differences remain, all for
// input that the reference cannot use either:
//
//   - Python refuses to convert numbers of more than 4300 digits unless told
//     otherwise; here they are ordinary numbers.
//   - After ~= the reference accepts three letters that only resemble ASCII
//     ones (U+017F in "post", U+0130 and U+0131 in "preview") and then fails
//     an assertion on first use. Here the specifier is an error.
//   - Go strings may have bytes that are not UTF-8. Such bytes are never part
//     of a version; after === they match only themselves.
//   - A version of more than [MaxLength] bytes is an error, also in a specifier.
//
// The operator === compares text after lower-casing it as Python does. For
// letters that were added to Unicode lately, the result depends on the
// Unicode tables of the Go release, as it does on those of the Python release.
//
// # Compatibility
//
// [Reason] values are stable and may be stored and compared. The wording
// of error messages is not.
//
// The package is part of the stable core: what it exports stays compatible from
// v0.1.0 on.
package pep440
