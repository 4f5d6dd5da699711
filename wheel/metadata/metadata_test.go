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
	checkFaults(t, map[string]string{
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
		"\nName: Zz09\nVersion: 1":     "",
		"\nName: x-\nVersion: 1":       `project-name: Name "x-" is not a valid project name`,
		"\nName: a-9b\nVersion: 1":     "",
		"\nName: demo\nVersion: 1.0.x": `project-version: Version "1.0.x" is not a valid version`,

		"Metadata-Version: 2.3\nLicense-Expression: MIT": "field-version: the field License-Expression is there since version 2.4; Metadata-Version is 2.3",
		"Metadata-Version: 2.4\nLicense-Expression: MIT": "",
		"Metadata-Version: 2.1\nDynamic: Summary":        "field-version: the field Dynamic is there since version 2.2; Metadata-Version is 2.1",
		"Metadata-Version: 2.1\nLicense-File: LICENSE":   "",
		"Metadata-Version: 2.4\nImport-Name: demo":       "field-version: the field Import-Name is there since version 2.5; Metadata-Version is 2.4",
		"Metadata-Version: 1.1\nRequires-Python: >=3":    "field-version: the field Requires-Python is there since version 1.2; Metadata-Version is 1.1",

		"Requires-Python: >=3.x":                                         `requires-python: Requires-Python ">=3.x" is not a list of version specifiers`,
		"Requires-Python: >=3.9,<4":                                      "",
		"Requires-Dist: a b":                                             `requirement: Requires-Dist "a b" is not a dependency specifier: invalid dependency specifier "a b" at byte 2: not a version specifier; write an operator and a version, separated by commas, as in >=1.2,<2`,
		"Requires-Dist: a >=1 ; python_version < '3.9'":                  "",
		"Requires-Dist: a @ https://example.org/a.whl":                   `direct-url: Requires-Dist "a @ https://example.org/a.whl" is a direct reference`,
		"Provides-Extra: a b":                                            `extra: Provides-Extra "a b" is not a valid name`,
		"Provides-Extra: a.b":                                            "",
		"Requires-Dist: a; extra == 'x'\nRequires-Dist: b; extra == 'X'": `unknown-extra: Requires-Dist "a; extra == 'x'" is for the extra "x", which no Provides-Extra names`,
		"Requires-Dist: a; extra == 'x'":                                 `unknown-extra: Requires-Dist "a; extra == 'x'" is for the extra "x", which no Provides-Extra names`,
		"Requires-Dist: a; extra == 'X_y'\nProvides-Extra: x-Y":          "",

		"License-Expression: MIT\nLicense: MIT":                               "license-expression: has both License and License-Expression",
		"License-Expression: nonsense":                                        `license-expression: License-Expression "nonsense": "nonsense" is not a license that SPDX knows`,
		"License-Expression: mit or (apache-2.0)":                             "",
		"License-File: ../LICENSE":                                            `license-file: License-File "../LICENSE" is not a relative path with slashes`,
		"License-File: /LICENSE":                                              `license-file: License-File "/LICENSE" is not a relative path with slashes`,
		`License-File: a\LICENSE`:                                             `license-file: License-File "a\\LICENSE" is not a relative path with slashes`,
		"License-File: a/LICENSE":                                             "",
		"License-File: LICENSE*":                                              `license-file: License-File "LICENSE*" is not a relative path with slashes`,
		"License-File: C:LICENSE":                                             `license-file: License-File "C:LICENSE" is not a relative path with slashes`,
		"License-File: x":                                                     "",
		"Description-Content-Type: text/html":                                 `description-type: Description-Content-Type is "text/html"; want text/plain, text/x-rst or text/markdown`,
		"Description-Content-Type: markdown":                                  `description-type: Description-Content-Type is "markdown"; want text/plain, text/x-rst or text/markdown`,
		"Description-Content-Type: text/markdown; charset=latin-1":            `description-type: Description-Content-Type has the charset "latin-1"; want UTF-8`,
		"Description-Content-Type: text/markdown; variant=Pandoc":             `description-type: Description-Content-Type has the variant "Pandoc"; want GFM or CommonMark`,
		"Description-Content-Type: text/markdown; charset=utf-8; variant=GFM": "",
		"Description-Content-Type: text/markdown; variant=CommonMark":         "",
		"Description-Content-Type: text/markdown":                             "",
		"Description-Content-Type: text/x-rst":                                "",
		"Description-Content-Type: text/x-rst; variant=Pandoc":                "",
		"Description-Content-Type: text/plain":                                "",
		"Description-Content-Type: text/plain; charset":                       `description-type: Description-Content-Type "text/plain; charset" is not a content type`,

		"Import-Name: demo.1x":           `import-name: Import-Name "demo.1x" is not the name of a module`,
		"Import-Name: demo.class":        `import-name: Import-Name "demo.class" is not the name of a module`,
		"Import-Name: demo ; public":     `import-name: Import-Name "demo ; public" has an option other than private`,
		"Import-Name: demo._x ; private": "",
		"Import-Name:":                   "",
		"Import-Name: ; private":         `import-name: Import-Name "; private" is not the name of a module`,
		"Import-Name: a\nImport-Name:":   `import-name: Import-Name "" is not the name of a module`,
		"Import-Namespace:":              `import-name: Import-Namespace "" is not the name of a module`,
		"Import-Name: a..b":              `import-name: Import-Name "a..b" is not the name of a module`,
		"Import-Name: _\u2163.x1\u0301":  "",
		"Import-Name: \u0301x":           "import-name: Import-Name \"\u0301x\" is not the name of a module",
		"Import-Namespace: a-b":          `import-name: Import-Namespace "a-b" is not the name of a module`,
		"Dynamic: Version":               "dynamic: Dynamic: Version may not be dynamic",
		"Dynamic: Colour":                `dynamic: Dynamic: "Colour" is not a field`,
		"Dynamic: License-File":          "",

		"Summary: a\n  b":                      "summary: Summary has several lines",
		"Summary: " + strings.Repeat("é", 512): "",
		"Summary: " + strings.Repeat("é", 513): "summary: Summary has 513 characters; PyPI accepts up to 512",
	})
}

