package elfaudit

import (
	"debug/elf"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Section is one section header. Linkers and debuggers use them, loaders do not,
// so any tool may have changed or removed them.
type Section struct {
	Name   string
	Type   elf.SectionType
	Flags  elf.SectionFlag
	Offset uint64 // of its contents in the file
	Size   uint64 // of its contents in bytes, which are not in the file for SHT_NOBITS
}

// Sections reads the section headers of the ELF file in the first size bytes of
// r, without the empty one at their start. The list is nil if there are none. In
// most files they are at the end, far from what [Read] reads. The error is
// [ErrNotELF] or a [*FormatError].
func Sections(r io.ReaderAt, size int64) ([]Section, error) {
	p := &parser{image: image{r: r, size: size}, f: new(File)}
	if err := p.readHeader(); err != nil {
		return nil, err
	}
	if p.hdr.shoff == 0 {
		return nil, nil
	}
	headers, err := p.readSectionHeaders()
	if err != nil {
		return nil, err
	}
	sections := make([]Section, 0, len(headers))
	names, err := p.sectionNames(headers)
	if err != nil {
		return nil, err
	}
	for i := range headers[1:] {
		h := &headers[1+i]
		field := fmt.Sprintf("section %d", 1+i)
		inFile := h.Type != elf.SHT_NULL && h.Type != elf.SHT_NOBITS
		if inFile && (h.Size > uint64(size) || h.Offset > uint64(size)-h.Size) {
			return nil, bad(CodeTruncated, -1, field, "extends past the end of the file")
		}
		if uint64(h.name) > uint64(len(names)) {
			return nil, bad(CodeString, -1, field, "has a name outside the table of names")
		}
		h.Name, _, _ = strings.Cut(names[h.name:], "\x00")
		sections = append(sections, h.Section)
	}
	return sections, nil
}

// sectionHeader is a section header with what leads to its name and, in the empty
// one, to numbers that the ELF header has no room for.
type sectionHeader struct {
	Section
	name uint32 // offset in the table of names
	link uint32
}

// readSectionHeaders decodes the section headers, the empty one at their start
// included, which says how many there are if that is too large for the ELF
// header.
func (p *parser) readSectionHeaders() ([]sectionHeader, error) {
	const field = "section header table"
	size := int64(16 + 6*p.wordSize()) // 40 or 64 bytes
	if int64(p.hdr.shentsize) != size {
		return nil, bad(CodeHeader, p.phnumAt()+2, "e_shentsize", "not the size of a section header of this class")
	}
	var list []sectionHeader
	for i, n := uint64(0), max(uint64(p.hdr.shnum), 1); i < n; i++ {
		off := int64(p.hdr.shoff) + int64(i)*size
		b, err := p.at(off, size, p.size, field)
		if err != nil {
			return nil, err
		}
		words, rest := b[8:], b[8+4*p.wordSize():]
		list = append(list, sectionHeader{
			Section: Section{Type: elf.SectionType(p.u32(b[4:])), Flags: elf.SectionFlag(p.word(words, 0)),
				Offset: p.word(words, 2), Size: p.word(words, 3)},
			name: p.u32(b), link: p.u32(rest),
		})
		if i == 0 && p.hdr.shnum == 0 {
			n = max(list[0].Size, 1)
		}
		if n > maxSections {
			return nil, bad(CodeLimit, off, field, "more than 65,536 section headers")
		}
	}
	return list, nil
}

// sectionNames reads the string table of section names; it is empty if there is
// none.
func (p *parser) sectionNames(headers []sectionHeader) (string, error) {
	i := p.hdr.shstrndx
	if elf.SectionIndex(i) == elf.SHN_XINDEX {
		i = headers[0].link
	}
	if i == 0 {
		return "", nil
	}
	if uint64(i) >= uint64(len(headers)) {
		return "", bad(CodeHeader, -1, "e_shstrndx", "refers to a section that does not exist")
	}
	h := &headers[i]
	if h.Offset > uint64(p.size) || h.Size > uint64(p.size) {
		return "", bad(CodeTruncated, -1, "section names", "extend past the end of the file")
	}
	return p.text(int64(h.Offset), int64(h.Size), "section names")
}

// DebugSize returns how many bytes of the file the sections of debugging
// information take, those that strip --strip-debug removes.
func DebugSize(sections []Section) (n uint64) {
	for _, s := range sections {
		debug := slices.ContainsFunc([]string{".debug", ".zdebug", ".stab", ".gdb_index"}, func(prefix string) bool {
			return strings.HasPrefix(s.Name, prefix)
		})
		if debug && s.Type != elf.SHT_NOBITS && s.Flags&elf.SHF_ALLOC == 0 {
			n += s.Size
		}
	}
	return n
}

// StripSize returns how many bytes of the file strip removes at most: debugging
// information and the symbol table of linkers and debuggers with its names, which no
// loader reads. What strip keeps and the holes that it leaves are some hundred bytes.
func StripSize(sections []Section) (n uint64) {
	n = DebugSize(sections)
	for _, s := range sections {
		if s.Flags&elf.SHF_ALLOC == 0 && (s.Type == elf.SHT_SYMTAB || s.Type == elf.SHT_STRTAB && s.Name == ".strtab") {
			n += s.Size
		}
	}
	return n
}
