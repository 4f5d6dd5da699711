package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"strings"
	"testing"
)

// damage changes a built file. Offsets into program headers are those of the
// 64-bit layout, which all these tests use.
type damage func(m *model, b built)

// set overwrites the value of a dynamic entry.
func set(tag string, v uint64) damage {
	return func(m *model, b built) { m.put(b, b.at["val:"+tag], v, 8) }
}

// drop turns a dynamic entry into one that nobody reads.
func drop(tag string) damage {
	return func(m *model, b built) { m.put(b, b.at["tag:"+tag], 0x60001234, 8) }
}

// poke overwrites size bytes at an offset from a named place.
func poke(place string, off int, v uint64, size int) damage {
	return func(m *model, b built) { m.put(b, b.at[place]+off, v, size) }
}

// TestDamage damages one value at a time and expects the error that names it.
func TestDamage(t *testing.T) {
	const beyond = 1 << 40
	tests := []struct {
		name       string
		damage     damage
		code, text string
	}{
		{"class", poke("", 4, 3, 2), CodeHeader, "EI_CLASS: neither 32-bit nor 64-bit (at offset 0x4)"},
		{"byte order", poke("", 5, 3, 2), CodeHeader, "EI_DATA: neither little-endian nor big-endian (at offset 0x5)"},
		{"ident version", poke("", 6, 2, 2), CodeHeader, "EI_VERSION: not version 1 (at offset 0x6)"},
		{"version", poke("", 20, 0x1001, 4), CodeHeader, "e_version: not version 1 (at offset 0x14)"},
		{"version", poke("", 20, 2, 4), CodeHeader, "e_version: not version 1 (at offset 0x14)"},
		{"program header size", poke("", 54, 32, 2), CodeHeader, "e_phentsize: not the size of a program header of this class (at offset 0x36)"},
		{"program headers outside", poke("", 32, beyond, 8), CodeTruncated, "e_phoff: is past the end of the file"},
		{"program headers at the end", func(m *model, b built) { m.put(b, 32, uint64(len(b.data)-8), 8) }, CodeTruncated, "program header table: extends past the end of its table or of the file (at offset 0x890)"},
		{"no program header", poke("", 56, 0, 2), CodeSegment, "PT_LOAD: no loadable segment"},
		{"too many program headers", poke("", 56, 0xfff0, 2), CodeTruncated, "program header table: extends past the end of its table or of the file (at offset 0x890)"},

		{"segment past the end", poke("ph:text", 32, beyond, 8), CodeSegment, "PT_LOAD in program header 0: its size in the file is larger than its size in memory (at offset 0x40)"},
		{"segment just past the end", func(m *model, b built) {
			n := uint64(len(b.data) + 1)
			m.put(b, b.at["ph:text"]+32, n, 8)
			m.put(b, b.at["ph:text"]+40, n, 8)
		}, CodeTruncated, "PT_LOAD in program header 0: extends past the end of the file (at offset 0x40)"},
		{"second segment past the end", poke("ph:data", 32, beyond, 8), CodeSegment, "PT_LOAD in program header 1: its size in the file is larger than its size in memory (at offset 0x78)"},
		{"neither program headers nor their size", func(m *model, b built) { m.put(b, 54, 0, 4) }, CodeSegment, "PT_LOAD: no loadable segment"},
		{"segment offset overflows", poke("ph:text", 8, ^uint64(0)-4, 8), CodeTruncated, "PT_LOAD in program header 0: extends past the end of the file (at offset 0x40)"},
		{"segment address overflows", poke("ph:text", 16, ^uint64(0)-4, 8), CodeSegment, "PT_LOAD in program header 0: wraps around the address space (at offset 0x40)"},
		{"segments overlap", poke("ph:data", 16, textBase+8, 8), CodeSegment, "PT_LOAD: two loadable segments overlap at address 0x10008"},
		{"segments share a page", poke("ph:text", 16, dataBase-0x200, 8), CodeSegment, "PT_LOAD: two loadable segments overlap at address 0x24708"},

		{"interpreter without end", poke("ph:interp", 32, 4, 8), CodeSegment, "PT_INTERP: not a path ended by a zero byte (at offset 0x3c0)"},
		{"empty interpreter", poke("interp", 0, 0, 2), CodeSegment, "PT_INTERP: not a path ended by a zero byte (at offset 0x3c0)"},
		{"interpreter too long", poke("ph:interp", 32, maxInterp+1, 8), CodeLimit, "PT_INTERP: longer than 4 KiB (at offset 0xe8)"},
		{"interpreter outside", poke("ph:interp", 8, beyond, 8), CodeTruncated, "PT_INTERP: extends past the end of the file"},
		{"interpreter past the end", poke("ph:interp", 32, maxInterp, 8), CodeTruncated, "PT_INTERP: extends past the end of its table or of the file (at offset 0x3c0)"},
		{"interpreter but no dynamic table", poke("ph:dynamic", 0, uint64(elf.PT_NULL), 4), CodeDynamic, "PT_DYNAMIC: missing, though the file names an interpreter"},

		{"dynamic table unmapped", poke("ph:dynamic", 16, beyond, 8), CodeUnmapped, "PT_DYNAMIC: points outside the file contents of the loadable segments"},
		{"dynamic table in two places", poke("ph:dynamic", 8, 64, 8), CodeDynamic, "PT_DYNAMIC: its address and its file offset refer to different bytes (at offset 0x708)"},
		{"second dynamic table unmapped", func(m *model, b built) {
			m.put(b, b.at["ph:relro"], uint64(elf.PT_DYNAMIC), 4)
			m.put(b, b.at["ph:relro"]+16, beyond, 8)
		}, CodeUnmapped, "PT_DYNAMIC: points outside the file contents of the loadable segments"},
		{"dynamic table without end", drop("DT_NULL"), CodeTruncated, "dynamic table: extends past the end of its table or of the file (at offset 0x818)"},
		{"no string table", drop("DT_STRTAB"), CodeDynamic, "DT_STRTAB: missing from the dynamic table (at offset 0x708)"},
		{"no string table size", drop("DT_STRSZ"), CodeDynamic, "DT_STRSZ: missing from the dynamic table (at offset 0x708)"},
		{"no symbol table", drop("DT_SYMTAB"), CodeDynamic, "DT_SYMTAB: missing from the dynamic table (at offset 0x708)"},
		{"string table unmapped", set("DT_STRTAB", 16), CodeUnmapped, "DT_STRTAB: points outside the file contents of the loadable segments"},
		{"string table in the zeros after the file", set("DT_STRTAB", textBase+0x3000), CodeUnmapped, "DT_STRTAB: points outside the file contents of the loadable segments"},
		{"string table too large", set("DT_STRSZ", beyond), CodeUnmapped, "DT_STRTAB: extends past the file contents of its loadable segment (at offset 0x580)"},
		{"string table overflows", set("DT_STRSZ", ^uint64(0)), CodeUnmapped, "DT_STRTAB: extends past the file contents of its loadable segment (at offset 0x580)"},
		{"string table of a byte", func(m *model, b built) {
			m.put(b, b.at["DT_STRTAB"], 'x', 2)
			m.put(b, b.at["val:DT_STRSZ"], 1, 8)
		}, CodeString, "DT_STRTAB: the last string has no end (at offset 0x580)"},
		{"string table cut inside a name", set("DT_STRSZ", 5), CodeString, "DT_STRTAB: the last string has no end (at offset 0x581)"},
		{"string table cut between names", set("DT_STRSZ", 11), CodeString, "DT_NEEDED: string offset 0xb is outside the string table (at offset 0x580)"},
		{"empty string table", set("DT_STRSZ", 0), CodeString, "DT_NEEDED: string offset 0x1 is outside the string table (at offset 0x580)"},
		{"needed outside the strings", set("DT_NEEDED", 1<<20), CodeString, "DT_NEEDED: string offset 0x100000 is outside the string table (at offset 0x580)"},
		{"needed far outside the strings", set("DT_NEEDED", 1<<32+1), CodeString, "DT_NEEDED: string offset 0x100000001 is outside the string table (at offset 0x580)"},
		{"soname outside the strings", set("DT_SONAME", 1<<20), CodeString, "DT_SONAME: string offset 0x100000 is outside the string table (at offset 0x580)"},
		{"rpath outside the strings", set("DT_RPATH", 1<<20), CodeString, "DT_RPATH: string offset 0x100000 is outside the string table (at offset 0x580)"},
		{"runpath outside the strings", set("DT_RUNPATH", 1<<20), CodeString, "DT_RUNPATH: string offset 0x100000 is outside the string table (at offset 0x580)"},

		{"symbol size", set("DT_SYMENT", 16), CodeSymbol, "DT_SYMENT: not the size of a symbol of this class (at offset 0x708)"},
		{"symbol table unmapped", set("DT_SYMTAB", 16), CodeUnmapped, "DT_SYMTAB: points outside the file contents of the loadable segments"},
		{"symbol table at the end", func(m *model, b built) { m.put(b, b.at["val:DT_SYMTAB"], uint64(b.at["PT_DYNAMIC"])+textBase-64, 8) },
			CodeUnmapped, "DT_SYMTAB: extends past the file contents of its loadable segment (at offset 0x6c8)"},
		{"symbol table off by one", func(m *model, b built) { m.put(b, b.at["val:DT_SYMTAB"], uint64(b.at["DT_SYMTAB"])+textBase+24, 8) },
			CodeSymbol, "DT_SYMTAB: does not start with the empty symbol (at offset 0x4a8)"},
		{"symbol name outside the strings", poke("DT_SYMTAB", 24, 1<<20, 4), CodeString, "DT_SYMTAB: symbol 1 has a name outside the string table (at offset 0x4a8)"},
		{"hash tables disagree", poke("DT_HASH", 4, 5, 4), CodeSymbol, "DT_GNU_HASH: disagrees with DT_HASH on the number of symbols (at offset 0x708)"},
		{"hash table unmapped", set("DT_HASH", 16), CodeUnmapped, "DT_HASH: points outside the file contents of the loadable segments"},
		{"hash with too many symbols", poke("DT_HASH", 4, 1<<32-1, 4), CodeSymbol, "DT_HASH: covers no symbol or extends past its loadable segment (at offset 0x420)"},
		{"hash with too many buckets", poke("DT_HASH", 0, 1<<32-1, 4), CodeSymbol, "DT_HASH: covers no symbol or extends past its loadable segment (at offset 0x420)"},
		{"GNU hash unmapped", set("DT_GNU_HASH", 16), CodeUnmapped, "DT_GNU_HASH: points outside the file contents of the loadable segments"},
		{"GNU hash with too many buckets", poke("DT_GNU_HASH", 0, 1<<32-1, 4), CodeSymbol, "DT_GNU_HASH: its buckets extend past its loadable segment (at offset 0x458)"},
		{"GNU hash with too large a filter", poke("DT_GNU_HASH", 8, 1<<31, 4), CodeSymbol, "DT_GNU_HASH: its buckets extend past its loadable segment (at offset 0x458)"},
		{"GNU hash with a bucket too low", poke("DT_GNU_HASH", 4, 100, 4), CodeSymbol, "DT_GNU_HASH: a bucket starts before the first symbol covered (at offset 0x470)"},
		{"GNU hash with a bucket too high", poke("DT_GNU_HASH", 24, 1<<32-1, 4), CodeTruncated, "DT_GNU_HASH: extends past the end of its table or of the file (at offset 0x400000460)"},

		{"versions unmapped", set("DT_VERSYM", 16), CodeUnmapped, "DT_VERSYM: points outside the file contents of the loadable segments"},
		{"version index unknown", poke("DT_VERSYM", 2, 77, 2), CodeVersion, "DT_VERSYM: symbol 1 has version index 77, which no version table defines (at offset 0x642)"},
		{"version index in a hole", poke("DT_VERSYM", 2, 0x7fff, 2), CodeVersion, "DT_VERSYM: symbol 1 has version index 32767, which no version table defines (at offset 0x642)"},
		{"needs unmapped", set("DT_VERNEED", 16), CodeUnmapped, "DT_VERNEED: points outside the file contents of the loadable segments"},
		{"needs without count", drop("DT_VERNEEDNUM"), CodeDynamic, "DT_VERNEED: the number of its records is missing or zero (at offset 0x708)"},
		{"needs with count zero", set("DT_VERNEEDNUM", 0), CodeDynamic, "DT_VERNEED: the number of its records is missing or zero (at offset 0x708)"},
		{"fewer needs than linked", set("DT_VERNEEDNUM", 1), CodeVersion, "DT_VERNEED: its chain and its count of records disagree (at offset 0x658)"},
		{"more needs than linked", set("DT_VERNEEDNUM", 3), CodeVersion, "DT_VERNEED: its chain and its count of records disagree (at offset 0x678)"},
		{"far more needs than linked", set("DT_VERNEEDNUM", ^uint64(0)), CodeVersion, "DT_VERNEED: its chain and its count of records disagree (at offset 0x678)"},
		{"need revision", poke("DT_VERNEED", 0, 2, 2), CodeVersion, "DT_VERNEED: not revision 1 of the format (at offset 0x658)"},
		{"need without versions", poke("DT_VERNEED", 2, 0, 2), CodeVersion, "DT_VERNEED: a library without a version (at offset 0x658)"},
		{"need with more versions than linked", poke("DT_VERNEED", 2, 9, 2), CodeVersion, "DT_VERNEED: its chain and its count of records disagree (at offset 0x668)"},
		{"need with a name outside", poke("DT_VERNEED", 4, 1<<20, 4), CodeString, "DT_VERNEED: string offset 0x100000 is outside the string table (at offset 0x580)"},
		{"need with versions outside", poke("DT_VERNEED", 8, 1<<31, 4), CodeTruncated, "DT_VERNEED: extends past the end of its table or of the file (at offset 0x80000658)"},
		{"next need outside", poke("DT_VERNEED", 12, 1<<31, 4), CodeTruncated, "DT_VERNEED: extends past the end of its table or of the file (at offset 0x80000658)"},
		{"next need overlaps", poke("DT_VERNEED", 12, 8, 4), CodeVersion, "DT_VERNEED: version records overlap (at offset 0x658)"},
		{"needed version with a name outside", poke("DT_VERNEED", 24, 1<<20, 4), CodeString, "DT_VERNEED: string offset 0x100000 is outside the string table (at offset 0x580)"},
		{"two needs with one index", poke("DT_VERNEED", 22, 3, 2), CodeVersion, "DT_VERNEED: version index 3 means both GLIBC_2.29 and GLIBC_2.17 (at offset 0x688)"},
		{"definitions unmapped", set("DT_VERDEF", 16), CodeUnmapped, "DT_VERDEF: points outside the file contents of the loadable segments"},
		{"definitions without count", drop("DT_VERDEFNUM"), CodeDynamic, "DT_VERDEF: the number of its records is missing or zero (at offset 0x708)"},
		{"fewer definitions than linked", set("DT_VERDEFNUM", 1), CodeVersion, "DT_VERDEF: its chain and its count of records disagree (at offset 0x6a8)"},
		{"definition revision", poke("DT_VERDEF", 0, 2, 2), CodeVersion, "DT_VERDEF: not revision 1 of the format (at offset 0x6a8)"},
		{"definition without a name", poke("DT_VERDEF", 6, 0, 2), CodeVersion, "DT_VERDEF: a version without a name (at offset 0x6a8)"},
		{"definition with names outside", poke("DT_VERDEF", 12, 1<<31, 4), CodeTruncated, "DT_VERDEF: extends past the end of its table or of the file (at offset 0x800006a8)"},
		{"definition with a name outside the strings", poke("DT_VERDEF", 20, 1<<20, 4), CodeString, "DT_VERDEF: string offset 0x100000 is outside the string table (at offset 0x580)"},
		{"next definition overlaps", poke("DT_VERDEF", 16, 4, 4), CodeVersion, "DT_VERDEF: version records overlap (at offset 0x6a8)"},
		{"index of a need and a definition", poke("DT_VERDEF", 28+4, 3, 2), CodeVersion, "DT_VERDEF: version index 3 means both GLIBC_2.17 and DEMO_1 (at offset 0x6c4)"},

		{"notes past the end", poke("ph:notes", 32, 0x3000, 8), CodeTruncated, "PT_NOTE: extends past the end of the file (at offset 0x120)"},
		{"notes outside", poke("ph:notes", 8, beyond, 8), CodeTruncated, "PT_NOTE: extends past the end of the file (at offset 0x120)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newModel(true, false, elf.EM_X86_64)
			order := m.byteOrder()
			m.interp, m.rpath = "/lib64/ld-linux-x86-64.so.2", "/opt"
			m.notes = note(order, 4, "GNU", noteABITag, words(order, 0, 3, 2, 0))
			m.property = note(order, 8, "GNU", noteProperties, words(order, propX86Feature, 4, 3, 0))
			b := m.build()
			mustRead(t, b)
			tt.damage(m, b)
			f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
			var format *FormatError
			if f != nil || !errors.As(err, &format) {
				t.Fatalf("got %v, %v", f, err)
			}
			if format.Code != tt.code || err.Error() != tt.text {
				t.Errorf("got %s, %v; want %s, %s", format.Code, err, tt.code, tt.text)
			}
		})
	}
}

