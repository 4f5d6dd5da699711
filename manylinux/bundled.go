package manylinux

import (
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// bundled adds the symbol versions by which files of a wheel do not fit each other.
// glibc checks every version need before it runs anything (elf/dl-version.c); musl
// checks none.
func (c *collector) bundled() {
	for _, v := range c.file.ELF.VersionNeeds {
		if len(v.Versions) == 0 {
			continue
		}
		if loaded, known := c.isLoaded(v.Library); !loaded {
			// Without it the loader stops. A library of the system may be there for
			// another one, or for the interpreter.
			c.add(Demand{
				Kind: KindOrphan, Floor: NoPolicy, Library: v.Library, Version: v.Versions[0].Name,
				Unsure: !known || c.policies.libraryFloor(v.Library) < NoPolicy,
			})
		}
		l := c.set.Library(c.file.Machine, v.Library)
		if l == nil || !l.Versioned() {
			continue // one that defines no versions at all satisfies any, with a warning
		}
		for _, version := range v.Versions {
			if !l.Defines(version.Name) && c.asked(v.Library, version.Name, version.Weak) {
				d := Demand{Kind: KindBundled, Floor: NoPolicy, Library: v.Library, Version: version.Name}
				for _, name := range c.set.SymbolsOf(c.file, v.Library, version.Name) {
					d.Symbols = append(d.Symbols, Symbol{Name: strings.Clone(name)})
				}
				c.add(d)
			}
		}
	}
}

// maxReach is how many names are followed from a file to a library that it does not
// name itself.
const maxReach = 5000

// isLoaded reports whether a library is in the process by the time the versions of the
// file are checked: the dynamic loader always is, the C library wherever the file is
// not the program itself, and everything that the file leads to.
func (c *collector) isLoaded(library string) (loaded, known bool) {
	if IsLoader(library) || c.file.Needs(library) {
		return true, true
	}
	if library == "libc.so.6" && c.file.ELF.Kind == elfaudit.KindSharedObject {
		return true, true
	}
	seen := map[*linkset.File]bool{c.file: true}
	left := maxReach
	for queue := []*linkset.File{c.file}; len(queue) > 0; queue = queue[1:] {
		if queue[0].Needs(library) {
			return true, true
		}
		for _, name := range queue[0].Needed {
			if left--; left < 0 {
				return false, false
			}
			if l := c.set.Library(queue[0].Machine, name); l != nil && !seen[l.Files[0]] {
				seen[l.Files[0]] = true
				queue = append(queue, l.Files[0])
			}
		}
	}
	return false, true
}
