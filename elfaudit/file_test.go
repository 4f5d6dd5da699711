package elfaudit

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// variants are the four ways to write a file, each on a machine that does.
var variants = []struct {
	name      string
	wide, big bool
	machine   elf.Machine
}{
	{"64le", true, false, elf.EM_X86_64},
	{"64be", true, true, elf.EM_PPC64},
	{"32le", false, false, elf.EM_386},
	{"32be", false, true, elf.EM_PPC},
}

// TestRead builds a file of each class and byte order with all that the
// builder can do and expects every fact back.
func TestRead(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			m := newModel(v.wide, v.big, v.machine)
			order := m.byteOrder()
			m.interp, m.rpath, m.osabi, m.flags = "/lib/ld-linux.so.2", ":/opt/x", elf.ELFOSABI_LINUX, 7
			m.notes = slices.Concat(
				note(order, 4, "Vendor", 9, []byte("xyz")),
				note(order, 4, "GNU", noteABITag, words(order, 0, 4, 19, 2)),
				note(order, 4, "GNU", noteBuildID, []byte{0xab, 0xcd, 0xef}),
				note(order, 4, "Android", noteAndroid, append(words(order, 24), "r27c\x00junk"...)))
			m.extra = [][2]uint64{{uint64(DTRelr), 1}, {uint64(elf.DT_FLAGS), uint64(elf.DF_TEXTREL)}, {uint64(elf.DT_FLAGS_1), uint64(elf.DF_1_NOW)}}
			m.textFlags |= elf.PF_W
			f := mustRead(t, m.build())

			class := 32
			if v.wide {
				class = 64
			}
			if f.Class != class || f.Order != binary.ByteOrder(order) || f.Machine != v.machine || f.Type != elf.ET_DYN ||
				f.OSABI != elf.ELFOSABI_LINUX || f.Flags != 7 {
				t.Errorf("header: %d %v %v %v %v %#x", f.Class, f.Order, f.Machine, f.Type, f.OSABI, f.Flags)
			}
			if f.Interpreter != m.interp || f.Soname != m.soname || f.Kind != KindSharedObject || f.Static {
				t.Errorf("interpreter %q soname %q kind %v static %v", f.Interpreter, f.Soname, f.Kind, f.Static)
			}
			check := func(what string, got, want any) {
				t.Helper()
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s:\ngot  %+v\nwant %+v", what, got, want)
				}
			}
			check("needed", f.Needed, m.needed)
			check("rpath", f.RPath, []string{"", "/opt/x"})
			check("runpath", f.RunPath, []string{"$ORIGIN/../demo.libs", ""})
			check("version needs", f.VersionNeeds, m.needs)
			check("version definitions", f.VersionDefs, m.defs)
			check("ABI tag", f.ABITag, &ABITag{Kernel: [3]uint32{4, 19, 2}})
			check("build ID", f.BuildID, []byte{0xab, 0xcd, 0xef})
			check("android", f.Android, &Android{API: 24, NDK: "r27c"})
			want := slices.Clone(m.symbols)
			want[0].Library, want[1].Library = "libm.so.6", "libc.so.6"
			check("symbols", slices.Collect(f.Symbols()), want)
			check("undefined", slices.Collect(f.Undefined()), want[:4])
			check("exported", slices.Collect(f.Exported()), want[4:8])
			if f.Stack != StackNoExec || !f.RELRO || !f.BindNow || !f.TextRel || !f.WritableExec || !f.Relr || f.LoadAlign != 0x1000 {
				t.Errorf("loading: %v %v %v %v %v %v %#x", f.Stack, f.RELRO, f.BindNow, f.TextRel, f.WritableExec, f.Relr, f.LoadAlign)
			}
			if f.SymbolsFrom != SymbolsGNUHash {
				t.Errorf("symbols counted from %v", f.SymbolsFrom)
			}
		})
	}
}

