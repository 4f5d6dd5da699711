package manylinux

import (
	"debug/elf"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// refusal is a reason for which loaders do not take a library.
type refusal struct {
	// glibc and musl say which of the two loaders refuses.
	glibc, musl bool
	// from is the first release of glibc that no longer refuses it, and before the
	// first one that does; "" when all do.
	from, before string
	message      string
	refused      func(*linkset.File) bool
}

// refusals are the checks that loaders make of a library when they map it, and what
// they trip over when they read its tables: glibc in open_verify,
// _dl_map_object_from_fd and _dl_relocate_object (elf/dl-load.c, elf/dl-reloc.c), musl
// in map_library, load_library and reloc_all (ldso/dynlink.c). Those for entries of the
// dynamic table are in refusedentry.go. What cannot be read at all is an error of
// package elfaudit.
var refusals = []refusal{
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
	{true, false, "", "", "has loadable segments that are not in the order of their addresses", func(f *linkset.File) bool { return !f.ELF.LoadsAscend() }},
	{true, true, "", "", "has relocations in a segment that is not writable and does not say so (DT_TEXTREL)", func(f *linkset.File) bool { return f.ELF.Relocations.Text && !f.ELF.TextRel }},
	{true, true, "", "", "asks for more memory than a process can have", func(f *linkset.File) bool { return span(f) > 1<<46 }},
	{true, true, "", "", "has relocations of addresses outside its segments", func(f *linkset.File) bool { return f.ELF.Relocations.Outside }},
	{true, false, "", "", "has relocations of a type that glibc does not know", func(f *linkset.File) bool { return unknownRelocation(f, elfaudit.LibcGlibc) }},
	{false, true, "", "", "has relocations of a type that musl does not know", func(f *linkset.File) bool { return unknownRelocation(f, elfaudit.LibcMusl) }},
	{true, true, "", "", "has tables in a segment that may not be read", func(f *linkset.File) bool { return f.ELF.Unreadable != "" }},
	{true, true, "", "", "asks to protect memory outside its segments (PT_GNU_RELRO)", relroOutside},
	{true, false, "", "", "has program headers in another place than PT_PHDR says", func(f *linkset.File) bool { return f.ELF.HeadersElsewhere }},
	{true, true, "", "", "has initial values of thread-local variables outside its segments (PT_TLS)", tlsOutside},
	{true, false, "", "", "has a dynamic section in a segment that is not writable", func(f *linkset.File) bool { return lockedDynamic(f) && f.ELF.DynamicFlags&elf.PF_W != 0 }},
	{true, false, "2.35", "", "has a dynamic section that is not writable", func(f *linkset.File) bool { return lockedDynamic(f) && f.ELF.DynamicFlags&elf.PF_W == 0 }},
}

// refused adds what the loader refuses a shared library for.
func (c *collector) refused() {
	f := c.file
	program := f.ELF.Interpreter != "" || f.ELF.Static || f.ELF.Kind == elfaudit.KindExecutable && !strings.Contains(path.Base(f.Path), ".so")
	if program && !c.opened() {
		return
	}
	musl := c.libc == elfaudit.LibcMusl
	for _, list := range [][]refusal{refusals, entryRefusals} {
		for _, r := range list {
			if (musl && r.musl || !musl && r.glibc) && r.refused(f) {
				c.refuse(r)
			}
		}
	}
	c.doubted(musl)
	if !musl && f.ELF.NoOpen && c.opened() {
		c.refuse(refusal{message: "forbids to be loaded by dlopen (DF_1_NOOPEN)"})
	}
}

// How much glibc has room for when it looks for an address that is a multiple of
// p_align, for which it takes twice as much of the address space, from 2.35 on. On
// x86-64 that was tried: 32 TiB load and 64 TiB do not. Elsewhere the space is between
// 256 GiB and 128 PiB, by kernel and processor, and 2 GiB for 32-bit machines at least.
const (
	mostAlign   = 1 << 46 // refused on x86-64
	sureAlign   = 1 << 36 // loads on all 64-bit machines
	sureAlign32 = 1 << 28
	alignedFrom = "2.35"
)

// doubted adds what some systems refuse and others take.
func (c *collector) doubted(musl bool) {
	f := c.file.ELF
	var align uint64
	writeOnly, closed := false, false
	for _, l := range f.Loads {
		if l.Align&(l.Align-1) == 0 { // others are ignored
			align = max(align, l.Align)
		}
		closed = closed || l.MemSize > 0 && l.Flags&(elf.PF_R|elf.PF_W|elf.PF_X) == 0
		writeOnly = writeOnly || l.MemSize > 0 && l.Flags&(elf.PF_R|elf.PF_W) == elf.PF_W
	}
	if closed {
		c.add(Demand{Kind: KindHeader, Unsure: true, Reason: "has a segment that may not be read, written or run"})
	}
	// x86 has no pages that may be written and not read.
	if writeOnly && f.Machine != elf.EM_X86_64 && f.Machine != elf.EM_386 {
		c.add(Demand{Kind: KindHeader, Unsure: true, Reason: "has a segment that may be written but not read"})
	}
	sure := uint64(sureAlign)
	if f.Class == 32 {
		sure = sureAlign32
	}
	if musl || align <= sure || f.Machine == elf.EM_X86_64 && align < mostAlign {
		return
	}
	d := Demand{Kind: KindHeader, Before: alignedFrom, Reason: fmt.Sprintf("asks for an address that is a multiple of %d GiB (p_align)", align>>30), Unsure: true}
	if f.Machine == elf.EM_X86_64 {
		d.Unsure, d.Floor = false, NoPolicy
	}
	c.add(d)
}

// refuse adds a refusal before a release of glibc, from a release on, or of all of them.
// A policy includes all later releases, so that none allows what those refuse.
func (c *collector) refuse(r refusal) {
	d := Demand{Kind: KindHeader, Floor: NoPolicy, Reason: r.message, From: r.from, Before: r.before}
	if minor, ok := GlibcMinor("GLIBC_" + r.from); ok {
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

// lockedDynamic reports whether the dynamic table cannot be written to, as glibc does on
// all machines but two (DL_RO_DYN_SECTION).
func lockedDynamic(f *linkset.File) bool {
	return f.ELF.Dynamic && f.ELF.DynamicReadOnly && f.ELF.Machine != elf.EM_RISCV && f.ELF.Machine != elf.EM_MIPS
}

// relroOutside reports whether pages that become read-only are not those of the file.
func relroOutside(f *linkset.File) bool {
	first, end := f.ELF.RELROAddr&^(smallPage-1), (f.ELF.RELROAddr+f.ELF.RELROSize)&^(smallPage-1)
	if f.ELF.RELROSize == 0 || first == end {
		return false
	}
	low, high := bounds(f)
	return end < first || first < low&^(smallPage-1) || end > (high+smallPage-1)&^(smallPage-1)
}

// tlsOutside reports whether initial values are where the file has no bytes.
func tlsOutside(f *linkset.File) bool {
	t := f.ELF.TLS
	if t == nil || t.FileSize == 0 {
		return false
	}
	for _, l := range f.ELF.Loads {
		if t.Addr >= l.Addr && t.Addr-l.Addr < l.MemSize && t.FileSize <= l.MemSize-(t.Addr-l.Addr) {
			return false
		}
	}
	return true
}

// bounds are the lowest and the highest address of the loadable segments.
func bounds(f *linkset.File) (low, high uint64) {
	low = ^uint64(0)
	for _, l := range f.ELF.Loads {
		low, high = min(low, l.Addr), max(high, l.Addr+l.MemSize)
	}
	return min(low, high), high
}

// span is how much memory the loadable segments take, from the first to the last.
func span(f *linkset.File) uint64 {
	low, high := bounds(f)
	return high - low
}
