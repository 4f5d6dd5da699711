package metadata

import (
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel"
)

// read reads fields after those that every METADATA has.
func read(t *testing.T, text string) (*Metadata, []string) {
	t.Helper()
	text = "\n" + strings.Trim(text, "\n")
	for _, field := range []string{"\nMetadata-Version: 2.5", "\nName: demo", "\nVersion: 1.0"} {
		if name, _, _ := strings.Cut(field, ":"); !strings.Contains(text, name+":") {
			text += field
		}
	}
	text = text[1:] + "\n"
	parsed, err := wheel.ParseMetadata("METADATA", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	m, faults := Read("METADATA", parsed)
	var got []string
	for _, f := range faults {
		got = append(got, string(f.Code)+": "+f.Err.Error())
	}
	return m, got
}

// TestFaults: each fault, and next to it what just is none.
func TestFaults(t *testing.T) {
	long := strings.Repeat("x", 33)
	for text, want := range map[string]string{
		"Summary: a demo": "",

		"Metadata-Version: 3.0\n":      `metadata-version: Metadata-Version "3.0" is not known; the newest is 2.6`,
		"Metadata-Version: 2.6\n":      "metadata-too-new: Metadata-Version is 2.6; PyPI accepts versions up to 2.5",
		"Metadata-Version: 2.5\n":      "",
		"Metadata-Version:\n":          "metadata-version: has no field Metadata-Version",
		"\nName: demo\nVersion:\n":     "required-field: has no field Version",
		"Version: 1\nName:\n":          "required-field: has no field Name",
		"\nName: -x\nVersion: 1":       `project-name: Name "-x" is not a valid project name`,
		"\nName: d\u00e9\nVersion: 1":  `project-name: Name "dé" is not a valid project name`,
		"\nName: a.b-c_d\nVersion: 1":  "",
		"\nName: demo\nVersion: 1.0.x": `project-version: Version "1.0.x" is not a valid version`,

		"Metadata-Version: 2.3\nLicense-Expression: MIT": "field-version: the field License-Expression is there since version 2.4; Metadata-Version is 2.3",
		"Metadata-Version: 2.4\nLicense-Expression: MIT": "",
		"Metadata-Version: 2.1\nDynamic: Summary":        "field-version: the field Dynamic is there since version 2.2; Metadata-Version is 2.1",
		"Metadata-Version: 2.1\nLicense-File: LICENSE":   "",
		"Metadata-Version: 2.4\nImport-Name: demo":       "field-version: the field Import-Name is there since version 2.5; Metadata-Version is 2.4",
		"Metadata-Version: 1.1\nRequires-Python: >=3":    "field-version: the field Requires-Python is there since version 1.2; Metadata-Version is 1.1",

		"Requires-Python: >=3.x":                                `requires-python: Requires-Python ">=3.x" is not a list of version specifiers`,
		"Requires-Python: >=3.9,<4":                             "",
		"Requires-Dist: a b":                                    "requirement: ",
		"Requires-Dist: a >=1 ; python_version < '3.9'":         "",
		"Requires-Dist: a @ https://example.org/a.whl":          `direct-url: Requires-Dist "a @ https://example.org/a.whl" is a direct reference`,
		"Provides-Extra: a b":                                   `extra: Provides-Extra "a b" is not a valid name`,
		"Provides-Extra: a.b":                                   "",
		"Requires-Dist: a; extra == 'x'":                        `unknown-extra: Requires-Dist "a; extra == 'x'" is for the extra "x", which no Provides-Extra names`,
		"Requires-Dist: a; extra == 'X_y'\nProvides-Extra: x-Y": "",

		"License-Expression: MIT\nLicense: MIT":                               "license-expression: has both License and License-Expression",
		"License-Expression: nonsense":                                        `license-expression: License-Expression "nonsense": "nonsense" is not a license that SPDX knows`,
		"License-Expression: mit or (apache-2.0)":                             "",
		"License-File: ../LICENSE":                                            `license-file: License-File "../LICENSE" is not a relative path with slashes`,
		"License-File: /LICENSE":                                              `license-file: License-File "/LICENSE" is not a relative path with slashes`,
		`License-File: a\LICENSE`:                                             `license-file: License-File "a\\LICENSE" is not a relative path with slashes`,
		"License-File: a/LICENSE":                                             "",
		"Description-Content-Type: text/html":                                 `description-type: Description-Content-Type is "text/html"; want text/plain, text/x-rst or text/markdown`,
		"Description-Content-Type: markdown":                                  `description-type: Description-Content-Type is "markdown"; want text/plain, text/x-rst or text/markdown`,
		"Description-Content-Type: text/markdown; charset=latin-1":            `description-type: Description-Content-Type has the charset "latin-1"; want UTF-8`,
		"Description-Content-Type: text/markdown; variant=Pandoc":             `description-type: Description-Content-Type has the variant "Pandoc"; want GFM or CommonMark`,
		"Description-Content-Type: text/markdown; charset=utf-8; variant=GFM": "",
		"Description-Content-Type: text/x-rst":                                "",

		"Import-Name: demo.1x":           `import-name: Import-Name "demo.1x" is not the name of a module`,
		"Import-Name: demo.class":        `import-name: Import-Name "demo.class" is not the name of a module`,
		"Import-Name: demo ; public":     `import-name: Import-Name "demo ; public" has an option other than private`,
		"Import-Name: demo._x ; private": "",
		"Import-Name:":                   "",
		"Import-Namespace: a-b":          `import-name: Import-Namespace "a-b" is not the name of a module`,
		"Dynamic: Version":               "dynamic: Dynamic: Version may not be dynamic",
		"Dynamic: Colour":                `dynamic: Dynamic: "Colour" is not a field`,
		"Dynamic: License-File":          "",

		"Summary: a\n  b":                               "summary: Summary has several lines",
		"Summary: " + strings.Repeat("é", 512):          "",
		"Summary: " + strings.Repeat("é", 513):          "summary: Summary has 513 characters; PyPI accepts up to 512",
		"Author-email: nobody":                          `email: Author-email "nobody" is not an e-mail address`,
		"Author-email: a@b":                             `email: Author-email "a@b" is not an e-mail address`,
		"Author-email: a b@c.org":                       `email: Author-email "a b@c.org" is not an e-mail address`,
		"Author-email: \"A, B\" <a@b.org>, c@d.example": "",
		"Maintainer-email: A <a@b@c.org>":               `email: Maintainer-email "A <a@b@c.org>" is not an e-mail address`,
		"Home-page: example.org":                        `url: Home-page "example.org" is not an http or https URL`,
		"Home-page: https://example.org":                "",
		"Project-URL: Docs":                             `url: Project-URL "Docs" has not the form LABEL, URL`,
		"Project-URL: Docs, ftp://example.org":          `url: Project-URL "Docs, ftp://example.org" is not an http or https URL`,
		"Project-URL: " + long + ", https://e.org":      `url: Project-URL "` + long + `, https://e.org" has a label of 33 characters; PyPI accepts up to 32`,
		"Project-URL: " + long[1:] + ", https://e.org":  "",
		"Classifier: Private :: Do Not Upload":          "",
		"Classifier: Programming Language :: Python":    "",
		"Classifier: Programming Language :: Pyton":     `classifier: Classifier "Programming Language :: Pyton" is not one that PyPI accepts`,
		"Classifier: Natural Language :: Ukranian":      `classifier: Classifier "Natural Language :: Ukranian" is deprecated; use Natural Language :: Ukrainian`,
	} {
		_, got := read(t, text)
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], want)) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestRead: the fields have their types.
func TestRead(t *testing.T) {
	m, faults := read(t, "Requires-Python: >=3.9\nRequires-Dist: a>=1\nProvides-Extra: X_y\nLicense-Expression: mit and gpl-2.0-only with classpath-exception-2.0\n"+
		"Description-Content-Type: text/markdown; variant=GFM\nImport-Name: demo\nImport-Namespace: ns ; private\nProject-URL: Docs, https://example.org\n")
	if len(faults) > 0 || m.Version.String() != "1.0" || m.Requirements[0].Name != "a" || !slices.Equal(m.Extras, []string{"x-y"}) ||
		m.LicenseExpression != "MIT AND GPL-2.0-only WITH Classpath-exception-2.0" || m.DescriptionType != (ContentType{"text/markdown", "GFM"}) ||
		!slices.Equal(m.Imports, []Import{{"demo", false, false}, {"ns", true, true}}) || m.ProjectURLs[0] != (Link{"Docs", "https://example.org"}) || m.Name != "demo" {
		t.Errorf("%+v %q", m, faults)
	}
}

