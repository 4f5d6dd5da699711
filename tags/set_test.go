package tags

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSetErrors(t *testing.T) {
	for _, c := range []struct {
		text      string
		code      SetFault
		component Part
		member    string
		offset    int
	}{
		{"", FaultEmptyMember, PartInterpreter, "", 0},
		{"py3.-none-any", FaultEmptyMember, PartInterpreter, "", 4},
		{"-none-any", FaultEmptyMember, PartInterpreter, "", 0},
		{"py3--any", FaultEmptyMember, PartABI, "", 4},
		{"py3-none-any.", FaultEmptyMember, PartPlatform, "", 13},
		{"py2..py3-none-any", FaultEmptyMember, PartInterpreter, "", 4},
		{"py3-none", FaultParts, PartInterpreter, "", 0},
		{"py3-none-any-x", FaultParts, PartInterpreter, "", 0},
		{"py3", FaultParts, PartInterpreter, "", 0},
		{"2-none-any", FaultIdentifier, PartInterpreter, "2", 0},
		{"py3.2.7-none-any", FaultIdentifier, PartInterpreter, "2", 4},
		{"py+3-none-any", FaultIdentifier, PartInterpreter, "py+3", 0},
		{"\u00b7x-none-any", FaultIdentifier, PartInterpreter, "\u00b7x", 0},
		{strings.Repeat("x", MaxSetLength) + "-none-any", FaultTooLong, PartInterpreter, "", 0},
	} {
		set, err := ParseSet(c.text)
		var fault *SetError
		if !errors.As(err, &fault) {
			t.Errorf("%.40q: %v", c.text, err)
			continue
		}
		if fault.Code != c.code || fault.Part != c.component || fault.Member != c.member || fault.Offset != c.offset || fault.Error() == "" {
			t.Errorf("%.40q: %+v", c.text, *fault)
		}
		if set.Len() != 0 || set.String() != "" {
			t.Errorf("%.40q: an error and a set", c.text)
		}
	}
}

func TestSet(t *testing.T) {
	set, err := ParseSet("CP311.cp312-None-ANY.linux_x86_64")
	if err != nil {
		t.Fatal(err)
	}
	if set.String() != "cp311.cp312-none-any.linux_x86_64" || set.Len() != 4 {
		t.Errorf("%s, %d tags", set.String(), set.Len())
	}
	if diff := cmp.Diff([]string{"any", "linux_x86_64"}, slices.Collect(set.Members(PartPlatform))); diff != "" {
		t.Error(diff)
	}
	if !set.Has(PartInterpreter, "cp312") || set.Has(PartInterpreter, "cp31") || set.Part(PartABI) != "none" {
		t.Error("members are not found")
	}
	for text, want := range map[string]bool{"py2.py3-none-any": false, "py3.py2-none-any": true, "py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64": true, "py3-none-any.any": false} {
		set, err := ParseSet(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, unsorted := set.Unsorted(); unsorted != want {
			t.Errorf("%s is unsorted: %v", text, unsorted)
		}
	}
	var zero Set
	target, err := New(Python{Major: 3, Minor: 11}, Platform{OS: Generic, Arch: "x"}, Packaging)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := target.Rank(&zero); ok {
		t.Error("the zero set fits")
	}
	if r := target.Explain(&zero); r == nil || r.Code != ReasonNever || r.Message != "the wheel names no tags" {
		t.Errorf("the zero set: %v", r)
	}
}

func TestNewRefuses(t *testing.T) {
	linux := Platform{OS: Linux, Arch: "x86_64"}
	for what, c := range map[string]struct {
		python   Python
		platform Platform
	}{
		"major version":        {Python{Major: 12}, linux},
		"minor version":        {Python{Major: 3, Minor: 1000}, linux},
		"no version":           {Python{}, linux},
		"threaded PyPy":        {Python{Implementation: "pypy", Major: 3, Minor: 10, Threaded: true}, linux},
		"implementation":       {Python{Implementation: "a-b", Major: 3, Minor: 10}, linux},
		"ABI":                  {Python{Major: 3, Minor: 10, ABIs: []string{"a.b"}}, linux},
		"no machine":           {Python{Major: 3, Minor: 10}, Platform{OS: Linux}},
		"machine":              {Python{Major: 3, Minor: 10}, Platform{OS: Linux, Arch: "x86-64"}},
		"any as machine":       {Python{Major: 3, Minor: 10}, Platform{OS: Generic, Arch: "any"}},
		"libc on macOS":        {Python{Major: 3, Minor: 10}, Platform{OS: MacOS, Arch: "arm64", Major: 14, Libc: Libc{Glibc, 2, 31}}},
		"Windows machine":      {Python{Major: 3, Minor: 10}, Platform{OS: Windows, Arch: "x86_64"}},
		"glibc 1":              {Python{Major: 3, Minor: 10}, Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Glibc, 1, 0}}},
		"version number":       {Python{Major: 3, Minor: 10}, Platform{OS: MacOS, Arch: "arm64", Major: 100000}},
		"negative libc number": {Python{Major: 3, Minor: 10}, Platform{OS: Linux, Arch: "x86_64", Libc: Libc{Musl, 1, -2}}},
	} {
		if target, err := New(c.python, c.platform, Packaging); err == nil || target != nil {
			t.Errorf("%s is accepted", what)
		}
	}
}

// FuzzSet: nothing panics, what is accepted keeps its members, and the target's
// answers agree with each other.
func FuzzSet(f *testing.F) {
	for _, seed := range []string{"py3-none-any", "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64", "", "--", "py3.-none-any", "\u0130-\u03a3-\u00e9", "cp999999999-cp9t-macosx_10_9_fat3"} {
		f.Add(seed)
	}
	var targets []*Target
	for _, profile := range []Profile{Packaging, UV} {
		for _, p := range []Platform{debian11, mac14, windows, alpine} {
			target, err := New(cp311, p, profile)
			if err != nil {
				f.Fatal(err)
			}
			targets = append(targets, target)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := ParseSet(text)
		if err != nil {
			return
		}
		again, err := ParseSet(set.String())
		if err != nil || again.Len() != set.Len() {
			t.Fatalf("%q becomes %q: %v", text, set.String(), err)
		}
		for _, target := range targets {
			rank, ok := target.Rank(&set)
			tag, best, found := target.Best(&set)
			reason := target.Explain(&set)
			if ok != found || ok != (reason == nil) || ok && rank != best || !ok && reason.Message == "" {
				t.Fatalf("%q on %s: %d %v, %s %d %v, %v", text, target.Name(), rank, ok, tag, best, found, reason)
			}
		}
	})
}
