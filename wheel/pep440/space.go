package pep440

import "unicode/utf8"

// trimmed returns the range of s without the white space around it.
func trimmed(s string) (lo, hi int) {
	hi = len(s)
	for lo < hi {
		n := spaceAt(s, lo)
		if n == 0 {
			break
		}
		lo += n
	}
	for hi > lo {
		n := spaceBefore(s[lo:hi])
		if n == 0 {
			break
		}
		hi -= n
	}
	return lo, hi
}

// spaceAt returns the length of the white space character at s[i], or 0.
func spaceAt(s string, i int) int {
	if c := s[i]; c < utf8.RuneSelf {
		if isSpace(rune(c)) {
			return 1
		}
		return 0
	}
	if r, n := utf8.DecodeRuneInString(s[i:]); isSpace(r) {
		return n
	}
	return 0
}

// spaceBefore is spaceAt for the last character of a non-empty s.
func spaceBefore(s string) int {
	if c := s[len(s)-1]; c < utf8.RuneSelf {
		if isSpace(rune(c)) {
			return 1
		}
		return 0
	}
	if r, n := utf8.DecodeLastRuneInString(s); isSpace(r) {
		return n
	}
	return 0
}

// isSpace reports what Python's str.strip and \s regard as white space. This
// is unicode.IsSpace and the four ASCII information separators U+001C to
// U+001F.
func isSpace(r rune) bool {
	switch {
	case r <= ' ':
		return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x1C
	case r < 0x1680:
		return r == 0x85 || r == 0xA0
	case r >= 0x2000 && r <= 0x200A:
		return true
	}
	switch r {
	case 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
		return true
	}
	return false
}
