package loads

import (
	"reflect"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// TestOnRelease asks about platforms without a known release: the libc's version is
// all that is known.
func TestOnRelease(t *testing.T) {
	glibc := tags.Libc{Family: tags.Glibc, Major: 2, Minor: 31}
	musl := tags.Libc{Family: tags.Musl, Major: 1, Minor: 2}
	version := func(v string, floor manylinux.Floor) manylinux.Demand {
		return manylinux.Demand{Kind: manylinux.KindVersion, Library: "lib", Version: v, Floor: floor}
	}
	for _, c := range []struct {
		what          string
		machine, arch string
		built         elfaudit.Libc
		libc          tags.Libc
		unreadable    bool
		demands       []manylinux.Demand
		want          string
	}{
		{"nothing asked for", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, nil, "yes"},
		{"a file that cannot be read", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, true, nil, "unknown"},
		{"a file that cannot be read, and a fault", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, true, []manylinux.Demand{version("GLIBC_2.32", 32)}, "no GLIBC_2.32 in lib"},
		{"just enough", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBC_2.31", 31)}, "yes"},
		{"another libc", "x86_64", "x86_64", elfaudit.LibcMusl, glibc, false, nil, "no musl"},
		{"the other way round", "x86_64", "x86_64", elfaudit.LibcGlibc, musl, false, nil, "no glibc"},
		{"no libc", "x86_64", "x86_64", elfaudit.LibcNone, musl, false, nil, "yes"},
		{"another machine", "aarch64", "x86_64", elfaudit.LibcGlibc, glibc, false, nil, "no a machine that runs aarch64"},
		{"no machine", "", "x86_64", elfaudit.LibcGlibc, glibc, false, nil, "no a machine that runs this code"},
		{"nothing that can be read", "", "x86_64", elfaudit.LibcUnknown, glibc, true, nil, "unknown files that cannot be read"},
		{"ARMv6 on ARMv7", "armv6l", "armv7l", elfaudit.LibcGlibc, glibc, false, nil, "yes"},
		{"ARMv7 on ARMv6", "armv7l", "armv6l", elfaudit.LibcGlibc, glibc, false, nil, "no a machine that runs armv7l"},
		{"ARMv7 on ARMv8 in 32 bits", "armv7l", "armv8l", elfaudit.LibcGlibc, glibc, false, nil, "yes"},
		{"aarch64 on ARMv8 in 32 bits", "aarch64", "armv8l", elfaudit.LibcGlibc, glibc, false, nil, "no a machine that runs aarch64"},
		{"a private version", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBC_PRIVATE", manylinux.NoPolicy)}, "no GLIBC_PRIVATE in lib"},
		{"a policy at its glibc", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBCXX_3.4.25", 31)}, "yes"},
		{"a policy above its glibc", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBCXX_3.4.26", 32)}, "unknown GLIBCXX_3.4.26 in lib"},
		{"the same thing twice", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBC_2.32", 32), version("GLIBC_2.32", 32)}, "no GLIBC_2.32 in lib"},
		{"no and unknown", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{version("GLIBCXX_3.4.26", 32), version("GLIBC_2.32", 32)}, "no GLIBC_2.32 in lib | GLIBCXX_3.4.26 in lib"},
		{"a library", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{{Kind: manylinux.KindLibrary, Library: "libfoo.so", Floor: manylinux.NoPolicy}}, "no libfoo.so from outside the wheel"},
		{"an allowed library", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{{Kind: manylinux.KindLibrary, Library: "libz.so.1", Floor: 5}}, "yes"},
		{"a processor", "x86_64", "x86_64", elfaudit.LibcGlibc, glibc, false, []manylinux.Demand{{Kind: manylinux.KindProcessor, Floor: manylinux.NoPolicy}}, "unknown the level of its processors"},
		{"a function of a later musl", "x86_64", "x86_64", elfaudit.LibcMusl, musl, false, []manylinux.Demand{{Kind: manylinux.KindMusl, Version: "1.2.3", Symbols: []manylinux.Symbol{{Name: "qsort_r"}}}}, "unknown qsort_r in musl"},
		{"a function of musl 1.2.0", "x86_64", "x86_64", elfaudit.LibcMusl, musl, false, []manylinux.Demand{{Kind: manylinux.KindMusl, Version: "1.2.0", Symbols: []manylinux.Symbol{{Name: "f"}}}}, "yes"},
		{"a function that no musl has", "x86_64", "x86_64", elfaudit.LibcMusl, musl, false, []manylinux.Demand{{Kind: manylinux.KindMusl, Symbols: []manylinux.Symbol{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}}}, "no a, b, c in musl"},
	} {
		n := manylinux.Needs{Machine: c.machine, Libc: c.built, Demands: c.demands}
		r := OnRelease(Code{Needs: n, Files: 1, Readable: !c.unreadable}, tags.Platform{OS: tags.Linux, Arch: c.arch, Libc: c.libc}, nil)
		got := strings.TrimSpace(string(r.Loads) + " " + strings.Join(r.Missing, "; "))
		if len(r.NoData) > 0 && r.Loads == No {
			got += " |"
		}
		if got = strings.TrimSpace(got + " " + strings.Join(r.NoData, "; ")); got != c.want {
			t.Errorf("%s: %s; want %s", c.what, got, c.want)
		}
	}
	none := OnRelease(Code{}, tags.Platform{OS: tags.Windows}, nil)
	if none.Loads != Yes {
		t.Errorf("a wheel without native code: %v", none)
	}
}

// TestInstalled: a library that policies allow, and that a release or image does not
// have, must be installed first; one that is not on record is not known.
func TestInstalled(t *testing.T) {
	library := func(name string, floor manylinux.Floor) manylinux.Demand {
		return manylinux.Demand{Kind: manylinux.KindLibrary, Library: name, Floor: floor}
	}
	atomic, libz := library("libatomic.so.1", 5), library("libz.so.1", 5)
	for _, c := range []struct {
		target  string
		demands []manylinux.Demand
		want    string
	}{
		{"python:3.14-slim-bookworm", []manylinux.Demand{atomic, libz, atomic}, "conditional libatomic.so.1"},
		{"python:3.14-slim-bookworm", []manylinux.Demand{library("libSM.so.6", 5), atomic}, "conditional libSM.so.6 libatomic.so.1"},
		{"python:3.14-bookworm", []manylinux.Demand{atomic, libz}, "yes"},
		{"debian:13", []manylinux.Demand{libz}, "yes"},
		{"fedora:43", []manylinux.Demand{atomic, libz}, "unknown | libatomic.so.1"},
		{"almalinux:9", []manylinux.Demand{library("libnsl.so.1", 5)}, "conditional libnsl.so.1"},
		{"almalinux:9", []manylinux.Demand{library("libnsl.so.1", 5), {Kind: manylinux.KindVersion, Library: "libc.so.6", Version: "GLIBC_2.38", Floor: 38}}, "no libnsl.so.1 / GLIBC_2.38 in libc.so.6"},
		{"ubuntu:24.04", []manylinux.Demand{atomic, {Kind: manylinux.KindProcessor, Floor: manylinux.NoPolicy}}, "unknown libatomic.so.1 | the level of its processors"},
		{"debian:12", []manylinux.Demand{library("libuuid.so.1", manylinux.NoPolicy)}, "yes"}, // no policy allows it, but it is there
		{"debian:12", []manylinux.Demand{library("libfoo.so.1", manylinux.NoPolicy)}, "no / libfoo.so.1 from outside the wheel"},
		{"fedora:43", []manylinux.Demand{library("libfoo.so.1", manylinux.NoPolicy)}, "unknown | libfoo.so.1 from outside the wheel"},
		{"3.12@manylinux_2_28_x86_64", []manylinux.Demand{atomic}, "yes"}, // the tag promises it
	} {
		d, err := distro.Parse(c.target, distro.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := OnRelease(Code{Needs: manylinux.Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: c.demands}, Files: 1, Readable: true}, d.Platform, d.Release)
		got := string(r.Loads)
		if len(r.Install) > 0 {
			got += " " + strings.Join(r.Install, " ")
		}
		if len(r.Missing) > 0 {
			got += " / " + strings.Join(r.Missing, ", ")
		}
		if len(r.NoData) > 0 {
			got += " | " + strings.Join(r.NoData, ", ")
		}
		if got != c.want {
			t.Errorf("%s: %s; want %s", c.target, got, c.want)
		}
	}
}

// TestNewMusl: a symbol that no release of musl has that was read may be in a later
// one.
func TestNewMusl(t *testing.T) {
	code := Code{Needs: manylinux.Needs{Machine: "x86_64", Libc: elfaudit.LibcMusl, Demands: []manylinux.Demand{{Kind: manylinux.KindMusl, Symbols: []manylinux.Symbol{{Name: "new"}}}}}, Files: 1, Readable: true}
	for target, want := range map[string]Status{"alpine:3.23": No, "alpine:3.24": Unknown} {
		d, err := distro.Parse(target, distro.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r := OnRelease(code, d.Platform, d.Release); r.Loads != want {
			t.Errorf("%s: %+v", target, r)
		}
	}
}

// TestByName: a release has the same answer in the list of all as when asked by name.
func TestByName(t *testing.T) {
	demands := []manylinux.Demand{
		{Kind: manylinux.KindLibrary, Library: "libatomic.so.1", Floor: 5}, {Kind: manylinux.KindLibrary, Library: "libexpat.so.1", Floor: 12},
		{Kind: manylinux.KindVersion, Library: "libc.so.6", Version: "GLIBC_2.31", Floor: 31},
	}
	code := Code{Needs: manylinux.Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: demands}, Files: 1, Readable: true}
	n := 0
	for want := range Releases(code) {
		d, err := distro.Parse(want.Release+"/x86_64", distro.Options{})
		if err != nil {
			if d, err = distro.Parse("3.12@"+want.Release+"/x86_64", distro.Options{}); err != nil {
				t.Fatal(err)
			}
		}
		got := OnRelease(code, d.Platform, d.Release)
		got.Release, got.EndOfLife = want.Release, want.EndOfLife
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, by name %+v", want, got)
		}
		n++
	}
	if n < 60 {
		t.Errorf("%d releases", n)
	}
}
