package pep508

import (
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// MaxDepth is how deep the parentheses of a marker may nest.
const MaxDepth = 200

// ParseMarker reads an environment marker. The error is an [*Error].
func ParseMarker(text string) (Marker, error) { return ParseMarkerIn(Metadata, text) }

// ParseMarkerIn is ParseMarker for a marker of another document: with Variants it also
// reads the variables of PEP 825, which packaging 26.4 refuses.
func ParseMarkerIn(ctx Context, text string) (Marker, error) {
	s := scanner{src: text, variants: ctx == Variants}
	root, err := s.chain()
	if err != nil {
		return Marker{}, err
	}
	if !s.end() {
		return Marker{}, s.fail(CodeTrailing, s.pos)
	}
	return Marker{root}, nil
}

// chain reads terms joined by "and" and "or".
func (s *scanner) chain() (*chain, *Error) {
	c := &chain{}
	for or := false; ; {
		t, err := s.term()
		if err != nil {
			return nil, err
		}
		t.or = or
		c.terms = append(c.terms, t)
		switch {
		case s.word("or"):
			or = true
		case s.word("and"):
			or = false
		default:
			return c, nil
		}
	}
}

func (s *scanner) term() (term, *Error) {
	s.space()
	if s.next() != '(' {
		return s.comparison()
	}
	open := s.pos
	if s.depth++; s.depth > MaxDepth {
		return term{}, s.fail(CodeDepth, open)
	}
	s.pos++
	group, err := s.chain()
	if err != nil {
		return term{}, err
	}
	s.space()
	if !s.accept(')') {
		return term{}, s.fail(CodeBracket, open)
	}
	s.depth--
	s.space()
	return term{group: group}, nil
}

func (s *scanner) comparison() (t term, err *Error) {
	if t.left, err = s.operand(); err != nil {
		return term{}, err
	}
	s.space()
	if t.op, err = s.operator(); err != nil {
		return term{}, err
	}
	s.space()
	if t.right, err = s.operand(); err != nil {
		return term{}, err
	}
	s.space()
	t.normalizeNames()
	t.prepare()
	return t, nil
}

// operator reads a comparison operator, the longest that fits.
func (s *scanner) operator() (string, *Error) {
	switch {
	case s.word("in"):
		return "in", nil
	case s.word("not"):
		before := s.pos
		if s.space(); s.pos == before || !s.word("in") {
			return "", s.fail(CodeOperator, before)
		}
		return "not in", nil
	}
	for _, op := range [...]string{"===", "==", "~=", "!=", "<=", ">=", "<", ">"} {
		if strings.HasPrefix(s.src[s.pos:], op) {
			s.pos += len(op)
			return op, nil
		}
	}
	return "", s.fail(CodeOperator, s.pos)
}

// variables has all spellings of the variables with their normal form.
var variables = [...][2]string{
	{"python_version", "python_version"},
	{"python_full_version", "python_full_version"},
	{"sys_platform", "sys_platform"},
	{"platform_machine", "platform_machine"},
	{"platform_system", "platform_system"},
	{"platform_python_implementation", "platform_python_implementation"},
	{"implementation_name", "implementation_name"},
	{"os_name", "os_name"},
	{"extra", "extra"},
	{"extras", "extras"},
	{"dependency_groups", "dependency_groups"},
	{"implementation_version", "implementation_version"},
	{"platform_release", "platform_release"},
	{"platform_version", "platform_version"},
	// Spellings from before PEP 508.
	{"os.name", "os_name"},
	{"sys.platform", "sys_platform"},
	{"platform.version", "platform_version"},
	{"platform.machine", "platform_machine"},
	{"platform.python_implementation", "platform_python_implementation"},
	{"python_implementation", "platform_python_implementation"},
}

func (s *scanner) operand() (operand, *Error) {
	start := s.pos
	switch quote := s.next(); quote {
	case '\'', '"':
		n := strings.IndexByte(s.src[start+1:], quote)
		if n < 0 {
			return operand{}, s.fail(CodeLiteral, start)
		}
		text, ok := unquote(s.src[start+1 : start+1+n])
		if !ok {
			return operand{}, s.fail(CodeLiteral, start)
		}
		s.pos += n + 2
		return operand{text: text}, nil
	}
	for _, v := range variables {
		if s.word(v[0]) {
			return operand{text: v[1], variable: true}, nil
		}
	}
	if s.variants {
		for _, v := range variantVariables {
			if s.word(v) {
				return operand{text: v, variable: true}, nil
			}
		}
	}
	return operand{}, s.fail(CodeOperand, start)
}

// normalizeNames normalises names of extras and groups by PEP 503, as PEP 685 and
// PEP 735 require, if the comparison shows that they are such names.
func (t *term) normalizeNames() {
	switch {
	case t.left.isVariable("extra") && !t.right.variable:
		t.right.text = normalizeName(t.right.text)
	case t.left.variable:
	case t.right.isVariable("extra"), t.right.isVariable("extras"), t.right.isVariable("dependency_groups"):
		t.left.text = normalizeName(t.left.text)
	}
}

func (o *operand) isVariable(name string) bool { return o.variable && o.text == name }

// prepare reads the specifier that operator and right operand form, if the
// right operand does not depend on the environment.
func (t *term) prepare() {
	if t.left.variable && comparesVersions(t.left.text) {
		sp, err := pep440.ParseSpecifier(t.op + t.right.text)
		t.spec, t.hasSpec = sp, err == nil
	}
}

// comparesVersions reports whether the values of a variable are versions.
func comparesVersions(variable string) bool {
	switch variable {
	case "python_version", "python_full_version", "implementation_version", "platform_release":
		return true
	}
	return false
}
