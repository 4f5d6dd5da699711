package wheel

import (
	"cmp"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Build is the optional build tag of a file name, "1" or "0003_local": digits
// and a suffix. The zero Build means that the name has none.
type Build struct {
	Digits string // as written, at least one unless there is no build tag
	Suffix string // what follows the digits
}

// Number is the digits without leading zeros; it may exceed any integer type.
func (b Build) Number() string {
	if n := strings.TrimLeft(b.Digits, "0"); n != "" || b.Digits == "" {
		return n
	}
	return "0"
}

// Compare orders builds as installers do between wheels of equal tag rank: no
// build tag first, then by number, then by suffix (PEP 427).
func (b Build) Compare(other Build) int {
	n, o := b.Number(), other.Number()
	return cmp.Or(cmp.Compare(len(n), len(o)), strings.Compare(n, o), strings.Compare(b.Suffix, other.Suffix))
}

// String gives the build tag as written.
func (b Build) String() string { return b.Digits + b.Suffix }

// parseBuild reads leading ASCII digits. packaging keeps a suffix up to the
// first line feed only. No build tag is longer than [pep440.MaxLength]: like the
// version, it may have to be compared with very many others.
func parseBuild(s string) (Build, bool) {
	digits := 0
	for digits < len(s) && s[digits]-'0' <= 9 {
		digits++
	}
	if digits == 0 || len(s) > pep440.MaxLength {
		return Build{}, false
	}
	suffix, _, _ := strings.Cut(s[digits:], "\n")
	return Build{s[:digits], suffix}, true
}
