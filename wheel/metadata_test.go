package wheel

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestMetadataFields: every field of the specification has a place in Metadata, the
// first of those that may be there once counts, and unknown ones are kept.
func TestMetadataFields(t *testing.T) {
	text := strings.Join([]string{
		"Metadata-Version: 2.5", "Name: demo", "Version: 1.0", "Dynamic: classifier", "Dynamic: license",
		"Platform: linux", "Supported-Platform: RedHat 7.2", "Summary: a demo", "Description-Content-Type: text/markdown",
		"Keywords: a,b", "Home-page: h", "Download-URL: d", "Author: A", "Author-email: a@b", "Maintainer: M",
		"Maintainer-email: m@b", "License: MIT", "License-Expression: MIT", "License-File: LICENSE",
		"Classifier: X :: Y", "Requires-Dist: pip", "requires-python: >=3.9", "Requires-External: C",
		"Project-URL: docs, u", "Provides-Extra: test", "Provides-Dist: p", "Obsoletes-Dist: o", "Import-Name: demo",
		"Import-Namespace: ns", "Requires: r", "Provides: v", "Obsoletes: w", "X-Unknown: kept", "Name: other",
		"", "The text.\n",
	}, "\n")
	m, err := ParseMetadata("METADATA", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range []string{m.MetadataVersion, m.Name, m.Version, m.Summary, m.DescriptionContentType, m.Keywords, m.HomePage,
		m.DownloadURL, m.Author, m.AuthorEmail, m.Maintainer, m.MaintainerEmail, m.License, m.LicenseExpression, m.RequiresPython, m.Description} {
		if want := []string{"2.5", "demo", "1.0", "a demo", "text/markdown", "a,b", "h", "d", "A", "a@b", "M", "m@b", "MIT", "MIT", ">=3.9", "The text.\n"}[i]; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for i, got := range [][]string{m.Dynamic, m.Platforms, m.SupportedPlatforms, m.LicenseFiles, m.Classifiers, m.RequiresDist, m.RequiresExternal,
		m.ProjectURLs, m.ProvidesExtra, m.ProvidesDist, m.ObsoletesDist, m.ImportNames, m.ImportNamespaces, m.Requires, m.Provides, m.Obsoletes} {
		want := []string{"classifier|license", "linux", "RedHat 7.2", "LICENSE", "X :: Y", "pip", "C", "docs, u", "test", "p", "o", "demo", "ns", "r", "v", "w"}[i]
		if strings.Join(got, "|") != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if n := len(m.Fields); n != 34 || m.Fields[n-2] != (Field{"X-Unknown", "kept", strings.Index(text, "X-Unknown")}) {
		t.Errorf("%d fields, %+v", n, m.Fields[n-2])
	}
	if len(m.Problems) != 1 || m.Problems[0].Code != CodeFieldRepeat || m.Problems[0].Offset != int64(strings.LastIndex(text, "Name: ")) {
		t.Errorf("problems %v", m.Problems)
	}
}

func TestMetadataProblems(t *testing.T) {
	for text, want := range map[string][]Code{
		"Name: a\nVersion: 1\n":           {},
		" folded\nName: a\n":              {CodeFieldLine},
		"Name: a\nno field\nVersion: 1\n": {CodeFieldLine},
		"Name: a\n: no name\n":            {CodeFieldLine},
		"Name: \xff\n":                    {CodeText},
	} {
		m, err := ParseMetadata("METADATA", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := codes(m.Problems); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
		for _, p := range m.Problems {
			if p.Path != "METADATA" || p.Offset != int64(max(strings.Index(text, "no field"), strings.Index(text, ": no"), 0)) {
				t.Errorf("%q: %+v", text, p)
			}
		}
	}
}

// TestFieldMessages: what is wrong with a line.
func TestFieldMessages(t *testing.T) {
	for text, want := range map[string]string{
		" folded\nName: a\n":   "M: a line continues a field, and there is none before it",
		"Name: a\nno field\n":  `M: a line is no field and ends them: "no field"`,
		"Name: a\n: no name\n": `M: a field has no name: ": no name"`,
		"From x\nName: a\n":    `M: a line is no field: "From x"`,
		"Name: a\nNAME: b\n":   "M: the field NAME is there again",
		"Name: \xff\n":         "M: is not UTF-8",
	} {
		m, err := ParseMetadata("M", []byte(text))
		if err != nil || len(m.Problems) != 1 || m.Problems[0].Error() != want || (m.Problems[0].Code == CodeFieldLine) != strings.Contains(want, "line") && !strings.Contains(want, "no name") {
			t.Errorf("%q: %v, %v", text, m.Problems, err)
		}
	}
}

// TestMetadataLimits: a field that would be evaluated is bounded before that, and so is
// the number of fields.
func TestMetadataLimits(t *testing.T) {
	for _, c := range []struct {
		text string
		code Code
	}{
		{"Requires-Python: " + strings.Repeat("a", maxShort) + "\n", ""},
		{"Requires-Python: " + strings.Repeat("a", maxShort+1) + "\n", CodeFieldLength},
		{"Name: " + strings.Repeat("a", maxShort+1) + "\n", CodeFieldLength},
		{"Version: " + strings.Repeat("a", maxShort+1) + "\n", CodeFieldLength},
		{"Summary: " + strings.Repeat("a", maxShort+1) + "\n", ""},
		{strings.Repeat("a:\n", maxFields), ""},
		{strings.Repeat("a:\n", maxFields+1), CodeFieldCount},
	} {
		_, err := ParseMetadata("METADATA", []byte(c.text))
		var e *Error
		if errors.As(err, &e) != (c.code != "") || e != nil && e.Code != c.code {
			t.Errorf("%.20q: %v, want %q", c.text, err, c.code)
		}
	}
}

// TestManyFoldedLines reads a field of millions of lines. With a copy for each line it
// would take hours.
func TestManyFoldedLines(t *testing.T) {
	const n = 4 << 20
	m, err := distInfo(t, file{"a-1.dist-info/METADATA", "Summary: a\n" + strings.Repeat(" x\n", n) + "Version: 1\n"}).Metadata()
	if err != nil || len(m.Summary) != 1+3*n || m.Version != "1" {
		t.Errorf("%d bytes of a summary, version %q, %v", len(m.Summary), m.Version, err)
	}
}

func TestInfo(t *testing.T) {
	w, err := ParseInfo("WHEEL", []byte("Wheel-Version: 1.0\nGenerator: g\nRoot-Is-Purelib: TRUE\nTag: a\nTag: b\nBuild: 1\nBuild: 2\nX: y\n"))
	if err != nil {
		t.Fatal(err)
	}
	if w.WheelVersion != "1.0" || w.Generator != "g" || !w.IsPurelib() || !slices.Equal(w.Tags, []string{"a", "b"}) || w.Build != "1" || len(w.Fields) != 8 {
		t.Errorf("%+v", w)
	}
	if got := codes(w.Problems); !slices.Equal(got, []Code{CodeFieldRepeat}) {
		t.Errorf("problems %v", got)
	}
	if _, err := ParseInfo("WHEEL", []byte(strings.Repeat("a:\n", maxFields+1))); err == nil {
		t.Error("too many fields are read")
	}
	for _, value := range []string{"false", "", "yes"} {
		if w := (&Info{RootIsPurelib: value}); w.IsPurelib() {
			t.Errorf("%q is purelib", value)
		}
	}
}
