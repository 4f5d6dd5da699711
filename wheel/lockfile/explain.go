package lockfile

import (
	"slices"

	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// explain finds for each package that was not reached what excludes it. In this
// order: an extra or group of a project that would include it; a marker on a
// dependency of a needed package, or of one that is excluded itself; an extra of
// another package that nothing asks for.
func (w *walker) explain() []Reason {
	x := explainer{walker: w, reasons: make([]Reason, len(w.lock.Packages)), seen: make(map[visit]bool), handled: make(map[string]bool)}
	x.unselected()
	x.walk()
	for _, e := range w.blocked {
		x.mark(e.d, w.reason(ReasonMarker, e))
	}
	x.spread()
	x.unasked()
	x.spread()
	for i := range x.reasons {
		if x.reasons[i].Code == "" {
			x.reasons[i].Code = ReasonUnreachable
		}
	}
	return x.reasons
}

// explainer marks packages with reasons.
type explainer struct {
	*walker
	reasons []Reason
	marked  []int32 // packages with a reason that their dependencies do not have yet
	seen    map[visit]bool
	handled map[string]bool // see once
	steps   []step
}

// step is a visit to be made for an extra or group.
type step struct {
	visit
	reason Reason
}

// reason describes a dependency.
func (w *walker) reason(code ReasonCode, e edge) Reason {
	r := Reason{Code: code, Marker: e.d.Marker.String(), Line: e.d.Line}
	if e.from >= 0 {
		r.By = w.lock.Packages[e.from].Name
	}
	return r
}

// mark sets the reason of the packages of a dependency, unless they have one.
func (x *explainer) mark(d *Dependency, r Reason) {
	found := x.choose(d)
	if len(found) > 1 && x.once(d) {
		return
	}
	for _, i := range found {
		if x.states[i] == "" && x.reasons[i].Code == "" {
			x.reasons[i] = r
			x.marked = append(x.marked, i)
		}
	}
}

// once reports whether a dependency that may mean several packages was handled
// before, under any reason.
func (x *explainer) once(d *Dependency) bool {
	k := key(d.Name, d.Version, d.Source)
	before := x.handled[k]
	x.handled[k] = true
	return before
}

// spread copies reasons to the dependencies of marked packages, whatever their
// markers.
func (x *explainer) spread() {
	for len(x.marked) > 0 {
		i := x.marked[0]
		x.marked = x.marked[1:]
		for _, e := range x.edges(visit{i, ""}) {
			x.mark(e.d, x.reasons[i])
		}
	}
}

// unselected collects what extras and groups of the projects would include.
func (x *explainer) unselected() {
	for i := range x.lock.Packages {
		p := &x.lock.Packages[i]
		if !p.Project {
			continue
		}
		root := x.lock.isRoot(p, x.sel)
		for j := range p.Dependencies {
			d := &p.Dependencies[j]
			switch {
			case !root:
				x.take(edge{int32(i), d}, Reason{Code: ReasonMember, By: p.Name, Line: d.Line})
			case d.Extra != "" && !has(x.sel.Extras, d.Extra):
				x.take(edge{int32(i), d}, Reason{Code: ReasonExtra, Extra: d.Extra, Line: d.Line})
			case d.Group != "" && !has(x.sel.Groups, d.Group):
				x.take(edge{int32(i), d}, Reason{Code: ReasonGroup, Group: d.Group, Line: d.Line})
			}
		}
	}
	for i := range x.lock.graph.requirements {
		if d := &x.lock.graph.requirements[i]; d.Group != "" && !x.wantsRoot(d) {
			x.take(edge{-1, d}, Reason{Code: ReasonGroup, Group: d.Group, Line: d.Line})
		}
	}
}

// take marks a dependency with a true marker and plans to visit its packages. One
// with a false marker is added to the blocked ones.
func (x *explainer) take(e edge, r Reason) {
	if holds, err := e.d.Marker.EvalIn(pep508.ExtraSet, x.with(e)); !holds && err == nil {
		x.blocked = append(x.blocked, e)
		return
	}
	found := x.choose(e.d)
	if len(found) > 1 && x.once(e.d) {
		return
	}
	for _, i := range found {
		x.plan(visit{i, ""}, r)
		if x.states[i] == "" && x.reasons[i].Code == "" {
			x.reasons[i] = r
		}
	}
	for _, extra := range sortedNames(slices.Clone(e.d.Extras)) { // each once
		packages := found
		if len(found) > 1 {
			packages = x.offering(key(e.d.Name, e.d.Version, e.d.Source), found)[extra]
		}
		for _, i := range packages {
			x.plan(visit{i, extra}, r)
		}
	}
}

// plan adds a visit unless it was made or is planned already.
func (x *explainer) plan(v visit, r Reason) {
	if !x.visited[v] && !x.seen[v] {
		x.seen[v] = true
		x.steps = append(x.steps, step{v, r})
	}
}

// with is the environment in which the extras and the group that a dependency
// is about are active as well, as far as markers can ask for that.
func (x *explainer) with(e edge) *pep508.Environment {
	if len(x.lock.graph.conflicts) == 0 {
		return x.env
	}
	env := *x.env
	active := env.Extras[:len(env.Extras):len(env.Extras)]
	if e.from >= 0 && e.d.Extra+e.d.Group != "" {
		active = append(active, conflict{project: x.lock.Packages[e.from].Name, extra: e.d.Extra, group: e.d.Group}.name())
	}
	for _, extra := range e.d.Extras {
		active = append(active, conflict{project: e.d.Name, extra: extra}.name())
	}
	env.Extras = active
	return &env
}

// walk makes the planned visits.
func (x *explainer) walk() {
	for len(x.steps) > 0 {
		s := x.steps[0]
		x.steps = x.steps[1:]
		for _, e := range x.edges(s.visit) {
			x.take(e, s.reason)
		}
	}
}

// unasked marks what extras of packages other than projects would include.
func (x *explainer) unasked() {
	for i := range x.lock.Packages {
		p := &x.lock.Packages[i]
		for j := range p.Dependencies {
			if d := &p.Dependencies[j]; d.Extra != "" && !p.Project {
				x.mark(d, Reason{Code: ReasonExtra, Extra: d.Extra, By: p.Name, Marker: d.Marker.String(), Line: d.Line})
			}
		}
	}
}
