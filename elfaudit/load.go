package elfaudit

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"
)

// Load is one PT_LOAD header: a part of the file and where it belongs in
// memory. All but Flags are in bytes.
type Load struct {
	Offset   uint64 // of its contents in the file
	Addr     uint64 // in memory, from where the loader puts the file
	FileSize uint64 // the bytes that come from the file
	MemSize  uint64 // the bytes in memory; those beyond FileSize are zero
	Align    uint64 // p_align as it stands
	Flags    elf.ProgFlag
}

// Congruent reports whether the address and the file offset of l agree modulo n
// bytes, a power of two. glibc asks for that with the page size of the machine
// as n, and before 2.35 with Align too (elf/dl-load.c).
func (l Load) Congruent(n uint64) bool {
	return n == 0 || (l.Addr-l.Offset)&(n-1) == 0
}

// LoadsAscend reports whether the PT_LOAD headers are in the order of their
// addresses, as the gABI asks. glibc reserves memory from the first to the last
// of them.
func (f *File) LoadsAscend() bool {
	return slices.IsSortedFunc(f.Loads, func(a, b Load) int { return cmp.Compare(a.Addr, b.Addr) })
}

// smallestPage is the smallest page size of any supported machine. Segments
// that share such a page share its contents.
const smallestPage = 4 << 10

// pages returns the addresses that the pages of s begin and end at. They are the
// same for an empty segment at the start of a page.
func (s *segment) pages() (first, end uint64) {
	return s.vaddr &^ (smallestPage - 1), (s.vaddr + s.memsz + smallestPage - 1) &^ (smallestPage - 1)
}

// readLoads gathers the loadable segments.
func (p *parser) readLoads() error {
	f := p.f
	f.Loads, p.loads = make([]Load, 0, 4), make([]segment, 0, 4)
	for i := range p.segs {
		s := &p.segs[i]
		if s.typ != elf.PT_LOAD {
			continue
		}
		if err := p.checkLoad(i, s); err != nil {
			return err
		}
		f.Loads = append(f.Loads, Load{Offset: s.off, Addr: s.vaddr, FileSize: s.filesz, MemSize: s.memsz, Align: s.align, Flags: s.flags})
		p.loads = append(p.loads, *s)
		if s.memsz == 0 {
			continue // nothing is mapped, but perhaps the page that it begins in
		}
		f.WritableExec = f.WritableExec || s.flags&(elf.PF_W|elf.PF_X) == elf.PF_W|elf.PF_X
		if align := max(s.align, 1); f.LoadAlign == 0 || align < f.LoadAlign {
			f.LoadAlign = align
		}
	}
	if !slices.ContainsFunc(p.loads, func(s segment) bool { return s.memsz > 0 }) {
		return bad(CodeSegment, -1, "PT_LOAD", "no loadable segment")
	}
	return p.checkOverlap()
}

// checkLoad checks one loadable segment against the file.
func (p *parser) checkLoad(i int, s *segment) error {
	code, reason := CodeSegment, ""
	top := uint64(1) << 63 // keeps sums of addresses and sizes from wrapping
	if !p.wide {
		top = 1 << 32
	}
	switch {
	case s.filesz > s.memsz:
		reason = "its size in the file is larger than its size in memory"
	case s.memsz > top || s.vaddr > top-s.memsz:
		reason = "wraps around the address space"
	case s.filesz > uint64(p.size) || s.off > uint64(p.size)-s.filesz:
		code, reason = CodeTruncated, "extends past the end of the file"
	default:
		return nil
	}
	return bad(code, p.headerOffset(i), fmt.Sprintf("PT_LOAD in program header %d", i), reason)
}

// checkOverlap puts the loadable segments in order of address and rejects
// those that make the contents of an address depend on who looks: two segments
// over one byte, or over one page unless both take it from the same place in the
// file. Loaders map whole pages, and those of zeros that follow the bytes of the
// file too.
func (p *parser) checkOverlap() error {
	slices.SortStableFunc(p.loads, func(a, b segment) int { return cmp.Compare(a.vaddr, b.vaddr) })
	// An empty segment at the start of a page maps nothing.
	p.loads = slices.DeleteFunc(p.loads, func(s segment) bool { first, end := s.pages(); return first == end })
	for i := 1; i < len(p.loads); i++ {
		a, b := &p.loads[i-1], &p.loads[i]
		_, end := a.pages()
		first, _ := b.pages()
		sameContents := a.vaddr-a.off == b.vaddr-b.off && a.memsz == a.filesz
		if b.vaddr < a.vaddr+a.memsz || first < end && !sameContents {
			return bad(CodeSegment, -1, "PT_LOAD",
				fmt.Sprintf("two loadable segments overlap at address %#x", b.vaddr))
		}
	}
	return nil
}
