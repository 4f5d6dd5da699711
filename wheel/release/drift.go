package release

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/audit"
)

// byDigest groups wheels by a digest, the largest group first; those without one are left
// out.
func byDigest(wheels []*file, digest func(*file) string) [][]string {
	groups := map[string][]string{}
	for _, f := range wheels {
		if d := digest(f); d != "" {
			groups[d] = append(groups[d], f.name)
		}
	}
	return slices.SortedFunc(maps.Values(groups), func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a[0], b[0]))
	})
}

// firsts are the first names of groups.
func firsts(groups [][]string) []string {
	var names []string
	for _, g := range groups {
		names = append(names, g[0])
	}
	return names
}

// metadataDrift finds wheels that require something else than others.
func (c *comparison) metadataDrift() {
	groups := byDigest(slices.Collect(c.wheels), func(f *file) string { return f.contents.Requirements })
	if len(groups) > 1 {
		c.report("metadata-drift", firsts(groups), "its wheels differ in Requires-Dist, Requires-Python or Provides-Extra: %s and %s, for example", groups[0][0], groups[1][0])
	}
}

// codeDrift finds wheels for Linux with other Python files than those for another machine
// or C library. What is made for macOS and Windows is repaired by other tools, which change
// Python files.
func (c *comparison) codeDrift() {
	byPython := map[string][]*file{}
	for f := range c.wheels {
		linux := func(p platform) bool {
			return strings.HasPrefix(p.family, "manylinux ") || strings.HasPrefix(p.family, "musllinux ")
		}
		if slices.ContainsFunc(f.platforms, linux) {
			word := strings.Join(words(f.pythons), ".")
			byPython[word] = append(byPython[word], f)
		}
	}
	for _, word := range slices.Sorted(maps.Keys(byPython)) {
		groups := byDigest(byPython[word], func(f *file) string { return f.contents.Code })
		if len(groups) > 1 {
			c.report("code-drift", firsts(groups), "%s: the Python files of %s are not those of %s", word, groups[1][0], groups[0][0])
		}
	}
}

// ownFloor is the first policy of machines that are younger than manylinux_2_17.
var ownFloor = map[string]int{"manylinux riscv64": 31, "manylinux loongarch64": 36}

// floorsByPython finds interpreters for which a release asks for newer systems than for
// others.
func (c *comparison) floorsByPython() {
	for _, family := range c.families() {
		floors := map[int][]python{}
		for _, p := range c.interpreters() {
			if minor, ok := c.floor(p, family); ok {
				floors[minor] = append(floors[minor], p)
			}
		}
		if len(floors) > 1 {
			var parts []string
			for _, minor := range slices.Sorted(maps.Keys(floors)) {
				parts = append(parts, fmt.Sprintf("%s for %s", policy(family, minor), list(words(floors[minor]))))
			}
			c.report("floor-drift", nil, "its wheels for %s claim %s", family, strings.Join(parts, ", "))
		}
	}
}

// floorsByMachine finds machines for which a release asks for newer systems than for
// others, for the newest interpreter.
func (c *comparison) floorsByMachine() {
	interpreters := c.interpreters()
	if len(interpreters) == 0 {
		return
	}
	newest := interpreters[0]
	for _, p := range interpreters {
		if p.kind == "cp" && p.abi == "" {
			newest = p
		}
	}
	for _, libc := range []string{"manylinux ", "musllinux "} {
		floors := map[int][]string{}
		for _, family := range c.families() {
			if machine, ok := strings.CutPrefix(family, libc); ok {
				if minor, ok := c.floor(newest, family); ok && minor > ownFloor[family] {
					if libc == "manylinux " {
						minor = max(minor, 17) // what other machines begin with
					}
					floors[minor] = append(floors[minor], machine)
				}
			}
		}
		if len(floors) > 1 {
			var parts []string
			for _, minor := range slices.Sorted(maps.Keys(floors)) {
				parts = append(parts, fmt.Sprintf("%s on %s", policy(libc, minor), list(floors[minor])))
			}
			c.report("floor-drift", nil, "its wheels for %s claim %s", newest, strings.Join(parts, ", "))
		}
	}
}

// floor is the lowest policy that a wheel for an interpreter claims on a kind of systems.
func (g *group) floor(p python, family string) (minor int, ok bool) {
	for f := range g.wheels {
		if on, is := f.on(family); is && f.covers(p, family) && strings.Contains(family, "linux ") && (!ok || on.minor < minor) {
			minor, ok = on.minor, true
		}
	}
	return minor, ok && minor > 0
}

// policy is the name of a policy.
func policy(family string, minor int) string {
	if strings.HasPrefix(family, "musllinux") {
		return fmt.Sprint("musllinux_1_", minor)
	}
	return fmt.Sprint("manylinux_2_", minor)
}

// libraryCopies finds libraries that are there with different content: in one wheel, or in
// wheels for the same kind of systems.
func (c *comparison) libraryCopies() {
	type place struct{ family, library string }
	builds := map[place]map[string]string{} // the first wheel of each build
	for f := range c.wheels {
		for i, l := range f.contents.Libraries {
			if l.Digest == "" {
				continue // RECORD does not say
			}
			same := func(m audit.Library) bool {
				return m.Name == l.Name && m.Machine == l.Machine && m.Digest != l.Digest && m.Digest != ""
			}
			if j := slices.IndexFunc(f.contents.Libraries[:i], same); j >= 0 {
				c.report("library-twice", []string{f.name}, "%s has two builds of %s: %s and %s", f.name, l.Name, f.contents.Libraries[j].Path, l.Path)
			}
			for _, p := range f.platforms {
				at := place{p.family, l.Name}
				if builds[at] == nil {
					builds[at] = map[string]string{}
				}
				if builds[at][l.Digest] == "" {
					builds[at][l.Digest] = f.name
				}
			}
		}
	}
	byFamily := map[string][]string{}
	for at, digests := range builds {
		if len(digests) > 1 {
			byFamily[at.family] = append(byFamily[at.family], at.library)
		}
	}
	for _, family := range slices.Sorted(maps.Keys(byFamily)) {
		names := byFamily[family]
		slices.Sort(names)
		c.report("library-builds", nil, "its wheels for %s have different builds of %s", family, list(names))
	}
}
