package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestConfigFaults: each fault, at its line, with how to go on; all of a file are told.
func TestConfigFaults(t *testing.T) {
	const policy = "[[policy]]\nname = \"acme\"\nextends = \"manylinux_2_28\"\n"
	const allow = "[[allow]]\nrule = \"WT202\"\nreason = \"tested\"\nexpires = 2027-01-31\n"
	for text, want := range map[string]string{
		"":                 "",
		policy:             "",
		allow:              "",
		"selct = []\n":     `c.toml:1: unknown key "selct"; did you mean select?`,
		"zzzzzzzz = []\n":  `c.toml:1: unknown key "zzzzzzzz"; the keys here are allow, error, exit-zero, fail-on, ignore, index, indexes, jobs, output, per-file, per-project, policy, quiet, require, required-version, select, severity, statistics, strict, targets, warn`,
		"select = 3\n":     `c.toml:1: select is not a list of strings, such as ["a", "b"]`,
		"\nselect = [3]\n": `c.toml:2: select is not a list of strings, such as ["a", "b"]`,
		"severity = 3\n":   `c.toml:1: severity is not a table; write [severity] and lines such as WT215 = "error"`,
		"[severity]\nWT215 = \"deadly\"\nWT216 = 3\nWT217 = \"note\"\nWT212 = \"x\"\n": "c.toml:2: the severity of WT215 is not \"note\", \"warning\" or \"error\"\nc.toml:3: the severity of WT216 is not \"note\", \"warning\" or \"error\"\nc.toml:5: the severity of WT212 is not \"note\", \"warning\" or \"error\"",
		"policy = 3\n":         "c.toml:1: policy is not a list of tables; write [[policy]]",
		"allow = [3]\n":        "c.toml:1: allow is not a list of tables; write [[allow]]",
		policy + "nme = 3\n":   `c.toml:4: unknown key "nme"; did you mean name?`,
		policy + "unban = 3\n": `c.toml:4: unban is not a table such as { "libz.so.1" = ["inflate_fast"] }`,
		"[[policy]]\nname = 3\nextends = \"manylinux_2_28\"\n": "c.toml:1: a policy needs a name of small letters, digits and underscores; \"\" is not one\nc.toml:2: name is not a string; put it in quotes",
		strings.Replace(policy, "acme", "Acme", 1):             `c.toml:1: a policy needs a name of small letters, digits and underscores; "Acme" is not one`,
		policy + policy: "c.toml:4: policy acme: the name is taken by a policy above",
		strings.Replace(policy, "acme", "manylinux_2_17", 1):      "c.toml:1: policy manylinux_2_17: the name is that of a known policy; choose another",
		strings.Replace(policy, "manylinux_2_28", "el8", 1):       `c.toml:1: policy acme: extends "el8", which is neither a known policy such as manylinux_2_28 nor a policy above`,
		policy + "libraries = [\"[\", \"\", \"libx*\"]\n":         "c.toml:1: policy acme: library \"[\" is not a glob such as libcuda.so.*\nc.toml:1: policy acme: library \"\" is not a glob such as libcuda.so.*",
		policy + "versions = [\"GLIBC_2.30\", \"2.30\"]\n":        `c.toml:1: policy acme: version "2.30" is not like GLIBCXX_3.4.25`,
		strings.Replace(allow, "WT202", "WT999", 1):               `c.toml:1: an allowance is for "WT999", and there is no such rule; 'wheeltag rules' lists them`,
		strings.Replace(allow, "WT202", "WT206", 1):               "c.toml:1: WT206 cannot be allowed: what cannot be read cannot be judged",
		strings.Replace(allow, "tested", " ", 1):                  "c.toml:1: the allowance for WT202 has no reason",
		strings.Replace(allow, "expires = 2027-01-31\n", "", 1):   "",
		strings.Replace(allow, "2027-01-31", "2027", 1):           "c.toml:4: the expiry date of the allowance for WT202 is not a date; write expires = 2027-01-31",
		strings.Replace(allow, "2027-01-31", "\"2027-01-31\"", 1): "",
		strings.Replace(allow, "2027-01-31", "\"soon\"", 1):       "c.toml:4: the expiry date of the allowance for WT202 is not a date; write expires = 2027-01-31",
		allow + "library = \"[\"\n":                               `c.toml:1: the allowance for WT202: "[" is not a glob such as lib*.so.1`,
		allow + "libary = \"x\"\n":                                `c.toml:5: unknown key "libary"; did you mean library?`,
		"x = \n":                                                  "c.toml:1: ",
	} {
		c, err := Parse([]byte(text), "c.toml", "")
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want && !(strings.HasSuffix(want, ": ") && strings.HasPrefix(got, want)) || (c == nil) != (err != nil) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if c, err := Parse([]byte(`{"targets": []}`), "c.json", ""); err != nil || c == nil || c.File != "c.json" {
		t.Errorf("JSON: %+v, %v", c, err)
	}
	if c, err := Parse([]byte("[project]\nname = \"x\"\n"), "pyproject.toml", ""); err != nil || c == nil || c.Policies != nil {
		t.Errorf("pyproject.toml without a table of ours: %+v, %v", c, err)
	}
	if c, err := Parse([]byte("[tool.wheeltag]\nselect = [\"WT201\"]\n"), "x/pyproject.toml", ""); err != nil || len(c.Selection().Select) != 1 {
		t.Errorf("pyproject.toml: %+v, %v", c, err)
	}
}

// TestConfigFiles: which file counts, and which cannot be read.
func TestConfigFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, size int64, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if size > 0 {
			if err := os.Truncate(path, size); err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	write("wheeltag.toml", 0, "")
	write("a/pyproject.toml", 0, "[tool.wheeltag]\n")
	write("b/pyproject.toml", 0, "[tool.other]\n# wheeltag\n")
	write("c/pyproject.toml", 0, "[tool.wheeltag\n")
	write("d/wheeltag.toml", maxSize+1, "")
	write("e/wheeltag.toml", maxSize, "")
	write("f/wheeltag.toml/x", 0, "")
	write("g/pyproject.toml", 0, "[tool]\nwheeltag = 3\n")
	write("h/pyproject.toml", 0, "tool = 3 # wheeltag\n")
	write("i/wheeltag.toml", 0, "")
	write("i/pyproject.toml", 0, "[tool.wheeltag]\n")
	for from, want := range map[string]string{
		"": "wheeltag.toml", "a": "a/pyproject.toml", "a/inner": "a/pyproject.toml", "b": "wheeltag.toml", "c": "wheeltag.toml", "d": "wheeltag.toml", "e": "e/wheeltag.toml", "f": "wheeltag.toml", "g": "wheeltag.toml", "h": "wheeltag.toml", "i": "i/wheeltag.toml",
	} {
		if got := Find(filepath.Join(dir, from)); got != filepath.Join(dir, want) {
			t.Errorf("from %q: %s, want %s", from, got, want)
		}
	}
	if got := Find(string(filepath.Separator)); got != "" {
		t.Errorf("at the top: %s", got)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "d/wheeltag.toml"): "is larger than 4194304 bytes", filepath.Join(dir, "f/wheeltag.toml"): "not a regular file", filepath.Join(dir, "nowhere"): "no such file or directory",
	} {
		c, err := ReadFile(path, "")
		if c != nil || err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
		if pathError, ok := err.(*fs.PathError); ok && want == "not a regular file" && pathError.Op != "read" {
			t.Errorf("%v", err)
		}
	}
	if c, err := ReadFile(filepath.Join(dir, "a/pyproject.toml"), ""); err != nil || c.File != filepath.Join(dir, "a/pyproject.toml") {
		t.Errorf("%+v, %v", c, err)
	}
}
