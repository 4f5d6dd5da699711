package manylinux

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// glibc adds what a file for glibc asks of the system.
func (c *collector) glibc() {
	f := c.file
	for _, v := range f.ELF.VersionNeeds {
		if c.set.Provides(f, v.Library) {
			continue
		}
		for _, version := range v.Versions {
			if floor := c.policies.VersionFloor(c.machine, version.Name); floor > 0 && c.asked(v.Library, version.Name, version.Weak) {
				c.add(Demand{Kind: KindVersion, Floor: floor, Library: v.Library, Version: version.Name})
			}
		}
	}
	for _, library := range slices.Concat(f.Needed, f.ELF.Filters) { // DT_FILTER is loaded like DT_NEEDED
		if c.set.Provides(f, library) {
			continue
		}
		if floor := c.policies.libraryFloor(library); floor > 0 {
			c.add(Demand{Kind: KindLibrary, Floor: floor, Library: library})
		}
	}
	for _, d := range c.banned() {
		c.add(d)
	}
}

// banned finds symbols that policies ban. A weak one may be missing, and one that
// the wheel defines itself is not taken from the system.
func (c *collector) banned() []Demand {
	var libraries []string
	for _, library := range c.file.Needed {
		if len(c.policies.bans[library]) > 0 && !c.set.Provides(c.file, library) {
			libraries = append(libraries, library)
		}
	}
	var demands []Demand
	seen := map[symbolKey]bool{}
	for s := range c.file.ELF.Undefined() {
		if s.Weak || !c.policies.banned[s.Name] || seen[symbolKey{s.Library, s.Name}] {
			continue
		}
		seen[symbolKey{s.Library, s.Name}] = true
		// A version names the library; without one any of them may serve.
		from := libraries
		if s.Library != "" {
			from = []string{s.Library}
		}
		for _, library := range from {
			floor := c.policies.banFloor(library, s.Name)
			if floor == 0 || c.set.Provides(c.file, library) || s.Library == "" && c.set.Links(c.file, s.Name) {
				continue
			}
			demands = addBanned(demands, library, floor, s.Name)
		}
	}
	return demands
}

// symbolKey is a symbol and the library that its version names, or "".
type symbolKey struct{ library, name string }

// addBanned adds a symbol to the demand for its library and floor.
func addBanned(demands []Demand, library string, floor Floor, symbol string) []Demand {
	i := slices.IndexFunc(demands, func(d Demand) bool { return d.Library == library && d.Floor == floor })
	if i < 0 {
		i = len(demands)
		demands = append(demands, Demand{Kind: KindBan, Floor: floor, Library: library})
	}
	d := &demands[i]
	if !slices.ContainsFunc(d.Symbols, func(s Symbol) bool { return s.Name == symbol }) {
		d.Symbols = append(d.Symbols, Symbol{Name: strings.Clone(symbol)})
	}
	return demands
}

// BansBroken lists the bans of which a file takes a symbol, by name alone, while
// it links directly to the banned library.
func (p *Policies) BansBroken(f *linkset.File) []Ban {
	var open, broken []Ban
	for library, bans := range p.bans {
		if f.Needs(library) {
			open = append(open, bans...)
		}
	}
	for s := range f.ELF.Undefined() {
		if s.Weak || !p.banned[s.Name] {
			continue
		}
		open = slices.DeleteFunc(open, func(b Ban) bool {
			if b.symbols[s.Name] {
				broken = append(broken, b)
			}
			return b.symbols[s.Name]
		})
		if len(open) == 0 {
			break
		}
	}
	return broken
}
