package coverage

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// TestDoubt: a package for which nothing fits is no hole if the lock file does not
// say that it is needed; what only a false marker leads to is not needed.
func TestDoubt(t *testing.T) {
	const packages = "[[package]]\nname = 'top'\nversion = '1'\noptional = false\npython-versions = '*'\ngroups = ['main']\nfiles = [{file = 'top-1-cp311-cp311-win_amd64.whl', hash = 'sha256:aa'}]\n" +
		"[package.dependencies]\nwin = {version = '*', markers = \"sys_platform == 'win32'\"}\n" +
		"[[package]]\nname = 'win'\nversion = '1'\noptional = false\npython-versions = '*'\ngroups = ['main']\nmarkers = \"sys_platform == 'win32'\"\nfiles = [{file = 'win-1-cp311-cp311-win_amd64.whl', hash = 'sha256:aa'}]\n"
	lock := func(version string) *lockfile.Lock {
		return lockText(t, "poetry.lock", packages+"[metadata]\nlock-version = '"+version+"'\npython-versions = '*'\n", "")
	}
	const win = `win 1:10 excluded  [not-needed] the marker of a dependency of top is false: sys_platform == "win32"`
	for _, tt := range []struct {
		version, target string
		want            []string
	}{
		{"2.0", "3.11@manylinux_2_28_x86_64", []string{"top 1:1 unknown  [need] nothing fits, but the package may not be needed: the lock file does not record what the project itself needs", win}},
		{"2.1", "3.11@manylinux_2_28_x86_64", []string{"top 1:1 missing  [os] built for Windows; 3.11@manylinux_2_28_x86_64 is Linux x86_64, glibc 2.28", `win 1:10 excluded  [not-needed] the marker is false: sys_platform == "win32"`}},
		{"2.0", "3.11@win_amd64", []string{"top 1:1 wheel top-1-cp311-cp311-win_amd64.whl [] ", "win 1:10 wheel win-1-cp311-cp311-win_amd64.whl [] "}},
	} {
		got := rowsText(t, lock(tt.version), lockfile.Selection{}, nil, described(t, tags.Packaging, tt.target))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s on %s: %s", tt.version, tt.target, diff)
		}
	}
}