// TestReadPlain expects the opposite of each fact where TestRead sets it.
func TestReadPlain(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	m.needed, m.needs, m.defs, m.runpath, m.soname, m.relro, m.stack, m.align = nil, nil, nil, "", "", false, StackDefault, 0
	m.symbols, m.gnuHash = nil, "empty"
	f := mustRead(t, m.build())
	want := &File{Class: 64, Order: binary.LittleEndian, Type: elf.ET_DYN, Kind: KindSharedObject, Machine: elf.EM_X86_64,
		Dynamic: true, DynamicSize: 14 * 8, DynamicFlags: elf.PF_R, SymbolsFrom: SymbolsSysVHash, LoadAlign: 1}
	want.syms, want.Loads, want.Entries = f.syms, f.Loads, f.Entries
	if !reflect.DeepEqual(f, want) {
		t.Errorf("got  %+v\nwant %+v", f, want)
	}
	for s := range f.Symbols() {
		t.Errorf("unexpected symbol %q", s.Name)
	}
}

// TestKind covers the sorts of files and what makes them static.
func TestKind(t *testing.T) {
	pie := [][2]uint64{{uint64(elf.DT_FLAGS_1), uint64(elf.DF_1_PIE)}}
	tests := []struct {
		name   string
		change func(*model)
		kind   Kind
		static bool
	}{
		{"extension", func(m *model) {}, KindSharedObject, false},
		{"library with an interpreter", func(m *model) { m.interp = "/lib/ld.so" }, KindSharedObject, false},
		{"old program", func(m *model) { m.interp, m.soname = "/lib/ld.so", "" }, KindExecutable, false},
		{"library without anything", func(m *model) { m.soname, m.needed = "", nil }, KindSharedObject, false},
		{"dynamic program", func(m *model) { m.interp, m.extra = "/lib/ld.so", pie }, KindExecutable, false},
		{"program without interpreter but with needs", func(m *model) { m.extra = pie }, KindExecutable, false},
		{"static-pie", func(m *model) { m.needed, m.extra = nil, pie }, KindExecutable, true},
		{"static with a dynamic segment", func(m *model) { m.typ, m.needed = elf.ET_EXEC, nil }, KindExecutable, true},
		{"fixed dynamic", func(m *model) { m.typ, m.interp = elf.ET_EXEC, "/lib/ld.so" }, KindExecutable, false},
		{"static", func(m *model) { m.typ, m.static = elf.ET_EXEC, true }, KindExecutable, true},
		{"static position-independent", func(m *model) { m.static = true }, KindExecutable, true},
		{"object", func(m *model) { m.typ = elf.ET_REL }, KindRelocatable, false},
		{"core", func(m *model) { m.typ = elf.ET_CORE }, KindCore, false},
		{"none", func(m *model) { m.typ = elf.ET_NONE }, KindOther, false},
		{"processor-specific", func(m *model) { m.typ = elf.ET_LOPROC }, KindOther, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newModel(true, false, elf.EM_X86_64)
			tt.change(m)
			f := mustRead(t, m.build())
			if f.Kind != tt.kind || f.Static != tt.static {
				t.Errorf("got %v static %v", f.Kind, f.Static)
			}
			if loaded := f.Kind == KindExecutable || f.Kind == KindSharedObject; !loaded && (f.Needed != nil || f.LoadAlign != 0) {
				t.Error("dynamic facts of a file that has none")
			}
		})
	}
}

func TestKindString(t *testing.T) {
	for k, want := range map[Kind]string{KindOther: "other", KindExecutable: "executable", KindSharedObject: "shared object", KindRelocatable: "relocatable object", KindCore: "core dump", 99: "other"} {
		if got := k.String(); got != want {
			t.Errorf("%d: %q, want %q", k, got, want)
		}
	}
	for s, want := range map[SymbolSource]string{SymbolsNone: "none", SymbolsGNUHash: "gnu-hash", SymbolsSysVHash: "sysv-hash", SymbolsLayout: "layout", SymbolsRelocated: "relocations"} {
		if got := s.String(); got != want {
			t.Errorf("%d: %q, want %q", s, got, want)
		}
	}
	for a, want := range map[FloatABI]string{FloatUnknown: "unknown", FloatSoft: "soft", FloatSingle: "single", FloatDouble: "double", FloatQuad: "quad"} {
		if got := a.String(); got != want {
			t.Errorf("%d: %q, want %q", a, got, want)
		}
	}
}

