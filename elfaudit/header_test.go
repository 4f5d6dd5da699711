package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestPadding: each of the last seven bytes of e_ident counts.
func TestPadding(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	m.osabi = elf.ELFOSABI_LINUX
	b := m.build()
	b.data[elf.EI_ABIVERSION] = 7
	if f := mustRead(t, b); f.Padded || f.ABIVersion != 7 {
		t.Errorf("without padding: %v, ABI version %d", f.Padded, f.ABIVersion)
	}
	for i := elf.EI_PAD; i < elf.EI_NIDENT; i++ {
		b := m.build()
		b.data[i] = 1
		if f := mustRead(t, b); !f.Padded {
			t.Errorf("byte %d is not seen", i)
		}
	}
}

// TestDynamicFacts covers what the dynamic table says about loading.
func TestDynamicFacts(t *testing.T) {
	type fact struct {
		pie, noOpen, init bool
		array             uint64
	}
	tests := []struct {
		entries [][2]uint64
		want    fact
	}{
		{nil, fact{}},
		{[][2]uint64{{uint64(elf.DT_FLAGS_1), uint64(elf.DF_1_PIE)}}, fact{pie: true}},
		{[][2]uint64{{uint64(elf.DT_FLAGS_1), uint64(elf.DF_1_NOOPEN)}}, fact{noOpen: true}},
		{[][2]uint64{{uint64(elf.DT_FLAGS_1), uint64(elf.DF_1_NOW | elf.DF_1_NODELETE | elf.DF_1_INITFIRST)}}, fact{}},
		{[][2]uint64{{uint64(elf.DT_FLAGS), uint64(elf.DF_1_PIE)}}, fact{}},
		{[][2]uint64{{uint64(elf.DT_INIT), 0}}, fact{init: true}},
		{[][2]uint64{{uint64(elf.DT_FINI), textBase}, {uint64(elf.DT_INIT_ARRAY), dataBase}}, fact{}},
		{[][2]uint64{{uint64(elf.DT_INIT_ARRAYSZ), 24}}, fact{array: 3}},
		{[][2]uint64{{uint64(elf.DT_INIT_ARRAYSZ), 7}, {uint64(elf.DT_FINI_ARRAYSZ), 80}}, fact{}},
	}
	for _, tt := range tests {
		m := newModel(true, false, elf.EM_X86_64)
		m.extra = tt.entries
		f := mustRead(t, m.build())
		if got := (fact{f.PIE, f.NoOpen, f.Init, f.InitArray}); got != tt.want {
			t.Errorf("%#x: got %+v, want %+v", tt.entries, got, tt.want)
		}
	}
	m := newModel(false, true, elf.EM_PPC)
	m.extra = [][2]uint64{{uint64(elf.DT_INIT_ARRAYSZ), 24}}
	if f := mustRead(t, m.build()); f.InitArray != 6 {
		t.Errorf("24 bytes of 32-bit addresses: %d", f.InitArray)
	}
}

// TestFilters covers the two sorts of filtered libraries.
func TestFilters(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	if f := mustRead(t, m.build()); f.Filters != nil || f.Auxiliaries != nil {
		t.Errorf("filters %q, auxiliaries %q of an ordinary file", f.Filters, f.Auxiliaries)
	}
	m.filters, m.auxiliaries = []string{"libb.so", "liba.so"}, []string{"libc.so.6"}
	f := mustRead(t, m.build())
	if !slices.Equal(f.Filters, m.filters) || !slices.Equal(f.Auxiliaries, m.auxiliaries) || !slices.Equal(f.Needed, m.needed) {
		t.Errorf("filters %q, auxiliaries %q, needed %q", f.Filters, f.Auxiliaries, f.Needed)
	}
	for _, tag := range []string{"DT_FILTER", "DT_AUXILIARY"} {
		b := m.build()
		set(tag, 1<<20)(m, b)
		_, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		if !errors.As(err, &format) || format.Code != CodeString || format.Field != tag {
			t.Errorf("%s outside the strings: %v", tag, err)
		}
	}
}

