package distro

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/tags"
)

//go:embed data/triples.tsv
var triplesTSV string

// namedTriple is a name of uv with parts that follow no rule.
type namedTriple struct {
	name, machine string
	platform      tags.Platform // without the machine
}

// triples are those names, in the order of the file.
var triples = sync.OnceValue(func() []namedTriple {
	var list []namedTriple
	for line := range strings.Lines(triplesTSV) {
		if line[0] == '#' {
			continue
		}
		cells := strings.Split(strings.TrimSpace(line), "\t")
		system := slices.IndexFunc(systems[:], func(os tags.OS) bool { return os.String() == cells[1] })
		major, minor, _ := strings.Cut(cells[3], ".")
		x, _ := strconv.Atoi(major)
		y, _ := strconv.Atoi(minor)
		list = append(list, namedTriple{cells[0], cells[2], platformOf(systems[system], x, y)})
	}
	return list
})

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
	for _, t := range triples() {
		if t.name == word {
			return meaning{platform: t.platform, machine: t.machine, name: fixed(word)}, true
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
