package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestStaticTLS uses the relocation types of each machine, by their numbers in
// its ABI, and their neighbours that do not tie a file to static storage.
func TestStaticTLS(t *testing.T) {
	tests := []struct {
		machine   elf.Machine
		wide, big bool
		rel       bool // DT_REL, otherwise DT_RELA
		yes, no   []uint32
	}{
		{elf.EM_X86_64, true, false, false, []uint32{18, 23}, []uint32{0, 8, 16, 17, 19, 36}},
		{elf.EM_X86_64, false, false, false, []uint32{18, 23}, []uint32{17}}, // x32
		{elf.EM_386, false, false, true, []uint32{14, 37}, []uint32{8, 35, 36, 41}},
		{elf.EM_ARM, false, false, true, []uint32{19}, []uint32{13, 17, 18, 23}},
		{elf.EM_AARCH64, true, false, false, []uint32{1030}, []uint32{1027, 1028, 1029, 1031, 6}},
		{elf.EM_PPC64, true, false, false, []uint32{73, 69, 70, 71, 72}, []uint32{22, 68, 74, 78}},
		{elf.EM_PPC64, true, true, false, []uint32{73}, []uint32{78}},
		{elf.EM_S390, true, true, false, []uint32{56}, []uint32{12, 54, 55, 57}},
		{elf.EM_RISCV, true, false, false, []uint32{10, 11}, []uint32{3, 7, 8, 9, 12}},
		{elf.EM_LOONGARCH, true, false, false, []uint32{10, 11}, []uint32{3, 8, 9, 12}},
		{elf.EM_SPARC, false, true, false, nil, []uint32{78, 79}},
	}
	for _, tt := range tests {
		for typ, want := range wanted(tt.yes, tt.no) {
			for _, use := range []struct {
				symbol  int
				own     bool
				symbols []string
			}{{0, true, nil}, {5, true, nil}, {1, false, []string{"exp"}}} {
				m := newModel(tt.wide, tt.big, tt.machine)
				list := []relocation{{dataBase + 0x400, use.symbol, typ}, {dataBase + 0x408, use.symbol, typ}}
				if tt.rel {
					m.rel = list
				} else {
					m.rela = list
				}
				b := m.build()
				got := mustRead(t, b).StaticTLS
				if want && (got.Own != use.own || !slices.Equal(got.Symbols, use.symbols)) || !want && (got.Own || got.Symbols != nil) || got.Flag {
					t.Errorf("%v, type %d of symbol %d: %+v", tt.machine, typ, use.symbol, got)
				}
				if named, ok := readelfNames(t, b, tt.machine); use.symbol == 0 && ok && named != want {
					t.Errorf("%v, type %d: readelf names it as such: %v", tt.machine, typ, named)
				}
			}
		}
	}
}

// wanted maps numbers to whether they are in the first list.
func wanted(yes, no []uint32) map[uint32]bool {
	all := map[uint32]bool{}
	for _, n := range no {
		all[n] = false
	}
	for _, n := range yes {
		all[n] = true
	}
	return all
}

