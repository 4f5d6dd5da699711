package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

func read(t testing.TB, text string) *Config {
	t.Helper()
	f, err := Parse([]byte(text), "policy.toml", "")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func ExampleParse() {
	f, err := Parse([]byte(sample), "policy.toml", "")
	if err != nil {
		panic(err)
	}
	p := f.Policy("acme_gpu")
	fmt.Println(p.Base, p.Allows(manylinux.Demand{Kind: "library", Library: "libcuda.so.1"}))
	// Output: manylinux_2_28 true
}

func TestParseRefuses(t *testing.T) {
	const policy, allow = "[[policy]]\nname = \"a\"\nextends = \"manylinux_2_28\"\n", "[[allow]]\nrule = \"WT202\"\nreason = \"r\"\nexpires = 2027-01-31\n"
	for text, want := range map[string]string{
		"[[policy]\n":                     "policy.toml:",
		policy + "librarys = []\n":        `policy.toml:4: unknown key "librarys"; did you mean libraries?`,
		"taregts = 1\n":                   `policy.toml:1: unknown key "taregts"; did you mean targets?`,
		"\nselect = 1\n":                  "policy.toml:2: select is not a list of strings",
		"select = [\"WT9\"]\n":            `policy.toml:1: no rule is called "WT9"`,
		"ignore = [\"WT206\"]\n":          "cannot be ignored",
		"[severity]\nWT215 = \"fatal\"\n": "policy.toml:2: the severity of WT215",
		"severity = 1\n":                  "not a table",
		"policy = 1\n":                    "not a list of tables",
		"[[targets]]\nos = \"x\"\n":       "policy.toml:2: unknown key",
		policy + "unban = 1\n":            "unban is not a table",
		"[[policy]]\nname = \"A b\"\nextends = \"manylinux_2_28\"\n": "small letters",
		policy + policy: "is taken",
		"[[policy]]\nname = \"manylinux_2_30\"\nextends = \"manylinux_2_28\"\n": "known policy",
		"[[policy]]\nname = \"a\"\nextends = \"a\"\n":                           "neither a known policy",
		"[[policy]]\nname = \"a\"\nextends = \"b\"\n":                           "neither a known policy",
		policy + "libraries = [\"lib[\"]\n":                                     "not a glob",
		policy + "libraries = [\"\"]\n":                                         "not a glob",
		policy + "versions = [\"3.4\"]\n":                                       "not like",
		strings.Replace(allow, "WT202", "WT999", 1):                             "no such rule",
		strings.Replace(allow, "WT202", "WT206", 1):                             "cannot be allowed",
		strings.Replace(allow, "\"r\"", "\" \"", 1):                             "reason",
		strings.Replace(allow, "2027-01-31", "2027-13-31", 1):                   "expiry date",
		allow + "symbol = \"[\"\n":                                              "not a glob",
	} {
		f, err := Parse([]byte(text), "policy.toml", "")
		if f != nil || err == nil || !strings.Contains(err.Error(), want) {
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
		{Rule: "WT202", Project: "torch*", Library: "libcuda.so.*", Reason: "the driver comes with the machine", Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), From: "policy.toml:14"},
		{Rule: "WT203", Symbol: "inflate_*", File: "demo/*", Reason: "tested", Expires: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), From: "policy.toml:21"},
	}
	if diff := cmp.Diff(want, read(t, sample).Allowances); diff != "" {
		t.Errorf("allowances (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add("[[allow]]\nrule = \"WT206\"")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse([]byte(text), "x.toml", "")
		if (file == nil) == (err == nil) {
			t.Fatalf("%v and %v", file, err)
		}
		if err == nil {
			finding.Apply(file.Allowances, []finding.Finding{{Rule: "WT206"}, {Rule: "WT202", Library: "a"}}, "p", time.Unix(0, 0))
		}
	})
}

// TestFind: the nearest file counts, and a pyproject.toml only if it has our table.
func TestFind(t *testing.T) {
	top := t.TempDir()
	at := func(name string) string { return filepath.Join(top, filepath.FromSlash(name)) }
	write := func(name, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(at(name)), 0o755), os.WriteFile(at(name), []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("wheeltag.toml", "")
	write("a/pyproject.toml", "[project]\nname = 'wheeltag'\n")
	write("b/pyproject.toml", "[tool.wheeltag]\nselect = ['WT2']\n")
	write("b/c/wheeltag.toml", "")
	write("b/c/pyproject.toml", "[tool.wheeltag]\n")
	write("d/pyproject.toml", "[tool.wheeltag\n")
	if err := os.MkdirAll(at("e/wheeltag.toml"), 0o755); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		".": "wheeltag.toml", "a": "wheeltag.toml", "b": "b/pyproject.toml", "b/c": "b/c/wheeltag.toml", "d": "wheeltag.toml", "e": "wheeltag.toml",
	} {
		if got := Find(at(dir)); got != at(want) {
			t.Errorf("from %s: %s, want %s", dir, got, want)
		}
	}
	c, err := ReadFile(at("b/pyproject.toml"), "")
	if err != nil || len(c.Selection().Select) != 1 || c.File != at("b/pyproject.toml") {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := ReadFile(at("e/wheeltag.toml"), ""); err == nil {
		t.Error("a directory was read")
	}
}

// TestSections: all parts of a file at once, also below tool.wheeltag.
func TestSections(t *testing.T) {
	text := "select = ['WT2', 'bad-name']\nignore = ['WT217']\n[severity]\nWT215 = 'error'\n[[targets]]\nname = 'api'\nplatform = 'debian:12'\n" + sample
	nested := "[tool.other]\nx = 1\n[tool.wheeltag]\n" + strings.NewReplacer("[severity]", "[tool.wheeltag.severity]", "[[targets]]", "[[tool.wheeltag.targets]]",
		"[[policy]]", "[[tool.wheeltag.policy]]", "[[allow]]", "[[tool.wheeltag.allow]]").Replace(text)
	for name, text := range map[string]string{"wheeltag.toml": text, "pyproject.toml": nested} {
		c, err := Parse([]byte(text), name, "")
		if err != nil {
			t.Fatal(name, err)
		}
		line := map[string]int{"wheeltag.toml": 1, "pyproject.toml": 4}[name]
		want := finding.Selection{
			Select: []string{"WT2", "bad-name"}, Ignore: []string{"WT217"}, Severity: map[string]finding.Severity{"WT215": finding.Error},
			From: map[string]string{"select": fmt.Sprintf("%s:%d: select", name, line), "ignore": fmt.Sprintf("%s:%d: ignore", name, line+1)},
		}
		if diff := cmp.Diff(want, c.Selection()); diff != "" {
			t.Errorf("%s: selection (-want +got):\n%s", name, diff)
		}
		if len(c.Policies) != 2 || len(c.Allowances) != 2 || len(c.Targets.Targets) != 1 || c.Targets.Targets[0].Name != "api" {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// TestFaultsInOrder: all faults are told, from the top of the file down.
func TestFaultsInOrder(t *testing.T) {
	_, err := Parse([]byte("ignore = [\"WT2020\"]\n\nnope = 1\n"), "wheeltag.toml", "")
	lines := strings.Split(fmt.Sprint(err), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "wheeltag.toml:1: ") || !strings.HasPrefix(lines[1], "wheeltag.toml:3: ") {
		t.Errorf("%q", lines)
	}
}
