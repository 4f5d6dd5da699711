package lockfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const poetryText = `[[package]]
name = "Flask"
version = "3.0"
optional = true
python-versions = ">=3.8"
groups = ["main"]
markers = "extra == \"web\" or extra == \"all\""
files = [
    {file = "flask-3.0-py3-none-any.whl", hash = "sha256:aa"},
    {file = "flask-3.0.tar.gz", hash = "sha256:bb"},
]

[package.dependencies]
click = {version = ">=8", markers = "python_version < \"3.12\""}
both = [{version = "1", markers = "os_name == 'nt'"}, {version = "2", extras = ["X"]}]

[package.source]
type = "legacy"
url = "https://index.example.org/simple"
reference = "mirror"

[[package]]
name = "split"
version = "1.0"
optional = false
python-versions = "*"
groups = ["dev", "main"]
files = []
markers = {main = "sys_platform == \"win32\"", dev = "*"}

[package.source]
type = "git"
url = "https://git.example.org/split"
reference = "main"
resolved_reference = "0123"

[[package]]
name = "plain"
version = "1.0"
optional = false
python-versions = "^3.8"
groups = ["main"]
files = [{file = "plain-1.0.zip", hash = "sha256:cc"}]

[[package]]
name = "local"
version = "1.0"
groups = ["docs"]
files = []
develop = true
[package.source]
type = "directory"
url = "../local"

[extras]
all = ["flask"]
web = ["Flask"]

[metadata]
lock-version = "2.1"
python-versions = ">=3.8,<4.0 || ^4.1"
content-hash = "x"
`

