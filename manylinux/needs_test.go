package manylinux

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/tags"
)

// code is a shared object for a machine and a libc.
func code(machine string, libc elfaudit.Libc, needed ...string) *linkset.File {
	return &linkset.File{
		Path: machine + "-" + libc.String() + ".so", Machine: machine, Libc: libc, Needed: needed,
		ELF: &elfaudit.File{Kind: elfaudit.KindSharedObject, Needed: needed},
	}
}

func claims(list ...string) []tags.PlatformTag {
	var parsed []tags.PlatformTag
	for _, tag := range list {
		parsed = append(parsed, tags.ParsePlatformTag(tag))
	}
	return parsed
}

// TestMachineAndLibc: the claim decides where a file fits it, otherwise most files
// do, and the first or the safer one on a tie.
func TestMachineAndLibc(t *testing.T) {
	const glibc, musl, none, unknown, bionic = elfaudit.LibcGlibc, elfaudit.LibcMusl, elfaudit.LibcNone, elfaudit.LibcUnknown, elfaudit.LibcBionic
	for _, c := range []struct {
		what    string
		files   []*linkset.File
		claims  []tags.PlatformTag
		machine string
		libc    elfaudit.Libc
		native  int
	}{
		{"nothing", nil, claims("manylinux_2_17_x86_64"), "", none, 0},
		{"most files", []*linkset.File{code("s390x", glibc), code("x86_64", glibc), code("x86_64", glibc)}, nil, "x86_64", glibc, 2},
		{"the first on a tie", []*linkset.File{code("s390x", glibc), code("x86_64", glibc)}, nil, "s390x", glibc, 1},
		{"the claim", []*linkset.File{code("s390x", glibc), code("s390x", glibc), code("x86_64", glibc)}, claims("manylinux_2_17_x86_64"), "x86_64", glibc, 1},
		{"a claim that no file fits", []*linkset.File{code("s390x", glibc)}, claims("manylinux_2_17_x86_64"), "s390x", glibc, 1},
		{"ARMv6 among ARMv7", []*linkset.File{code("armv6l", glibc), code("armv6l", glibc), code("armv7l", glibc)}, nil, "armv7l", glibc, 3},
		{"ARMv6 alone", []*linkset.File{code("armv6l", glibc), code("armv6l", glibc)}, nil, "armv6l", glibc, 2},
		{"ARMv6 as ARMv7", []*linkset.File{code("armv6l", glibc)}, claims("manylinux_2_17_armv7l"), "armv7l", glibc, 1},
		{"glibc on a tie", []*linkset.File{code("x86_64", musl), code("x86_64", glibc)}, nil, "x86_64", glibc, 1},
		{"more musl", []*linkset.File{code("x86_64", musl), code("x86_64", musl), code("x86_64", glibc)}, nil, "x86_64", musl, 2},
		{"musl as claimed", []*linkset.File{code("x86_64", musl), code("x86_64", glibc), code("x86_64", glibc)}, claims("musllinux_1_2_x86_64"), "x86_64", musl, 1},
		{"the claim where files do not say", []*linkset.File{code("x86_64", unknown)}, claims("musllinux_1_2_x86_64"), "x86_64", musl, 1},
		{"no claim where files do not say", []*linkset.File{code("x86_64", unknown)}, nil, "x86_64", unknown, 1},
		{"libc.so is musl's", []*linkset.File{code("x86_64", unknown, "libc.so")}, nil, "x86_64", musl, 1},
		{"Android", []*linkset.File{code("aarch64", bionic)}, nil, "aarch64", bionic, 1},
		{"no libc", []*linkset.File{code("x86_64", none)}, claims("manylinux_2_17_x86_64"), "x86_64", none, 1},
		{"no libc among glibc", []*linkset.File{code("x86_64", none), code("x86_64", glibc)}, nil, "x86_64", glibc, 2},
	} {
		n := Known().Needs(linkset.New(c.files), c.claims)
		if n.Machine != c.machine || n.Libc != c.libc || len(n.Native(c.files)) != c.native {
			t.Errorf("%s: %q, %v, %d files; want %q, %v, %d", c.what, n.Machine, n.Libc, len(n.Native(c.files)), c.machine, c.libc, c.native)
		}
	}
}

func version(floor Floor, name string) Demand {
	return Demand{Kind: KindVersion, File: name, Version: name, Floor: floor}
}

// TestSetting: only the demands of the greatest height set the tag.
func TestSetting(t *testing.T) {
	n := Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: []Demand{version(5, "a"), version(17, "b"), version(34, "c"), version(34, "d"), version(28, "e")}}
	setting, below := Known().Setting(n)
	if diff := cmp.Diff([]Demand{version(34, "c"), version(34, "d")}, setting); diff != "" || below != 2 {
		t.Errorf("below %d; setting (-want +got):\n%s", below, diff)
	}
	if got := Known().Floor(n); got != 34 {
		t.Errorf("floor %d", got)
	}
	var got []string
	for _, s := range Known().Steps(n) {
		text := s.PlatformTag
		for _, d := range s.Remove {
			text += " " + d.Version
		}
		got = append(got, text)
	}
	want := []string{"manylinux_2_28_x86_64 c d", "manylinux_2_17_x86_64 c d e", "manylinux_2_5_x86_64 c d e b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// TestSymbolFloor: libraries, bans and processors do not count for it.
func TestSymbolFloor(t *testing.T) {
	n := Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: []Demand{
		version(17, "b"), {Kind: KindLibrary, Floor: NoPolicy}, {Kind: KindBan, Floor: 24}, {Kind: KindProcessor, Floor: NoPolicy},
	}}
	if s, f := Known().SymbolFloor(n), Known().Floor(n); s != 17 || f != NoPolicy {
		t.Errorf("%d, %d", s, f)
	}
}

