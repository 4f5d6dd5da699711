package loads

import (
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

func needing(machine string, libc elfaudit.Libc, demands ...manylinux.Demand) Code {
	return Code{Needs: manylinux.Needs{Machine: machine, Libc: libc, Demands: demands}, Files: 1, Readable: true}
}

// TestReleases: every release that was built for the machine, and none that is not a
// system to run on.
func TestReleases(t *testing.T) {
	version := func(v string) manylinux.Demand {
		return manylinux.Demand{Kind: manylinux.KindVersion, Library: "libc.so.6", Version: v, Floor: 17}
	}
	got := map[string]Result{}
	order := 0
	for r := range Releases(needing("x86_64", elfaudit.LibcGlibc, version("GLIBC_2.28"))) {
		got[r.Release] = r
		order++
		if strings.HasPrefix(r.Release, "manylinux:") || strings.HasPrefix(r.Release, "musllinux:") {
			t.Errorf("%s is an image to build in", r.Release)
		}
	}
	if order != len(got) || order < 30 {
		t.Errorf("%d results, %d releases", order, len(got))
	}
	for name, want := range map[string]string{"debian:9": "no GLIBC_2.28 in libc.so.6", "debian:10": "yes", "debian:12": "yes", "alpine:3.18": "no glibc"} {
		if r, ok := got[name]; !ok || short(r) != want {
			t.Errorf("%s: %s, want %s", name, short(r), want)
		}
	}
	for r := range distro.Releases() {
		runs := r.Libc.Family != tags.NoLibc && r.Distro != "manylinux" && r.Distro != "musllinux"
		if _, ok := got[r.Name()]; ok != (runs && slices.Contains(r.Machines, "x86_64")) {
			t.Errorf("%s: listed %v", r.Name(), ok)
		}
		if result, ok := got[r.Name()]; ok && result.EndOfLife != r.EndOfLife {
			t.Errorf("%s ended on %q", r.Name(), result.EndOfLife)
		}
	}
	var few []string
	for r := range Releases(needing("loongarch64", elfaudit.LibcGlibc)) {
		few = append(few, r.Release)
	}
	if len(few) == 0 || len(few) >= len(got) || slices.Contains(few, "debian:8") {
		t.Errorf("loongarch64: %q", few)
	}
	n := 0
	for range Releases(needing("x86_64", elfaudit.LibcGlibc)) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d after the end", n)
	}
}

// TestMeasured: where the symbol versions of a release were measured they decide, as far
// as its libc is that of the platform.
func TestMeasured(t *testing.T) {
	release := func(name string) *distro.Release {
		for r := range distro.Releases() {
			if r.Name() == name {
				return &r
			}
		}
		t.Fatal("no release", name)
		return nil
	}
	demand := func(kind manylinux.Kind, library, version string, floor manylinux.Floor) manylinux.Demand {
		return manylinux.Demand{Kind: kind, Library: library, Version: version, Floor: floor, Symbols: []manylinux.Symbol{{Name: "qsort_r"}}}
	}
	glibc := func(minor int) tags.Libc { return tags.Libc{Family: tags.Glibc, Major: 2, Minor: minor} }
	musl := tags.Libc{Family: tags.Musl, Major: 1, Minor: 2}
	const v, m = manylinux.KindVersion, manylinux.KindMusl
	for _, c := range []struct {
		release string
		libc    tags.Libc
		code    elfaudit.Libc
		d       manylinux.Demand
		want    string
	}{
		{"debian:12", glibc(36), elfaudit.LibcGlibc, demand(v, "libstdc++.so.6", "GLIBCXX_3.4.30", 35), "yes"},
		{"debian:12", glibc(36), elfaudit.LibcGlibc, demand(v, "libstdc++.so.6", "GLIBCXX_3.4.31", 38), "no GLIBCXX_3.4.31 in libstdc++.so.6"},
		{"debian:12", glibc(36), elfaudit.LibcGlibc, demand(v, "libcrypto.so.3", "OPENSSL_3.0.0", manylinux.NoPolicy), "unknown OPENSSL_3.0.0 in libcrypto.so.3"},
		{"debian:12", glibc(35), elfaudit.LibcGlibc, demand(v, "libstdc++.so.6", "GLIBCXX_3.4.31", 38), "unknown GLIBCXX_3.4.31 in libstdc++.so.6"},
		{"alpine:3.15", musl, elfaudit.LibcMusl, demand(m, "libc.so", "1.2.3", 2), "no qsort_r in musl"},
		{"alpine:3.16", musl, elfaudit.LibcMusl, demand(m, "libc.so", "1.2.3", 2), "yes"},
		{"debian:12", musl, elfaudit.LibcMusl, demand(m, "libc.so", "1.2.3", 2), "unknown qsort_r in musl"},
	} {
		r := OnRelease(needing("x86_64", c.code, c.d), tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: c.libc}, release(c.release))
		if got := short(r); got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.d.Version, c.release, got, c.want)
		}
	}
}

