package manylinux

import (
	"debug/elf"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// loadable is a shared library for x86-64 that every loader takes, with a change.
func loadable(path string, change func(*linkset.File)) *linkset.File {
	f := &linkset.File{Path: path, Machine: "x86_64", Libc: elfaudit.LibcGlibc, ELF: &elfaudit.File{
		Class: 64, Order: binary.LittleEndian, Machine: elf.EM_X86_64, Kind: elfaudit.KindSharedObject, Type: elf.ET_DYN,
		Dynamic: true, DynamicSize: 16, Stack: elfaudit.StackNoExec,
	}}
	change(f)
	return f
}

// TestRefusals: each reason for which a loader refuses a file, by the libc, with the
// last value that it takes.
func TestRefusals(t *testing.T) {
	e := func(change func(*elfaudit.File)) func(*linkset.File) {
		return func(f *linkset.File) { change(f.ELF) }
	}
	const never = "header %s never"
	for _, c := range []struct {
		what        string
		change      func(*linkset.File)
		glibc, musl string
	}{
		{"nothing", e(func(*elfaudit.File) {}), "", ""},
		{"no dynamic section", e(func(f *elfaudit.File) { f.Dynamic, f.DynamicSize = false, 0 }), "has no dynamic section", "has no dynamic section"},
		{"an empty one", e(func(f *elfaudit.File) { f.DynamicSize = 0 }), "has a dynamic section of size 0", ""},
		{"another type", e(func(f *elfaudit.File) { f.Type = elf.ET_EXEC }), "is not of type ET_DYN", ""},
		{"FreeBSD", e(func(f *elfaudit.File) { f.OSABI = elf.ELFOSABI_FREEBSD }), "names an operating system (EI_OSABI) other than System V and GNU", ""},
		{"GNU", e(func(f *elfaudit.File) { f.OSABI = elf.ELFOSABI_LINUX }), "", ""},
		{"ARM", e(func(f *elfaudit.File) { f.OSABI, f.Machine = elf.ELFOSABI_ARM, elf.EM_ARM }), "", ""},
		{"ARM on another machine", e(func(f *elfaudit.File) { f.OSABI = elf.ELFOSABI_ARM }), "names an operating system (EI_OSABI) other than System V and GNU", ""},
		{"an ABI version", e(func(f *elfaudit.File) { f.ABIVersion = 1 }), "has an unknown EI_ABIVERSION", ""},
		{"an ABI version of GNU", e(func(f *elfaudit.File) { f.OSABI, f.ABIVersion = elf.ELFOSABI_LINUX, 3 }), "", ""},
		{"a newer one", e(func(f *elfaudit.File) { f.OSABI, f.ABIVersion = elf.ELFOSABI_LINUX, 4 }), "has an unknown EI_ABIVERSION", ""},
		{"padding", e(func(f *elfaudit.File) { f.Padded = true }), "has bytes other than 0 at the end of e_ident", ""},
		{"segments in line", e(func(f *elfaudit.File) {
			f.Loads = []elfaudit.Load{{Offset: 0x1000, Addr: 0x3000, MemSize: 1, Align: 0x1000}}
		}), "", ""},
		{"a segment out of line", e(func(f *elfaudit.File) {
			f.Loads = []elfaudit.Load{{Offset: 0x1000, Addr: 0x3000, MemSize: 1}, {Offset: 0x2000, Addr: 0x4001, MemSize: 1}}
		}), "has a segment whose address and offset differ within a page", ""},
		{"relocations of the machine", e(func(f *elfaudit.File) { f.Relocations.PLT = uint64(elf.DT_RELA) }), "", ""},
		{"others", e(func(f *elfaudit.File) { f.Relocations.PLT = uint64(elf.DT_REL) }), "has relocations of a kind that the machine does not have (DT_PLTREL)", "has relocations of a kind that the machine does not have (DT_PLTREL)"},
		{"relocations of a 32-bit machine", e(func(f *elfaudit.File) { f.Class, f.Relocations.PLT = 32, uint64(elf.DT_REL) }), "", ""},
		{"others of a 32-bit machine", e(func(f *elfaudit.File) { f.Class, f.Relocations.PLT = 32, uint64(elf.DT_RELA) }), "has relocations of a kind that the machine does not have (DT_PLTREL)", "has relocations of a kind that the machine does not have (DT_PLTREL)"},
		{"others of MIPS, which has both", e(func(f *elfaudit.File) { f.Machine, f.Relocations.PLT = elf.EM_MIPS, uint64(elf.DT_REL) }), "", ""},
		{"others of a machine that is not known", func(f *linkset.File) { f.Machine, f.ELF.Relocations.PLT = "", uint64(elf.DT_REL) }, "", ""},
		{"segments in order", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Addr: 0}, {Addr: 0x1000, Offset: 0x1000}} }), "", ""},
		{"segments in no order", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Addr: 0x1000, Offset: 0x1000}, {Addr: 0}} }), "has loadable segments that are not in the order of their addresses", ""},
		{"text relocations that are said", e(func(f *elfaudit.File) { f.Relocations.Text, f.TextRel = true, true }), "", ""},
		{"text relocations", e(func(f *elfaudit.File) { f.Relocations.Text = true }), "has relocations in a segment that is not writable and does not say so (DT_TEXTREL)", "has relocations in a segment that is not writable and does not say so (DT_TEXTREL)"},
		{"entries of 64 bits", e(func(f *elfaudit.File) { f.Relocations.RelEntry, f.Relocations.RelaEntry = 16, 24 }), "", ""},
		{"wrong entries", e(func(f *elfaudit.File) { f.Relocations.RelEntry = 8 }), "has relocations of a wrong size (DT_RELENT, DT_RELAENT)", ""},
		{"wrong entries with addends", e(func(f *elfaudit.File) { f.Relocations.RelaEntry = 12 }), "has relocations of a wrong size (DT_RELENT, DT_RELAENT)", ""},
		{"entries of 32 bits", e(func(f *elfaudit.File) { f.Class, f.Relocations.RelEntry, f.Relocations.RelaEntry = 32, 8, 12 }), "", ""},
		{"much memory", e(func(f *elfaudit.File) {
			f.Loads = []elfaudit.Load{{MemSize: 1}, {Addr: 1 << 45, MemSize: 1 << 45, Align: 0x1000}}
		}), "", ""},
		{"too much memory", e(func(f *elfaudit.File) {
			f.Loads = []elfaudit.Load{{MemSize: 1}, {Addr: 1 << 45, MemSize: 1<<45 + 1, Align: 0x1000}}
		}), "asks for more memory than a process can have", "asks for more memory than a process can have"},
		{"high addresses", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Addr: 1 << 47, MemSize: 1 << 20, Align: 0x1000}} }), "", ""},
		{"an end beyond all addresses", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Addr: 1 << 63, MemSize: 1 << 63, Align: 0x1000}} }), "", ""},
	} {
		f := loadable("m.so", c.change)
		for libc, reason := range map[elfaudit.Libc]string{elfaudit.LibcGlibc: c.glibc, elfaudit.LibcMusl: c.musl, elfaudit.LibcBionic: ""} {
			var want []string
			if reason != "" {
				want = []string{strings.Replace(never, "%s", reason, 1)}
			}
			if diff := cmp.Diff(want, demandsOf(linkset.New([]*linkset.File{f}), f, libc, "x86_64")); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", c.what, libc, diff)
			}
		}
	}
	pie := loadable("m.so", e(func(f *elfaudit.File) { f.PIE = true }))
	want := []string{"header 2.30 is a position-independent program (DF_1_PIE), not a library never"}
	if diff := cmp.Diff(want, demandsOf(linkset.New(nil), pie, elfaudit.LibcGlibc, "x86_64")); diff != "" {
		t.Errorf("DF_1_PIE (-want +got):\n%s", diff)
	}
}

