package elfaudit

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// model describes an ELF file to build. Its zero value is a big-endian 32-bit
// file of no machine; start from newModel.
type model struct {
	wide, big bool
	typ       elf.Type
	machine   elf.Machine
	flags     uint32
	osabi     elf.OSABI

	interp         string
	soname         string
	needed         []string
	rpath, runpath string
	filters        []string // DT_FILTER
	auxiliaries    []string // DT_AUXILIARY
	needs          []VersionNeed
	defs           []VersionDef
	symbols        []Symbol // undefined ones first
	extra          [][2]uint64
	notes          []byte // contents of a PT_NOTE
	property       []byte // contents of a PT_GNU_PROPERTY and another PT_NOTE
	attributes     []byte // build attributes
	attrInSegment  bool   // in a program header, otherwise in a section
	stack          Stack
	relro, static  bool
	align          uint64
	textFlags      elf.ProgFlag

	rela, rel []relocation // DT_RELA, DT_REL
	relr      []uint64     // words of DT_RELR
	tls       *TLS
	pad       byte // the last of e_ident

	gnuHash   string // "full", "empty" as GNU ld writes it, "unhashed" with the count alone, or ""
	sysvHash  string // "full", "wide" for 64-bit words, "bucketless", or ""
	relocate  bool   // a relocation for each undefined symbol
	gap       int    // bytes between symbol and string table
	fill      byte   // what is in them
	sections  bool   // section headers
	strFirst  bool   // string table before the symbol table
	needCount int    // added to DT_VERNEEDNUM
}

// relocation is an entry of DT_RELA or DT_REL, without an addend.
type relocation struct {
	addr   uint64
	symbol int // 0 for none, otherwise one more than its index in model.symbols
	typ    uint32
}

// built is a file with the places of what is in it.
type built struct {
	data []byte
	at   map[string]int // file offsets: tables by tag, "val:"+tag for the value of a dynamic entry
}

// newModel returns an ordinary extension module.
func newModel(wide, big bool, machine elf.Machine) *model {
	return &model{
		wide: wide, big: big, typ: elf.ET_DYN, machine: machine,
		needed: []string{"libm.so.6", "libc.so.6"}, soname: "demo.so",
		runpath: "$ORIGIN/../demo.libs:",
		needs: []VersionNeed{
			{"libm.so.6", []Version{{"GLIBC_2.29", false, 2}}},
			{"libc.so.6", []Version{{"GLIBC_2.17", false, 3}, {"GLIBC_2.34", true, 4}}},
		},
		defs: []VersionDef{{Name: "demo.so", Base: true, Index: 1}, {Name: "DEMO_1", Index: 5}, {Name: "DEMO_2", Index: 6, Parents: []string{"DEMO_1"}}},
		symbols: []Symbol{
			{Name: "exp", Version: "GLIBC_2.29", Type: elf.STT_FUNC},
			{Name: "memcpy", Version: "GLIBC_2.17", Type: elf.STT_FUNC},
			{Name: "__gmon_start__", Weak: true},
			{Name: "PyModule_Create2"},
			{Name: "PyInit_demo", Defined: true, Type: elf.STT_FUNC},
			{Name: "demo_old", Version: "DEMO_1", Hidden: true, Defined: true, Type: elf.STT_FUNC},
			{Name: "demo_new", Version: "DEMO_2", Defined: true, Type: elf.STT_OBJECT, Weak: true},
			{Name: "only_one", Defined: true, Type: elf.STT_OBJECT, Unique: true},
			{Name: "secret", Defined: true, Type: elf.STT_OBJECT, Visibility: elf.STV_HIDDEN},
		},
		stack: StackNoExec, relro: true, align: 0x1000, textFlags: elf.PF_R | elf.PF_X,
		gnuHash: "full", sysvHash: "full", sections: true,
	}
}

// Where the two loadable segments are in memory, less their file offset.
const (
	textBase = 0x10000
	dataBase = 0x24000
)

