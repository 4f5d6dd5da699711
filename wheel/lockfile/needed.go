package lockfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// Selection says what of a project is wanted. The zero Selection is the project
// with the dependencies that it always has.
//
// Which groups a tool installs without being asked stands in pyproject.toml, so
// it is not in the lock file, but for pylock.toml: there, the default groups are
// part of the zero Selection. uv and Poetry add a group named dev if there is
// one; name it in Groups to get the same.
type Selection struct {
	Extras []string
	Groups []string
	// OnlyGroups leaves out what the zero Selection has.
	OnlyGroups bool
}

// State says whether a package is needed.
type State string

// The states. Who looks for holes treats Unknown like Required.
const (
	Required State = "required"
	Excluded State = "excluded"
	Unknown  State = "unknown"
)

// ReasonCode is a stable name for the reason of a state.
type ReasonCode string

// The reasons.
const (
	ReasonMarker         ReasonCode = "marker"          // a marker that does not hold
	ReasonExtra          ReasonCode = "extra"           // needed for an extra that was not chosen
	ReasonGroup          ReasonCode = "group"           // needed for a group that was not chosen
	ReasonUnreachable    ReasonCode = "unreachable"     // nothing that is needed depends on it
	ReasonRequiresPython ReasonCode = "requires-python" // the package is not for that Python
	ReasonNoRoots        ReasonCode = "no-roots"        // the file does not say what the project itself needs
	ReasonNoAnswer       ReasonCode = "no-answer"       // a marker that cannot be read or evaluated
	ReasonConflict       ReasonCode = "conflict"        // two versions of the package are needed
)

// Reason explains a state.
type Reason struct {
	Code   ReasonCode // empty for a required package that needs no explanation
	Marker string
	Extra  string
	Group  string
	By     string // the package whose dependency it is about; empty for the project
	Line   int    // of that dependency, or of the other package of a conflict
}

// String gives the reason in words.
func (r Reason) String() string {
	by, of := "", ""
	if r.By != "" {
		by, of = " of a dependency of "+r.By, " of "+r.By
	}
	switch r.Code {
	case ReasonMarker:
		return "the marker" + by + " does not hold: " + r.Marker
	case ReasonExtra:
		return "not reachable without the extra " + r.Extra + of
	case ReasonGroup:
		return "not reachable without the group " + r.Group
	case ReasonUnreachable:
		return "nothing that is needed depends on it"
	case ReasonRequiresPython:
		return "needed, but the package is not for this Python"
	case ReasonNoRoots:
		return "the lock file does not say what the project itself needs"
	case ReasonNoAnswer:
		return "a marker" + by + " has no answer: " + r.Marker
	case ReasonConflict:
		return "another version of the package is needed, too, see line " + strconv.Itoa(r.Line)
	}
	return ""
}

// Needed says of a package whether the environment needs it.
type Needed struct {
	Package *Package // of Lock.Packages
	State   State
	Reason  Reason
}

