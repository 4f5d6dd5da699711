// Package finding is the vocabulary of everything that checks wheels: a [Rule]
// of the catalogue, its [Severity], and a [Finding], which says that one file
// breaks one rule. The audit, the index and every report use these types and no
// others, so that the same fault has the same id everywhere.
//
// Start with [Rules] for the catalogue and [Lookup] for one rule. A [Selection]
// says which rules a run looks at and how severe each one is; an [Allowance]
// accepts a finding for a reason until a date.
//
// # Stability
//
// The id and the name of a rule never change, and neither do the JSON names of
// a Finding. New rules come with minor releases. The package is part of the
// stable core: what it exports stays compatible from v0.1.0 on.
package finding
