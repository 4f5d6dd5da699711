package elfaudit

import (
	"debug/elf"
	"slices"
	"testing"
)

// TestMisplaced: functions that loaders call, by where they are.
func TestMisplaced(t *testing.T) {
	const text, data = textBase + 0x40, 1 << 60 // data is where the dynamic table turns out to be
	entries := func(pairs ...uint64) (list [][2]uint64) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, [2]uint64{pairs[i], pairs[i+1]})
		}
		return list
	}
	const initArray, initSize = uint64(elf.DT_INIT_ARRAY), uint64(elf.DT_INIT_ARRAYSZ)
	for _, c := range []struct {
		name   string
		extra  [][2]uint64
		addend uint64 // of the only relocation
		typ    uint32
		symbol int
		want   []elf.DynTag
	}{
		{"none", nil, 0, 8, 0, nil},
		{"code", entries(uint64(elf.DT_INIT), text, uint64(elf.DT_FINI), text), 0, 8, 0, nil},
		{"data", entries(uint64(elf.DT_INIT), data, uint64(elf.DT_FINI), data), 0, 8, 0, []elf.DynTag{elf.DT_INIT, elf.DT_FINI}},
		{"nowhere", entries(uint64(elf.DT_FINI), 1<<40), 0, 8, 0, []elf.DynTag{elf.DT_FINI}},
		{"at 0", entries(uint64(elf.DT_INIT), 0), 0, 8, 0, []elf.DynTag{elf.DT_INIT}},
		{"an array of code", entries(initArray, data, initSize, 8), text, 8, 0, nil},
		{"an array of data", entries(initArray, data, initSize, 8), data, 8, 0, []elf.DynTag{elf.DT_INIT_ARRAY}},
		{"the second of an array", entries(initArray, data-8, initSize, 16), data, 8, 0, []elf.DynTag{elf.DT_INIT_ARRAY}},
		{"behind an array", entries(initArray, data-8, initSize, 8), data, 8, 0, nil},
		{"before an array", entries(initArray, data+8, initSize, 8), data, 8, 0, nil},
		{"a symbol", entries(initArray, data, initSize, 8), data, 1, 1, nil},
		{"an array nowhere", entries(initArray, 1<<40, initSize, 8), text, 8, 0, []elf.DynTag{elf.DT_INIT_ARRAY}},
		{"an array of no size", entries(initArray, 1<<40, initSize, 0), text, 8, 0, nil},
		{"an array for the end", entries(uint64(elf.DT_FINI_ARRAY), data, uint64(elf.DT_FINI_ARRAYSZ), 8), data, 8, 0, []elf.DynTag{elf.DT_FINI_ARRAY}},
		{"an array before all", entries(uint64(elf.DT_PREINIT_ARRAY), data, uint64(elf.DT_PREINIT_ARRAYSZ), 8), data, 8, 0, []elf.DynTag{elf.DT_PREINIT_ARRAY}},
	} {
		m := newModel(true, false, elf.EM_X86_64)
		m.extra, m.rela = c.extra, []relocation{{data, c.symbol, c.typ}}
		table := dataBase + uint64(m.build().at["val:DT_STRTAB"]) - data
		for i := range m.extra {
			if m.extra[i][1] >= data-8 {
				m.extra[i][1] += table
			}
		}
		m.rela[0].addr += table
		if c.addend >= data {
			c.addend += table
		}
		b := m.build()
		m.put(b, b.at["DT_RELA"]+16, c.addend, 8)
		if f := mustRead(t, b); !slices.Equal(f.Misplaced, c.want) {
			t.Errorf("%s: %v, want %v", c.name, f.Misplaced, c.want)
		}
	}
	// A program has no such entries that a library's loader would call.
	m := newModel(true, false, elf.EM_X86_64)
	m.typ, m.extra = elf.ET_EXEC, [][2]uint64{{uint64(elf.DT_INIT), 0}}
	if f := mustRead(t, m.build()); f.Misplaced != nil {
		t.Errorf("a program: %v", f.Misplaced)
	}
}

// TestFunctionDescriptors: on 64-bit PowerPC a function's address is among the data with
// the first ABI, and its own with the second.
func TestFunctionDescriptors(t *testing.T) {
	for _, c := range []struct {
		big   bool
		flags uint32
		want  bool // data is wrong
	}{{true, 0, false}, {true, 1, false}, {true, 2, true}, {false, 0, true}, {false, 2, true}, {false, 1, false}} {
		m := newModel(true, c.big, elf.EM_PPC64)
		m.flags, m.extra = c.flags, [][2]uint64{{uint64(elf.DT_INIT), dataBase + 0x400}}
		if f := mustRead(t, m.build()); (f.Misplaced != nil) != c.want {
			t.Errorf("%+v: %v", c, f.Misplaced)
		}
	}
}

// TestMisplacedFixtures: files of three machines that linkers made.
func TestMisplacedFixtures(t *testing.T) {
	for _, machine := range []string{"x86_64", "aarch64", "s390x"} {
		for name, want := range map[string][]elf.DynTag{
			"called": nil, "init": {elf.DT_INIT}, "initarray": {elf.DT_INIT_ARRAY}, "finiarray": {elf.DT_FINI_ARRAY},
		} {
			f, err := ReadFile("../testdata/elf/load-" + machine + "-" + name + ".so")
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(f.Misplaced, want) {
				t.Errorf("%s on %s: %v, want %v", name, machine, f.Misplaced, want)
			}
		}
	}
}

// TestNarrowHash: words of 32 bits are wrong on s390x alone.
func TestNarrowHash(t *testing.T) {
	for name, want := range map[string]bool{
		"hash-s390x-sysv.so": true, "hash-s390x-sysv64.so": false, "hash-x86_64-sysv.so": false, "hash-aarch64-sysv.so": false,
		"hash-x86_64-gnu.so": false, "ext-s390x-gnu2.17.so": true,
	} {
		f, err := ReadFile("../testdata/elf/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if f.NarrowHash != want {
			t.Errorf("%s: %v", name, f.NarrowHash)
		}
	}
}
