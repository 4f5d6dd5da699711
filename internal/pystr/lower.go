// Package pystr does to text what methods of Python's str do, where the tools
// that wheeltag agrees with depend on them: lower-casing, identifiers and word
// characters, all by the Unicode tables of this Go release.
package pystr

import (
	"strings"
	"unicode"
)

// Lower folds to lower case as Python's str.lower does. ASCII, which is every
// real name, is returned as it is when nothing changes.
func Lower(s string) string {
	if lowered, ok := LowerASCII(s); ok {
		return lowered
	}
	return lowerUnicode(s)
}

// LowerASCII is Lower for text of ASCII alone, and says whether it is that.
func LowerASCII(s string) (string, bool) {
	upper := false
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return s, false
		}
		upper = upper || s[i]-'A' <= 'Z'-'A'
	}
	if upper {
		return strings.ToLower(s), true
	}
	return s, true
}

// lowerUnicode adds the two rules in which full case mapping differs from the
// mapping of single code points: the dotted capital I becomes two code points,
// and a capital sigma that ends a word becomes the final form.
func lowerUnicode(s string) string {
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		switch {
		case r == 0x130:
			b.WriteString("i\u0307")
		case r == 0x3A3 && endsWord(runes, i):
			b.WriteRune(0x3C2)
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func endsWord(runes []rune, i int) bool {
	j := i - 1
	for j >= 0 && caseIgnorable(runes[j]) {
		j--
	}
	if j < 0 || !cased(runes[j]) {
		return false
	}
	j = i + 1
	for j < len(runes) && caseIgnorable(runes[j]) {
		j++
	}
	return j == len(runes) || !cased(runes[j])
}

func cased(r rune) bool {
	return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r) ||
		unicode.Is(unicode.Other_Lowercase, r) || unicode.Is(unicode.Other_Uppercase, r)
}

func caseIgnorable(r rune) bool {
	switch r {
	case '\'', '.', ':', 0xB7, 0x387, 0x55F, 0x5F4, 0x2018, 0x2019, 0x2024, 0x2027,
		0xFE13, 0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A:
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}
