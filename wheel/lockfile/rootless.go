package lockfile

import (
	"slices"

	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// rootless decides for files that do not record what the project itself needs. A
// package is excluded only if nothing could include it; all others are unknown.
func (l *Lock) rootless(env *pep508.Environment, sel Selection) []Needed {
	wanted := l.reachableExtras(sel)
	extras := make(map[string]string) // an extra of the project that asks for a package itself
	for _, d := range l.graph.requirements {
		if extras[d.Name] == "" {
			extras[d.Name] = d.Extra
		}
	}
	verdicts := l.incoming(env)
	needed := make([]Needed, len(l.Packages))
	for i := range l.Packages {
		p := &l.Packages[i]
		n := Needed{p, Unknown, Reason{Code: ReasonNoRoots}}
		switch dep := verdicts[p.Name]; {
		case l.rules().skipsPython && !p.RequiresPython.allowsIn(env):
			n.State, n.Reason = Excluded, Reason{Code: ReasonRequiresPython}
		case len(p.Groups) > 0 && !slices.ContainsFunc(p.Groups, func(g string) bool { return l.groupChosen(g, sel) }):
			n.State, n.Reason = Excluded, Reason{Code: ReasonGroup, Group: p.Groups[0]}
		case p.Optional && !wanted[p.Name]:
			n.State, n.Reason = Excluded, Reason{Code: ReasonExtra, Extra: extras[p.Name]}
			if n.Reason.Extra == "" {
				n.Reason = Reason{Code: ReasonUnreachable}
			}
		case dep.asked && !dep.holds:
			n.Reason = dep.reason
		}
		needed[i] = n
	}
	return needed
}

// asked summarises the dependencies on a package.
type asked struct {
	asked, holds bool
	reason       Reason
}

// incoming evaluates the markers of all dependencies. One that cannot be
// evaluated, or that asks for an extra, counts as true.
func (l *Lock) incoming(env *pep508.Environment) map[string]asked {
	verdicts := make(map[string]asked)
	for i := range l.Packages {
		for j := range l.Packages[i].Dependencies {
			d := &l.Packages[i].Dependencies[j]
			v := verdicts[d.Name]
			v.asked = true
			holds, err := d.Marker.EvalIn(pep508.ExtraSet, env)
			if holds || err != nil || d.markerBad || asksExtra(d.Marker) {
				v.holds = true
			} else if v.reason.Code == "" {
				v.reason = Reason{Code: ReasonMarker, Marker: d.Marker.String(), By: l.Packages[i].Name, Line: d.Line}
			}
			verdicts[d.Name] = v
		}
	}
	return verdicts
}

// asksExtra reports whether a marker asks for an extra of its package.
func asksExtra(m pep508.Marker) bool {
	for variable := range m.Comparisons() {
		if variable == "extra" {
			return true
		}
	}
	return false
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
