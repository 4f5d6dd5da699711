package config

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestTableFaults: each mistake in the part about rules, at its line, with how to go on.
func TestTableFaults(t *testing.T) {
	for text, want := range map[string]string{
		"warn = [\"WT2\"]\nerror = [\"WT20\"]\n[severity]\nWT201 = \"note\"\n": "",
		"warn = [\"WT2\"]\n\nerror = [\"WT3\", \"WT2\"]\n":                     "c.toml:3: WT2 is in both warn and error; leave one",
		"warn = [\"WT217\"]\n[severity]\nhardening = \"error\"\n":              "c.toml:3: hardening is in both warn and severity; leave one",
		"warn = [\"WT217\"]\n[severity]\nhardening = \"warning\"\n":            "",
		"warn = 3\n":                             "c.toml:1: warn is not a list of strings, such as [\"a\", \"b\"]",
		"select = []\n":                          "c.toml:1: select is empty, which would check nothing; name rules, or leave it out for all of them",
		"ignore = [\n\"WT2\",\n\"hardning\"]":    "c.toml:3: no rule is called \"hardning\" and no rule id starts with it; did you mean hardening?; 'wheeltag rules' lists them",
		"ignore = [\"WT217\", \"wt206\"]":        "c.toml:1: WT206 cannot be ignored: what cannot be read cannot be judged",
		"warn = [\"unreadable-binary\"]":         "c.toml:1: WT206 cannot be made a warning: what cannot be read cannot be judged",
		"error = [\"WT206\"]":                    "",
		"select = [\"WT9\"]\nwarn = [\"WT8\"]\n": "c.toml:1: no rule is called \"WT9\" and no rule id starts with it; 'wheeltag rules' lists them\nc.toml:2: no rule is called \"WT8\" and no rule id starts with it; 'wheeltag rules' lists them",

		"index = \"none\"":                           "",
		"index = \"pypu\"":                           "c.toml:1: unknown index \"pypu\"; did you mean pypi?; known are pypi, none, and more can be added below [indexes]",
		"index = 'zzzzzz'":                           "c.toml:1: unknown index \"zzzzzz\"; known are pypi, none, and more can be added below [indexes]",
		"[indexes]\nnone = []\nacme = [\"WT201\"]\n": "c.toml:2: the name none is taken by a known index; choose another\nc.toml:3: WT201 is no rule about uploads, so that it holds for every index; choose from those of WT5, or use select, ignore or severity",
		"[require]\nmusl = \"el8\"\n":                "c.toml:2: require: musl = \"el8\": neither a tag such as musllinux_1_2 nor a policy of this file",
		"[per-project.\"\"]\n":                       "c.toml:1: per-project: \"\" is not a glob such as \"torch*\"",
		"ignore = [\n\"hardning\",\n\"WT2\"]":        "c.toml:2: no rule is called \"hardning\" and no rule id starts with it; did you mean hardening?; 'wheeltag rules' lists them",
		"jobs = 1":                                   "",
		"jobs = 99999999999999999999":                "c.toml:1: jobs is not a whole number from 1 on, such as jobs = 4",
		"index = 3":                                  "c.toml:1: index is not a string; put it in quotes",
		"indexes = 3":                                "c.toml:1: indexes is not a table; write [indexes] and lines such as acme = [\"WT501\"]",
		"[indexes]\nnone = []\n":                     "c.toml:2: the name none is taken by a known index; choose another",
		"[indexes]\nacme = [\"WT5\"]\n[per-project.\"acme-*\"]\nindex = \"acme\"\n": "",
		"[indexes]\nacme = [\"WT201\"]\n":                                           "c.toml:2: WT201 is no rule about uploads, so that it holds for every index; choose from those of WT5, or use select, ignore or severity",
		"[indexes]\nacme = 3\n":                                                     "c.toml:2: acme is not a list of strings, such as [\"a\", \"b\"]",

		"require = { linux = \"manylinux_2_28\", musl = \"musllinux_1_2\" }":                          "",
		"require = { linux = \"manylinux_2_28_x86_64\" }":                                             "",
		"require = \"manylinux_2_28\"":                                                                "c.toml:1: require is not a table; write require = { linux = \"manylinux_2_28\", musl = \"musllinux_1_2\" }",
		"require = { linx = \"manylinux_2_28\" }":                                                     "c.toml:1: unknown key \"linx\"; did you mean linux?",
		"[require]\nlinux = \"el8\"\n":                                                                "c.toml:2: require: linux = \"el8\": neither a tag such as manylinux_2_28 nor a policy of this file",
		"[require]\nlinux = \"musllinux_1_2\"\n":                                                      "c.toml:2: require: linux = \"musllinux_1_2\" is a tag for musl; the key for that is musl",
		"[require]\nmusl = \"manylinux2014\"\n":                                                       "c.toml:2: require: musl = \"manylinux2014\" is a tag for glibc; the key for that is linux",
		"require = { linux = \"acme\" }\n[[policy]]\nname = \"acme\"\nextends = \"manylinux_2_28\"\n": "",

		"strict = true\nfail-on = \"warning\"\n": "",
		"strict = true\nfail-on = \"note\"\n":    "c.toml:2: fail-on = \"note\" and strict contradict each other; strict = true means fail-on = \"warning\"",
		"strict = \"yes\"":                       "c.toml:1: strict is not true or false; write strict = true",
		"fail-on = \"fatal\"":                    "c.toml:1: fail-on is not \"error\", \"warning\" or \"note\"",
		"fail-on = true":                         "c.toml:1: fail-on is not \"error\", \"warning\" or \"note\"",
		"exit-zero = 1":                          "c.toml:1: exit-zero is not true or false; write exit-zero = true",
		"jobs = 0":                               "c.toml:1: jobs is not a whole number from 1 on, such as jobs = 4",
		"jobs = \"4\"":                           "c.toml:1: jobs is not a whole number from 1 on, such as jobs = 4",
		"output = 3":                             "c.toml:1: output is not a string; put it in quotes",

		"per-file = 3":                                                       "c.toml:1: per-file is not a table; write [per-file.\"*-win_amd64.whl\"]",
		"[per-project]\ntorch = 3\n":                                         "c.toml:2: per-project.\"torch\" is not a table; write [per-project.\"torch\"]",
		"[per-file.\"dist/*\"]\n":                                            "c.toml:1: per-file: \"dist/*\" has a directory in it, but is compared with names alone; write a glob such as \"*-win_amd64.whl\"",
		"[per-file.\"[\"]\n":                                                 "c.toml:1: per-file: \"[\" is not a glob such as \"*-win_amd64.whl\"",
		"[per-project.\"Torch_*\"]\n":                                        "c.toml:1: per-project: \"Torch_*\" matches no project: their names are in normal form, such as \"torch-*\"",
		"[per-project.torch]\nquiet = true\n":                                "c.toml:2: quiet is for the whole run; move it out of [per-project.\"torch\"], to the top of the file",
		"[per-project.torch]\nignor = [\"WT2\"]\n":                           "c.toml:2: unknown key \"ignor\"; did you mean ignore?",
		"[per-project.torch]\nignore = [\"WT206\"]\n":                        "c.toml:2: WT206 cannot be ignored: what cannot be read cannot be judged",
		"[[allow]]\nrule = \"WT202\"\nreason = \"r\"\nproject = \"Torch\"\n": "c.toml:1: the allowance for WT202: project \"Torch\" matches no project: their names are in normal form, such as \"torch\"",
	} {
		c, err := Parse([]byte(text), "c.toml", "")
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want || (c == nil) != (err != nil) {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestRequiredVersion: a file for other versions says so, and nothing else, as its keys
// may be newer than this program.
func TestRequiredVersion(t *testing.T) {
	for _, c := range []struct{ wanted, version, fault string }{
		{">=0.3, <1", "v0.3.0", ""},
		{">=0.3, <1", "0.9.4", ""},
		{">=0.3, <1", "v0.2.9", "needs wheeltag >=0.3, <1, but this is 0.2.9"},
		{">=0.3, <1", "v1.0.0", "needs wheeltag >=0.3, <1, but this is 1.0.0"},
		{">=0.3, <1", "v0.4.0-rc.1", ""},
		{">=0.3, <1", "v1.0.0-rc.1", "but this is 1.0.0-rc.1"},
		{">=0.3", "v0.3.0-rc.1", "but this is 0.3.0-rc.1"},
		{"~0.3", "v0.3.7+dirty", ""},
		{"~0.3", "v0.4.0", "but this is 0.4.0"},
		{">=9", "", ""},          // not built from a release
		{">=9", "something", ""}, // a version that says nothing
		{"three", "", `required-version "three" is not a range of versions such as ">=0.3, <1"`},
		{"three", "v0.3.0", `required-version "three" is not a range of versions such as ">=0.3, <1"`},
	} {
		text := "\nrequired-version = '" + c.wanted + "'\n"
		config, err := Parse([]byte(text), "c.toml", c.version)
		switch {
		case c.fault == "" && (err != nil || config.RequiredVersion != c.wanted):
			t.Errorf("%s with %s: %v", c.wanted, c.version, err)
		case c.fault != "" && (err == nil || !strings.HasPrefix(err.Error(), "c.toml:2: ") || !strings.Contains(err.Error(), c.fault)):
			t.Errorf("%s with %s: %v, want %s", c.wanted, c.version, err, c.fault)
		}
		_, err = Parse([]byte(text+"new-key = 1\n[[targets]]\nnew-too = 1\n"), "c.toml", c.version)
		if c.fault != "" && (strings.Count(err.Error(), "\n") != 0 || !strings.Contains(err.Error(), c.fault)) || c.fault == "" && (err == nil || !strings.Contains(err.Error(), "new-")) {
			t.Errorf("%s with %s and new keys: %v", c.wanted, c.version, err)
		}
	}
	if _, err := Parse([]byte("[tool.wheeltag]\nrequired-version = 3\n"), "pyproject.toml", "v1.0.0"); err == nil || err.Error() != "pyproject.toml:2: required-version is not a string; put it in quotes" {
		t.Error(err)
	}
	if c, err := Parse([]byte("required-version = '>=9'\n"), "pyproject.toml", "v1.0.0"); err != nil || c.RequiredVersion != "" {
		t.Error("a key of another program was read:", err)
	}
}

// layered has tables for projects and files.
const layered = `
ignore = ["WT217"]
require = { linux = "manylinux_2_28", musl = "musllinux_1_2" }
output = "out/report.json"
jobs = 3
quiet = true
statistics = true
exit-zero = true

[per-file."*-win_amd64.whl"]
fail-on = "note"
require = { linux = "manylinux_2_17" }

[per-project."demo*"]
strict = true
error = ["WT217"]
require = { linux = "manylinux_2_34" }

[per-project."demo-a"]
strict = false
`

// TestTables: tables for files come after those for projects, and each of these after
// what stands before it in the file.
func TestTables(t *testing.T) {
	c := read(t, layered)
	for _, one := range []struct {
		file, project string
		require       Require
		failing       finding.Severity
	}{
		{"x.whl", "other", Require{"manylinux_2_28", "musllinux_1_2"}, finding.Error},
		{"x.whl", "demo", Require{"manylinux_2_34", "musllinux_1_2"}, finding.Warning},
		{"x.whl", "demo-a", Require{"manylinux_2_34", "musllinux_1_2"}, finding.Error},
		{"x-win_amd64.whl", "demo-a", Require{"manylinux_2_17", "musllinux_1_2"}, finding.Note},
		{"x-win_amd64.whl", "", Require{"manylinux_2_17", "musllinux_1_2"}, finding.Note},
	} {
		require, failing := c.For(one.file, one.project)
		if require != one.require || failing != one.failing {
			t.Errorf("%s of %s: %v, %v", one.file, one.project, require, failing)
		}
	}
	if got := (Require{Musl: "musllinux_1_2"}).Tags(); len(got) != 1 || got[0] != "musllinux_1_2" {
		t.Errorf("%q", got)
	}
	hardening, _ := finding.Lookup("WT217")
	s := c.Selection()
	for project, want := range map[string]finding.Decision{
		"other": {Severity: finding.Note, By: "policy.toml:2: ignore WT217"}, "demo": {Severity: finding.Error}, "demo-b": {Severity: finding.Error},
	} {
		if got := s.Decide(hardening, "x.whl", project); got != want {
			t.Errorf("%s: %+v", project, got)
		}
	}
	if diff := cmp.Diff(Run{ExitZero: true, Statistics: true, Quiet: true, Output: "out/report.json", Jobs: 3}, c.Run); diff != "" {
		t.Error(diff)
	}
	if c, err := Parse([]byte("output = 'x'"), "a/b/wheeltag.toml", ""); err != nil || c.Run.Output != "a/b/x" {
		t.Error("the output is not next to the file", err)
	}
	full := filepath.Join(t.TempDir(), "x")
	if c, err := Parse([]byte("output = '"+full+"'"), "a/wheeltag.toml", ""); err != nil || c.Run.Output != full {
		t.Error("an absolute path for the output", err)
	}
	c = read(t, "strict = true\n[per-file.\"*\"]\nrequire = { musl = \"musllinux_1_1\" }\n")
	if require, failing := c.For("x", "y"); failing != finding.Warning || require != (Require{Musl: "musllinux_1_1"}) || c.Run.Output != "" {
		t.Errorf("a table without fail-on: %v, %v; %q", require, failing, c.Run.Output)
	}
	if require, failing := (&Config{}).For("x", "y"); failing != finding.Error || require != (Require{}) {
		t.Errorf("without a file: %v, %v", require, failing)
	}
}

// TestIndexes: an index has the rules of its list alone.
func TestIndexes(t *testing.T) {
	c := read(t, "index = \"acme\"\n[indexes]\nacme = [\"WT5\"]\nbare = []\n")
	if c.General.Selection.Index.Name != "acme" || len(c.General.Selection.Index.Rules) != 1 {
		t.Errorf("%+v", c.General.Selection.Index)
	}
	for name, rules := range map[string]int{"acme": 1, "bare": 0, "none": 0, "pypi": 1} {
		if i, err := c.Index(name); err != nil || i.Name != name || len(i.Rules) != rules {
			t.Errorf("%s: %+v, %v", name, i, err)
		}
	}
	if _, err := c.Index("acne"); err == nil || err.Error() != `unknown index "acne"; did you mean acme?; known are pypi, none, acme, bare, and more can be added below [indexes]` {
		t.Error(err)
	}
	var fault *Error
	if _, err := Parse([]byte("index = 'x'"), "c.toml", ""); !errors.As(err, &fault) || fault.Line != 1 {
		t.Error(err)
	}
}
