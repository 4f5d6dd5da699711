package lockfile

import (
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// judge decides on a package that records what needs it.
func (l *Lock) judge(p *Package, env *pep508.Environment, sel Selection) Needed {
	if len(p.Groups) == 0 {
		return l.judgeMarker(p, p.Marker, env, sel)
	}
	best := Needed{p, Excluded, Reason{Code: ReasonGroup, Group: p.Groups[0]}}
	var shared *Needed // by the marker of all groups, which is evaluated once
	seen := make(map[string]bool, len(p.Groups))
	for _, group := range p.Groups {
		if seen[group] || !l.groupChosen(group, sel) {
			continue
		}
		seen[group] = true
		var n Needed
		switch m, ok := p.groupMarkers[group]; {
		case ok:
			n = l.judgeMarker(p, m, env, sel)
		case shared != nil:
			n = *shared
		default:
			n = l.judgeMarker(p, p.Marker, env, sel)
			shared = &n
		}
		if n.State == Required || best.State == Excluded {
			best = n
		}
	}
	return best
}

// groupChosen reports whether a group that packages are in is selected.
func (l *Lock) groupChosen(group string, sel Selection) bool {
	rules := l.rules()
	if rules.alternatives {
		return has(l.chosenAlternatives(sel), group)
	}
	return group == rules.always && !sel.OnlyGroups || has(sel.Groups, group) || rules.extrasAreGroups && has(sel.Extras, group)
}

// judgeMarker decides by a marker, evaluated as the format defines.
func (l *Lock) judgeMarker(p *Package, m pep508.Marker, env *pep508.Environment, sel Selection) Needed {
	e, ctx := *env, l.rules().markers
	e.Extra, e.Extras, e.Groups = "", sel.Extras, sel.Groups
	holds, err := m.EvalIn(ctx, &e)
	switch {
	case err != nil || p.markerBad:
		return Needed{p, Unknown, Reason{Code: ReasonNoAnswer, Marker: m.String(), Line: p.Line}}
	case holds:
		return Needed{Package: p, State: Required}
	}
	return Needed{p, Excluded, l.whyNot(m, &e, ctx)}
}

// maxTried limits how many names of a marker whyNot tries.
const maxTried = 10

// whyNot finds out whether a marker is false because an extra or a group that it
// names is not selected.
func (l *Lock) whyNot(m pep508.Marker, env *pep508.Environment, ctx pep508.Context) Reason {
	tried := 0
	for variable, name := range m.Comparisons() {
		e, r := *env, Reason{}
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
			r.Marker = m.String() // long markers have many comparisons
			return r
		}
	}
	return Reason{Code: ReasonMarker, Marker: m.String()}
}
