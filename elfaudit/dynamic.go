package elfaudit

import (
	"debug/elf"
	"slices"
	"strings"
)

// Tags that debug/elf does not name.
const (
	dtRelr        = 36         // DT_RELR: packed relative relocations
	dtCrel        = 38         // DT_CREL: packed relocations of any sort
	dtAndroidRel  = 0x6000000f // DT_ANDROID_REL: likewise
	dtAndroidRela = 0x60000011 // DT_ANDROID_RELA: likewise
)

// entry numbers the entries of the dynamic table whose last value counts.
type entry int

const (
	dynStrtab entry = iota
	dynStrsz
	dynSymtab
	dynSyment
	dynHash
	dynGNUHash
	dynVersym
	dynVerneed
	dynVerneednum
	dynVerdef
	dynVerdefnum
	dynSoname
	dynRpath
	dynRunpath
	dynFlags
	dynFlags1
	dynRela
	dynRelasz
	dynRel
	dynRelsz
	dynJmprel
	dynPltrelsz
	dynPltrel
	dynEntries // their number
)

// entryOf maps tags to entries.
func entryOf(tag elf.DynTag) (entry, bool) {
	switch tag {
	case elf.DT_STRTAB:
		return dynStrtab, true
	case elf.DT_STRSZ:
		return dynStrsz, true
	case elf.DT_SYMTAB:
		return dynSymtab, true
	case elf.DT_SYMENT:
		return dynSyment, true
	case elf.DT_HASH:
		return dynHash, true
	case elf.DT_GNU_HASH:
		return dynGNUHash, true
	case elf.DT_VERSYM:
		return dynVersym, true
	case elf.DT_VERNEED:
		return dynVerneed, true
	case elf.DT_VERNEEDNUM:
		return dynVerneednum, true
	case elf.DT_VERDEF:
		return dynVerdef, true
	case elf.DT_VERDEFNUM:
		return dynVerdefnum, true
	case elf.DT_SONAME:
		return dynSoname, true
	case elf.DT_RPATH:
		return dynRpath, true
	case elf.DT_RUNPATH:
		return dynRunpath, true
	case elf.DT_FLAGS:
		return dynFlags, true
	case elf.DT_FLAGS_1:
		return dynFlags1, true
	}
	return relocationEntryOf(tag)
}

// relocationEntryOf maps the tags that locate relocations.
func relocationEntryOf(tag elf.DynTag) (entry, bool) {
	switch tag {
	case elf.DT_RELA:
		return dynRela, true
	case elf.DT_RELASZ:
		return dynRelasz, true
	case elf.DT_REL:
		return dynRel, true
	case elf.DT_RELSZ:
		return dynRelsz, true
	case elf.DT_JMPREL:
		return dynJmprel, true
	case elf.DT_PLTRELSZ:
		return dynPltrelsz, true
	case elf.DT_PLTREL:
		return dynPltrel, true
	}
	return 0, false
}

// dynamic is the dynamic table. Where a tag occurs twice the last one counts,
// as it does for the loaders of glibc and musl, except for DT_NEEDED.
type dynamic struct {
	off    int64 // where it lies in the file
	needed []uint64
	packed bool // has relocations in a packed format
	value  [dynEntries]uint64
	has    [dynEntries]bool
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
		p.f.Kind, p.f.Static, p.f.StaticPIE = KindExecutable, true, p.f.Type == elf.ET_DYN
		return nil
	}
	if err := p.readDynamicTable(s); err != nil {
		return err
	}
	if err := p.readStrings(); err != nil {
		return err
	}
	p.classify()
	if err := p.readVersions(); err != nil {
		return err
	}
	return p.readSymbols()
}

// readDynamicTable walks the table to DT_NULL. Its size in the program header
// does not bound the walk, because it does not bound that of the loaders.
func (p *parser) readDynamicTable(s *segment) error {
	off, end, err := p.locate(s.vaddr, "PT_DYNAMIC")
	if err != nil {
		return err
	}
	if uint64(off) != s.off {
		return bad(CodeDynamic, off, "PT_DYNAMIC", "its address and its file offset lead to different bytes")
	}
	p.dyn.off = off
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
	case tag == dtRelr:
		p.f.Relr = true
	case tag == dtCrel, tag == dtAndroidRel, tag == dtAndroidRela:
		p.dyn.packed = true
	case tag < 1<<31: // a tag that fits elf.DynTag
		if e, ok := entryOf(elf.DynTag(tag)); ok {
			p.dyn.value[e], p.dyn.has[e] = value, true
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
	if len(d.needed) > 0 {
		f.Needed = make([]string, len(d.needed))
	}
	for i, at := range d.needed {
		if f.Needed[i], err = p.strs.get(at, "DT_NEEDED"); err != nil {
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

// classify takes the facts that the dynamic flags state.
func (p *parser) classify() {
	f := p.f
	flags, flags1 := elf.DynFlag(p.dyn.value[dynFlags]), elf.DynFlag1(p.dyn.value[dynFlags1])
	f.BindNow = f.BindNow || flags&elf.DF_BIND_NOW != 0 || flags1&elf.DF_1_NOW != 0
	f.TextRel = f.TextRel || flags&elf.DF_TEXTREL != 0
	f.Kind = KindSharedObject
	if f.Type == elf.ET_EXEC || flags1&elf.DF_1_PIE != 0 || f.Interpreter != "" && !p.dyn.has[dynSoname] {
		f.Kind = KindExecutable
	}
	f.Static = f.Kind == KindExecutable && f.Interpreter == "" && len(f.Needed) == 0
	f.StaticPIE = f.Static && f.Type == elf.ET_DYN
}
