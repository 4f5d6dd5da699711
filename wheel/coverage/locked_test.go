package coverage

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// rowsText writes the answers for the first target, a line for each row: package,
// version and line, state, file, reason code and message.
func rowsText(t *testing.T, lock *lockfile.Lock, selection lockfile.Selection, pool *Pool, targets []Target) []string {
	t.Helper()
	rows, err := Locked(lock, selection, pool, targets)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for row := range rows {
		r := row.Reason(0)
		lines = append(lines, fmt.Sprintf("%s %s:%d %s %s [%s] %s", row.Package, row.Version, row.Line, row.Cells[0].State, row.File(0), r.Code, r.Message))
	}
	return lines
}

// TestLocked covers what a lock file alone decides.
func TestLocked(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64")
	const uv = `version = 1
requires-python = ">=3.10"
[[package]]
name = "top"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "win", marker = "sys_platform == 'win32'" }, { name = "new" }, { name = "repo" }, { name = "linked" }, { name = "file" }, { name = "dir" }, { name = "edit" }, { name = "whl" }, { name = "none" }]
[[package]]
name = "win"
version = "1"
source = { registry = "https://h" }
wheels = [{ url = "https://h/win-1-py3-none-any.whl" }]
[[package]]
name = "repo"
version = "2"
source = { git = "https://h/repo#0123" }
[[package]]
name = "linked"
version = "2"
source = { url = "https://h/x" }
[[package]]
name = "file"
version = "2"
source = { path = "f/file" }
[[package]]
name = "dir"
version = "2"
source = { directory = "../dir" }
[[package]]
name = "edit"
version = "2"
source = { editable = "../edit" }
[[package]]
name = "new"
version = "2"
source = { registry = "https://h" }
[[package]]
name = "whl"
version = "3"
source = { registry = "https://h" }
sdist = { url = "https://h/whl-3.tar.gz" }
wheels = [{ url = "https://h/whl-3-cp311-cp311-manylinux_2_28_x86_64.whl" }, { url = "https://h/whl-3-cp312-cp312-win_amd64.whl" }]
`
	want := []string{
		`win 1:8 excluded  [not-needed] the marker of a dependency of top is false: sys_platform == "win32"`,
		"repo 2:13 build  [source-only] it comes from the git repository https://h/repo",
		"linked 2:17 build  [source-only] it comes from https://h/x",
		"file 2:21 build  [source-only] it comes from f/file",
		"dir 2:25 build  [source-only] it comes from ../dir",
		"edit 2:29 build  [source-only] it comes from ../edit",
		"new 2:33 missing  [no-files] the lock file lists no files of it, and uv uses no others",
		"whl 3:37 wheel whl-3-cp311-cp311-manylinux_2_28_x86_64.whl [] ",
	}
	if diff := cmp.Diff(want, rowsText(t, lockText(t, "uv.lock", uv, ""), lockfile.Selection{}, nil, targets)); diff != "" {
		t.Error(diff)
	}
	// A target that the file is not for misses everything.
	old := described(t, tags.Packaging, "3.9@manylinux_2_28_x86_64")
	for _, line := range rowsText(t, lockText(t, "uv.lock", uv, ""), lockfile.Selection{}, nil, old) {
		if !strings.Contains(line, "unsupported  [lock] the lock is for Python >=3.10; 3.9@manylinux_2_28_x86_64 has 3.9") {
			t.Error(line)
		}
	}
	_, err := Locked(lockText(t, "uv.lock", uv, ""), lockfile.Selection{Extras: []string{"gone"}}, nil, targets)
	if e, ok := errors.AsType[*lockfile.Error](err); !ok || e.Code != lockfile.CodeSelection {
		t.Errorf("an extra that is not there: %v", err)
	}
}

// TestLockedPylock covers what a pylock.toml decides: its environments, and a
// package for another Python.
func TestLockedPylock(t *testing.T) {
	const text = "lock-version = '1.0'\nenvironments = ['sys_platform == \"linux\"']\n" +
		"[[packages]]\nname = 'a'\nversion = '1'\nrequires-python = '>=3.12'\nsdist = { url = 'h/a-1.tar.gz', hashes = { sha256 = 'aa' } }\n"
	lock := lockText(t, "pylock.toml", text, "")
	for word, want := range map[string]string{
		"3.12@manylinux_2_28_x86_64": "a 1:3 build a-1.tar.gz [source-only] only source is available",
		"3.11@manylinux_2_28_x86_64": "a 1:3 missing  [requires-python] requires Python >=3.12; 3.11@manylinux_2_28_x86_64 has 3.11",
		"3.12@win_amd64":             "a 1:3 unsupported  [lock] the lock is not for the environment of 3.12@win_amd64",
	} {
		got := rowsText(t, lock, lockfile.Selection{}, nil, described(t, tags.Packaging, word))
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s: %s", word, diff)
		}
	}
}

