package elftest

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"strings"
)

// Spec is what a 64-bit little-endian ELF file has, for [Spec.Bytes]. The zero value
// is an empty shared library for x86-64.
type Spec struct {
	Machine elf.Machine // x86-64 when 0
	Loader  string      // makes it a program
	Soname  string
	Needed  []string
	RPath   string
	RunPath string
	// Filters and Auxiliaries are the libraries of DT_FILTER and DT_AUXILIARY.
	Filters, Auxiliaries []string
	BindNow              bool
	// Undefined and Exported are symbols, "name" or "name@VERSION"; a question mark
	// at the end makes one weak.
	Undefined, Exported []string
	Defines             []string // symbol versions; that with the name of Soname is the base, which no symbol has
	Needs               []Need
}

// Need is the symbol versions that a file needs of one library. A question mark at the
// end marks a version as weak.
type Need struct {
	Library  string
	Versions []string
}

// builder writes the parts of a file behind its headers.
type builder struct {
	names   []byte
	dynamic [][2]uint64
	data    []byte
	version map[string]uint16 // the index of each symbol version
}

const headersSize = 64 + 4*56

// Bytes writes the file: the tables that a dynamic loader reads, without section
// headers.
func (s Spec) Bytes() []byte {
	b := &builder{names: []byte{0}, data: make([]byte, headersSize), version: map[string]uint16{}}
	for _, library := range s.Needed {
		b.named(elf.DT_NEEDED, library)
	}
	for _, library := range s.Filters {
		b.named(elf.DT_FILTER, library)
	}
	for _, library := range s.Auxiliaries {
		b.named(elf.DT_AUXILIARY, library)
	}
	for _, named := range []struct {
		tag  elf.DynTag
		text string
	}{{elf.DT_SONAME, s.Soname}, {elf.DT_RPATH, s.RPath}, {elf.DT_RUNPATH, s.RunPath}} {
		if named.text != "" {
			b.named(named.tag, named.text)
		}
	}
	if s.BindNow {
		b.dynamic = append(b.dynamic, [2]uint64{uint64(elf.DT_FLAGS), uint64(elf.DF_BIND_NOW)})
	}
	b.define(s.Defines, s.Soname)
	b.need(s.Needs)
	b.symbols(s.Undefined, s.Exported)
	b.place(elf.DT_STRTAB, b.names)
	b.dynamic = append(b.dynamic, [2]uint64{uint64(elf.DT_STRSZ), uint64(len(b.names))}, [2]uint64{})
	loader := len(b.data)
	b.data = append(b.data, s.Loader...)
	b.data = append(b.data, make([]byte, 8-len(b.data)&7)...)
	dynamic := len(b.data)
	for _, entry := range b.dynamic {
		b.data = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b.data, entry[0]), entry[1])
	}
	b.headers(s, loader, dynamic)
	return b.data
}

// name puts a text into the string table.
func (b *builder) name(text string) uint32 {
	b.names = append(append(b.names, text...), 0)
	return uint32(len(b.names) - len(text) - 1)
}

func (b *builder) named(tag elf.DynTag, text string) {
	b.dynamic = append(b.dynamic, [2]uint64{uint64(tag), uint64(b.name(text))})
}

// place appends a table and its entry in the dynamic section.
func (b *builder) place(tag elf.DynTag, table []byte) {
	b.dynamic = append(b.dynamic, [2]uint64{uint64(tag), uint64(len(b.data))})
	b.data = append(b.data, table...)
	b.data = append(b.data, make([]byte, -len(b.data)&7)...)
}

// next is the index of one more version; 0 and 1 mean that a symbol has none.
func (b *builder) next(version string) uint16 {
	b.version[version] = uint16(len(b.version)) + 2
	return b.version[version]
}

func (b *builder) define(versions []string, soname string) {
	le := binary.LittleEndian
	var table []byte
	for i, v := range versions {
		follows := uint32(28)
		if i == len(versions)-1 {
			follows = 0
		}
		flags := uint16(0)
		if v == soname {
			flags = 1 // VER_FLG_BASE
		}
		for _, half := range []uint16{1, flags, b.next(v), 1} { // revision, flags, index, names
			table = le.AppendUint16(table, half)
		}
		for _, word := range []uint32{Hash(v), 20, follows, b.name(v), 0} {
			table = le.AppendUint32(table, word)
		}
	}
	if table != nil {
		b.place(elf.DT_VERDEF, table)
		b.dynamic = append(b.dynamic, [2]uint64{uint64(elf.DT_VERDEFNUM), uint64(len(versions))})
	}
}

