package lockfile

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// uvText is a small uv.lock with all kinds of sources and dependencies.
const uvText = `version = 1
revision = 3
requires-python = ">=3.10"

[[package]]
name = "App"
version = "0.1"
source = { editable = "." }
dependencies = [
    { name = "numpy", version = "1.26.4", source = { registry = "https://index.example.org/simple" }, marker = "python_full_version < '3.12'" },
    { name = "numpy", version = "2.1.0", source = { registry = "https://index.example.org/simple" }, marker = "python_full_version >= '3.12'" },
    { name = "requests", extra = ["Socks"] },
    { name = "winonly", marker = "sys_platform == 'win32'" },
]

[package.optional-dependencies]
web = [{ name = "flask" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }, { name = "tomli", marker = "python_full_version < '3.11'" }]

[package.metadata]
provides-extras = ["web", "empty"]

[package.metadata.requires-dev]
none = []

[[package]]
name = "flask"
version = "3.0"
source = { git = "https://git.example.org/flask?tag=3.0#0123abc" }
dependencies = [{ name = "werkzeug" }]

[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://index.example.org/simple" }
resolution-markers = ["python_full_version < '3.12'"]
sdist = { url = "https://files.example.org/numpy-1.26.4.tar.gz", hash = "sha256:AA11", size = 123, upload-time = "2024-02-05T23:48:50.005Z" }
wheels = [
    { url = "https://files.example.org/numpy-1.26.4-cp311-cp311-linux_x86_64.whl", hash = "sha256:bb22" },
    { url = "https://files.example.org/numpy-1.26.4%2Bmkl-cp311-cp311-win_amd64.whl#egg", hash = "sha256:cc33" },
    { path = "wheels/numpy-1.26.4-cp311-cp311-win32.whl", hash = "md5:xyz" },
    { url = "https://files.example.org/numpy-1.26.4.egg", hash = "sha256:dd44" },
]

[[package]]
name = "numpy"
version = "2.1.0"
source = { registry = "https://index.example.org/simple" }
sdist = { url = "https://files.example.org/numpy-2.1.0.tar.gz" }

[[package]]
name = "pysocks"
version = "1.7"
source = { url = "https://files.example.org/PySocks-1.7-py3-none-any.whl" }
wheels = [{ url = "https://files.example.org/PySocks-1.7-py3-none-any.whl", hash = "sha256:ee55" }]

[[package]]
name = "pytest"
version = "8.0"
source = { path = "pytest.zip" }
sdist = { hash = "sha256:ff66" }

[[package]]
name = "requests"
version = "2.0"
source = { directory = "../requests" }

[package.optional-dependencies]
socks = [{ name = "pysocks" }]
use-idna = [{ name = "tomli" }]

[[package]]
name = "tomli"
version = "2.0"
source = { virtual = "tomli" }

[[package]]
name = "werkzeug"
version = "3.0"
source = { registry = "https://index.example.org/simple" }

[[package]]
name = "winonly"
version = "1"
source = { registry = "../links" }
sdist = { path = "winonly-1.zip" }
`

