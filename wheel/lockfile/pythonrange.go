package lockfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// PythonRange is the set of Python versions that a project or package is for.
// The zero PythonRange has every version. Poetry's notation, with ^ and ||, is
// only accepted in its own lock files.
type PythonRange struct {
	text string
	any  []pep440.SpecifierSet // one of them must hold; empty for every version
}

// String returns the range as written.
func (p PythonRange) String() string { return p.text }

// IsZero reports whether no range was written.
func (p PythonRange) IsZero() bool { return p.text == "" && len(p.any) == 0 }

// Allows reports whether a Python version, such as "3.11.4", is in the range.
// A text that is no version is in none but the zero range.
func (p PythonRange) Allows(version string) bool {
	if strings.HasSuffix(version, "+") { // Python built from a checkout
		version += "local"
	}
	for _, set := range p.any {
		if set.ContainsString(version, pep440.PrereleasesDefault) {
			return true
		}
	}
	return len(p.any) == 0
}

// allowsIn reports whether the Python of an environment is in the range, or, where
// its patch release is only assumed, any patch release of it.
func (p PythonRange) allowsIn(env *pep508.Environment) bool {
	before, after, _ := strings.Cut(env.PythonVersion, ".")
	major, err := strconv.Atoi(before)
	minor, err2 := strconv.Atoi(after)
	if !env.AnyPatch || err != nil || err2 != nil || len(p.any) == 0 {
		return p.Allows(env.PythonFullVersion)
	}
	return slices.ContainsFunc(p.any, func(set pep440.SpecifierSet) bool { return set.AllowsPython(major, minor, -1) })
}

// parsePythonRange reads a Requires-Python value.
func parsePythonRange(text string) (PythonRange, error) {
	set, err := pep440.ParseSpecifierSet(text)
	if err != nil {
		return PythonRange{}, err
	}
	if set.Len() == 0 {
		return PythonRange{text: text}, nil
	}
	return PythonRange{text, []pep440.SpecifierSet{set}}, nil
}

// parsePoetryRange reads a version constraint of Poetry: alternatives separated
// by |, each a list of specifiers separated by commas or blanks, with ^ and ~
// for upper bounds, and a bare version for equality.
func parsePoetryRange(text string) (PythonRange, error) {
	r := PythonRange{text: text}
	for alternative := range strings.SplitSeq(strings.ReplaceAll(text, "||", "|"), "|") {
		set, err := poetrySet(alternative)
		if err != nil {
			return PythonRange{}, err
		}
		if set.Len() == 0 {
			return PythonRange{text: text}, nil // every version, whatever the others say
		}
		r.any = append(r.any, set)
	}
	return r, nil
}

// poetrySet reads one alternative and writes it in the terms of PEP 440.
func poetrySet(text string) (pep440.SpecifierSet, error) {
	var b strings.Builder
	operator := ""
	for token := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
		n := len(token) - len(strings.TrimLeft(token, "<>=!~^"))
		op, version := operator+token[:n], token[n:]
		if operator = op; version == "" {
			continue // the version follows after a blank
		}
		operator = ""
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		switch {
		case version == "*" && op == "":
			continue
		case op == "^", op == "~":
			lower, upper := poetryBounds(version, op == "^")
			b.WriteString(">=" + lower + ",<" + upper)
		case op == "", op == "=":
			b.WriteString("==" + version)
		default:
			b.WriteString(op + version)
		}
	}
	b.WriteString(operator) // an operator without a version is an error
	return pep440.ParseSpecifierSet(b.String())
}

// poetryBounds returns the bounds that ^ or ~ set: ^ raises the leftmost number
// that is not zero, ~ the second number, or the only one. The upper bound is "" if
// that is not a number.
func poetryBounds(version string, caret bool) (lower, upper string) {
	parts := strings.Split(version, ".")
	raise := min(1, len(parts)-1)
	if caret {
		raise = 0
		for raise < len(parts)-1 && strings.Trim(parts[raise], "0") == "" {
			raise++
		}
	}
	n, err := strconv.Atoi(parts[raise])
	if err != nil {
		return version, ""
	}
	return version, strings.Join(append(parts[:raise:raise], strconv.Itoa(n+1)), ".")
}
