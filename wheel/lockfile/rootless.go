package lockfile

import (
	"slices"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// rootless decides for files that do not record what the project itself needs. A
// package is excluded if its own entry excludes it, or if packages depend on it and
// all of these dependencies have false markers or come from packages that are
// excluded for their Python or in the same way. The project could still require such a package itself, but tools write the marker of
// the dependency there for a reason: nearly always only other systems need it. All
// other packages are unknown.
func (l *Lock) rootless(env *pep508.Environment, sel Selection) []Needed {
	wanted := l.reachableExtras(sel)
	extras := make(map[string]string) // an extra of the project that asks for a package itself
	for _, d := range l.graph.requirements {
		if extras[d.Name] == "" {
			extras[d.Name] = d.Extra
		}
	}
	needed := make([]Needed, len(l.Packages))
	for i := range l.Packages {
		p := &l.Packages[i]
		n := Needed{p, Unknown, Reason{Code: ReasonNoRoots}}
		switch {
		case l.rules().skipsPython && !p.RequiresPython.allowsIn(env):
			n.State, n.Reason = Excluded, Reason{Code: ReasonRequiresPython}
		case len(p.Groups) > 0 && !slices.ContainsFunc(p.Groups, func(g string) bool { return l.groupChosen(g, sel) }):
			n.State, n.Reason = Excluded, Reason{Code: ReasonGroup, Group: p.Groups[0]}
		case p.Optional && !wanted[p.Name]:
			n.State, n.Reason = Excluded, Reason{Code: ReasonExtra, Extra: extras[p.Name]}
			if n.Reason.Extra == "" {
				n.Reason = Reason{Code: ReasonUnreachable}
			}
		}
		needed[i] = n
	}
	l.excludeUnreached(needed, env)
	return needed
}

// excludeUnreached excludes the packages that only false markers lead to. The walk
// starts from the packages that nothing depends on, which the project must require
// itself, as it must one package of a circle that nothing else leads to.
func (l *Lock) excludeUnreached(needed []Needed, env *pep508.Environment) {
	byName := make(map[string][]int, len(l.Packages))
	asked := make(map[string]bool)
	for i := range l.Packages {
		p := &l.Packages[i]
		byName[p.Name] = append(byName[p.Name], i)
		for j := range p.Dependencies {
			if d := &p.Dependencies[j]; d.Name != p.Name { // PDM: an entry with extras depends on the one without
				asked[d.Name] = true
			}
		}
	}
	var roots []string
	for name := range byName {
		if !asked[name] {
			roots = append(roots, name)
		}
	}
	everything := func(int, *Dependency) bool { return true }
	reached := l.reach(byName, roots, everything)
	for name := range byName {
		if !reached[name] {
			roots = append(roots, name)
		}
	}
	reasons := make(map[string]Reason)
	reached = l.reach(byName, roots, func(i int, d *Dependency) bool {
		// Groups and extras of a package do not say anything about its dependencies,
		// which have their own.
		if needed[i].Reason.Code == ReasonRequiresPython {
			return false
		}
		if d.maybe(env) {
			return true
		}
		if r, ok := reasons[d.Name]; !ok || d.Line < r.Line {
			reasons[d.Name] = Reason{Code: ReasonMarker, Marker: d.Marker.String(), By: l.Packages[i].Name, Line: d.Line}
		}
		return false
	})
	for i := range needed {
		if n := &needed[i]; n.State != Excluded && !reached[n.Package.Name] {
			n.State, n.Reason = Excluded, reasons[n.Package.Name]
			if n.Reason.Code == "" {
				n.Reason = Reason{Code: ReasonUnreachable}
			}
		}
	}
}

// reach lists the names that dependencies lead to from others, those included.
// follow decides on a dependency of a package, by its index.
func (l *Lock) reach(byName map[string][]int, from []string, follow func(int, *Dependency) bool) map[string]bool {
	reached := make(map[string]bool, len(byName))
	for _, name := range from {
		reached[name] = true
	}
	queue := slices.Clone(from)
	for len(queue) > 0 {
		name := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, i := range byName[name] {
			for j := range l.Packages[i].Dependencies {
				if d := &l.Packages[i].Dependencies[j]; follow(i, d) && !reached[d.Name] {
					reached[d.Name] = true
					queue = append(queue, d.Name)
				}
			}
		}
	}
	return reached
}

// maybe reports whether the marker of a dependency may be true, whatever extras of
// its package are asked for. One that cannot be evaluated may be.
func (d *Dependency) maybe(env *pep508.Environment) bool {
	if d.markerBad {
		return true
	}
	e := *env
	e.Extra, e.Extras = "", nil
	holds, err := d.Marker.EvalIn(pep508.ExtraSet, &e)
	if holds || err != nil {
		return true
	}
	for variable, name := range d.Marker.Comparisons() {
		if len(e.Extras) == maxTried {
			return true
		}
		if variable == "extra" {
			e.Extras = append(e.Extras, wheel.NormalizeName(name))
		}
	}
	if len(e.Extras) == 0 {
		return false
	}
	holds, err = d.Marker.EvalIn(pep508.ExtraSet, &e)
	return holds || err != nil
}

// reachableExtras lists the packages that the chosen extras could include,
// whatever the markers.
func (l *Lock) reachableExtras(sel Selection) map[string]bool {
	byName := make(map[string][]int)
	for i := range l.Packages {
		byName[l.Packages[i].Name] = append(byName[l.Packages[i].Name], i)
	}
	reached := make(map[string]bool)
	var queue []string
	add := func(name string) {
		if !reached[name] {
			reached[name] = true
			queue = append(queue, name)
		}
	}
	for _, d := range l.graph.requirements {
		if has(sel.Extras, d.Extra) {
			add(d.Name)
		}
	}
	for len(queue) > 0 {
		name := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, i := range byName[name] {
			for _, d := range l.Packages[i].Dependencies {
				add(d.Name)
			}
		}
	}
	return reached
}
