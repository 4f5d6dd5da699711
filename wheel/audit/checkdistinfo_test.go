package audit

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// wheelFiles are the files of a wheel in which nothing is wrong, but for RECORD.
func wheelFiles() map[string]string {
	return map[string]string{
		"demo/__init__.py": "x = 1\n", "demo/cli.py": "def main(): pass\n",
		"demo-1.0.dist-info/METADATA": "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n",
		"demo-1.0.dist-info/WHEEL":    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py2-none-any\nTag: py3-none-any\n",
	}
}

// findingsOf audits a wheel of files with the right RECORD.
func findingsOf(t *testing.T, filename string, files map[string]string) []string {
	t.Helper()
	var members []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		members = append(members, name, files[name])
	}
	dir := "demo-1.0.dist-info"
	if strings.HasPrefix(filename, "Demo_X") {
		dir = "Demo_X-1.0.dist-info"
	}
	record := strings.Replace(recordOf(members...), "demo-1.0.dist-info/RECORD", dir+"/RECORD", 1)
	data := stored(t, append(members, dir+"/RECORD", record)...)
	r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), filename)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Rule+" "+f.Severity.String()+" "+f.File+" "+f.Message)
	}
	slices.Sort(got)
	return got
}

// TestDistInfoRules changes one file of a wheel in which nothing is wrong.
func TestDistInfoRules(t *testing.T) {
	const wheelFile, metadataFile, points = "demo-1.0.dist-info/WHEEL", "demo-1.0.dist-info/METADATA", "demo-1.0.dist-info/entry_points.txt"
	const name = "demo-1.0-py2.py3-none-any.whl"
	without := func(file string) func(map[string]string) { return func(f map[string]string) { delete(f, file) } }
	with := func(file, content string) func(map[string]string) {
		return func(f map[string]string) { f[file] = content }
	}
	replaced := func(file, old, by string) func(map[string]string) {
		return func(f map[string]string) {
			if !strings.Contains(f[file], old) {
				t.Fatalf("%s has no %q", file, old)
			}
			f[file] = strings.Replace(f[file], old, by, 1)
		}
	}
	for _, c := range []struct {
		what, filename string
		change         func(map[string]string)
		want           string // of the only finding; empty for none
	}{
		{"nothing", name, func(map[string]string) {}, ""},
		{"a build tag", "demo-1.0-1a-py2.py3-none-any.whl", replaced(wheelFile, "Tag", "Build: 1a\nTag"), ""},
		{"no build tag in WHEEL", "demo-1.0-1a-py2.py3-none-any.whl", func(map[string]string) {}, `WT105 error ` + wheelFile + ` has the build tag ""; the file name has "1a"`},
		{"no tags", name, replaced(wheelFile, "Tag: py2-none-any\nTag: py3-none-any\n", ""), "WT105 error " + wheelFile + " has no field Tag"},
		{"a tag is missing", name, replaced(wheelFile, "Tag: py2-none-any\n", ""), "WT105 error " + wheelFile + " lacks the tag py2-none-any of the file name"},
		{"a tag too many", "demo-1.0-py3-none-any.whl", func(map[string]string) {}, "WT105 error " + wheelFile + " has the tag py2-none-any, which the file name has not"},
		{"another tag", name, replaced(wheelFile, "py2-none-any", "py2-none-win32"), "WT105 error " + wheelFile + " has the tag py2-none-win32, which the file name has not, and lacks py2-none-any"},
		{"a set of tags", name, replaced(wheelFile, "Tag: py2-none-any\nTag: py3-none-any", "Tag: py2.py3-none-any"), ""},
		{"tags in another order", name, replaced(wheelFile, "Tag: py2-none-any\nTag: py3-none-any", "Tag: py3-none-any\nTag: py2-none-any"), ""},

		{"no Root-Is-Purelib", name, replaced(wheelFile, "Root-Is-Purelib: true\n", ""), "WT106 error " + wheelFile + " has no field Root-Is-Purelib"},
		{"Root-Is-Purelib yes", name, replaced(wheelFile, "Purelib: true", "Purelib: yes"), `WT106 error ` + wheelFile + ` Root-Is-Purelib is "yes"; want true or false`},
		{"Root-Is-Purelib False", name, replaced(wheelFile, "Purelib: true", "Purelib: False"), ""},
		{"no Wheel-Version", name, replaced(wheelFile, "Wheel-Version: 1.0\n", ""), "WT443 error " + wheelFile + " has no field Wheel-Version"},
		{"Wheel-Version 2.0", name, replaced(wheelFile, "Version: 1.0", "Version: 2.0"), "WT443 error " + wheelFile + " Wheel-Version is 2.0; installers know version 1"},
		{"Wheel-Version one", name, replaced(wheelFile, "Version: 1.0", "Version: one"), `WT443 error ` + wheelFile + ` Wheel-Version "one" is not a version such as 1.0`},
		{"Wheel-Version 1.9", name, replaced(wheelFile, "Version: 1.0", "Version: 1.9"), ""},
		{"no WHEEL", name, without(wheelFile), "WT447 error " + wheelFile + " is missing"},
		{"no METADATA", name, without(metadataFile), "WT442 error " + metadataFile + " is missing"},
		{"a field twice", name, replaced(metadataFile, "Version: 1.0", "Version: 1.0\nVersion: 1.1"), "WT444 warning " + metadataFile + " the field Version is there again"},
		{"a line that is no field", name, replaced(metadataFile, "Version: 1.0\n", "Version: 1.0\nnothing\n"), "WT444 warning " + metadataFile + ` a line is no field and ends them: "nothing"`},
		{"METADATA in Latin-1", name, replaced(metadataFile, "Version: 1.0\n", "Version: 1.0\nAuthor: \xe9\n"), "WT445 error " + metadataFile + " is not UTF-8"},
		{"METADATA in UTF-8", name, replaced(metadataFile, "Version: 1.0\n", "Version: 1.0\nAuthor: é\n"), ""},

		{"METADATA of another project", name, replaced(metadataFile, "Name: demo", "Name: demos"), "WT420 error " + metadataFile + " is of the project demos; the file name says demo"},
		{"METADATA of another version", name, replaced(metadataFile, "Version: 1.0", "Version: 1.0.1"), "WT420 error " + metadataFile + " has version 1.0.1; the file name says 1.0"},
		{"METADATA that spells both otherwise", name, replaced(metadataFile, "Name: demo\nVersion: 1.0", "Name: DEMO\nVersion: 1.0.0"), ""},
		{"a project of another name", "demos-1.0-py2.py3-none-any.whl", func(map[string]string) {}, ""}, // see below

		{"a requirement by URL", name, replaced(metadataFile, "Version: 1.0\n", "Version: 1.0\nRequires-Dist: a @ https://e.org/a.whl\n"), `WT455 error ` + metadataFile + ` Requires-Dist "a @ https://e.org/a.whl" is a direct reference`},
		{"two bad requirements", name, replaced(metadataFile, "Version: 1.0\n", "Version: 1.0\nRequires-Dist: a b\nRequires-Dist: c d\n"), `WT454 error ` + metadataFile + ` Requires-Dist "a b" is not a dependency specifier: `},
		{"a license file that is not there", name, replaced(metadataFile, "Version: 1.0\n", "Version: 1.0\nLicense-File: LICENSE\n"), "WT459 error demo-1.0.dist-info/licenses/LICENSE is named by License-File and is not in the wheel"},
		{"a license file of older metadata", name, replaced(metadataFile, "2.4\nName: demo\nVersion: 1.0\n", "2.1\nName: demo\nVersion: 1.0\nLicense-File: LICENSE\n"), ""},
		{"a license file", name, func(f map[string]string) {
			f["demo-1.0.dist-info/licenses/LICENSE"] = "free"
			f[metadataFile] += "License-File: LICENSE\n"
		}, ""},
		{"an import that is not there", name, replaced(metadataFile, "2.4\nName: demo", "2.5\nImport-Name: demo.x\nName: demo"), "WT463 warning " + metadataFile + " names the import demo.x, which the wheel does not have"},
		{"imports", name, replaced(metadataFile, "2.4\nName: demo", "2.5\nImport-Name: demo.cli\nImport-Name: demo\nName: demo"), ""},
		{"an entry point", name, with(points, "[console_scripts]\ndemo = demo.cli:main\n"), ""},
		{"an entry point without a function", name, with(points, "[console_scripts]\ndemo = demo.cli\n"), `WT460 error ` + points + ` line 2: the script "demo" has no function: "demo.cli" is a module`},
	} {
		files := wheelFiles()
		c.change(files)
		got := findingsOf(t, c.filename, files)
		if strings.HasPrefix(c.filename, "demos") {
			if len(got) != 2 || !strings.HasPrefix(got[0], "WT420 error") || !strings.HasPrefix(got[1], "WT446 error demo-1.0.dist-info is the directory of the wheel's metadata; by the file name it must be demos-1.0.dist-info") {
				t.Errorf("%s: %q", c.what, got)
			}
			continue
		}
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], c.want)) {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestMetadataRules: each kind of fault of METADATA has a rule, and each rule exists.
func TestMetadataRules(t *testing.T) {
	if len(metadataRules) != len(metadataRule) {
		t.Error("two faults have one rule")
	}
	for code, rule := range metadataRule {
		if _, ok := finding.Lookup(rule); !ok {
			t.Errorf("%s: no rule %s", code, rule)
		}
	}
}