// TestRefusedPrograms: a program is refused only where something opens it as a library.
func TestRefusedPrograms(t *testing.T) {
	strange := func(f *linkset.File) { f.ELF.OSABI = elf.ELFOSABI_FREEBSD }
	program := func(f *linkset.File) { strange(f); f.ELF.Interpreter = "/lib64/ld-linux-x86-64.so.2" }
	static := func(f *linkset.File) { strange(f); f.ELF.Static = true }
	executable := func(f *linkset.File) { strange(f); f.ELF.Kind = elfaudit.KindExecutable }
	noOpen := func(f *linkset.File) { f.ELF.NoOpen = true }
	needer := &linkset.File{Path: "n.so", Machine: "x86_64", ELF: &elfaudit.File{Kind: elfaudit.KindSharedObject, Needed: []string{"tool"}}}
	for _, c := range []struct {
		what, path string
		change     func(*linkset.File)
		others     []*linkset.File
		refused    bool
	}{
		{"a library", "tool", strange, nil, true},
		{"a program", "tool", program, nil, false},
		{"a static program", "tool", static, nil, false},
		{"an executable", "tool", executable, nil, false},
		{"an executable with the name of a library", "tool.so.1", executable, nil, true},
		{"a program with the name of a library", "tool.so", program, nil, false},
		{"a program with the name of a module", "tool.abi3.so", program, nil, true},
		{"a static program with the name of a module", "tool.abi3.so", static, nil, true},
		{"a program that a library needs", "tool", program, []*linkset.File{needer}, true},
		{"a library that dlopen may not open", "libx.so", noOpen, nil, false},
		{"a module that dlopen may not open", "libx.abi3.so", noOpen, nil, true},
	} {
		f := loadable(c.path, c.change)
		got := demandsOf(linkset.New(append(c.others, f)), f, elfaudit.LibcGlibc, "x86_64")
		if (len(got) > 0) != c.refused {
			t.Errorf("%s: %q", c.what, got)
		}
	}
	f := loadable("libx.abi3.so", noOpen)
	if got := demandsOf(linkset.New(nil), f, elfaudit.LibcGlibc, "x86_64"); len(got) != 1 || got[0] != "header forbids to be loaded by dlopen (DF_1_NOOPEN) never" {
		t.Errorf("%q", got)
	}
	if got := demandsOf(linkset.New(nil), f, elfaudit.LibcMusl, "x86_64"); got != nil {
		t.Errorf("musl: %q", got)
	}
	// A module by its initialisation function, whatever its name.
	m := built(t, "tool", elftest.Spec{Loader: "/lib64/ld-linux-x86-64.so.2", Exported: []string{"PyInit_tool"}})
	if got := demandsOf(linkset.New(nil), m, elfaudit.LibcGlibc, "x86_64"); len(got) != 1 || got[0] != "header is not of type ET_DYN never" {
		t.Errorf("%q", got)
	}
}

