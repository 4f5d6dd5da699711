package pep508

import (
	"iter"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Marker is a parsed environment marker. The zero Marker means "no marker" and is
// true everywhere. A Marker is immutable and safe for concurrent
// use.
type Marker struct{ root *chain }

// chain is a list of terms joined by "and" and "or". As "and" binds tighter, it
// is a list of alternatives; each term knows whether it begins one.
type chain struct{ terms []term }

// term is a comparison, or a chain in parentheses.
type term struct {
	or          bool // joined to the term before by "or"
	group       *chain
	left, right operand
	op          string
	spec        pep440.Specifier // op and right, if they are a fixed specifier
	hasSpec     bool
}

// operand is a variable or a quoted text.
type operand struct {
	text     string // the text, or the variable's name in normal form
	variable bool
}

// IsZero reports whether m is the zero Marker, which parsing never returns.
func (m Marker) IsZero() bool { return m.root == nil }

// String writes the marker in normal form: double quotes where possible, names
// of extras normalised, old names of variables replaced, one space between
// tokens, no parentheses around single comparisons. The zero Marker is the empty
// string. Two markers are equal to the reference if their strings are.
func (m Marker) String() string {
	if m.root == nil {
		return ""
	}
	var b strings.Builder
	m.root.write(&b, false)
	return b.String()
}

func (c *chain) write(b *strings.Builder, nested bool) {
	for len(c.terms) == 1 && c.terms[0].group != nil {
		c = c.terms[0].group // parentheses around parentheses
	}
	nested = nested && len(c.terms) > 1
	if nested {
		b.WriteByte('(')
	}
	for i := range c.terms {
		t := &c.terms[i]
		switch {
		case i == 0:
		case t.or:
			b.WriteString(" or ")
		default:
			b.WriteString(" and ")
		}
		if t.group != nil {
			t.group.write(b, true)
			continue
		}
		t.write(b)
	}
	if nested {
		b.WriteByte(')')
	}
}

func (t *term) write(b *strings.Builder) {
	t.left.write(b)
	b.WriteString(" " + t.op + " ")
	t.right.write(b)
}

func (t *term) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

// write writes the text unchanged, between quotes that it does not contain.
// Backslashes stay single, as in the reference, so that the string form of a
// text with backslashes may not parse back to the same text.
func (o *operand) write(b *strings.Builder) {
	quote := `"`
	switch {
	case o.variable:
		quote = ""
	case !strings.Contains(o.text, `"`):
	case !strings.Contains(o.text, "'"):
		quote = "'"
	default:
		b.WriteString(`"` + strings.ReplaceAll(o.text, `"`, `\x22`) + `"`)
		return
	}
	b.WriteString(quote + o.text + quote)
}

// Comparisons yields the variables of the marker in order, each with the text that
// it is compared with. Callers can find out whether an unknown value matters, and
// which extras a marker names.
func (m Marker) Comparisons() iter.Seq2[string, string] {
	return func(yield func(variable, text string) bool) {
		if m.root != nil {
			m.root.comparisons(yield)
		}
	}
}

func (c *chain) comparisons(yield func(variable, text string) bool) bool {
	for i := range c.terms {
		t := &c.terms[i]
		switch {
		case t.group != nil:
			if !t.group.comparisons(yield) {
				return false
			}
		case t.left.variable:
			if !yield(t.left.text, t.right.text) {
				return false
			}
		default:
			if !yield(t.right.text, t.left.text) {
				return false
			}
		}
	}
	return true
}

// variable names the variable of the comparison: the left operand if it is a
// variable, else the right one, even if that is a text. In 'a' == 'os_name' the
// text on the right is thus a variable, as in the reference.
func (t *term) variable() string {
	if t.left.variable {
		return t.left.text
	}
	return t.right.text
}