// TestEmptySegment adds a loadable segment of no size, which says nothing
// about alignment or protection because nothing is mapped.
func TestEmptySegment(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	b := m.build()
	at := b.at["ph:relro"]
	m.put(b, at, uint64(elf.PT_LOAD)|uint64(elf.PF_R|elf.PF_W|elf.PF_X)<<32, 8)
	m.put(b, at+48, 1, 8)
	m.put(b, at+16, 1<<32, 8) // away from the others
	if f := mustRead(t, b); !f.WritableExec || f.LoadAlign != 1 {
		t.Errorf("not empty: got %v, %#x", f.WritableExec, f.LoadAlign)
	}
	m.put(b, at+32, 0, 8)
	m.put(b, at+40, 0, 8)
	if f := mustRead(t, b); f.WritableExec || f.LoadAlign != 0x1000 {
		t.Errorf("got %v, %#x", f.WritableExec, f.LoadAlign)
	}
}

// TestLastEntryCounts repeats dynamic entries.
func TestLastEntryCounts(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	m.extra = [][2]uint64{{uint64(elf.DT_SONAME), 1}, {uint64(elf.DT_RUNPATH), 0}, {uint64(elf.DT_NEEDED), 1}}
	f := mustRead(t, m.build())
	if f.Soname != "libm.so.6" || !slices.Equal(f.RunPath, []string{""}) ||
		!slices.Equal(f.Needed, []string{"libm.so.6", "libc.so.6", "libm.so.6"}) {
		t.Errorf("soname %q runpath %q needed %q", f.Soname, f.RunPath, f.Needed)
	}
}

// TestStack covers the three states of PT_GNU_STACK.
func TestStack(t *testing.T) {
	for _, want := range []Stack{StackDefault, StackNoExec, StackExec} {
		m := newModel(true, false, elf.EM_AARCH64)
		m.stack = want
		if f := mustRead(t, m.build()); f.Stack != want {
			t.Errorf("got %v, want %v", f.Stack, want)
		}
		if want.String() != [...]string{"default", "no-exec", "exec"}[want] {
			t.Errorf("%d: got %q", want, want)
		}
	}
}

// TestBindNow covers the ways to ask for binding at once, and near misses.
func TestBindNow(t *testing.T) {
	tests := []struct {
		tag, value    uint64
		now, textrels bool
	}{
		{uint64(elf.DT_BIND_NOW), 0, true, false},
		{uint64(elf.DT_FLAGS), uint64(elf.DF_BIND_NOW), true, false},
		{uint64(elf.DT_FLAGS_1), uint64(elf.DF_1_NOW), true, false},
		{uint64(elf.DT_FLAGS), uint64(elf.DF_SYMBOLIC), false, false},
		{uint64(elf.DT_FLAGS_1), uint64(elf.DF_1_GLOBAL), false, false},
		{uint64(elf.DT_TEXTREL), 0, false, true},
		{uint64(elf.DT_FLAGS), uint64(elf.DF_TEXTREL), false, true},
		{1<<63 | uint64(elf.DT_TEXTREL), 0, false, false},
	}
	for _, tt := range tests {
		m := newModel(true, false, elf.EM_X86_64)
		m.extra = [][2]uint64{{tt.tag, tt.value}}
		if f := mustRead(t, m.build()); f.BindNow != tt.now || f.TextRel != tt.textrels {
			t.Errorf("%#x %#x: got %v %v", tt.tag, tt.value, f.BindNow, f.TextRel)
		}
	}
}

