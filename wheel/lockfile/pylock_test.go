package lockfile

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const pylockText = `lock-version = "1.0"
created-by = "hand"
requires-python = ">=3.10"
environments = ["sys_platform == 'linux'", "sys_platform == 'win32'"]
extras = ["web"]
dependency-groups = ["docs"]
default-groups = ["main-group"]

[[packages]]
name = "always"
version = "1.0"
index = "https://index.example.org/simple"
[packages.sdist]
url = "https://files.example.org/always-1.0.tar.gz"
size = 0x10
upload-time = 2024-01-02 03:04:05Z
hashes = { sha512 = "BB", md5 = "aa" }

[[packages]]
name = "in-default"
version = "1.0"
marker = "'main-group' in dependency_groups"
archive = { url = "https://example.org/main.zip", hashes = { sha256 = "aa" }, subdirectory = "sub" }

[[packages]]
name = "in-docs"
version = "1.0"
marker = "'docs' in dependency_groups"
vcs = { type = "hg", url = "https://hg.example.org/x", commit-id = "c0" }

[[packages]]
name = "in-web"
marker = "'web' in extras and sys_platform == 'linux'"
directory = { path = "../in-web", editable = true }

[[packages]]
name = "new-python"
version = "1.0"
requires-python = ">=3.12"
wheels = [
  { name = "new_python-1.0-py3-none-any.whl", url = "https://files.example.org/x", hashes = { sha256 = "aa" } },
  { path = 'C:\wheels\new_python-1.0-py2-none-any.whl', upload-time = 2024-01-02T03:04:05, hashes = { sha256 = "ab" } },
]
`

func TestPylock(t *testing.T) {
	l := must(t, "pylock.dev.toml", pylockText)
	if diff := cmp.Diff([][]string{{"web"}, {"docs", "main-group"}, {"main-group"}}, [][]string{l.Extras, l.Groups, l.DefaultGroups}); diff != "" || l.Format != Pylock {
		t.Error(l.Format, diff)
	}
	var got []any
	for _, p := range l.Packages {
		got = append(got, p.Source, p.Files, p.Line)
	}
	want := []any{
		Source{Kind: FromIndex, URL: "https://index.example.org/simple"},
		[]File{{Name: "always-1.0.tar.gz", Kind: Sdist, URL: "https://files.example.org/always-1.0.tar.gz", Size: 16, Uploaded: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), Hashes: []Hash{{"md5", "aa"}, {"sha512", "bb"}}, Line: 13}}, 9,
		Source{Kind: FromURL, URL: "https://example.org/main.zip", Subdirectory: "sub"},
		[]File{{Name: "main.zip", Kind: Sdist, URL: "https://example.org/main.zip", Size: -1, Hashes: []Hash{{"sha256", "aa"}}, Line: 23}}, 19,
		Source{Kind: FromVCS, URL: "https://hg.example.org/x", VCS: "hg", Revision: "c0"}, []File{}, 25,
		Source{Kind: FromEditable, Path: "../in-web"}, []File{}, 31,
		Source{Kind: FromIndex},
		[]File{
			{Name: "new_python-1.0-py3-none-any.whl", Kind: Wheel, URL: "https://files.example.org/x", Size: -1, Hashes: []Hash{{"sha256", "aa"}}, Line: 41},
			{Name: "new_python-1.0-py2-none-any.whl", Kind: Wheel, Path: `C:\wheels\new_python-1.0-py2-none-any.whl`, Size: -1, Uploaded: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), Hashes: []Hash{{"sha256", "ab"}}, Line: 42},
		}, 36,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPylockNeeded(t *testing.T) {
	l := must(t, "pylock.toml", pylockText)
	for _, tt := range []struct {
		env  [3]string
		sel  Selection
		want string
	}{
		{[3]string{"3.12.1", "linux", "x86_64"}, Selection{}, "always-1.0:r in-default-1.0:r in-docs-1.0:e(group) in-web-:e(extra) new-python-1.0:r"},
		{[3]string{"3.12.1", "linux", "x86_64"}, Selection{Groups: []string{"docs"}, Extras: []string{"web"}}, "always-1.0:r in-default-1.0:r in-docs-1.0:r in-web-:r new-python-1.0:r"},
		{[3]string{"3.11.1", "win32", "AMD64"}, Selection{Extras: []string{"web"}, OnlyGroups: true}, "always-1.0:r in-default-1.0:e(group) in-docs-1.0:e(group) in-web-:e(marker) new-python-1.0:r(requires-python)"},
	} {
		if got := states(t, l, environment(tt.env[0], tt.env[1], tt.env[2]), tt.sel); got != tt.want {
			t.Errorf("%v %+v:\n got %s\nwant %s", tt.env, tt.sel, got, tt.want)
		}
	}
	for _, tt := range []struct {
		env  [3]string
		code Code
	}{{[3]string{"3.9.1", "linux", "x86_64"}, CodeRequiresPython}, {[3]string{"3.12.1", "darwin", "arm64"}, CodeEnvironment}} {
		_, err := l.Needed(environment(tt.env[0], tt.env[1], tt.env[2]), Selection{})
		if e, ok := errors.AsType[*Error](err); !ok || e.Code != tt.code {
			t.Errorf("%v: %v", tt.env, err)
		}
	}
}

