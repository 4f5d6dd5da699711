package coverage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// TestDirectRequirements: of a requirement by URL or path a wheel is used if its
// tags fit, and everything else is built. Other files of the project do not count.
func TestDirectRequirements(t *testing.T) {
	targets := described(t, tags.Pip, "3.11@manylinux_2_28_x86_64")
	pool := poolOf("far-1-py3-none-any.whl", "foo-2-py3-none-any.whl")
	for requirement, want := range map[string]string{
		"foo @ https://h/foo-1.0%2Bcu121-cp311-cp311-linux_x86_64.whl": "foo 1.0+cu121:1 wheel foo-1.0+cu121-cp311-cp311-linux_x86_64.whl [] ",
		"https://h/far-1-cp311-cp311-manylinux_2_36_x86_64.whl":        "far 1:1 missing  [glibc-version] needs glibc 2.36 or newer; 3.11@manylinux_2_28_x86_64 has 2.28",
		"./w/pure-1-py3-none-any.whl":                                  "pure 1:1 pure pure-1-py3-none-any.whl [] ",
		"far @ file:///w/far-1-cp312-cp312-win_amd64.whl":              "far 1:1 missing  [python-version] built for CPython 3.12 only; 3.11@manylinux_2_28_x86_64 has Python 3.11",
		"-e .":                                   ". :1 build  [source-only] it comes from .",
		".":                                      ". :1 build  [source-only] it comes from .",
		"./local":                                "./local :1 build  [source-only] it comes from ./local",
		"https://h/refs/tags/v1.0.zip":           "https://h/refs/tags/v1.0.zip :1 build  [source-only] it comes from https://h/refs/tags/v1.0.zip",
		"https://h/foo-1.tar.gz":                 "https://h/foo-1.tar.gz :1 build foo-1.tar.gz [source-only] only source is available",
		"foo @ https://h/foo-1.tar.gz":           "foo 1:1 build foo-1.tar.gz [source-only] only source is available",
		"foo @ https://h/main.zip":               "foo :1 build  [source-only] it comes from https://h/main.zip",
		"git+https://h/r@v1":                     "https://h/r :1 build  [source-only] it comes from the git repository https://h/r",
		"foo @ https://h/pure-1-py3-none-any.wh": "foo :1 build  [source-only] it comes from https://h/pure-1-py3-none-any.wh",
	} {
		got := rowsText(t, lockText(t, "requirements.txt", requirement+"\n", ""), lockfile.Selection{}, pool, targets)
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s: %s", requirement, diff)
		}
	}
}

// TestDirectInvalidWheel: no installer takes a wheel with an invalid name.
func TestDirectInvalidWheel(t *testing.T) {
	targets := described(t, tags.Pip, "3.11@manylinux_2_28_x86_64")
	got := rowsText(t, lockText(t, "requirements.txt", "foo @ https://h/foo-1-py3.whl\n", ""), lockfile.Selection{}, nil, targets)
	if diff := cmp.Diff([]string{"foo :1 missing  [no-files] its name is invalid"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestDirectArchives: each format records archives by URL or path with names that
// are not those of source distributions; all are built.
func TestDirectArchives(t *testing.T) {
	targets := described(t, tags.Packaging, "3.11@manylinux_2_28_x86_64")
	for name, text := range map[string]string{
		"uv.lock": "version = 1\nrequires-python = '>=3.10'\n[[package]]\nname = 'top'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'a' }]\n" +
			"[[package]]\nname = 'a'\nversion = '1.0'\nsource = { url = 'https://h/v1.0.zip' }\nsdist = { hash = 'sha256:aa' }\n",
		"pylock.toml": "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1.0'\narchive = { url = 'https://h/v1.0.zip', hashes = { sha256 = 'aa' } }\n",
		"poetry.lock": "[[package]]\nname = 'a'\nversion = '1.0'\ngroups = ['main']\nfiles = [{ file = 'v1.0.zip', hash = 'sha256:aa' }]\n" +
			"[package.source]\ntype = 'url'\nurl = 'https://h/v1.0.zip'\n[metadata]\nlock-version = '2.1'\npython-versions = '*'\n",
		"pdm.lock": "[metadata]\nlock_version = '4.5'\nstrategy = ['inherit_metadata']\ngroups = ['default']\n[[package]]\nname = 'a'\nversion = '1.0'\ngroups = ['default']\nurl = 'https://h/v1.0.zip'\nfiles = [{ url = 'https://h/v1.0.zip', hash = 'sha256:aa' }]\n",
	} {
		lock := lockText(t, name, text, "")
		got := rowsText(t, lock, lockfile.Selection{}, nil, targets)
		if len(got) != 1 || len(lock.Problems) > 0 {
			t.Fatalf("%s: %q, problems %v", name, got, lock.Problems)
		}
		if want := " build  [source-only] it comes from https://h/v1.0.zip"; !strings.HasSuffix(got[0], want) {
			t.Errorf("%s: %q, want %q at the end", name, got[0], want)
		}
	}
}
