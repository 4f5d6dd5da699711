package elfaudit

import "debug/elf"

// Properties are the program properties of .note.gnu.property. The x86 part
// is filled in for EM_386 and EM_X86_64, the AArch64 part for EM_AARCH64.
type Properties struct {
	Present bool // the note exists, perhaps without any of the following

	// X86ISANeeded are the instruction-set levels that the file requires; glibc
	// refuses to load it on a machine without them.
	X86ISANeeded X86ISA

	IBT   bool // x86: all indirect branch targets are marked
	SHSTK bool // x86: works with a shadow stack

	BTI bool // AArch64: all indirect branch targets are marked
	PAC bool // AArch64: return addresses are signed
	GCS bool // AArch64: works with a guarded control stack
}

// X86ISA is a set of x86-64 instruction-set levels, one bit each.
type X86ISA uint32

// The bits of an X86ISA.
const (
	X86Baseline X86ISA = 1 << iota // x86-64-v1
	X86V2                          // x86-64-v2: SSE4.2, POPCNT
	X86V3                          // x86-64-v3: AVX2, BMI, FMA
	X86V4                          // x86-64-v4: AVX-512
)

// Level returns the highest level in the set, 1 to 4, or 0 when it is empty
// or has bits above v4.
func (isa X86ISA) Level() int {
	switch {
	case isa >= X86V4<<1:
		return 0
	case isa&X86V4 != 0:
		return 4
	case isa&X86V3 != 0:
		return 3
	case isa&X86V2 != 0:
		return 2
	}
	return int(isa)
}

// Property types. Older tools used other numbers with other meanings for the x86
// levels; those are not read.
const (
	propAArch64Feature = 0xc0000000
	propX86Feature     = 0xc0000002
	propX86ISANeeded   = 0xc0008002
)

// readProperties reads the list of properties from off to end.
func (p *parser) readProperties(off, end int64) error {
	const field = "NT_GNU_PROPERTY_TYPE_0"
	for end-off >= 8 {
		b, err := p.at(off, 8, end, field)
		if err != nil {
			return err
		}
		typ, size := p.u32(b), int64(p.u32(b[4:]))
		off += 8
		if size > end-off {
			p.f.NotesBroken = true
			return nil
		}
		if size == 4 { // all those of interest are sets of 32 bits
			if b, err = p.at(off, 4, end, field); err != nil {
				return err
			}
			p.addProperty(typ, p.u32(b))
		}
		off += alignUp(size, p.wordSize())
	}
	return nil
}

// addProperty takes the facts of one property.
func (p *parser) addProperty(typ, bits uint32) {
	to := &p.f.Properties
	switch p.f.Machine {
	case elf.EM_386, elf.EM_X86_64:
		switch typ {
		case propX86Feature:
			to.IBT, to.SHSTK = bits&1 != 0, bits&2 != 0
		case propX86ISANeeded:
			to.X86ISANeeded = X86ISA(bits)
		}
	case elf.EM_AARCH64:
		if typ == propAArch64Feature {
			to.BTI, to.PAC, to.GCS = bits&1 != 0, bits&2 != 0, bits&4 != 0
		}
	}
}
