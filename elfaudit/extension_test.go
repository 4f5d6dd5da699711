package elfaudit

import (
	"debug/elf"
	"slices"
	"strings"
	"testing"
)

// TestExtensionInit covers each sort of function and near misses.
func TestExtensionInit(t *testing.T) {
	fn := func(name string) Symbol { return Symbol{Name: name, Defined: true, Type: elf.STT_FUNC} }
	tests := []struct {
		symbol Symbol
		want   []ModuleInit
	}{
		{fn("PyInit_demo"), []ModuleInit{{InitPython3, "demo", "PyInit_demo"}}},
		{fn("PyInit__speedups"), []ModuleInit{{InitPython3, "_speedups", "PyInit__speedups"}}},
		{fn("PyInitU_eckzbwbhc6jpgzcx415x"), []ModuleInit{{InitPython3, "\uff3f\u30a4\u30f3\u30dd\u30fc\u30c8\u30c6\u30b9\u30c8", "PyInitU_eckzbwbhc6jpgzcx415x"}}},
		{fn("PyModExport_demo"), []ModuleInit{{InitExport, "demo", "PyModExport_demo"}}},
		{fn("PyModExportU_mnchen_3ya"), []ModuleInit{{InitExport, "m\u00fcnchen", "PyModExportU_mnchen_3ya"}}},
		{fn("initdemo"), []ModuleInit{{InitPython2, "demo", "initdemo"}}},
		{fn("_cffi_pypyinit_demo"), []ModuleInit{{InitCFFI, "demo", "_cffi_pypyinit_demo"}}},
		{Symbol{Name: "PyInit_x", Defined: true}, []ModuleInit{{InitPython3, "x", "PyInit_x"}}},
		{Symbol{Name: "PyInit_x", Defined: true, Weak: true, Type: elf.STT_GNU_IFUNC}, []ModuleInit{{InitPython3, "x", "PyInit_x"}}},
		{fn("PyInit_"), nil},
		{fn("PyInitU_"), nil},
		{fn("PyInitU_!"), nil},
		{fn("PyModExport"), nil},
		{fn("init"), nil},
		{fn("XPyInit_demo"), nil},
		{fn("pyinit_demo"), nil},
		{Symbol{Name: "PyInit_demo", Defined: true, Type: elf.STT_OBJECT}, nil},
		{Symbol{Name: "PyInit_demo", Defined: true, Type: elf.STT_FUNC, Local: true}, nil},
		{Symbol{Name: "PyInit_demo", Defined: true, Type: elf.STT_FUNC, Visibility: elf.STV_HIDDEN}, nil},
		{Symbol{Name: "PyInit_demo", Defined: true, Type: elf.STT_FUNC, Visibility: elf.STV_INTERNAL}, nil},
		{Symbol{Name: "PyInit_demo", Defined: true, Type: elf.STT_FUNC, Visibility: elf.STV_PROTECTED}, []ModuleInit{{InitPython3, "demo", "PyInit_demo"}}},
		{Symbol{Name: "PyInit_demo", Type: elf.STT_FUNC}, nil},
	}
	for _, tt := range tests {
		m := newModel(true, false, elf.EM_AARCH64)
		m.symbols = []Symbol{tt.symbol}
		m.gnuHash = ""
		if got := mustRead(t, m.build()).ExtensionInit(); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: got %+v, want %+v", tt.symbol, got, tt.want)
		}
	}
	m := newModel(true, false, elf.EM_AARCH64)
	m.symbols = []Symbol{fn("PyInit_a"), fn("initb"), fn("PyInit_c")}
	if got := mustRead(t, m.build()).ExtensionInit(); len(got) != 3 || got[0].Module != "a" || got[2].Module != "c" {
		t.Errorf("three modules: got %+v", got)
	}
}

// TestPunycode takes vectors from RFC 3492, section 7.1, with the hyphen
// before the extended part written as PEP 489 does.
func TestPunycode(t *testing.T) {
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"ihqwcrb4cv8a8dqg056pqjye", "\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587", true},
		{"IHQWCRB4CV8A8DQG056PQJYE", "\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587", true},
		{"4dbcagdahymbxekheh6e0a7fei0b", "\u05dc\u05de\u05d4\u05d4\u05dd\u05e4\u05e9\u05d5\u05d8\u05dc\u05d0\u05de\u05d3\u05d1\u05e8\u05d9\u05dd\u05e2\u05d1\u05e8\u05d9\u05ea", true},
		{"3B_ww4c5e180e575a65lsy2b", "3\u5e74B\u7d44\u91d1\u516b\u5148\u751f", true},
		{"a_b_jfd", "a_b\u0444", true},
		{"", "", true},
		{"abc_", "abc", true},
		{"_", "", true},
		{"_9", "", false},
		{"_ihqwcrb4cv8a8dqg056pqjye", "\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587", true},
		{"9", "", false},
		{"\u00fc", "", false},
		{"99999999", "", false},
		{"99999999999999999999", "", false},
		{"zzzzzzzzzzzzzzzzzzzz", "", false},
		{strings.Repeat("a", 257), "", false},
	}
	for _, tt := range tests {
		got, ok := decodePunycode(tt.in)
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("%q: got %q, %v; want %q, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}
