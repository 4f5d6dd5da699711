package detect

import (
	"debug/elf"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
)

// machineOf is the machine of a program as platform tags name it, also for
// those that have no manylinux.
func machineOf(f *elfaudit.File) string {
	if tag := f.MachineTag(); tag != "" {
		return tag
	}
	switch f.Machine {
	case elf.EM_ARM:
		return "armv5tel" // soft float: the oldest machine it may run on
	case elf.EM_X86_64:
		return "i686" // x32: what a 32-bit Python on x86_64 calls itself
	case elf.EM_MIPS:
		if f.Class == 64 {
			return "mips64"
		}
		return "mips"
	}
	return ""
}

// platformOf describes the platform of a program. kernel is the machine that the
// kernel reports, or "".
func platformOf(f *elfaudit.File, l Libc, kernel string) tags.Platform {
	p := tags.Platform{OS: tags.Linux, Arch: machineOf(f)}
	if l.Version != "" {
		p.Libc = l.Libc
	}
	hardFloat := f.MachineTag() != ""
	p.NoManylinux = !hardFloat
	if f.Machine == elf.EM_ARM && f.Class == 32 {
		switch {
		case kernel == "aarch64" || kernel == "armv8l":
			p.Arch = "armv8l"
		case kernel == "armv7l": // Python asks the kernel, also in a system for ARMv6
			p.Arch = "armv7l"
		case !hardFloat && kernel != "":
			p.Arch = kernel
		}
	}
	return p
}
