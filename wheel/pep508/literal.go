package pep508

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// unquote reads a Python string literal, given without its quotes, which do
// not occur inside. It reports false if Python has a syntax error, and for the two
// kinds of escapes that package pep508 does not support.
//
// Source: The Python Language Reference, 2.4.1 String and Bytes literals.
func unquote(s string) (string, bool) {
	if strings.IndexByte(s, 0) >= 0 {
		return "", false
	}
	i := strings.IndexAny(s, "\\\n\r")
	if i < 0 {
		return s, true
	}
	b := append(make([]byte, 0, len(s)), s[:i]...)
	for i < len(s) {
		switch c := s[i]; {
		case c == '\n' || c == '\r':
			return "", false
		case c != '\\':
			b = append(b, c)
			i++
		case i+1 == len(s): // the backslash escapes the closing quote
			return "", false
		default:
			var n int
			if b, n = appendEscape(b, s[i+1:]); n == 0 {
				return "", false
			}
			i += 1 + n
		}
	}
	return string(b), true
}

// simpleEscapes are the escapes of one letter with their meaning.
const simpleEscapes = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v"

// appendEscape appends the meaning of the escape at the start of s, without its
// backslash, and returns its length, 0 if it is invalid. An unknown escape means
// itself, backslash included.
func appendEscape(b []byte, s string) ([]byte, int) {
	for i := 0; i < len(simpleEscapes); i += 2 {
		if simpleEscapes[i] == s[0] {
			return append(b, simpleEscapes[i+1]), 1
		}
	}
	switch c := s[0]; c {
	case '\n': // the line goes on
		return b, 1
	case '\r':
		if strings.HasPrefix(s, "\r\n") {
			return b, 2
		}
		return b, 1
	case 'x':
		return appendCode(b, s, 2)
	case 'u':
		return appendCode(b, s, 4)
	case 'U':
		return appendCode(b, s, 8)
	case 'N':
		return b, 0
	case '0', '1', '2', '3', '4', '5', '6', '7':
		code, n := rune(0), 0
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			code = code*8 + rune(s[n]-'0')
			n++
		}
		return utf8.AppendRune(b, code), n
	}
	return append(b, '\\', s[0]), 1
}

// appendCode appends the code point of the given number of hexadecimal digits
// that follow the first byte of s.
func appendCode(b []byte, s string, digits int) ([]byte, int) {
	if len(s) < 1+digits {
		return b, 0
	}
	for i := 1; i <= digits; i++ {
		if c := s[i] | 0x20; s[i]-'0' > 9 && c-'a' > 'f'-'a' {
			return b, 0
		}
	}
	code, err := strconv.ParseUint(s[1:1+digits], 16, 32)
	if err != nil || code > utf8.MaxRune || !utf8.ValidRune(rune(code)) {
		return b, 0
	}
	return utf8.AppendRune(b, rune(code)), 1 + digits
}
