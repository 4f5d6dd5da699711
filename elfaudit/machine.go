package elfaudit

import "debug/elf"

// FloatABI is the kind of registers that floating-point arguments are passed in.
// Files with different ones cannot call each other.
type FloatABI uint8

// The floating-point calling conventions.
const (
	FloatUnknown FloatABI = iota // the header does not say
	FloatSoft                    // in integer registers
	FloatSingle                  // single precision in floating-point registers
	FloatDouble                  // double precision in floating-point registers; "hard" on ARM
	FloatQuad                    // quadruple precision in floating-point registers
)

// String returns a short lower-case name.
func (a FloatABI) String() string {
	switch a {
	case FloatSoft:
		return "soft"
	case FloatSingle:
		return "single"
	case FloatDouble:
		return "double"
	case FloatQuad:
		return "quad"
	}
	return "unknown"
}

// ARM has the facts of 32-bit ARM.
type ARM struct {
	EABI  int      // version of the EABI from e_flags, 5 today
	Float FloatABI // from e_flags: FloatDouble for hard float, FloatSoft, or FloatUnknown

	// Attributes are the build attributes, or nil when none were found.
	Attributes *ARMAttributes
	// AttributesFromSection reports that they were found through the section
	// headers, which a loader does not read and any tool may have rewritten.
	AttributesFromSection bool
}

// RISCV has the facts of RISC-V.
type RISCV struct {
	Float      FloatABI // from e_flags
	Compressed bool     // EF_RISCV_RVC: has 16-bit instructions
	Embedded   bool     // EF_RISCV_RVE: uses 16 registers only
	TSO        bool     // EF_RISCV_TSO: needs total store ordering
	Arch       string   // ISA string of PT_RISCV_ATTRIBUTES, such as "rv64i2p1_m2p0_...", or ""
}

// LoongArch has the facts of LoongArch.
type LoongArch struct {
	Float FloatABI // from e_flags
}

// Flags in e_flags.
const (
	armEABIShift   = 24
	armFloatSoft   = 0x200
	armFloatHard   = 0x400
	riscvRVC       = 0x1
	riscvFloatMask = 0x6
	riscvRVE       = 0x8
	riscvTSO       = 0x10
	loongFloatMask = 0x7
)

// readMachineFlags decodes e_flags for the machines that use it.
func (p *parser) readMachineFlags() {
	f := p.f
	flags := f.Flags
	switch f.Machine {
	case elf.EM_ARM:
		f.ARM = &ARM{EABI: int(flags >> armEABIShift)}
		switch {
		case f.ARM.EABI != 5: // earlier versions give the bits other meanings
		case flags&armFloatHard != 0:
			f.ARM.Float = FloatDouble
		case flags&armFloatSoft != 0:
			f.ARM.Float = FloatSoft
		}
	case elf.EM_RISCV:
		f.RISCV = &RISCV{
			Float:      FloatSoft + FloatABI(flags&riscvFloatMask>>1),
			Compressed: flags&riscvRVC != 0,
			Embedded:   flags&riscvRVE != 0,
			TSO:        flags&riscvTSO != 0,
		}
	case elf.EM_LOONGARCH:
		f.LoongArch = &LoongArch{}
		if v := flags & loongFloatMask; v >= 1 && v <= 3 {
			f.LoongArch.Float = FloatABI(v)
		}
	}
}

// MachineTag returns the machine as platform tags name it, such as "x86_64",
// or "" for a machine that has no name there.
//
// Machine, class and byte order decide, with two exceptions. x32 (64-bit x86 with
// 32-bit addresses) is "". 32-bit ARM has names only for EABI 5 with hard float:
// "armv6l" if the build attributes state version 6 of the architecture or an older
// one, otherwise, also without attributes, "armv7l".
func (f *File) MachineTag() string {
	little := f.Order != nil && f.Order.Uint16([]byte{1, 0}) == 1
	for _, m := range machineTags {
		if m.machine == f.Machine && m.class == f.Class && m.little == little {
			if f.Machine == elf.EM_ARM {
				return f.ARM.tag()
			}
			return m.tag
		}
	}
	return ""
}

// machineTags lists the machines of binary wheels for Linux.
var machineTags = [...]struct {
	machine elf.Machine
	class   int
	little  bool
	tag     string
}{
	{elf.EM_X86_64, 64, true, "x86_64"},
	{elf.EM_AARCH64, 64, true, "aarch64"},
	{elf.EM_386, 32, true, "i686"},
	{elf.EM_ARM, 32, true, "armv7l"},
	{elf.EM_PPC64, 64, true, "ppc64le"},
	{elf.EM_PPC64, 64, false, "ppc64"},
	{elf.EM_S390, 64, false, "s390x"},
	{elf.EM_RISCV, 64, true, "riscv64"},
	{elf.EM_LOONGARCH, 64, true, "loongarch64"},
}

// tag names the machine for hard-float EABI 5.
func (a *ARM) tag() string {
	if a == nil || a.EABI != 5 || a.Float != FloatDouble {
		return ""
	}
	if a.Attributes == nil || !a.Attributes.HasCPUArch {
		return "armv7l"
	}
	switch arch := a.Attributes.CPUArch; {
	case arch <= ARMv6K, arch == ARMv6M, arch == ARMv6SM:
		return "armv6l"
	}
	return "armv7l"
}