// TestLacks: each kind of demand on platforms of which the libc alone is known, with the
// first release that meets it or no longer does.
func TestLacks(t *testing.T) {
	glibc := func(major, minor int) tags.Libc { return tags.Libc{Family: tags.Glibc, Major: major, Minor: minor} }
	musl := func(minor int) tags.Libc { return tags.Libc{Family: tags.Musl, Major: 1, Minor: minor} }
	const never = manylinux.NoPolicy
	relr := manylinux.Demand{Kind: manylinux.KindRelocations, Floor: 36, From: "2.36"}
	relrMusl := manylinux.Demand{Kind: manylinux.KindRelocations, Floor: 2, From: "1.2.4"}
	about := func(libc string, d manylinux.Demand) manylinux.Demand { d.Libc = libc; return d }
	stack := manylinux.Demand{Kind: manylinux.KindStack, Floor: never, Before: "2.41"}
	header := manylinux.Demand{Kind: manylinux.KindHeader, Reason: "has no name", Floor: never}
	since := manylinux.Demand{Kind: manylinux.KindHeader, Reason: "is a program", Before: "2.30"}
	version := func(v string, floor manylinux.Floor) manylinux.Demand {
		return manylinux.Demand{Kind: manylinux.KindVersion, Library: "lib", Version: v, Floor: floor}
	}
	function := func(v string) manylinux.Demand {
		return manylinux.Demand{Kind: manylinux.KindMusl, Version: v, Symbols: []manylinux.Symbol{{Name: "f"}}}
	}
	const noRelr, noStack = "no packed relocations (DT_RELR)", "no an executable stack"
	for _, c := range []struct {
		code elfaudit.Libc
		libc tags.Libc
		d    manylinux.Demand
		want string
	}{
		{elfaudit.LibcGlibc, glibc(2, 35), relr, noRelr}, {elfaudit.LibcGlibc, glibc(2, 36), relr, "yes"}, {elfaudit.LibcGlibc, glibc(3, 0), relr, "yes"},
		{elfaudit.LibcGlibc, glibc(2, 40), manylinux.Demand{Kind: manylinux.KindRelocations, Floor: never}, "no the version GLIBC_ABI_DT_RELR in the file"},
		{elfaudit.LibcMusl, musl(1), relrMusl, noRelr}, {elfaudit.LibcMusl, musl(2), relrMusl, "unknown packed relocations (DT_RELR)"}, {elfaudit.LibcMusl, musl(3), relrMusl, "yes"},
		{elfaudit.LibcNone, musl(1), about("musl", relrMusl), noRelr}, {elfaudit.LibcNone, musl(2), about("musl", relrMusl), "unknown packed relocations (DT_RELR)"}, {elfaudit.LibcNone, glibc(2, 40), about("musl", relrMusl), "yes"},
		{elfaudit.LibcNone, musl(1), about("glibc", relr), "yes"}, {elfaudit.LibcNone, glibc(2, 35), about("glibc", relr), noRelr},
		{elfaudit.LibcGlibc, glibc(2, 40), stack, "yes"}, {elfaudit.LibcGlibc, glibc(2, 41), stack, noStack}, {elfaudit.LibcGlibc, glibc(2, 42), stack, noStack}, {elfaudit.LibcNone, musl(2), stack, "yes"},
		{elfaudit.LibcGlibc, glibc(2, 5), header, "no a loader for a file that has no name"}, {elfaudit.LibcGlibc, glibc(2, 29), since, "yes"}, {elfaudit.LibcGlibc, glibc(2, 30), since, "no a loader for a file that is a program"},
		{elfaudit.LibcMusl, musl(2), manylinux.Demand{Kind: manylinux.KindTLS}, "no room for initial-exec thread-local storage"},
		{elfaudit.LibcMusl, musl(2), manylinux.Demand{Kind: manylinux.KindTLS, Unsure: true}, "unknown room for initial-exec thread-local storage"},
		{elfaudit.LibcGlibc, glibc(2, 36), manylinux.Demand{Kind: manylinux.KindTLS, Size: 1700, Unsure: true}, "unknown room for 1700 bytes of static thread-local storage"},
		{elfaudit.LibcGlibc, glibc(2, 36), manylinux.Demand{Kind: manylinux.KindTLS, Size: 4096}, "no room for 4096 bytes of static thread-local storage"},
		{elfaudit.LibcGlibc, glibc(2, 34), manylinux.Demand{Kind: manylinux.KindHeader, Reason: "is odd", From: "2.35"}, "no a loader for a file that is odd"},
		{elfaudit.LibcGlibc, glibc(2, 35), manylinux.Demand{Kind: manylinux.KindHeader, Reason: "is odd", From: "2.35"}, "yes"},
		{elfaudit.LibcMusl, musl(2), function("1.1.24"), "yes"}, {elfaudit.LibcMusl, musl(1), function("1.1.24"), "unknown f in musl"}, {elfaudit.LibcMusl, musl(1), function("1.2.0"), "no f in musl"}, {elfaudit.LibcMusl, musl(2), function(""), "no f in musl"}, {elfaudit.LibcMusl, musl(2), function("x"), "yes"},
		{elfaudit.LibcGlibc, glibc(2, 31), version("GLIBC_2.31", 31), "yes"}, {elfaudit.LibcGlibc, glibc(2, 31), version("GLIBC_2.32", 32), "no GLIBC_2.32 in lib"}, {elfaudit.LibcGlibc, glibc(3, 0), version("GLIBC_2.32", 32), "yes"},
		{elfaudit.LibcGlibc, glibc(2, 31), version("GCC_9", 31), "yes"}, {elfaudit.LibcGlibc, glibc(2, 31), version("GCC_9", 32), "unknown GCC_9 in lib"}, {elfaudit.LibcGlibc, glibc(3, 0), version("GCC_9", 32), "yes"}, {elfaudit.LibcGlibc, glibc(2, 31), version("GLIBC_PRIVATE", never), "no GLIBC_PRIVATE in lib"},
		{elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindLibrary, Library: "libx", Floor: never}, "no libx from outside the wheel"}, {elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindLibrary, Library: "libx", Floor: never - 1}, "yes"},
		{elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindBan, Library: "libz", Floor: never}, "yes"},
		{elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindProcessor, Floor: never}, "unknown the level of its processors"},
		{elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindPath, Library: "liba", File: "m"}, "no liba on a run path of m"}, {elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindPath, Library: "liba", File: "m", Unsure: true}, "unknown liba on a run path of m"},
		{elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindOrphan, Library: "liba", File: "m"}, "no liba, which m does not name"}, {elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindOrphan, Library: "liba", File: "m", Unsure: true}, "unknown liba, which m does not name"},
		{elfaudit.LibcGlibc, glibc(2, 31), manylinux.Demand{Kind: manylinux.KindBundled, Library: "liba", Version: "A_2", File: "m"}, "no A_2 in the liba of the wheel"},
	} {
		r := OnRelease(needing("x86_64", c.code, c.d), tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: c.libc}, nil)
		if got := short(r); got != c.want {
			t.Errorf("%+v with %s on %s: %s, want %s", c.d, c.code, c.libc, got, c.want)
		}
	}
}

