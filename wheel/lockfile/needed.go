package lockfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// Needed reports for each package, in the order of the file, whether the selected
// part of the project needs it in the environment. The error is an [*Error]: the
// file is not for the environment, or has no such extra or group.
//
// Some files do not record the requirements of the project: poetry.lock before
// lock-version 2.1, and pdm.lock without the strategy inherit_metadata. Without
// pyproject.toml next to them the state of a package is unknown unless only false
// markers lead to it.
//
// A required package that is not for the Python of the environment has the
// reason requires-python: no installer can satisfy that.
func (l *Lock) Needed(env *pep508.Environment, sel Selection) ([]Needed, error) {
	sel.Extras, sel.Groups, sel.Packages = normalized(sel.Extras), normalized(sel.Groups), normalized(sel.Packages) // sorted, for has
	if err := l.checkSelection(sel); err != nil {
		return nil, err
	}
	if !sel.OnlyGroups && !sel.NoDefaultGroups {
		sel.Groups = sortedNames(append(sel.Groups, l.defaultGroups(sel)...))
	}
	if err := l.checkConflicts(sel); err != nil {
		return nil, err
	}
	if err := l.checkEnvironment(env, sel); err != nil {
		return nil, err
	}
	var needed []Needed
	switch {
	case l.rules().graph:
		needed = l.walk(env, sel)
	case l.rooted:
		needed = l.walkRooted(env, sel)
	case !l.inherits:
		needed = l.rootless(env, sel)
	default:
		needed = make([]Needed, len(l.Packages))
		for i := range l.Packages {
			needed[i] = l.judge(&l.Packages[i], env, sel)
		}
	}
	l.review(needed, env)
	return needed, nil
}

// normalized returns sorted names in normal form.
func normalized(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = wheel.NormalizeName(name)
	}
	return sortedNames(out)
}

// has reports whether sorted names have one.
func has(names []string, name string) bool {
	_, found := slices.BinarySearch(names, name)
	return found
}

// maxChosen limits a selection, default groups included, because each marker may
// ask for each of its names.
const maxChosen = 2000

// checkSelection finds names that the file does not have.
func (l *Lock) checkSelection(sel Selection) error {
	n := len(sel.Extras) + len(sel.Groups) + len(sel.Packages)
	if !sel.OnlyGroups && !sel.NoDefaultGroups {
		n += len(l.defaultGroups(sel))
	}
	if n > maxChosen {
		return &Error{Code: CodeSelection, File: l.File, Detail: strconv.Itoa(n) + " extras and groups are selected; select at most " + strconv.Itoa(maxChosen)}
	}
	extras := l.Extras
	if l.rules().extrasAreGroups {
		extras = l.Groups
	}
	for _, c := range [...]struct {
		what         string
		chosen, have []string
	}{{"extra", sel.Extras, extras}, {"group", sel.Groups, l.Groups}, {"workspace member", sel.Packages, l.members()}} {
		for _, name := range c.chosen {
			if !has(c.have, name) {
				have := strings.Join(c.have, ", ")
				if have == "" {
					have = "none"
				}
				return &Error{Code: CodeSelection, File: l.File, Detail: "there is no " + c.what + " " + strconv.Quote(name) + "; the file has " + have}
			}
		}
	}
	return nil
}

// checkEnvironment checks that the file was made for the environment, or one of the
// alternatives that are selected.
func (l *Lock) checkEnvironment(env *pep508.Environment, sel Selection) error {
	if !l.rules().alternatives {
		return l.checkMadeFor(l.RequiresPython, l.Environments, env)
	}
	chosen := l.chosenAlternatives(sel)
	for _, name := range chosen {
		one := l.alternatives[name]
		if err := l.checkMadeFor(one.python, one.environments, env); err != nil {
			return err
		}
	}
	if len(chosen) == 0 || chosen[0] == l.rules().always && !slices.Contains(l.Groups, chosen[0]) {
		return &Error{Code: CodeSelection, File: l.File, Detail: "there is no environment " + l.rules().always + "; select one as a group: " + strings.Join(l.Groups, ", ")}
	}
	return nil
}

// PythonFor returns which Pythons the selected part of the project is for. It is
// RequiresPython, except for pixi.lock, in which each environment has a Python.
func (l *Lock) PythonFor(sel Selection) PythonRange {
	for _, name := range l.chosenAlternatives(sel) {
		if one, ok := l.alternatives[wheel.NormalizeName(name)]; ok {
			return one.python
		}
	}
	return l.RequiresPython
}

// chosenAlternatives are the groups that are installed where they exclude each other.
func (l *Lock) chosenAlternatives(sel Selection) []string {
	if len(sel.Groups) == 0 && !sel.OnlyGroups {
		return []string{l.rules().always}
	}
	return sel.Groups
}

func (l *Lock) checkMadeFor(requires PythonRange, environments []pep508.Marker, env *pep508.Environment) error {
	python := *env
	if l.rules().plainPython {
		if v, err := pep440.Parse(strings.TrimSuffix(env.PythonFullVersion, "+")); err == nil {
			python.PythonFullVersion = strings.Join(slices.Collect(v.Release()), ".")
		}
	}
	if !requires.allowsIn(&python) {
		have := env.PythonFullVersion
		if env.AnyPatch {
			have = env.PythonVersion
		}
		return &Error{Code: CodeRequiresPython, File: l.File, Detail: "the file is for Python " + clip(requires.String()) + ", not " + strconv.Quote(have)}
	}
	if !holdsAny(environments, pep508.Other, env) {
		return &Error{Code: CodeEnvironment, File: l.File, Detail: "the file is not for this environment"}
	}
	return nil
}

// review finds what is wrong with needed packages: a Python that a package is not
// for, and two entries of one package. PEP 751 forbids that even for one
// version; PDM has an entry for each extra, and requirements may repeat.
func (l *Lock) review(needed []Needed, env *pep508.Environment) {
	first := make(map[string]int)
	for i := range needed {
		n := &needed[i]
		if n.State != Required {
			continue
		}
		if !n.Package.RequiresPython.allowsIn(env) {
			n.Reason = Reason{Code: ReasonRequiresPython}
		}
		if n.Package.Version == "" || n.Package.Name == "" {
			continue
		}
		j, ok := first[n.Package.Name]
		if !ok {
			first[n.Package.Name] = i
			continue
		}
		other := &needed[j]
		if l.rules().oneEntry || !sameVersion(n.Package.Version, other.Package.Version) {
			n.State, n.Reason = Unknown, Reason{Code: ReasonConflict, File: other.Package.File, Line: other.Package.Line}
			other.State, other.Reason = Unknown, Reason{Code: ReasonConflict, File: n.Package.File, Line: n.Package.Line}
		}
	}
}

// holdsAny reports whether one of some markers is true, or there are none. A
// marker that cannot be evaluated counts as true.
func holdsAny(markers []pep508.Marker, ctx pep508.Context, env *pep508.Environment) bool {
	for _, m := range markers {
		if holds, err := m.EvalIn(ctx, env); holds || err != nil {
			return true
		}
	}
	return len(markers) == 0
}
