package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestMetadataPairs has for rules about METADATA a file that breaks each one and that
// alone, and a neighbour that does not.
func TestMetadataPairs(t *testing.T) {
	for _, c := range []struct{ rule, version, breaks, near string }{
		{"metadata-too-new", "", "2.6", "2.5"},
		{"field-version", "2.3", "License-Expression: MIT\n", ""},
		{"field-version", "2.1", "Dynamic: Summary\n", "Provides-Extra: a\n"},
		{"project-name", "2.4", "Name: -demo\n", "Name: Demo\n"},
		{"project-version", "2.4", "Version: 1.0-final-x\n", "Version: 1\n"},
		{"extra-name", "2.4", "Provides-Extra: -a\n", "Provides-Extra: a.b\n"},
		{"unknown-extra", "2.4", "Provides-Extra: a\nRequires-Dist: x; extra == 'b'\n", "Provides-Extra: b\nRequires-Dist: x; extra == 'b'\n"},
		{"license-expression", "2.4", "License-Expression: MIT OR Nonesuch\n", "License-Expression: MIT OR Apache-2.0\n"},
		{"license-path", "2.4", "License-File: ../LICENSE\n", "License-File: LICENSE\n"},
		{"description-type", "2.4", "Description-Content-Type: text/html\n", "Description-Content-Type: text/markdown\n"},
		{"import-name", "2.5", "Import-Name: 1demo\n", "Import-Name: demo\n"},
		{"dynamic-field", "2.4", "Dynamic: Name\n", "Dynamic: Summary\n"},
		{"summary", "2.4", "Summary: " + strings.Repeat("x", 513) + "\n", "Summary: " + strings.Repeat("x", 512) + "\n"},
		{"email", "2.4", "Author-email: somebody at example.org\n", "Author-email: somebody@example.org\n"},
		{"project-url", "2.4", "Project-URL: Home, ftp://example.org\n", "Project-URL: Home, https://example.org\n"},
		{"classifier", "2.4", "Classifier: Programming Language :: Pithon\n", "Classifier: Programming Language :: Python\n"},
	} {
		head := "Metadata-Version: " + c.version + "\nName: demo\nVersion: 1.0\n"
		of := func(lines string) []string {
			files := wheelFiles()
			text := head + lines
			switch field, _, _ := strings.Cut(lines, ":"); {
			case c.version == "":
				text = strings.Replace(head, "Metadata-Version: \n", "Metadata-Version: "+lines+"\n", 1)
			case field == "Name":
				text = strings.Replace(head, "Name: demo\n", lines, 1)
			case field == "Version":
				text = strings.Replace(head, "Version: 1.0\n", lines, 1)
			}
			files["demo-1.0.dist-info/METADATA"] = text
			if strings.HasPrefix(lines, "License-File") {
				files["demo-1.0.dist-info/licenses/LICENSE"] = "do as you like\n"
			}
			var rules []string
			for _, line := range findingsOf(t, "demo-1.0-py2.py3-none-any.whl", files) {
				id, _, _ := strings.Cut(line, " ")
				rule, _ := finding.Lookup(id)
				rules = append(rules, rule.Name)
			}
			return slices.Compact(rules)
		}
		broken := of(c.breaks)
		broken = slices.DeleteFunc(broken, func(rule string) bool { // which follow from the fault
			return rule == "mismatch" || rule == "license-file" || rule == "absent-import"
		})
		if !slices.Equal(broken, []string{c.rule}) {
			t.Errorf("%q breaks %q, want %s", c.breaks, broken, c.rule)
		}
		if near := of(c.near); near != nil {
			t.Errorf("%q breaks %q", c.near, near)
		}
	}
}

// TestStripSizePair: the rule in the whole of the checks, with a file one byte below.
func TestStripSizePair(t *testing.T) {
	for size, want := range map[uint64]bool{heavySections - 1: false, heavySections: true} {
		f := &linkset.File{Path: "a.so", ELF: &elfaudit.File{Kind: elfaudit.KindSharedObject}, Machine: "x86_64", Libc: elfaudit.LibcGlibc, StripSize: size}
		s := Subject{Filename: "a.so", Bare: true, policies: manylinux.Known(), ELF: linkset.New([]*linkset.File{f})}
		s.work()
		found := slices.ContainsFunc(s.check(), func(f finding.Finding) bool { r, _ := finding.Lookup(f.Rule); return r.Name == "debug-sections" })
		if found != want {
			t.Errorf("%d bytes: %v", size, found)
		}
	}
}
