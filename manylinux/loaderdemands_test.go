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
		Entries: map[elf.DynTag]uint64{elf.DT_GNU_HASH: 8},
	}}
	change(f)
	for i := range f.ELF.Loads {
		f.ELF.Loads[i].Flags |= elf.PF_R
	}
	return f
}

// TestRefusals: each reason for which a loader refuses a file, by the libc, with the
// last value that it takes.
func TestRefusals(t *testing.T) {
	e := func(change func(*elfaudit.File)) func(*linkset.File) {
		return func(f *linkset.File) { change(f.ELF) }
	}
	const never = "header %s never"
	entriesOf := func(f *elfaudit.File, pairs ...elf.DynTag) {
		for i := 0; i < len(pairs); i += 2 {
			f.Entries[pairs[i]] = uint64(pairs[i+1])
		}
	}
	entries := func(pairs ...elf.DynTag) func(*linkset.File) {
		return func(f *linkset.File) { entriesOf(f.ELF, pairs...) }
	}
	relative := func(f *elfaudit.File) {
		entriesOf(f, elf.DT_RELA, 8, elf.DT_RELASZ, 72, elf.DT_RELAENT, 24)
		f.Relocations.Relative = 2
	}
	placed := func(tag elf.DynTag, at uint64) func(*linkset.File) {
		return e(func(f *elfaudit.File) {
			f.Entries = map[elf.DynTag]uint64{elf.DT_GNU_HASH: 8, tag: at, elf.DT_INIT_ARRAYSZ: 8, elf.DT_FINI_ARRAYSZ: 8}
			f.Misplaced = []elf.DynTag{tag}
		})
	}
	const narrow = "has hashes of its symbols (DT_HASH) in words of 32 bits, which have 64 on the machine"
	const count = "lacks the number of bytes of its functions (DT_INIT_ARRAYSZ, DT_FINI_ARRAYSZ)"
	one := []elfaudit.Load{{Addr: 0x1000, Offset: 0x1000, MemSize: 0x1800, Align: 0x1000}}
	const kind, place = "has relocations of a kind that the machine does not have (DT_PLTREL)", "has relocations in a place that it does not say (DT_REL, DT_RELA, DT_JMPREL, DT_RELR)"
	const bytes, size = "lacks the number of bytes of its relocations (DT_RELSZ, DT_RELASZ, DT_RELRSZ)", "has relocations of a wrong size (DT_RELENT, DT_RELAENT), or lacks their size"
	const outside, relro = "has relocations of addresses outside its segments", "asks to protect memory outside its segments (PT_GNU_RELRO)"
	const tls = "has initial values of thread-local variables outside its segments (PT_TLS)"
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
		{"relocations of the machine", entries(elf.DT_PLTREL, 7, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 24), "", ""},
		{"others", entries(elf.DT_PLTREL, 17, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 24), kind, kind},
		{"others that are none", entries(elf.DT_PLTREL, 17, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 0), kind, ""},
		{"of kind 0", entries(elf.DT_PLTREL, 0, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 24), kind, kind},
		{"without a kind", entries(elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 24), "", kind},
		{"relocations of a 32-bit machine", e(func(f *elfaudit.File) {
			entriesOf(f, elf.DT_PLTREL, 17, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 8)
			f.Class = 32
		}), "", ""},
		{"others of a 32-bit machine, which has both", e(func(f *elfaudit.File) {
			entriesOf(f, elf.DT_PLTREL, 7, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 12)
			f.Class = 32
		}), "", ""},
		{"none of both", e(func(f *elfaudit.File) {
			entriesOf(f, elf.DT_PLTREL, 8, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 12)
			f.Class = 32
		}), kind, kind},
		{"others of MIPS, which has both", e(func(f *elfaudit.File) {
			entriesOf(f, elf.DT_PLTREL, 17, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 8)
			f.Machine = elf.EM_MIPS
		}), "", ""},
		{"others of a machine that is not known", func(f *linkset.File) {
			entriesOf(f.ELF, elf.DT_PLTREL, 17, elf.DT_JMPREL, 8, elf.DT_PLTRELSZ, 8)
			f.Machine = ""
		}, "", ""},
		{"no place of them", entries(elf.DT_PLTREL, 7, elf.DT_PLTRELSZ, 24), "lacks DT_JMPREL or DT_PLTRELSZ, which belong to DT_PLTREL", place},
		{"no size of them", entries(elf.DT_PLTREL, 7, elf.DT_JMPREL, 8), "lacks DT_JMPREL or DT_PLTRELSZ, which belong to DT_PLTREL", ""},
		{"no bytes of relocations", entries(elf.DT_RELA, 8, elf.DT_RELAENT, 24), bytes, ""},
		{"no bytes of relocations at 0", entries(elf.DT_RELA, 0, elf.DT_RELAENT, 24), "", ""},
		{"no place of relocations", entries(elf.DT_RELASZ, 24, elf.DT_RELAENT, 24), "", place},
		{"no bytes of packed relocations", entries(elfaudit.DTRelr, 8, elfaudit.DTRelrent, 8), bytes, ""},
		{"relative relocations", e(func(f *elfaudit.File) { relative(f); f.Entries[elf.DT_RELACOUNT] = 2 }), "", ""},
		{"more than there are", e(func(f *elfaudit.File) { relative(f); f.Entries[elf.DT_RELACOUNT] = 3 }), "counts relative relocations that it does not have (DT_RELACOUNT, DT_RELCOUNT)", ""},
		{"more than there are, of a machine that is not known", func(f *linkset.File) { relative(f.ELF); f.ELF.Entries[elf.DT_RELACOUNT], f.Machine = 3, "" }, "", ""},
		{"versions needed", entries(elf.DT_VERSYM, 8, elf.DT_VERNEED, 8), "", ""},
		{"versions needed, but not of symbols", entries(elf.DT_VERNEED, 8), "has versions but not those of its symbols (DT_VERSYM)", ""},
		{"versions defined, but not of symbols", entries(elf.DT_VERDEF, 8), "has versions but not those of its symbols (DT_VERSYM)", ""},
		{"versions of symbols alone", entries(elf.DT_VERSYM, 8), "", ""},
		{"versions of symbols alone, which are used", e(func(f *elfaudit.File) { entriesOf(f, elf.DT_VERSYM, 8); f.Relocations.Types = []uint32{6} }), "has versions of symbols (DT_VERSYM) but neither needs nor defines any", ""},
		{"no hashes", e(func(f *elfaudit.File) { f.Entries = nil }), "", "has no table of hashes of its symbols (DT_HASH, DT_GNU_HASH)"},
		{"hashes of the gABI", e(func(f *elfaudit.File) { f.Entries = map[elf.DynTag]uint64{elf.DT_HASH: 8} }), "", ""},
		{"hashes in words that the machine does not have", e(func(f *elfaudit.File) {
			f.Entries, f.NarrowHash = map[elf.DynTag]uint64{elf.DT_HASH: 8}, true
		}), narrow, narrow},
		{"the same next to others", e(func(f *elfaudit.File) {
			f.Entries, f.NarrowHash = map[elf.DynTag]uint64{elf.DT_HASH: 8, elf.DT_GNU_HASH: 8}, true
		}), "", ""},
		{"DT_INIT that is no code", placed(elf.DT_INIT, 8), atLoad, atLoad},
		{"DT_INIT of 0", placed(elf.DT_INIT, 0), atLoad, ""},
		{"functions for loading that are no code", placed(elf.DT_INIT_ARRAY, 8), atLoad, atLoad},
		{"functions before those that are no code", placed(elf.DT_PREINIT_ARRAY, 8), atLoad, ""},
		{"no number of functions for loading", entries(elf.DT_INIT_ARRAY, 8), count, ""},
		{"functions for loading", entries(elf.DT_INIT_ARRAY, 8, elf.DT_INIT_ARRAYSZ, 8, elf.DT_INIT, 8, elf.DT_FINI, 8), "", ""},
		{"DT_FINI that is no code", placed(elf.DT_FINI, 8), atEnd, atEnd},
		{"DT_FINI of 0", placed(elf.DT_FINI, 0), atEnd, ""},
		{"functions for the end that are no code", placed(elf.DT_FINI_ARRAY, 8), atEnd, atEnd},
		{"no number of functions for the end", entries(elf.DT_FINI_ARRAY, 8), count, ""},
		{"a part of a relocation", e(func(f *elfaudit.File) { f.Relocations.Ragged = true }), "", "has a table of relocations that ends within one"},
		{"known relocations", e(func(f *elfaudit.File) { f.Relocations.Types = []uint32{1, 6, 7, 8, 36} }), "", ""},
		{"one that musl does not know", e(func(f *elfaudit.File) { f.Relocations.Types = []uint32{6, 37} }), "", "has relocations of a type that musl does not know"},
		{"one that nobody knows", e(func(f *elfaudit.File) { f.Relocations.Types = []uint32{6, 99} }), "has relocations of a type that glibc does not know", "has relocations of a type that musl does not know"},
		{"one of a machine that is not known", func(f *linkset.File) { f.ELF.Relocations.Types, f.Machine = []uint32{99}, "" }, "", ""},
		{"relocations elsewhere", e(func(f *elfaudit.File) { f.Relocations.Outside = true }), outside, outside},
		{"tables that may not be read", e(func(f *elfaudit.File) { f.Unreadable = "DT_STRTAB" }), "has tables in a segment that may not be read", "has tables in a segment that may not be read"},
		{"headers elsewhere", e(func(f *elfaudit.File) { f.HeadersElsewhere = true }), "has program headers in another place than PT_PHDR says", ""},
		{"a dynamic section that says it is writable", e(func(f *elfaudit.File) { f.DynamicReadOnly, f.DynamicFlags = true, elf.PF_R|elf.PF_W }), "has a dynamic section in a segment that is not writable", ""},
		{"the same on RISC-V, where none is written to", e(func(f *elfaudit.File) {
			f.DynamicReadOnly, f.DynamicFlags, f.Machine = true, elf.PF_R|elf.PF_W, elf.EM_RISCV
		}), "", ""},
		{"RELRO up to the end", e(func(f *elfaudit.File) { f.Loads, f.RELROAddr, f.RELROSize = one, 0x1800, 0x1800 }), "", ""},
		{"RELRO beyond", e(func(f *elfaudit.File) { f.Loads, f.RELROAddr, f.RELROSize = one, 0x1800, 0x2800 }), relro, relro},
		{"RELRO before", e(func(f *elfaudit.File) { f.Loads, f.RELROAddr, f.RELROSize = one, 0x800, 0x1000 }), relro, relro},
		{"RELRO within a page", e(func(f *elfaudit.File) { f.Loads, f.RELROAddr, f.RELROSize = one, 0x9000, 0xfff }), "", ""},
		{"initial values of threads", e(func(f *elfaudit.File) {
			f.Loads, f.TLS = one, &elfaudit.TLS{Addr: 0x2000, FileSize: 0x800, MemSize: 1 << 20}
		}), "", ""},
		{"initial values beyond", e(func(f *elfaudit.File) { f.Loads, f.TLS = one, &elfaudit.TLS{Addr: 0x2000, FileSize: 0x801} }), tls, tls},
		{"initial values before", e(func(f *elfaudit.File) { f.Loads, f.TLS = one, &elfaudit.TLS{Addr: 0xfff, FileSize: 1} }), tls, tls},
		{"no initial values", e(func(f *elfaudit.File) { f.Loads, f.TLS = one, &elfaudit.TLS{Addr: 0x9000, MemSize: 8} }), "", ""},
		{"segments in order", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Addr: 0}, {Addr: 0x1000, Offset: 0x1000}} }), "", ""},
		{"segments in no order", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Addr: 0x1000, Offset: 0x1000}, {Addr: 0}} }), "has loadable segments that are not in the order of their addresses", ""},
		{"text relocations that are said", e(func(f *elfaudit.File) { f.Relocations.Text, f.TextRel = true, true }), "", ""},
		{"text relocations", e(func(f *elfaudit.File) { f.Relocations.Text = true }), "has relocations in a segment that is not writable and does not say so (DT_TEXTREL)", "has relocations in a segment that is not writable and does not say so (DT_TEXTREL)"},
		{"entries of 64 bits", entries(elf.DT_RELA, 8, elf.DT_RELASZ, 24, elf.DT_RELAENT, 24), "", ""},
		{"wrong entries", entries(elf.DT_RELA, 8, elf.DT_RELASZ, 24, elf.DT_RELAENT, 12), size, ""},
		{"entries of no size", entries(elf.DT_RELA, 8, elf.DT_RELASZ, 24), size, ""},
		{"a wrong size of no entries", entries(elf.DT_RELAENT, 12), "", ""},
		{"wrong entries without addends, which are ignored", entries(elf.DT_REL, 8, elf.DT_RELSZ, 16, elf.DT_RELENT, 8), "", ""},
		{"entries of 32 bits", e(func(f *elfaudit.File) { entriesOf(f, elf.DT_REL, 8, elf.DT_RELSZ, 8, elf.DT_RELENT, 8); f.Class = 32 }), "", ""},
		{"wrong entries of 32 bits", e(func(f *elfaudit.File) { entriesOf(f, elf.DT_REL, 8, elf.DT_RELSZ, 8, elf.DT_RELENT, 12); f.Class = 32 }), size, ""},
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
	for _, c := range []struct {
		what   string
		change func(*linkset.File)
		want   []string
	}{
		{"DF_1_PIE", e(func(f *elfaudit.File) { f.PIE = true }), []string{"header 2.30 is a position-independent program (DF_1_PIE), not a library never"}},
		{"an alignment that the address does not have", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Addr: 0x3000, Offset: 0x2000, Align: 0x2000}} }),
			[]string{"header 2.35 " + alignment + " 35 manylinux_2_35_x86_64"}},
		{"one of less than a page", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Align: 0x800}} }), []string{"header 2.35 " + alignment + " 35 manylinux_2_35_x86_64"}},
		{"an alignment that it has", e(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{Addr: 0x4000, Offset: 0x2000, Align: 0x2000}} }), nil},
		{"a dynamic section that is read-only", e(func(f *elfaudit.File) { f.DynamicReadOnly, f.DynamicFlags = true, elf.PF_R }),
			[]string{"header 2.35 has a dynamic section that is not writable 35 manylinux_2_35_x86_64"}},
	} {
		if diff := cmp.Diff(c.want, demandsOf(linkset.New(nil), loadable("m.so", c.change), elfaudit.LibcGlibc, "x86_64")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

const alignment = "has a segment that is not aligned to pages, or whose address and offset differ by what is not a multiple of its p_align"

// TestDoubted: what some systems take is not known of all of them, by the machine and the
// libc, with the last value that is sure.
func TestDoubted(t *testing.T) {
	const writeOnly = "has a segment that may be written but not read"
	for _, c := range []struct {
		what        string
		machine     elf.Machine
		class       int
		load        elfaudit.Load
		glibc, musl string
	}{
		{"64 GiB", elf.EM_S390, 64, elfaudit.Load{Align: 1 << 36}, "", ""},
		{"128 GiB", elf.EM_S390, 64, elfaudit.Load{Align: 1 << 37}, "header 2.35 asks for an address that is a multiple of 128 GiB (p_align) unsure", ""},
		{"32 TiB on x86-64", elf.EM_X86_64, 64, elfaudit.Load{Align: 1 << 45}, "", ""},
		{"64 TiB on x86-64", elf.EM_X86_64, 64, elfaudit.Load{Align: 1 << 46}, "header 2.35 asks for an address that is a multiple of 65536 GiB (p_align) never", ""},
		{"no power of two, which is ignored", elf.EM_X86_64, 64, elfaudit.Load{Align: 1<<46 + 0x1000}, "", ""},
		{"256 MiB of 32 bits", elf.EM_ARM, 32, elfaudit.Load{Align: 1 << 28}, "", ""},
		{"1 GiB of 32 bits", elf.EM_ARM, 32, elfaudit.Load{Align: 1 << 30}, "header 2.35 asks for an address that is a multiple of 1 GiB (p_align) unsure", ""},
		{"to be written", elf.EM_S390, 64, elfaudit.Load{MemSize: 1, Flags: elf.PF_W}, "header  " + writeOnly + " unsure", "header  " + writeOnly + " unsure"},
		{"to be written and run", elf.EM_AARCH64, 64, elfaudit.Load{MemSize: 1, Flags: elf.PF_W | elf.PF_X}, "header  " + writeOnly + " unsure", "header  " + writeOnly + " unsure"},
		{"to be read and written", elf.EM_S390, 64, elfaudit.Load{MemSize: 1, Flags: elf.PF_W | elf.PF_R}, "", ""},
		{"to be run", elf.EM_S390, 64, elfaudit.Load{MemSize: 1, Flags: elf.PF_X}, "", ""},
		{"for nothing", elf.EM_X86_64, 64, elfaudit.Load{MemSize: 1}, "header  has a segment that may not be read, written or run unsure", "header  has a segment that may not be read, written or run unsure"},
		{"nothing for nothing", elf.EM_X86_64, 64, elfaudit.Load{}, "", ""},
		{"nothing to be written", elf.EM_S390, 64, elfaudit.Load{Flags: elf.PF_W}, "", ""},
		{"to be written on x86-64", elf.EM_X86_64, 64, elfaudit.Load{MemSize: 1, Flags: elf.PF_W}, "", ""},
		{"to be written on x86", elf.EM_386, 32, elfaudit.Load{MemSize: 1, Flags: elf.PF_W}, "", ""},
	} {
		f := loadable("m.so", func(f *linkset.File) { f.ELF.Machine, f.ELF.Class = c.machine, c.class })
		f.ELF.Loads = []elfaudit.Load{c.load}
		for libc, want := range map[elfaudit.Libc]string{elfaudit.LibcGlibc: c.glibc, elfaudit.LibcMusl: c.musl} {
			got := ""
			for _, d := range Known().Demands(linkset.New([]*linkset.File{f}), f, libc, "x86_64") {
				if d.Kind != KindHeader || d.From != "" {
					continue
				}
				got = "header " + d.Before + " " + d.Reason
				if d.Unsure {
					got += " unsure"
				}
				if d.Floor == NoPolicy {
					got += " never"
				}
			}
			if got != want {
				t.Errorf("%s, %s: %q, want %q", c.what, libc, got, want)
			}
		}
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
