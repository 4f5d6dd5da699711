package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// comparison compares the files of a release with each other and with an earlier one.
type comparison struct {
	*group
	before   *group
	decide   func(rule finding.Rule, project string) (finding.Severity, bool)
	findings []finding.Finding
}

// run runs all comparisons.
func (c *comparison) run() {
	c.holes()
	c.metadataDrift()
	c.codeDrift()
	c.floorsByPython()
	c.floorsByMachine()
	c.overlap()
	c.noSdist()
	c.libraryCopies()
	if c.before != nil {
		c.lostWheels()
		c.raisedFloors()
		c.grown()
		c.newExternal()
		c.removedExports()
	}
	slices.SortStableFunc(c.findings, func(a, b finding.Finding) int { return int(b.Severity) - int(a.Severity) })
}

// report adds a finding of a rule about some files.
func (c *comparison) report(name string, files []string, format string, args ...any) {
	f := finding.Finding{Message: fmt.Sprintf(format, args...)}
	f.Set(name)
	rule, _ := finding.Lookup(name)
	severity, ok := c.decide(rule, c.project)
	if !ok {
		return
	}
	f.Severity = severity
	f.Others = files[:min(len(files), maxNames)]
	c.findings = append(c.findings, f)
}

// maxNames is how many files a finding names.
const maxNames = 20

// wheels yields the wheels.
func (g *group) wheels(yield func(*file) bool) {
	for i := range g.files {
		if !g.files[i].sdist && !yield(&g.files[i]) {
			return
		}
	}
}

// interpreters lists the interpreters that a release has wheels of their own ABI for, in
// order.
func (g *group) interpreters() []python {
	var list []python
	for f := range g.wheels {
		for _, p := range f.pythons {
			if (p.abi == "" || p.abi == "t") && p.minor >= 0 && !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	slices.SortFunc(list, byVersion)
	return list
}

func byVersion(a, b python) int {
	if a.kind != b.kind {
		return strings.Compare(a.kind, b.kind)
	}
	if a.minor != b.minor {
		return a.minor - b.minor
	}
	return strings.Compare(a.abi, b.abi)
}

// families lists the kinds of systems of a release, sorted.
func (g *group) families() []string {
	var list []string
	for f := range g.wheels {
		for _, p := range f.platforms {
			if p.family != "any" && !slices.Contains(list, p.family) {
				list = append(list, p.family)
			}
		}
	}
	slices.Sort(list)
	return list
}

// has reports whether a release has a wheel for an interpreter on a kind of systems.
func (g *group) has(p python, family string) bool {
	for f := range g.wheels {
		if f.covers(p, family) {
			return true
		}
	}
	return false
}

// holes finds interpreters without a wheel for systems for which others of their kind
// have one.
func (c *comparison) holes() {
	interpreters, families := c.interpreters(), c.families()
	for _, p := range interpreters {
		var missing []string
		var others []python
		for _, family := range families {
			if c.has(p, family) {
				continue
			}
			some := false
			for _, q := range interpreters {
				if q.kind == p.kind && q.abi == p.abi && c.has(q, family) {
					some = true
					if !slices.Contains(others, q) {
						others = append(others, q)
					}
				}
			}
			if some {
				missing = append(missing, family)
			}
		}
		if missing != nil {
			slices.SortFunc(others, byVersion)
			c.report("python-hole", nil, "%s has no wheel for %s, for which %s %s", p, list(missing), list(words(others)), plural(len(others), "has one", "have"))
		}
	}
}

// overlap finds the interpreters on which a wheel for the stable ABI is not taken, as there
// is another.
func (c *comparison) overlap() {
	for _, family := range c.families() {
		var shadowed []string
		stable := ""
		for f := range c.wheels {
			if _, on := f.on(family); on && slices.ContainsFunc(f.pythons, func(p python) bool { return p.abi == "abi3" }) {
				stable = f.name
				for _, q := range c.interpreters() {
					if q.abi == "" && slices.ContainsFunc(f.pythons, func(p python) bool { return p.abi == "abi3" && p.covers(q) }) && c.hasOwn(q, family) {
						shadowed = append(shadowed, q.String())
					}
				}
				break
			}
		}
		if shadowed != nil {
			c.report("stable-overlap", []string{stable}, "on %s, %s %s an own wheel, which installers take in place of %s", family, list(shadowed), plural(len(shadowed), "has", "have"), stable)
		}
	}
}

// hasOwn reports whether a release has a wheel for the ABI of an interpreter itself.
func (g *group) hasOwn(p python, family string) bool {
	for f := range g.wheels {
		if _, on := f.on(family); on && slices.Contains(f.pythons, p) {
			return true
		}
	}
	return false
}

func (c *comparison) noSdist() {
	wheels := 0
	for range c.wheels {
		wheels++
	}
	if wheels > 0 && wheels == len(c.files) {
		c.report("no-sdist", nil, "has no source distribution next to its %d %s", wheels, plural(wheels, "wheel", "wheels"))
	}
}

func words(list []python) []string {
	var texts []string
	for _, p := range list {
		texts = append(texts, p.String())
	}
	return texts
}

// list joins words, at most ten.
func list(words []string) string {
	const most = 10
	if n := len(words) - most; n > 0 {
		return strings.Join(words[:most], ", ") + fmt.Sprintf(" and %d more", n)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func plural(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}
