package elfaudit

import (
	"debug/elf"
	"slices"
	"strings"
)

// dynamic is the dynamic table. Where a tag occurs twice the last one counts,
// as it does for the loaders of glibc and musl, except for those that name
// libraries.
type dynamic struct {
	off         int64 // its file offset
	needed      []uint64
	filters     []uint64
	auxiliaries []uint64
	packed      bool   // has relocations in a packed format
	twice       string // an entry with two values of which loaders take different ones
	value       [dynEntries]uint64
	has         [dynEntries]bool
}

// readDynamic finds the dynamic table and reads everything it leads to.
func (p *parser) readDynamic() error {
	// As the loaders do, take the last PT_DYNAMIC if there are several.
	var s *segment
	for i := range p.segs {
		if p.segs[i].typ == elf.PT_DYNAMIC {
			s = &p.segs[i]
		}
	}
	if s == nil {
		if p.f.Interpreter != "" {
			return bad(CodeDynamic, -1, "PT_DYNAMIC", "missing, though the file names an interpreter")
		}
		p.f.Kind, p.f.Static = KindExecutable, true
		return nil
	}
	p.f.Dynamic, p.f.DynamicSize, p.f.DynamicFlags = true, s.filesz, s.flags
	if err := p.readDynamicTable(s); err != nil {
		return err
	}
	_, ok := (&writable{loads: p.loads}).find(s.vaddr)
	p.f.DynamicReadOnly = !ok
	if p.dyn.twice != "" {
		return bad(CodeDynamic, p.dyn.off, p.dyn.twice, "occurs twice with different values")
	}
	if err := p.readStrings(); err != nil {
		return err
	}
	p.classify()
	for _, step := range [...]func() error{p.readVersions, p.readSymbols, p.readRelocations, p.readCalled} {
		if err := step(); err != nil {
			return err
		}
	}
	p.f.Unreadable = p.unreadable
	return nil
}

// readDynamicTable reads the table up to DT_NULL. Loaders ignore its size in the
// program header, and so does this.
func (p *parser) readDynamicTable(s *segment) error {
	off, end, err := p.locate(s.vaddr, "PT_DYNAMIC")
	if err != nil {
		return err
	}
	if uint64(off) != s.off {
		return bad(CodeDynamic, off, "PT_DYNAMIC", "its address and its file offset refer to different bytes")
	}
	p.dyn.off = off
	p.f.Entries = make(map[elf.DynTag]uint64, 24)
	size := 2 * p.wordSize()
	for range maxDynamic {
		b, err := p.at(off, size, end, "dynamic table")
		if err != nil {
			return err
		}
		tag, value := p.word(b, 0), p.word(b, 1)
		if tag == uint64(elf.DT_NULL) {
			return nil
		}
		p.addEntry(tag, value)
		off += size
	}
	return bad(CodeLimit, p.dyn.off, "dynamic table", "more than 65,536 entries")
}

// addEntry records one entry of the dynamic table.
func (p *parser) addEntry(tag, value uint64) {
	switch {
	case tag == uint64(elf.DT_NEEDED):
		if p.dyn.needed == nil {
			p.dyn.needed = make([]uint64, 0, 8)
		}
		p.dyn.needed = append(p.dyn.needed, value)
	case tag == uint64(elf.DT_TEXTREL):
		p.f.TextRel = true
	case tag == uint64(elf.DT_BIND_NOW):
		p.f.BindNow = true
	case tag == dtFilter:
		p.dyn.filters = append(p.dyn.filters, value)
	case tag == dtAuxiliary:
		p.dyn.auxiliaries = append(p.dyn.auxiliaries, value)
	case tag == dtCrel, tag == dtAndroidRel, tag == dtAndroidRela:
		p.dyn.packed = true
	case tag < 1<<31: // a tag that fits elf.DynTag
		if e, ok := entryOf(elf.DynTag(tag)); ok {
			// Of these musl takes the first, glibc the last.
			if (e == dynGNUHash || e == dynVersym) && p.dyn.has[e] && p.dyn.value[e] != value {
				p.dyn.twice = elf.DynTag(tag).String()
			}
			p.dyn.value[e], p.dyn.has[e] = value, true
			p.f.Entries[elf.DynTag(tag)] = value
		}
	}
}

