package manylinux

import (
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// muslReserved begin the library names that musl's loader resolves to itself,
// whatever follows: all of them are parts of its one library. (Tried with the
// loader of musl 1.2.3; its source calls them reserved.)
var muslReserved = []string{"libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."}

// MuslHas reports whether musl, or what PEP 656 lets a wheel expect next to it,
// satisfies a library name.
func MuslHas(library string) bool {
	if strings.HasPrefix(library, "ld-musl-") || library == "libz.so.1" {
		return true
	}
	return slices.ContainsFunc(muslReserved, func(prefix string) bool { return strings.HasPrefix(library, prefix) })
}

// musl adds what a file for musl asks of the system that not every musllinux
// policy gives.
func (c *collector) musl() {
	symbols := c.muslSymbols()
	for _, since := range slices.Sorted(maps.Keys(symbols)) {
		d := Demand{Kind: KindMusl, Floor: muslFloor(since), Library: "libc.so", Symbols: symbols[since]}
		if since > 0 {
			d.Version = since.String()
		}
		c.add(d)
	}
	for _, library := range c.file.Needed {
		if !c.set.Provides(c.file, library) && !MuslHas(library) {
			c.add(Demand{Kind: KindLibrary, Floor: NoPolicy, Library: library})
		}
	}
	for _, d := range c.banned() {
		// The internals of libz are banned as they are for manylinux; the
		// other bans are about glibc.
		if d.Library == "libz.so.1" {
			d.Floor = NoPolicy
			c.add(d)
		}
	}
}

// muslSymbols lists what the file takes from musl that not every release has, by
// the release that brought it. Release 0 is for symbols that musl never had. Those
// are certain only where nothing else can provide them: every library that the
// file needs is musl itself or in the wheel, no file of the wheel defines the
// symbol, and it is not Python's.
func (c *collector) muslSymbols() map[MuslRelease][]Symbol {
	table := muslTable(c.machine)
	closed := c.closed()
	list := map[MuslRelease][]Symbol{}
	for s := range c.file.ELF.Undefined() {
		if s.Weak || s.Version != "" || isPythons(s.Name) || machineSupport(s.Name) {
			continue
		}
		since := table.since(s.Name)
		if since == always || since == 0 && !closed || c.set.Exports(s.Name) {
			continue
		}
		list[since] = append(list[since], Symbol{Name: strings.Clone(s.Name)})
	}
	return list
}

// closed reports whether everything that the file needs is known.
func (c *collector) closed() bool {
	if c.file.ELF.SymbolsFrom == elfaudit.SymbolsNone || len(c.file.ELF.Needed) == 0 {
		return false
	}
	for _, library := range c.file.Needed {
		if !c.set.Provides(c.file, library) && (!MuslHas(library) || library == "libz.so.1") {
			return false
		}
	}
	return true
}

// isPythons reports whether the interpreter defines a symbol.
func isPythons(name string) bool {
	return strings.HasPrefix(name, "Py") || strings.HasPrefix(name, "_Py")
}

// machineSupport reports whether the compiler's own support for a machine
// defines a symbol, which musl exports on that machine alone.
func machineSupport(name string) bool {
	return strings.HasPrefix(name, "__aeabi_") || slices.Contains([]string{"__tls_get_addr", "___tls_get_addr", "__tls_get_offset", "__riscv_flush_icache", "__getauxval"}, name)
}
