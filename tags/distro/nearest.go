package distro

import (
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/spelling"
)

// unknown explains a platform that nothing matched. distro is set when that
// much of it is known.
func (q *query) unknown(base, distro string) error {
	if _, problem, ok := parsePython(base); ok && problem == "" {
		return q.fail(CodeSyntax, "it names a Python but no platform; write "+base+"@PLATFORM, such as "+base+"@debian:11")
	}
	// A known platform before the last slash means that the machine is wrong.
	if i := strings.LastIndexByte(base, '/'); i > 0 && !strings.ContainsAny(base[i:], "-.:") {
		if p, _, err := q.named(base[:i], "x86_64"); err == nil && p.name != nil {
			if _, err := q.machine(p.platform.OS, base[i+1:]); err != nil {
				return err
			}
			return q.fail(CodeTwoMachines, "it names two machines; drop one")
		}
	}
	if distro != "" {
		// What is left of debian:112, debian-112 or debian112.
		version := base
		if i := strings.LastIndexAny(base, ":-"); i >= 0 {
			version = base[i+1:]
		} else if i := strings.IndexAny(base, "0123456789"); i > 0 {
			version = base[i:]
		} else {
			version = ""
		}
		err := q.unknownRelease(distro, version)
		if near := spelling.Closest(base, Words()); len(near) > 0 { // ubuntu-latst
			err.Nearest = append(err.Nearest, near[0])
		}
		return err
	}
	return &UnknownError{Word: q.word, Part: PartPlatform, Unknown: base, Nearest: q.tables.nearest(base)}
}

// unknownRelease lists the releases of a distro and those like the version.
func (q *query) unknownRelease(distro, version string) *UnknownError {
	var known, spellings []string
	for _, r := range q.tables.releases {
		if r.Distro == distro {
			known = append(known, r.Name())
			spellings = append(spellings, r.Version)
			if r.Codename != "" {
				spellings = append(spellings, r.Codename)
			}
		}
	}
	near := spelling.Closest(version, spellings)
	for i, n := range near {
		near[i] = distro + ":" + n
	}
	return &UnknownError{Word: q.word, Part: PartRelease, Unknown: version, Nearest: near, Known: known}
}

// unknownSuite is an image tag whose release is unknown.
func (q *query) unknownSuite(suffix string) error {
	var known []string
	for _, r := range q.tables.releases {
		switch {
		case r.Distro == "alpine":
			known = append(known, "alpine"+r.Version)
		case r.Distro == "debian" && r.Codename != "":
			known = append(known, r.Codename)
		}
	}
	return &UnknownError{Word: q.word, Part: PartRelease, Unknown: suffix, Nearest: spelling.Closest(suffix, known), Known: known}
}

// nearest gives the known platforms most like a word.
func (t *tables) nearest(word string) []string { return spelling.Closest(word, t.vocabulary()) }

// vocabulary lists every platform that can be named, with a few machines where
// there is a choice of any. Only errors need it, so it is not kept.
func (t *tables) vocabulary() []string {
	list := append(slices.Sorted(maps.Keys(t.words)), Words()...)
	for _, r := range t.releases {
		list = append(list, r.Name())
	}
	for _, triple := range triples() {
		list = append(list, triple.name)
	}
	for image := range Images() {
		list = append(list, image.Name)
	}
	return append(list,
		"linux", "macos", "windows", "linux/amd64", "linux/arm64", "linux/arm/v7",
		"manylinux_2_28_x86_64", "manylinux_2_28_aarch64", "manylinux2014_x86_64", "manylinux2014_aarch64",
		"musllinux_1_2_x86_64", "musllinux_1_2_aarch64", "linux_x86_64", "linux_aarch64", "linux_armv7l",
		"macosx_14_0_arm64", "macosx_14_0_x86_64", "win_amd64", "win_arm64", "win32", "ios_13_0_arm64_iphoneos",
		"android_24_arm64_v8a", "pyemscripten_2026_0_wasm32", "x86_64-manylinux_2_28", "aarch64-manylinux_2_28",
		"pypa/manylinux_2_28_x86_64", "pypa/manylinux_2_28_aarch64", "pypa/musllinux_1_2_x86_64")
}

// nearestPythons gives the usual spellings most like a word.
func nearestPythons(word string) []string {
	return spelling.Closest(word, []string{
		"3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.13t", "3.14t", "3.13d", "2.7",
		"cp38", "cp39", "cp310", "cp311", "cp312", "cp313", "cp314", "cp315", "cp313t", "cp314t",
		"python3.11", "cpython3.11", "pypy3.10", "pypy3.11", "pp310", "pp311", "graalpy3.11", "graalpy3.12",
	})
}