// TestNormalLicense has answers of packaging 26.3.
func TestNormalLicense(t *testing.T) {
	for text, want := range map[string]string{
		"mit": "MIT", "MIT AND (apache-2.0 or bsd-2-clause)": "MIT AND (Apache-2.0 OR BSD-2-Clause)", "((mit))": "((MIT))",
		"gpl-2.0-or-later": "GPL-2.0-or-later", "apache-2.0+": "Apache-2.0+", "LicenseRef-My.own-1": "LicenseRef-My.own-1", "licenseref-X": "LicenseRef-X",
		"gpl-3.0-only with gcc-exception-3.1": "GPL-3.0-only WITH GCC-exception-3.1",
		"":                                    "", "(mit": "", "mit)": "", "mit apache-2.0": "", "mit or": "", "or mit": "", "mit and or mit": "", "()": "", "mit ()": "",
		"mit with": "", "mit with mit": "", "mit with (gcc-exception-3.1)": "", "licenseref-": "", "licenseref-a_b": "", "licenseref-a+": "", "use-it": "",
	} {
		if got, err := NormalLicense(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	if _, err := NormalLicense(strings.Repeat("(", 10_000) + "mit"); err == nil {
		t.Error("deep parentheses are accepted")
	}
}

func TestReadEntryPoints(t *testing.T) {
	points, faults := ReadEntryPoints("e", []byte("# comment\n[console_scripts]\ndemo = demo.cli:main\nd-2 = demo : a.b [x, y]\n\n[demo.plugins]\nx = demo\nany name! = demo.async:X\n"))
	if len(faults) > 0 || len(points) != 4 || points[0].Name != "demo" ||
		points[0].Module != "demo.cli" || points[0].Object != "main" || points[1].Object != "a.b" || !slices.Equal(points[1].Extras, []string{"x", "y"}) || points[2].Group != "demo.plugins" || points[3].Name != "any name!" {
		t.Errorf("%+v %v", points, faults)
	}
	for text, want := range map[string]string{
		"x = a:b\n":                              `line 1: "x = a:b" is in no group`,
		"[g]\nx\n":                               `line 2: "x" has not the form NAME = MODULE:OBJECT`,
		"[g]\nx = a:b\nx = c:d\n":                `line 3: the entry "x" is there twice`,
		"[g]\n[h]\n[g]\n":                        `line 3: the group "g" is there twice`,
		"[console_scripts]\nx = demo\n":          `line 2: the script "x" has no function: "demo" is a module`,
		"[console_scripts]\nx y = demo:main\n":   `line 2: the script "x y" has a name with other characters`,
		"[console_scripts]\nx = demo/cli:main\n": `line 2: "demo/cli:main" is not MODULE:OBJECT`,
		"[g]\nx = a:b [c\n":                      `line 2: "a:b [c" has no end of its extras`,
		"\xff":                                   "line 1: is not UTF-8",
	} {
		if _, faults := ReadEntryPoints("e", []byte(text)); len(faults) != 1 || !strings.HasPrefix(faults[0].Err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, faults, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Metadata-Version: 2.5\nName: demo\nVersion: 1.0\nLicense-Expression: (mit or x) with y\nAuthor-email: \"a\\\" <b@c.d>\n", "[g]\nx = a:b [c]\n")
	f.Fuzz(func(t *testing.T, text, points string) {
		if m, err := wheel.ParseMetadata("METADATA", []byte(text)); err == nil {
			typed, faults := Read("METADATA", m)
			if len(faults) > maxFaults || typed.LicenseExpression != "" && func() bool {
				again, err := NormalLicense(typed.LicenseExpression)
				return err != nil || again != typed.LicenseExpression
			}() {
				t.Errorf("%d faults, %q", len(faults), typed.LicenseExpression)
			}
		}
		ReadEntryPoints("e", []byte(points))
	})
}