func TestUV(t *testing.T) {
	l := must(t, "some/dir/uv.lock", uvText, CodeHash, CodeMismatch, CodeNoFiles)
	if l.Format != UV || l.Version != "1" || l.RequiresPython.String() != ">=3.10" {
		t.Errorf("%s %s %s", l.Format, l.Version, l.RequiresPython)
	}
	if diff := cmp.Diff([][]string{{"empty", "web"}, {"dev", "none"}}, [][]string{l.Extras, l.Groups}); diff != "" {
		t.Error(diff)
	}
	var sources []Source
	for _, p := range l.Packages {
		sources = append(sources, p.Source)
	}
	index := Source{Kind: FromIndex, URL: "https://index.example.org/simple"}
	want := []Source{
		{Kind: FromEditable, Path: "."}, {Kind: FromVCS, VCS: "git", URL: "https://git.example.org/flask?tag=3.0", Revision: "0123abc"}, index, index,
		{Kind: FromURL, URL: "https://files.example.org/PySocks-1.7-py3-none-any.whl"}, {Kind: FromPath, Path: "pytest.zip"}, {Kind: FromDirectory, Path: "../requests"},
		{Kind: FromVirtual, Path: "tomli"}, index, {Kind: FromIndex, URL: "../links"},
	}
	if diff := cmp.Diff(want, sources); diff != "" {
		t.Error(diff)
	}
	files := []File{
		{Name: "numpy-1.26.4.tar.gz", Kind: Sdist, URL: "https://files.example.org/numpy-1.26.4.tar.gz", Size: 123, Hashes: []Hash{{"sha256", "aa11"}}, Uploaded: time.Date(2024, 2, 5, 23, 48, 50, 5e6, time.UTC), Line: 39},
		{Name: "numpy-1.26.4-cp311-cp311-linux_x86_64.whl", Kind: Wheel, URL: "https://files.example.org/numpy-1.26.4-cp311-cp311-linux_x86_64.whl", Size: -1, Hashes: []Hash{{"sha256", "bb22"}}, Line: 41},
		{Name: "numpy-1.26.4+mkl-cp311-cp311-win_amd64.whl", Kind: Wheel, URL: "https://files.example.org/numpy-1.26.4%2Bmkl-cp311-cp311-win_amd64.whl#egg", Size: -1, Hashes: []Hash{{"sha256", "cc33"}}, Line: 42},
		{Name: "numpy-1.26.4-cp311-cp311-win32.whl", Kind: Wheel, Path: "wheels/numpy-1.26.4-cp311-cp311-win32.whl", Size: -1, Line: 43},
		{Name: "numpy-1.26.4.egg", Kind: Other, URL: "https://files.example.org/numpy-1.26.4.egg", Size: -1, Hashes: []Hash{{"sha256", "dd44"}}, Line: 44},
	}
	numpy := l.Packages[2]
	if diff := cmp.Diff(files, numpy.Files); diff != "" || numpy.Line != 34 || numpy.Name != "numpy" || l.Packages[0].Name != "app" {
		t.Errorf("line %d %s", numpy.Line, diff)
	}
	// The sdist of a package by path is named after it.
	if f := l.Packages[5].Files[0]; f.Name != "pytest.zip" || f.Kind != Sdist {
		t.Errorf("%+v", f)
	}
	if p := l.Problems[1]; p.String() != `some/dir/uv.lock:42: numpy: the file "numpy-1.26.4+mkl-cp311-cp311-win_amd64.whl" is not of numpy 1.26.4` {
		t.Errorf("problem %q", p)
	}
}

func TestUVNeeded(t *testing.T) {
	l := must(t, "uv.lock", uvText, CodeHash, CodeMismatch, CodeNoFiles)
	tests := []struct {
		env  [3]string
		sel  Selection
		want string
	}{
		{[3]string{"3.11.4", "linux", "x86_64"}, Selection{NoDefaultGroups: true},
			"app-0.1:r flask-3.0:e(extra) numpy-1.26.4:r numpy-2.1.0:e(marker) pysocks-1.7:r pytest-8.0:e(group) requests-2.0:r tomli-2.0:e(marker) werkzeug-3.0:e(extra) winonly-1:e(marker)"},
		{[3]string{"3.11.4", "linux", "x86_64"}, Selection{},
			"app-0.1:r flask-3.0:e(extra) numpy-1.26.4:r numpy-2.1.0:e(marker) pysocks-1.7:r pytest-8.0:r requests-2.0:r tomli-2.0:e(marker) werkzeug-3.0:e(extra) winonly-1:e(marker)"},
		{[3]string{"3.12.0", "win32", "AMD64"}, Selection{Extras: []string{"Web"}, NoDefaultGroups: true},
			"app-0.1:r flask-3.0:r numpy-1.26.4:e(marker) numpy-2.1.0:r pysocks-1.7:r pytest-8.0:e(group) requests-2.0:r tomli-2.0:e(marker) werkzeug-3.0:r winonly-1:r"},
		{[3]string{"3.10.1", "darwin", "arm64"}, Selection{Groups: []string{"dev"}},
			"app-0.1:r flask-3.0:e(extra) numpy-1.26.4:r numpy-2.1.0:e(marker) pysocks-1.7:r pytest-8.0:r requests-2.0:r tomli-2.0:r werkzeug-3.0:e(extra) winonly-1:e(marker)"},
		{[3]string{"3.10.1", "darwin", "arm64"}, Selection{Groups: []string{"dev"}, OnlyGroups: true},
			"app-0.1:e(unreachable) flask-3.0:e(extra) numpy-1.26.4:e(unreachable) numpy-2.1.0:e(unreachable) pysocks-1.7:e(extra) pytest-8.0:r requests-2.0:e(unreachable) tomli-2.0:r werkzeug-3.0:e(extra) winonly-1:e(unreachable)"},
		// A pre-release counts as its release.
		{[3]string{"3.10.0rc1", "linux", "x86_64"}, Selection{Extras: []string{"empty"}, Groups: []string{"none"}, NoDefaultGroups: true},
			"app-0.1:r flask-3.0:e(extra) numpy-1.26.4:r numpy-2.1.0:e(marker) pysocks-1.7:r pytest-8.0:e(group) requests-2.0:r tomli-2.0:e(group) werkzeug-3.0:e(extra) winonly-1:e(marker)"},
	}
	for _, tt := range tests {
		if got := states(t, l, environment(tt.env[0], tt.env[1], tt.env[2]), tt.sel); got != tt.want {
			t.Errorf("%v %+v:\n got %s\nwant %s", tt.env, tt.sel, got, tt.want)
		}
	}
	for _, tt := range []struct {
		python string
		sel    Selection
		code   Code
		text   string
	}{
		{"3.9.1", Selection{}, CodeRequiresPython, `uv.lock: the file is for Python >=3.10, not "3.9.1"`},
		{"3.11.1", Selection{Extras: []string{"x"}}, CodeSelection, `uv.lock: there is no extra "x"; the file has empty, web`},
		{"3.11.1", Selection{Groups: []string{"web"}}, CodeSelection, `uv.lock: there is no group "web"; the file has dev, none`},
	} {
		_, err := l.Needed(environment(tt.python, "linux", "x86_64"), tt.sel)
		if e, ok := errors.AsType[*Error](err); !ok || e.Code != tt.code || err.Error() != tt.text {
			t.Errorf("%v, want %s %s", err, tt.code, tt.text)
		}
	}
}

