package coverage

import (
	"slices"

	"github.com/wheeltag/wheeltag/tags"
)

// Difference is a package that is covered differently in two runs.
type Difference struct {
	Package    string
	Was, Is    State
	WasVersion string // "" if it was not needed, or not pinned
	Version    string // likewise
	Target     int    // of the second run
	Worse      bool
	Reason     tags.Reason // in the second run
	WasReason  tags.Reason // of the first
}

// Compare lists where the rows of a second run are worse or better than those of a
// first. A target of the second run is compared with the one of the first that
// with gives for it. A package that one of the runs does not have is not needed there.
// Build counts as covered if builds are accepted.
func Compare(first, second []Row, targets int, with func(target int) int, acceptBuilds bool) []Difference {
	was, is := byPackage(first), byPackage(second)
	var names []string
	for name := range was {
		names = append(names, name)
	}
	for name := range is {
		if was[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var list []Difference
	for _, name := range names {
		for t := range targets {
			before, wasVersion, wasReason := worstOf(was[name], with(t))
			after, version, reason := worstOf(is[name], t)
			if a, b := badness(before, acceptBuilds), badness(after, acceptBuilds); a != b {
				list = append(list, Difference{name, before, after, wasVersion, version, t, b > a, reason, wasReason})
			}
		}
	}
	return list
}

// byPackage collects the rows of each package; a lock file may have several.
func byPackage(rows []Row) map[string][]*Row {
	byName := make(map[string][]*Row)
	for i := range rows {
		byName[rows[i].Package] = append(byName[rows[i].Package], &rows[i])
	}
	return byName
}

// worstOf is the worst answer of the rows of a package for a target.
func worstOf(rows []*Row, target int) (state State, version string, reason tags.Reason) {
	for _, r := range rows {
		if s := r.Cells[target].State; s > state || version == "" && s == state {
			state, version = s, r.Version
			if s > Wheel || s == Unsupported {
				reason = r.Reason(target)
			}
		}
	}
	return state, version, reason
}

// badness orders states by what they mean for an installation.
func badness(s State, acceptBuilds bool) int {
	switch s {
	case Build:
		if acceptBuilds {
			return 0
		}
		return 1
	case Unknown:
		return 2
	case Missing, Unsupported:
		return 3
	}
	return 0
}
