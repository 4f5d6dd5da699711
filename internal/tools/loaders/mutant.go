//go:build linux

package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
)

// base is an ELF file that mutants are made of, and where its headers are.
type base struct {
	name    string
	data    []byte
	order   binary.ByteOrder
	word    int // bytes of an address
	headers int // offset of the program headers
	count   int // of program headers
	dynamic int // offset of the dynamic table
	entries int // its entries, the first DT_NULL included
}

// newBase finds the headers of a file that a linker made.
func newBase(name string, data []byte) (base, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return base{}, fmt.Errorf("%s: %w", name, err)
	}
	b := base{name: name, data: data, order: f.ByteOrder, word: 4, count: len(f.Progs)}
	if f.Class == elf.ELFCLASS64 {
		b.word = 8
	}
	b.headers = int(b.get(24+b.word, b.word))
	for _, p := range f.Progs {
		if p.Type != elf.PT_DYNAMIC {
			continue
		}
		b.dynamic = int(p.Off)
		for at := b.dynamic; at < b.dynamic+int(p.Filesz); at += 2 * b.word {
			if b.entries++; b.get(at, b.word) == uint64(elf.DT_NULL) {
				break
			}
		}
	}
	if b.entries == 0 {
		return base{}, fmt.Errorf("%s: no dynamic table", name)
	}
	return b, nil
}

// get reads the number of some bytes at an offset.
func (b *base) get(at, size int) uint64 {
	switch size {
	case 1:
		return uint64(b.data[at])
	case 2:
		return uint64(b.order.Uint16(b.data[at:]))
	case 4:
		return uint64(b.order.Uint32(b.data[at:]))
	}
	return b.order.Uint64(b.data[at:])
}

// mutant is a changed copy of a base.
type mutant struct {
	base
	random  *rand.Rand
	changes []string // what was done, in order
}

// mutate makes the mutant with a number of a base, always the same.
func (b *base) mutate(number uint64) *mutant {
	m := &mutant{base: *b, random: rand.New(rand.NewPCG(number, 2026))}
	m.data = slices.Clone(b.data)
	for again := true; again; again = m.random.IntN(4) == 0 {
		switch m.random.IntN(10) {
		case 0, 1:
			m.changeHeader()
		case 2, 3, 4:
			m.changeSegment()
		default:
			m.changeEntry()
		}
	}
	return m
}

// put writes a number over another one and says so.
func (m *mutant) put(what string, at, size int, value uint64) {
	old := m.get(at, size)
	switch size {
	case 1:
		m.data[at] = byte(value)
	case 2:
		m.order.PutUint16(m.data[at:], uint16(value))
	case 4:
		m.order.PutUint32(m.data[at:], uint32(value))
	default:
		m.order.PutUint64(m.data[at:], value)
	}
	m.changes = append(m.changes, fmt.Sprintf("%s %#x -> %#x", what, old, m.get(at, size)))
}

// number chooses a number near an old one, or one that often makes a difference.
func (m *mutant) number(old uint64) uint64 {
	r := m.random
	switch r.IntN(8) {
	case 0:
		return 0
	case 1:
		return old ^ 1<<r.IntN(64)
	case 2:
		return old ^ 1<<r.IntN(6)
	case 3:
		return old + uint64(r.IntN(16)+1)*8
	case 4:
		return old - uint64(r.IntN(16)+1)*8
	case 5:
		return old + []uint64{0x1000, 0x10000, 0x200000, ^uint64(0xfff)}[r.IntN(4)]
	case 6:
		return []uint64{1, 2, 8, 24, 0x1000, 0x10000, uint64(len(m.data)), 1 << 20, 1 << 31, 1 << 40, 1 << 47, 1 << 63, ^uint64(0)}[r.IntN(13)]
	}
	return m.address()
}

// address is an address or a size that the file itself has.
func (m *mutant) address() uint64 {
	if m.random.IntN(2) == 0 {
		return m.get(m.dynamic+m.random.IntN(m.entries)*2*m.word+m.word, m.word)
	}
	_, at := m.segmentField(m.random.IntN(m.count), 2+m.random.IntN(5))
	return m.get(at, m.word)
}

// headerFields are the fields of the ELF header from e_type on; 0 is the size of an
// address.
var headerFields = []struct {
	name string
	size int
}{
	{"e_type", 2}, {"e_machine", 2}, {"e_version", 4}, {"e_entry", 0}, {"e_phoff", 0}, {"e_shoff", 0}, {"e_flags", 4},
	{"e_ehsize", 2}, {"e_phentsize", 2}, {"e_phnum", 2}, {"e_shentsize", 2}, {"e_shnum", 2}, {"e_shstrndx", 2},
}

