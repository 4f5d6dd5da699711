// Package pep508 reads Python's dependency specifiers, such as
//
//	requests[socks] >=2.28,<3; python_version < "3.13" and sys_platform != "win32"
//
// and evaluates their environment markers for a described Python.
//
// # Where to start
//
// [ParseRequirement] parses a whole line; [ParseMarker] parses a marker alone, as
// lock files store it. [Marker.Eval] evaluates it for one [Environment], which the
// caller fills in: nothing is read from the running machine.
//
// # Comparisons
//
// A marker compares a variable with a quoted text. The variables
// python_version, python_full_version, implementation_version and
// platform_release are compared as versions whenever operator and right-hand
// side form a version specifier, so "3.9" < "3.10". Otherwise, and for every
// other variable, texts are compared, in a limited way: == and != as expected, <=
// and >= mean equality, < and > are always false, "in" searches for a part of the
// text, and ~= and === are errors. Operands may be exchanged.
//
// A comparison without meaning is an [*EvalError], not false. As in the reference,
// it is reported even if the rest of the marker would decide.
//
// # Contexts
//
// Which of the variables extra, extras and dependency_groups exist depends on
// the document of the marker: see [Context]. [Marker.Eval] is for package
// metadata, where a lone extra is known; [Marker.EvalIn] for lock files, where
// PEP 751 defines the sets extras and dependency_groups, and for those of uv
// and Poetry, which treat extra differently. The markers of variant wheels, such as
// "x86_64 :: level" in variant_features (PEP 825), are read by [ParseMarkerIn] and
// [ParseRequirementIn] alone, with the context [Variants].
//
// # Agreement with packaging
//
// The reference is version 26.3 of Python's packaging project; the test data
// has its results for tens of thousands of markers and requirements. The
// known differences:
//
//   - Quoted texts follow Python's rules for string literals, escapes
//     included. Escapes by character name, \N{...}, and escapes that denote a
//     surrogate code point are errors here.
//   - Parentheses nest at most [MaxDepth] deep, where Python runs out of stack
//     some way further.
//   - The string form of a text with both kinds of quotes, where the reference
//     raises an exception, has an escape.
//   - After ~= the reference accepts three letters that only resemble ASCII ones;
//     see package pep440.
//
// # Compatibility
//
// [Code] values are stable. The wording of error messages is not.
//
// The package is experimental: it may change in a minor release.
package pep508