// byteOrder is what binary.LittleEndian and binary.BigEndian can do.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// byteOrder returns the byte order of the file to build.
func (m *model) byteOrder() byteOrder {
	if m.big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// builder appends the parts of a file.
type builder struct {
	*model
	built
	order byteOrder
	names []byte
	dyn   [][2]uint64
	tags  []string
}

func (m *model) build() built {
	b := &builder{model: m, order: m.byteOrder(), names: []byte{0}, built: built{at: map[string]int{}}}
	b.data = make([]byte, b.size(52, 64)+16*b.size(32, 56)) // room for 16 program headers
	b.place("interp", append([]byte(m.interp), 0))
	b.place("notes", m.notes)
	b.place("property", m.property)
	dynamicAt := 0
	if !m.static {
		dynamicAt = b.tables()
	}
	textEnd := len(b.data)
	if !m.static {
		textEnd = dynamicAt
	}
	dataEnd := len(b.data)
	b.place("attributes", m.attributes)
	attrSize := len(m.attributes)
	b.headers(textEnd, dynamicAt, dataEnd, attrSize)
	return b.built
}

func (b *builder) size(narrow, wide int) int {
	if b.wide {
		return wide
	}
	return narrow
}

// place appends bytes at a multiple of 8 and notes where.
func (b *builder) place(name string, p []byte) int {
	for len(b.data)%8 != 0 {
		b.data = append(b.data, 0)
	}
	b.at[name] = len(b.data)
	b.data = append(b.data, p...)
	return b.at[name]
}

func (b *builder) str(s string) uint32 {
	if len(b.names) > 1<<16 {
		// Of very many names none comes twice; a search would take minutes.
	} else if i := bytes.Index(b.names, []byte("\x00"+s+"\x00")); i >= 0 {
		return uint32(i + 1)
	}
	b.names = append(append(b.names, s...), 0)
	return uint32(len(b.names) - len(s) - 1)
}

func (b *builder) entry(tag string, t elf.DynTag, v uint64) {
	b.raw(tag, uint64(t), v)
}

// raw is entry for any tag: a DynTag has 32 bits on some machines.
func (b *builder) raw(tag string, t, v uint64) {
	b.tags = append(b.tags, tag)
	b.dyn = append(b.dyn, [2]uint64{t, v})
}

// p appends numbers of the given sizes in bytes.
func (b *builder) p(to []byte, pairs ...uint64) []byte {
	for i := 0; i < len(pairs); i += 2 {
		switch pairs[i] {
		case 1:
			to = append(to, byte(pairs[i+1]))
		case 2:
			to = b.order.AppendUint16(to, uint16(pairs[i+1]))
		case 4:
			to = b.order.AppendUint32(to, uint32(pairs[i+1]))
		case 8:
			to = b.order.AppendUint64(to, pairs[i+1])
		}
	}
	return to
}

// header appends a program header.
func (b *builder) header(to []byte, typ elf.ProgType, flags elf.ProgFlag, off, vaddr, size, align uint64) []byte {
	if b.wide {
		return b.p(to, 4, uint64(typ), 4, uint64(flags), 8, off, 8, vaddr, 8, vaddr, 8, size, 8, size, 8, align)
	}
	return b.p(to, 4, uint64(typ), 4, off, 4, vaddr, 4, vaddr, 4, size, 4, size, 4, uint64(flags), 4, align)
}

// headers fills in the ELF header and the program headers and appends the
// section headers.
func (b *builder) headers(textEnd, dynamicAt, dataEnd, attrSize int) {
	var ph []byte
	count := 0
	add := func(name string, typ elf.ProgType, flags elf.ProgFlag, off, vaddr, size int, align uint64) {
		b.at["ph:"+name] = b.size(52, 64) + len(ph)
		ph = b.header(ph, typ, flags, uint64(off), uint64(vaddr), uint64(size), align)
		count++
	}
	add("text", elf.PT_LOAD, b.textFlags, 0, textBase, textEnd, b.align)
	if !b.static {
		size := dataEnd - dynamicAt
		add("data", elf.PT_LOAD, elf.PF_R|elf.PF_W, dynamicAt, dynamicAt+dataBase, size, max(b.align, 0x10000))
		add("dynamic", elf.PT_DYNAMIC, elf.PF_R, dynamicAt, dynamicAt+dataBase, size, 8)
	}
	if b.interp != "" {
		add("interp", elf.PT_INTERP, elf.PF_R, b.at["interp"], b.at["interp"]+textBase, len(b.interp)+1, 1)
	}
	if b.notes != nil {
		add("notes", elf.PT_NOTE, elf.PF_R, b.at["notes"], b.at["notes"]+textBase, len(b.notes), 4)
	}
	if b.property != nil {
		align := uint64(b.size(4, 8))
		add("propnote", elf.PT_NOTE, elf.PF_R, b.at["property"], b.at["property"]+textBase, len(b.property), align)
		add("property", elf.PT_GNU_PROPERTY, elf.PF_R, b.at["property"], b.at["property"]+textBase, len(b.property), align)
	}
	switch b.stack {
	case StackNoExec:
		add("stack", elf.PT_GNU_STACK, elf.PF_R|elf.PF_W, 0, 0, 0, 16)
	case StackExec:
		add("stack", elf.PT_GNU_STACK, elf.PF_R|elf.PF_W|elf.PF_X, 0, 0, 0, 16)
	}
	if b.relro {
		add("relro", elf.PT_GNU_RELRO, elf.PF_R, dynamicAt, dynamicAt+dataBase, 8, 1)
	}
	if b.tls != nil {
		add("tls", elf.PT_TLS, elf.PF_R, 0, textBase, 0, b.tls.Align)
		sizes := b.at["ph:tls"] + b.size(16, 32) - b.size(52, 64)
		w := uint64(b.size(4, 8))
		copy(ph[sizes:], b.p(nil, w, b.tls.FileSize, w, b.tls.MemSize))
	}
	if b.attrInSegment {
		add("attributes", ptAttributes, elf.PF_R, b.at["attributes"], 0, attrSize, 1)
	}
	shoff, shnum := 0, 0
	if b.sections {
		shoff, shnum = b.sectionHeaders(attrSize)
	}
	ident := append([]byte(elf.ELFMAG), 1, 1, 1, byte(b.osabi), 0, 0, 0, 0, 0, 0, 0, b.pad)
	if b.wide {
		ident[4] = 2
	}
	if b.big {
		ident[5] = 2
	}
	w := uint64(b.size(4, 8))
	h := b.p(ident, 2, uint64(b.typ), 2, uint64(b.machine), 4, 1, w, 0, w, uint64(b.size(52, 64)), w, uint64(shoff),
		4, uint64(b.flags), 2, uint64(b.size(52, 64)), 2, uint64(b.size(32, 56)), 2, uint64(count),
		2, uint64(b.size(40, 64)), 2, uint64(shnum), 2, 0)
	copy(b.data, h)
	copy(b.data[len(h):], ph)
}

// sectionHeaders appends the empty section and one for the attributes.
func (b *builder) sectionHeaders(attrSize int) (off, count int) {
	w := uint64(b.size(4, 8))
	table := make([]byte, b.size(40, 64))
	typ := uint64(shtARMAttributes)
	if b.attributes == nil || b.attrInSegment {
		typ = uint64(elf.SHT_PROGBITS)
	}
	table = b.p(table, 4, 0, 4, typ, w, 0, w, 0, w, uint64(b.at["attributes"]), w, uint64(attrSize), 4, 0, 4, 0, w, 1, w, 0)
	return b.place("sections", table), 2
}

// mustRead reads a built file that is meant to be sound.
func mustRead(t interface {
	Helper()
	Fatal(...any)
}, b built) *File {
	t.Helper()
	f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// put overwrites an address-sized value, or a smaller one of size bytes.
func (m *model) put(b built, at int, v uint64, size int) {
	order := m.byteOrder()
	switch size {
	case 2:
		order.PutUint16(b.data[at:], uint16(v))
	case 4:
		order.PutUint32(b.data[at:], uint32(v))
	case 8:
		order.PutUint64(b.data[at:], v)
	}
}

// width is the size of an address in bytes.
func (m *model) width() int {
	if m.wide {
		return 8
	}
	return 4
}
