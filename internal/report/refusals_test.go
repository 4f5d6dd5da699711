package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// TestRefusals: targets with the same reason share a sentence.
func TestRefusals(t *testing.T) {
	const text = "lock-version = '1.0'\nrequires-python = '>=3.11'\nenvironments = ['sys_platform == \"linux\"']\n" +
		"[[packages]]\nname = 'a'\nversion = '1'\nwheels = [{ url = 'h/a-1-py3-none-any.whl', hashes = { sha256 = 'aa' } }]\n" +
		"[[packages]]\nname = 'b'\nversion = '1'\nwheels = [{ url = 'h/b-1-py3-none-any.whl', hashes = { sha256 = 'aa' } }]\n"
	lock, err := lockfile.Read(strings.NewReader(text), "pylock.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		words, want []string
		everywhere  bool
	}{
		{[]string{"3.11@debian:12/amd64"}, nil, false},
		{[]string{"3.10@debian:12/amd64", "3.11@debian:12/amd64"}, []string{"the lock is for Python >=3.11; 3.10@debian:12/amd64 has 3.10"}, false},
		{[]string{"3.10@debian:12/amd64", "3.9@debian:12/amd64", "3.10@win_amd64"},
			[]string{"the lock is for Python >=3.11; 3.10@debian:12/amd64, 3.10@win_amd64 have 3.10", "the lock is for Python >=3.11; 3.9@debian:12/amd64 has 3.9"}, true},
		{[]string{"3.11@win_amd64"}, []string{"the lock is not for the environment of 3.11@win_amd64"}, true},
		{[]string{"3.11@win_amd64", "3.11@win32"}, []string{"the lock is not for the environment of 3.11@win_amd64, 3.11@win32"}, true},
	} {
		var targets []coverage.Target
		for _, word := range tt.words {
			d, err := distro.Parse(word, distro.Options{})
			if err != nil {
				t.Fatal(err)
			}
			target, err := tags.New(d.Python, d.Platform, tags.Packaging)
			if err != nil {
				t.Fatal(err)
			}
			targets = append(targets, coverage.NewTarget(target.WithName(word)))
		}
		rows, err := coverage.Locked(lock, lockfile.Selection{}, nil, targets)
		if err != nil {
			t.Fatal(err)
		}
		var list []*coverage.Row
		for row := range rows {
			list = append(list, &row)
		}
		if diff := cmp.Diff(tt.want, Refusals(targets, slices.Values(list))); diff != "" {
			t.Errorf("%v: %s", tt.words, diff)
		}
		if refused(list[0]) != tt.everywhere {
			t.Errorf("%v: refused %v", tt.words, refused(list[0]))
		}
	}
}
