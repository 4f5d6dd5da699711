package pep440

import "strings"

// Operator is the comparison of a [Specifier], spelled as in its text.
type Operator string

// The operators of PEP 440.
const (
	OpCompatible   Operator = "~="
	OpEqual        Operator = "=="
	OpNotEqual     Operator = "!="
	OpLessEqual    Operator = "<="
	OpGreaterEqual Operator = ">="
	OpLess         Operator = "<"
	OpGreater      Operator = ">"
	OpArbitrary    Operator = "===" // compares text, see [Specifier.Contains]
)

// Specifier is one condition on a version, such as ">=1.2" or "==2.*". The
// zero Specifier is satisfied by no version.
type Specifier struct {
	op       Operator
	text     string // the version as written
	wildcard bool   // text ends in ".*"; version is what comes before
	version  Version
}

// ParseSpecifier reads a single specifier. White space around it and between
// operator and version is ignored. The error, if any, is an [*Error].
func ParseSpecifier(s string) (Specifier, error) {
	var sp Specifier
	f := checkLength(len(s))
	if f.reason == "" {
		lo, hi := trimmed(s)
		f = scanSpecifier(s, lo, hi, &sp)
	}
	if f.reason != "" {
		return Specifier{}, f.specifierError(s)
	}
	return sp, nil
}

// Operator returns the comparison operator.
func (sp Specifier) Operator() Operator { return sp.op }

// VersionText returns what follows the operator, as written: a version, a
// version prefix ending in ".*", or, after ===, almost anything.
func (sp Specifier) VersionText() string { return sp.text }

// String returns operator and version as written, without white space.
func (sp Specifier) String() string { return string(sp.op) + sp.text }

// scanSpecifier reads s[lo:hi], which has no white space around it.
func scanSpecifier(s string, lo, hi int, sp *Specifier) fault {
	if lo == hi {
		return fault{ReasonEmpty, lo}
	}
	sp.op = operatorOf(s[lo:hi])
	if sp.op == "" {
		return fault{ReasonOperator, lo}
	}
	start := lo + len(sp.op)
	skip, _ := trimmed(s[start:hi])
	start += skip
	sp.text = s[start:hi]
	if len(sp.text) > MaxLength {
		return fault{ReasonTooLong, start}
	}
	if sp.op == OpArbitrary {
		return scanArbitrary(s, start, hi, sp)
	}
	if (sp.op == OpEqual || sp.op == OpNotEqual) && strings.HasSuffix(sp.text, ".*") {
		sp.wildcard = true
		hi -= len(".*")
	}
	f := scanRange(s, start, hi, &sp.version)
	if f.reason == ReasonEmpty {
		f.reason = ReasonRelease // the specifier is not empty, its version is
	}
	if f.reason != "" {
		return f
	}
	return checkOperand(sp, hi)
}

// checkOperand checks what an operator requires in addition to a valid version,
// which ends at hi.
func checkOperand(sp *Specifier, hi int) fault {
	v := &sp.version
	switch {
	case sp.wildcard && int(v.release.hi) != hi:
		return fault{ReasonWildcard, hi}
	case v.local.hi != 0 && sp.op != OpEqual && sp.op != OpNotEqual:
		return fault{ReasonNoLocal, int(v.local.lo) - 1}
	case sp.op == OpCompatible && !strings.Contains(v.text(v.release), "."):
		return fault{ReasonShort, int(v.release.lo)}
	}
	return fault{}
}

// scanArbitrary reads the text after ===. White space, the semicolon and the
// closing parenthesis end a specifier in requirement lines, so they are not
// allowed inside; anything else is, also empty text.
func scanArbitrary(s string, start, hi int, sp *Specifier) fault {
	for i := start; i < hi; i++ {
		if spaceAt(s, i) > 0 {
			return fault{ReasonSpace, i}
		}
		if s[i] == ';' || s[i] == ')' {
			return fault{ReasonCharacter, i}
		}
	}
	if f := scanRange(s, start, hi, &sp.version); f.reason != "" {
		sp.version = Version{}
	}
	return fault{}
}

// operatorOf returns the operator s starts with, or "". Longer operators are
// tried before those they begin with.
func operatorOf(s string) Operator {
	switch {
	case strings.HasPrefix(s, "==="):
		return OpArbitrary
	case len(s) >= 2 && s[1] == '=' && strings.IndexByte("~=!<>", s[0]) >= 0:
		return Operator(s[:2])
	case s[0] == '<' || s[0] == '>':
		return Operator(s[:1])
	}
	return ""
}

// mentionsPrerelease reports whether the specifier names a pre-release in a
// way that asks for pre-releases. != excludes one.
func (sp *Specifier) mentionsPrerelease() bool {
	return sp.op != OpNotEqual && !sp.wildcard && sp.version.IsPrerelease()
}

// canonical returns a key that is equal for specifiers that mean the same:
// the normal form, without trailing zeros except after ~=, where their number
// counts. Prefix matches and arbitrary text have no normal form.
func (sp *Specifier) canonical() string {
	key := append(make([]byte, 0, 64), sp.op...)
	switch {
	case sp.op == OpArbitrary || sp.wildcard:
		return string(append(key, sp.text...))
	case sp.op == OpCompatible:
		return string(sp.version.AppendString(key))
	}
	return string(sp.version.appendTrimmed(key))
}
