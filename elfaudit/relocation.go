package elfaudit

import (
	"debug/elf"
	"fmt"
	"math/bits"
	"slices"
)

// Relocations states what the relocations do. How the dynamic table describes them is
// in [File.Entries].
type Relocations struct {
	// Text reports that a relocation changes a segment that is not writable. With
	// DT_TEXTREL a loader makes it writable first; some linkers set that flag
	// without such a relocation.
	Text bool

	// Outside reports that a relocation changes an address outside the loadable
	// segments, which ends the process.
	Outside bool

	// Ragged reports that a table has bytes after its last whole relocation.
	Ragged bool

	// Types are the different types of relocations but for 0, in ascending order, at
	// most [MaxTypes] of them. A loader refuses one that it does not know.
	Types []uint32

	// Relative is the number of relative relocations that DT_RELA, or DT_REL on
	// machines without it, begins with. DT_RELACOUNT and DT_RELCOUNT say the same;
	// glibc believes them. It is known for the machines of [File.MachineTag].
	Relative uint64
}

// MaxTypes is how many types of relocations are listed. No machine has that many.
const MaxTypes = 128

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
	Addr     uint64 // of the initial values
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
	plt := rela
	if kind := p.dyn.value[dynPltrel]; kind == uint64(elf.DT_REL) || kind != uint64(elf.DT_RELA) && !p.wide {
		plt = rel // what 32-bit machines have when it is not said
	}
	return [3]relocationTable{
		{dynRela, dynRelasz, rela, "DT_RELA"},
		{dynRel, dynRelsz, rel, "DT_REL"},
		{dynJmprel, dynPltrelsz, plt, "DT_JMPREL"},
	}
}

// addend is where in an entry the addend is, 0 when the address has it.
func (t relocationTable) addend(word int64) int64 {
	if t.entrySize == 3*word {
		return 2 * word
	}
	return 0
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
	// glibc goes on while there are bytes, so a part of an entry is a whole one.
	count := (int64(d.value[t.bytes]) + size - 1) / size
	p.f.Relocations.Ragged = p.f.Relocations.Ragged || d.value[t.bytes]%uint64(size) != 0
	end := off + count*size
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
	seen := typeSet{relative: relativeType(p.f.Machine)}
	targets := writable{loads: p.loads}
	p.called = p.dyn.arrays()
	for i, t := range p.relocationTables() {
		seen.leading = i < 2
		err := p.eachRelocation(t, func(off int64, addr, symbol uint64, typ uint32) error {
			if symbol >= count {
				return bad(CodeSymbol, off, t.field,
					fmt.Sprintf("a relocation uses symbol %d, but the file has %d (counted by %v)", symbol, count, p.f.SymbolsFrom))
			}
			seen.add(typ)
			if typ != 0 { // type 0 does nothing, on every machine
				p.f.Relocations.change(&targets, addr)
			}
			if len(p.called) > 0 {
				p.noteSlot(slot{off: off, at: addr, symbol: symbol, typ: typ, addend: t.addend(p.wordSize())})
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
	p.f.Relocations.Types, p.f.Relocations.Relative = seen.list, seen.count
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
			p.changePacked(targets, v)
			next = v + uint64(size)
			continue
		}
		for left := v >> 1; left != 0; left &= left - 1 {
			p.changePacked(targets, next+uint64(bits.TrailingZeros64(left))*uint64(size))
		}
		next += uint64(8*size-1) * uint64(size)
	}
	return nil
}

// changePacked notes a packed relocation, which is a relative one.
func (p *parser) changePacked(targets *writable, addr uint64) {
	p.f.Relocations.change(targets, addr)
	if len(p.called) > 0 {
		p.noteSlot(slot{at: addr, typ: relativeType(p.f.Machine)})
	}
}