// changeHeader changes a field of the ELF header.
func (m *mutant) changeHeader() {
	if m.random.IntN(3) == 0 {
		at := 4 + m.random.IntN(elf.EI_NIDENT-4)
		m.put(fmt.Sprintf("e_ident[%d]", at), at, 1, []uint64{0, 1, 2, 3, 4, 9, 64, 97, 255}[m.random.IntN(9)])
		return
	}
	chosen := m.random.IntN(len(headerFields))
	at := elf.EI_NIDENT
	for i, f := range headerFields {
		size := f.size
		if size == 0 {
			size = m.word
		}
		if i == chosen {
			m.put(f.name, at, size, m.number(m.get(at, size)))
			return
		}
		at += size
	}
}

// segmentTypes are the types of program headers that loaders look at, and two that
// they do not.
var segmentTypes = []elf.ProgType{
	elf.PT_NULL, elf.PT_LOAD, elf.PT_DYNAMIC, elf.PT_INTERP, elf.PT_NOTE, elf.PT_PHDR, elf.PT_TLS, elf.PT_GNU_STACK, elf.PT_GNU_RELRO,
	elf.PT_GNU_PROPERTY, elf.PT_GNU_EH_FRAME,
}

// segmentField names the i-th field of a program header and its offset. The first two
// are p_type and p_flags.
func (m *mutant) segmentField(segment, i int) (string, int) {
	at := m.headers + segment*(8+6*m.word)
	names := []string{"p_type", "p_flags", "p_offset", "p_vaddr", "p_paddr", "p_filesz", "p_memsz", "p_align"}
	places := []int{0, 4, 8, 16, 24, 32, 40, 48}
	if m.word == 4 {
		places = []int{0, 24, 4, 8, 12, 16, 20, 28}
	}
	return names[i], at + places[i]
}

// changeSegment changes a field of a program header.
func (m *mutant) changeSegment() {
	segment, field := m.random.IntN(m.count), m.random.IntN(8)
	_, at := m.segmentField(segment, 0)
	what := elf.ProgType(m.get(at, 4)).String()
	name, at := m.segmentField(segment, field)
	name = fmt.Sprintf("%s[%d].%s", what, segment, name)
	switch field {
	case 0:
		m.put(name, at, 4, uint64(segmentTypes[m.random.IntN(len(segmentTypes))]))
	case 1:
		m.put(name, at, 4, uint64(m.random.IntN(8)))
	default:
		m.put(name, at, m.word, m.number(m.get(at, m.word)))
	}
}

// tags are those of dynamic entries that loaders look at, and DT_DEBUG, which they
// ignore in a library.
var tags = []elf.DynTag{
	elf.DT_NULL, elf.DT_NEEDED, elf.DT_PLTRELSZ, elf.DT_PLTGOT, elf.DT_HASH, elf.DT_STRTAB, elf.DT_SYMTAB, elf.DT_RELA, elf.DT_RELASZ,
	elf.DT_RELAENT, elf.DT_STRSZ, elf.DT_SYMENT, elf.DT_FINI, elf.DT_SONAME, elf.DT_RPATH, elf.DT_SYMBOLIC, elf.DT_REL,
	elf.DT_RELSZ, elf.DT_RELENT, elf.DT_PLTREL, elf.DT_DEBUG, elf.DT_TEXTREL, elf.DT_JMPREL, elf.DT_BIND_NOW,
	elf.DT_INIT, elf.DT_INIT_ARRAY, elf.DT_INIT_ARRAYSZ, elf.DT_FINI_ARRAY, elf.DT_FINI_ARRAYSZ, elf.DT_RUNPATH, elf.DT_FLAGS, elf.DT_PREINIT_ARRAY,
	elf.DT_PREINIT_ARRAYSZ, 34, 35, 36, 37, elf.DT_GNU_HASH, elf.DT_VERSYM, elf.DT_RELACOUNT, elf.DT_RELCOUNT, elf.DT_FLAGS_1,
	elf.DT_VERDEF, elf.DT_VERDEFNUM, elf.DT_VERNEED, elf.DT_VERNEEDNUM, elf.DT_AUXILIARY, elf.DT_FILTER, elf.DT_GNU_LIBLIST, elf.DT_CONFIG,
}

// changeEntry changes an entry of the dynamic table: its value, its tag, or both.
func (m *mutant) changeEntry() {
	at := m.dynamic + m.random.IntN(m.entries)*2*m.word
	name := elf.DynTag(m.get(at, m.word)).String()
	switch m.random.IntN(8) {
	case 0: // gone
		m.put(name, at, m.word, uint64(elf.DT_DEBUG))
	case 1: // something else
		m.put(name, at, m.word, uint64(tags[m.random.IntN(len(tags))]))
	case 2: // something else with another value
		tag := tags[m.random.IntN(len(tags))]
		m.put(name, at, m.word, uint64(tag))
		m.put(tag.String(), at+m.word, m.word, m.number(m.get(at+m.word, m.word)))
	case 3: // a copy of another entry
		from := m.dynamic + m.random.IntN(m.entries)*2*m.word
		m.put(name, at, m.word, m.get(from, m.word))
		m.put(elf.DynTag(m.get(from, m.word)).String(), at+m.word, m.word, m.get(from+m.word, m.word))
	default:
		m.put(name, at+m.word, m.word, m.number(m.get(at+m.word, m.word)))
	}
}
