package manylinux

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// TestTags: the platform tags of code by its demands and claims.
func TestTags(t *testing.T) {
	const glibc, musl, none, unknown, bionic = elfaudit.LibcGlibc, elfaudit.LibcMusl, elfaudit.LibcNone, elfaudit.LibcUnknown, elfaudit.LibcBionic
	version := func(floor Floor) Demand { return Demand{Kind: KindVersion, Floor: floor} }
	library := func(floor Floor) Demand { return Demand{Kind: KindLibrary, Floor: floor} }
	for _, c := range []struct {
		what, machine string
		libc          elfaudit.Libc
		demands       []Demand
		claims        string
		want          string // exact, best and by symbols
	}{
		{"nothing", "x86_64", glibc, nil, "", "manylinux_2_5_x86_64 manylinux1_x86_64, =, ="},
		{"nothing on another machine", "aarch64", glibc, nil, "", "manylinux_2_17_aarch64 manylinux2014_aarch64, =, ="},
		{"a version", "x86_64", glibc, []Demand{version(34)}, "", "manylinux_2_34_x86_64, =, ="},
		{"a version below the first policy", "riscv64", glibc, []Demand{version(27)}, "", "manylinux_2_31_riscv64, =, ="},
		{"a version and a newer library", "x86_64", glibc, []Demand{version(17), library(28)}, "", "manylinux_2_28_x86_64, =, manylinux_2_17_x86_64 manylinux2014_x86_64"},
		{"a library that no policy has", "x86_64", glibc, []Demand{version(17), library(NoPolicy)}, "", "linux_x86_64, =, manylinux_2_17_x86_64 manylinux2014_x86_64"},
		{"between two policies", "x86_64", glibc, []Demand{version(14)}, "", "manylinux_2_14_x86_64, =, ="},
		{"between two policies, the next is claimed", "x86_64", glibc, []Demand{version(14)}, "manylinux_2_17_x86_64", "manylinux_2_14_x86_64, manylinux_2_17_x86_64 manylinux2014_x86_64, manylinux_2_17_x86_64 manylinux2014_x86_64"},
		{"the one after is claimed", "x86_64", glibc, []Demand{version(14)}, "manylinux_2_24_x86_64", "manylinux_2_14_x86_64, =, ="},
		{"one between is claimed", "x86_64", glibc, []Demand{version(14)}, "manylinux_2_16_x86_64 manylinux_2_17_x86_64 manylinux_2_15_x86_64", "manylinux_2_14_x86_64, manylinux_2_15_x86_64, manylinux_2_15_x86_64"},
		{"the floor is claimed", "x86_64", glibc, []Demand{version(14)}, "manylinux_2_17_x86_64 manylinux_2_14_x86_64", "manylinux_2_14_x86_64, =, ="},
		{"an older one is claimed", "x86_64", glibc, []Demand{version(14)}, "manylinux_2_12_x86_64", "manylinux_2_14_x86_64, =, ="},
		{"glibc 3 is claimed", "x86_64", glibc, []Demand{version(14)}, "manylinux_3_17_x86_64", "manylinux_2_14_x86_64, =, ="},
		{"another machine is claimed", "x86_64", glibc, []Demand{version(14)}, "manylinux_2_17_aarch64", "manylinux_2_14_x86_64, =, ="},
		{"musl is claimed", "x86_64", glibc, []Demand{version(5)}, "musllinux_1_5_x86_64", "manylinux_2_5_x86_64 manylinux1_x86_64, =, ="},
		{"beyond all policies", "x86_64", glibc, []Demand{version(99)}, "manylinux_2_99_x86_64", "manylinux_2_99_x86_64, =, ="},
		{"beyond all policies, a newer one is claimed", "x86_64", glibc, []Demand{version(98)}, "manylinux_2_99_x86_64", "manylinux_2_98_x86_64, =, ="},
		{"no policy of the machine", "armv6l", glibc, nil, "", "linux_armv6l, =, ="},
		{"musl", "x86_64", musl, nil, "", "musllinux_1_2_x86_64, =, ="},
		{"musl, the old series is claimed", "x86_64", musl, nil, "musllinux_1_1_x86_64", "musllinux_1_1_x86_64, =, ="},
		{"musl, a newer one than the old series is needed", "x86_64", musl, []Demand{{Kind: KindMusl, Floor: 2}}, "musllinux_1_1_x86_64", "musllinux_1_2_x86_64, =, ="},
		{"musl, a relocation is no symbol", "x86_64", musl, []Demand{{Kind: KindRelocations, Floor: 2}}, "musllinux_1_1_x86_64", "musllinux_1_2_x86_64, =, musllinux_1_1_x86_64"},
		{"musl, functions that none has", "x86_64", musl, []Demand{{Kind: KindMusl, Floor: NoPolicy}}, "", "linux_x86_64, =, ="},
		{"musl on a machine without policies", "armv6l", musl, nil, "", "musllinux_1_2_armv6l, =, ="},
		{"no libc", "x86_64", none, nil, "", "manylinux_2_5_x86_64 manylinux1_x86_64 musllinux_1_1_x86_64, =, ="},
		{"no libc, on a newer machine", "riscv64", none, nil, "", "manylinux_2_31_riscv64 musllinux_1_1_riscv64, =, ="},
		{"no libc, with relocations", "x86_64", none, []Demand{{Kind: KindRelocations, Floor: 36, Libc: "glibc"}, {Kind: KindRelocations, Floor: 2, Libc: "musl"}}, "", "manylinux_2_36_x86_64 musllinux_1_2_x86_64, =, manylinux_2_5_x86_64 manylinux1_x86_64 musllinux_1_1_x86_64"},
		{"no libc, and nothing has it", "x86_64", none, []Demand{{Kind: KindHeader, Floor: NoPolicy}}, "", "linux_x86_64, =, manylinux_2_5_x86_64 manylinux1_x86_64 musllinux_1_1_x86_64"},
		{"unknown", "x86_64", unknown, nil, "", ", =, ="},
		{"unknown, and nothing has it", "x86_64", unknown, []Demand{library(NoPolicy)}, "", ", =, ="},
		{"Android", "aarch64", bionic, nil, "", ", =, ="},
		{"Android, and nothing has it", "aarch64", bionic, []Demand{library(NoPolicy)}, "", ", =, ="},
		{"no machine", "", glibc, []Demand{library(NoPolicy)}, "", ", =, ="},
	} {
		n := Needs{Machine: c.machine, Libc: c.libc, Demands: c.demands, Claims: claims(strings.Fields(c.claims)...)}
		got := Known().Tags(n)
		text := strings.Join(got.Exact, " ")
		for _, other := range [][]string{got.Best, got.Symbols} {
			if o := strings.Join(other, " "); o != strings.Join(got.Exact, " ") {
				text += ", " + o
			} else {
				text += ", ="
			}
		}
		if text != c.want {
			t.Errorf("%s: %s, want %s", c.what, text, c.want)
		}
	}
}

