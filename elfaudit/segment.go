package elfaudit

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"
	"strings"
)

// ptAttributes is PT_ARM_ATTRIBUTES and PT_RISCV_ATTRIBUTES: the two machines
// use one number for one purpose.
const ptAttributes elf.ProgType = 0x70000003

// phnumInSection (PN_XNUM) in e_phnum says that the real count is in sh_info
// of the first section header.
const phnumInSection = 0xffff

// smallestPage is the smallest page size of any supported machine. Segments
// that share such a page share its contents.
const smallestPage = 4 << 10

// segment is one program header.
type segment struct {
	typ    elf.ProgType
	flags  elf.ProgFlag
	off    uint64
	vaddr  uint64
	filesz uint64
	memsz  uint64
	align  uint64
}

// readSegments decodes the program headers, checks the loadable ones and
// takes the facts that they state themselves.
func (p *parser) readSegments() error {
	n, err := p.headerCount()
	if err != nil {
		return err
	}
	size := int64(8 + 6*p.wordSize()) // 32 or 56 bytes
	if n > 0 && int64(p.hdr.phentsize) != size {
		return bad(CodeHeader, 0, "e_phentsize", "not the size of a program header of this class")
	}
	if p.hdr.phoff > uint64(p.size) {
		return bad(CodeTruncated, -1, "e_phoff", "lies past the end of the file")
	}
	p.segs = make([]segment, 0, min(n, 16))
	for i := range int64(n) {
		b, err := p.at(int64(p.hdr.phoff)+i*size, size, p.size, "program header table")
		if err != nil {
			return err
		}
		p.segs = append(p.segs, p.decodeSegment(b))
	}
	if err := p.readLoads(); err != nil {
		return err
	}
	return p.readInterpreter()
}

// headerCount returns the number of program headers.
func (p *parser) headerCount() (uint32, error) {
	n := p.hdr.phnum
	if n == phnumInSection {
		if p.hdr.shoff == 0 || p.hdr.shoff > uint64(p.size) {
			return 0, bad(CodeHeader, 0, "e_phnum", "defers to a section header that is not in the file")
		}
		infoAt := int64(12 + 4*p.wordSize()) // sh_info
		b, err := p.at(int64(p.hdr.shoff), infoAt+4, p.size, "section header 0")
		if err != nil {
			return 0, err
		}
		n = p.u32(b[infoAt:])
	}
	if n > maxHeaders {
		return 0, bad(CodeLimit, 0, "e_phnum", "more than 65,536 program headers")
	}
	return n, nil
}

// decodeSegment decodes one program header. The classes order it differently.
func (p *parser) decodeSegment(b []byte) segment {
	s := segment{typ: elf.ProgType(p.u32(b))}
	if p.wide {
		s.flags = elf.ProgFlag(p.u32(b[4:]))
		s.off, s.vaddr = p.u64(b[8:]), p.u64(b[16:])
		s.filesz, s.memsz, s.align = p.u64(b[32:]), p.u64(b[40:]), p.u64(b[48:])
		return s
	}
	s.off, s.vaddr = uint64(p.u32(b[4:])), uint64(p.u32(b[8:]))
	s.filesz, s.memsz = uint64(p.u32(b[16:])), uint64(p.u32(b[20:]))
	s.flags, s.align = elf.ProgFlag(p.u32(b[24:])), uint64(p.u32(b[28:]))
	return s
}

// readLoads gathers the loadable segments for address translation.
func (p *parser) readLoads() error {
	f := p.f
	for i := range p.segs {
		s := &p.segs[i]
		switch s.typ {
		case elf.PT_GNU_STACK: // the last one counts, as for the kernel and glibc
			f.Stack = StackNoExec
			if s.flags&elf.PF_X != 0 {
				f.Stack = StackExec
			}
		case elf.PT_GNU_RELRO:
			f.RELRO = true
		case elf.PT_LOAD:
			if err := p.checkLoad(i, s); err != nil {
				return err
			}
			if s.memsz == 0 {
				continue
			}
			f.WritableExec = f.WritableExec || s.flags&(elf.PF_W|elf.PF_X) == elf.PF_W|elf.PF_X
			if align := max(s.align, 1); f.LoadAlign == 0 || align < f.LoadAlign {
				f.LoadAlign = align
			}
			if p.loads == nil {
				p.loads = make([]segment, 0, 8)
			}
			p.loads = append(p.loads, *s)
		}
	}
	if len(p.loads) == 0 {
		return bad(CodeSegment, -1, "PT_LOAD", "a file meant to be loaded has no loadable segment")
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
		reason = "takes more bytes from the file than it has in memory"
	case s.memsz > top || s.vaddr > top-s.memsz:
		reason = "wraps around the address space"
	case s.filesz > uint64(p.size) || s.off > uint64(p.size)-s.filesz:
		code, reason = CodeTruncated, "reaches past the end of the file"
	default:
		return nil
	}
	return bad(code, p.headerOffset(i), fmt.Sprintf("PT_LOAD in program header %d", i), reason)
}

// headerOffset returns the file offset of the i-th program header.
func (p *parser) headerOffset(i int) int64 {
	return int64(p.hdr.phoff) + int64(i)*(8+6*p.wordSize())
}

// checkOverlap puts the loadable segments in order of address and rejects
// those that make the contents of an address depend on who looks: two
// segments over one byte, or two over one page with different contents.
func (p *parser) checkOverlap() error {
	slices.SortStableFunc(p.loads, func(a, b segment) int { return cmp.Compare(a.vaddr, b.vaddr) })
	for i := 1; i < len(p.loads); i++ {
		a, b := &p.loads[i-1], &p.loads[i]
		pageEnd := (a.vaddr + a.filesz + smallestPage - 1) &^ (smallestPage - 1)
		samePage := b.vaddr&^(smallestPage-1) < pageEnd && a.vaddr-a.off != b.vaddr-b.off
		if b.vaddr < a.vaddr+a.memsz || samePage && a.filesz > 0 && b.filesz > 0 {
			return bad(CodeSegment, -1, "PT_LOAD",
				fmt.Sprintf("two loadable segments overlap at address %#x", b.vaddr))
		}
	}
	return nil
}

// readInterpreter reads the first PT_INTERP, the one the kernel takes.
func (p *parser) readInterpreter() error {
	i := slices.IndexFunc(p.segs, func(s segment) bool { return s.typ == elf.PT_INTERP })
	if i < 0 {
		return nil
	}
	s := &p.segs[i]
	if s.filesz > maxInterp {
		return bad(CodeLimit, p.headerOffset(i), "PT_INTERP", "longer than 4 KiB")
	}
	b, err := p.fileRange(s, "PT_INTERP")
	if err != nil {
		return err
	}
	path, _, found := strings.Cut(string(b), "\x00")
	if !found || path == "" {
		return bad(CodeSegment, int64(s.off), "PT_INTERP", "not a path ended by a zero byte")
	}
	p.f.Interpreter = path
	return nil
}

// fileRange returns the bytes that s takes from the file, which the caller
// has found to be at most windowSize.
func (p *parser) fileRange(s *segment, field string) ([]byte, error) {
	if s.off > uint64(p.size) {
		return nil, bad(CodeTruncated, -1, field, "reaches past the end of the file")
	}
	return p.at(int64(s.off), int64(s.filesz), p.size, field)
}