// Needed says of each package, in the order of the file, whether the selected
// part of the project needs it in the environment. The error is an [*Error]: the
// file is not for the environment, or has no such extra or group.
//
// A file that locks the requirements of a project without recording them leaves
// the state of most packages unknown: poetry.lock before lock-version 2.1, and
// pdm.lock without the strategy inherit_metadata.
//
// A required package that is not for the Python of the environment has the
// reason requires-python: no installer can satisfy that.
func (l *Lock) Needed(env *pep508.Environment, sel Selection) ([]Needed, error) {
	sel = Selection{normalized(sel.Extras), normalized(sel.Groups), sel.OnlyGroups} // sorted, for has
	if err := l.checkSelection(sel); err != nil {
		return nil, err
	}
	if err := l.checkEnvironment(env); err != nil {
		return nil, err
	}
	var needed []Needed
	switch {
	case l.Format == UV:
		needed = l.walk(env, sel)
	case !l.inherits && l.Format != Requirements:
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

// maxChosen bounds a selection, as each marker may ask for each of its names.
const maxChosen = 2000

// checkSelection finds names that the file does not have.
func (l *Lock) checkSelection(sel Selection) error {
	if n := len(sel.Extras) + len(sel.Groups); n > maxChosen {
		return &Error{Code: CodeSelection, File: l.File, Detail: strconv.Itoa(n) + " extras and groups are selected; select at most " + strconv.Itoa(maxChosen)}
	}
	extras := l.Extras
	if l.Format == PDM { // where extras are groups
		extras = l.Groups
	}
	for _, c := range [...]struct {
		what         string
		chosen, have []string
	}{{"extra", sel.Extras, extras}, {"group", sel.Groups, l.Groups}} {
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
	return l.checkConflicts(sel)
}

// checkEnvironment holds the environment against what the file was made for.
func (l *Lock) checkEnvironment(env *pep508.Environment) error {
	python := env.PythonFullVersion
	if l.Format == UV { // for which a pre-release counts as its release
		if v, err := pep440.Parse(strings.TrimSuffix(python, "+")); err == nil {
			python = strings.Join(slices.Collect(v.Release()), ".")
		}
	}
	if !l.RequiresPython.Allows(python) {
		return &Error{Code: CodeRequiresPython, File: l.File, Detail: "the file is for Python " + l.RequiresPython.String() + ", not " + strconv.Quote(env.PythonFullVersion)}
	}
	if !holdsAny(l.Environments, pep508.Other, env) {
		return &Error{Code: CodeEnvironment, File: l.File, Detail: "the file is for environments in which this one is not"}
	}
	return nil
}

// judge decides on a package that says itself who needs it.
func (l *Lock) judge(p *Package, env *pep508.Environment, sel Selection) Needed {
	if l.Format == Pylock || l.Format == Requirements {
		return l.judgeMarker(p, p.Marker, env, sel)
	}
	best := Needed{Package: p, State: Excluded}
	if len(p.Groups) > 0 {
		best.Reason = Reason{Code: ReasonGroup, Group: p.Groups[0]}
	}
	for _, group := range p.Groups {
		if !l.groupChosen(group, sel) {
			continue
		}
		m, ok := p.groupMarkers[group]
		if !ok {
			m = p.Marker
		}
		n := l.judgeMarker(p, m, env, sel)
		if n.State == Required || best.State == Excluded {
			best = n
		}
	}
	if len(p.Groups) == 0 {
		best = l.judgeMarker(p, p.Marker, env, sel)
	}
	return best
}

// groupChosen reports whether a group of Poetry or PDM is selected. Both have one
// for what is always needed, and PDM has extras as groups.
func (l *Lock) groupChosen(group string, sel Selection) bool {
	always := map[Format]string{Poetry: "main", PDM: "default"}[l.Format]
	return group == always && !sel.OnlyGroups || has(sel.Groups, group) || l.Format == PDM && has(sel.Extras, group)
}

// judgeMarker decides by a marker, in the reading of the format.
func (l *Lock) judgeMarker(p *Package, m pep508.Marker, env *pep508.Environment, sel Selection) Needed {
	e, ctx := *env, pep508.Metadata
	e.Extra, e.Extras, e.Groups = "", sel.Extras, sel.Groups
	switch l.Format {
	case Pylock:
		ctx = pep508.LockFile
		if !sel.OnlyGroups {
			e.Groups = append(e.Groups[:len(e.Groups):len(e.Groups)], l.DefaultGroups...)
		}
	case Poetry:
		ctx = pep508.ExtraSet
	}
	holds, err := m.EvalIn(ctx, &e)
	switch {
	case err != nil || p.markerBad:
		return Needed{p, Unknown, Reason{Code: ReasonNoAnswer, Marker: m.String(), Line: p.Line}}
	case holds:
		return Needed{Package: p, State: Required}
	}
	return Needed{p, Excluded, l.whyNot(m, &e, ctx)}
}

// maxTried bounds how many names of a marker whyNot tries.
const maxTried = 10

// whyNot finds out whether a marker fails for want of an extra or a group that
// it names.
func (l *Lock) whyNot(m pep508.Marker, env *pep508.Environment, ctx pep508.Context) Reason {
	tried := 0
	for variable, name := range m.Comparisons() {
		e, r := *env, Reason{Marker: m.String()}
		switch variable {
		case "extra", "extras":
			r.Code, r.Extra = ReasonExtra, name
			e.Extras = append(e.Extras[:len(e.Extras):len(e.Extras)], name)
		case "dependency_groups":
			r.Code, r.Group = ReasonGroup, name
			e.Groups = append(e.Groups[:len(e.Groups):len(e.Groups)], name)
		default:
			continue
		}
		if tried++; tried > maxTried {
			break
		}
		if holds, err := m.EvalIn(ctx, &e); holds && err == nil {
			return r
		}
	}
	return Reason{Code: ReasonMarker, Marker: m.String()}
}

// review finds what each package alone cannot tell: a Python that a package is
// not for, and two versions of one package.
func (l *Lock) review(needed []Needed, env *pep508.Environment) {
	first := make(map[string]int)
	for i := range needed {
		n := &needed[i]
		if n.State != Required {
			continue
		}
		if !n.Package.RequiresPython.Allows(env.PythonFullVersion) {
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
		if !sameVersion(n.Package.Version, other.Package.Version) {
			n.State, n.Reason = Unknown, Reason{Code: ReasonConflict, Line: other.Package.Line}
			other.State, other.Reason = Unknown, Reason{Code: ReasonConflict, Line: n.Package.Line}
		}
	}
}

// holdsAny reports whether one of some markers holds; without any it does. A
// marker without an answer counts as holding.
func holdsAny(markers []pep508.Marker, ctx pep508.Context, env *pep508.Environment) bool {
	for _, m := range markers {
		if holds, err := m.EvalIn(ctx, env); holds || err != nil {
			return true
		}
	}
	return len(markers) == 0
}
