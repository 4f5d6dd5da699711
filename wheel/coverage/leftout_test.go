package coverage

import (
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// TestLeftOut: where a package is excluded, or the lock file is not for the target,
// every file has that reason, also one that would not fit.
func TestLeftOut(t *testing.T) {
	const text = "lock-version = '1.0'\nrequires-python = '>=3.11'\n[[packages]]\nname = 'a'\nversion = '1'\nmarker = \"sys_platform == 'win32'\"\n" +
		"wheels = [{ url = 'h/a-1-py3-none-any.whl', hashes = { sha256 = 'aa' } }, { url = 'h/a-1-cp311-cp311-win_amd64.whl', hashes = { sha256 = 'aa' } }]\n"
	for _, tt := range []struct {
		target, message string
		code            tags.ReasonCode
		state, worst    State
	}{
		{"3.11@manylinux_2_28_x86_64", `the marker is false: sys_platform == "win32"`, ReasonNotNeeded, Excluded, Excluded},
		{"3.10@manylinux_2_28_x86_64", "the lock is for Python >=3.11; 3.10@manylinux_2_28_x86_64 has 3.10", ReasonLock, Unsupported, Unsupported},
	} {
		row := lockedRow(t, "pylock.toml", text, nil, described(t, tags.Packaging, tt.target))
		if row.Cells[0].State != tt.state || row.Worst() != tt.worst {
			t.Errorf("%s: %s, worst %s", tt.target, row.Cells[0].State, row.Worst())
		}
		candidates := row.Candidates(0)
		for _, c := range candidates {
			if c.Taken || c.Reason.Code != tt.code || c.Reason.Message != tt.message {
				t.Errorf("%s: %+v", tt.target, c)
			}
		}
		if len(candidates) != 2 {
			t.Errorf("%d candidates", len(candidates))
		}
	}
	// Where it is needed, each file has a reason of its own.
	row := lockedRow(t, "pylock.toml", text, nil, described(t, tags.Packaging, "3.11@win_amd64"))
	if c := row.Candidates(0); row.File(0) != "a-1-cp311-cp311-win_amd64.whl" || c[0].Reason.Code == "" || row.Worst() != Wheel {
		t.Errorf("needed: %+v", c)
	}
}

// TestNoFiles: uv installs nothing that uv.lock does not list. Other formats leave
// that open.
func TestNoFiles(t *testing.T) {
	targets := described(t, tags.UV, "3.11@manylinux_2_28_x86_64")
	uv := func(marker string) string {
		return "version = 1\nrequires-python = '>=3.10'\n[[package]]\nname = 'top'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'a', marker = \"" + marker + "\" }]\n" +
			"[[package]]\nname = 'a'\nversion = '1'\nsource = { registry = 'https://h' }\n"
	}
	for _, tt := range []struct {
		name, text string
		pool       *Pool
		want       State
	}{
		{"uv.lock", uv("sys_platform == 'linux'"), nil, Missing},
		{"uv.lock", uv("sys_platform == 'win32'"), nil, Excluded},
		{"uv.lock", uv("sys_platform == 'linux'"), poolOf("a-1-py3-none-any.whl"), Pure},
		{"poetry.lock", "[[package]]\nname = 'a'\nversion = '1'\ngroups = ['main']\nfiles = []\n[metadata]\nlock-version = '2.1'\n", nil, Unknown},
	} {
		row := lockedRow(t, tt.name, tt.text, tt.pool, targets)
		if got := row.Cells[0].State; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
		for _, p := range lockText(t, tt.name, tt.text, "").Problems {
			if !p.Note && tt.name == "uv.lock" {
				t.Errorf("problem %v, want none but notes", p)
			}
		}
	}
}

// TestOldBinaries: files that only old tools install are ignored without a problem.
func TestOldBinaries(t *testing.T) {
	text := func(file string) string {
		return "[[package]]\nname = 'a'\nversion = '1'\ngroups = ['main']\nfiles = [{file = '" + file + "', hash = 'sha256:aa'}, {file = 'a-1.tar.gz', hash = 'sha256:aa'}]\n[metadata]\nlock-version = '2.1'\n"
	}
	for file, problems := range map[string]int{
		"a-1-py2.7.egg": 0, "a-1.win32-py2.7.exe": 0, "a-1.win-amd64-py2.7.msi": 0, "a-1-1.noarch.rpm": 0, "a-1.dmg": 0,
		"a-1.bin": 1, "a-1.eggs": 1, "a-1-py3.whl": 1,
	} {
		lock := lockText(t, "poetry.lock", text(file), "")
		if len(lock.Problems) != problems {
			t.Errorf("%s: problems %v, want %d", file, lock.Problems, problems)
		}
		got := rowsText(t, lock, lockfile.Selection{}, nil, described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64"))
		if want := "a 1:1 build a-1.tar.gz [source-only] only source is available"; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}