// TestPreferred: the first tag of the family that is claimed, else the first of all.
func TestPreferred(t *testing.T) {
	both := []string{"manylinux_2_5_x86_64", "manylinux1_x86_64", "musllinux_1_1_x86_64"}
	for _, c := range []struct {
		claims, want string
		list         []string
	}{
		{"", both[0], both}, {"manylinux_2_17_x86_64", both[0], both}, {"musllinux_1_2_x86_64", both[2], both}, {"linux_x86_64", both[0], both},
		{"musllinux_1_2_x86_64 manylinux_2_17_x86_64", both[2], both}, {"manylinux_2_17_x86_64 musllinux_1_2_x86_64", both[0], both},
		{"musllinux_1_2_x86_64", both[0], both[:2]}, {"musllinux_1_2_x86_64 manylinux1_x86_64", both[0], both[:2]}, {"manylinux1_x86_64", "", nil}, {"", "", nil},
	} {
		if got := (Needs{Claims: claims(strings.Fields(c.claims)...)}).Preferred(c.list); got != c.want {
			t.Errorf("%q among %q: %q, want %q", c.claims, c.list, got, c.want)
		}
	}
}

// TestQualifies: whether code may carry a tag, and what keeps it from that.
func TestQualifies(t *testing.T) {
	const glibc, musl, none, unknown, bionic = elfaudit.LibcGlibc, elfaudit.LibcMusl, elfaudit.LibcNone, elfaudit.LibcUnknown, elfaudit.LibcBionic
	v34, v28, lib := Demand{Kind: KindVersion, Floor: 34, File: "a"}, Demand{Kind: KindVersion, Floor: 28, File: "b"}, Demand{Kind: KindLibrary, Floor: NoPolicy, File: "c"}
	relr, relrMusl := Demand{Kind: KindRelocations, Floor: 36, File: "d", Libc: "glibc"}, Demand{Kind: KindRelocations, Floor: 2, File: "e", Libc: "musl"}
	for _, c := range []struct {
		machine string
		libc    elfaudit.Libc
		demands []Demand
		tag     string
		want    string
	}{
		{"x86_64", glibc, []Demand{v28, v34}, "manylinux_2_34", "yes"}, {"x86_64", glibc, []Demand{v28, v34}, "manylinux_2_33", "no a"}, {"x86_64", glibc, []Demand{v28, v34}, "manylinux_2_27_x86_64", "no a b"},
		{"x86_64", glibc, []Demand{v28, lib}, "manylinux_2_28", "no c"}, {"x86_64", glibc, []Demand{v34}, "manylinux_3_0", "yes"}, {"x86_64", glibc, []Demand{lib}, "manylinux_3_0", "no c"},
		{"x86_64", glibc, nil, "manylinux1", "yes"}, {"x86_64", glibc, nil, "manylinux_2_4", "no"}, {"aarch64", glibc, nil, "manylinux_2_17", "yes"}, {"aarch64", glibc, nil, "manylinux_2_16", "no"},
		{"x86_64", glibc, nil, "manylinux_2_17_aarch64", "not-applicable"}, {"armv6l", glibc, nil, "manylinux_2_17_armv7l", "no"}, {"x86_64", glibc, nil, "musllinux_1_2", "not-applicable"},
		{"x86_64", musl, nil, "musllinux_1_1", "yes"}, {"x86_64", musl, nil, "manylinux_2_17", "not-applicable"}, {"x86_64", musl, []Demand{{Kind: KindMusl, Floor: 2, File: "e"}}, "musllinux_1_1", "no e"},
		{"x86_64", bionic, nil, "manylinux_2_17", "not-applicable"}, {"x86_64", unknown, nil, "manylinux_2_17", "unknown"}, {"x86_64", unknown, nil, "manylinux_2_17_aarch64", "not-applicable"},
		{"x86_64", none, nil, "musllinux_1_1", "yes"}, {"x86_64", none, nil, "manylinux_2_5", "yes"}, {"x86_64", none, nil, "manylinux_2_4", "no"},
		{"x86_64", none, []Demand{relr, relrMusl}, "musllinux_1_1", "no e"}, {"x86_64", none, []Demand{relr, relrMusl}, "musllinux_1_2", "yes"}, {"x86_64", none, []Demand{relr, relrMusl}, "manylinux_2_35", "no d"}, {"x86_64", none, []Demand{relr, relrMusl}, "manylinux_2_36", "yes"}, {"x86_64", none, []Demand{lib}, "musllinux_1_1", "no c"},
		{"x86_64", none, []Demand{lib, relrMusl}, "musllinux_1_1", "no c e"}, {"x86_64", musl, []Demand{lib, {Kind: KindRelocations, Floor: 2, File: "e"}}, "musllinux_1_1", "no c e"},
		{"x86_64", glibc, nil, "linux_x86_64", `error "linux_x86_64" is not a manylinux or musllinux tag such as manylinux_2_28`},
		{"x86_64", glibc, nil, "el8", `error "el8" is not a manylinux or musllinux tag such as manylinux_2_28`},
	} {
		answer, unmet, err := Known().Qualifies(Needs{Machine: c.machine, Libc: c.libc, Demands: c.demands}, c.tag)
		got := string(answer)
		for _, d := range unmet {
			got += " " + d.File
		}
		if err != nil {
			got += "error " + err.Error()
		}
		if got != c.want {
			t.Errorf("%s %s as %s: %s, want %s", c.machine, c.libc, c.tag, got, c.want)
		}
		if checked := CheckTag(c.tag); (checked == nil) != (err == nil) {
			t.Errorf("%s: %v, but %v", c.tag, checked, err)
		}
	}
}

