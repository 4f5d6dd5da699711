package distro

import (
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// triples are the names of uv whose parts follow no rule, with the versions that
// uv gives to names without one (uv 0.12, target_triple.rs). uv reads some of
// those from the environment first, which this package never does.
var triples = [...]struct {
	name, machine string
	os            tags.OS
	major, minor  int // of the libc on Linux, otherwise of the system
}{
	{"x86_64-unknown-linux-gnu", "x86_64", tags.Linux, 2, 28},
	{"aarch64-unknown-linux-gnu", "aarch64", tags.Linux, 2, 28},
	{"riscv64-unknown-linux", "riscv64", tags.Linux, 2, 39},
	{"x86_64-unknown-linux-musl", "x86_64", tags.Linux, 1, 2},
	{"aarch64-unknown-linux-musl", "aarch64", tags.Linux, 1, 2},
	{"aarch64-apple-darwin", "arm64", tags.MacOS, 13, 0},
	{"x86_64-apple-darwin", "x86_64", tags.MacOS, 13, 0},
	{"x86_64-pc-windows-msvc", "amd64", tags.Windows, 0, 0},
	{"aarch64-pc-windows-msvc", "arm64", tags.Windows, 0, 0},
	{"i686-pc-windows-msvc", "x86", tags.Windows, 0, 0},
	{"aarch64-linux-android", "arm64_v8a", tags.Android, 24, 0},
	{"x86_64-linux-android", "x86_64", tags.Android, 24, 0},
	{"arm64-apple-ios", "arm64_iphoneos", tags.IOS, 13, 0},
	{"arm64-apple-ios-simulator", "arm64_iphonesimulator", tags.IOS, 13, 0},
	{"x86_64-apple-ios-simulator", "x86_64_iphonesimulator", tags.IOS, 13, 0},
	{"wasm32-pyodide2024", "wasm32", tags.Emscripten, 2024, 0},
	{"wasm32-pyodide2025", "wasm32", tags.Emscripten, 2025, 0},
}

// platformOf puts a version where the system of a triple has it.
func platformOf(os tags.OS, major, minor int) tags.Platform {
	p := tags.Platform{OS: os}
	switch {
	case os == tags.Linux && major == 1:
		p.Libc = tags.Libc{Family: tags.Musl, Major: major, Minor: minor}
	case os == tags.Linux:
		p.Libc = tags.Libc{Family: tags.Glibc, Major: major, Minor: minor}
	case os == tags.Emscripten:
		p.PyEmscripten = strconv.Itoa(major) + "_" + strconv.Itoa(minor)
	default:
		p.Major, p.Minor = major, minor
	}
	return p
}

// triple reads a name of uv, or a Linux triple of a machine that uv does not
// know, whose libc version must then come from an option.
func triple(word string) (p meaning, ok bool) {
	for _, t := range triples {
		if t.name == word {
			return meaning{platform: platformOf(t.os, t.major, t.minor), machine: t.machine, name: fixed(word)}, true
		}
	}
	i := strings.IndexByte(word, '-')
	if i <= 0 {
		return p, false
	}
	machine, rest := word[:i], word[i+1:]
	if _, known := machineName(tags.Linux, machine); !known {
		return p, false
	}
	switch rest {
	case "unknown-linux-gnu", "unknown-linux-gnueabihf":
		p.platform.Libc.Family = tags.Glibc
	case "unknown-linux-musl", "unknown-linux-musleabihf":
		p.platform.Libc.Family = tags.Musl
	default:
		// uv's x86_64-manylinux_2_31, with any version.
		if !strings.HasPrefix(rest, "manylinux") || strings.Contains(rest, "-") {
			return p, false
		}
		p, problem, good := platformTag(rest)
		if !good || problem != "" || p.machine != "" {
			return p, false
		}
		p.machine, p.name = machine, fixed(word)
		return p, true
	}
	p.platform.OS = tags.Linux
	p.machine, p.name, p.needLibc = machine, fixed(word), true
	return p, true
}

// system reads linux, macos and windows. By themselves they are names of uv's;
// with a machine after a slash linux is a container platform, which says
// nothing about the libc.
func system(word, machine string) (p meaning, ok bool) {
	switch word {
	case "linux":
		if machine != "" {
			p.platform.OS, p.machine, p.needLibc, p.name = tags.Linux, machine, true, slashed(word)
			return p, true
		}
		p.platform, p.fallback = platformOf(tags.Linux, 2, 28), "x86_64"
		p.name = func(m string) string { return m + "-manylinux_2_28" }
	case "macos":
		p.platform, p.fallback, p.name = platformOf(tags.MacOS, 13, 0), "arm64", slashed(word)
	case "windows":
		p.platform, p.fallback, p.name = platformOf(tags.Windows, 0, 0), "amd64", slashed(word)
	default:
		return p, false
	}
	p.machine, p.bare = machine, word
	return p, true
}
