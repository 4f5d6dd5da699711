package elfaudit

import (
	"debug/elf"
	"slices"
)

// typeSet gathers the types of relocations.
type typeSet struct {
	relative uint32 // the type of relative relocations, 0 when it is not known
	leading  bool   // no other type has come in the table
	count    uint64 // relative ones before the first of another type
	last     uint32
	list     []uint32 // in ascending order
}

func (s *typeSet) add(typ uint32) {
	if s.leading = s.leading && typ == s.relative; s.leading {
		s.count++
	}
	if typ == s.last { // 0 at the start, which is not listed
		return
	}
	s.last = typ
	if i, found := slices.BinarySearch(s.list, typ); typ != 0 && !found && len(s.list) < MaxTypes {
		s.list = slices.Insert(s.list, i, typ)
	}
}

// change notes what a relocation of an address changes.
func (r *Relocations) change(targets *writable, addr uint64) {
	inside, ok := targets.find(addr)
	r.Outside = r.Outside || !inside
	r.Text = r.Text || inside && !ok
}

// writable finds out which addresses are in writable segments.
type writable struct {
	loads []segment
	last  int // the index of the segment that was found last
}

// find reports whether addr is in a segment, and in one that is writable.
func (w *writable) find(addr uint64) (inside, ok bool) {
	if s := &w.loads[w.last]; addr-s.vaddr < s.memsz { // less than vaddr is far too much
		return true, s.flags&elf.PF_W != 0
	}
	for i := range w.loads {
		if s := &w.loads[i]; addr-s.vaddr < s.memsz {
			w.last = i
			return true, s.flags&elf.PF_W != 0
		}
	}
	return false, false
}

// relativeType is the type of relocations that add the address of the file.
func relativeType(machine elf.Machine) uint32 {
	switch machine {
	case elf.EM_X86_64:
		return uint32(elf.R_X86_64_RELATIVE)
	case elf.EM_386:
		return uint32(elf.R_386_RELATIVE)
	case elf.EM_AARCH64:
		return uint32(elf.R_AARCH64_RELATIVE)
	case elf.EM_ARM:
		return uint32(elf.R_ARM_RELATIVE)
	case elf.EM_PPC64:
		return uint32(elf.R_PPC64_RELATIVE)
	case elf.EM_S390:
		return uint32(elf.R_390_RELATIVE)
	case elf.EM_RISCV:
		return uint32(elf.R_RISCV_RELATIVE)
	case elf.EM_LOONGARCH:
		return uint32(elf.R_LARCH_RELATIVE)
	}
	return 0
}

// threadOffsets lists the relocation types that write the distance of a variable
// from the thread pointer, which is fixed when a file is loaded.
func threadOffsets(machine elf.Machine) []uint32 {
	switch machine {
	case elf.EM_X86_64:
		return []uint32{uint32(elf.R_X86_64_TPOFF64), uint32(elf.R_X86_64_TPOFF32)}
	case elf.EM_386:
		return []uint32{uint32(elf.R_386_TLS_TPOFF), uint32(elf.R_386_TLS_TPOFF32)}
	case elf.EM_AARCH64:
		return []uint32{uint32(elf.R_AARCH64_TLS_TPREL64)}
	case elf.EM_ARM:
		return []uint32{uint32(elf.R_ARM_TLS_TPOFF32)}
	case elf.EM_PPC64: // those for parts of the distance are in code that is not position independent
		return []uint32{uint32(elf.R_PPC64_TPREL64), uint32(elf.R_PPC64_TPREL16), uint32(elf.R_PPC64_TPREL16_LO), uint32(elf.R_PPC64_TPREL16_HI), uint32(elf.R_PPC64_TPREL16_HA)}
	case elf.EM_S390:
		return []uint32{uint32(elf.R_390_TLS_TPOFF)}
	case elf.EM_RISCV:
		return []uint32{uint32(elf.R_RISCV_TLS_TPREL32), uint32(elf.R_RISCV_TLS_TPREL64)}
	case elf.EM_LOONGARCH:
		return []uint32{uint32(elf.R_LARCH_TLS_TPREL32), uint32(elf.R_LARCH_TLS_TPREL64)}
	}
	return nil
}