// readStrings reads the string table and the entries that name strings.
func (p *parser) readStrings() error {
	d := &p.dyn
	for _, need := range [...]struct {
		e   entry
		tag string
	}{{dynStrtab, "DT_STRTAB"}, {dynStrsz, "DT_STRSZ"}, {dynSymtab, "DT_SYMTAB"}} {
		if !d.has[need.e] {
			return bad(CodeDynamic, d.off, need.tag, "missing from the dynamic table")
		}
	}
	size := d.value[dynStrsz]
	off, err := p.span(d.value[dynStrtab], size, "DT_STRTAB")
	if err != nil {
		return err
	}
	text, err := p.text(off, int64(size), "DT_STRTAB")
	if err != nil {
		return err
	}
	if p.strs, err = newStringTable(text, off); err != nil {
		return err
	}
	f := p.f
	for _, list := range [...]struct {
		names *[]string
		at    []uint64
		tag   string
	}{{&f.Needed, d.needed, "DT_NEEDED"}, {&f.Filters, d.filters, "DT_FILTER"}, {&f.Auxiliaries, d.auxiliaries, "DT_AUXILIARY"}} {
		if *list.names, err = p.names(list.at, list.tag); err != nil {
			return err
		}
	}
	if d.has[dynSoname] {
		if f.Soname, err = p.strs.get(d.value[dynSoname], "DT_SONAME"); err != nil {
			return err
		}
	}
	if f.RPath, err = p.searchPath(dynRpath, "DT_RPATH"); err != nil {
		return err
	}
	f.RunPath, err = p.searchPath(dynRunpath, "DT_RUNPATH")
	return err
}

// names returns the strings at several offsets of the string table, nil for none.
func (p *parser) names(at []uint64, tag string) (list []string, err error) {
	if len(at) > 0 {
		list = make([]string, len(at))
	}
	for i := range at {
		if list[i], err = p.strs.get(at[i], tag); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// searchPath reads a list of directories. It is nil when the entry is absent.
func (p *parser) searchPath(e entry, tag string) ([]string, error) {
	if !p.dyn.has[e] {
		return nil, nil
	}
	s, err := p.strs.get(p.dyn.value[e], tag)
	if err != nil {
		return nil, err
	}
	return slices.Clip(strings.Split(s, ":")), nil
}

// classify takes the facts that the dynamic flags and sizes state.
func (p *parser) classify() {
	f := p.f
	flags, flags1 := elf.DynFlag(p.dyn.value[dynFlags]), elf.DynFlag1(p.dyn.value[dynFlags1])
	f.BindNow = f.BindNow || flags&elf.DF_BIND_NOW != 0 || flags1&elf.DF_1_NOW != 0
	f.TextRel = f.TextRel || flags&elf.DF_TEXTREL != 0
	f.StaticTLS.Flag = flags&elf.DF_STATIC_TLS != 0
	f.PIE, f.NoOpen = flags1&elf.DF_1_PIE != 0, flags1&elf.DF_1_NOOPEN != 0
	f.Init, f.InitArray = p.dyn.has[dynInit], p.dyn.value[dynInitArraysz]/uint64(p.wordSize())
	f.Relr = p.dyn.has[dynRelr]
	f.Kind = KindSharedObject
	if f.Type == elf.ET_EXEC || f.PIE || f.Interpreter != "" && !p.dyn.has[dynSoname] {
		f.Kind = KindExecutable
	}
	f.Static = f.Kind == KindExecutable && f.Interpreter == "" && len(f.Needed) == 0
}