// readelfNames reports whether readelf calls the only sort of relocation in b one
// of the distance from the thread pointer. It is not ok where readelf cannot be
// asked.
func readelfNames(t *testing.T, b built, machine elf.Machine) (named, ok bool) {
	t.Helper()
	if _, err := exec.LookPath("readelf"); err != nil || testing.Short() || machine == elf.EM_SPARC {
		return false, false
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, b.data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("readelf", "-W", "-r", "--use-dynamic", path).Output()
	if err != nil {
		return false, false // not a file that readelf takes
	}
	line := ""
	for l := range strings.SplitSeq(string(out), "\n") {
		if strings.Contains(l, " R_") {
			line = l
		}
	}
	m := relLine.FindStringSubmatch(line)
	return m != nil && threadOffset.MatchString(m[2]), m != nil
}

// TestStaticTLSFlag: DF_STATIC_TLS is a fact of its own.
func TestStaticTLSFlag(t *testing.T) {
	for flag, want := range map[elf.DynFlag]bool{elf.DF_STATIC_TLS: true, elf.DF_SYMBOLIC: false, elf.DF_BIND_NOW: false} {
		m := newModel(true, false, elf.EM_AARCH64)
		m.extra = [][2]uint64{{uint64(elf.DT_FLAGS), uint64(flag)}}
		if f := mustRead(t, m.build()); f.StaticTLS.Flag != want || f.StaticTLS.Own {
			t.Errorf("%v: %+v", flag, f.StaticTLS)
		}
	}
}

// TestTLS reads PT_TLS. An empty one says nothing.
func TestTLS(t *testing.T) {
	for _, v := range variants {
		m := newModel(v.wide, v.big, v.machine)
		if f := mustRead(t, m.build()); f.TLS != nil {
			t.Errorf("%s: %+v without a header", v.name, f.TLS)
		}
		m.tls = &TLS{FileSize: 4, MemSize: 0x780, Align: 64}
		if f := mustRead(t, m.build()); f.TLS == nil || f.TLS.Addr == 0 || *f.TLS != (TLS{f.TLS.Addr, 4, 0x780, 64}) {
			t.Errorf("%s: %+v", v.name, f.TLS)
		}
		m.tls = &TLS{Align: 64}
		if f := mustRead(t, m.build()); f.TLS != nil {
			t.Errorf("%s: %+v of an empty segment", v.name, f.TLS)
		}
	}
}

// TestRelocatedSymbols: a relocation may use the last symbol there is by a hash
// table, and none behind it, which a loader would find all the same.
func TestRelocatedSymbols(t *testing.T) {
	for _, v := range variants {
		for _, hash := range []struct{ gnu, sysv, source string }{
			{"full", "", "gnu-hash"}, {"unhashed", "", "gnu-hash"}, {"", "full", "sysv-hash"}, {"empty", "", "layout"},
		} {
			for field, place := range map[string]func(*model, []relocation){
				"DT_RELA": func(m *model, list []relocation) { m.rela = list },
				"DT_REL":  func(m *model, list []relocation) { m.rel = list },
			} {
				for over := range 3 {
					m := newModel(v.wide, v.big, v.machine)
					m.gnuHash, m.sysvHash = hash.gnu, hash.sysv
					last := len(m.symbols)
					place(m, []relocation{{dataBase + 0x400, 1, 5}, {dataBase + 0x400, last + over, 5}})
					b := m.build()
					f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
					if over == 0 {
						if err != nil {
							t.Errorf("%s, %s: %v", v.name, hash, err)
						}
						continue
					}
					size := 2 * m.width()
					if field == "DT_RELA" {
						size = 3 * m.width()
					}
					want := fmt.Sprintf("%s: a relocation uses symbol %d, but the file has %d (counted by %s) (at offset %#x)",
						field, last+over, last+1, hash.source, b.at[field]+size)
					var format *FormatError
					if f != nil || !errors.As(err, &format) || format.Code != CodeSymbol || err.Error() != want {
						t.Errorf("%s, %s: %v, want %s", v.name, hash, err, want)
					}
				}
			}
		}
	}
}

// TestHiddenSymbols shortens hash tables, as somebody does who wants to hide the
// symbols behind their count.
func TestHiddenSymbols(t *testing.T) {
	for _, tt := range []struct {
		name      string
		gnu, sysv string
		damage    damage
	}{
		{"fewer chains of DT_HASH", "", "full", poke("DT_HASH", 4, 3, 4)},
		{"empty buckets of DT_GNU_HASH", "unhashed", "", poke("DT_GNU_HASH", 4, 3, 4)},
	} {
		m := newModel(true, false, elf.EM_X86_64)
		m.gnuHash, m.sysvHash, m.relocate = tt.gnu, tt.sysv, true
		b := m.build()
		mustRead(t, b)
		tt.damage(m, b)
		f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		if f != nil || !errors.As(err, &format) || format.Code != CodeSymbol || format.Field != "DT_JMPREL" {
			t.Errorf("%s: %v, %v", tt.name, f, err)
		}
	}
}

// TestTextRelocations changes addresses of read-only and of writable segments.
func TestTextRelocations(t *testing.T) {
	for _, v := range variants {
		m := newModel(v.wide, v.big, v.machine)
		m.rela = []relocation{{dataBase, 0, 0}}
		b := m.build()
		textEnd := uint64(b.at["PT_DYNAMIC"]) + textBase
		dataStart, dataEnd := uint64(b.at["PT_DYNAMIC"])+dataBase, uint64(b.at["attributes"])+dataBase
		w := uint64(m.width())
		for _, tt := range []struct {
			name string
			list []relocation
			relr []uint64
			want bool
		}{
			{"first of text", []relocation{{textBase, 0, 5}}, nil, true},
			{"before text", []relocation{{textBase - 1, 0, 5}}, nil, false},
			{"last of text", []relocation{{textEnd - 1, 0, 5}}, nil, true},
			{"behind text", []relocation{{textEnd, 0, 5}}, nil, false},
			{"type that does nothing", []relocation{{textBase, 0, 0}}, nil, false},
			{"first of data", []relocation{{dataStart, 0, 5}}, nil, false},
			{"last of data", []relocation{{dataEnd - 1, 0, 5}}, nil, false},
			{"text after data", []relocation{{dataStart, 0, 5}, {textBase, 1, 5}, {dataStart, 0, 5}}, nil, true},
			{"packed, data", nil, []uint64{dataStart, 0b1011}, false},
			{"packed, an address in text", nil, []uint64{textBase + 2*w, dataStart}, true},
			{"packed, a bit in text", nil, []uint64{textBase - 2*w, 0b1001}, true},
			{"packed, no bit in text", nil, []uint64{textBase - 2*w, 0b0011}, false},
			{"packed, the last bit", nil, []uint64{textBase - (8*w-1)*w, 1 | 1<<(8*w-1)}, true},
			{"packed, the last but one", nil, []uint64{textBase - (8*w-1)*w, 1 | 1<<(8*w-2)}, false},
			{"packed, the first bit of a second word", nil, []uint64{textBase - 8*w*w, 1, 0b11}, true},
			{"packed, the same a word before", nil, []uint64{textBase - 8*w*w - w, 1, 0b11}, false},
			{"packed, the second bit of a second word", nil, []uint64{textBase - 8*w*w - w, 1, 0b101}, true},
		} {
			m := newModel(v.wide, v.big, v.machine)
			m.rela = tt.list
			if tt.list == nil {
				m.relr = tt.relr
			}
			// The tables move text and data; both addresses stay where they were.
			b := m.build()
			shift := uint64(b.at["PT_DYNAMIC"]) + dataBase - dataStart
			for i := range m.rela {
				if m.rela[i].addr >= textEnd-1 {
					m.rela[i].addr += shift
				}
			}
			for i := range m.relr {
				if m.relr[i] == dataStart {
					m.relr[i] += shift
				}
			}
			f := mustRead(t, m.build())
			if f.Relocations.Text != tt.want || f.TextRel {
				t.Errorf("%s, %s: %v, flag %v", v.name, tt.name, f.Relocations.Text, f.TextRel)
			}
		}
	}
}

// TestEntries reports dynamic entries as they stand.
func TestEntries(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	if f := mustRead(t, m.build()); !reflect.DeepEqual(f.Relocations, Relocations{}) || f.Relr || f.Entries[elf.DT_STRSZ] == 0 {
		t.Errorf("without relocations: %+v %v", f.Relocations, f.Entries)
	} else if _, ok := f.Entries[elf.DT_RELAENT]; ok {
		t.Error("an entry that is not there")
	}
	m.rela, m.rel, m.relr = []relocation{{}}, []relocation{{}}, []uint64{dataBase, 1}
	m.extra = [][2]uint64{{uint64(elf.DT_PLTREL), 7}, {uint64(elf.DT_RELACOUNT), 3}, {uint64(elf.DT_PLTREL), 99}, {1 << 40, 5}}
	f := mustRead(t, m.build())
	for tag, want := range map[elf.DynTag]uint64{elf.DT_RELENT: 16, elf.DT_RELAENT: 24, DTRelrent: 8, DTRelrsz: 16, elf.DT_PLTREL: 99, elf.DT_RELACOUNT: 3} {
		if got, ok := f.Entries[tag]; got != want || !ok {
			t.Errorf("%v: %d, want %d", tag, got, want)
		}
	}
	if !f.Relr {
		t.Error("no DT_RELR")
	}
}

// TestRelocationKinds lists types, leading relative ones, and addresses that are not
// the file's own.
func TestRelocationKinds(t *testing.T) {
	const relative, absolute = uint32(elf.R_X86_64_RELATIVE), uint32(elf.R_X86_64_64)
	const at = 1 // for an address in the writable segment
	for _, c := range []struct {
		name        string
		relocations []relocation
		want        Relocations
	}{
		{"relative ones first", []relocation{{at, 0, relative}, {at, 0, relative}, {at, 0, absolute}, {at, 0, relative}},
			Relocations{Types: []uint32{absolute, relative}, Relative: 2}},
		{"another type first", []relocation{{at, 0, absolute}, {at, 0, relative}}, Relocations{Types: []uint32{absolute, relative}}},
		{"type 0 first", []relocation{{at, 0, 0}, {at, 0, relative}}, Relocations{Types: []uint32{relative}}},
		{"outside", []relocation{{at, 0, relative}, {1 << 40, 0, relative}}, Relocations{Types: []uint32{relative}, Relative: 2, Outside: true}},
		{"type 0 outside", []relocation{{1 << 40, 0, 0}}, Relocations{}},
		{"text", []relocation{{textBase, 0, relative}}, Relocations{Types: []uint32{relative}, Relative: 1, Text: true}},
	} {
		m := newModel(true, false, elf.EM_X86_64)
		m.rela = c.relocations
		data := mustRead(t, m.build()).Loads[1].Addr
		for i := range m.rela {
			if m.rela[i].addr == at {
				m.rela[i].addr = data
			}
		}
		if f := mustRead(t, m.build()); !reflect.DeepEqual(f.Relocations, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, f.Relocations, c.want)
		}
	}
	m := newModel(true, false, elf.EM_X86_64)
	m.relr = []uint64{1 << 40}
	if f := mustRead(t, m.build()); !f.Relocations.Outside || f.Relocations.Text {
		t.Errorf("a packed one outside: %+v", f.Relocations)
	}
	m.relr = nil
	for i := range 2 * MaxTypes {
		m.rela = append(m.rela, relocation{at, 0, uint32(2*MaxTypes - i)})
	}
	if f := mustRead(t, m.build()); len(f.Relocations.Types) != MaxTypes || !slices.IsSorted(f.Relocations.Types) {
		t.Errorf("many types: %d", len(f.Relocations.Types))
	}
}

