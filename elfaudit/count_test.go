package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"slices"
	"testing"
)

// TestCountSymbols counts symbols in each way there is.
func TestCountSymbols(t *testing.T) {
	tests := []struct {
		name   string
		change func(*model)
		want   SymbolSource
	}{
		{"both hashes", func(m *model) {}, SymbolsGNUHash},
		{"GNU hash", func(m *model) { m.sysvHash = "" }, SymbolsGNUHash},
		{"old hash", func(m *model) { m.gnuHash = "" }, SymbolsSysVHash},
		{"hash of nothing, with the count", func(m *model) { m.sysvHash, m.gnuHash = "", "unhashed" }, SymbolsGNUHash},
		{"old hash without buckets", func(m *model) { m.sysvHash, m.gnuHash = "bucketless", "" }, SymbolsLayout},
		{"both hashes of nothing", func(m *model) { m.sysvHash, m.gnuHash = "bucketless", "empty" }, SymbolsLayout},
		{"old hash without buckets beside another", func(m *model) { m.sysvHash = "bucketless" }, SymbolsGNUHash},
		{"hash of nothing and old hash", func(m *model) { m.gnuHash = "empty" }, SymbolsSysVHash},
		{"hash of nothing", func(m *model) { m.sysvHash, m.gnuHash = "", "empty" }, SymbolsLayout},
		{"no hash", func(m *model) { m.sysvHash, m.gnuHash = "", "" }, SymbolsLayout},
		{"no hash, strings first", func(m *model) { m.sysvHash, m.gnuHash, m.strFirst = "", "", true }, SymbolsLayout},
		{"no hash, strings first, nothing behind", func(m *model) {
			m.sysvHash, m.gnuHash, m.strFirst, m.needs, m.defs, m.relocate = "", "", true, nil, nil, false
			m.symbols = m.symbols[:0]
		}, SymbolsRelocated},
		{"no hash, relocations behind", func(m *model) {
			m.sysvHash, m.gnuHash, m.strFirst, m.needs, m.defs, m.relocate = "", "", true, nil, nil, true
		}, SymbolsLayout},
		{"no hash, other relocations behind", func(m *model) {
			m.sysvHash, m.gnuHash, m.strFirst, m.needs, m.defs = "", "", true, nil, nil
			m.rela = []relocation{{dataBase, 1, 5}}
		}, SymbolsLayout},
		{"no hash, relocations without addends behind", func(m *model) {
			m.sysvHash, m.gnuHash, m.strFirst, m.needs, m.defs = "", "", true, nil, nil
			m.rel = []relocation{{dataBase, 1, 5}}
		}, SymbolsLayout},
		{"hole of zeros", func(m *model) { m.sysvHash, m.gnuHash, m.gap, m.relocate = "", "", 100, true }, SymbolsRelocated},
		{"hole of letters", func(m *model) { m.sysvHash, m.gnuHash, m.gap, m.fill, m.relocate = "", "", 100, 'X', true }, SymbolsRelocated},
		{"hole of small numbers", func(m *model) { m.sysvHash, m.gnuHash, m.gap, m.fill, m.relocate = "", "", 100, 1, true }, SymbolsRelocated},
		{"padding less than a symbol", func(m *model) { m.sysvHash, m.gnuHash, m.gap, m.fill, m.relocate = "", "", 8, 'X', true }, SymbolsLayout},
	}
	for _, tt := range tests {
		for _, v := range variants {
			m := newModel(v.wide, v.big, v.machine)
			tt.change(m)
			f := mustRead(t, m.build())
			if f.SymbolsFrom != tt.want || f.SymbolsFrom.String() == "none" {
				t.Errorf("%s, %s: counted from %v, want %v", tt.name, v.name, f.SymbolsFrom, tt.want)
			}
			var want []string
			for _, s := range m.symbols {
				if !s.Defined {
					want = append(want, s.Name)
				}
			}
			var got []string
			for s := range f.Undefined() {
				got = append(got, s.Name)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: undefined %v, want %v", tt.name, v.name, got, want)
			}
			if all := len(slices.Collect(f.Symbols())); tt.want != SymbolsRelocated && all != len(m.symbols) {
				t.Errorf("%s, %s: %d symbols, want %d", tt.name, v.name, all, len(m.symbols))
			}
		}
	}
}

