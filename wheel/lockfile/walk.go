package lockfile

import (
	"cmp"
	"slices"

	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// walker goes through uv.lock from the projects along the dependencies. It
// visits a package once, and once more for each of its extras that is asked for.
type walker struct {
	lock    *Lock
	env     *pep508.Environment // Extras are the active conflicting items
	sel     Selection
	visited map[visit]bool
	entered map[doubt]bool // dependencies that may mean several packages
	queue   []visit
	states  []State                       // by package; empty if not reached
	choices map[string][]int32            // packages for a dependency, by key
	offers  map[string]map[string][]int32 // see offering
	onExtra func(project, extra string)   // called for extras before their dependency is judged
	blocked []edge                        // dependencies with a false marker
	unsure  []edge                        // dependencies with a marker that cannot be evaluated
}

// visit is a package with one of its extras, or with none.
type visit struct {
	index int32
	extra string
}

// doubt is a key that may mean several packages, with one of the extras that a
// dependency asks for, or with none.
type doubt struct{ key, extra string }

// edge is a dependency of a package; from is -1 for those of the whole file.
type edge struct {
	from int32
	d    *Dependency
}

// newWalker prepares a walk through the lock.
func newWalker(l *Lock, env *pep508.Environment, sel Selection) *walker {
	return &walker{lock: l, env: env, sel: sel, visited: make(map[visit]bool), entered: make(map[doubt]bool), states: make([]State, len(l.Packages)), choices: make(map[string][]int32), offers: make(map[string]map[string][]int32)}
}

// walk decides on the packages of uv.lock.
func (l *Lock) walk(env *pep508.Environment, sel Selection) []Needed {
	e := *env
	e.Extras = l.activeItems(env, sel)
	w := newWalker(l, &e, sel)
	roots := w.start()
	w.run(Required)
	doubts := make(map[string]Reason)    // by name of what they are about
	for i := 0; i < len(w.unsure); i++ { // grows as more of them turn up
		d := w.unsure[i].d
		if _, ok := doubts[d.Name]; !ok {
			doubts[d.Name] = w.reason(ReasonNoAnswer, w.unsure[i])
		}
		w.enter(d)
		w.run(Unknown)
	}
	reasons := w.explain()
	needed := make([]Needed, len(l.Packages))
	for i := range needed {
		n := Needed{Package: &l.Packages[i], State: w.states[i]}
		switch {
		case !roots:
			n.State, n.Reason = Unknown, Reason{Code: ReasonNoRoots}
		case n.State == "":
			n.State, n.Reason = Excluded, reasons[i]
		case n.State == Unknown:
			n.Reason = doubts[n.Package.Name]
			n.Reason.Code = ReasonNoAnswer // also if only a package before it is in doubt
		}
		needed[i] = n
	}
	return needed
}

// start enters what the selection asks for. It reports whether the file has
// anything to start from.
func (w *walker) start() (roots bool) {
	for i := range w.lock.Packages {
		p := &w.lock.Packages[i]
		if !p.Project {
			continue
		}
		roots = true
		if !w.lock.isRoot(p, w.sel) {
			continue
		}
		if !w.sel.OnlyGroups {
			w.push(int32(i), "")
		}
		for _, extra := range w.sel.Extras {
			if has(p.Extras, extra) {
				w.push(int32(i), extra)
			}
		}
		for j := range p.Dependencies {
			if d := &p.Dependencies[j]; d.Group != "" && has(w.sel.Groups, d.Group) {
				w.follow(edge{int32(i), d})
			}
		}
	}
	for i := range w.lock.graph.requirements {
		if d := &w.lock.graph.requirements[i]; w.wantsRoot(d) {
			w.follow(edge{-1, d})
		}
	}
	return roots || len(w.lock.graph.requirements) > 0
}

// wantsRoot reports whether a requirement of the whole file is selected.
func (w *walker) wantsRoot(d *Dependency) bool {
	if d.Group == "" {
		return !w.sel.OnlyGroups
	}
	return has(w.sel.Groups, d.Group)
}

// push queues a visit unless it was made or is queued already.
func (w *walker) push(index int32, extra string) {
	v := visit{index, extra}
	if !w.visited[v] {
		w.visited[v] = true
		w.queue = append(w.queue, v)
	}
}

// run visits what is queued, and gives packages reached for the first time the
// state.
func (w *walker) run(state State) {
	for len(w.queue) > 0 {
		v := w.queue[0]
		w.queue = w.queue[1:]
		if w.states[v.index] == "" {
			w.states[v.index] = state
		}
		for _, e := range w.edges(v) {
			w.follow(e)
		}
	}
}

// edges lists the dependencies of a package, or of one of its extras. They are
// next to each other, see uvPackage.
func (w *walker) edges(v visit) []edge {
	deps := w.lock.Packages[v.index].Dependencies
	first, _ := slices.BinarySearchFunc(deps, v.extra, func(d Dependency, extra string) int {
		return cmp.Or(cmp.Compare(d.Group, ""), cmp.Compare(d.Extra, extra))
	})
	var list []edge
	for i := first; i < len(deps) && deps[i].Group == "" && deps[i].Extra == v.extra; i++ {
		list = append(list, edge{v.index, &deps[i]})
	}
	return list
}

// follow enters a dependency if its marker is true.
func (w *walker) follow(e edge) {
	if w.onExtra != nil {
		for _, extra := range e.d.Extras {
			w.onExtra(e.d.Name, extra)
		}
	}
	holds, err := e.d.Marker.EvalIn(pep508.ExtraSet, w.env)
	switch {
	case err == nil && !e.d.markerBad && !holds:
		w.blocked = append(w.blocked, e)
	case err != nil || e.d.markerBad || len(w.choose(e.d)) > 1:
		w.unsure = append(w.unsure, e)
	default:
		w.enter(e.d)
	}
}

// enter plans to visit the packages of a dependency. Which of several it means is
// in doubt; equal dependencies are entered once.
func (w *walker) enter(d *Dependency) {
	found := w.choose(d)
	if len(found) > 1 {
		k := key(d.Name, d.Version, d.Source)
		if doubt := (doubt{k, ""}); !w.entered[doubt] {
			w.entered[doubt] = true
			w.pushAll(found, "")
		}
		for _, extra := range d.Extras {
			if doubt := (doubt{k, extra}); !w.entered[doubt] {
				w.entered[doubt] = true
				w.pushAll(w.offering(k, found)[extra], extra)
			}
		}
		return
	}
	for _, i := range found {
		w.push(i, "")
		for _, extra := range d.Extras {
			w.push(i, extra)
		}
	}
}

func (w *walker) pushAll(packages []int32, extra string) {
	for _, i := range packages {
		w.push(i, extra)
	}
}

// offering returns, of the packages that a key may mean, those that have
// dependencies of an extra, by extra. Searching every package for every extra
// would be far too much work in a hostile file.
func (w *walker) offering(key string, found []int32) map[string][]int32 {
	if offers, ok := w.offers[key]; ok {
		return offers
	}
	offers := make(map[string][]int32)
	for _, i := range found {
		before := ""
		for _, d := range w.lock.Packages[i].Dependencies { // those of an extra are next to each other
			if d.Group == "" && d.Extra != before {
				before = d.Extra
				offers[before] = append(offers[before], i)
			}
		}
	}
	w.offers[key] = offers
	return offers
}

// choose finds the packages that a dependency may mean. There is one, unless the
// file is damaged: if several fit, those of resolution forks for other
// environments are excluded, unless that leaves none.
func (w *walker) choose(d *Dependency) []int32 {
	k := key(d.Name, d.Version, d.Source)
	found := w.lock.graph.index[k]
	if len(found) <= 1 {
		return found
	}
	if chosen, ok := w.choices[k]; ok {
		return chosen
	}
	var chosen []int32
	for _, i := range found {
		if holdsAny(w.lock.Packages[i].forks, pep508.ExtraSet, w.env) {
			chosen = append(chosen, i)
		}
	}
	if len(chosen) == 0 {
		chosen = found
	}
	w.choices[k] = chosen
	return chosen
}
