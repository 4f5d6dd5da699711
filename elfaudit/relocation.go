package elfaudit

import (
	"debug/elf"
	"fmt"
	"math/bits"
	"slices"
)

// Relocations states how the dynamic table describes the relocations, and what
// they do. glibc aborts when an entry size is not that of the class, or when PLT
// is a kind that the machine does not have (elf/get-dynamic-info.h).
type Relocations struct {
	RelEntry  uint64 // DT_RELENT in bytes; 0 when absent, as for the next three
	RelaEntry uint64 // DT_RELAENT
	RelrEntry uint64 // DT_RELRENT
	RelrSize  uint64 // DT_RELRSZ, the bytes of DT_RELR
	PLT       uint64 // DT_PLTREL: 17 for DT_REL, 7 for DT_RELA, 0 when absent

	// Text reports that a relocation changes a segment that is not writable. With
	// DT_TEXTREL a loader makes it writable first; some linkers set that flag
	// without such a relocation.
	Text bool
}

// StaticTLS states what a file demands of thread-local storage that the loader
// has to place at a fixed distance from the thread pointer. Once a program runs,
// glibc has little room left for that, and musl has none.
type StaticTLS struct {
	Flag bool // DF_STATIC_TLS

	// Own reports that a relocation asks for that distance of a variable that the
	// file defines. Symbols are the variables of other files that relocations ask
	// for. Both are known only for the machines of [File.MachineTag].
	Own     bool
	Symbols []string
}

// TLS is the segment of initial values of thread-local variables, PT_TLS. Sizes
// and Align are in bytes.
type TLS struct {
	FileSize uint64
	MemSize  uint64 // what each thread needs
	Align    uint64
}

// relocationTable is where one table of relocations is.
type relocationTable struct {
	table, bytes entry
	entrySize    int64
	field        string
}

// relocationTables lists the tables that all loaders know but for DT_RELR.
func (p *parser) relocationTables() [3]relocationTable {
	rel, rela := 2*p.wordSize(), 3*p.wordSize()
	plt := rel
	if p.dyn.value[dynPltrel] == uint64(elf.DT_RELA) {
		plt = rela
	}
	return [3]relocationTable{
		{dynRela, dynRelasz, rela, "DT_RELA"},
		{dynRel, dynRelsz, rel, "DT_REL"},
		{dynJmprel, dynPltrelsz, plt, "DT_JMPREL"},
	}
}

// eachRelocation calls visit for the entries of a table: where in the file each
// is, the address that it changes, and the index of its symbol and its type.
func (p *parser) eachRelocation(t relocationTable, visit func(off int64, addr, symbol uint64, typ uint32) error) error {
	d := &p.dyn
	if !d.has[t.table] || d.value[t.bytes] == 0 {
		return nil
	}
	off, err := p.span(d.value[t.table], d.value[t.bytes], t.field)
	if err != nil {
		return err
	}
	size := t.entrySize
	end := off + int64(d.value[t.bytes])/size*size
	for off < end {
		b, err := p.at(off, min(windowSize/size*size, end-off), end, t.field)
		if err != nil {
			return err
		}
		for ; len(b) > 0; b, off = b[size:], off+size {
			symbol, typ := uint64(p.u32(b[4:])>>8), p.u32(b[4:])&0xff
			if p.wide {
				info := p.u64(b[8:])
				symbol, typ = info>>32, uint32(info)
			}
			if err := visit(off, p.word(b, 0), symbol, typ); err != nil {
				return err
			}
		}
	}
	return nil
}