// TestLimits crosses the limits that a small file can reach, and nearly does.
func TestLimits(t *testing.T) {
	tests := []struct {
		name   string
		change func(m *model, over int)
		reason string
	}{
		{"name", func(m *model, over int) { m.needed = append(m.needed, strings.Repeat("n", maxName-1+over)) }, "holds a string longer than 64 KiB"},
		{"name behind others", func(m *model, over int) {
			m.needed = append(m.needed, strings.Repeat("a", maxName/2), strings.Repeat("n", maxName-1+over))
		}, "holds a string longer than 64 KiB"},
		{"dynamic entries", func(m *model, over int) {
			m.extra = make([][2]uint64, maxDynamic-16+over)
			for i := range m.extra {
				m.extra[i][0] = uint64(elf.DT_DEBUG)
			}
		}, "more than 65,536 entries"},
		{"symbols of one name", func(m *model, over int) {
			// What each symbol adds to the names, less what it is allowed.
			const name, symbols = 50_000, 21
			m.needed, m.needs, m.defs, m.soname, m.runpath, m.gnuHash = nil, nil, nil, "", "", ""
			m.symbols = make([]Symbol, symbols)
			for i := range m.symbols {
				m.symbols[i] = Symbol{Name: strings.Repeat("n", name)}
			}
			room := nameBytes + nameFactor*(1+name+1+24*(symbols+1)) - symbols*name
			for ; room >= 0; room += nameFactor*24 - name {
				m.symbols = append(m.symbols, m.symbols[0])
			}
			if over == 0 {
				m.symbols = m.symbols[1:]
			}
		}, "too many bytes of names: long strings are repeated"},
		{"versions of one name", func(m *model, over int) {
			const name = 50_000
			m.needs, m.defs, m.symbols, m.sysvHash, m.gnuHash = nil, nil, nil, "full", ""
			m.needed, m.soname, m.runpath = nil, "", ""
			need := VersionNeed{Library: strings.Repeat("n", name)}
			for i := range (nameBytes+nameFactor*(1+name+1))/name - 1 + over {
				need.Versions = append(need.Versions, Version{Name: need.Library, Index: uint16(2 + i)})
			}
			m.needs = append(m.needs, need)
		}, "too many bytes of names: long strings are repeated"},
		{"notes", func(m *model, over int) { m.notes = make([]byte, maxNoteBytes+over) }, "more than 1 MiB of notes"},
		{"notes of two segments", func(m *model, over int) { m.property = make([]byte, maxNoteBytes/2+over) }, "more than 1 MiB of notes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for over := range 2 {
				m := newModel(true, false, elf.EM_X86_64)
				tt.change(m, over)
				// Text this long would reach the data segment.
				b := m.build()
				m.put(b, b.at["ph:data"]+16, uint64(b.at["PT_DYNAMIC"])+1<<32, 8)
				m.put(b, b.at["ph:dynamic"]+16, uint64(b.at["PT_DYNAMIC"])+1<<32, 8)
				_, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
				var format *FormatError
				if over == 0 && err != nil || over == 1 && (!errors.As(err, &format) || format.Code != CodeLimit || format.Reason != tt.reason) {
					t.Errorf("over by %d: %v", over, err)
				}
			}
		})
	}
}

