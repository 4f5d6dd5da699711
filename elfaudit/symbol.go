package elfaudit

import (
	"debug/elf"
	"fmt"
	"iter"
)

// Symbol is one entry of the dynamic symbol table.
type Symbol struct {
	Name       string
	Version    string // its symbol version, or ""
	Library    string // for a version needed, the library that must define it, or ""
	Defined    bool   // in this file; otherwise the loader has to find it
	Weak       bool   // STB_WEAK: may stay undefined
	Local      bool   // STB_LOCAL
	Unique     bool   // STB_GNU_UNIQUE: one copy in the whole process
	Hidden     bool   // its version is not the default one (name@VERSION, not name@@VERSION)
	Type       elf.SymType
	Visibility elf.SymVis
}

// SymbolSource is how the number of dynamic symbols was found. The format does
// not state it; it follows from other tables.
type SymbolSource uint8

// The ways to count symbols, best first.
const (
	SymbolsNone      SymbolSource = iota // there is no dynamic symbol table
	SymbolsGNUHash                       // the last chain of DT_GNU_HASH
	SymbolsSysVHash                      // the chain count of DT_HASH
	SymbolsLayout                        // the distance to the table that follows
	SymbolsRelocated                     // the highest index that a relocation uses
)

// String returns a short lower-case name.
func (s SymbolSource) String() string {
	switch s {
	case SymbolsGNUHash:
		return "gnu-hash"
	case SymbolsSysVHash:
		return "sysv-hash"
	case SymbolsLayout:
		return "layout"
	case SymbolsRelocated:
		return "relocations"
	}
	return "none"
}

// symbolTable is the raw dynamic symbol table, checked once by readSymbols so
// that decoding cannot fail.
type symbolTable struct {
	coding
	data     []byte
	versym   []byte // two bytes a symbol, or nil
	versions []versionRef
	names    stringTable
}

// count returns the number of entries, the empty first one included.
func (t *symbolTable) count() int {
	return len(t.data) / int(t.symbolSize())
}

// decode returns the i-th symbol.
func (t *symbolTable) decode(i int) Symbol {
	size := int(t.symbolSize())
	b := t.data[i*size : (i+1)*size]
	info, other, section := b[12], b[13], t.u16(b[14:])
	if t.wide {
		info, other, section = b[4], b[5], t.u16(b[6:])
	}
	bind := elf.ST_BIND(info)
	s := Symbol{
		Name:       t.names.at(t.u32(b)),
		Defined:    section != uint16(elf.SHN_UNDEF),
		Weak:       bind == elf.STB_WEAK,
		Local:      bind == elf.STB_LOCAL,
		Unique:     bind == stbGNUUnique,
		Type:       elf.ST_TYPE(info),
		Visibility: elf.ST_VISIBILITY(other),
	}
	if t.versym != nil {
		v := t.u16(t.versym[2*i:])
		s.Hidden = v&verHidden != 0
		if index := v & verIndexMask; index >= verFirstIndex {
			ref := &t.versions[index]
			s.Version, s.Library = ref.name, ref.library
		}
	}
	return s
}

// value returns the value of the i-th symbol: of a defined one its address.
func (t *symbolTable) value(i int) uint64 {
	b := t.data[i*int(t.symbolSize()):]
	if t.wide {
		return t.u64(b[8:])
	}
	return uint64(t.u32(b[4:]))
}

// readSymbols reads the symbol table and checks each entry, so that decoding it
// later cannot fail.
func (p *parser) readSymbols() error {
	n, err := p.countSymbols()
	if err != nil {
		return err
	}
	t := &p.f.syms
	t.coding, t.names = p.coding, p.strs
	size := uint64(p.symbolSize())
	off, err := p.span(p.dyn.value[dynSymtab], n*size, "DT_SYMTAB")
	if err != nil {
		return err
	}
	if t.data, err = p.table(off, int64(n*size), "DT_SYMTAB"); err != nil {
		return err
	}
	if n == 0 || !allZero(t.data[:size]) {
		return bad(CodeSymbol, off, "DT_SYMTAB", "does not start with the empty symbol")
	}
	for i := uint64(1); i < n; i++ {
		if name := t.u32(t.data[i*size:]); uint64(name) >= uint64(len(t.names.text)) {
			return bad(CodeString, off+int64(i*size), "DT_SYMTAB",
				fmt.Sprintf("symbol %d has a name outside the string table", i))
		}
	}
	if err := t.weighNames(n); err != nil {
		return err
	}
	if err := p.checkHashes(n); err != nil {
		return err
	}
	return p.readVersym(n)
}

// weighNames limits the bytes of the names of n symbols together, because each
// loop over the symbols reads them.
func (t *symbolTable) weighNames(n uint64) error {
	t.names.left += nameFactor * int64(len(t.data))
	if longest := min(len(t.names.text), maxName); int64(n)*int64(longest) <= t.names.left {
		return nil
	}
	size := uint64(t.symbolSize())
	for i := uint64(1); i < n; i++ {
		if err := t.names.spend(int64(len(t.names.at(t.u32(t.data[i*size:])))), "DT_SYMTAB"); err != nil {
			return err
		}
	}
	return nil
}

// readVersym reads the version number of each of n symbols.
func (p *parser) readVersym(n uint64) error {
	if !p.dyn.has[dynVersym] {
		return nil
	}
	off, err := p.span(p.dyn.value[dynVersym], 2*n, "DT_VERSYM")
	if err != nil {
		return err
	}
	t := &p.f.syms
	if t.versym, err = p.table(off, int64(2*n), "DT_VERSYM"); err != nil {
		return err
	}
	for i := 0; i < len(t.versym); i += 2 {
		index := t.u16(t.versym[i:]) & verIndexMask
		if index < verFirstIndex {
			continue
		}
		if int(index) >= len(t.versions) || t.versions[index] == (versionRef{}) {
			return bad(CodeVersion, off+int64(i), "DT_VERSYM",
				fmt.Sprintf("symbol %d has version index %d, which no version table defines", i/2, index))
		}
	}
	return nil
}

// stbGNUUnique is STB_GNU_UNIQUE, which debug/elf calls by its range.
const stbGNUUnique = elf.STB_LOOS

// Symbols returns the dynamic symbols in the order of their table, without
// the empty entry at its start. They are decoded as the loop proceeds.
func (f *File) Symbols() iter.Seq[Symbol] {
	return func(yield func(Symbol) bool) {
		for i := 1; i < f.syms.count(); i++ {
			if !yield(f.syms.decode(i)) {
				return
			}
		}
	}
}

// Undefined returns the symbols that the loader has to find in other files.
// Those that are [Symbol.Weak] may be missing.
func (f *File) Undefined() iter.Seq[Symbol] {
	return f.filter(func(s *Symbol) bool { return !s.Defined && !s.Local })
}

// Exported returns the symbols that other files can find in this one.
func (f *File) Exported() iter.Seq[Symbol] {
	return f.filter(func(s *Symbol) bool {
		return s.Defined && !s.Local && s.Visibility != elf.STV_HIDDEN && s.Visibility != elf.STV_INTERNAL
	})
}

// filter returns the symbols that keep accepts.
func (f *File) filter(keep func(*Symbol) bool) iter.Seq[Symbol] {
	return func(yield func(Symbol) bool) {
		for s := range f.Symbols() {
			if keep(&s) && !yield(s) {
				return
			}
		}
	}
}
