package auditwheel

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
)

// TestDiffers has for each code an answer that gets it and one that nearly does.
func TestDiffers(t *testing.T) {
	file := func(machine string, libc elfaudit.Libc, change ...func(*linkset.File)) *linkset.File {
		f := &linkset.File{Path: "demo.so", Machine: machine, Libc: libc, ELF: &elfaudit.File{Kind: elfaudit.KindSharedObject}}
		for _, c := range change {
			c(f)
		}
		return f
	}
	glibc := func(change ...func(*linkset.File)) *linkset.File {
		return file("x86_64", elfaudit.LibcGlibc, change...)
	}
	floor := func(y manylinux.Floor) []manylinux.Demand {
		return []manylinux.Demand{{Kind: manylinux.KindVersion, Library: "libc.so.6", Floor: y}}
	}
	for _, c := range []struct {
		what     string
		files    []*linkset.File
		demands  []manylinux.Demand
		ours     string
		external []string
		theirs   Result
		want     string
	}{
		{"the same tag", []*linkset.File{glibc()}, floor(30), "x", nil, Result{OverallTag: "x"}, ""},
		{"no code", nil, nil, "any", nil, Result{Error: notPlatform}, "no-machine-code"},
		{"a measured policy", []*linkset.File{glibc()}, floor(28), "a", nil, Result{OverallTag: "b"}, ""},
		{"between two policies", []*linkset.File{glibc()}, floor(30), "a", nil, Result{OverallTag: "b"}, "policy-gap"},
		{"at its last policy", []*linkset.File{glibc()}, floor(41), "a", nil, Result{OverallTag: "b"}, ""},
		{"above its last policy", []*linkset.File{glibc()}, floor(42), "a", nil, Result{OverallTag: "b"}, "newer-policy"},
		{"no policy at all", []*linkset.File{glibc()}, floor(manylinux.NoPolicy), "a", nil, Result{OverallTag: "b"}, ""},
		{"a version of the loader", []*linkset.File{glibc()}, []manylinux.Demand{{Kind: manylinux.KindVersion, Library: "ld-linux-x86-64.so.2", Floor: 35}}, "a", nil, Result{OverallTag: "b"}, "loader-symbols"},
		{"a version of the loader that any policy has", []*linkset.File{glibc()}, []manylinux.Demand{{Kind: manylinux.KindVersion, Library: "ld-linux-x86-64.so.2", Floor: 5}}, "a", nil, Result{OverallTag: "b"}, ""},
		{"sections", []*linkset.File{glibc(func(f *linkset.File) { f.Sectionless = true })}, nil, "a", nil, Result{OverallTag: "b"}, "headers-stripped"},
		{"another machine's file", []*linkset.File{glibc(), file("aarch64", elfaudit.LibcGlibc)}, nil, "a", nil, Result{OverallTag: "b"}, "foreign-file"},
		{"musl gets its newest tag", []*linkset.File{file("x86_64", elfaudit.LibcMusl)}, nil, "musllinux_1_1_x86_64", nil, Result{OverallTag: "musllinux_1_2_x86_64"}, "musl-floor"},
		{"musl, but linux", []*linkset.File{file("x86_64", elfaudit.LibcMusl)}, nil, "musllinux_1_1_x86_64", nil, Result{OverallTag: "linux_x86_64"}, ""},
		{"a name that musl resolves to itself", []*linkset.File{file("x86_64", elfaudit.LibcMusl)}, nil, "a", nil, Result{OverallTag: "linux_x86_64", External: []string{"libc.so"}}, "musl-reserved-name"},
		{"a name that it does not", []*linkset.File{file("x86_64", elfaudit.LibcMusl)}, nil, "a", nil, Result{OverallTag: "linux_x86_64", External: []string{"libfoo.so"}}, ""},
		{"a bundled library that it does not find", []*linkset.File{glibc(func(f *linkset.File) { f.ELF.Soname = "libfoo.so" })}, nil, "a", nil, Result{OverallTag: "b", External: []string{"libfoo.so"}}, "run-path"},
		{"a file that no loader takes", []*linkset.File{glibc()}, []manylinux.Demand{{Kind: manylinux.KindHeader, Floor: manylinux.NoPolicy}}, "a", nil, Result{OverallTag: "b"}, "loader-refusal"},
		{"a processor", []*linkset.File{glibc()}, []manylinux.Demand{{Kind: manylinux.KindProcessor, Floor: manylinux.NoPolicy}}, "a", nil, Result{OverallTag: "b"}, ""},
		{"one that is external for us too", []*linkset.File{glibc(func(f *linkset.File) { f.ELF.Soname = "libfoo.so" })}, nil, "a", []string{"libfoo.so"}, Result{OverallTag: "b", External: []string{"libfoo.so"}}, ""},
		{"ARMv6", []*linkset.File{file("armv6l", elfaudit.LibcGlibc)}, nil, "linux_armv6l", nil, Result{OverallTag: "b"}, "armv6"},
		{"no libc", []*linkset.File{file("x86_64", elfaudit.LibcNone)}, nil, "a", nil, Result{OverallTag: "b"}, "libc-free"},
		{"purelib", []*linkset.File{glibc()}, nil, "a", nil, Result{Error: inPurelib}, "purelib-folder"},
		{"a refusal", []*linkset.File{glibc()}, nil, "a", nil, Result{Error: notPlatform}, "foreign-file"},
		{"a file that cannot be read", []*linkset.File{glibc(), {Path: "demo.so", Err: errSteps}}, nil, "a", nil, Result{Error: notWorkedOut}, "unreadable-file"},
		{"a weak version", []*linkset.File{glibc(func(f *linkset.File) {
			f.ELF.VersionNeeds = []elfaudit.VersionNeed{{Library: "libc.so.6", Versions: []elfaudit.Version{{Name: "GLIBC_2.99", Weak: true}}}}
		})}, nil, "a", nil, Result{OverallTag: "b"}, "weak-version"},
		{"a bundled version", []*linkset.File{glibc(func(f *linkset.File) {
			f.ELF.Soname = "libfoo.so"
			f.ELF.VersionNeeds = []elfaudit.VersionNeed{{Library: "libfoo.so", Versions: []elfaudit.Version{{Name: "GLIBCXX_3.4.99"}}}}
		})}, nil, "a", nil, Result{OverallTag: "b"}, "bundled-library-versions"},
	} {
		set := linkset.New(c.files)
		needs := manylinux.Known().Needs(set, nil)
		needs.Demands = c.demands
		ours := Ours{PlatformTag: c.ours, External: c.external, Needs: needs, Set: set, Recorded: []string{"demo.so"}}
		if got := strings.Join(Differs(manylinux.Known(), ours, c.theirs), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	unrecorded := Ours{PlatformTag: "a", Set: linkset.New([]*linkset.File{glibc()})}
	unrecorded.Needs = manylinux.Known().Needs(unrecorded.Set, nil)
	unrecorded.Needs.Demands = nil
	if got := strings.Join(Differs(manylinux.Known(), unrecorded, Result{OverallTag: "b"}), " "); got != "unrecorded-file" {
		t.Errorf("not in RECORD: %q", got)
	}
}

// TestShowRefuses: what auditwheel prints in place of a verdict.
func TestShowRefuses(t *testing.T) {
	good := func(path string) *linkset.File {
		return &linkset.File{Path: path, Machine: "x86_64", ELF: &elfaudit.File{Kind: elfaudit.KindSharedObject, Needed: []string{"libc.so.6"}}}
	}
	two := good("demo.so")
	two.ELF.Needed = []string{"libc.so.6", "libc.musl-x86_64.so.1"}
	for _, c := range []struct {
		what     string
		files    []*linkset.File
		recorded []string
		want     string
	}{
		{"nothing recorded", []*linkset.File{good("demo.so")}, nil, notPlatform},
		{"a file that cannot be read", []*linkset.File{good("demo.so"), {Path: "x.so", Err: errSteps}}, []string{"demo.so", "x.so"}, notWorkedOut},
		{"one that is not recorded", []*linkset.File{good("demo.so"), {Path: "x.so", Err: errSteps}}, []string{"x.py"}, notPlatform},
		{"purelib", []*linkset.File{good("demo-1.data/purelib/demo.so")}, []string{"demo-1.data/purelib/demo.so"}, inPurelib},
		{"two libcs", []*linkset.File{two}, []string{"demo.so"}, "found a dependency on MUSL but the libc is already set to glibc"},
	} {
		r := Show(manylinux.Known(), c.files, []tags.PlatformTag{tags.ParsePlatformTag("linux_x86_64")}, c.recorded, Options{})
		if r.Error != c.want || r.OverallTag != "" || r.External == nil {
			t.Errorf("%s: %+v, want %q", c.what, r, c.want)
		}
	}
}

// TestMuslBans: of the bans only those on zlib's internals count for musl.
func TestMuslBans(t *testing.T) {
	for fixture, want := range map[string]string{"lib-x86_64-inflate_fast.so": "linux_x86_64", "lib-x86_64-inflate.so": "musllinux_1_2_x86_64"} {
		f, err := elfaudit.ReadFile(filepath.Join("..", "..", "testdata", "elf", fixture))
		if err != nil {
			t.Fatal(err)
		}
		musl := *f
		musl.Needed = []string{"libz.so.1", "libc.musl-x86_64.so.1"}
		files := []*linkset.File{linkset.NewFile("demo.so", &musl, nil)}
		if r := Show(manylinux.Known(), files, nil, []string{"demo.so"}, Options{}); r.OverallTag != want || r.Error != "" {
			t.Errorf("%s: %+v, want %s", fixture, r, want)
		}
	}
}
