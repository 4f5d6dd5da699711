package distro

import (
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// meaning is what PLATFORM says by itself, before options.
type meaning struct {
	platform tags.Platform // Arch stays empty until the machine is chosen
	machine  string        // as the word names it, "" when it does not
	fallback string        // the machine to assume then; "" means x86_64
	name     func(machine string) string
	bare     string   // the name while no machine is named; "" means name
	only     []string // the machines that a tag is defined for, nil for any
	needLibc bool     // the libc's version must come from an option
	release  *Release // of a release or an image
	with     string   // what an image is installed with; see Release.With
	python   *python  // of an image
	asks     string   // the PYTHON that the word means, if it names none
	noPython bool     // the release's own python3 is not meant
	asOf     string   // when, if the word means something else in time
}

// slashed names a machine after a slash: debian:11/aarch64.
func slashed(word string) func(string) string {
	return func(machine string) string { return word + "/" + machine }
}

// fixed is the name of a word that names its machine.
func fixed(word string) func(string) string {
	return func(string) string { return word }
}

// platformTag reads a platform tag such as manylinux_2_31_aarch64; the machine
// may be left out where Linux tags are meant. problem says what is wrong with a
// tag of a known family, ok is false for any other word.
func platformTag(word string) (p meaning, problem string, ok bool) {
	family, rest, more := strings.Cut(word, "_")
	if more && rest == "" {
		return p, "", false
	}
	switch family {
	case "manylinux", "musllinux", "manylinux1", "manylinux2010", "manylinux2014":
		return linuxTag(family, rest)
	case "linux":
		p.platform.OS, p.machine = tags.Linux, rest
		p.name = func(m string) string { return "linux_" + m }
		return p, "", rest != ""
	case "macosx", "ios":
		return appleTag(family, rest, word)
	case "android":
		api, machine, _ := strings.Cut(rest, "_")
		n, good := number(api)
		if !good || machine == "" {
			return p, "an Android tag is android_API_ABI, such as android_24_arm64_v8a", true
		}
		p.platform = tags.Platform{OS: tags.Android, Major: n}
		p.machine, p.name = machine, fixed(word)
		return p, "", true
	case "win", "win32":
		p.platform.OS, p.machine, p.name = tags.Windows, rest, fixed(word)
		if word == "win32" {
			p.machine = "x86"
		}
		return p, "", word == "win32" || word == "win_amd64" || word == "win_arm64"
	case "pyemscripten", "emscripten":
		version, good := strings.CutSuffix(rest, "_wasm32")
		parts := strings.Split(version, "_")
		for _, part := range parts {
			good = good && isNumber(part) && len(part) <= 4
		}
		if !good || family == "pyemscripten" && len(parts) != 2 || family == "emscripten" && len(parts) != 3 {
			return p, "write pyemscripten_2026_0_wasm32 or emscripten_5_0_3_wasm32", true
		}
		p.platform.OS, p.machine, p.name = tags.Emscripten, "wasm32", fixed(word)
		if family == "emscripten" {
			p.platform.Emscripten = version
		} else {
			p.platform.PyEmscripten = version
		}
		return p, "", true
	}
	return p, "", false
}

// legacyTag reads the manylinux names from before PEP 600: the minor version of
// glibc 2 that each means and the machines that its PEP defines (513, 571, 599).
func legacyTag(family string) (minor int, machines []string, ok bool) {
	switch family {
	case "manylinux1":
		return 5, []string{"x86_64", "i686"}, true
	case "manylinux2010":
		return 12, []string{"x86_64", "i686"}, true
	case "manylinux2014":
		return 17, []string{"x86_64", "i686", "aarch64", "armv7l", "ppc64", "ppc64le", "s390x"}, true
	}
	return 0, nil, false
}

func linuxTag(family, rest string) (p meaning, problem string, ok bool) {
	p.platform.OS = tags.Linux
	prefix := family
	if minor, machines, legacy := legacyTag(family); legacy {
		p.platform.Libc = tags.Libc{Family: tags.Glibc, Major: 2, Minor: minor}
		p.machine, p.only = rest, machines
	} else {
		libc, machine, good := libcOf(family, rest)
		if !good {
			return p, "a tag is like manylinux_2_31_aarch64 or musllinux_1_2_x86_64: libc family, its version, machine", true
		}
		p.platform.Libc, p.machine = libc, machine
		prefix = family + "_" + strconv.Itoa(libc.Major) + "_" + strconv.Itoa(libc.Minor)
	}
	p.name = func(m string) string { return prefix + "_" + m }
	return p, "", true
}

// libcOf reads "2_31_aarch64"; the machine may be missing.
func libcOf(family, rest string) (libc tags.Libc, machine string, ok bool) {
	parts := strings.SplitN(rest, "_", 3)
	if len(parts) < 2 {
		return libc, "", false
	}
	if len(parts) == 3 {
		machine = parts[2]
	}
	libc.Family = tags.Glibc
	if family == "musllinux" {
		libc.Family = tags.Musl
	}
	var okMajor, okMinor bool
	libc.Major, okMajor = number(parts[0])
	libc.Minor, okMinor = number(parts[1])
	return libc, machine, okMajor && okMinor && possibleLibc(libc) && (len(parts) == 2 || machine != "")
}

// possibleLibc bounds the major version: glibc has been 2 since 1997, musl 1.
func possibleLibc(libc tags.Libc) bool {
	if libc.Family == tags.Glibc {
		return libc.Major >= 2 && libc.Major <= 9
	}
	return libc.Major >= 1 && libc.Major <= 9
}

func appleTag(family, rest, word string) (p meaning, problem string, ok bool) {
	parts := strings.SplitN(rest, "_", 3)
	if len(parts) != 3 {
		return p, "write macosx_14_0_arm64 or ios_13_0_arm64_iphoneos: version in two numbers, machine", true
	}
	major, okMajor := number(parts[0])
	minor, okMinor := number(parts[1])
	p.platform = tags.Platform{OS: tags.MacOS, Major: major, Minor: minor}
	lowest := 10
	if family == "ios" {
		p.platform.OS, lowest = tags.IOS, 12
	}
	if !okMajor || !okMinor || major < lowest {
		return p, "the version of " + word + " is not one that tags exist for (from " + strconv.Itoa(lowest) + "_0)", true
	}
	p.machine, p.name = parts[2], fixed(word)
	return p, "", true
}

// number reads a number of one to three digits without leading zeros.
func number(s string) (int, bool) {
	if !isNumber(s) || len(s) > 3 || len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
