package lockfile

import (
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/internal/tomltree"
)

// TestFormatTable: each format is found by its file name and by its keys, and the
// keys of one format do not hide another.
func TestFormatTable(t *testing.T) {
	if got, want := FileNames(), []string{"uv.lock", "pylock.toml", "poetry.lock", "pdm.lock", "Pipfile.lock", "conda-lock.yml", "pixi.lock"}; !slices.Equal(got, want) {
		t.Errorf("file names %q, want %q", got, want)
	}
	if got, want := sourcesOf(inTOML), "uv, PEP 751, Poetry or PDM"; got != want {
		t.Errorf("sources %q, want %q", got, want)
	}
	for name, want := range map[string]Format{
		"uv.lock": UV, `a\b\uv.lock`: UV, "a/pylock.toml": Pylock, "pylock.dev.toml": Pylock, "pylock..toml": "", "pylock.a.b.toml": "",
		"poetry.lock": Poetry, "pdm.lock": PDM, "dev-requirements.txt": Requirements, "base.in": Requirements, "Cargo.lock": "", "": "",
	} {
		if got := nameOf(formatOf(name)); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
	for text, want := range map[string]Format{
		"version = 1\nrevision = 2":                                UV,
		"version = 1\n[[package]]\nsource = { registry = \"x\" }":  UV,
		"version = 1\n[[package]]\nsource = \"registry+x\"":        "", // Cargo.lock
		"version = \"1\"\nrevision = 2":                            "",
		"lock-version = \"1.0\"":                                   Pylock,
		"version = 1\nrevision = 2\nlock-version = \"1.0\"":        Pylock,
		"[metadata]\nlock-version = \"2.1\"":                       Poetry,
		"[metadata]\nlock_version = \"4.5\"":                       PDM,
		"lock-version = \"1.0\"\n[metadata]\nlock_version = \"4\"": PDM,
		"[metadata]\nlock-version = \"2.1\"\nlock_version = \"4\"": Poetry,
		"metadata = 1": "",
	} {
		doc, err := tomltree.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := nameOf(formatOfDocument(doc, inTOML)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]Format{"demo==1": Requirements, "-r x.txt": Requirements, "": "", "<html>": ""} {
		if got := nameOf(formatOfText([]byte(text))); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func nameOf(f *format) Format {
	if f == nil {
		return ""
	}
	return f.name
}
