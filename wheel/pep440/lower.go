package pep440

import (
	"unicode"
	"unicode/utf8"
)

// equalLowered reports whether a and b are equal after lower-casing as Python
// does it. That is less than Unicode case folding: it keeps "ß" and "ss" apart.
func equalLowered(a, b string) bool {
	if isASCII(a) && isASCII(b) {
		if len(a) != len(b) {
			return false
		}
		for i := 0; i < len(a); i++ {
			if lower(a[i]) != lower(b[i]) {
				return false
			}
		}
		return true
	}
	return string(appendLowered(nil, a)) == string(appendLowered(nil, b))
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendLowered appends s in lower case by the full mapping of Unicode, which
// differs from the simple one of package unicode in two letters. Bytes that
// are not UTF-8 are kept.
func appendLowered(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			dst = append(dst, s[i])
		case r == 'İ': // the dot above becomes a character of its own
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
	return dst
}

// endsWord is the condition Final_Sigma of the Unicode standard, section 3.13:
// a cased letter before and none after, not counting characters such as
// accents and apostrophes that may stand between.
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
