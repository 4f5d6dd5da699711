package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// chosen is a neighbour that is installed along with a wheel, and why.
type chosen struct {
	*neighbour
	requirement string // of Requires-Dist, as written; "" when nothing leads to it
	extra       string // that the requirement is for, "" if it always holds
	by          string // the project that has the requirement
}

// maxChosen is how many projects are followed from one wheel.
const maxChosen = 2000

// closure lists what the Requires-Dist of a wheel leads to among the neighbours, the
// nearest first, and all projects that it names.
func (n *neighbourhood) closure(name *wheel.Name, requires []pep508.Requirement, extras []string) (list []chosen, named map[string]bool) {
	own := name.NormalizedName()
	named = map[string]bool{own: true}
	seen := map[string]bool{own: true}
	type step struct {
		project  string
		requires []pep508.Requirement
		extras   []string
		extra    string
	}
	queue := []step{{own, requires, extras, ""}}
	env := environmentOf(name)
	for ; len(queue) > 0 && len(list) < maxChosen; queue = queue[1:] {
		for _, r := range queue[0].requires {
			extra, ok := holds(r.Marker, env, queue[0].extras)
			project := wheel.NormalizeName(r.Name)
			if !ok || seen[project] {
				continue
			}
			named[project] = true
			best := n.best(project, name, r.Specifiers)
			if best == nil {
				continue
			}
			seen[project] = true
			best.readDirectory()
			c := chosen{neighbour: best, requirement: r.String(), extra: extra, by: queue[0].project}
			if queue[0].extra != "" {
				c.extra = queue[0].extra
			}
			list = append(list, c)
			queue = append(queue, step{project, best.requires, r.Extras, c.extra})
		}
	}
	return list, named
}

// holds reports whether a marker holds, and for which of some extras. One that cannot be
// evaluated is taken to hold.
func holds(m pep508.Marker, env pep508.Environment, extras []string) (extra string, ok bool) {
	for _, extra := range append([]string{""}, extras...) {
		env.Extra = extra
		if is, err := m.Eval(&env); is || err != nil {
			return extra, true
		}
	}
	return "", false
}

// environmentOf describes a Python and a machine that a wheel is for.
func environmentOf(name *wheel.Name) pep508.Environment {
	env := pep508.Environment{
		ImplementationName: "cpython", OSName: "posix", PlatformSystem: "Linux", PlatformPythonImplementation: "CPython", SysPlatform: "linux",
		PythonVersion: "3.13", PythonFullVersion: "3.13.0", ImplementationVersion: "3.13.0",
	}
	for tag := range name.Tags.Members(tags.PartPlatform) {
		if p := tags.ParsePlatformTag(tag); p.Arch != "" {
			env.PlatformMachine = p.Arch
		}
	}
	for python := range name.Tags.Members(tags.PartInterpreter) {
		if minor, ok := cpythonMinor(python); ok && !slices.Contains(slices.Collect(name.Tags.Members(tags.PartABI)), "abi3") {
			env.PythonVersion = fmt.Sprint("3.", minor)
			env.PythonFullVersion = env.PythonVersion + ".0"
			env.ImplementationVersion = env.PythonFullVersion
		}
	}
	return env
}

// cpythonMinor is the minor version of CPython that an interpreter tag names.
func cpythonMinor(python string) (int, bool) {
	digits, ok := strings.CutPrefix(python, "cp3")
	minor, err := strconv.Atoi(digits)
	return minor, ok && err == nil
}

// best chooses the wheel of a project that is installed next to another: the newest
// version that a requirement allows, then the one for the same interpreter.
func (n *neighbourhood) best(project string, next *wheel.Name, allowed pep440.SpecifierSet) *neighbour {
	var best *neighbour
	fit := 0
	for _, c := range n.projects[project] {
		if allowed.Len() > 0 && !allowed.Contains(c.name.Version, pep440.PrereleasesAllowed) {
			continue
		}
		f := nextTo(next, &c.name)
		if f == 0 {
			continue
		}
		if best != nil {
			if order := c.name.Version.Compare(best.name.Version); order < 0 || order == 0 && f <= fit {
				continue
			}
		}
		best, fit = c, f
	}
	return best
}

// nextTo says how well one wheel can be installed next to another: 0 if no system takes
// both.
func nextTo(a, b *wheel.Name) int {
	if !samePlatform(a, b) {
		return 0
	}
	best := 0
	for x := range a.Tags.Members(tags.PartInterpreter) {
		for y := range b.Tags.Members(tags.PartInterpreter) {
			for abiX := range a.Tags.Members(tags.PartABI) {
				for abiY := range b.Tags.Members(tags.PartABI) {
					best = max(best, sameInterpreter(x, abiX, y, abiY))
				}
			}
		}
	}
	return best
}

// sameInterpreter says how well two pairs of interpreter and ABI go together: the same
// ABI best, the later of several others better, 0 not at all.
func sameInterpreter(x, abiX, y, abiY string) int {
	const same = 1000
	minorX, cpX := cpythonMinor(x)
	minorY, cpY := cpythonMinor(y)
	anyX, anyY := !cpX && strings.HasPrefix(x, "py"), !cpY && strings.HasPrefix(y, "py")
	wide := func(abi string) bool { return abi == "abi3" || abi == "none" }
	switch {
	case x == y && abiX == abiY:
		return same
	case anyY && abiY == "none":
		return 1
	case anyX && abiX == "none" && cpY:
		return 1 + minorY
	case cpX && cpY && wide(abiX) && wide(abiY):
		return 1 + minorY
	case cpX && cpY && wide(abiY) && minorY <= minorX && !strings.HasSuffix(abiX, "t"):
		return 1 + minorY
	case cpX && cpY && wide(abiX) && minorX <= minorY && !strings.HasSuffix(abiY, "t"):
		return 1 + minorY
	}
	return 0
}

// samePlatform reports whether two wheels are for one machine and C library, or one is for
// all.
func samePlatform(a, b *wheel.Name) bool {
	for x := range a.Tags.Members(tags.PartPlatform) {
		for y := range b.Tags.Members(tags.PartPlatform) {
			p, q := tags.ParsePlatformTag(x), tags.ParsePlatformTag(y)
			libcs := p.Libc.Family == q.Libc.Family || p.Libc.Family == tags.NoLibc || q.Libc.Family == tags.NoLibc
			if p.Any || q.Any || p.OS == q.OS && p.Arch == q.Arch && libcs {
				return true
			}
		}
	}
	return false
}