// TestNotELF tells bytes that are no ELF file from a damaged one.
func TestNotELF(t *testing.T) {
	for _, s := range []string{"", "\x7f", "\x7fEL", "MZ\x90\x00", "!<arch>\n", "#!/bin/sh\n", "\x7fELG0000"} {
		f, err := Read(bytes.NewReader([]byte(s)), int64(len(s)))
		if f != nil || !errors.Is(err, ErrNotELF) {
			t.Errorf("%q: got %v, %v", s, f, err)
		}
	}
	f, err := Read(bytes.NewReader([]byte(elf.ELFMAG)), 4)
	if f != nil || err == nil || errors.Is(err, ErrNotELF) {
		t.Errorf("magic alone: got %v, %v", f, err)
	}
}

// TestReadFile covers the path helper.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.so"), filepath.Join(dir, "bad.so")
	data := newModel(true, false, elf.EM_X86_64).build().data
	if err := errors.Join(os.WriteFile(good, data, 0o600), os.WriteFile(bad, data[:40], 0o600)); err != nil {
		t.Fatal(err)
	}
	if f, err := ReadFile(good); err != nil || f.Soname != "demo.so" {
		t.Errorf("good file: %v, %v", f, err)
	}
	var format *FormatError
	if f, err := ReadFile(bad); f != nil || !errors.As(err, &format) || format.Code != CodeTruncated || !bytes.Contains([]byte(err.Error()), []byte(bad)) {
		t.Errorf("cut file: %v, %v", f, err)
	}
	if f, err := ReadFile(filepath.Join(dir, "absent")); f != nil || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent file: %v, %v", f, err)
	}
	if f, err := ReadFile(dir); f != nil || err == nil {
		t.Errorf("directory: %v, %v", f, err)
	}
}

// TestSymbolsStop leaves each loop early.
func TestSymbolsStop(t *testing.T) {
	f := mustRead(t, newModel(true, false, elf.EM_X86_64).build())
	for _, seq := range []func(func(Symbol) bool){f.Symbols(), f.Undefined(), f.Exported()} {
		n := 0
		for range seq {
			n++
			break
		}
		if n != 1 {
			t.Errorf("%d rounds", n)
		}
	}
}

// TestAbsentStrings: an entry that is absent is not the string at offset 0.
func TestAbsentStrings(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	m.soname, m.runpath, m.gnuHash = "", "", ""
	b := m.build()
	m.put(b, b.at["val:DT_STRTAB"], uint64(b.at["DT_STRTAB"])+1+textBase, 8)
	m.put(b, b.at["val:DT_STRSZ"], m.byteOrder().Uint64(b.data[b.at["val:DT_STRSZ"]:])-1, 8)
	for _, tag := range []string{"DT_VERNEED", "DT_VERDEF", "DT_VERSYM"} {
		drop(tag)(m, b)
	}
	clear(b.data[b.at["DT_SYMTAB"]:][:24*(len(m.symbols)+1)])
	f := mustRead(t, b)
	if f.Soname != "" || f.RPath != nil || f.RunPath != nil {
		t.Errorf("soname %q, rpath %q, runpath %q", f.Soname, f.RPath, f.RunPath)
	}
}

// TestFootprint adds up what a File keeps.
func TestFootprint(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	m.rpath, m.filters, m.auxiliaries = "a:b:c", []string{"f"}, []string{"g", "h"}
	m.rela = []relocation{{dataBase, 1, 18}} // exp
	f := mustRead(t, m.build())
	strings := len(f.Needed) + len(f.RPath) + len(f.RunPath) + len(f.Filters) + len(f.Auxiliaries) + len(f.StaticTLS.Symbols)
	if strings != 2+3+2+1+2+1 {
		t.Fatalf("%d strings", strings)
	}
	tables := len(f.syms.names.text) + 24*10 + 2*10
	records := len(f.VersionNeeds) + len(f.VersionDefs) + len(f.Loads) + 7 // version indexes up to 6
	if got, want := f.Footprint(), int64(tables+16*strings+40*records); got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
}
