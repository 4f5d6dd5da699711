package pep508

import (
	"strings"
	"unicode/utf8"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// scanner steps through a text. Tokens depend on the position, as in the
// reference: each method tries one kind of token at the current position and moves
// past it if it is there.
type scanner struct {
	src   string
	pos   int
	depth int // of parentheses in markers

	variants bool // read the variables of PEP 825
}

// fail returns an error at a byte offset.
func (s *scanner) fail(code Code, offset int) *Error {
	return &Error{Input: s.src, Offset: offset, Code: code}
}

// space skips blanks and tabs; no other white space may separate tokens.
func (s *scanner) space() {
	for s.pos < len(s.src) && (s.src[s.pos] == ' ' || s.src[s.pos] == '\t') {
		s.pos++
	}
}

func (s *scanner) end() bool { return s.pos == len(s.src) }

// next returns the byte at the position, 0 at the end. A NUL in the text does not
// start a token either.
func (s *scanner) next() byte {
	if s.pos < len(s.src) {
		return s.src[s.pos]
	}
	return 0
}

func (s *scanner) accept(c byte) bool {
	if s.pos < len(s.src) && s.src[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// word accepts w between word boundaries.
func (s *scanner) word(w string) bool {
	if !strings.HasPrefix(s.src[s.pos:], w) || !s.boundary(s.pos) || !s.boundary(s.pos+len(w)) {
		return false
	}
	s.pos += len(w)
	return true
}

// boundary reports whether exactly one of the characters before and after i is
// a word character, as \b in Python's regular expressions.
func (s *scanner) boundary(i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s.src[:i])
	after, _ := utf8.DecodeRuneInString(s.src[i:])
	return isWord(before) != isWord(after)
}

// isWord reports whether r is a word character. The RuneError at the ends of a text
// is not.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r|0x20-'a' < 26 && r|0x20 >= 'a' || r >= '0' && r <= '9' || r == '_'
	}
	return pystr.IsWord(r)
}

// identifier accepts the name of a project or an extra: ASCII letters, digits,
// dots, dashes and underscores, a letter or digit first. A dot or a dash at
// the end is not part of it; an underscore is.
func (s *scanner) identifier() string {
	i := s.pos
	if i == len(s.src) || !isIdentifier(s.src[i]) || strings.IndexByte("._-", s.src[i]) >= 0 || !s.boundary(i) {
		return ""
	}
	for i < len(s.src) && isIdentifier(s.src[i]) {
		i++
	}
	for i > s.pos && !s.boundary(i) {
		i--
	}
	name := s.src[s.pos:i]
	s.pos = i
	return name
}

func isIdentifier(c byte) bool {
	return c|0x20-'a' < 26 || c-'0' < 10 || c == '.' || c == '_' || c == '-'
}

// spaceAt returns the length of the white space character at s[i], by the
// wider definition that applies inside version specifiers, or 0.
func spaceAt(s string, i int) int {
	r, n := utf8.DecodeRuneInString(s[i:])
	switch {
	case r == ' ', r >= '\t' && r <= '\r', r >= 0x1C && r <= 0x1F, r == 0x85, r == 0xA0, r == 0x1680,
		r >= 0x2000 && r <= 0x200A, r == 0x2028, r == 0x2029, r == 0x202F, r == 0x205F, r == 0x3000:
		return n
	}
	return 0
}