// TestCustomAllows: what a custom policy allows beyond its base.
func TestCustomAllows(t *testing.T) {
	base := &Custom{Name: "base", Library: []string{"libcuda.so.*", "[", "libx.so"}, Versions: []string{"GLIBCXX_3.4.25"}, Unban: map[string][]string{"libz.so.1": {"inflate_fast", "_tr_init"}}}
	custom := &Custom{Name: "top", Extends: base, Versions: []string{"GLIBC_2.30"}}
	ban := func(library string, symbols ...string) Demand {
		d := Demand{Kind: KindBan, Library: library}
		for _, s := range symbols {
			d.Symbols = append(d.Symbols, Symbol{Name: s})
		}
		return d
	}
	for _, c := range []struct {
		d    Demand
		want bool
	}{
		{Demand{Kind: KindLibrary, Library: "libcuda.so.1"}, true}, {Demand{Kind: KindLibrary, Library: "libx.so"}, true}, {Demand{Kind: KindLibrary, Library: "libcuda.so"}, false}, {Demand{Kind: KindLibrary, Library: "["}, false},
		{Demand{Kind: KindVersion, Version: "GLIBCXX_3.4.25"}, true}, {Demand{Kind: KindVersion, Version: "GLIBC_2.30"}, true}, {Demand{Kind: KindVersion, Version: "GLIBC_2.31"}, false}, {Demand{Kind: KindMusl, Version: "GLIBC_2.30"}, false},
		{ban("libz.so.1", "inflate_fast"), true}, {ban("libz.so.1", "inflate_fast", "_tr_init"), true}, {ban("libz.so.1", "inflate_fast", "_tr_align"), false}, {ban("libm.so.6", "inflate_fast"), false}, {ban("libz.so.1"), false},
		{Demand{Kind: KindProcessor, Version: "GLIBC_2.30", Library: "libx.so"}, false}, {Demand{Kind: KindBan, Library: "libx.so"}, false},
	} {
		if got := custom.Allows(c.d); got != c.want {
			t.Errorf("%+v: %v", c.d, got)
		}
	}
	var none *Custom
	if none.Allows(Demand{Kind: KindLibrary}) {
		t.Error("no policy allows something")
	}
	strange := &Custom{Base: "el8"}
	if answer, _, err := strange.Qualifies(Known(), Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc}); answer != "" || err == nil {
		t.Errorf("%v, %v", answer, err)
	}
	on := &Custom{Base: "manylinux_2_17", Library: []string{"*"}}
	for _, c := range []struct {
		n    Needs
		want Answer
	}{
		{Needs{Machine: "x86_64", Libc: elfaudit.LibcUnknown, Demands: []Demand{{Kind: KindLibrary, Floor: NoPolicy}}}, Unknown},
		{Needs{Machine: "x86_64", Libc: elfaudit.LibcMusl, Demands: []Demand{{Kind: KindLibrary, Floor: NoPolicy}}}, NotApplicable},
	} {
		if answer, _, err := on.Qualifies(Known(), c.n); answer != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.n.Libc, answer, err)
		}
	}
}

