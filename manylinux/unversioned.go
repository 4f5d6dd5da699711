package manylinux

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

//go:embed data/glibc.txt
var glibcText string

// glibcSymbols are the versions that brought the symbols of glibc, by name.
var glibcSymbols = sync.OnceValue(func() map[string]string {
	symbols := map[string]string{}
	version := ""
	for line := range strings.Lines(glibcText) {
		switch text, ok := strings.CutPrefix(line, "version "); {
		case ok:
			version = strings.TrimSpace(text)
		case !strings.HasPrefix(line, "#"):
			for name := range strings.FieldsSeq(line) {
				symbols[name] = version
			}
		}
	}
	return symbols
})

// versioned are the libraries of glibc and GCC that give every symbol a version
// (the Versions files of glibc 2.41; libgcc-std.ver and gnu.ver of GCC 14).
var versioned = []string{
	"libc.so.6", "libm.so.6", "libmvec.so.1", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1",
	"libresolv.so.2", "libanl.so.1", "libgcc_s.so.1", "libstdc++.so.6",
}

// unversioned adds what a file takes without a version although every library that it
// names gives its symbols one: the linker did not see the library. A symbol of glibc is
// found all the same, from the release on that brought it. Where another comes from is
// open; a file that the process has loaded before may have it.
func (c *collector) unversioned() {
	if !c.namesVersioned() {
		return
	}
	lowest := c.policies.lowest(c.machine, c.libc)
	needs, open := map[string]bool{}, []Symbol(nil)
	for s := range c.file.ELF.Undefined() {
		if s.Weak || s.Version != "" || isPythons(s.Name) || ofLinker(s.Name) || machineSupport(s.Name) || c.set.Exports(s.Name) {
			continue
		}
		version := glibcSymbols()[s.Name]
		if version == "" {
			open = append(open, Symbol{Name: strings.Clone(s.Name)})
			continue
		}
		// Where glibc is newer than the symbol, it has the symbol from the beginning.
		if floor := glibcMinor(version); floor > lowest && !needs[version] && !c.names("libc.so.6", version) {
			needs[version] = true
			c.add(Demand{Kind: KindVersion, Floor: floor, Library: "libc.so.6", Version: version})
		}
	}
	if len(open) > 0 {
		c.add(Demand{Kind: KindSymbol, Symbols: open, Unsure: true})
	}
}

// glibcMinor is the Y of "GLIBC_2.Y", which is that of the first manylinux_2_Y with it.
func glibcMinor(version string) Floor {
	text, _, _ := strings.Cut(strings.TrimPrefix(version, "GLIBC_2."), ".")
	y, err := strconv.Atoi(text)
	if err != nil {
		return NoPolicy
	}
	return Floor(y)
}

// names reports whether the file itself says that it needs a version of a library.
func (c *collector) names(library, version string) bool {
	return slices.ContainsFunc(c.file.ELF.VersionNeeds, func(v elfaudit.VersionNeed) bool {
		return v.Library == library && slices.ContainsFunc(v.Versions, func(n elfaudit.Version) bool {
			return n.Name == version && c.asked(library, version, n.Weak)
		})
	})
}

// provider returns the library and the version that a symbol is taken from, those of
// glibc for one without a version that no file of the wheel has.
func (c *collector) provider(s elfaudit.Symbol) linkset.Bound {
	if s.Library == "" && !s.Weak && !isPythons(s.Name) && !c.set.Exports(s.Name) {
		return linkset.Bound{Library: "libc.so.6", Version: glibcSymbols()[s.Name]}
	}
	return linkset.Bound{Library: s.Library, Version: s.Version}
}

// namesVersioned reports whether the file needs libraries of the system, and only such
// that give all their symbols versions.
func (c *collector) namesVersioned() bool {
	if c.file.ELF.SymbolsFrom == elfaudit.SymbolsNone {
		return false
	}
	some := false
	for _, library := range slices.Concat(c.file.Needed, c.file.ELF.Filters) {
		switch {
		case c.set.Provides(c.file, library), IsLoader(library):
		case !slices.Contains(versioned, library):
			return false
		default:
			some = true
		}
	}
	return some
}

// ofLinker reports whether a linker defines a symbol wherever it is used.
func ofLinker(name string) bool {
	return slices.Contains([]string{"_GLOBAL_OFFSET_TABLE_", "_DYNAMIC", "__ehdr_start", "__dso_handle", "_end", "end", "_edata", "edata", "_etext", "etext", "__bss_start"}, name)
}

// asked reports whether the loader fails without a version of a library: for a version
// that is marked weak it only warns, but then it looks for the symbols.
func (c *collector) asked(library, version string, weak bool) bool {
	if !weak {
		return true
	}
	for s := range c.file.ELF.Undefined() {
		if !s.Weak && s.Library == library && s.Version == version {
			return true
		}
	}
	return false
}
