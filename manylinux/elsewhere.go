package manylinux

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// Elsewhere is what other wheels bring for the files of one: libraries that it needs and
// does not have.
type Elsewhere struct {
	// Provider returns the wheel that has a library, by its file name, and the library;
	// nil if none has it.
	Provider func(library string) (wheel string, file *linkset.File)
	// Exports reports whether any file of those wheels exports a symbol.
	Exports func(symbol string) bool
	// Whole is set when everything that those wheels need is there too, so that no
	// other library can have a symbol.
	Whole bool
}

// gccVersioned begin the names of other libraries that give all their symbols versions.
var gccVersioned = []string{"libgomp.so.", "libatomic.so.", "libgfortran.so.", "libquadmath.so.", "libitm.so."}

// DemandsOn returns what a file of a set asks of the libraries of other wheels and does
// not get from them: symbol versions, which glibc checks when it loads the file, and
// symbols. musl checks no versions and has symbols without any, so nothing is said of its
// files.
func (p *Policies) DemandsOn(e Elsewhere, set *linkset.Set, f *linkset.File, libc elfaudit.Libc, machine string) []Demand {
	c := collector{policies: p, set: set, file: f, machine: machine, libc: libc}
	if libc != elfaudit.LibcGlibc {
		return nil
	}
	c.versionsOf(e)
	c.symbolsOf(e)
	return c.demands
}

// versionsOf adds the symbol versions that libraries of other wheels lack.
func (c *collector) versionsOf(e Elsewhere) {
	for _, v := range c.file.ELF.VersionNeeds {
		if c.set.Provides(c.file, v.Library) {
			continue
		}
		wheel, library := e.Provider(v.Library)
		if library == nil || library.ELF == nil || len(library.ELF.VersionDefs) == 0 {
			continue // one that defines no versions at all satisfies any, with a warning
		}
		for _, version := range v.Versions {
			defined := slices.ContainsFunc(library.ELF.VersionDefs, func(d elfaudit.VersionDef) bool { return d.Name == version.Name })
			if !defined && c.asked(v.Library, version.Name, version.Weak) {
				c.add(Demand{Kind: KindElsewhere, Floor: NoPolicy, Library: v.Library, Version: version.Name, Wheel: wheel})
			}
		}
	}
}

// symbolsOf adds the symbols without a version that no library has, of a file that takes
// some from other wheels. They may be in a library that is not there: of the system, if it
// gives its symbols no versions, or of what those wheels need.
func (c *collector) symbolsOf(e Elsewhere) {
	first, unsure := "", !e.Whole
	wheel := ""
	for _, name := range slices.Concat(c.file.Needed, c.file.ELF.Filters) {
		if c.set.Provides(c.file, name) || IsLoader(name) {
			continue
		}
		from, library := e.Provider(name)
		switch {
		case library == nil && !slices.Contains(versioned, name) && !slices.ContainsFunc(gccVersioned, func(prefix string) bool { return strings.HasPrefix(name, prefix) }):
			unsure = true
		case library != nil && (library.ELF == nil || library.ELF.SymbolsFrom == elfaudit.SymbolsNone):
			return // what it has is not known
		case library != nil && first == "":
			first, wheel = name, from
		}
	}
	if first == "" || c.file.ELF.SymbolsFrom == elfaudit.SymbolsNone {
		return
	}
	d := Demand{Kind: KindElsewhere, Floor: NoPolicy, Library: first, Wheel: wheel, Unsure: unsure}
	for s := range c.file.ELF.Undefined() {
		if s.Weak || s.Version != "" || isPythons(s.Name) || ofLinker(s.Name) || machineSupport(s.Name) || glibcSymbols()[s.Name] != "" || c.set.Exports(s.Name) || e.Exports(s.Name) {
			continue
		}
		d.Symbols = append(d.Symbols, Symbol{Name: strings.Clone(s.Name)})
	}
	if len(d.Symbols) > 0 {
		if unsure {
			d.Floor = 0
		}
		c.add(d)
	}
}
