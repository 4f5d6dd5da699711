package elfaudit

import (
	"debug/elf"
	"slices"
	"strings"
)

// ptAttributes is PT_ARM_ATTRIBUTES and PT_RISCV_ATTRIBUTES: the two machines
// use one number for one purpose.
const ptAttributes elf.ProgType = 0x70000003

// phnumElsewhere is PN_XNUM: the gABI's escape for 65,535 or more program
// headers, with the number in a section header. The kernel and the loaders of
// glibc and musl do not know it and take 65,535 headers.
const phnumElsewhere = 0xffff

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
	n := p.hdr.phnum
	if n == phnumElsewhere {
		return bad(CodeHeader, p.phnumAt(), "e_phnum", "is PN_XNUM, which loaders read as 65,535 program headers")
	}
	size := int64(8 + 6*p.wordSize()) // 32 or 56 bytes
	if n > 0 && int64(p.hdr.phentsize) != size {
		return bad(CodeHeader, p.phnumAt()-2, "e_phentsize", "not the size of a program header of this class")
	}
	if p.hdr.phoff > uint64(p.size) {
		return bad(CodeTruncated, -1, "e_phoff", "is past the end of the file")
	}
	p.segs = make([]segment, 0, min(n, 16))
	for i := range int64(n) {
		b, err := p.at(int64(p.hdr.phoff)+i*size, size, p.size, "program header table")
		if err != nil {
			return err
		}
		p.segs = append(p.segs, p.decodeSegment(b))
	}
	p.readHeaders()
	if err := p.readLoads(); err != nil {
		return err
	}
	p.checkHeadersAt()
	return p.readInterpreter()
}

// checkHeadersAt compares the last PT_PHDR, which glibc takes, with e_phoff.
func (p *parser) checkHeadersAt() {
	for i := range p.segs {
		if s := &p.segs[i]; s.typ == elf.PT_PHDR {
			off, _, err := p.locate(s.vaddr, "PT_PHDR")
			// Without an address there is none for the loader.
			p.f.HeadersElsewhere = s.vaddr != 0 && (err != nil || uint64(off) != p.hdr.phoff)
		}
	}
}

// phnumAt returns the file offset of e_phnum.
func (p *parser) phnumAt() int64 { return 32 + 3*p.wordSize() }

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

// readHeaders takes the facts that program headers state themselves, but for
// those of loadable segments.
func (p *parser) readHeaders() {
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
			f.RELRO, f.RELROAddr, f.RELROSize = true, s.vaddr, s.memsz
		case elf.PT_TLS: // the last one that is not empty, as for glibc
			if s.memsz > 0 {
				f.TLS = &TLS{Addr: s.vaddr, FileSize: s.filesz, MemSize: s.memsz, Align: s.align}
			}
		}
	}
}

// headerOffset returns the file offset of the i-th program header.
func (p *parser) headerOffset(i int) int64 {
	return int64(p.hdr.phoff) + int64(i)*(8+6*p.wordSize())
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
		return nil, bad(CodeTruncated, -1, field, "extends past the end of the file")
	}
	return p.at(int64(s.off), int64(s.filesz), p.size, field)
}
