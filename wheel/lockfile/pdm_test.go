package lockfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const pdmText = `[metadata]
groups = ["default", "Web", "dev"]
strategy = ["inherit_metadata", "static_urls"]
lock_version = "4.5.0"

[[metadata.targets]]
requires_python = ">=3.9,<3.11"

[[metadata.targets]]
requires_python = ">=3.12"
platform = "manylinux_2_17_x86_64"

[[package]]
name = "click"
version = "8.0"
requires_python = ">=3.10"
summary = "x"
groups = ["default", "web"]
marker = "sys_platform == \"linux\""
dependencies = ["colorama; sys_platform == \"win32\"", "other[A_b]>=1", "?"]
files = [
    {url = "https://files.example.org/click-8.0.tar.gz", hash = "sha256:aa"},
    {file = "click-8.0-py3-none-any.whl", hash = "sha256:bb"},
]

[[package]]
name = "requests"
version = "2.0"
extras = ["socks"]
groups = ["web"]
files = [{file = "requests-2.0.tar.gz", hash = "sha256:aa"}]

[[package]]
name = "requests"
version = "2.0"
groups = ["default"]
files = [{file = "requests-2.0.tar.gz", hash = "sha256:aa"}]

[[package]]
name = "repo"
version = "1"
git = "https://git.example.org/repo"
ref = "main"
revision = "0123"
groups = ["dev"]

[[package]]
name = "local"
version = "1"
path = "./local"
editable = true
groups = ["dev"]

[[package]]
name = "archive"
version = "1"
path = "./archive-1.zip"
groups = ["dev"]

[[package]]
name = "linked"
version = "1"
url = "https://example.org/linked.tar.gz"
subdirectory = "x"
`

func TestPDM(t *testing.T) {
	l := must(t, "pdm.lock", pdmText, CodeTarget, CodeDependency)
	if diff := cmp.Diff([]string{"default", "dev", "web"}, l.Groups); diff != "" || !l.Problems[0].Note {
		t.Error(diff)
	}
	for version, want := range map[string]bool{"3.8.1": false, "3.9.1": true, "3.11.1": false, "3.12.0": true} {
		if l.RequiresPython.Allows(version) != want {
			t.Errorf("%s allows %s: %t", l.RequiresPython, version, !want)
		}
	}
	var sources []Source
	for _, p := range l.Packages[2:] {
		sources = append(sources, p.Source)
	}
	want := []Source{
		{Kind: FromIndex}, {Kind: FromVCS, VCS: "git", URL: "https://git.example.org/repo", Revision: "0123"}, {Kind: FromEditable, Path: "./local"},
		{Kind: FromPath, Path: "./archive-1.zip"}, {Kind: FromURL, URL: "https://example.org/linked.tar.gz", Subdirectory: "x"},
	}
	if diff := cmp.Diff(want, sources); diff != "" {
		t.Error(diff)
	}
	if d := l.Packages[0].Dependencies; len(d) != 2 || d[1].Name != "other" || d[1].Extras[0] != "a-b" {
		t.Errorf("dependencies %+v", d)
	}
	for _, tt := range []struct {
		python, system string
		sel            Selection
		want           string
	}{
		{"3.10.1", "linux", Selection{NoDefaultGroups: true}, "click-8.0:r requests-2.0:e(group) requests-2.0:r repo-1:e(group) local-1:e(group) archive-1:e(group) linked-1:r"},
		{"3.9.1", "linux", Selection{Extras: []string{"web"}, NoDefaultGroups: true}, "click-8.0:r(requires-python) requests-2.0:r requests-2.0:r repo-1:e(group) local-1:e(group) archive-1:e(group) linked-1:r"},
		{"3.12.1", "win32", Selection{Groups: []string{"dev"}, OnlyGroups: true}, "click-8.0:e(group) requests-2.0:e(group) requests-2.0:e(group) repo-1:r local-1:r archive-1:r linked-1:r"},
		{"3.12.1", "win32", Selection{NoDefaultGroups: true}, "click-8.0:e(marker) requests-2.0:e(group) requests-2.0:r repo-1:e(group) local-1:e(group) archive-1:e(group) linked-1:r"},
	} {
		if got := states(t, l, environment(tt.python, tt.system, "x86_64"), tt.sel); got != tt.want {
			t.Errorf("%s %s %+v:\n got %s\nwant %s", tt.python, tt.system, tt.sel, got, tt.want)
		}
	}
}

// TestPDMOld: without inherit_metadata only pyproject.toml knows what is needed;
// before lock_version 4.3 the files stand apart.
func TestPDMOld(t *testing.T) {
	l := must(t, "pdm.lock", `[[package]]
name = "a"
version = "1"
dependencies = ["b; sys_platform == 'win32'"]
[[package]]
name = "b"
version = "1"
[metadata]
lock_version = "4.2"
[metadata.files]
"a 1" = [{url = "https://example.org/a-1.tar.gz", hash = "sha256:aa"}]
"b 1" = [{url = "https://example.org/b-1.tar.gz", hash = "sha256:aa"}]
`)
	if got, want := states(t, l, environment("3.10.1", "linux", "x86_64"), Selection{}), "a-1:u(no-roots) b-1:e(marker)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := states(t, l, environment("3.10.1", "win32", "x86_64"), Selection{}), "a-1:u(no-roots) b-1:u(no-roots)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