// TestLockedPool: files of the pool fill holes, after those of the lock file and
// each name once.
func TestLockedPool(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64")
	const text = "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1'\nsdist = { url = 'h/a-1.tar.gz', hashes = { sha256 = 'aa' } }\n"
	lock := lockText(t, "pylock.toml", text, "")
	pool := poolOf("a-1.tar.gz", "a-1-py3-none-any.whl", "a-1-py3-none-any.whl", "a-2-py3-none-any.whl")
	row := lockedRow(t, "pylock.toml", text, pool, targets)
	var names []string
	for _, c := range row.Candidates(0) {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{"a-1.tar.gz", "a-1-py3-none-any.whl"}, names); diff != "" {
		t.Error(diff)
	}
	if got := rowsText(t, lock, lockfile.Selection{}, pool, targets); got[0] != "a 1:2 pure a-1-py3-none-any.whl [] " {
		t.Error(got)
	}
	if got := rowsText(t, lock, lockfile.Selection{}, poolOf("a-2-py3-none-any.whl"), targets); !strings.Contains(got[0], "build a-1.tar.gz") {
		t.Error(got)
	}
}

// TestManyRows: a pool is searched for a bounded number of entries of a package.
func TestManyRows(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64")
	lock := lockText(t, "requirements.txt", strings.Repeat("a\n", maxRows+1)+"b\n", "")
	pool := poolOf("a-1-py3-none-any.whl")
	lines := rowsText(t, lock, lockfile.Selection{}, pool, targets)
	if len(lines) != maxRows+2 {
		t.Fatalf("%d rows", len(lines))
	}
	want := []string{
		"a :1000 pure a-1-py3-none-any.whl [] ",
		"a :1001 unknown  [no-files] more than 1000 entries of the package; files of the rest are not looked up",
		"b :1002 unknown  [no-files] its files are not known; add a directory, a page or a lock file that lists them",
	}
	if diff := cmp.Diff(want, lines[maxRows-1:]); diff != "" {
		t.Error(diff)
	}
}

// TestConstraints limits the versions of a pool, by a constraints file and by the
// requirement itself.
func TestConstraints(t *testing.T) {
	targets := described(t, tags.Pip, "3.11@manylinux_2_28_x86_64", "3.11@win_amd64")
	pool := func() *Pool {
		return poolOf("a-1-py3-none-any.whl", "a-2-py3-none-any.whl", "a-3-py3-none-any.whl", "a-4rc1-py3-none-any.whl", "a-5-py3-none-any.whl!")
	}
	for _, tt := range []struct {
		requirement, constraints, want string
	}{
		{"a", "", "a-3-py3-none-any.whl"},
		{"a<3", "", "a-2-py3-none-any.whl"},
		{"a", "a<3", "a-2-py3-none-any.whl"},
		{"a!=2", "a<3", "a-1-py3-none-any.whl"},
		{"a", "a", "a-3-py3-none-any.whl"},
		{"a", "b<3", "a-3-py3-none-any.whl"},
		{"a", "a<3; sys_platform == 'linux'", "a-3-py3-none-any.whl"}, // not on both targets
		{"a", "a<3; os_name == 'x'", "a-3-py3-none-any.whl"},
		{"a", "a<3; python_version > '3'", "a-2-py3-none-any.whl"},
		{"a", "a<3; os_name ~= 'x'", "a-3-py3-none-any.whl"}, // cannot be evaluated
		{"a", "a==4rc1", "a-4rc1-py3-none-any.whl"},
		{"a==4rc1", "", "a-4rc1-py3-none-any.whl"},
		{"a===2", "", "a-2-py3-none-any.whl"},
		{"a==2.*", "", "a-2-py3-none-any.whl"},
		{"a==5", "", "a-5-py3-none-any.whl"}, // yanked, but pinned
		{"a==5.*", "", ""},
		{"a", "a==5", "a-5-py3-none-any.whl"},
		{"a==2", "a==1", ""},
	} {
		text := tt.requirement + "\n"
		if tt.constraints != "" {
			text += "-c c.txt\n"
		}
		rows, err := Locked(lockText(t, "requirements.txt", text, tt.constraints+"\n"), lockfile.Selection{}, pool(), targets)
		if err != nil {
			t.Fatal(err)
		}
		for row := range rows {
			if row.File(0) != tt.want || row.File(1) != tt.want {
				t.Errorf("%s with %q: %q and %q, want %q", tt.requirement, tt.constraints, row.File(0), row.File(1), tt.want)
			}
		}
	}
	limits, err := lockfile.ReadConstraints(fileOpener("a<3\nb==1\n"), "c.txt")
	if err != nil {
		t.Fatal(err)
	}
	for row := range pool().Rows(targets, limits) {
		if row.File(0) != "a-2-py3-none-any.whl" {
			t.Errorf("pool with constraints: %q", row.File(0))
		}
	}
}