// TestOtherSystems: platforms that are of another kind than the code.
func TestOtherSystems(t *testing.T) {
	glibc := tags.Libc{Family: tags.Glibc, Major: 2, Minor: 36}
	for _, c := range []struct {
		code Code
		p    tags.Platform
		want string
	}{
		{needing("x86_64", elfaudit.LibcGlibc), tags.Platform{OS: tags.Windows, Arch: "amd64"}, "no Linux"}, {needing("x86_64", elfaudit.LibcGlibc), tags.Platform{OS: tags.Android, Arch: "x86_64"}, "no Linux"},
		{needing("aarch64", elfaudit.LibcBionic), tags.Platform{OS: tags.Android, Arch: "arm64_v8a"}, "unknown what Android offers"}, {needing("x86_64", elfaudit.LibcBionic), tags.Platform{OS: tags.MacOS, Arch: "x86_64"}, "no Linux"},
		{needing("x86_64", elfaudit.LibcGlibc), tags.Platform{OS: tags.Linux, Arch: "x86_64", Libc: glibc}, "yes"},
		{Code{Needs: manylinux.Needs{Machine: "", Libc: elfaudit.LibcGlibc}, Files: 1}, tags.Platform{OS: tags.Windows}, "unknown files that cannot be read"},
		{Code{Files: 0}, tags.Platform{OS: tags.Windows}, "yes"},
	} {
		if got := short(OnRelease(c.code, c.p, nil)); got != c.want {
			t.Errorf("%s for %s on %s %s: %s, want %s", c.code.Machine, c.code.Libc, c.p.OS, c.p.Arch, got, c.want)
		}
	}
}
