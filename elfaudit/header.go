package elfaudit

import (
	"debug/elf"
	"encoding/binary"
)

// header keeps the fields of the ELF header that locate tables.
type header struct {
	phoff, shoff         uint64
	phentsize, shentsize uint16
	phnum, shnum         uint32
	shstrndx             uint32
}

// readHeader decodes the ELF header. It sets the class and byte order that
// all later decoding depends on.
func (p *parser) readHeader() error {
	if p.size < 4 {
		return ErrNotELF
	}
	ident, err := p.at(0, 4, p.size, "e_ident")
	if err != nil {
		return err
	}
	if string(ident) != elf.ELFMAG {
		return ErrNotELF
	}
	if ident, err = p.at(0, elf.EI_NIDENT, p.size, "e_ident"); err != nil {
		return err
	}
	f := p.f
	switch elf.Class(ident[elf.EI_CLASS]) {
	case elf.ELFCLASS32:
		f.Class = 32
	case elf.ELFCLASS64:
		f.Class, p.wide = 64, true
	default:
		return bad(CodeHeader, elf.EI_CLASS, "EI_CLASS", "neither 32-bit nor 64-bit")
	}
	switch elf.Data(ident[elf.EI_DATA]) {
	case elf.ELFDATA2LSB:
		f.Order = binary.LittleEndian
	case elf.ELFDATA2MSB:
		f.Order, p.big = binary.BigEndian, true
	default:
		return bad(CodeHeader, elf.EI_DATA, "EI_DATA", "neither little-endian nor big-endian")
	}
	if elf.Version(ident[elf.EI_VERSION]) != elf.EV_CURRENT {
		return bad(CodeHeader, elf.EI_VERSION, "EI_VERSION", "not version 1")
	}
	f.OSABI, f.ABIVersion = elf.OSABI(ident[elf.EI_OSABI]), ident[elf.EI_ABIVERSION]
	f.Padded = !allZero(ident[elf.EI_PAD:])
	return p.readHeaderBody()
}

// readHeaderBody decodes what follows e_ident. After e_version come three
// address-sized fields, so the places of the rest depend on the class.
func (p *parser) readHeaderBody() error {
	w := p.wordSize()
	size := 40 + 3*w // 52 or 64 bytes
	b, err := p.at(0, size, p.size, "ELF header")
	if err != nil {
		return err
	}
	f := p.f
	f.Type, f.Machine = elf.Type(p.u16(b[16:])), elf.Machine(p.u16(b[18:]))
	if p.u32(b[20:]) != uint32(elf.EV_CURRENT) {
		return bad(CodeHeader, 20, "e_version", "not version 1")
	}
	places := b[24:]
	p.hdr.phoff, p.hdr.shoff = p.word(places, 1), p.word(places, 2)
	rest := b[24+3*w:]
	f.Flags = p.u32(rest)
	p.hdr.phentsize, p.hdr.phnum = p.u16(rest[6:]), uint32(p.u16(rest[8:]))
	p.hdr.shentsize, p.hdr.shnum = p.u16(rest[10:]), uint32(p.u16(rest[12:]))
	p.hdr.shstrndx = uint32(p.u16(rest[14:]))
	p.readMachineFlags()
	return nil
}