func (b *builder) need(needs []Need) {
	le := binary.LittleEndian
	var table []byte
	for i, n := range needs {
		size := uint32(16 + 16*len(n.Versions))
		if i == len(needs)-1 {
			size = 0
		}
		table = le.AppendUint16(le.AppendUint16(table, 1), uint16(len(n.Versions)))
		for _, word := range []uint32{b.name(n.Library), 16, size} {
			table = le.AppendUint32(table, word)
		}
		for k, v := range n.Versions {
			follows := uint32(16)
			if k == len(n.Versions)-1 {
				follows = 0
			}
			v, weak := strings.CutSuffix(v, "?")
			flags := uint16(0)
			if weak {
				flags = 2 // VER_FLG_WEAK
			}
			table = le.AppendUint32(table, Hash(v))
			table = le.AppendUint16(le.AppendUint16(table, flags), b.next(v))
			table = le.AppendUint32(le.AppendUint32(table, b.name(v)), follows)
		}
	}
	if table != nil {
		b.place(elf.DT_VERNEED, table)
		b.dynamic = append(b.dynamic, [2]uint64{uint64(elf.DT_VERNEEDNUM), uint64(len(needs))})
	}
}

func (b *builder) symbols(undefined, exported []string) {
	le := binary.LittleEndian
	table, versions := make([]byte, 24), make([]byte, 2)
	add := func(text string, section elf.SectionIndex) {
		text, weak := strings.CutSuffix(text, "?")
		name, version, _ := strings.Cut(text, "@")
		bind := elf.STB_GLOBAL
		if weak {
			bind = elf.STB_WEAK
		}
		table = le.AppendUint32(table, b.name(name))
		table = append(table, elf.ST_INFO(bind, elf.STT_FUNC), 0)
		table = le.AppendUint16(table, uint16(section))
		table = append(table, make([]byte, 16)...)
		index := b.version[version]
		if index == 0 {
			index = 1 // global, without a version
		}
		versions = le.AppendUint16(versions, index)
	}
	for _, text := range undefined {
		add(text, elf.SHN_UNDEF)
	}
	for _, text := range exported {
		add(text, elf.SHN_ABS)
	}
	count := uint32(len(table) / 24)
	hash := le.AppendUint32(le.AppendUint32(nil, 1), count)
	b.place(elf.DT_SYMTAB, table)
	b.place(elf.DT_HASH, append(hash, make([]byte, 4*(1+count))...))
	if len(b.version) > 0 {
		b.place(elf.DT_VERSYM, versions)
	}
}

// headers writes the headers once all places are known.
func (b *builder) headers(s Spec, loader, dynamic int) {
	machine := s.Machine
	if machine == elf.EM_NONE {
		machine = elf.EM_X86_64
	}
	size := uint64(len(b.data))
	programs := []elf.Prog64{
		{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_W), Filesz: size, Memsz: size, Align: 1 << 16},
		{Type: uint32(elf.PT_DYNAMIC), Off: uint64(dynamic), Vaddr: uint64(dynamic), Filesz: size - uint64(dynamic), Memsz: size - uint64(dynamic)},
		{Type: uint32(elf.PT_GNU_STACK), Flags: uint32(elf.PF_R | elf.PF_W)},
	}
	kind := elf.ET_DYN
	if s.Loader != "" {
		kind = elf.ET_EXEC
		length := uint64(len(s.Loader)) + 1
		programs = append(programs, elf.Prog64{Type: uint32(elf.PT_INTERP), Off: uint64(loader), Vaddr: uint64(loader), Filesz: length, Memsz: length})
	}
	var head bytes.Buffer
	binary.Write(&head, binary.LittleEndian, elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', 2, 1, 1}, Type: uint16(kind), Machine: uint16(machine), Version: 1,
		Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: uint16(len(programs)),
	})
	binary.Write(&head, binary.LittleEndian, programs)
	copy(b.data, head.Bytes())
}

// Hash is the hash of a name in version records (gABI).
func Hash(name string) (h uint32) {
	for _, c := range []byte(name) {
		h = h<<4 + uint32(c)
		h = (h ^ h&0xf0000000>>24) & 0x0fffffff
	}
	return h
}
