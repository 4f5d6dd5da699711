package detect

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
)

// libcOf finds the C library that a program runs on: the one that its loader
// belongs to.
func (r *reader) libcOf(f *elfaudit.File, program string) Libc {
	key := f.Interpreter + " " + machineOf(f)
	if l, ok := r.libcs[key]; ok {
		return l
	}
	var l Libc
	switch kind, _ := f.Libc(); {
	case f.Interpreter != "" && !r.root.exists(f.Interpreter):
		r.root.warn(CodeNoLibc, program, "cannot run: its dynamic loader %s does not exist", f.Interpreter)
		l.Family = familyOf(kind)
	case kind == elfaudit.LibcGlibc:
		l = r.glibc(f)
	case kind == elfaudit.LibcMusl:
		l = r.musl(f.Interpreter)
	}
	r.libcs[key] = l
	return l
}

func familyOf(l elfaudit.Libc) tags.LibcFamily {
	switch l {
	case elfaudit.LibcGlibc:
		return tags.Glibc
	case elfaudit.LibcMusl:
		return tags.Musl
	}
	return tags.NoLibc
}

// banner is what glibc prints when libc.so.6 is run.
var banner = lazy(`GNU C Library [^\n]{0,100}release version ([0-9]+)\.([0-9]+)`)

// glibc reads the version of the libc.so.6 that the program's loader would take.
func (r *reader) glibc(f *elfaudit.File) Libc {
	l := Libc{Libc: tags.Libc{Family: tags.Glibc}}
	lib, ok := r.find(r.loaderFor(f), "libc.so.6", nil)
	if !ok {
		r.root.warn(CodeNoLibc, f.Interpreter, "the dynamic loader exists, but no libc.so.6 for %s", machineOf(f))
		return l
	}
	l.Path = lib.Place
	r.root.search(lib.Place, func(part []byte) bool {
		m := banner().FindSubmatch(part)
		if m == nil {
			return false
		}
		l.set(string(m[1])+"."+string(m[2]), "its banner")
		return true
	})
	defined := newest(lib.File, "GLIBC_")
	switch {
	case l.Version == "" && defined != "":
		l.set(defined, "the newest version that it defines")
	case l.Version == "":
		r.root.warn(CodeLibcVersion, l.Path, "its version is neither in its banner nor in its symbol versions")
	case defined != "" && compareVersions(defined, l.Version) > 0:
		r.root.warn(CodeDisagree, l.Path, "its banner says %s, but it defines GLIBC_%s", l.Version, defined)
	}
	r.checkPackage(l, "libc6", "glibc")
	return l
}

// muslVersion is a whole string of musl that holds its version.
var muslVersion = lazy(`\x00([01]\.[0-9]{1,2}\.[0-9]{1,2})(?:-git-[0-9]+-g[0-9a-f]+)?\x00`)

// musl reads the version from the loader, which is the library itself.
func (r *reader) musl(loader string) Libc {
	l := Libc{Libc: tags.Libc{Family: tags.Musl}, Path: loader}
	if place, _, err := r.root.resolve(loader); err == nil {
		l.Path = absolute(place)
	}
	isMusl := false
	var found []string
	r.root.search(l.Path, func(part []byte) bool {
		isMusl = isMusl || bytes.Contains(part, []byte("musl libc"))
		for _, m := range muslVersion().FindAllSubmatch(part, -1) {
			if v := string(m[1]); !slices.Contains(found, v) {
				found = append(found, v)
			}
		}
		return false
	})
	if isMusl && len(found) == 1 {
		l.set(found[0], "its version string")
	} else {
		r.root.warn(CodeLibcVersion, l.Path, "has no unambiguous version string of musl")
	}
	r.checkPackage(l, "musl", "musl")
	return l
}

// set sets a version such as "2.36" or "1.2.4".
func (l *Libc) set(version, from string) {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	a, err := strconv.Atoi(major)
	b, err2 := strconv.Atoi(minor)
	if err == nil && err2 == nil && a < 100 && b < 1000 {
		l.Major, l.Minor, l.Version, l.From = a, b, version, from
	}
}

// checkPackage compares the version with that of the package database.
func (r *reader) checkPackage(l Libc, debian, alpine string) {
	version, from := r.root.packageVersion(debian, alpine)
	if version == "" || l.Version == "" {
		return
	}
	// An epoch comes before, the revision of the package after.
	if _, after, ok := strings.Cut(version, ":"); ok {
		version = after
	}
	rest, same := strings.CutPrefix(version, fmt.Sprintf("%d.%d", l.Major, l.Minor))
	if !same || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		r.root.warn(CodeDisagree, l.Path, "is %s %s, but %s lists version %s; the version of the library is used", l.Family, l.Version, from, version)
	}
}

// newest is the highest number among the versions of a namespace that a library
// defines, "" when there is none.
func newest(f *elfaudit.File, namespace string) string {
	best := ""
	for _, d := range f.VersionDefs {
		number, ok := strings.CutPrefix(d.Name, namespace)
		if ok && number != "" && number[0] >= '0' && number[0] <= '9' && compareVersions(number, best) > 0 {
			best = number
		}
	}
	return best
}

// compareVersions compares numbers with dots; "" is below all.
func compareVersions(a, b string) int {
	if a == "" || b == "" {
		return len(a) - len(b)
	}
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		var x, y int
		if i < len(as) {
			x, _ = strconv.Atoi(as[i])
		}
		if i < len(bs) {
			y, _ = strconv.Atoi(bs[i])
		}
		if x != y {
			return x - y
		}
	}
	return 0
}

// loaders are the places of loaders, to tell the libc of a root without a
// program that needs one.
var loaders = []string{"lib/ld-*.so*", "lib64/ld*.so*", "usr/lib/ld-*.so*", "usr/lib64/ld*.so*", "lib/*/ld-*.so*", "usr/glibc-compat/lib/ld-*.so*"}

// presentLoaders lists the loaders of a root by family, each file once under the
// name that programs give it.
func (r *reader) presentLoaders() map[tags.LibcFamily][]string {
	found := map[tags.LibcFamily][]string{}
	seen := map[string]bool{}
	for _, pattern := range loaders {
		for _, name := range r.root.glob(pattern) {
			base := path.Base(name)
			family := tags.NoLibc
			switch {
			case strings.HasPrefix(base, "ld-musl-"):
				family = tags.Musl
			case strings.HasPrefix(base, "ld-linux") || strings.HasPrefix(base, "ld64.so.") || strings.HasPrefix(base, "ld-2."):
				family = tags.Glibc
			}
			place, info, err := r.root.resolve(name)
			if err == nil && info.Mode().IsRegular() && family != tags.NoLibc && !seen[place] {
				seen[place] = true
				found[family] = append(found[family], absolute(name))
			}
		}
	}
	return found
}

// Libc is a C library of a root.
type Libc struct {
	tags.Libc
	Version string // "2.36", "1.2.4"
	Path    string // of the library
	From    string // how the version was found
}