// checkFaults reads texts, each of which has the one fault that is wanted, or with ""
// none.
func checkFaults(t *testing.T, cases map[string]string) {
	t.Helper()
	for text, want := range cases {
		_, got := read(t, text)
		if want == "" && len(got) > 0 || want != "" && !slices.Equal(got, []string{want}) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestFields: every field of the specification may be dynamic but three, and a field of
// a later version than the stated one is a fault once.
func TestFields(t *testing.T) {
	for _, name := range []string{
		"Platform", "Supported-Platform", "Summary", "Description", "Description-Content-Type", "Keywords", "Home-page", "Download-URL",
		"Author", "Author-email", "Maintainer", "Maintainer-email", "License", "License-Expression", "License-File", "Classifier",
		"Requires-Dist", "Requires-Python", "Requires-External", "Project-URL", "Provides-Extra", "Provides-Dist", "Obsoletes-Dist",
		"Import-Name", "Import-Namespace", "Requires", "Provides", "Obsoletes",
	} {
		if _, got := read(t, "Dynamic: "+name); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, name := range []string{"Name", "version", "Metadata-Version"} {
		if _, got := read(t, "Dynamic: "+name); !slices.Equal(got, []string{"dynamic: Dynamic: " + name + " may not be dynamic"}) {
			t.Errorf("%s: %q", name, got)
		}
	}
	checkFaults(t, map[string]string{
		"Metadata-Version: 1.0\nPlatform: any":                  "",
		"Metadata-Version: 2.3\nImport-Name: a\nImport-Name: b": "field-version: the field Import-Name is there since version 2.5; Metadata-Version is 2.3",
		"Metadata-Version: 2.1\nX-Other: a":                     "",
	})
}

// TestManyFaults: the list of faults is bounded, and so is the text in a message.
func TestManyFaults(t *testing.T) {
	if _, got := read(t, strings.Repeat("Classifier: x\n", maxFaults+1)); len(got) != maxFaults {
		t.Errorf("%d faults, want %d", len(got), maxFaults)
	}
	text := strings.Repeat("x", 100)
	for long, want := range map[string]string{text: text, text + "y": text + "..."} {
		if _, got := read(t, "Classifier: "+long); !slices.Equal(got, []string{`classifier: Classifier "` + want + `" is not one that PyPI accepts`}) {
			t.Errorf("%q", got)
		}
	}
}

// TestRead: the fields have their types.
func TestRead(t *testing.T) {
	m, faults := read(t, "Requires-Python: >=3.9\nRequires-Dist: a>=1\nProvides-Extra: X_y\nLicense-Expression: mit and gpl-2.0-only with classpath-exception-2.0\n"+
		"Description-Content-Type: text/markdown; variant=GFM\nImport-Name: demo\nImport-Namespace: ns ; private\nProject-URL: Docs, https://example.org\n")
	if len(faults) > 0 || m.Version.String() != "1.0" || m.RequiresPython.String() != ">=3.9" || m.Requirements[0].Name != "a" || !slices.Equal(m.Extras, []string{"x-y"}) ||
		m.LicenseExpression != "MIT AND GPL-2.0-only WITH Classpath-exception-2.0" || m.DescriptionType != (ContentType{"text/markdown", "GFM"}) ||
		!slices.Equal(m.Imports, []Import{{"demo", false, false}, {"ns", true, true}}) || m.ProjectURLs[0] != (Link{"Docs", "https://example.org"}) || m.Name != "demo" {
		t.Errorf("%+v %q", m, faults)
	}
}

// TestReadRest: what is faulty hides nothing behind it, and is not given.
func TestReadRest(t *testing.T) {
	m, faults := read(t, "Requires-Dist: a b\nRequires-Dist: c>=1\nProvides-Extra: a b\nProvides-Extra: x\n"+
		"Import-Name: a-b\nImport-Name: c ; public\nImport-Name: d.e\nProject-URL: Docs\nProject-URL: Home, https://example.org\n")
	if len(faults) != 5 || len(m.Requirements) != 1 || m.Requirements[0].Name != "c" || !slices.Equal(m.Extras, []string{"x"}) ||
		!slices.Equal(m.Imports, []Import{{"d.e", false, false}}) || !slices.Equal(m.ProjectURLs, []Link{{"Home", "https://example.org"}}) {
		t.Errorf("%+v %q", m, faults)
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
