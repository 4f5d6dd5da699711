// Package pystr has methods of Python's str that Python's packaging tools depend
// on: lower-casing, identifiers and word characters, by the Unicode tables of this
// Go release.
package pystr

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lower converts to lower case as Python's str.lower does. ASCII text, which is
// every real name, is returned as it is if nothing changes.
func Lower(s string) string {
	if lowered, ok := LowerASCII(s); ok {
		return lowered
	}
	return lowerUnicode(s)
}

// LowerASCII is Lower for ASCII text, and reports whether the text is ASCII. It
// handles eight bytes at a time, because file names are read by the million.
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

// lowerUnicode is the full case mapping of Unicode, which differs from the simple
// one of package unicode in two letters. Bytes that are not UTF-8 are kept.
func lowerUnicode(s string) string {
	dst := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			dst = append(dst, s[i])
		case r == 'İ': // the dot above becomes a separate character
			dst = append(dst, "i\u0307"...)
		case r == 'Σ':
			if endsWord(s[:i], s[i+n:]) {
				dst = append(dst, "ς"...)
			} else {
				dst = append(dst, "σ"...)
			}
		default:
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
		i += n
	}
	return string(dst)
}

// endsWord is the condition Final_Sigma of the Unicode standard, section 3.13:
// a cased letter before and none after, not counting characters such as
// accents and apostrophes in between.
func endsWord(before, after string) bool {
	for {
		r, n := utf8.DecodeLastRuneInString(before)
		if n == 0 {
			return false
		}
		if !caseIgnorable(r) {
			if !cased(r) {
				return false
			}
			break
		}
		before = before[:len(before)-n]
	}
	for {
		r, n := utf8.DecodeRuneInString(after)
		if n == 0 {
			return true
		}
		if !caseIgnorable(r) {
			return !cased(r)
		}
		after = after[n:]
	}
}

// cased is the Unicode property Cased.
func cased(r rune) bool {
	return unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt,
		unicode.Other_Uppercase, unicode.Other_Lowercase)
}

// caseIgnorable is the Unicode property Case_Ignorable: marks, modifiers and
// format characters, and the punctuation that word breaking keeps inside a
// word.
func caseIgnorable(r rune) bool {
	switch r {
	case '\'', '.', ':', 0xB7, 0x387, 0x55F, 0x5F4, 0x2018, 0x2019, 0x2024,
		0x2027, 0xFE13, 0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A:
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}
