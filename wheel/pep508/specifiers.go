package pep508

import (
	"errors"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// specifiers reads version specifiers separated by commas, in parentheses or
// not. There may be none, and a comma may follow the last.
func (s *scanner) specifiers() (pep440.SpecifierSet, *Error) {
	open := s.pos
	inside := s.accept('(')
	s.space()
	start := s.pos
	for s.specifier() {
		s.space()
		if !s.accept(',') {
			break
		}
		s.space()
	}
	set, err := s.parseSpecifiers(start)
	if err != nil {
		return set, err
	}
	if inside {
		if s.space(); !s.accept(')') {
			return set, s.closing(open)
		}
	}
	return set, nil
}

// closing distinguishes a missing parenthesis from an invalid specifier.
func (s *scanner) closing(open int) *Error {
	if s.end() {
		return s.fail(CodeBracket, open)
	}
	return s.fail(CodeSpecifier, s.pos)
}

// parseSpecifiers parses the text from start to the position with pep440.
func (s *scanner) parseSpecifiers(start int) (pep440.SpecifierSet, *Error) {
	set, err := pep440.ParseSpecifierSet(s.src[start:s.pos])
	if err == nil {
		return set, nil
	}
	e := s.fail(CodeSpecifier, start)
	if cause, ok := errors.AsType[*pep440.Error](err); ok {
		e.Offset += cause.Offset
	}
	e.Err = err
	return set, e
}

// specifier moves past an operator and everything that can belong to its version,
// which is validated later: a version can only be followed by a blank, comma,
// parenthesis, semicolon or the end. The text after === may contain commas.
func (s *scanner) specifier() bool {
	rest := s.src[s.pos:]
	stops, n := ",;)", 0
	switch {
	case strings.HasPrefix(rest, "==="):
		stops, n = ";)", 3
	case len(rest) > 1 && rest[1] == '=' && strings.IndexByte("~=!<>", rest[0]) >= 0:
		n = 2
	case rest != "" && (rest[0] == '<' || rest[0] == '>'):
		n = 1
	default:
		return false
	}
	for n < len(rest) && spaceAt(rest, n) > 0 {
		n += spaceAt(rest, n)
	}
	for n < len(rest) && spaceAt(rest, n) == 0 && strings.IndexByte(stops, rest[n]) < 0 {
		n++
	}
	s.pos += n
	return true
}