// TestCustomQualifies: a custom policy meets what its base does not, and is for the
// same machines and libc as its base.
func TestCustomQualifies(t *testing.T) {
	custom := &Custom{Name: "acme", Base: "manylinux_2_17", Library: []string{"libcuda.so.*"}}
	library := func(name string) Demand { return Demand{Kind: KindLibrary, Library: name, Floor: NoPolicy} }
	for _, c := range []struct {
		what  string
		n     Needs
		want  Answer
		unmet int
	}{
		{"nothing", Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc}, Yes, 0},
		{"what it allows", Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: []Demand{library("libcuda.so.1")}}, Yes, 0},
		{"and more", Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: []Demand{library("libcuda.so.1"), library("libfoo.so")}}, No, 1},
		{"another libc", Needs{Machine: "x86_64", Libc: elfaudit.LibcMusl, Demands: []Demand{library("libcuda.so.1")}}, NotApplicable, 0},
		{"a machine without the base", Needs{Machine: "riscv64", Libc: elfaudit.LibcGlibc}, No, 0},
	} {
		ok, unmet, err := custom.Qualifies(Known(), c.n)
		if ok != c.want || len(unmet) != c.unmet || err != nil {
			t.Errorf("%s: %v, %+v, %v", c.what, ok, unmet, err)
		}
	}
	elsewhere := &Custom{Name: "arm", Base: "manylinux_2_17_aarch64", Library: []string{"*"}}
	if ok, unmet, err := elsewhere.Qualifies(Known(), Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: []Demand{library("libfoo.so")}}); ok != NotApplicable || len(unmet) > 0 || err != nil {
		t.Errorf("another machine: %v, %v, %v", ok, unmet, err)
	}
}

// TestFloorJSON: a floor that no policy reaches is null.
func TestFloorJSON(t *testing.T) {
	for floor, want := range map[Floor]string{0: "0", 34: "34", NoPolicy: "null"} {
		text, err := floor.MarshalJSON()
		var back Floor
		if err != nil || string(text) != want || back.UnmarshalJSON(text) != nil || back != floor {
			t.Errorf("%d: %s, %d, %v", floor, text, back, err)
		}
	}
	var f Floor
	if err := f.UnmarshalJSON([]byte(`"x"`)); err == nil {
		t.Error("text is taken for a floor")
	}
}

// TestQualifiesWithoutLibc: code that calls no C library still asks for its loader.
func TestQualifiesWithoutLibc(t *testing.T) {
	relr := []Demand{{Kind: KindRelocations, Floor: 36, From: relrGlibc, Libc: "glibc"}, {Kind: KindRelocations, Floor: 2, From: relrMusl, Libc: "musl"}}
	stack := []Demand{{Kind: KindStack, Floor: NoPolicy, Libc: "glibc"}}
	tls := []Demand{{Kind: KindTLS, Floor: NoPolicy, Libc: "musl"}}
	header := []Demand{{Kind: KindHeader, Floor: NoPolicy}}
	for _, c := range []struct {
		tag     string
		demands []Demand
		want    Answer
	}{
		{"manylinux_2_35", relr, No}, {"manylinux_2_36", relr, Yes}, {"musllinux_1_1", relr, No}, {"musllinux_1_2", relr, Yes},
		{"manylinux_2_36", header, No}, {"musllinux_1_2", header, No},
		{"manylinux_2_36", stack, No}, {"musllinux_1_1", stack, Yes}, {"manylinux_2_5", tls, Yes}, {"musllinux_1_2", tls, No},
	} {
		got, _, err := Known().Qualifies(Needs{Machine: "x86_64", Libc: elfaudit.LibcNone, Demands: c.demands}, c.tag)
		if err != nil || got != c.want {
			t.Errorf("%s with %s: %v, %v; want %v", c.tag, c.demands[0].Kind, got, err, c.want)
		}
	}
}

// TestTagsWithoutLibc: code that needs no C library has the tags of both, less those for
// which a loader refuses it.
func TestTagsWithoutLibc(t *testing.T) {
	about := func(kind Kind, floor Floor, libc string) Demand { return Demand{Kind: kind, Floor: floor, Libc: libc} }
	for _, c := range []struct {
		what    string
		demands []Demand
		want    string
	}{
		{"nothing", nil, "manylinux_2_5_x86_64 manylinux1_x86_64 musllinux_1_1_x86_64"},
		{"an executable stack", []Demand{about(KindStack, NoPolicy, "glibc")}, "musllinux_1_1_x86_64"},
		{"initial-exec storage", []Demand{about(KindTLS, NoPolicy, "musl")}, "manylinux_2_5_x86_64 manylinux1_x86_64"},
		{"packed relocations", []Demand{about(KindRelocations, 36, "glibc"), about(KindRelocations, 2, "musl")}, "manylinux_2_36_x86_64 musllinux_1_2_x86_64"},
		{"a header", []Demand{about(KindHeader, NoPolicy, "glibc"), about(KindHeader, NoPolicy, "musl")}, "linux_x86_64"},
		{"a processor", []Demand{about(KindProcessor, NoPolicy, "")}, "linux_x86_64"},
	} {
		n := Needs{Machine: "x86_64", Libc: elfaudit.LibcNone, Demands: c.demands}
		if got := strings.Join(Known().Tags(n).Best, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}
