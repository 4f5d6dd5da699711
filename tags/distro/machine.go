package distro

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/spelling"
	"github.com/wheeltag/wheeltag/tags"
)

// linuxMachines are the names of machines on Linux, each with its aliases:
// those of the kernel, of Debian, of Go and of containers.
var linuxMachines = [...][]string{
	{"x86_64", "amd64", "x64", "x86-64"},
	{"aarch64", "arm64", "arm64/v8", "arm64v8"},
	{"armv7l", "arm", "arm/v7", "armhf", "armv7", "arm32v7"},
	{"i686", "386", "i386", "x86"},
	{"ppc64le", "ppc64el", "powerpc64le"},
	{"s390x"},
	{"riscv64", "riscv64gc"},
	{"loongarch64", "loong64"},
	{"armv6l", "arm/v6", "armv6", "arm32v6"},
	{"armv8l", "arm/v8"},
	{"armv5tel", "armel", "arm/v5", "arm32v5"},
	{"ppc64"},
	{"ppc"},
	{"mips64", "mips64le", "mips64el"},
}

var macMachines = [...][]string{
	{"arm64", "aarch64"}, {"x86_64", "amd64", "x64"}, {"universal2"}, {"intel"},
	{"i386"}, {"ppc"}, {"ppc64"}, {"fat"}, {"fat3"}, {"fat64"}, {"universal"},
}

var windowsMachines = [...][]string{
	{"amd64", "x86_64", "x64"}, {"arm64", "aarch64"}, {"x86", "i686", "i386", "386"},
}

var iosMachines = [...][]string{{"arm64_iphoneos"}, {"arm64_iphonesimulator"}, {"x86_64_iphonesimulator"}}

var androidMachines = [...][]string{
	{"arm64_v8a", "arm64", "aarch64", "arm64-v8a"}, {"armeabi_v7a", "arm", "armeabi-v7a"},
	{"x86_64", "amd64", "x64"}, {"x86", "i686", "386"},
}

var emscriptenMachines = [...][]string{{"wasm32"}}

func machines(os tags.OS) [][]string {
	switch os {
	case tags.Linux:
		return linuxMachines[:]
	case tags.MacOS:
		return macMachines[:]
	case tags.Windows:
		return windowsMachines[:]
	case tags.IOS:
		return iosMachines[:]
	case tags.Android:
		return androidMachines[:]
	case tags.Emscripten:
		return emscriptenMachines[:]
	}
	return nil
}

// ParseMachine gives the name that platform tags of a system have for a machine, in
// any letter case: "aarch64" for arm64 on Linux, "arm64" on macOS. The error is an
// *[UnknownError] without a Word, as the word is no whole target.
func ParseMachine(os tags.OS, word string) (string, error) {
	var q query
	return q.machine(os, strings.ToLower(word))
}

// machine is ParseMachine for the query's word. The error lists the machines that
// the system knows.
func (q *query) machine(os tags.OS, word string) (string, error) {
	if name, ok := machineName(os, word); ok {
		return name, nil
	}
	var all []string
	for _, group := range machines(os) {
		all = append(all, group...)
	}
	near := spelling.Closest(word, all)
	return "", &UnknownError{Word: q.word, Part: PartMachine, Unknown: word, Nearest: near, Known: machineNames(os)}
}

// machineName gives a machine's name in the platform tags of a system.
func machineName(os tags.OS, word string) (string, bool) {
	for _, names := range machines(os) {
		if slices.Contains(names, word) {
			return names[0], true
		}
	}
	return "", false
}

// machineNames lists the machines of a system in the words of its tags.
func machineNames(os tags.OS) []string {
	var list []string
	for _, names := range machines(os) {
		list = append(list, names[0])
	}
	return list
}

// isMachine reports whether some system knows a machine by this word.
func isMachine(word string) bool {
	for os := tags.Linux; os <= tags.Emscripten; os++ {
		if _, ok := machineName(os, word); ok {
			return true
		}
	}
	return false
}

// splitMachine takes a machine off the end of a word: debian:11/arm/v7.
func splitMachine(word string) (rest, machine string) {
	i := strings.LastIndexByte(word, '/')
	if i <= 0 {
		return word, ""
	}
	if j := strings.LastIndexByte(word[:i], '/'); j > 0 && isMachine(word[j+1:]) {
		return word[:j], word[j+1:]
	}
	if isMachine(word[i+1:]) {
		return word[:i], word[i+1:]
	}
	return word, ""
}
