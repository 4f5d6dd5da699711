package distro

import (
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// The versions that uv gives to names without one (uv 0.12, target_triple.rs);
// uv reads some from the environment instead, which this package never does.
var (
	uvGlibc   = tags.Libc{Family: tags.Glibc, Major: 2, Minor: 28}
	uvRISCV   = tags.Libc{Family: tags.Glibc, Major: 2, Minor: 39}
	uvMusl    = tags.Libc{Family: tags.Musl, Major: 1, Minor: 2}
	uvMacOS   = tags.Platform{OS: tags.MacOS, Major: 13}
	uvIOS     = tags.Platform{OS: tags.IOS, Major: 13}
	uvAndroid = tags.Platform{OS: tags.Android, Major: 24}
	windows   = tags.Platform{OS: tags.Windows}
)

// triples are the names of uv whose parts follow no rule. The machine of each is
// in the words of its system's tags.
var triples = map[string]struct {
	platform tags.Platform
	machine  string
}{
	"x86_64-unknown-linux-gnu":    {tags.Platform{OS: tags.Linux, Libc: uvGlibc}, "x86_64"},
	"aarch64-unknown-linux-gnu":   {tags.Platform{OS: tags.Linux, Libc: uvGlibc}, "aarch64"},
	"riscv64-unknown-linux":       {tags.Platform{OS: tags.Linux, Libc: uvRISCV}, "riscv64"},
	"x86_64-unknown-linux-musl":   {tags.Platform{OS: tags.Linux, Libc: uvMusl}, "x86_64"},
	"aarch64-unknown-linux-musl":  {tags.Platform{OS: tags.Linux, Libc: uvMusl}, "aarch64"},
	"aarch64-apple-darwin":        {uvMacOS, "arm64"},
	"x86_64-apple-darwin":         {uvMacOS, "x86_64"},
	"x86_64-pc-windows-msvc":      {windows, "amd64"},
	"aarch64-pc-windows-msvc":     {windows, "arm64"},
	"i686-pc-windows-msvc":        {windows, "x86"},
	"aarch64-linux-android":       {uvAndroid, "arm64_v8a"},
	"x86_64-linux-android":        {uvAndroid, "x86_64"},
	"arm64-apple-ios":             {uvIOS, "arm64_iphoneos"},
	"arm64-apple-ios-simulator":   {uvIOS, "arm64_iphonesimulator"},
	"x86_64-apple-ios-simulator":  {uvIOS, "x86_64_iphonesimulator"},
	"wasm32-pyodide2024":          {tags.Platform{OS: tags.Emscripten, PyEmscripten: "2024_0"}, "wasm32"},
	"wasm32-pyodide2025":          {tags.Platform{OS: tags.Emscripten, PyEmscripten: "2025_0"}, "wasm32"},
}

// triple reads a name of uv, or a Linux triple of a machine that uv does not
// know, whose libc version must then come from an option.
func triple(word string) (p place, ok bool) {
	if t, ok := triples[word]; ok {
		return place{platform: t.platform, machine: t.machine, name: fixed(word)}, true
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
		if tag, problem, good := platformTag(rest); !good || problem != "" || tag.machine != "" {
			return p, false
		}
		p, problem, good := platformTag(rest + "_" + machine)
		p.name = fixed(word)
		return p, good && problem == ""
	}
	p.platform.OS = tags.Linux
	p.machine, p.name, p.needLibc = machine, fixed(word), true
	return p, true
}

// system reads linux, macos and windows. By themselves they are names of uv's;
// with a machine after a slash linux is a container platform, which says
// nothing about the libc.
func system(word, machine string) (p place, ok bool) {
	switch word {
	case "linux":
		if machine != "" {
			p.platform.OS, p.machine, p.needLibc, p.name = tags.Linux, machine, true, slashed(word)
			return p, true
		}
		p.platform = tags.Platform{OS: tags.Linux, Libc: uvGlibc}
		p.fallback = "x86_64"
		p.name = func(m string) string { return m + "-manylinux_2_28" }
	case "macos":
		p.platform, p.fallback, p.name = uvMacOS, "arm64", slashed(word)
	case "windows":
		p.platform, p.fallback, p.name = windows, "amd64", slashed(word)
	default:
		return p, false
	}
	p.machine = machine
	return p, true
}
