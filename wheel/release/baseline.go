package release

import (
	"maps"
	"slices"
	"strings"
)

// lostWheels finds interpreters and systems for which the earlier release has a wheel and
// this one has none.
func (c *comparison) lostWheels() {
	for _, p := range c.before.interpreters() {
		var lost []string
		for _, family := range c.before.families() {
			if c.before.has(p, family) && !c.has(p, family) {
				lost = append(lost, family)
			}
		}
		if lost != nil {
			c.report("lost-wheel", nil, "%s no longer has a wheel for %s; %s has", p, list(lost), c.before.version)
		}
	}
	for _, f := range c.before.files { // wheels for any ABI are in no list of interpreters
		if !f.sdist && !slices.ContainsFunc(f.pythons, func(p python) bool { return p.abi == "" || p.abi == "t" }) && !c.replaces(&f) {
			c.report("lost-wheel", []string{f.name}, "%s has %s, and no wheel here is for the same", c.before.version, f.name)
		}
	}
}

// replaces reports whether the release has wheels wherever a file installs, as far as the
// interpreters are known.
func (c *comparison) replaces(f *file) bool {
	for _, on := range f.platforms {
		for _, p := range f.pythons {
			found := false
			for g := range c.wheels {
				_, same := g.on(on.family)
				_, anywhere := g.on("any")
				found = found || (same || anywhere) && slices.ContainsFunc(g.pythons, func(q python) bool {
					return q.kind == p.kind || q.abi == "any"
				})
			}
			if !found {
				return false
			}
		}
	}
	return true
}

// raisedFloors finds systems that the earlier release was for and this one is not.
func (c *comparison) raisedFloors() {
	for _, family := range c.families() {
		raised := map[string][]python{}
		for _, p := range c.before.interpreters() {
			was, ok := c.before.floor(p, family)
			is, still := c.floor(p, family)
			if ok && still && is > was {
				change := policy(family, is) + ", " + c.before.version + " " + policy(family, was)
				raised[change] = append(raised[change], p)
			}
		}
		for _, change := range slices.Sorted(maps.Keys(raised)) {
			c.report("raised-floor", nil, "its wheels of %s for %s claim %s", list(words(raised[change])), family, change)
		}
	}
}

// A wheel has grown when it is larger by more than a quarter and 256 KiB.
const (
	grownShare = 4
	grownBytes = 256 << 10
)

// counterpart is the wheel of the earlier release for the same interpreters and systems.
func (c *comparison) counterpart(f *file) *file {
	for g := range c.before.wheels {
		same := func(p platform) bool {
			_, on := g.on(p.family)
			return on
		}
		if slices.Equal(g.pythons, f.pythons) && slices.ContainsFunc(f.platforms, same) {
			return g
		}
	}
	return nil
}

func (c *comparison) grown() {
	for f := range c.wheels {
		g := c.counterpart(f)
		if g == nil || g.contents.Size == 0 {
			continue
		}
		was, is := g.contents.Size, f.contents.Size
		if is-was > grownBytes && is-was > was/grownShare {
			c.report("grown", []string{f.name}, "%s has %d bytes, %d %% more than in %s", f.name, is, (is-was)*100/was, c.before.version)
		}
	}
}

// newExternal finds libraries from outside that wheels of the earlier release do not need.
// Of a release that is known by name only nothing is said.
func (c *comparison) newExternal() {
	for _, family := range c.families() {
		known := false
		before, after := map[string]bool{}, map[string]bool{}
		for f := range c.before.wheels {
			if _, on := f.on(family); on && f.contents.Requirements != "" {
				known = true
				for _, name := range f.external {
					before[name] = true
				}
			}
		}
		for f := range c.wheels {
			if _, on := f.on(family); on {
				for _, name := range f.external {
					if !before[name] {
						after[name] = true
					}
				}
			}
		}
		if known && len(after) > 0 {
			c.report("new-external", nil, "its wheels for %s need %s from outside, those of %s do not", family, list(slices.Sorted(maps.Keys(after))), c.before.version)
		}
	}
}

// removedExports finds symbols that a bundled library no longer exports. Other projects
// may link to it.
func (c *comparison) removedExports() {
	reported := map[string]bool{}
	for f := range c.wheels {
		g := c.counterpart(f)
		if g == nil {
			continue
		}
		for _, l := range f.contents.Libraries {
			for _, m := range g.contents.Libraries {
				if m.Name != l.Name || m.Machine != l.Machine || m.Exports == nil || l.Exports == nil {
					continue
				}
				removed := slices.DeleteFunc(slices.Clone(m.Exports), func(symbol string) bool {
					_, still := slices.BinarySearch(l.Exports, symbol)
					return still
				})
				if text := l.Name + " " + strings.Join(removed, " "); len(removed) > 0 && !reported[text] {
					reported[text] = true
					c.report("removed-export", []string{f.name}, "%s of %s no longer exports %s, as in %s", l.Name, f.name, list(removed), c.before.version)
				}
			}
		}
	}
}
