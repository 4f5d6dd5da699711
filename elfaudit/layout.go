package elfaudit

import "debug/elf"

// countByLayout counts symbols when no hash table does, as in a program that
// exports nothing. Linkers put another dynamic table right after the symbol
// table, so the distance to the next table gives the number. If a tool has moved
// that table, the bytes in between do not look like symbols; the relocations then
// show which symbols are in use.
func (p *parser) countByLayout() (uint64, error) {
	size := uint64(p.symbolSize())
	start := p.dyn.value[dynSymtab]
	off, end, err := p.locate(start, "DT_SYMTAB")
	if err != nil {
		return 0, err
	}
	room := uint64(end - off)
	distance := room
	for _, e := range [...]entry{dynStrtab, dynHash, dynGNUHash, dynVersym, dynVerneed, dynVerdef, dynRela, dynRel, dynJmprel} {
		if next := p.dyn.value[e]; p.dyn.has[e] && next > start {
			distance = min(distance, next-start)
		}
	}
	if distance < room && distance >= size {
		n := distance / size
		if ok, err := p.plausibleSymbols(off, n); err != nil {
			return 0, err
		} else if ok {
			p.f.SymbolsFrom = SymbolsLayout
			return n, nil
		}
	}
	p.f.SymbolsFrom = SymbolsRelocated
	return p.countRelocated()
}

// plausibleSymbols reports whether the n entries at off can be a symbol table:
// the first one empty, the others not, each with a name and a binding.
func (p *parser) plausibleSymbols(off int64, n uint64) (bool, error) {
	size := p.symbolSize()
	for i := range n {
		b, err := p.at(off+int64(i)*size, size, p.size, "DT_SYMTAB")
		if err != nil {
			return false, err
		}
		if i == 0 {
			if !allZero(b) {
				return false, nil
			}
			continue
		}
		name, info, section := p.u32(b), b[12], p.u16(b[14:])
		if p.wide {
			info, section = b[4], p.u16(b[6:])
		}
		undefined := section == uint16(elf.SHN_UNDEF)
		switch bind := elf.ST_BIND(info); {
		case uint64(name) >= uint64(len(p.strs.text)),
			undefined && (name == 0 || bind == elf.STB_LOCAL),
			bind > elf.STB_WEAK && bind != stbGNUUnique:
			return false, nil
		}
	}
	return true, nil
}

// allZero reports whether b has only zero bytes.
func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// countRelocated returns one more than the highest symbol index that a
// relocation uses. A symbol that none uses has no effect on loading.
func (p *parser) countRelocated() (uint64, error) {
	d := &p.dyn
	if d.packed || p.f.Machine == elf.EM_MIPS { // relocations in formats of their own
		return 0, bad(CodeSymbol, d.off, "DT_SYMTAB", "the number of symbols cannot be determined")
	}
	top := uint64(0)
	for _, t := range p.relocationTables() {
		err := p.eachRelocation(t, func(_ int64, _, symbol uint64, _ uint32) error {
			top = max(top, symbol)
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return top + 1, nil
}
