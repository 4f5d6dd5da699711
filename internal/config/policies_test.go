package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

const sample = `
[[policy]]
name = "acme_el8"
extends = "manylinux_2_28"
libraries = ["libcuda.so.*"]
versions = ["GLIBCXX_3.4.25"]
unban = { "libz.so.1" = ["inflate_fast"] }

[[policy]]
name = "acme_gpu"
extends = "acme_el8"
libraries = ["libnvidia-ml.so.1"]

[[allow]]
rule = "WT202"
project = "torch*"
library = "libcuda.so.*"
reason = "the driver comes with the machine"
expires = 2027-01-31

[[allow]]
rule = "wt203"
symbol = "inflate_*"
file = "demo/*"
reason = "tested"
expires = 2026-01-31
`

func read(t testing.TB, text string) *File {
	t.Helper()
	f, err := Read(strings.NewReader(text), "policy.toml")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func ExampleRead() {
	f, err := Read(strings.NewReader(sample), "policy.toml")
	if err != nil {
		panic(err)
	}
	p := f.Policy("acme_gpu")
	fmt.Println(p.Base, p.Allows(manylinux.Demand{Kind: "library", Library: "libcuda.so.1"}))
	// Output: manylinux_2_28 true
}

func TestReadRefuses(t *testing.T) {
	const policy, allow = "[[policy]]\nname = \"a\"\nextends = \"manylinux_2_28\"\n", "[[allow]]\nrule = \"WT202\"\nreason = \"r\"\nexpires = 2027-01-31\n"
	for text, want := range map[string]string{
		"[[policy]\n":              "policy.toml:1:",
		policy + "librarys = []\n": "unknown key",
		"[[policy]]\nname = \"A b\"\nextends = \"manylinux_2_28\"\n": "small letters",
		policy + policy: "is taken",
		"[[policy]]\nname = \"manylinux_2_30\"\nextends = \"manylinux_2_28\"\n": "known policy",
		"[[policy]]\nname = \"a\"\nextends = \"a\"\n":                           "neither a known policy",
		"[[policy]]\nname = \"a\"\nextends = \"b\"\n":                           "neither a known policy",
		policy + "libraries = [\"lib[\"]\n":                                     "not a glob",
		policy + "libraries = [\"\"]\n":                                         "not a glob",
		policy + "versions = [\"3.4\"]\n":                                       "not like",
		strings.Replace(allow, "WT202", "WT999", 1):                             "no rule",
		strings.Replace(allow, "WT202", "WT206", 1):                             "cannot be allowed",
		strings.Replace(allow, "\"r\"", "\" \"", 1):                             "reason",
		strings.Replace(allow, "expires = 2027-01-31\n", "", 1):                 "last day",
		strings.Replace(allow, "2027-01-31", "2027-13-31", 1):                   "policy.toml:4:",
		allow + "symbol = \"[\"\n":                                              "not a glob",
		"# " + strings.Repeat("x", maxSize):                                     "larger",
	} {
		f, err := Read(strings.NewReader(text), "policy.toml")
		var fault *Error
		if f != nil || !errors.As(err, &fault) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want something about %q", text, err, want)
		}
	}
	read(t, policy+allow)
}

func TestAllows(t *testing.T) {
	f := read(t, sample)
	if f.Policy("other") != nil {
		t.Error("a policy that is not there")
	}
	symbols := func(names ...string) (list []manylinux.Symbol) {
		for _, n := range names {
			list = append(list, manylinux.Symbol{Name: n})
		}
		return list
	}
	for _, c := range []struct {
		policy string
		cause  manylinux.Demand
		want   bool
	}{
		{"acme_el8", manylinux.Demand{Kind: "library", Library: "libcuda.so.1"}, true},
		{"acme_el8", manylinux.Demand{Kind: "library", Library: "libcudart.so.1"}, false},
		{"acme_el8", manylinux.Demand{Kind: "library", Library: "libnvidia-ml.so.1"}, false},
		{"acme_gpu", manylinux.Demand{Kind: "library", Library: "libnvidia-ml.so.1"}, true},
		{"acme_gpu", manylinux.Demand{Kind: "version", Version: "GLIBCXX_3.4.25"}, true},
		{"acme_gpu", manylinux.Demand{Kind: "version", Version: "GLIBCXX_3.4.26"}, false},
		{"acme_el8", manylinux.Demand{Kind: "ban", Library: "libz.so.1", Symbols: symbols("inflate_fast")}, true},
		{"acme_el8", manylinux.Demand{Kind: "ban", Library: "libz.so.1", Symbols: symbols("inflate_fast", "inflate_table")}, false},
		{"acme_el8", manylinux.Demand{Kind: "ban", Library: "libc.so.6", Symbols: symbols("inflate_fast")}, false},
		{"acme_el8", manylinux.Demand{Kind: "processor"}, false},
	} {
		if p := f.Policy(c.policy); p == nil || p.Allows(c.cause) != c.want {
			t.Errorf("%s allows %+v: %v", c.policy, c.cause, !c.want)
		}
	}
}

// TestAllowances: what the file says comes out as data, rules by their ids.
func TestAllowances(t *testing.T) {
	want := []finding.Allowance{
		{Rule: "WT202", Project: "torch*", Library: "libcuda.so.*", Reason: "the driver comes with the machine", Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)},
		{Rule: "WT203", Symbol: "inflate_*", File: "demo/*", Reason: "tested", Expires: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, read(t, sample).Allowances); diff != "" {
		t.Errorf("allowances (-want +got):\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("[[allow]]\nrule = \"WT206\"")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Read(strings.NewReader(text), "x")
		if (file == nil) == (err == nil) {
			t.Fatalf("%v and %v", file, err)
		}
		if err == nil {
			finding.Apply(file.Allowances, []finding.Finding{{Rule: "WT206"}, {Rule: "WT202", Library: "a"}}, "p", time.Unix(0, 0))
		}
	})
}