// TestVersionLimit makes version records share their chains, so that a small
// file asks for billions of them.
func TestVersionLimit(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	order := m.byteOrder()
	const libraries, versions = 2000, 1000
	// Libraries first, each leading to the same chain of versions.
	var table []byte
	for i := range libraries {
		next := uint32(16)
		if i == libraries-1 {
			next = 0
		}
		table = order.AppendUint16(table, 1)
		table = order.AppendUint16(table, versions)
		table = append(table, words(order, 1, uint32(16*(libraries-i)), next)...)
	}
	b := m.build()
	name := order.Uint32(b.data[b.at["DT_VERNEED"]+24:]) // of a version
	for i := range versions {
		next := uint32(16)
		if i == versions-1 {
			next = 0
		}
		table = append(table, words(order, sysvHash("GLIBC_2.29"), 0, name, next)...)
	}
	at := len(b.data)
	b.data = append(b.data, table...)
	m.put(b, b.at["val:DT_VERNEED"], uint64(at)+dataBase, 8)
	m.put(b, b.at["val:DT_VERNEEDNUM"], libraries, 8)
	size := uint64(len(b.data) - b.at["PT_DYNAMIC"])
	m.put(b, b.at["ph:data"]+32, size, 8)
	m.put(b, b.at["ph:data"]+40, size, 8)
	_, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
	var format *FormatError
	if !errors.As(err, &format) || format.Code != CodeLimit || format.Reason != "more than 65,536 version records" {
		t.Errorf("got %v", err)
	}
}

