package elfaudit

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"slices"
)

// ARMArch is the architecture that code was built for, Tag_CPU_arch of the
// ABI for the Arm Architecture.
type ARMArch uint32

// The values of ARMArch that matter for platform tags. Higher ones than these
// are later architectures.
const (
	ARMv6   ARMArch = 6
	ARMv6KZ ARMArch = 7
	ARMv6T2 ARMArch = 8
	ARMv6K  ARMArch = 9
	ARMv7   ARMArch = 10
	ARMv6M  ARMArch = 11
	ARMv6SM ARMArch = 12
)

// ARMAttributes are the build attributes of a file for 32-bit ARM.
type ARMAttributes struct {
	CPUArch    ARMArch // meaningful when HasCPUArch
	HasCPUArch bool
	CPUName    string   // Tag_CPU_name, such as "7-A", or ""
	VFPArgs    FloatABI // Tag_ABI_VFP_args: FloatSoft, FloatDouble, or FloatUnknown
}

// Tags of build attributes.
const (
	attrWholeFile    = 1
	armTagRawName    = 4
	armTagCPUName    = 5
	armTagCPUArch    = 6
	armTagVFPArgs    = 28
	armTagCompatible = 32
	riscvTagArch     = 5
)

// shtARMAttributes is the section type SHT_ARM_ATTRIBUTES.
const shtARMAttributes elf.SectionType = 0x70000003

// readAttributes reads the build attributes of the machines that have a
// program header for them, and of ARM also those that are only in a section.
func (p *parser) readAttributes() error {
	f := p.f
	if f.ARM == nil && f.RISCV == nil {
		return nil
	}
	i := slices.IndexFunc(p.segs, func(s segment) bool { return s.typ == ptAttributes })
	if i >= 0 {
		b, err := p.attributeSegment(i)
		if err != nil {
			return err
		}
		if f.RISCV != nil {
			f.RISCV.Arch = p.riscvAttributes(b)
		} else {
			f.ARM.Attributes = p.armAttributes(b)
		}
	}
	if f.ARM != nil && f.ARM.Attributes == nil {
		f.ARM.Attributes = p.armAttributes(p.attributeSection())
		f.ARM.AttributesFromSection = f.ARM.Attributes != nil
	}
	return nil
}

// attributeSegment returns the contents of the i-th program header.
func (p *parser) attributeSegment(i int) ([]byte, error) {
	const field = "build attributes"
	s := &p.segs[i]
	switch {
	case s.off > uint64(p.size):
		return nil, bad(CodeTruncated, p.headerOffset(i), field, "extend past the end of the file")
	case s.filesz > maxAttributes:
		return nil, bad(CodeLimit, p.headerOffset(i), field, "larger than 64 KiB")
	}
	return p.table(int64(s.off), int64(s.filesz), field)
}

// attributeSection returns the contents of the section of ARM attributes. It
// is a hint: whatever is wrong with the section headers, the answer is nil.
func (p *parser) attributeSection() []byte {
	const size = 40 // of a 32-bit section header
	if p.wide || p.hdr.shentsize != size || p.hdr.shoff > uint64(p.size) {
		return nil
	}
	for i := range int64(p.hdr.shnum) {
		b, err := p.at(int64(p.hdr.shoff)+i*size, size, p.size, "section header")
		if err != nil {
			return nil
		}
		if elf.SectionType(p.u32(b[4:])) != shtARMAttributes {
			continue
		}
		off, n := int64(p.u32(b[16:])), int64(p.u32(b[20:]))
		if n > maxAttributes {
			return nil
		}
		contents, err := p.table(off, n, ".ARM.attributes")
		if err != nil {
			return nil
		}
		return contents
	}
	return nil
}

// armAttributes decodes the attributes of the whole file. It returns nil if there
// are none or they cannot be decoded.
func (p *parser) armAttributes(b []byte) *ARMAttributes {
	b = p.fileAttributes(b, "aeabi")
	if b == nil {
		return nil
	}
	a := new(ARMAttributes)
	for len(b) > 0 {
		tag, value, text, rest, ok := nextAttribute(b, func(tag uint64) (number, text bool) {
			switch {
			case tag == armTagCompatible:
				return true, true
			case tag == armTagRawName, tag == armTagCPUName, tag > armTagCompatible && tag&1 == 1:
				return false, true
			}
			return true, false
		})
		if !ok {
			return nil
		}
		b = rest
		switch tag {
		case armTagCPUName:
			a.CPUName = text
		case armTagCPUArch:
			a.CPUArch, a.HasCPUArch = ARMArch(value), true
		case armTagVFPArgs:
			switch value {
			case 0:
				a.VFPArgs = FloatSoft
			case 1:
				a.VFPArgs = FloatDouble
			}
		}
	}
	return a
}

// riscvAttributes returns the ISA string, or "".
func (p *parser) riscvAttributes(b []byte) string {
	b = p.fileAttributes(b, "riscv")
	for len(b) > 0 {
		tag, _, text, rest, ok := nextAttribute(b, func(tag uint64) (number, text bool) {
			return tag&1 == 0, tag&1 == 1
		})
		if !ok {
			return ""
		}
		if tag == riscvTagArch {
			return text
		}
		b = rest
	}
	return ""
}

// fileAttributes returns the attributes of the whole file by vendor:
// format 'A', then sections of length, vendor and subsections; these are of
// tag and length, lengths including themselves. It returns nil if there are
// none or the lengths contradict each other.
func (p *parser) fileAttributes(b []byte, vendor string) []byte {
	if len(b) < 1 || b[0] != 'A' {
		return nil
	}
	b = b[1:]
	for len(b) >= 4 {
		n := uint64(p.u32(b))
		if n < 4 || n > uint64(len(b)) {
			return nil
		}
		section := b[4:n]
		b = b[n:]
		name, sub, found := bytes.Cut(section, []byte{0})
		if !found || string(name) != vendor {
			continue
		}
		for len(sub) >= 5 {
			n := uint64(p.u32(sub[1:]))
			if n < 5 || n > uint64(len(sub)) {
				return nil
			}
			if sub[0] == attrWholeFile {
				return sub[5:n]
			}
			sub = sub[n:]
		}
	}
	return nil
}

// nextAttribute decodes the attribute at the start of b. form reports what
// follows its tag: a number, a text, or a number and then a text.
func nextAttribute(b []byte, form func(tag uint64) (number, text bool)) (tag, value uint64, text string, rest []byte, ok bool) {
	tag, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, 0, "", nil, false
	}
	b = b[n:]
	hasNumber, hasText := form(tag)
	if hasNumber {
		if value, n = binary.Uvarint(b); n <= 0 {
			return 0, 0, "", nil, false
		}
		b = b[n:]
	}
	if hasText {
		end := bytes.IndexByte(b, 0)
		if end < 0 {
			return 0, 0, "", nil, false
		}
		text, b = string(b[:end]), b[end+1:]
	}
	return tag, value, text, b, true
}
