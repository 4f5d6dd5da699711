package elfaudit

import "debug/elf"

// The tags of packed relative relocations (gABI), which debug/elf does not name.
const (
	DTRelrsz  elf.DynTag = 35 // DT_RELRSZ: their bytes
	DTRelr    elf.DynTag = 36 // DT_RELR: where they are
	DTRelrent elf.DynTag = 37 // DT_RELRENT: the bytes of one
)

// Other tags that debug/elf does not name.
const (
	dtCrel        = 38         // DT_CREL: packed relocations of any sort
	dtAndroidRel  = 0x6000000f // DT_ANDROID_REL: likewise
	dtAndroidRela = 0x60000011 // DT_ANDROID_RELA: likewise
	dtAuxiliary   = 0x7ffffffd // DT_AUXILIARY: a library to ask first, if it is there
	dtFilter      = 0x7fffffff // DT_FILTER: a library to ask in place of this one
)

// entry numbers the entries of the dynamic table whose last value counts.
type entry int

const (
	dynStrtab entry = iota
	dynStrsz
	dynSymtab
	dynSyment
	dynHash
	dynGNUHash
	dynVersym
	dynVerneed
	dynVerneednum
	dynVerdef
	dynVerdefnum
	dynSoname
	dynRpath
	dynRunpath
	dynFlags
	dynFlags1
	dynRela
	dynRelasz
	dynRelaent
	dynRel
	dynRelsz
	dynRelent
	dynRelr
	dynRelrsz
	dynRelrent
	dynJmprel
	dynPltrelsz
	dynPltrel
	dynInit
	dynInitArraysz
	dynInitArray
	dynPreinitArray
	dynPreinitArraysz
	dynFini
	dynFiniArray
	dynFiniArraysz
	dynRelacount
	dynRelcount
	dynEntries // their number
)

// entryOf maps tags to entries.
func entryOf(tag elf.DynTag) (entry, bool) {
	switch tag {
	case elf.DT_STRTAB:
		return dynStrtab, true
	case elf.DT_STRSZ:
		return dynStrsz, true
	case elf.DT_SYMTAB:
		return dynSymtab, true
	case elf.DT_SYMENT:
		return dynSyment, true
	case elf.DT_HASH:
		return dynHash, true
	case elf.DT_GNU_HASH:
		return dynGNUHash, true
	case elf.DT_VERSYM:
		return dynVersym, true
	case elf.DT_VERNEED:
		return dynVerneed, true
	case elf.DT_VERNEEDNUM:
		return dynVerneednum, true
	case elf.DT_VERDEF:
		return dynVerdef, true
	case elf.DT_VERDEFNUM:
		return dynVerdefnum, true
	case elf.DT_SONAME:
		return dynSoname, true
	case elf.DT_RPATH:
		return dynRpath, true
	case elf.DT_RUNPATH:
		return dynRunpath, true
	case elf.DT_FLAGS:
		return dynFlags, true
	case elf.DT_FLAGS_1:
		return dynFlags1, true
	}
	if e, ok := calledEntryOf(tag); ok {
		return e, true
	}
	return relocationEntryOf(tag)
}

// calledEntryOf maps the tags that locate functions which loaders call.
func calledEntryOf(tag elf.DynTag) (entry, bool) {
	switch tag {
	case elf.DT_INIT:
		return dynInit, true
	case elf.DT_INIT_ARRAY:
		return dynInitArray, true
	case elf.DT_INIT_ARRAYSZ:
		return dynInitArraysz, true
	case elf.DT_PREINIT_ARRAY:
		return dynPreinitArray, true
	case elf.DT_PREINIT_ARRAYSZ:
		return dynPreinitArraysz, true
	case elf.DT_FINI:
		return dynFini, true
	case elf.DT_FINI_ARRAY:
		return dynFiniArray, true
	case elf.DT_FINI_ARRAYSZ:
		return dynFiniArraysz, true
	}
	return 0, false
}

// relocationEntryOf maps the tags that locate relocations.
func relocationEntryOf(tag elf.DynTag) (entry, bool) {
	switch tag {
	case elf.DT_RELA:
		return dynRela, true
	case elf.DT_RELASZ:
		return dynRelasz, true
	case elf.DT_RELAENT:
		return dynRelaent, true
	case elf.DT_REL:
		return dynRel, true
	case elf.DT_RELSZ:
		return dynRelsz, true
	case elf.DT_RELENT:
		return dynRelent, true
	case DTRelr:
		return dynRelr, true
	case DTRelrsz:
		return dynRelrsz, true
	case DTRelrent:
		return dynRelrent, true
	case elf.DT_JMPREL:
		return dynJmprel, true
	case elf.DT_PLTRELSZ:
		return dynPltrelsz, true
	case elf.DT_PLTREL:
		return dynPltrel, true
	case elf.DT_RELACOUNT:
		return dynRelacount, true
	case elf.DT_RELCOUNT:
		return dynRelcount, true
	}
	return 0, false
}
