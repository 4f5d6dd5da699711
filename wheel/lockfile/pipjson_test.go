package lockfile

import (
	"errors"
	"strings"
	"testing"
)

const pipfileText = `{
  "_meta": {"hash": {"sha256": "00"}, "pipfile-spec": 6, "requires": {"python_version": "3.11"}, "sources": []},
  "default": {
    "Requests": {"hashes": ["sha256:aa", "sha256:bb"], "index": "pypi", "version": "==2.0", "extras": ["socks"]},
    "winonly": {"hashes": ["sha256:cc"], "markers": "sys_platform == 'win32'", "version": "==1"},
    "repo": {"git": "https://h/r.git", "ref": "abc"},
    "local": {"editable": true, "path": "./local"},
    "archive": {"file": "https://h/archive-1.0-py3-none-any.whl"},
    "both": {"version": "==3"}
  },
  "develop": {
    "both": {"version": "==3"},
    "pytest": {"hashes": ["sha256:dd"], "version": "==8.0"}
  }
}`

// TestPipfile reads Pipfile.lock: develop is a group that is not installed by default.
func TestPipfile(t *testing.T) {
	l := must(t, "Pipfile.lock", pipfileText)
	linux := environment("3.11.4", "linux", "x86_64")
	if got, want := states(t, l, linux, Selection{}), "requests-2.0:r winonly-1:e(marker) repo-:r local-:r archive-1.0:r both-3:r pytest-8.0:e(group)"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got, want := states(t, l, linux, Selection{Groups: []string{"develop"}, OnlyGroups: true}), "requests-2.0:e(group) winonly-1:e(group) repo-:e(group) local-:e(group) archive-1.0:e(group) both-3:r pytest-8.0:r"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	p := l.Packages
	if p[0].Line != 4 || len(p[0].Hashes) != 2 || p[0].Extras[0] != "socks" || p[0].Specifiers.String() != "==2.0" || !l.Unlisted() {
		t.Errorf("%+v", p[0])
	}
	if p[2].Source.Kind != FromVCS || p[2].Source.Revision != "abc" || p[3].Source.Kind != FromEditable || p[4].Files[0].Name != "archive-1.0-py3-none-any.whl" {
		t.Errorf("%+v", p[2:5])
	}
	if _, err := Read(strings.NewReader(strings.Replace(pipfileText, `"pipfile-spec": 6`, `"pipfile-spec": 7`, 1)), "Pipfile.lock"); code(err) != CodeLockVersion {
		t.Error(err)
	}
	bad := must(t, "Pipfile.lock", strings.Replace(pipfileText, `"==8.0"`, `"8.0!"`, 1), CodeVersion)
	if len(bad.Packages) != 7 {
		t.Errorf("%d packages", len(bad.Packages))
	}
}

// TestPipReports reads what pip install --report and pip inspect write.
func TestPipReports(t *testing.T) {
	l := must(t, "report.json", `{"version": "1", "pip_version": "26.3", "install": [
 {"download_info": {"url": "https://h/demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", "archive_info": {"hashes": {"sha256": "aa"}}}, "is_direct": false, "requested": true,
  "metadata": {"name": "Demo", "version": "1.0", "requires_python": ">=3.9"}},
 {"download_info": {"url": "https://h/r.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}, "is_direct": true, "metadata": {"name": "repo", "version": "2"}},
 {"download_info": {"url": "file:///x/local", "dir_info": {}}, "is_direct": true, "metadata": {"name": "local", "version": "3"}},
 {"download_info": {"url": "https://h/v1.0.zip", "archive_info": {}}, "is_direct": true, "metadata": {"name": "zip", "version": "1.0"}}
], "environment": {}}`)
	linux := environment("3.11.4", "linux", "x86_64")
	if got, want := states(t, l, linux, Selection{}), "demo-1.0:r repo-2:r local-3:r zip-1.0:r"; got != want || l.Unlisted() {
		t.Errorf("got %s, want %s", got, want)
	}
	p := l.Packages
	if f := p[0].Files[0]; f.Name != "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl" || f.Hashes[0] != (Hash{"sha256", "aa"}) || p[0].Line != 2 {
		t.Errorf("%+v", p[0])
	}
	if p[1].Source.Kind != FromVCS || p[2].Source.Kind != FromDirectory || p[3].Source.Kind != FromURL {
		t.Errorf("%+v", p)
	}
	l = must(t, "x.json", `{"version": "1", "pip_version": "26.3", "installed": [
 {"metadata": {"name": "demo", "version": "1.0", "requires_python": ">=3.12"}, "requested": true},
 {"metadata": {"name": "here", "version": "1"}, "direct_url": {"url": "file:///x/here", "dir_info": {"editable": true}}},
 {"requested": true}]}`, CodeMissing)
	if got, want := states(t, l, linux, Selection{}), "demo-1.0:r(requires-python) here-1:r"; got != want || !l.Unlisted() || l.Packages[0].Specifiers.String() != "==1.0" {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestForeign: what is not read is called by its name, and other JSON is an error.
func TestForeign(t *testing.T) {
	for name, want := range map[string]string{
		"x/Cargo.lock": "x/Cargo.lock:1: this is the lock file of Cargo, for Rust", "MODULE.bazel.lock": "this is the lock file of Bazel modules",
		"pixi.toml": "this is what pixi.lock is made from", "pyproject.toml": "this is what a lock file is made from",
		"x.json": "unknown format: JSON, but neither Pipfile.lock nor a report of pip",
	} {
		_, err := Read(strings.NewReader("{}"), name)
		if code(err) != CodeFormat || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	for _, text := range []string{"{", `{"a": 1} x`, `{"a"`, `{"a": [`, "{" + strings.Repeat(`"a":{`, 300)} {
		if _, err := Read(strings.NewReader(text), "Pipfile.lock"); code(err) != CodeSyntax {
			t.Errorf("%.20s: %v", text, err)
		}
	}
}

func code(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// TestHashMode: pip requires hashes of all if one has one, uv only with the option.
func TestHashMode(t *testing.T) {
	for _, tt := range []struct {
		text    string
		pip, uv bool
		hashed  string // y or n for each
	}{
		{"a==1\nb==2\n", false, false, "nn"},
		{"a==1 --hash=sha256:00\nb==2\n", true, false, "yn"},
		{"--require-hashes\na==1\n", true, true, "n"},
		{"a>1 --hash=sha256:00\nhttps://h/b-1-py3-none-any.whl#sha256=00\nhttps://h/b-1-py3-none-any.whl\n-e ./c\n", true, false, "nynn"},
	} {
		l := must(t, "requirements.txt", tt.text)
		got := ""
		for i := range l.Packages {
			got += map[bool]string{true: "y", false: "n"}[l.Packages[i].Hashed()]
		}
		if got != tt.hashed || l.HashesRequired(false) != tt.pip || l.HashesRequired(true) != tt.uv {
			t.Errorf("%q: %s, pip %v, uv %v", tt.text, got, l.HashesRequired(false), l.HashesRequired(true))
		}
	}
	if must(t, "Pipfile.lock", pipfileText).HashesRequired(false) {
		t.Error("Pipfile.lock: each package has the hashes that it needs")
	}
}