// TestSteps: the measured policies below the floor that are reached when demands go.
func TestSteps(t *testing.T) {
	steps := func(n Needs) []string {
		var list []string
		for _, s := range Known().Steps(n) {
			list = append(list, fmt.Sprintf("%s %d", s.PlatformTag, len(s.Remove)))
		}
		return list
	}
	version := func(floor Floor) Demand { return Demand{Kind: KindVersion, Floor: floor} }
	for _, c := range []struct {
		what string
		n    Needs
		want []string
	}{
		{"nothing to remove", Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc}, nil},
		{"one", Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: []Demand{version(17)}}, []string{"manylinux_2_5_x86_64 1"}},
		{"between policies", Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc, Demands: []Demand{version(14), version(12)}}, []string{"manylinux_2_12_x86_64 1", "manylinux_2_5_x86_64 2"}},
		{"on a machine with a later first policy", Needs{Machine: "aarch64", Libc: elfaudit.LibcGlibc, Demands: []Demand{version(28)}}, []string{"manylinux_2_17_aarch64 1"}},
		{"beyond all policies", Needs{Machine: "loongarch64", Libc: elfaudit.LibcGlibc, Demands: []Demand{version(NoPolicy), version(41)}}, []string{"manylinux_2_41_loongarch64 1", "manylinux_2_36_loongarch64 2"}},
		{"musl", Needs{Machine: "x86_64", Libc: elfaudit.LibcMusl, Demands: []Demand{{Kind: KindMusl, Floor: 2}, {Kind: KindMusl, Floor: NoPolicy}}}, []string{"musllinux_1_2_x86_64 1", "musllinux_1_1_x86_64 2"}},
		{"no libc", Needs{Machine: "x86_64", Libc: elfaudit.LibcNone, Demands: []Demand{{Kind: KindRelocations, Floor: 36}}}, nil},
	} {
		if diff := cmp.Diff(c.want, steps(c.n)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}
