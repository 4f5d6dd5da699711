package tags

import (
	"slices"

	"github.com/wheeltag/wheeltag/internal/machine"
)

// arch numbers the machine names that occur in platform tags, so that tags are
// compared as numbers. One numbering serves all systems; which names a system knows
// is in the functions below. All else about machines is in package machine.
type arch uint16

const (
	archX86_64 arch = iota + 1
	archI686
	archAArch64
	archARMv7
	archARMv8
	archARMv6
	archARMv5
	archPPC64
	archPPC64LE
	archPPC
	archS390X
	archRISCV64
	archLoongArch64
	archI386
	archMIPS64

	// macOS: single machines and the sets that a fat file holds.
	archARM64
	archUniversal2
	archIntel
	archFat
	archFat3
	archFat32
	archFat64
	archUniversal

	// iOS and Android.
	archARM64iPhone
	archARM64iPhoneSimulator
	archX86_64iPhoneSimulator
	archARM64v8a
	archARMv7a
	archX86
)

var archNames = [...]string{
	archX86_64: "x86_64", archI686: "i686", archAArch64: "aarch64", archARMv7: "armv7l",
	archARMv8: "armv8l", archARMv6: "armv6l", archARMv5: "armv5tel", archPPC64: "ppc64",
	archPPC64LE: "ppc64le", archPPC: "ppc", archS390X: "s390x", archRISCV64: "riscv64",
	archLoongArch64: "loongarch64", archI386: "i386", archMIPS64: "mips64",
	archARM64: "arm64", archUniversal2: "universal2", archIntel: "intel", archFat: "fat",
	archFat3: "fat3", archFat32: "fat32", archFat64: "fat64", archUniversal: "universal",
	archARM64iPhone: "arm64_iphoneos", archARM64iPhoneSimulator: "arm64_iphonesimulator",
	archX86_64iPhoneSimulator: "x86_64_iphonesimulator",
	archARM64v8a:              "arm64_v8a", archARMv7a: "armeabi_v7a", archX86: "x86",
}

func (a arch) String() string { return archNames[a] }

// linuxArch gives 0 for a machine it does not number; such a platform is
// compared by its text.
func linuxArch(s string) arch {
	switch s {
	case "x86_64":
		return archX86_64
	case "aarch64":
		return archAArch64
	case "i686":
		return archI686
	case "armv7l":
		return archARMv7
	case "ppc64le":
		return archPPC64LE
	case "s390x":
		return archS390X
	case "riscv64":
		return archRISCV64
	case "loongarch64":
		return archLoongArch64
	case "ppc64":
		return archPPC64
	case "armv8l":
		return archARMv8
	case "armv6l":
		return archARMv6
	case "armv5tel":
		return archARMv5
	case "ppc":
		return archPPC
	case "i386":
		return archI386
	case "mips64":
		return archMIPS64
	}
	return 0
}

func macArch(s string) arch {
	switch s {
	case "arm64":
		return archARM64
	case "x86_64":
		return archX86_64
	case "universal2":
		return archUniversal2
	case "intel":
		return archIntel
	case "i386":
		return archI386
	case "ppc":
		return archPPC
	case "ppc64":
		return archPPC64
	case "fat":
		return archFat
	case "fat3":
		return archFat3
	case "fat32":
		return archFat32
	case "fat64":
		return archFat64
	case "universal":
		return archUniversal
	}
	return 0
}

func iosArch(s string) arch {
	switch s {
	case "arm64_iphoneos":
		return archARM64iPhone
	case "arm64_iphonesimulator":
		return archARM64iPhoneSimulator
	case "x86_64_iphonesimulator":
		return archX86_64iPhoneSimulator
	}
	return 0
}

func androidArch(s string) arch {
	switch s {
	case "arm64_v8a":
		return archARM64v8a
	case "armeabi_v7a":
		return archARMv7a
	case "x86_64":
		return archX86_64
	case "x86":
		return archX86
	}
	return 0
}

// tagSpelling gives the name that platform tags of a system have for a machine
// that is known by another name, of Go's GOARCH or of another system, and "" for
// any other text.
func tagSpelling(os OS, name string) string {
	list := machine.On(os.String())
	for i := range list {
		if slices.Contains(list[i].Refused, name) {
			return list[i].Name
		}
	}
	return ""
}
