package manylinux

import (
	"debug/elf"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// refusals are the checks that loaders make of a library when they map it: glibc in
// open_verify, _dl_map_object_from_fd and elf_get_dynamic_info (elf/dl-load.c,
// elf/get-dynamic-info.h), musl in map_library and load_library (ldso/dynlink.c). What
// cannot be read at all is an error of package elfaudit.
var refusals = []struct {
	glibc, musl bool
	from        string // the first release of glibc that takes it
	before      string // the first release of glibc that refuses it; all do when both are ""
	message     string
	refused     func(*linkset.File) bool
}{
	{true, true, "", "", "has no dynamic section", func(f *linkset.File) bool { return !f.ELF.Dynamic }},
	{true, false, "", "", "has a dynamic section of size 0", func(f *linkset.File) bool { return f.ELF.Dynamic && f.ELF.DynamicSize == 0 }},
	{true, false, "", "", "is not of type ET_DYN", func(f *linkset.File) bool { return f.ELF.Type != elf.ET_DYN }},
	{true, false, "", "", "names an operating system (EI_OSABI) other than System V and GNU", func(f *linkset.File) bool {
		return f.ELF.OSABI != elf.ELFOSABI_NONE && f.ELF.OSABI != elf.ELFOSABI_LINUX && !(f.ELF.OSABI == elf.ELFOSABI_ARM && f.ELF.Machine == elf.EM_ARM)
	}},
	{true, false, "", "", "has an unknown EI_ABIVERSION", func(f *linkset.File) bool {
		const known = 3 // LIBC_ABI_UNIQUE and IFUNC, with EI_OSABI GNU alone
		return f.ELF.ABIVersion > known || f.ELF.ABIVersion > 0 && f.ELF.OSABI != elf.ELFOSABI_LINUX
	}},
	{true, false, "", "", "has bytes other than 0 at the end of e_ident", func(f *linkset.File) bool { return f.ELF.Padded }},
	{true, false, "", "2.30", "is a position-independent program (DF_1_PIE), not a library", func(f *linkset.File) bool { return f.ELF.PIE }},
	{true, false, "", "", "has a segment whose address and offset differ within a page", func(f *linkset.File) bool { return !congruent(f) }},
	{true, false, "2.35", "", "has a segment that is not aligned to pages, or whose address and offset differ by what is not a multiple of its p_align", misaligned},
	{true, true, "", "", "has relocations of a kind that the machine does not have (DT_PLTREL)", wrongPLT},
	{true, false, "", "", "has loadable segments that are not in the order of their addresses", func(f *linkset.File) bool { return !f.ELF.LoadsAscend() }},
	{true, true, "", "", "has relocations in a segment that is not writable and does not say so (DT_TEXTREL)", func(f *linkset.File) bool { return f.ELF.Relocations.Text && !f.ELF.TextRel }},
	{true, false, "", "", "has relocations of a wrong size (DT_RELENT, DT_RELAENT)", wrongEntry},
	{true, true, "", "", "asks for more memory than a process can have", func(f *linkset.File) bool { return span(f) > 1<<46 }},
}

// refused adds what the loader refuses a shared library for.
func (c *collector) refused() {
	f := c.file
	program := f.ELF.Interpreter != "" || f.ELF.Static || f.ELF.Kind == elfaudit.KindExecutable && !strings.Contains(path.Base(f.Path), ".so")
	if program && !c.opened() {
		return
	}
	musl := c.libc == elfaudit.LibcMusl
	for _, r := range refusals {
		if (musl && r.musl || !musl && r.glibc) && r.refused(f) {
			c.refuse(r.message, r.from, r.before)
		}
	}
	if !musl && f.ELF.NoOpen && c.opened() {
		c.refuse("forbids to be loaded by dlopen (DF_1_NOOPEN)", "", "")
	}
}

// refuse adds a refusal before a release of glibc, from a release on, or of all of them.
// A policy includes all later releases, so that none allows what those refuse.
func (c *collector) refuse(reason, from, before string) {
	d := Demand{Kind: KindHeader, Floor: NoPolicy, Reason: reason, From: from, Before: before}
	if minor, ok := GlibcMinor("GLIBC_" + from); ok {
		d.Floor = minor
	}
	c.add(d)
}

// opened reports whether something opens the file as a library whatever it is: Python
// as a module, or the loader for a file that needs it. Other programs and static files
// may be called anything.
func (c *collector) opened() bool {
	base := path.Base(c.file.Path)
	return strings.HasSuffix(base, ".so") && strings.Count(base, ".") > 1 || c.set.IsNeeded(c.file) || c.file.IsModule()
}

const smallPage = 4 << 10

func congruent(f *linkset.File) bool {
	for _, l := range f.ELF.Loads {
		if !l.Congruent(smallPage) {
			return false
		}
	}
	return true
}

// misaligned reports whether glibc before 2.35 refuses a segment for its p_align. (Tried
// with 2.31 and 2.36; a p_align of 0 is a multiple of the page to it, and no offset but
// the address fits it.)
func misaligned(f *linkset.File) bool {
	return congruent(f) && slices.ContainsFunc(f.ELF.Loads, func(l elfaudit.Load) bool {
		return l.Align%smallPage != 0 || (l.Addr-l.Offset)&(l.Align-1) != 0
	})
}

// rela reports whether the machine's relocations have addends, as those of all
// 64-bit machines do.
func rela(f *linkset.File) bool { return f.ELF.Class == 64 }

func wrongPLT(f *linkset.File) bool {
	want := uint64(elf.DT_REL)
	if rela(f) {
		want = uint64(elf.DT_RELA)
	}
	plt := f.ELF.Relocations.PLT
	return plt != 0 && plt != want && (f.Machine != "" && f.ELF.Machine != elf.EM_MIPS)
}

func wrongEntry(f *linkset.File) bool {
	r, word := f.ELF.Relocations, uint64(f.ELF.Class/8)
	return r.RelEntry != 0 && r.RelEntry != 2*word || r.RelaEntry != 0 && r.RelaEntry != 3*word
}

// span is how much memory the loadable segments take, from the first to the last.
func span(f *linkset.File) uint64 {
	low, high := ^uint64(0), uint64(0)
	for _, l := range f.ELF.Loads {
		low, high = min(low, l.Addr), max(high, l.Addr+l.MemSize)
	}
	if low > high {
		return 0
	}
	return high - low
}
