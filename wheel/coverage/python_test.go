package coverage

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// lockForms are lock files of one package, a-1.0-py3-none-any.whl. RANGE is the
// Python that the file or the package is for.
var lockForms = []struct{ what, name, text, spelt string }{
	{"uv.lock", "uv.lock", `version = 1
requires-python = "RANGE"
[[package]]
name = "root"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "a" }]
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://pypi.example.org/simple" }
wheels = [{ url = "https://pypi.example.org/a-1.0-py3-none-any.whl" }]
`, ">=3.12.2"},
	{"pylock.toml", "pylock.toml", `lock-version = "1.0"
created-by = "test"
requires-python = "RANGE"
[[packages]]
name = "a"
version = "1.0"
[[packages.wheels]]
name = "a-1.0-py3-none-any.whl"
url = "https://pypi.example.org/a-1.0-py3-none-any.whl"
hashes = { sha256 = "00" }
`, ">=3.12.2"},
	{"a package of pylock.toml", "pylock.toml", `lock-version = "1.0"
created-by = "test"
[[packages]]
name = "a"
version = "1.0"
requires-python = "RANGE"
[[packages.wheels]]
name = "a-1.0-py3-none-any.whl"
url = "https://pypi.example.org/a-1.0-py3-none-any.whl"
hashes = { sha256 = "00" }
`, ">=3.12.2"},
	{"poetry.lock", "poetry.lock", `[[package]]
name = "a"
version = "1.0"
python-versions = "*"
groups = ["main"]
files = [{file = "a-1.0-py3-none-any.whl", hash = "sha256:00"}]
[metadata]
lock-version = "2.1"
python-versions = "RANGE"
content-hash = "00"
`, "^3.12.2"},
}

// TestLockPython: a lock file for patch releases from X.Y.2 on is for a Python X.Y
// of which no more is known, and not for X.Y.1.
func TestLockPython(t *testing.T) {
	for _, form := range lockForms {
		lock := lockText(t, form.name, strings.ReplaceAll(form.text, "RANGE", form.spelt), "")
		for _, c := range []struct {
			word string
			want State
		}{
			{"3.12@debian:12/amd64", Pure},
			{"3.12.2@debian:12/amd64", Pure},
			{"3.12.1@debian:12/amd64", Unsupported},
			{"3.13@debian:12/amd64", Pure},
			{"3.11@debian:12/amd64", Unsupported},
		} {
			targets := described(t, tags.Packaging, c.word)
			rows, err := Locked(lock, lockfile.Selection{}, nil, targets)
			if err != nil {
				t.Fatal(err)
			}
			want := c.want
			if want == Unsupported && form.what == lockForms[2].what {
				want = Missing // the range of the package alone
			}
			for row := range rows {
				if row.Cells[0].State != want {
					t.Errorf("%s on %s: %s, want %s: %s", form.what, c.word, row.Cells[0].State, want, row.Reason(0))
				}
			}
		}
	}
}

// TestPackagePythonMessage: the same of a package's own range.
func TestPackagePythonMessage(t *testing.T) {
	lock := lockText(t, "pylock.toml", strings.ReplaceAll(lockForms[2].text, "RANGE", ">=3.12.2"), "")
	for word, have := range map[string]string{"3.11@debian:12/amd64": "3.11", "3.12.1@debian:12/amd64": "3.12.1"} {
		rows, err := Locked(lock, lockfile.Selection{}, nil, described(t, tags.Packaging, word))
		if err != nil {
			t.Fatal(err)
		}
		for row := range rows {
			r := row.Reason(0)
			if want := "requires Python >=3.12.2; " + word + " has " + have; r.Message != want || r.Have != have || r.Need != ">=3.12.2" || r.Code != tags.ReasonRequiresPython {
				t.Errorf("%s: %+v, want %s", word, r, want)
			}
		}
	}
}

// TestLockPythonMessage names no patch release that nobody named.
func TestLockPythonMessage(t *testing.T) {
	lock := lockText(t, "pylock.toml", strings.ReplaceAll(lockForms[1].text, "RANGE", ">=3.12"), "")
	for word, have := range map[string]string{"3.11@debian:12/amd64": "3.11", "3.11.4@debian:12/amd64": "3.11.4"} {
		rows, err := Locked(lock, lockfile.Selection{}, nil, described(t, tags.Packaging, word))
		if err != nil {
			t.Fatal(err)
		}
		for row := range rows {
			if want := "the lock is for Python >=3.12; " + word + " has " + have; row.Reason(0).Message != want || row.Cells[0].State != Unsupported {
				t.Errorf("%s: %s, want %s", word, row.Reason(0).Message, want)
			}
		}
	}
}