// TestRelocationTables covers tables that cannot be read.
func TestRelocationTables(t *testing.T) {
	tests := []struct {
		name        string
		damage      damage
		code, field string
	}{
		{"unmapped", set("DT_RELA", 16), CodeUnmapped, "DT_RELA"},
		{"too large", set("DT_RELASZ", 1<<40), CodeUnmapped, "DT_RELA"},
		{"packed ones unmapped", set("DT_RELR", 16), CodeUnmapped, "DT_RELR"},
		{"packed ones too large", set("DT_RELRSZ", 1<<40), CodeUnmapped, "DT_RELR"},
		{"empty", set("DT_RELASZ", 0), "", ""},
		{"empty and unmapped", func(m *model, b built) { set("DT_RELASZ", 0)(m, b); set("DT_RELA", 16)(m, b) }, "", ""},
		{"packed ones empty and unmapped", func(m *model, b built) { set("DT_RELRSZ", 0)(m, b); set("DT_RELR", 16)(m, b) }, "", ""},
		{"without a size", drop("DT_RELASZ"), "", ""},
		{"half an entry", set("DT_RELASZ", 36), "", ""},
		{"packed ones empty", set("DT_RELRSZ", 0), "", ""},
		{"half a word", set("DT_RELRSZ", 4), "", ""},
	}
	for _, tt := range tests {
		m := newModel(true, false, elf.EM_X86_64)
		m.rela, m.relr = []relocation{{dataBase, 0, 8}, {textBase, 0, 8}}, []uint64{textBase}
		b := m.build()
		mustRead(t, b)
		tt.damage(m, b)
		f, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		switch {
		case tt.code == "" && err != nil, tt.code != "" && (f != nil || !errors.As(err, &format) || format.Code != tt.code || format.Field != tt.field):
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	// A part of an entry is one, as for glibc.
	m := newModel(true, false, elf.EM_X86_64)
	m.rela = []relocation{{dataBase, 0, 8}, {textBase, 0, 8}}
	b := m.build()
	for size, want := range map[uint64]bool{24: false, 25: true, 48: true} {
		m.put(b, b.at["val:DT_RELASZ"], size, 8)
		if f := mustRead(t, b); f.Relocations.Text != want || f.Relocations.Ragged != (size == 25) {
			t.Errorf("%d bytes of relocations: %+v", size, f.Relocations)
		}
	}
	// Those of MIPS are in another format.
	m = newModel(true, true, elf.EM_MIPS)
	m.rela = []relocation{{textBase, 99, 8}}
	if f := mustRead(t, m.build()); f.Relocations.Text {
		t.Error("MIPS relocations were read")
	}
}

// TestManyRelocations reads more of them than fit the window.
func TestManyRelocations(t *testing.T) {
	for _, v := range variants {
		for _, n := range []int{windowSize / 12, windowSize/8 + 1, 3*windowSize/24 + 1, 2000} {
			m := newModel(v.wide, v.big, v.machine)
			m.rela = slices.Repeat([]relocation{{dataBase, 0, 5}}, n)
			m.rela[n-1].symbol = 1 // the last one is seen
			m.rela[n-1].addr = textBase
			m.rel = slices.Clone(m.rela)
			if f := mustRead(t, m.build()); !f.Relocations.Text {
				t.Errorf("%s, %d relocations: the last one was not read", v.name, n)
			}
			m.rela[n-1].symbol = 99
			b := m.build()
			if f, err := Read(bytes.NewReader(b.data), int64(len(b.data))); f != nil || err == nil {
				t.Errorf("%s, %d relocations: %v", v.name, n, err)
			}
		}
	}
}
