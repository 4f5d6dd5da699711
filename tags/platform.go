package tags

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// OS is the kind of operating system of a [Platform].
type OS uint8

// The systems whose platform tags follow rules of their own.
const (
	Generic OS = iota // one tag, the whole of Platform.Arch
	Linux
	MacOS
	Windows
	IOS
	Android
	Emscripten
)

var osNames = [...]string{"generic", "linux", "macos", "windows", "ios", "android", "emscripten"}

// String gives the lower-case name that the JSON output uses.
func (o OS) String() string {
	if int(o) < len(osNames) {
		return osNames[o]
	}
	return fmt.Sprintf("OS(%d)", uint8(o))
}

// LibcFamily tells the C libraries of Linux apart.
type LibcFamily uint8

// A Linux target has exactly one libc, or NoLibc when none is known: only
// linux_* tags fit it then.
const (
	NoLibc LibcFamily = iota
	Glibc
	Musl
)

func (f LibcFamily) String() string {
	switch f {
	case Glibc:
		return "glibc"
	case Musl:
		return "musl"
	}
	return "none"
}

// Libc is a C library and its version, such as glibc 2.31.
type Libc struct {
	Family       LibcFamily
	Major, Minor int
}

func (l Libc) String() string {
	if l.Family == NoLibc {
		return "no libc"
	}
	return fmt.Sprintf("%s %d.%d", l.Family, l.Major, l.Minor)
}

// Platform describes an operating system and a machine.
type Platform struct {
	OS OS

	// Arch is the machine as platform tags of the system name it. Other names
	// of it, such as Go's amd64 for a Linux x86_64, are an error of [New].
	//
	//	Linux       x86_64, i686, aarch64, armv7l, ppc64le, s390x, ...; a
	//	            32-bit userland on a 64-bit machine is i686 or armv8l
	//	macOS       arm64, x86_64, i386, ppc64, ppc, universal2, intel, ...
	//	Windows     amd64, arm64, x86
	//	iOS         arm64_iphoneos, arm64_iphonesimulator, ...
	//	Android     arm64_v8a, armeabi_v7a, x86_64, x86
	//	Emscripten  wasm32
	//	Generic     the whole platform tag, such as freebsd_14_1_release_amd64
	Arch string

	Libc Libc // Linux only

	// NoManylinux says that the interpreter's own ELF ABI rules manylinux
	// out whatever the libc: soft-float ARM, or x32 under the i686 name.
	NoManylinux bool

	// Major and Minor are the version of macOS or iOS; Major alone is
	// Android's API level.
	Major, Minor int

	// Emscripten is the version of the compiler, "5_0_3", and PyEmscripten
	// that of the platform of PEP 783, "2026_0"; either may be empty.
	Emscripten, PyEmscripten string
}

// String describes the platform in words: "Linux aarch64, glibc 2.31".
func (p Platform) String() string {
	switch p.OS {
	case Linux:
		return "Linux " + p.Arch + ", " + p.Libc.String()
	case MacOS:
		return fmt.Sprintf("macOS %d.%d %s", p.Major, p.Minor, p.Arch)
	case Windows:
		return "Windows " + p.Arch
	case IOS:
		return fmt.Sprintf("iOS %d.%d %s", p.Major, p.Minor, p.Arch)
	case Android:
		return fmt.Sprintf("Android API %d %s", p.Major, p.Arch)
	case Emscripten:
		return "Emscripten " + p.Arch
	}
	return p.Arch
}

// maxVersion bounds the numbers of a description, so that no target has an absurd
// number of tags.
const maxVersion = 999

func (p Platform) check() error {
	if p.Arch == "" {
		return errors.New("the platform names no machine")
	}
	if strings.ContainsAny(p.Arch, "-.") || strings.EqualFold(p.Arch, "any") {
		return fmt.Errorf("machine %q must not hold a dash or a dot, nor be any", p.Arch)
	}
	if right := tagSpelling(p.OS, pystr.Lower(p.Arch)); right != "" {
		return fmt.Errorf("no tag of %s names the machine %s; write %s", p.OS, p.Arch, right)
	}
	for _, n := range []int{p.Major, p.Minor, p.Libc.Major, p.Libc.Minor} {
		if n < 0 || n > maxVersion {
			return fmt.Errorf("version number %d of the platform is not within 0 to %d", n, maxVersion)
		}
	}
	if p.OS != Linux && p.Libc.Family != NoLibc {
		return fmt.Errorf("%s has no choice of libc, yet %s was given", p.OS, p.Libc)
	}
	if p.OS == Windows && windowsTag(p.Arch) == "" {
		return fmt.Errorf("machine %q of Windows is not amd64, arm64 or x86", p.Arch)
	}
	if p.Libc.Family == Glibc && p.Libc.Major < 2 || p.Libc.Major > 9 {
		return fmt.Errorf("there is no %s", p.Libc)
	}
	return nil
}

func windowsTag(machine string) string {
	switch machine {
	case "amd64":
		return "win_amd64"
	case "arm64":
		return "win_arm64"
	case "x86":
		return "win32"
	}
	return ""
}
