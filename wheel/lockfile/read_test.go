package lockfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func TestFormats(t *testing.T) {
	uv, pylock := "version = 1\nrequires-python = '>=3.10'\n", "lock-version = '1.0'\npackages = []\n"
	poetry, pdm := "[metadata]\nlock-version = '2.1'\n", "[metadata]\nlock_version = '4.5'\n"
	for _, tt := range []struct {
		name, text string
		want       Format
	}{
		{"uv.lock", uv, UV},
		{`C:\project\uv.lock`, uv, UV},
		{"poetry.lock", poetry, Poetry},
		{"pdm.lock", pdm, PDM},
		{"pylock.toml", pylock, Pylock},
		{"pylock.dev.toml", pylock, Pylock},
		{"requirements.txt", "a==1", Requirements},
		{"requirements.txt", "", Requirements},
		{"dev.in", "a", Requirements},
		// By content.
		{"script.py.lock", uv, UV},
		{"x.lock", "version = 1\n[[package]]\nname = 'a'\nsource = { virtual = '.' }\n", UV},
		{"x.lock", poetry, Poetry},
		{"pdm.win.lock", pdm, PDM},
		{"pylock.a.b.toml", pylock, Pylock},
		{"requirements.lock", "# by a tool\na==1 \\\n  --hash=sha256:aa\n", Requirements},
		{"-", "-r x.txt\n", Requirements},
	} {
		l, err := Read(strings.NewReader(tt.text), tt.name)
		if err != nil || l.Format != tt.want || l.File != tt.name {
			t.Errorf("%s: %v, %v; want %s", tt.name, l, err, tt.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		code       Code
		line       int
	}{
		{"x.lock", "", CodeFormat, 1},
		{"x.lock", "\n\n? x\n", CodeFormat, 3},
		{"x.lock", "'unclosed\n", CodeFormat, 1},
		{"x.lock", "--unknown\n", CodeFormat, 1},
		{"x.lock", "a = 1\n", CodeFormat, 1},
		{"Cargo.lock", "version = 4\n[[package]]\nname = 'a'\nversion = '1'\nsource = 'registry'\n", CodeFormat, 1},
		{"uv.lock", "", CodeLockVersion, 1},
		{"uv.lock", "revision = 1\nversion = 2\n", CodeLockVersion, 2},
		{"uv.lock", "version = '1'\n", CodeLockVersion, 1},
		{"pylock.toml", "created-by = 'x'\nlock-version = '2.0'\n", CodeLockVersion, 2},
		{"pylock.toml", "lock-version = 1.0\n", CodeLockVersion, 1},
		{"poetry.lock", "\n[metadata]\nlock-version = '3.0'\n", CodeLockVersion, 3},
		{"poetry.lock", "[[package]]\nname = 'a'\n", CodeLockVersion, 1},
		{"pdm.lock", "[metadata]\nlock_version = '5.0'\n", CodeLockVersion, 2},
		{"uv.lock", "version = 1\n[[package]]\nname = 'a'\nwheels = [\n  { url = 'x', ha", CodeSyntax, 5},
		{"uv.lock", "version = 1\n[[package]\n", CodeSyntax, 2},
		{"uv.lock", "version = 1\nversion = 1\n", CodeSyntax, 2},
		{"uv.lock", "version = 1\n[a]\n[a]\n", CodeSyntax, 3},
		{"uv.lock", "version = 1\na = {}\n[a.b]\n", CodeSyntax, 3},
		{"uv.lock", "version = 1\na = []\n[[a]]\n", CodeSyntax, 3},
		{"uv.lock", "version = 1\n[[a]]\n[a]\n", CodeSyntax, 3},
		{"uv.lock", "version = 1\n[a]\n[[a]]\n", CodeSyntax, 3},
		{"uv.lock", "version = 1\na.b = 1\na.b = 2\n", CodeSyntax, 3},
		{"uv.lock", "version = 1\na = 1\na.b = 2\n", CodeSyntax, 3},
		{"uv.lock", "version = 1\na = { b = 1,\n b = 2 }\n", CodeSyntax, 3},
		{"uv.lock", "version = 1\n[a.b]\n[a]\nb.c = 1\n[a.b.c]\n", CodeSyntax, 5},
	} {
		l, err := Read(strings.NewReader(tt.text), tt.name)
		e, ok := errors.AsType[*Error](err)
		if l != nil || !ok || e.Code != tt.code || e.Line != tt.line || e.File != tt.name || !strings.HasPrefix(err.Error(), tt.name) {
			t.Errorf("%s %q: %v, %#v; want %s in line %d", tt.name, tt.text, l, e, tt.code, tt.line)
		}
	}
}

// TestTables: what TOML allows beside the plain forms.
func TestTables(t *testing.T) {
	l := must(t, "uv.lock", `"version" = 1
[manifest]
'members' = ["a"]
[manifest.dependency-groups] # of a table that is open already
[package-extra.deep.er]
[package-extra.deep]
[[package]]
name = "\u0061"
source.virtual = "."
source.subdirectory = '''x'''
version = """1"""
dependencies = [
  # a comment
  { name = "b", }, { "name" = "b" }
]
[package.metadata]
[package.optional-dependencies]
x = []
[[package]]
name = "b"
source = { directory = "b" }
`)
	if p := l.Packages[0]; p.Name != "a" || p.Version != "1" || p.Source.Subdirectory != "x" || len(p.Dependencies) != 2 || p.Dependencies[1].Line != 14 || l.Extras[0] != "x" {
		t.Errorf("%+v", p)
	}
}

func TestReadFails(t *testing.T) {
	_, err := Read(iotest.ErrReader(io.ErrUnexpectedEOF), "uv.lock")
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeRead || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
	_, err = ReadOpen("uv.lock", files(nil))
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeRead || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if _, err = ReadFile(t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("error %v", err)
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"main.txt": "a\n-r sub/b.txt", "sub/b.txt": "b\n-c ../c.txt\n-r https://example.org/x.txt", "c.txt": "a<2"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	l, err := ReadFile(filepath.Join(dir, "main.txt"))
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, l.Problems, CodeInclude)
	if len(l.Packages) != 2 || len(l.Constraints.Packages) != 1 {
		t.Errorf("%v, %v", l.Packages, l.Constraints)
	}
}

func TestTooLarge(t *testing.T) {
	if data, err := readAll(strings.NewReader("abc"), "x", 3); err != nil || string(data) != "abc" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := readAll(strings.NewReader("abcd"), "x", 3); err == nil || err.Code != CodeTooLarge {
		t.Errorf("error %v", err)
	}
	if _, err := Read(strings.NewReader(strings.Repeat("\n", maxMarks)+"a"), "x.txt"); err != nil {
		t.Error(err)
	}
	_, err := Read(strings.NewReader("a = ["+strings.Repeat("1,", maxMarks+1)), "uv.lock")
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeTooLarge {
		t.Errorf("error %v", err)
	}
}

func TestFileNames(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/a/b-1.zip":             "b-1.zip",
		"https://example.org/b-1%2Bx.zip?a=/c#d/e":  "b-1+x.zip",
		"https://example.org/%2e%2e%2Fetc%2Fpasswd": "passwd",
		"b%zz%4":            "b%zz%4",
		"":                  "",
		"https://x.org/":    "",
		"file:///x/y-1.whl": "y-1.whl",
	} {
		if got := urlName(in); got != want {
			t.Errorf("urlName(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"a/b": "b", `a\b`: "b", `a/b\c`: `b\c`, "b": "b"} {
		if got := pathName(in); got != want {
			t.Errorf("pathName(%q) = %q, want %q", in, got, want)
		}
	}
	for _, tt := range []struct {
		stem, want, name, version string
		ok                        bool
	}{
		{"a-1.0", "a", "a", "1.0", true},
		{"A_b-c-1.0", "a-b-c", "a-b-c", "1.0", true},
		{"a-1.0-1", "a", "a", "1.0-1", true}, // a post-release in its old form
		{"a-1.0-1", "a-1-0", "a-1-0", "1", true},
		{"b-1.0", "a", "b", "1.0", true},
		{"a-x", "a", "", "", false},
		{"a", "a", "", "", false},
		{"-1.0", "", "", "", false},
	} {
		if name, version, ok := splitSdist(tt.stem+".tar.gz", tt.want); name != tt.name || version != tt.version || ok != tt.ok {
			t.Errorf("%q: %q %q %t", tt.stem, name, version, ok)
		}
	}
}