// TestUncountable covers symbol tables that nothing gives the size of.
func TestUncountable(t *testing.T) {
	tests := []struct {
		name    string
		machine elf.Machine
		change  func(*model)
	}{
		{"packed relocations", elf.EM_AARCH64, func(m *model) { m.extra = [][2]uint64{{dtAndroidRela, 0}} }},
		{"compact relocations", elf.EM_AARCH64, func(m *model) { m.extra = [][2]uint64{{dtCrel, 0}} }},
		{"MIPS", elf.EM_MIPS, func(m *model) {}},
		{"relocations unmapped", elf.EM_AARCH64, func(m *model) {
			m.extra = [][2]uint64{{uint64(elf.DT_REL), 1 << 40}, {uint64(elf.DT_RELSZ), 16}}
		}},
		{"relocations too large", elf.EM_AARCH64, func(m *model) {
			m.extra = [][2]uint64{{uint64(elf.DT_RELA), textBase + 64}, {uint64(elf.DT_RELASZ), 1 << 40}}
		}},
		{"relocation of a symbol outside", elf.EM_AARCH64, func(m *model) {
			m.extra = [][2]uint64{{uint64(elf.DT_RELA), textBase + 4}, {uint64(elf.DT_RELASZ), 24}} // the ELF header as a relocation
		}},
	}
	for _, tt := range tests {
		m := newModel(true, false, tt.machine)
		m.sysvHash, m.gnuHash, m.gap, m.fill = "", "", 100, 'X'
		tt.change(m)
		b := m.build()
		f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		if f != nil || !errors.As(err, &format) || format.Code != CodeSymbol && format.Code != CodeUnmapped {
			t.Errorf("%s: got %v, %v", tt.name, f, err)
		}
	}
}

// TestHashWords covers the machines whose DT_HASH has 64-bit words, or not.
func TestHashWords(t *testing.T) {
	for _, tt := range []struct {
		machine elf.Machine
		wide    bool
		words   string
		ok      bool
	}{
		{elf.EM_S390, true, "wide", true},
		{elf.EM_S390, true, "full", true}, // as LLVM's linker writes it
		{elf.EM_S390, false, "full", true},
		{elf.EM_ALPHA, true, "wide", true},
		{elf.EM_PPC64, true, "full", true},
		{elf.EM_PPC64, true, "wide", true}, // which no linker does: it looks like a table without buckets
	} {
		for _, hash := range []string{"", "full"} {
			m := newModel(tt.wide, tt.machine != elf.EM_ALPHA, tt.machine)
			m.sysvHash, m.gnuHash = tt.words, hash
			b := m.build()
			f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
			if tt.ok != (err == nil) {
				t.Errorf("%v wide %v, %s words: %v", tt.machine, tt.wide, tt.words, err)
			}
			if err == nil && len(slices.Collect(f.Symbols())) != len(m.symbols) {
				t.Errorf("%v, %s words: %d symbols", tt.machine, tt.words, f.syms.count())
			}
		}
	}
}

// TestManyProgramHeaders: a number that loaders and other readers understand
// differently is refused, even if both find the same headers.
func TestManyProgramHeaders(t *testing.T) {
	for _, v := range variants {
		m := newModel(v.wide, v.big, v.machine)
		b := m.build()
		at, info := int64(56), 44
		if !v.wide {
			at, info = 44, 28
		}
		m.put(b, b.at["sections"]+info, uint64(m.byteOrder().Uint16(b.data[at:])), 4)
		for n, code := range map[uint64]string{0xffff: CodeHeader, 0xfffe: CodeTruncated} {
			m.put(b, int(at), n, 2)
			f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
			var format *FormatError
			if f != nil || !errors.As(err, &format) || format.Code != code {
				t.Errorf("%s, %#x headers: %v, %v", v.name, n, f, err)
			} else if code == CodeHeader && (format.Field != "e_phnum" || format.Offset != at) {
				t.Errorf("%s: error at %s, %d", v.name, format.Field, format.Offset)
			}
		}
	}
}

// TestBigTables reads tables larger than the first allocation.
func TestBigTables(t *testing.T) {
	m := newModel(true, true, elf.EM_S390)
	m.flags = 0
	for range 60_000 {
		m.symbols = append(m.symbols, Symbol{Name: "same_name_for_all", Defined: true, Type: elf.STT_FUNC})
	}
	for i := range 40 {
		m.needed = append(m.needed, string(bytes.Repeat([]byte{'a' + byte(i%26)}, maxName-1-i)))
	}
	b := m.build()
	m.put(b, b.at["ph:data"]+16, uint64(b.at["PT_DYNAMIC"])+1<<32, 8)
	m.put(b, b.at["ph:dynamic"]+16, uint64(b.at["PT_DYNAMIC"])+1<<32, 8)
	f := mustRead(t, b)
	if !slices.Equal(f.Needed, m.needed) || len(slices.Collect(f.Symbols())) != len(m.symbols) {
		t.Errorf("%d needed, %d symbols", len(f.Needed), f.syms.count())
	}
	short := failingReader{b.data, int64(b.at["DT_SYMTAB"]) + chunkSize + 100, errors.New("broken disk")}
	if f, err := Read(short, int64(len(b.data))); f != nil || err == nil {
		t.Error("read past the break")
	}
}