func TestPoetry(t *testing.T) {
	l := must(t, "poetry.lock", poetryText)
	if diff := cmp.Diff([][]string{{"all", "web"}, {"dev", "docs", "main"}}, [][]string{l.Extras, l.Groups}); diff != "" || l.Version != "2.1" {
		t.Error(l.Version, diff)
	}
	var got []any
	for _, p := range l.Packages {
		got = append(got, p.Name, p.Source, len(p.Files), p.Line)
	}
	want := []any{
		"flask", Source{Kind: FromIndex, URL: "https://index.example.org/simple"}, 2, 1,
		"split", Source{Kind: FromVCS, VCS: "git", URL: "https://git.example.org/split", Revision: "0123"}, 0, 22,
		"plain", Source{Kind: FromIndex}, 1, 37,
		"local", Source{Kind: FromEditable, Path: "../local"}, 0, 45,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if d := l.Packages[0].Dependencies; len(d) != 3 || d[1].Marker.String() != `os_name == "nt"` || d[2].Extras[0] != "x" {
		t.Errorf("dependencies %+v", d)
	}
	for _, tt := range []struct {
		system string
		sel    Selection
		want   string
	}{
		{"linux", Selection{NoDefaultGroups: true}, "flask-3.0:e(extra) split-1.0:e(marker) plain-1.0:r local-1.0:e(group)"},
		{"win32", Selection{Extras: []string{"all"}, NoDefaultGroups: true}, "flask-3.0:r split-1.0:r plain-1.0:r local-1.0:e(group)"},
		{"linux", Selection{Groups: []string{"dev", "docs"}}, "flask-3.0:e(extra) split-1.0:r plain-1.0:r local-1.0:r"},
		{"linux", Selection{Groups: []string{"docs"}, OnlyGroups: true}, "flask-3.0:e(group) split-1.0:e(group) plain-1.0:e(group) local-1.0:r"},
	} {
		if got := states(t, l, environment("3.11.1", tt.system, "x86_64"), tt.sel); got != tt.want {
			t.Errorf("%s %+v:\n got %s\nwant %s", tt.system, tt.sel, got, tt.want)
		}
	}
}

// TestPoetryRootless: lock-version 1.1 does not say what the project needs.
func TestPoetryRootless(t *testing.T) {
	l := must(t, "poetry.lock", `[[package]]
name = "colorama"
version = "0.4"
category = "main"
optional = false
python-versions = ">=2.7"

[[package]]
name = "pytest"
version = "7.0"
category = "dev"
optional = false
python-versions = ">=3.6"
[package.dependencies]
colorama = {version = "*", markers = "sys_platform == \"win32\""}
backport = {version = "*", markers = "extra == \"x\""}

[[package]]
name = "backport"
version = "1"
category = "main"
optional = false
python-versions = "<3.9"

[[package]]
name = "for-web"
version = "1"
category = "main"
optional = true
python-versions = "*"
[package.dependencies]
below = "*"

[[package]]
name = "below"
version = "1"
category = "main"
optional = true
python-versions = "*"

[extras]
web = ["for-web"]

[metadata]
lock-version = "1.1"
python-versions = "^3.7"

[metadata.files]
backport = [{file = "backport-1.tar.gz", hash = "sha256:aa"}]
below = [{file = "below-1.tar.gz", hash = "sha256:aa"}, {file = "below-2.tar.gz", hash = "sha256:aa"}, {file = "below-2-py3-none-any.whl", hash = "sha256:aa"}]
colorama = [{file = "colorama-0.4-py2.py3-none-any.whl", hash = "sha256:aa"}]
for-web = []
pytest = [{file = "pytest-7.0-py3-none-any.whl", hash = "sha256:aa"}]
`, CodeNoFiles)
	if n := len(l.Packages[4].Files); n != 1 {
		t.Errorf("%d files of below, want the one of its version", n)
	}
	for _, tt := range []struct {
		python, system string
		sel            Selection
		want           string
	}{
		{"3.11.1", "linux", Selection{NoDefaultGroups: true}, "colorama-0.4:e(marker) pytest-7.0:e(group) backport-1:e(requires-python) for-web-1:e(extra) below-1:e(unreachable)"},
		{"3.8.1", "win32", Selection{Groups: []string{"dev"}, Extras: []string{"web"}}, "colorama-0.4:u(no-roots) pytest-7.0:u(no-roots) backport-1:u(no-roots) for-web-1:u(no-roots) below-1:u(no-roots)"},
		{"3.11.1", "win32", Selection{NoDefaultGroups: true}, "colorama-0.4:u(no-roots) pytest-7.0:e(group) backport-1:e(requires-python) for-web-1:e(extra) below-1:e(unreachable)"},
		{"3.8.1", "win32", Selection{Groups: []string{"dev"}, OnlyGroups: true}, "colorama-0.4:e(group) pytest-7.0:u(no-roots) backport-1:e(group) for-web-1:e(group) below-1:e(group)"},
	} {
		if got := states(t, l, environment(tt.python, tt.system, "x86_64"), tt.sel); got != tt.want {
			t.Errorf("%s %+v:\n got %s\nwant %s", tt.system, tt.sel, got, tt.want)
		}
	}
}

func TestPoetryProblems(t *testing.T) {
	tail := "[metadata]\nlock-version = '2.1'\n"
	for _, tt := range []struct {
		text  string
		codes []Code
	}{
		{"[[package]]\nname = 'a'\nversion = '1'\nfiles = [{file='a-1.zip', hash='sha256:aa'}]\n" + tail, []Code{CodeMissing}},
		{"[[package]]\nname = 'a'\nversion = '1'\ngroups = ['main']\nfiles = [{file='a-1.zip'}]\n" + tail, []Code{CodeHash}},
		{"[[package]]\nname = 'a'\nversion = '1'\ngroups = ['main']\nmarkers = ['x']\nfiles = [{file='a-1.zip', hash='sha256:aa'}]\n" + tail, []Code{CodeType}},
		{"[[package]]\nname = 'a'\nversion = '1'\ngroups = ['main']\nfiles = []\n[package.source]\ntype = 'moon'\n" + tail, []Code{CodeType, CodeNoFiles}},
		{"[metadata]\nlock-version = '2.7'\n", []Code{CodeLockVersion}},
		{"[metadata]\nlock-version = '2.1'\npython-versions = '^x'\n", []Code{CodePython}},
	} {
		must(t, "poetry.lock", tt.text, tt.codes...)
	}
}

func TestPoetryRange(t *testing.T) {
	for _, tt := range []struct {
		text    string
		yes, no []string
	}{
		{"*", []string{"2.7.0", "3.11.4"}, nil},
		{"", []string{"2.7.0"}, nil},
		{"^3.8", []string{"3.8.0", "3.13.1"}, []string{"3.7.9", "4.0.0"}},
		{"^0.2.3", []string{"0.2.9"}, []string{"0.2.2", "0.3.0"}},
		{"^0.0.3", []string{"0.0.3"}, []string{"0.0.2", "0.0.4"}},
		{"^0.0", []string{"0.0.9"}, []string{"0.1.0"}},
		{"^0", []string{"0.9.0"}, []string{"1.0.0"}},
		{"^00.1", []string{"0.1.9"}, []string{"0.0.9", "0.2.0"}},
		{"^00.00.1", []string{"0.0.1"}, []string{"0.0.2"}},
		{"^10.1", []string{"10.9.0"}, []string{"11.0.0"}},
		{"^3", []string{"3.0.0"}, []string{"4.0.0", "2.7.1"}},
		{"~3.7", []string{"3.7.1"}, []string{"3.8.0"}},
		{"~3", []string{"3.9.1"}, []string{"4.0.0"}},
		{"~3.7.2", []string{"3.7.9"}, []string{"3.7.1", "3.8.0"}},
		{">=2.7, !=3.0.*, !=3.1.*", []string{"2.7.1", "3.2.0"}, []string{"3.0.5"}},
		{">= 3.8 < 3.10", []string{"3.8.0"}, []string{"3.10.0"}},
		{"~2.7 || ^3.6", []string{"2.7.18", "3.6.0"}, []string{"3.5.0"}},
		{"~2.7|3.6.*", []string{"2.7.18", "3.6.9"}, []string{"3.7.0"}},
		{"3.9 || *", []string{"2.7.18"}, nil},
		{"3.8.1", []string{"3.8.1"}, []string{"3.8.2"}},
		{"~=3.8", []string{"3.9.0"}, []string{"4.0.0"}},
	} {
		r, err := parsePoetryRange(tt.text)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		for _, v := range tt.yes {
			if !r.Allows(v) {
				t.Errorf("%q must allow %s", tt.text, v)
			}
		}
		for _, v := range tt.no {
			if r.Allows(v) {
				t.Errorf("%q must not allow %s", tt.text, v)
			}
		}
	}
	for _, bad := range []string{"^", ">=", "^x", "3.x", "~", "3.8 <"} {
		if r, err := parsePoetryRange(bad); err == nil {
			t.Errorf("%q gives %v", bad, r)
		}
	}
	r, err := parsePythonRange(">=3.8,<4")
	if err != nil || r.IsZero() || r.String() != ">=3.8,<4" || !r.Allows("3.14.0a1+") || r.Allows("x") {
		t.Errorf("%v, %v", r, err)
	}
}
