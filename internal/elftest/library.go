package elftest

import (
	"bytes"
	"debug/elf"
	"encoding/binary"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// Library is a shared library without code, for roots that are made up.
type Library struct {
	Like     *elfaudit.File // a file of the same machine
	Soname   string
	Needed   []string
	Versions []string // that it defines
	Symbols  []string // that it exports, without a version
	Tail     string   // bytes after all tables
}

// byteOrder is what binary.LittleEndian and binary.BigEndian can do.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// image is a file that is being built. It is mapped as it is, from address 0.
type image struct {
	order byteOrder
	wide  bool
	data  []byte
	names []byte
	index map[string]uint32
}

// Bytes builds the file.
func (l *Library) Bytes() []byte {
	m := &image{order: binary.LittleEndian, wide: l.Like.Class == 64, names: []byte{0}, index: map[string]uint32{}}
	if l.Like.Order == binary.BigEndian {
		m.order = binary.BigEndian
	}
	header, segment := 52, 32
	if m.wide {
		header, segment = 64, 56
	}
	m.data = make([]byte, header+2*segment)
	dynamic := [][2]uint64{{uint64(elf.DT_SONAME), uint64(m.name(l.Soname))}}
	for _, n := range l.Needed {
		dynamic = append(dynamic, [2]uint64{uint64(elf.DT_NEEDED), uint64(m.name(n))})
	}
	dynamic = append(dynamic, [2]uint64{uint64(elf.DT_SYMTAB), m.place(m.symbols(l.Symbols))})
	dynamic = append(dynamic, [2]uint64{uint64(elf.DT_HASH), m.place(m.hashTable(len(l.Symbols)))})
	if len(l.Versions) > 0 {
		dynamic = append(dynamic, [2]uint64{uint64(elf.DT_VERDEF), m.place(m.versions(l.Soname, l.Versions))}, [2]uint64{uint64(elf.DT_VERDEFNUM), uint64(len(l.Versions) + 1)})
	}
	names := m.place(m.names)
	dynamic = append(dynamic, [2]uint64{uint64(elf.DT_STRTAB), names}, [2]uint64{uint64(elf.DT_STRSZ), uint64(len(m.names))}, [2]uint64{})
	var table []byte
	for _, e := range dynamic {
		table = m.word(m.word(table, e[0]), e[1])
	}
	at := m.place(table)
	m.data = append(m.data, l.Tail...)
	size := uint64(len(m.data))
	head := append([]byte(elf.ELFMAG), byte(l.Like.Class/32), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if m.order == binary.BigEndian {
		head[elf.EI_DATA] = byte(elf.ELFDATA2MSB)
	}
	head = m.half(m.half(head, uint16(elf.ET_DYN)), uint16(l.Like.Machine))
	head = m.word(m.word(m.word(m.long(head, 1), 0), uint64(header)), 0)
	head = m.half(m.half(m.half(m.long(head, l.Like.Flags), uint16(header)), uint16(segment)), 2)
	head = append(head, make([]byte, header-len(head))...)
	head = m.segment(head, elf.PT_LOAD, 0, size, 0x10000)
	head = m.segment(head, elf.PT_DYNAMIC, at, uint64(len(table)), 8)
	copy(m.data, head)
	return m.data
}

func (m *image) half(to []byte, v uint16) []byte { return m.order.AppendUint16(to, v) }
func (m *image) long(to []byte, v uint32) []byte { return m.order.AppendUint32(to, v) }

func (m *image) word(to []byte, v uint64) []byte {
	if m.wide {
		return m.order.AppendUint64(to, v)
	}
	return m.order.AppendUint32(to, uint32(v))
}

func (m *image) segment(to []byte, typ elf.ProgType, at, size, align uint64) []byte {
	to = m.long(to, uint32(typ))
	if m.wide {
		to = m.long(to, uint32(elf.PF_R))
	}
	for _, v := range []uint64{at, at, at, size, size} {
		to = m.word(to, v)
	}
	if !m.wide {
		to = m.long(to, uint32(elf.PF_R))
	}
	return m.word(to, align)
}

// place appends a table and returns its address.
func (m *image) place(table []byte) uint64 {
	m.data = append(m.data, make([]byte, -len(m.data)&7)...)
	at := len(m.data)
	m.data = append(m.data, table...)
	return uint64(at)
}

func (m *image) name(s string) uint32 {
	at, ok := m.index[s]
	if !ok {
		at = uint32(len(m.names))
		m.index[s] = at
		m.names = append(append(m.names, s...), 0)
	}
	return at
}

// symbols makes the table of symbols, all of them functions in some section.
func (m *image) symbols(names []string) []byte {
	size := 16
	if m.wide {
		size = 24
	}
	table := make([]byte, size)
	for _, name := range names {
		table = m.long(table, m.name(name))
		if !m.wide {
			table = m.long(m.long(table, 0), 0)
		}
		table = append(table, elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC), 0)
		table = m.half(table, 1)
		if m.wide {
			table = m.word(m.word(table, 0), 0)
		}
	}
	return table
}

// hashTable makes a table of one empty bucket, which says how many symbols there are.
func (m *image) hashTable(symbols int) []byte {
	w := m.long
	if m.order == binary.BigEndian && m.wide { // s390x
		w = func(to []byte, v uint32) []byte { return m.word(to, uint64(v)) }
	}
	table := w(w(w(nil, 1), uint32(symbols+1)), 0)
	for range symbols + 1 {
		table = w(table, 0)
	}
	return table
}

// versions makes the table of versions, the first for the library itself.
func (m *image) versions(soname string, names []string) []byte {
	var table bytes.Buffer
	for i, name := range append([]string{soname}, names...) {
		flags, next := uint16(0), uint32(28)
		if i == 0 {
			flags = 1 // VER_FLG_BASE
		}
		if i == len(names) {
			next = 0
		}
		entry := m.half(m.half(m.half(m.half(nil, 1), flags), uint16(i+1)), 1)
		entry = m.long(m.long(m.long(m.long(m.long(entry, Hash(name)), 20), next), m.name(name)), 0)
		table.Write(entry)
	}
	return table.Bytes()
}