// TestLoaderDemands: packed relocations, stacks, thread-local storage and processors.
func TestLoaderDemands(t *testing.T) {
	e := func(change func(*elfaudit.File)) func(*linkset.File) {
		return func(f *linkset.File) { change(f.ELF) }
	}
	relr := func(needs ...elfaudit.VersionNeed) func(*linkset.File) {
		return e(func(f *elfaudit.File) { f.Relr, f.VersionNeeds = true, needs })
	}
	libc := func(library string, versions ...string) elfaudit.VersionNeed {
		n := elfaudit.VersionNeed{Library: library}
		for _, v := range versions {
			n.Versions = append(n.Versions, elfaudit.Version{Name: v, Weak: true}) // weak ones are no demand of their own
		}
		return n
	}
	owner := built(t, "libtls.so", elftest.Spec{Exported: []string{"tls_x"}})
	for _, c := range []struct {
		what        string
		change      func(*linkset.File)
		glibc, musl []string
	}{
		{"packed relocations", relr(), []string{"relocations 2.36 36 manylinux_2_36_x86_64"}, []string{"relocations 1.2.4 2 musllinux_1_2_x86_64"}},
		{"with their version", relr(libc("libc.so.6", "GLIBC_2.2.5", "GLIBC_ABI_DT_RELR")), nil, []string{"relocations 1.2.4 2 musllinux_1_2_x86_64"}},
		{"without it", relr(libc("libc.so.6", "GLIBC_2.2.5")), []string{"relocations never"}, []string{"relocations 1.2.4 2 musllinux_1_2_x86_64"}},
		{"with versions of another library", relr(libc("ld-linux-x86-64.so.2", "GLIBC_2.3")), []string{"relocations 2.36 36 manylinux_2_36_x86_64"}, []string{"relocations 1.2.4 2 musllinux_1_2_x86_64"}},
		{"without any version", relr(libc("libc.so.6")), []string{"relocations 2.36 36 manylinux_2_36_x86_64"}, []string{"relocations 1.2.4 2 musllinux_1_2_x86_64"}},
		{"of a static program", e(func(f *elfaudit.File) { f.Relr, f.Static, f.Stack = true, true, elfaudit.StackExec }), nil, nil},
		{"an executable stack", e(func(f *elfaudit.File) { f.Stack = elfaudit.StackExec }), []string{"stack 2.41 never"}, nil},
		{"a stack by default", e(func(f *elfaudit.File) { f.Stack = elfaudit.StackDefault }), []string{"stack 2.41 never"}, nil},
		{"initial-exec storage of its own", e(func(f *elfaudit.File) { f.StaticTLS.Own = true }), nil, []string{"tls never"}},
		{"of another file", e(func(f *elfaudit.File) { f.StaticTLS.Symbols = []string{"errno", "tls_x"} }), nil, []string{"tls never"}},
		{"of the system", e(func(f *elfaudit.File) { f.StaticTLS.Symbols = []string{"errno"} }), nil, nil},
		{"of a program", e(func(f *elfaudit.File) {
			f.StaticTLS.Own, f.Kind, f.Interpreter = true, elfaudit.KindExecutable, "/lib/ld-musl-x86_64.so.1"
		}), nil, nil},
	} {
		f := loadable("m", c.change)
		set := linkset.New([]*linkset.File{f, owner})
		if diff := cmp.Diff(c.glibc, demandsOf(set, f, elfaudit.LibcGlibc, "x86_64")); diff != "" {
			t.Errorf("%s, glibc (-want +got):\n%s", c.what, diff)
		}
		if diff := cmp.Diff(c.musl, demandsOf(set, f, elfaudit.LibcMusl, "x86_64")); diff != "" {
			t.Errorf("%s, musl (-want +got):\n%s", c.what, diff)
		}
	}
	stack := loadable("m", e(func(f *elfaudit.File) { f.Stack = elfaudit.StackExec }))
	if got := demandsOf(linkset.New(nil), stack, elfaudit.LibcBionic, "x86_64"); got != nil {
		t.Errorf("Android: %q", got)
	}
	for _, c := range []struct {
		machine string
		kind    elfaudit.Kind
		stack   elfaudit.Stack
		want    bool
	}{
		{"x86_64", elfaudit.KindSharedObject, elfaudit.StackExec, true}, {"x86_64", elfaudit.KindSharedObject, elfaudit.StackNoExec, false},
		{"x86_64", elfaudit.KindSharedObject, elfaudit.StackDefault, true}, {"aarch64", elfaudit.KindSharedObject, elfaudit.StackDefault, false},
		{"aarch64", elfaudit.KindSharedObject, elfaudit.StackExec, true}, {"x86_64", elfaudit.KindExecutable, elfaudit.StackExec, false},
	} {
		f := &linkset.File{Machine: c.machine, ELF: &elfaudit.File{Kind: c.kind, Stack: c.stack}}
		if got := ExecutableStack(f); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestProcessorLevels: a level above the baseline is a demand, except where glibc looks
// for libraries of that level.
func TestProcessorLevels(t *testing.T) {
	levels := map[string]elfaudit.X86ISA{}
	for bit := range 32 {
		isa := elfaudit.X86ISA(1) << bit
		switch l := isa.Level(); {
		case isa == elfaudit.X86Baseline:
			levels["baseline"] = isa
		case l > 0:
			levels["v"+string(rune('0'+l))] = isa
		default:
			levels["unknown"] = isa
		}
	}
	for _, c := range []struct{ level, path, want string }{
		{"baseline", "m.so", ""}, {"v2", "m.so", "x86-64-v2"}, {"v3", "a/m.so", "x86-64-v3"}, {"v4", "m.so", "x86-64-v4"}, {"unknown", "m.so", "an unknown level above x86-64-v4"},
		{"v3", "lib/glibc-hwcaps/x86-64-v3/m.so", ""}, {"v2", "lib/glibc-hwcaps/x86-64-v3/m.so", ""}, {"v4", "lib/glibc-hwcaps/x86-64-v3/m.so", "x86-64-v4"},
		{"v3", "lib/x86-64-v3/m.so", "x86-64-v3"}, {"v2", "lib/glibc-hwcaps/z14/m.so", "x86-64-v2"},
	} {
		f := loadable(c.path, func(f *linkset.File) { f.ELF.Properties.X86ISANeeded = levels[c.level] })
		if got := ProcessorLevel(f); got != c.want {
			t.Errorf("%s at %s: %q, want %q", c.level, c.path, got, c.want)
		}
		want := []string(nil)
		if c.want != "" {
			want = []string{"processor " + c.want + " never"}
		}
		if diff := cmp.Diff(want, demandsOf(linkset.New(nil), f, elfaudit.LibcGlibc, "x86_64")); diff != "" {
			t.Errorf("%s at %s (-want +got):\n%s", c.level, c.path, diff)
		}
	}
}
