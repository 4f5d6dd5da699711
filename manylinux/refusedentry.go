package manylinux

import (
	"debug/elf"
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// entryRefusals are those for what the entries of the dynamic table say. glibc asserts
// some of it in elf_get_dynamic_info (elf/get-dynamic-info.h); of an entry that it
// takes for granted it reads the value without a look (elf/dynamic-link.h), and the
// process ends. musl takes 0 for it.
var entryRefusals = []refusal{
	{true, false, "", "", "has relocations of a kind that the machine does not have (DT_PLTREL)", wrongPLT},
	{true, false, "", "", "lacks DT_JMPREL or DT_PLTRELSZ, which belong to DT_PLTREL", func(f *linkset.File) bool {
		return has(f, elf.DT_PLTREL) && !(has(f, elf.DT_JMPREL) && has(f, elf.DT_PLTRELSZ))
	}},
	{true, false, "", "", "has relocations of a wrong size (DT_RELENT, DT_RELAENT), or lacks their size", wrongEntry},
	{true, false, "", "", "lacks the number of bytes of its relocations (DT_RELSZ, DT_RELASZ, DT_RELRSZ)", func(f *linkset.File) bool {
		for _, t := range glibcTables(f) {
			if has(f, t.table) && f.ELF.Entries[t.table] != 0 && !has(f, t.bytes) {
				return true
			}
		}
		return false
	}},
	{true, false, "", "2.36", "has packed relocations of a wrong size (DT_RELRENT), or lacks their size", func(f *linkset.File) bool {
		return has(f, elfaudit.DTRelr) && f.ELF.Entries[elfaudit.DTRelrent] != word(f)
	}},
	{true, false, "", "", "counts relative relocations that it does not have (DT_RELACOUNT, DT_RELCOUNT)", func(f *linkset.File) bool {
		for _, t := range glibcTables(f) {
			if t.relative != 0 && has(f, t.table) && f.Machine != "" && f.ELF.Entries[t.relative] > f.ELF.Relocations.Relative {
				return true
			}
		}
		return false
	}},
	{true, false, "", "", "has versions but not those of its symbols (DT_VERSYM)", func(f *linkset.File) bool {
		return !has(f, elf.DT_VERSYM) && (has(f, elf.DT_VERNEED) || has(f, elf.DT_VERDEF))
	}},
	{true, false, "", "", "has versions of symbols (DT_VERSYM) but neither needs nor defines any", func(f *linkset.File) bool {
		return has(f, elf.DT_VERSYM) && !has(f, elf.DT_VERNEED) && !has(f, elf.DT_VERDEF) && len(f.ELF.Relocations.Types) > 0
	}},
	{false, true, "", "", "has relocations in a place that it does not say (DT_REL, DT_RELA, DT_JMPREL, DT_RELR)", func(f *linkset.File) bool {
		for _, t := range allTables {
			if f.ELF.Entries[t.bytes] != 0 && !has(f, t.table) {
				return true
			}
		}
		return false
	}},
	{false, true, "", "", "has relocations of a kind that the machine does not have (DT_PLTREL)", func(f *linkset.File) bool {
		return f.ELF.Entries[elf.DT_PLTRELSZ] != 0 && (!has(f, elf.DT_PLTREL) || wrongPLT(f))
	}},
	{false, true, "", "", "has a table of relocations that ends within one", func(f *linkset.File) bool { return f.ELF.Relocations.Ragged }},
	{false, true, "", "", "has no table of hashes of its symbols (DT_HASH, DT_GNU_HASH)", func(f *linkset.File) bool {
		return f.ELF.Dynamic && !has(f, elf.DT_HASH) && !has(f, elf.DT_GNU_HASH)
	}},
	{true, true, "", "", "has hashes of its symbols (DT_HASH) in words of 32 bits, which have 64 on the machine", func(f *linkset.File) bool {
		return f.ELF.NarrowHash && !has(f, elf.DT_GNU_HASH)
	}},
	{true, false, "", "", atLoad, func(f *linkset.File) bool {
		return misplaced(f, elf.DT_INIT) || misplaced(f, elf.DT_PREINIT_ARRAY) || misplaced(f, elf.DT_INIT_ARRAY)
	}},
	{false, true, "", "", atLoad, func(f *linkset.File) bool {
		return misplaced(f, elf.DT_INIT) && f.ELF.Entries[elf.DT_INIT] != 0 || misplaced(f, elf.DT_INIT_ARRAY)
	}},
	{true, false, "", "", "lacks the number of bytes of its functions (DT_INIT_ARRAYSZ, DT_FINI_ARRAYSZ)", func(f *linkset.File) bool {
		return has(f, elf.DT_INIT_ARRAY) && !has(f, elf.DT_INIT_ARRAYSZ) || has(f, elf.DT_FINI_ARRAY) && !has(f, elf.DT_FINI_ARRAYSZ)
	}},
	{true, false, "", "", atEnd, func(f *linkset.File) bool { return misplaced(f, elf.DT_FINI) || misplaced(f, elf.DT_FINI_ARRAY) }},
	{false, true, "", "", atEnd, func(f *linkset.File) bool {
		return misplaced(f, elf.DT_FINI) && f.ELF.Entries[elf.DT_FINI] != 0 || misplaced(f, elf.DT_FINI_ARRAY)
	}},
}

// What happens to functions outside executable segments. (All of it was tried with glibc
// 2.31, 2.36 and 2.41 and musl 1.2.3 and 1.2.5; musl calls nothing at address 0.)
const (
	atLoad = "has functions that run when it is loaded and are not in executable memory (DT_INIT, DT_INIT_ARRAY)"
	atEnd  = "has functions that run when the process ends and are not in executable memory (DT_FINI, DT_FINI_ARRAY), so that it crashes then"
)

// misplaced reports whether a function of a dynamic entry is outside executable segments.
func misplaced(f *linkset.File, tag elf.DynTag) bool { return slices.Contains(f.ELF.Misplaced, tag) }

// has reports whether a file has a dynamic entry.
func has(f *linkset.File, tag elf.DynTag) bool {
	_, ok := f.ELF.Entries[tag]
	return ok
}

// table is a table of relocations in the dynamic table.
type table struct {
	table, bytes, entry elf.DynTag
	relative            elf.DynTag // the entry that counts relative ones, or 0
}

var (
	tableRel  = table{elf.DT_REL, elf.DT_RELSZ, elf.DT_RELENT, elf.DT_RELCOUNT}
	tableRela = table{elf.DT_RELA, elf.DT_RELASZ, elf.DT_RELAENT, elf.DT_RELACOUNT}
	tableRelr = table{elfaudit.DTRelr, elfaudit.DTRelrsz, elfaudit.DTRelrent, 0}
	tablePLT  = table{elf.DT_JMPREL, elf.DT_PLTRELSZ, 0, 0}
	allTables = []table{tableRel, tableRela, tableRelr, tablePLT}
)

// glibcTables are the tables that glibc reads: on 64-bit machines, all of which have
// addends, not DT_REL.
func glibcTables(f *linkset.File) []table {
	if f.ELF.Class == 64 {
		return []table{tableRela, tableRelr}
	}
	return []table{tableRel, tableRela, tableRelr}
}

// word is the number of bytes of an address.
func word(f *linkset.File) uint64 { return uint64(f.ELF.Class / 8) }

func wrongPLT(f *linkset.File) bool {
	if f.Machine == "" || f.ELF.Machine == elf.EM_MIPS || !has(f, elf.DT_PLTREL) {
		return false
	}
	plt := f.ELF.Entries[elf.DT_PLTREL]
	return plt != uint64(elf.DT_RELA) && (f.ELF.Class == 64 || plt != uint64(elf.DT_REL))
}

func wrongEntry(f *linkset.File) bool {
	for _, t := range glibcTables(f) {
		words := map[elf.DynTag]uint64{elf.DT_RELENT: 2, elf.DT_RELAENT: 3}[t.entry]
		if words != 0 && has(f, t.table) && f.ELF.Entries[t.entry] != words*word(f) {
			return true
		}
	}
	return false
}