// readRelocations checks the symbols that relocations use and takes the facts
// that follow from relocations. A hash table may give too small a number of
// symbols: a loader still resolves the others when a relocation uses them.
func (p *parser) readRelocations() error {
	if p.f.Machine == elf.EM_MIPS { // has its own format
		return nil
	}
	symbols := &p.f.syms
	count := uint64(symbols.count())
	named := map[uint64]bool{} // symbols of other files in StaticTLS
	offsets := threadOffsets(p.f.Machine)
	targets := writable{loads: p.loads}
	for _, t := range p.relocationTables() {
		err := p.eachRelocation(t, func(off int64, addr, symbol uint64, typ uint32) error {
			if symbol >= count {
				return bad(CodeSymbol, off, t.field,
					fmt.Sprintf("a relocation uses symbol %d, but the file has %d (counted by %v)", symbol, count, p.f.SymbolsFrom))
			}
			if typ != 0 && !targets.at(addr) { // type 0 does nothing, on every machine
				p.f.Relocations.Text = true
			}
			if !slices.Contains(offsets, typ) {
				return nil
			}
			to := &p.f.StaticTLS
			switch s := symbols.decode(int(symbol)); {
			case symbol == 0 || s.Defined:
				to.Own = true
			case !named[symbol]:
				named[symbol] = true
				to.Symbols = append(to.Symbols, s.Name)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return p.readRelr(&targets)
}

// readRelr goes through the packed relative relocations (gABI, SHT_RELR): an even
// word is an address, an odd one a bit for each word that follows the last.
func (p *parser) readRelr(targets *writable) error {
	d := &p.dyn
	const field = "DT_RELR"
	if !d.has[dynRelr] || d.value[dynRelrsz] == 0 {
		return nil
	}
	off, err := p.span(d.value[dynRelr], d.value[dynRelrsz], field)
	if err != nil {
		return err
	}
	size := p.wordSize()
	next := uint64(0)
	for end := off + int64(d.value[dynRelrsz]); off+size <= end; off += size {
		b, err := p.at(off, size, end, field)
		if err != nil {
			return err
		}
		v := p.word(b, 0)
		if v&1 == 0 {
			p.f.Relocations.Text = p.f.Relocations.Text || !targets.at(v)
			next = v + uint64(size)
			continue
		}
		for left := v >> 1; left != 0 && !p.f.Relocations.Text; left &= left - 1 {
			p.f.Relocations.Text = !targets.at(next + uint64(bits.TrailingZeros64(left))*uint64(size))
		}
		next += uint64(8*size-1) * uint64(size)
	}
	return nil
}

// writable finds out which addresses are in writable segments.
type writable struct {
	loads []segment
	last  int // the index of the segment that was found last
}

// at reports whether addr is writable. An address in no segment counts as
// writable: nobody makes it so.
func (w *writable) at(addr uint64) bool {
	if s := &w.loads[w.last]; addr-s.vaddr < s.memsz { // less than vaddr is far too much
		return s.flags&elf.PF_W != 0
	}
	for i := range w.loads {
		if s := &w.loads[i]; addr-s.vaddr < s.memsz {
			w.last = i
			return s.flags&elf.PF_W != 0
		}
	}
	return true
}

// threadOffsets lists the relocation types that write the distance of a variable
// from the thread pointer, which is fixed when a file is loaded.
func threadOffsets(machine elf.Machine) []uint32 {
	switch machine {
	case elf.EM_X86_64:
		return []uint32{uint32(elf.R_X86_64_TPOFF64), uint32(elf.R_X86_64_TPOFF32)}
	case elf.EM_386:
		return []uint32{uint32(elf.R_386_TLS_TPOFF), uint32(elf.R_386_TLS_TPOFF32)}
	case elf.EM_AARCH64:
		return []uint32{uint32(elf.R_AARCH64_TLS_TPREL64)}
	case elf.EM_ARM:
		return []uint32{uint32(elf.R_ARM_TLS_TPOFF32)}
	case elf.EM_PPC64: // those for parts of the distance are in code that is not position independent
		return []uint32{uint32(elf.R_PPC64_TPREL64), uint32(elf.R_PPC64_TPREL16), uint32(elf.R_PPC64_TPREL16_LO), uint32(elf.R_PPC64_TPREL16_HI), uint32(elf.R_PPC64_TPREL16_HA)}
	case elf.EM_S390:
		return []uint32{uint32(elf.R_390_TLS_TPOFF)}
	case elf.EM_RISCV:
		return []uint32{uint32(elf.R_RISCV_TLS_TPREL32), uint32(elf.R_RISCV_TLS_TPREL64)}
	case elf.EM_LOONGARCH:
		return []uint32{uint32(elf.R_LARCH_TLS_TPREL32), uint32(elf.R_LARCH_TLS_TPREL64)}
	}
	return nil
}
