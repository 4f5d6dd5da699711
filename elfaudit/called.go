package elfaudit

import (
	"debug/elf"
	"slices"
)

// array is a list of functions that a loader calls, in memory from addr to end.
type array struct {
	tag       elf.DynTag
	addr, end uint64
}

// slot is a relocation of an element of an array.
type slot struct {
	array
	off    int64 // the relocation in the file; a packed one needs none
	at     uint64
	symbol uint64
	typ    uint32
	addend int64 // where in the relocation the addend is, 0 when it is at the address
}

// maxSlots is how many elements of arrays are looked at. Real files have some hundred.
const maxSlots = 1 << 12

// arrays lists the arrays of functions. The loader of glibc calls DT_PREINIT_ARRAY of a
// library too, if it comes first.
func (d *dynamic) arrays() []array {
	var list []array
	for _, a := range [...]struct {
		tag         elf.DynTag
		addr, bytes entry
	}{
		{elf.DT_PREINIT_ARRAY, dynPreinitArray, dynPreinitArraysz},
		{elf.DT_INIT_ARRAY, dynInitArray, dynInitArraysz},
		{elf.DT_FINI_ARRAY, dynFiniArray, dynFiniArraysz},
	} {
		if addr := d.value[a.addr]; d.has[a.addr] && d.value[a.bytes] > 0 {
			list = append(list, array{a.tag, addr, addr + d.value[a.bytes]})
		}
	}
	return list
}

// noteSlot keeps a relocation if it is of an element of an array.
func (p *parser) noteSlot(s slot) {
	for _, a := range p.called {
		if s.at-a.addr < a.end-a.addr && len(p.slots) < maxSlots {
			s.array = a
			p.slots = append(p.slots, s)
		}
	}
}

// readCalled finds out which of the functions that loaders call by themselves are not
// in an executable segment.
func (p *parser) readCalled() error {
	if p.f.Kind != KindSharedObject || p.f.descriptors() {
		return nil
	}
	d := &p.dyn
	for _, one := range [...]struct {
		tag elf.DynTag
		e   entry
	}{{elf.DT_INIT, dynInit}, {elf.DT_FINI, dynFini}} {
		if d.has[one.e] && !p.executable(d.value[one.e]) {
			p.misplaced(one.tag)
		}
	}
	for _, a := range p.called {
		if inside, _ := (&writable{loads: p.loads}).find(a.addr); !inside {
			p.misplaced(a.tag)
		}
	}
	relative := relativeType(p.f.Machine)
	for i := range p.slots {
		s := &p.slots[i]
		to, err := p.f.syms.value(int(s.symbol)), error(nil)
		switch object := p.f.syms.decode(int(s.symbol)); {
		case s.symbol != 0 && object.Defined && object.Type == elf.STT_OBJECT:
		case s.symbol != 0 || relative == 0 || s.typ != relative:
			continue // where a function is, other files may decide
		default:
			to, err = p.target(s)
		}
		if err != nil {
			return err
		}
		if !p.executable(to) {
			p.misplaced(s.tag)
		}
	}
	slices.Sort(p.f.Misplaced)
	return nil
}

// target reads the address that a relative relocation writes.
func (p *parser) target(s *slot) (uint64, error) {
	off, end := s.off+s.addend, p.size
	if s.addend == 0 {
		var err error
		if off, end, err = p.locate(s.at, s.tag.String()); err != nil {
			return 0, nil // zeros
		}
	}
	b, err := p.at(off, p.wordSize(), end, s.tag.String())
	if err != nil {
		return 0, err
	}
	return p.word(b, 0), nil
}

func (p *parser) misplaced(tag elf.DynTag) {
	if !slices.Contains(p.f.Misplaced, tag) {
		p.f.Misplaced = append(p.f.Misplaced, tag)
	}
}

// executable reports whether an address is in an executable segment.
func (p *parser) executable(addr uint64) bool {
	return slices.ContainsFunc(p.loads, func(s segment) bool { return addr-s.vaddr < s.memsz && s.flags&elf.PF_X != 0 })
}

// descriptors reports whether the address of a function is that of a descriptor among
// the data, as the first ABI of 64-bit PowerPC has it.
func (f *File) descriptors() bool {
	const abi = 3 // of e_flags; 0 is the first ABI for big-endian files
	return f.Machine == elf.EM_PPC64 && f.Flags&abi != 2 && (f.Flags&abi == 1 || f.Order.String() == "BigEndian")
}