// TestDynamicSize: files of debug information have the header, with no bytes.
func TestDynamicSize(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	b := m.build()
	if f := mustRead(t, b); !f.Dynamic || f.DynamicSize == 0 {
		t.Errorf("dynamic %v of %d bytes", f.Dynamic, f.DynamicSize)
	}
	m.put(b, b.at["ph:dynamic"]+32, 0, 8)
	if f := mustRead(t, b); !f.Dynamic || f.DynamicSize != 0 {
		t.Errorf("dynamic %v of %d bytes, want none", f.Dynamic, f.DynamicSize)
	}
	m.put(b, b.at["ph:dynamic"], uint64(elf.PT_NULL), 4)
	if f := mustRead(t, b); f.Dynamic || f.DynamicSize != 0 || f.Needed != nil {
		t.Errorf("without PT_DYNAMIC: dynamic %v of %d bytes", f.Dynamic, f.DynamicSize)
	}
}

// TestLastStackCounts repeats PT_GNU_STACK.
func TestLastStackCounts(t *testing.T) {
	for _, tt := range []struct {
		first, last elf.ProgFlag
		want        Stack
	}{
		{elf.PF_R | elf.PF_W | elf.PF_X, elf.PF_R | elf.PF_W, StackNoExec},
		{elf.PF_R | elf.PF_W, elf.PF_R | elf.PF_W | elf.PF_X, StackExec},
		{0, elf.PF_X, StackExec},
		{elf.PF_X, 0, StackNoExec},
	} {
		m := newModel(true, false, elf.EM_X86_64)
		b := m.build()
		m.put(b, b.at["ph:stack"]+4, uint64(tt.first), 4)
		m.put(b, b.at["ph:relro"], uint64(elf.PT_GNU_STACK), 4) // comes later
		m.put(b, b.at["ph:relro"]+4, uint64(tt.last), 4)
		if f := mustRead(t, b); f.Stack != tt.want || f.RELRO {
			t.Errorf("%v, then %v: %v", tt.first, tt.last, f.Stack)
		}
	}
}

// TestVersionHash: glibc finds a version by its hash.
func TestVersionHash(t *testing.T) {
	// Hashes that objdump -p prints.
	for name, want := range map[string]uint32{"": 0, "GLIBC_2.17": 0x06969197, "GLIBC_2.2.5": 0x09691a75, "GLIBC_2.34": 0x069691b4, "GCC_3.0": 0x0b792650} {
		if got := sysvHash(name); got != want {
			t.Errorf("%s: %#x, want %#x", name, got, want)
		}
	}
	for _, tt := range []struct {
		table string
		off   int
		ok    bool
		name  string
	}{
		{"DT_VERNEED", 16, false, "GLIBC_2.29"},
		{"DT_VERNEED", 64, false, "GLIBC_2.34"}, // although it is weak
		{"DT_VERDEF", 8, true, ""},              // the file's own name, which nobody looks for
		{"DT_VERDEF", 28 + 8, false, "DEMO_1"},
	} {
		m := newModel(true, false, elf.EM_X86_64)
		b := m.build()
		at := b.at[tt.table] + tt.off
		m.put(b, at, uint64(m.byteOrder().Uint32(b.data[at:])^1), 4)
		_, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		switch {
		case tt.ok && err != nil:
			t.Errorf("%s+%d: %v", tt.table, tt.off, err)
		case !tt.ok && (!errors.As(err, &format) || format.Code != CodeVersion || format.Field != tt.table || !strings.Contains(format.Reason, tt.name+" is not")):
			t.Errorf("%s+%d: %v", tt.table, tt.off, err)
		}
	}
}

// TestHashTablesDisagree makes either of them the one with more symbols.
func TestHashTablesDisagree(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	n := uint64(len(m.symbols) + 1)
	for _, sysv := range []uint64{n - 1, n, n + 1} {
		b := m.build()
		m.put(b, b.at["DT_HASH"]+4, sysv, 4)
		_, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		if disagree := errors.As(err, &format) && format.Code == CodeSymbol && format.Field == "DT_GNU_HASH"; disagree != (sysv != n) {
			t.Errorf("%d symbols by DT_HASH, %d by DT_GNU_HASH: %v", sysv, n, err)
		}
	}
}
