package pep508

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Requirement is a parsed dependency specifier.
type Requirement struct {
	Name       string              // as written
	Extras     []string            // as written, sorted, each once
	URL        string              // of a direct reference, or empty
	Specifiers pep440.SpecifierSet // empty with a URL
	Marker     Marker              // zero if there is none
}

// ParseRequirement reads a dependency specifier: a name, extras in brackets,
// then version specifiers or @ and a URL, then a marker after a semicolon.
// The error is an [*Error].
func ParseRequirement(text string) (Requirement, error) { return ParseRequirementIn(Metadata, text) }

// ParseRequirementIn is ParseRequirement for another document, see [ParseMarkerIn].
func ParseRequirementIn(ctx Context, text string) (Requirement, error) {
	s := scanner{src: text, variants: ctx == Variants}
	r, err := s.requirement()
	if err != nil {
		return Requirement{}, err
	}
	return r, nil
}

func (s *scanner) requirement() (r Requirement, err *Error) {
	s.space()
	if r.Name = s.identifier(); r.Name == "" {
		return r, s.fail(CodeName, s.pos)
	}
	s.space()
	if r.Extras, err = s.extras(); err != nil {
		return r, err
	}
	s.space()
	if s.accept('@') {
		if r.URL, err = s.url(); err != nil {
			return r, err
		}
	} else {
		if r.Specifiers, err = s.specifiers(); err != nil {
			return r, err
		}
		s.space()
	}
	if s.end() {
		return r, nil
	}
	if !s.accept(';') {
		code := CodeTrailing
		if r.URL == "" && r.Specifiers.Len() == 0 {
			code = CodeSpecifier // most often one without an operator
		}
		return r, s.fail(code, s.pos)
	}
	root, err := s.chain()
	if err != nil {
		return r, err
	}
	if !s.end() {
		return r, s.fail(CodeTrailing, s.pos)
	}
	r.Marker = Marker{root}
	return r, nil
}

// extras reads the list in brackets, if there is one. It may be empty.
func (s *scanner) extras() ([]string, *Error) {
	open := s.pos
	if !s.accept('[') {
		return nil, nil
	}
	var names []string
	s.space()
	for name := s.identifier(); name != ""; name = s.identifier() {
		names = append(names, name)
		s.space()
		if !s.accept(',') {
			break
		}
		if s.space(); s.next() == ']' {
			return nil, s.fail(CodeExtras, s.pos) // a name must follow a comma
		}
	}
	if s.accept(']') {
		slices.Sort(names)
		return slices.Compact(names), nil
	}
	if s.end() {
		return nil, s.fail(CodeBracket, open)
	}
	return nil, s.fail(CodeExtras, s.pos)
}

// url reads what follows @, up to the next blank. Anything is accepted as a URL,
// even a semicolon, so a marker needs a space before it.
func (s *scanner) url() (string, *Error) {
	s.space()
	start := s.pos
	n := strings.IndexAny(s.src[start:], " \t")
	if n < 0 {
		n = len(s.src) - start
	}
	if n == 0 {
		return "", s.fail(CodeURL, start)
	}
	s.pos += n
	s.space()
	return s.src[start : start+n], nil
}

// String writes the requirement in the form of the reference: the names as
// written, specifiers sorted, the marker in normal form.
func (r Requirement) String() string {
	var b strings.Builder
	b.WriteString(r.Name)
	if len(r.Extras) > 0 {
		b.WriteString("[" + strings.Join(r.Extras, ",") + "]")
	}
	b.WriteString(r.Specifiers.String())
	if r.URL != "" {
		b.WriteString(" @ " + r.URL)
		if !r.Marker.IsZero() {
			b.WriteString(" ")
		}
	}
	if !r.Marker.IsZero() {
		b.WriteString("; " + r.Marker.String())
	}
	return b.String()
}
