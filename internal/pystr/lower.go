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

// LowerASCII is Lower for text of ASCII alone, and says whether it is that. It
// looks at eight bytes at a time, as file names are read by the million.
func LowerASCII(s string) (string, bool) {
	const high = 0x8080808080808080
	var seen, upper uint64
	i := 0
	for ; i+8 <= len(s); i += 8 {
		v := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		seen |= v
		// For ASCII the high bit of each byte becomes: at least A, and past Z.
		upper |= (v + ones*(0x80-'A')) &^ (v + ones*(0x80-'Z'-1))
	}
	for ; i < len(s); i++ {
		seen |= uint64(s[i])
		if s[i]-'A' <= 'Z'-'A' {
			upper |= high
		}
	}
	switch {
	case seen&high != 0:
		return s, false
	case upper&high != 0:
		return strings.ToLower(s), true
	}
	return s, true
}

// ones repeats a byte eight times when multiplied with it.
const ones = 0x0101010101010101

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
