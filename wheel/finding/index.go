package finding

import "strings"

// indexGroup is the prefix of the rules about what an index refuses on upload.
const indexGroup = "WT5"

// Index is the index that files are meant for, as the list of those rules about uploads
// that hold there. All other rules are about the files themselves and hold everywhere.
type Index struct {
	Name  string
	Rules []string // ids, prefixes or names
}

// PyPI has all rules about uploads. It is what a [Selection] without an index means.
func PyPI() Index { return Index{Name: "pypi", Rules: []string{indexGroup}} }

// NoIndex has none of them.
func NoIndex() Index { return Index{Name: "none"} }

func (i Index) has(r Rule) bool {
	n, _ := longest(r, i.Rules)
	return n > 0
}

// IsOfIndex reports whether a rule is about what an index refuses on upload.
func (r Rule) IsOfIndex() bool { return strings.HasPrefix(r.ID, indexGroup) }
