package elfaudit

import (
	"debug/elf"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// facts writes all facts of a file as lines, so that two readings, or a
// reading and another program's, can be compared and the difference shown.
func facts(f *File) []string {
	lines := slices.Concat(staticFacts(f), dynamicFacts(f), relocationFacts(f))
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	add("header %d %v %v %v %v %v %d %#x", f.Class, f.Order, f.Type, f.Kind, f.Machine, f.OSABI, f.ABIVersion, f.Flags)
	add("static %v padded %v broken notes %v", f.Static, f.Padded, f.NotesBroken)
	add("source %v count %d", f.SymbolsFrom, f.syms.count())
	add("properties %+v android %+v riscv %+v loongarch %+v", f.Properties, f.Android, f.RISCV, f.LoongArch)
	if f.ARM != nil {
		add("arm %d %v", f.ARM.EABI, f.ARM.Float)
	}
	return lines
}

// staticFacts are the facts of the program headers and notes that readelf
// prints too.
func staticFacts(f *File) []string {
	lines := []string{
		fmt.Sprintf("loads %+v", f.Loads),
		fmt.Sprintf("tls %+v", f.TLS),
		fmt.Sprintf("dynamic %v %d", f.Dynamic, f.DynamicSize),
		"interpreter " + f.Interpreter,
		"stack " + f.Stack.String(),
		fmt.Sprintf("relro %v %#x %d", f.RELRO, f.RELROAddr, f.RELROSize),
		fmt.Sprintf("wx %v", f.WritableExec),
		fmt.Sprintf("align %#x", f.LoadAlign),
		fmt.Sprintf("buildid %x", f.BuildID),
		fmt.Sprintf("isa needed %d", f.Properties.X86ISANeeded),
		fmt.Sprintf("ibt %v shstk %v bti %v pac %v", f.Properties.IBT, f.Properties.SHSTK, f.Properties.BTI, f.Properties.PAC),
	}
	if f.ABITag != nil {
		k := f.ABITag.Kernel
		lines = append(lines, fmt.Sprintf("abitag %d %d.%d.%d", f.ABITag.OS, k[0], k[1], k[2]))
	}
	return lines
}

// dynamicFacts are the facts behind the dynamic segment that readelf prints.
func dynamicFacts(f *File) []string {
	lines := []string{
		"soname " + f.Soname,
		"needed " + strings.Join(f.Needed, " "),
		"rpath " + strings.Join(f.RPath, ":"),
		"runpath " + strings.Join(f.RunPath, ":"),
		fmt.Sprintf("bindnow %v", f.BindNow),
		fmt.Sprintf("textrel %v", f.TextRel),
		fmt.Sprintf("relr %v", f.Relr),
		"filters " + strings.Join(f.Filters, " "),
		"auxiliaries " + strings.Join(f.Auxiliaries, " "),
		fmt.Sprintf("pie %v noopen %v init %v %d", f.PIE, f.NoOpen, f.Init, f.InitArray),
		fmt.Sprintf("relocation sizes %d %d %d %d, PLT %d", f.Entries[elf.DT_RELENT], f.Entries[elf.DT_RELAENT], f.Entries[DTRelrent], f.Entries[DTRelrsz], f.Entries[elf.DT_PLTREL]),
		fmt.Sprintf("relative relocations %d", f.Entries[elf.DT_RELACOUNT]),
	}
	for _, n := range f.VersionNeeds {
		for _, v := range n.Versions {
			lines = append(lines, fmt.Sprintf("need %s %s weak=%v %d", n.Library, v.Name, v.Weak, v.Index))
		}
	}
	for _, d := range f.VersionDefs {
		lines = append(lines, fmt.Sprintf("def %s base=%v weak=%v %d %v", d.Name, d.Base, d.Weak, d.Index, d.Parents))
	}
	for s := range f.Symbols() {
		lines = append(lines, symbolFact(s))
	}
	return lines
}

// relocationFacts are the facts that rest on each relocation.
func relocationFacts(f *File) []string {
	return []string{
		fmt.Sprintf("relocations in text %v", f.Relocations.Text),
		fmt.Sprintf("static TLS %v own %v", f.StaticTLS.Flag, f.StaticTLS.Own),
		fmt.Sprintf("static TLS of others %q", f.StaticTLS.Symbols),
	}
}

// symbolFact writes a symbol. Section symbols have no name of their own.
func symbolFact(s Symbol) string {
	name, bind := s.Name, "GLOBAL"
	switch {
	case s.Local:
		bind = "LOCAL"
	case s.Weak:
		bind = "WEAK"
	case s.Unique:
		bind = "UNIQUE"
	}
	if s.Type == elf.STT_SECTION {
		name = ""
	}
	mark := ""
	if s.Version != "" && s.Version != s.Name { // readelf leaves it out of the symbol that names it
		mark = "@" + s.Version
		if s.Defined && !s.Hidden && s.Library == "" {
			mark = "@" + mark
		}
	}
	return fmt.Sprintf("symbol %s%s %v %s %v %v", name, mark, s.Type, bind, s.Visibility, s.Defined)
}

// sameFacts reports the first lines in which two lists of facts differ.
func sameFacts(t *testing.T, name string, got, want []string) bool {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("%s: fact %d of %d/%d: got %q, want %q", name, i, len(got), len(want), g, w)
			return false
		}
	}
	return true
}