func TestPylockProblems(t *testing.T) {
	head := "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1'\n"
	wheel := "wheels = [{ url = 'https://example.org/a-1-py3-none-any.whl', hashes = { sha256 = 'aa' } }]\n"
	for _, tt := range []struct {
		text  string
		codes []Code
	}{
		{head + wheel, nil},
		{"lock-version = '1.0'\npackages = []\n", nil},
		{"lock-version = '1.0'\n", []Code{CodeMissing}},
		{"lock-version = '1.1'\npackages = []\n", []Code{CodeLockVersion}},
		{head, []Code{CodeNoFiles}},
		{"lock-version = '1.0'\n[[packages]]\nname = 'A'\nversion = '1'\n" + wheel, []Code{CodeName}},
		{"lock-version = '1.0'\n[[packages]]\nversion = '1'\ndirectory = {path = 'x'}\n", []Code{CodeMissing}},
		{"lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = 'one'\ndirectory = {path = 'x'}\n", []Code{CodeVersion}},
		{head + "marker = 'x'\n" + wheel, []Code{CodeMarker}},
		{head + "marker = 3\n" + wheel, []Code{CodeType}},
		{head + "requires-python = 'x'\n" + wheel, []Code{CodePython}},
		{head + "directory = { path = 'x' }\n" + wheel, []Code{CodeType}},
		{head + "wheels = [{ url = 'https://example.org/a-1-py3-none-any.whl' }]\n", []Code{CodeHash}},
		{head + "wheels = [{ url = 'https://example.org/a-1-py3-none-any.whl', hashes = { sha256 = 'zz' } }]\n", []Code{CodeHash}},
		{head + "wheels = [{ hashes = { sha256 = 'aa' } }]\n", []Code{CodeMissing, CodeFilename}},
		{head + "wheels = [{ url = 'https://example.org/a-1-py3-none.whl', hashes = { sha256 = 'aa' } }]\n", []Code{CodeFilename}},
		{head + "wheels = [{ url = 'https://example.org/a-2-py3-none-any.whl', hashes = { sha256 = 'aa' } }]\n", []Code{CodeMismatch}},
		{head + "wheels = [{ url = 'https://example.org/b-1-py3-none-any.whl', hashes = { sha256 = 'aa' } }]\n", []Code{CodeMismatch}},
		{head + "sdist = { url = 'https://example.org/a-1.tar.gz', size = -1, hashes = { sha256 = 'aa' } }\n", []Code{CodeType}},
		{head + "sdist = { url = 'https://example.org/a-1.tar.gz', upload-time = 'now', hashes = { sha256 = 'aa' } }\n", []Code{CodeType}},
		{head + "sdist = { url = 'https://example.org/a.tar.gz', hashes = { sha256 = 'aa' } }\n", []Code{CodeFilename}},
		{head + "wheels = ['x', 2]\n", []Code{CodeType, CodeType, CodeNoFiles}},
		{head + wheel + "[[packages]]\nname = 'a'\nversion = '1'\n" + wheel, []Code{CodeDuplicate}},
		{head + wheel + "marker = 'os_name == \"x\"'\n[[packages]]\nname = 'a'\nversion = '1'\n" + wheel, nil},
	} {
		l := must(t, "pylock.toml", tt.text, tt.codes...)
		for _, p := range l.Problems {
			if p.Note != (p.Code == CodeLockVersion) {
				t.Errorf("%v: note %t", p, p.Note)
			}
		}
	}
	// The specification forbids two entries at once, even of one version.
	l := must(t, "pylock.toml", head+wheel+"marker = 'os_name != \"x\"'\n[[packages]]\nname = 'a'\nversion = '1'\n"+wheel)
	if got := states(t, l, environment("3.11.1", "linux", "x86_64"), Selection{}); got != "a-1:u(conflict) a-1:u(conflict)" {
		t.Error(got)
	}
	// A marker that cannot be read leaves the answer open.
	l = must(t, "pylock.toml", head+"marker = 3\n"+wheel, CodeType)
	if got := states(t, l, environment("3.11.1", "linux", "x86_64"), Selection{}); got != "a-1:u(no-answer)" {
		t.Error(got)
	}
}