// failingReader fails from an offset on.
type failingReader struct {
	data []byte
	from int64
	err  error
}

func (r failingReader) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) <= r.from {
		return copy(p, r.data[off:]), nil
	}
	if off >= r.from {
		return 0, r.err
	}
	return copy(p, r.data[off:r.from]), r.err
}

// TestReaderFails lets the reader give up at each offset of each sort of file:
// the answer is all the facts or an error that wraps the reader's.
func TestReaderFails(t *testing.T) {
	broken := errors.New("broken disk")
	for i, m := range fuzzModels() {
		b := m.build()
		want := facts(mustRead(t, b))
		for from := range len(b.data) {
			f, err := Read(failingReader{b.data, int64(from), broken}, int64(len(b.data)))
			if err == nil {
				// The attributes of ARM are a hint, which may be lost.
				if !sameFacts(t, "failing reader", facts(f), want) {
					t.Fatalf("model %d from %d", i, from)
				}
				continue
			}
			var format *FormatError
			if f != nil || !errors.Is(err, broken) || !errors.As(err, &format) || format.Code != CodeRead {
				t.Fatalf("model %d from %d: %v, %v", i, from, f, err)
			}
		}
	}
	// The same reader, but claiming the end of the file.
	b := newModel(true, false, elf.EM_X86_64).build()
	f, err := Read(failingReader{b.data, 80, io.EOF}, int64(len(b.data)))
	var format *FormatError
	if f != nil || !errors.As(err, &format) || format.Code != CodeTruncated {
		t.Errorf("early end: %v, %v", f, err)
	}
}

// sparseReader has zeros after its data.
type sparseReader struct{ data []byte }

func (r sparseReader) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	if off < int64(len(r.data)) {
		copy(p, r.data[off:])
	}
	return len(p), nil
}

// TestTableLimit claims a string table that the file has room for, but that
// is larger than any linker makes.
func TestTableLimit(t *testing.T) {
	const size = maxTable + 1<<20
	m := newModel(true, false, elf.EM_X86_64)
	b := m.build()
	room := uint64(size - b.at["PT_DYNAMIC"])
	m.put(b, b.at["ph:data"]+32, room, 8)
	m.put(b, b.at["ph:data"]+40, room, 8)
	m.put(b, b.at["val:DT_STRTAB"], uint64(b.at["PT_DYNAMIC"])+dataBase, 8)
	m.put(b, b.at["val:DT_STRSZ"], maxTable+1, 8)
	f, err := Read(sparseReader{b.data}, size)
	var format *FormatError
	if f != nil || !errors.As(err, &format) || format.Code != CodeLimit {
		t.Errorf("got %v, %v", f, err)
	}
}
