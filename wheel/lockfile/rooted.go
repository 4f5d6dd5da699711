package lockfile

import (
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// rooted walks an old poetry.lock or pdm.lock from the requirements in pyproject.toml
// along the dependencies with true markers. As in uv.lock, a package is visited
// once, and once more for each of its extras that is asked for; in pdm.lock a
// package with extras has an entry of its own.
//
// Of several entries of a package, the newest is taken that is for the Python and
// that all needed dependencies allow. Which dependencies are needed may follow from
// that, so the walk is made again, a few times, until nothing changes.
type rooted struct {
	lock    *Lock
	env     *pep508.Environment
	sel     Selection
	byName  map[string][]int32
	chosen  map[string][]int32 // of byName, the entries that may be meant
	demands map[string][]string
	limits  map[string][]string // demands of the walk before
	visited map[visit]bool
	queue   []visit
	states  []State
	blocked []edge // dependencies with a false marker
	unsure  map[string]Reason
	extras  map[int32]map[string][]*Dependency // see ofExtras
}

const (
	maxRounds  = 4   // walks
	maxDemands = 100 // versions that dependencies ask for, of one package
	maxEntries = 64  // entries of one package that are compared
)

// walkRooted decides on the packages of a lock file with requirements from
// pyproject.toml.
func (l *Lock) walkRooted(env *pep508.Environment, sel Selection) []Needed {
	byName := make(map[string][]int32, len(l.Packages))
	for i := range l.Packages {
		byName[l.Packages[i].Name] = append(byName[l.Packages[i].Name], int32(i))
	}
	extras := make(map[int32]map[string][]*Dependency)
	var w *rooted
	var limits map[string][]string
	for range maxRounds {
		w = &rooted{
			lock: l, env: env, sel: sel, byName: byName, limits: limits, chosen: make(map[string][]int32), demands: make(map[string][]string),
			visited: make(map[visit]bool), states: make([]State, len(l.Packages)), unsure: make(map[string]Reason), extras: extras,
		}
		w.walk()
		if sameDemands(w.demands, limits) {
			break
		}
		limits = w.demands
	}
	return w.needed()
}

func sameDemands(a, b map[string][]string) bool {
	for name, list := range a {
		if !slices.Equal(list, b[name]) {
			return false
		}
	}
	return len(a) == len(b)
}

// walk enters the wanted requirements and visits what they lead to.
func (w *rooted) walk() {
	for i := range w.lock.graph.roots {
		if d := &w.lock.graph.roots[i]; w.wants(d) {
			w.follow(edge{-1, d}, "")
		}
	}
	for len(w.queue) > 0 {
		v := w.queue[0]
		w.queue = w.queue[1:]
		p := &w.lock.Packages[v.index]
		if v.extra != "" { // the others are of the visit without an extra
			for _, d := range w.ofExtras(v.index)[v.extra] {
				w.follow(edge{v.index, d}, v.extra)
			}
			continue
		}
		for i := range p.Dependencies {
			w.follow(edge{v.index, &p.Dependencies[i]}, "")
		}
	}
}

// wants reports whether a requirement of the project is selected.
func (w *rooted) wants(d *Dependency) bool {
	switch {
	case d.Group != "" && d.Extra != "": // PDM: an extra is a group too
		return has(w.sel.Groups, d.Group) || has(w.sel.Extras, d.Extra)
	case d.Group != "":
		return has(w.sel.Groups, d.Group)
	case d.Extra != "":
		return has(w.sel.Extras, d.Extra)
	}
	return !w.sel.OnlyGroups
}

// ofExtras lists the dependencies of a package with a marker that asks for an extra,
// by that extra. Real markers name one; of more, the first few count.
func (w *rooted) ofExtras(index int32) map[string][]*Dependency {
	if list, ok := w.extras[index]; ok {
		return list
	}
	list := make(map[string][]*Dependency)
	deps := w.lock.Packages[index].Dependencies
	for i := range deps {
		tried := 0
		for variable, name := range deps[i].Marker.Comparisons() {
			if tried == maxTried {
				break
			}
			if variable == "extra" {
				tried++
				name = wheel.NormalizeName(name)
				list[name] = append(list[name], &deps[i])
			}
		}
	}
	w.extras[index] = list
	return list
}

// follow enters a dependency if its marker is true, with an extra of its package or
// none.
func (w *rooted) follow(e edge, extra string) {
	env := *w.env
	env.Extra, env.Extras = "", nil
	if extra != "" {
		env.Extras = []string{extra}
	}
	holds, err := e.d.Marker.EvalIn(pep508.ExtraSet, &env)
	switch {
	case err != nil || e.d.markerBad:
		if _, ok := w.unsure[e.d.Name]; !ok {
			w.unsure[e.d.Name] = w.reason(ReasonNoAnswer, e)
		}
		return
	case !holds || !e.d.python.allowsIn(w.env):
		w.blocked = append(w.blocked, e)
		return
	}
	if text := e.d.versions; text != "" && len(w.byName[e.d.Name]) > 1 {
		if list := w.demands[e.d.Name]; len(list) < maxDemands && !slices.Contains(list, text) {
			w.demands[e.d.Name] = append(list, text)
		}
	}
	for _, i := range w.choose(e.d) {
		w.push(visit{i, ""})
		if !w.lock.rules().extrasAreEntries {
			for _, extra := range e.d.Extras {
				w.push(visit{i, extra})
			}
		}
	}
}

func (w *rooted) push(v visit) {
	if !w.visited[v] {
		w.visited[v] = true
		w.states[v.index] = Required
		w.queue = append(w.queue, v)
	}
}

// choose finds the entries that a dependency means: one, or none.
func (w *rooted) choose(d *Dependency) []int32 {
	key, entries := d.Name, w.byName[d.Name]
	if w.lock.rules().extrasAreEntries {
		key += "[" + strings.Join(d.Extras, ",") + "]"
	}
	if list, ok := w.chosen[key]; ok {
		return list
	}
	if w.lock.rules().extrasAreEntries {
		entries = withExtras(w.lock, entries, d.Extras)
	}
	entries = w.forPython(entries)
	if len(entries) > 1 && len(entries) <= maxEntries {
		entries = []int32{w.newest(entries, w.limits[d.Name])}
	}
	w.chosen[key] = entries
	return entries
}

// withExtras returns the entries for exactly these extras, or else the one without.
func withExtras(l *Lock, entries []int32, extras []string) []int32 {
	wanted := sortedNames(slices.Clone(extras))
	var exact, plain []int32
	for _, i := range entries {
		switch have := sortedNames(slices.Clone(l.Packages[i].Extras)); {
		case slices.Equal(have, wanted):
			exact = append(exact, i)
		case len(have) == 0:
			plain = append(plain, i)
		}
	}
	if exact != nil {
		return exact
	}
	return plain
}

// forPython leaves out the entries for other Pythons, unless that leaves none.
func (w *rooted) forPython(entries []int32) []int32 {
	var fit []int32
	for _, i := range entries {
		if w.lock.Packages[i].RequiresPython.allowsIn(w.env) {
			fit = append(fit, i)
		}
	}
	if fit == nil {
		return entries
	}
	return fit
}

// newest is the entry with the highest version that all demands allow, or the
// highest of all if none is allowed.
func (w *rooted) newest(entries []int32, demands []string) int32 {
	var sets []PythonRange
	for _, text := range demands {
		if r, err := parsePoetryRange(text); err == nil {
			sets = append(sets, r)
		}
	}
	best, bestAllowed := entries[0], false
	var bestVersion pep440.Version
	for at, i := range entries {
		text := w.lock.Packages[i].Version
		v, err := pep440.Parse(text)
		if err != nil {
			continue
		}
		allowed := !slices.ContainsFunc(sets, func(r PythonRange) bool { return !r.Allows(text) })
		if at == 0 || allowed && !bestAllowed || allowed == bestAllowed && v.Compare(bestVersion) > 0 {
			best, bestAllowed, bestVersion = i, allowed, v
		}
	}
	return best
}

// reason describes a dependency. Poetry's key python is another part of its marker.
func (w *rooted) reason(code ReasonCode, e edge) Reason {
	r := Reason{Code: code, Marker: e.d.Marker.String(), Line: e.d.Line}
	if !e.d.python.IsZero() {
		r.Marker = strings.TrimPrefix(r.Marker+" and python "+e.d.python.String(), " and ")
	}
	if e.from >= 0 {
		r.By = w.lock.Packages[e.from].Name
	}
	return r
}

// needed gives every package its state and reason.
func (w *rooted) needed() []Needed {
	reasons := make(map[string]Reason) // by name
	for i := range w.lock.graph.roots {
		if d := &w.lock.graph.roots[i]; !w.wants(d) {
			r := Reason{Code: ReasonUnreachable, Line: d.Line}
			switch {
			case d.Extra != "":
				r = Reason{Code: ReasonExtra, Extra: d.Extra, Line: d.Line}
			case d.Group != "":
				r = Reason{Code: ReasonGroup, Group: d.Group, Line: d.Line}
			}
			w.spread(reasons, d.Name, r)
		}
	}
	for _, e := range w.blocked {
		w.spread(reasons, e.d.Name, w.reason(ReasonMarker, e))
	}
	doubts := make(map[string]Reason)
	for _, name := range slices.Sorted(maps.Keys(w.unsure)) {
		w.spread(doubts, name, w.unsure[name])
	}
	list := make([]Needed, len(w.lock.Packages))
	for i := range list {
		p := &w.lock.Packages[i]
		n := Needed{Package: p, State: w.states[i]}
		switch doubt, unsure := doubts[p.Name]; {
		case n.State == Required && w.lock.rules().skipsPython && !p.RequiresPython.allowsIn(w.env):
			n.State, n.Reason = Excluded, Reason{Code: ReasonRequiresPython}
		case n.State == Required:
		case unsure:
			n.State, n.Reason = Unknown, doubt
			n.Reason.Code = ReasonNoAnswer
		default:
			n.State, n.Reason = Excluded, reasons[p.Name]
			if n.Reason.Code == "" {
				n.Reason = Reason{Code: ReasonUnreachable}
			}
		}
		list[i] = n
	}
	return list
}

// spread gives a reason to a package and what it depends on, whatever the markers,
// as far as they have none.
func (w *rooted) spread(reasons map[string]Reason, name string, r Reason) {
	queue := []string{name}
	for len(queue) > 0 {
		name := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if _, ok := reasons[name]; ok {
			continue
		}
		reasons[name] = r
		for _, i := range w.byName[name] {
			for j := range w.lock.Packages[i].Dependencies {
				queue = append(queue, w.lock.Packages[i].Dependencies[j].Name)
			}
		}
	}
}
