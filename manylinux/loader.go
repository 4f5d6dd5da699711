package manylinux

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/tags"
)

// The releases that began or ended something which loaders support.
const (
	relrGlibc = "2.36"  // glibc reads DT_RELR (elf/dynamic-link.h) and wants GLIBC_ABI_DT_RELR
	relrMusl  = "1.2.4" // musl reads DT_RELR (ldso/dynlink.c); before, it crashes
	noStack   = "2.41"  // dlopen refuses an executable stack (elf/dl-load.c)
)

// loader adds what a file asks of the dynamic loader itself.
func (c *collector) loader() {
	f := c.file.ELF
	if c.libc != elfaudit.LibcBionic {
		c.refused()
	}
	if f.Static {
		return // it relocates itself
	}
	if f.Relr {
		c.packedRelocations()
	}
	if c.libc == elfaudit.LibcMusl {
		if f.Kind == elfaudit.KindSharedObject && c.initialExec() {
			d := Demand{Kind: KindTLS, Floor: NoPolicy}
			if c.set.InProgram(c.file) { // which gives it room when it starts
				d.Unsure, d.Floor = true, 0
			}
			c.add(d)
		}
		return // it ignores PT_GNU_STACK
	}
	if c.libc == elfaudit.LibcBionic {
		return
	}
	if ExecutableStack(c.file) {
		c.add(Demand{Kind: KindStack, Floor: NoPolicy, Before: noStack})
	}
	c.staticTLS()
}

// How many bytes glibc has for initial-exec thread-local storage of libraries that are
// loaded later: 64 + 16 * 100 until 2.31, and the same sum of other parts by default
// since (elf/dl-tls.c). What follows until the next multiple of 64, to which the whole
// is rounded up, is used too, if other libraries have left it: releases 2.31 and 2.36
// loaded 1680 bytes and refused 1696, 2.41 refused 1680.
const (
	StaticTLSRoom = 1664
	staticTLSMost = StaticTLSRoom + 63
	staticAlign   = 64 // of the thread's own block; what asks for more is refused
)

// staticTLS adds what a shared library needs of that room.
func (c *collector) staticTLS() {
	e := c.file.ELF
	if e.TLS == nil || e.Kind != elfaudit.KindSharedObject || !e.StaticTLS.Flag && !e.StaticTLS.Own {
		return
	}
	d := Demand{Kind: KindTLS, Size: e.TLS.MemSize, Unsure: true}
	switch {
	case d.Size > staticTLSMost && e.StaticTLS.Own && !c.set.InProgram(c.file):
		d.Unsure, d.Floor = false, NoPolicy
	case d.Size > StaticTLSRoom:
	case e.TLS.Align > staticAlign && d.Size > 0:
		d.Reason = fmt.Sprintf("aligned to %d bytes", e.TLS.Align)
	default:
		return
	}
	c.add(d)
}

// packedRelocations is for DT_RELR. A glibc before 2.36 silently skips such
// relocations, and a later one refuses a file that needs versions of libc without
// GLIBC_ABI_DT_RELR among them. That version is a demand of its own.
func (c *collector) packedRelocations() {
	if c.libc == elfaudit.LibcMusl {
		c.add(Demand{Kind: KindRelocations, Floor: muslLines[len(muslLines)-1].minor, From: relrMusl})
		return
	}
	versioned := false
	for _, v := range c.file.ELF.VersionNeeds {
		if strings.HasPrefix(v.Library, "libc.so.") && len(v.Versions) > 0 {
			versioned = true
			if slices.ContainsFunc(v.Versions, func(v elfaudit.Version) bool { return v.Name == "GLIBC_ABI_DT_RELR" }) {
				return
			}
		}
	}
	if versioned {
		c.add(Demand{Kind: KindRelocations, Floor: NoPolicy})
		return
	}
	c.add(Demand{Kind: KindRelocations, Floor: 36, From: relrGlibc})
}

// initialExec reports whether a relocation asks for initial-exec thread-local storage
// that this or another file of the wheel defines. musl has no room for that in a
// process that runs already.
func (c *collector) initialExec() bool {
	tls := c.file.ELF.StaticTLS
	return tls.Own || slices.ContainsFunc(tls.Symbols, c.set.Exports)
}

// ExecutableStack reports whether glibc makes the stack executable for a shared
// library: it asks for that, or does not say and the machine's default is so.
func ExecutableStack(f *linkset.File) bool {
	if f.ELF.Kind != elfaudit.KindSharedObject {
		return false
	}
	m, _ := machine.Find(tags.Linux.String(), f.Machine)
	return f.ELF.Stack == elfaudit.StackExec || f.ELF.Stack == elfaudit.StackDefault && m.ExecutableStack
}

// hwcapLevels are the directories below glibc-hwcaps that glibc searches on x86_64,
// each on processors of its level only.
var hwcapLevels = map[string]int{"x86-64-v2": 2, "x86-64-v3": 3, "x86-64-v4": 4}

// ProcessorLevel returns the level of instructions that a file needs above what its
// place says: the machine's baseline, or the level of its directory below
// glibc-hwcaps. It is "" when there is none.
func ProcessorLevel(f *linkset.File) string {
	needed := f.ELF.Properties.X86ISANeeded
	if needed&^elfaudit.X86Baseline == 0 {
		return ""
	}
	level := needed.Level()
	if level == 0 {
		return "an unknown level above x86-64-v4"
	}
	dir := path.Dir(f.Path)
	if path.Base(path.Dir(dir)) == "glibc-hwcaps" && level <= hwcapLevels[path.Base(dir)] {
		return ""
	}
	return fmt.Sprintf("x86-64-v%d", level)
}
