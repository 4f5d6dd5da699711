package manylinux

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// TestBundledVersions: a version of a library that the file does not name, and one that
// a library of the wheel lacks. (That glibc takes the C library for named and stops at
// another one was tried with releases 2.31 and 2.36; that musl checks nothing, with
// 1.2.3.)
func TestBundledVersions(t *testing.T) {
	needs := func(library string, versions ...elfaudit.Version) elfaudit.VersionNeed {
		return elfaudit.VersionNeed{Library: library, Versions: versions}
	}
	v1 := elfaudit.Version{Name: "FOO_1"}
	for _, c := range []struct {
		what, files string // the first file has the need, the last defines FOO_2
		need        elfaudit.VersionNeed
		libc        elfaudit.Libc
		want        string
	}{
		{"a library that nothing names", "m.so:", needs("libfoo.so.1", v1), elfaudit.LibcGlibc, "orphan FOO_1"},
		{"of the system, which another may name", "m.so:", needs("libm.so.6", elfaudit.Version{Name: "GLIBC_2.2.5"}), elfaudit.LibcGlibc, "orphan GLIBC_2.2.5 unsure"},
		{"the C library", "m.so:", needs("libc.so.6", elfaudit.Version{Name: "GLIBC_2.2.5"}), elfaudit.LibcGlibc, ""},
		{"the loader", "m.so:", needs("ld-linux-x86-64.so.2", v1), elfaudit.LibcGlibc, ""},
		{"a library that it names", "m.so: libfoo.so.1", needs("libfoo.so.1", v1), elfaudit.LibcGlibc, ""},
		{"a library that what it names names", "m.so: liba | liba: libb | libb: libfoo.so.1", needs("libfoo.so.1", v1), elfaudit.LibcGlibc, ""},
		{"a library that another file names", "m.so: liba | liba: | libb: libfoo.so.1", needs("libfoo.so.1", v1), elfaudit.LibcGlibc, "orphan FOO_1"},
		{"no version", "m.so:", needs("libfoo.so.1"), elfaudit.LibcGlibc, ""},
		{"musl", "m.so:", needs("libfoo.so.1", v1), elfaudit.LibcMusl, ""},
		{"a version that the library lacks", "m.so: libv | libv:", needs("libv", v1), elfaudit.LibcGlibc, "bundled FOO_1"},
		{"a version that it has", "m.so: libv | libv:", needs("libv", elfaudit.Version{Name: "FOO_2"}), elfaudit.LibcGlibc, ""},
		{"a weak version", "m.so: libv | libv:", needs("libv", elfaudit.Version{Name: "FOO_1", Weak: true}), elfaudit.LibcGlibc, ""},
		{"a library of another machine", "m.so: libv | arm/libv:", needs("libv", v1), elfaudit.LibcGlibc, ""},
		{"a version that musl does not look for", "m.so: libv | libv:", needs("libv", v1), elfaudit.LibcMusl, ""},
	} {
		files := elftest.Files(c.files)
		first, last := files[0], files[len(files)-1]
		first.ELF.VersionNeeds = []elfaudit.VersionNeed{c.need}
		if last != first {
			last.ELF.VersionDefs = []elfaudit.VersionDef{{Name: "FOO_2"}}
		}
		var got []string
		for _, d := range Known().Demands(linkset.New(files), first, c.libc, "x86_64") {
			if d.Kind != KindOrphan && d.Kind != KindBundled {
				continue
			}
			if d.Library != c.need.Library || d.Floor != NoPolicy {
				t.Errorf("%s: %+v", c.what, d)
			}
			text := string(d.Kind) + " " + d.Version
			if d.Unsure {
				text += " unsure"
			}
			got = append(got, text)
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
