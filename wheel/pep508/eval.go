package pep508

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Eval reports whether the marker of a requirement in package metadata is true in
// env. The error is an [*EvalError]: the marker has a comparison without
// meaning, or uses a variable that metadata does not have. env is only read.
func (m Marker) Eval(env *Environment) (bool, error) { return m.EvalIn(Metadata, env) }

// EvalIn is Eval for a marker of another document.
func (m Marker) EvalIn(ctx Context, env *Environment) (bool, error) {
	if m.root == nil {
		return true, nil
	}
	ev := evaluation{ctx: ctx, env: env, extras: nameSet{names: env.Extras, normal: normalizeName}, groups: nameSet{names: env.Groups, normal: normalizeName}}
	return m.root.eval(&ev)
}

// evaluation is one run through a marker.
type evaluation struct {
	ctx            Context
	env            *Environment
	extras, groups nameSet
}

// eval evaluates every term even if the result is known, so that a comparison
// without meaning is an error in each environment and not only in some.
func (c *chain) eval(ev *evaluation) (bool, error) {
	any, all := false, true
	for i := range c.terms {
		t := &c.terms[i]
		if t.or {
			any, all = any || all, true
		}
		holds, err := t.eval(ev)
		if err != nil {
			return false, err
		}
		all = all && holds
	}
	return any || all, nil
}

func (t *term) eval(ev *evaluation) (bool, error) {
	if t.group != nil {
		return t.group.eval(ev)
	}
	name := t.variable()
	v, ok := ev.lookup(name)
	if !ok {
		return false, &EvalError{Code: CodeVariable, Term: t.String(), Name: name}
	}
	left, right := t.left.text, value{text: t.right.text}
	if ev.ctx == ExtraSet && v.set != nil {
		return t.member(v)
	}
	if t.left.variable {
		if v.set != nil {
			return false, &EvalError{Code: CodeComparison, Term: t.String(), Name: name}
		}
		left = v.text
	} else {
		right = v
	}
	if comparesVersions(name) {
		if holds, ok := t.versions(left, right.text); ok {
			return holds, nil
		}
	}
	holds, ok := compare(left, t.op, right)
	if !ok {
		return false, &EvalError{Code: CodeComparison, Term: t.String(), Name: name}
	}
	return holds, nil
}

// member compares the set that extra is in some lock files with a name.
func (t *term) member(set value) (bool, error) {
	name := t.left.text
	if t.left.variable {
		name = t.right.text
	}
	if t.op != "==" && t.op != "!=" {
		return false, &EvalError{Code: CodeComparison, Term: t.String(), Name: "extra"}
	}
	return set.set.has(name) == (t.op == "=="), nil
}

// versions compares by version number; ok is false if operator and right-hand
// side are not a specifier. A left-hand side that is not a version satisfies only
// ===, which compares text.
func (t *term) versions(left, right string) (holds, ok bool) {
	sp := t.spec
	if !t.left.variable {
		var err error
		if sp, err = pep440.ParseSpecifier(t.op + right); err != nil {
			return false, false
		}
	} else if !t.hasSpec {
		return false, false
	}
	if sp.Operator() == pep440.OpArbitrary {
		return pystr.Lower(left) == pystr.Lower(sp.VersionText()), true
	}
	v, err := pep440.Parse(left)
	return err == nil && sp.Contains(v, pep440.PrereleasesAllowed), true
}

// compare compares everything that is not a version. The ordering operators only
// test equality, and a text never equals a set.
func compare(left, op string, right value) (holds, ok bool) {
	equal := right.set == nil && left == right.text
	switch op {
	case "in":
		return contains(right, left), true
	case "not in":
		return !contains(right, left), true
	case "==", "<=", ">=":
		return equal, true
	case "!=":
		return !equal, true
	case "<", ">":
		return false, true
	}
	return false, false
}

func contains(in value, name string) bool {
	if in.set == nil {
		return strings.Contains(in.text, name)
	}
	return in.set.has(name)
}

// nameSet is a set of names in any form.
type nameSet struct {
	names  []string
	normal func(string) string // the form in which names are compared
	asked  int
	index  map[string]bool // of normalised names, for markers that use it often
}

// A marker that compares more than a few times with more than a few names uses an
// index.
const few = 16

func (s *nameSet) has(name string) bool {
	name = s.normal(name)
	if s.asked++; s.asked <= few || len(s.names) <= few {
		return slices.ContainsFunc(s.names, func(n string) bool { return s.normal(n) == name })
	}
	if s.index == nil {
		s.index = make(map[string]bool, len(s.names))
		for _, n := range s.names {
			s.index[s.normal(n)] = true
		}
	}
	return s.index[name]
}