func TestUVReasons(t *testing.T) {
	l := must(t, "uv.lock", uvText, CodeHash, CodeMismatch, CodeNoFiles)
	needed, err := l.Needed(environment("3.11.4", "linux", "x86_64"), Selection{NoDefaultGroups: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]string{
		1: "not reachable without the extra web", 3: `the marker of a dependency of app is false: python_full_version >= "3.12"`,
		5: "not reachable without the group dev", 7: `the marker of a dependency of app is false: python_full_version < "3.11"`,
	} {
		if got := needed[i].Reason.String(); got != want || needed[i].Reason.Line == 0 {
			t.Errorf("%s: %q in line %d, want %q", needed[i].Package.Name, got, needed[i].Reason.Line, want)
		}
	}
}

// TestUVWorkspace: members, a group of the workspace itself, a script.
func TestUVWorkspace(t *testing.T) {
	l := must(t, "uv.lock", `version = 1
[manifest]
members = ["a", "B"]
requirements = [{ name = "c", marker = "sys_platform == 'linux'", extras = ["x"] }]
[manifest.dependency-groups]
dev = [{ name = "d" }]
[[package]]
name = "a"
source = { virtual = "a" }
[[package]]
name = "b"
source = { editable = "b" }
[[package]]
name = "c"
version = "1"
source = { virtual = "." }
[package.optional-dependencies]
x = [{ name = "d" }]
[[package]]
name = "d"
version = "1"
source = { directory = "d" }
`)
	linux, mac := environment("3.11.4", "linux", "x86_64"), environment("3.11.4", "darwin", "arm64")
	if got, want := states(t, l, linux, Selection{}), "a-:r b-:r c-1:r d-1:r"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := states(t, l, mac, Selection{NoDefaultGroups: true}), "a-:r b-:r c-1:e(marker) d-1:e(group)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := states(t, l, mac, Selection{Groups: []string{"dev"}, OnlyGroups: true}), "a-:e(unreachable) b-:e(unreachable) c-1:e(unreachable) d-1:r"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestUVConflicts: extras that exclude each other, one of them asked for by a
// dependency.
func TestUVConflicts(t *testing.T) {
	l := must(t, "uv.lock", `version = 1
conflicts = [[{ package = "m", extra = "x" }, { package = "m", extra = "y" }], [{ package = "top", group = "g" }, { package = "top" }]]
[manifest]
members = ["top"]
[[package]]
name = "m"
version = "1"
source = { directory = "m" }
dependencies = [
  { name = "u", version = "1", marker = "extra == 'extra-1-m-x'" },
  { name = "u", version = "2", marker = "extra != 'extra-1-m-x' or extra == 'extra-1-m-y'" },
]
[package.optional-dependencies]
x = [{ name = "z" }]
[[package]]
name = "top"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "m" }]
[package.optional-dependencies]
a = [{ name = "m", extra = ["x"], marker = "extra == 'extra-1-m-x'" }]
b = [{ name = "m", extra = ["y"], marker = "extra == 'extra-1-m-y'" }]
[package.dev-dependencies]
g = [{ name = "z" }]
[[package]]
name = "u"
version = "1"
source = { directory = "u1" }
[[package]]
name = "u"
version = "2"
source = { directory = "u2" }
[[package]]
name = "z"
version = "1"
source = { directory = "z" }
`)
	env := environment("3.11.4", "linux", "x86_64")
	for _, tt := range []struct{ extra, want string }{
		{"", "m-1:r top-1:r u-1:e(marker) u-2:r z-1:e(group)"},
		{"a", "m-1:r top-1:r u-1:r u-2:e(marker) z-1:r"},
		{"b", "m-1:r top-1:r u-1:e(marker) u-2:r z-1:e(group)"},
		{"a b", "m-1:r top-1:r u-1:u(conflict) u-2:u(conflict) z-1:r"},
	} {
		if got := states(t, l, env, Selection{Extras: strings.Fields(tt.extra)}); got != tt.want {
			t.Errorf("extra %q:\n got %s\nwant %s", tt.extra, got, tt.want)
		}
	}
	_, err := l.Needed(env, Selection{Groups: []string{"g"}})
	if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeConflict || e.Line != 2 || !strings.HasSuffix(err.Error(), "select one: top g, top") {
		t.Errorf("error %v", err)
	}
	if got, want := states(t, l, env, Selection{Groups: []string{"g"}, OnlyGroups: true}), "m-1:e(extra) top-1:e(unreachable) u-1:e(marker) u-2:e(extra) z-1:r"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestUVDoubt: a marker that cannot be read, a dependency that may mean two
// packages, one that leads nowhere; and a file without a project.
func TestUVDoubt(t *testing.T) {
	l := must(t, "uv.lock", `version = 1
[[package]]
name = "top"
source = { virtual = "." }
dependencies = [
  { name = "a", marker = "python_version >> '3'" },
  { name = "b" },
  { name = "gone" },
  { name = "d" },
]
[[package]]
name = "a"
version = "1"
source = { directory = "a" }
dependencies = [{ name = "c" }, { name = "d" }]
[[package]]
name = "b"
version = "1"
source = { directory = "b1" }
resolution-markers = ["sys_platform == 'linux'"]
[[package]]
name = "b"
version = "2"
source = { directory = "b2" }
resolution-markers = ["sys_platform != 'win32'"]
[[package]]
name = "c"
version = "1"
source = { directory = "c" }
[[package]]
name = "d"
version = "1"
source = { directory = "d" }
[[package]]
name = "e"
version = "1"
source = { directory = "e" }
`, CodeMarker, CodeDependency)
	if got, want := states(t, l, environment("3.11.4", "linux", "x86_64"), Selection{}), "top-:r a-1:u(no-answer) b-1:u(no-answer) b-2:u(no-answer) c-1:u(no-answer) d-1:r e-1:e(unreachable)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := states(t, l, environment("3.11.4", "darwin", "arm64"), Selection{}), "top-:r a-1:u(no-answer) b-1:e(unreachable) b-2:r c-1:u(no-answer) d-1:r e-1:e(unreachable)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// No fork is for Windows: b may be either, rather than left out.
	if got, want := states(t, l, environment("3.11.4", "win32", "AMD64"), Selection{}), "top-:r a-1:u(no-answer) b-1:u(no-answer) b-2:u(no-answer) c-1:u(no-answer) d-1:r e-1:e(unreachable)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	l = must(t, "uv.lock", "version = 1\n[[package]]\nname = 'a'\nversion = '1'\nsource = { editable = 'a' }\n")
	if got, want := states(t, l, environment("3.11.4", "linux", "x86_64"), Selection{}), "a-1:u(no-roots)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
