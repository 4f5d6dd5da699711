package policyfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/manylinux"
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
	p, _ := f.Policy("acme_gpu")
	fmt.Println(p.Base, p.Allows(manylinux.Cause{Kind: "library", Library: "libcuda.so.1"}))
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
	if _, ok := f.Policy("other"); ok {
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
		cause  manylinux.Cause
		want   bool
	}{
		{"acme_el8", manylinux.Cause{Kind: "library", Library: "libcuda.so.1"}, true},
		{"acme_el8", manylinux.Cause{Kind: "library", Library: "libcudart.so.1"}, false},
		{"acme_el8", manylinux.Cause{Kind: "library", Library: "libnvidia-ml.so.1"}, false},
		{"acme_gpu", manylinux.Cause{Kind: "library", Library: "libnvidia-ml.so.1"}, true},
		{"acme_gpu", manylinux.Cause{Kind: "version", Version: "GLIBCXX_3.4.25"}, true},
		{"acme_gpu", manylinux.Cause{Kind: "version", Version: "GLIBCXX_3.4.26"}, false},
		{"acme_el8", manylinux.Cause{Kind: "ban", Library: "libz.so.1", Symbols: symbols("inflate_fast")}, true},
		{"acme_el8", manylinux.Cause{Kind: "ban", Library: "libz.so.1", Symbols: symbols("inflate_fast", "inflate_table")}, false},
		{"acme_el8", manylinux.Cause{Kind: "ban", Library: "libc.so.6", Symbols: symbols("inflate_fast")}, false},
		{"acme_el8", manylinux.Cause{Kind: "processor"}, false},
	} {
		p, ok := f.Policy(c.policy)
		if !ok || p.Allows(c.cause) != c.want {
			t.Errorf("%s allows %+v: %v", c.policy, c.cause, !c.want)
		}
	}
}

func TestApply(t *testing.T) {
	f := read(t, sample)
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateTime, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	cuda := manylinux.Finding{Rule: "WT202", Severity: manylinux.Error, File: "torch/lib/x.so", Library: "libcuda.so.1", Message: "m"}
	zlib := manylinux.Finding{Rule: "WT203", Severity: manylinux.Error, File: "demo/x.so", Symbols: []string{"inflate_fast"}, Message: "m"}
	for _, c := range []struct {
		what, project, today string
		finding              manylinux.Finding
		allowed              bool
		severity             manylinux.Severity
		expired              bool
	}{
		{"in time", "torch", "2026-11-21 00:00:00", cuda, true, "", false},
		{"on the last day", "torch", "2027-01-31 23:59:59", cuda, true, "", false},
		{"the day after", "torch", "2027-02-01 00:00:00", cuda, false, manylinux.Warning, true},
		{"within a month", "torch", "2027-03-02 23:59:59", cuda, false, manylinux.Warning, true},
		{"after a month", "torch", "2027-03-03 00:00:00", cuda, false, manylinux.Error, true},
		{"another project", "numpy", "2026-11-21 00:00:00", cuda, false, manylinux.Error, false},
		{"symbols, long expired", "demo", "2026-11-21 00:00:00", zlib, false, manylinux.Error, true},
		{"symbols, in time", "demo", "2026-01-01 00:00:00", zlib, true, "", false},
	} {
		kept, allowed := f.Apply([]manylinux.Finding{c.finding}, c.project, day(c.today))
		if (len(allowed) == 1) != c.allowed || len(kept)+len(allowed) != 1 {
			t.Errorf("%s: kept %d, allowed %d", c.what, len(kept), len(allowed))
			continue
		}
		if !c.allowed && (kept[0].Severity != c.severity || strings.Contains(kept[0].Message, "expired") != c.expired) {
			t.Errorf("%s: %+v", c.what, kept[0])
		}
	}
	for what, finding := range map[string]manylinux.Finding{
		"another rule":       {Rule: "WT201", Library: "libcuda.so.1"},
		"another library":    {Rule: "WT202", Library: "libfoo.so.1"},
		"another file":       {Rule: "WT203", File: "x.so", Symbols: []string{"inflate_fast"}},
		"one symbol is not":  {Rule: "WT203", File: "demo/x.so", Symbols: []string{"inflate_fast", "other"}},
		"no symbols":         {Rule: "WT203", File: "demo/x.so"},
		"an unreadable file": {Rule: "WT206", File: "demo/x.so"},
	} {
		if kept, _ := f.Apply([]manylinux.Finding{finding}, "torch", day("2026-01-01 00:00:00")); len(kept) != 1 || strings.Contains(kept[0].Message, "expired") {
			t.Errorf("%s is allowed", what)
		}
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
			file.Apply([]manylinux.Finding{{Rule: "WT206"}, {Rule: "WT202", Library: "a"}}, "p", time.Unix(0, 0))
		}
	})
}
