package lockfile

import (
	"fmt"
	"strings"
	"testing"
)

// poetryOld writes a poetry.lock before 2.1 from lines such as "a: b[marker], c".
func poetryOld(lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		name, deps, _ := strings.Cut(line, ":")
		fmt.Fprintf(&b, "[[package]]\nname = '%s'\nversion = '1'\noptional = false\npython-versions = '*'\nfiles = [{file = '%s-1.tar.gz', hash = 'sha256:aa'}]\n[package.dependencies]\n", name, name)
		for dep := range strings.SplitSeq(deps, ",") {
			if dep, marker, _ := strings.Cut(strings.TrimSpace(dep), "["); dep != "" {
				fmt.Fprintf(&b, "%s = {version = '*', markers = \"%s\"}\n", dep, strings.TrimSuffix(marker, "]"))
			}
		}
	}
	return b.String() + "[metadata]\nlock-version = '2.0'\npython-versions = '*'\n"
}

// TestRootlessReach: what only false markers lead to is not needed; whatever else
// is in the file may be.
func TestRootlessReach(t *testing.T) {
	const win, linux = "[sys_platform == 'win32']", "[sys_platform == 'linux']"
	for _, tt := range []struct{ name, lock, want string }{
		{"a false edge", poetryOld("a: b"+win, "b:"), "a-1:u(no-roots) b-1:e(marker)"},
		{"a true edge", poetryOld("a: b"+linux, "b:"), "a-1:u(no-roots) b-1:u(no-roots)"},
		{"one of two edges is true", poetryOld("a: b"+win, "c: b", "b:"), "a-1:u(no-roots) c-1:u(no-roots) b-1:u(no-roots)"},
		{"below a false edge", poetryOld("a: b"+win, "b: c", "c: d", "d:"), "a-1:u(no-roots) b-1:e(marker) c-1:e(unreachable) d-1:e(unreachable)"},
		{"below, and elsewhere", poetryOld("a: b"+win+", c", "b: c", "c:"), "a-1:u(no-roots) b-1:e(marker) c-1:u(no-roots)"},
		{"a circle below a false edge", poetryOld("a: b"+win, "b: c", "c: b"), "a-1:u(no-roots) b-1:e(marker) c-1:e(unreachable)"},
		{"a circle that nothing leads to", poetryOld("b: c", "c: b"), "b-1:u(no-roots) c-1:u(no-roots)"},
		{"a package that depends on itself", poetryOld("b: b" + win), "b-1:u(no-roots)"},
		{"an extra", poetryOld("a: b[extra == 'x']", "b:"), "a-1:u(no-roots) b-1:u(no-roots)"},
		{"an extra elsewhere", poetryOld("a: b[extra == 'x' and sys_platform == 'win32']", "b:"), "a-1:u(no-roots) b-1:e(marker)"},
		{"an extra or here", poetryOld("a: b[extra == 'x' or sys_platform == 'linux']", "b:"), "a-1:u(no-roots) b-1:u(no-roots)"},
	} {
		l := must(t, "poetry.lock", tt.lock)
		if got := states(t, l, environment("3.11.1", "linux", "x86_64"), Selection{}); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestRootlessBadMarker: an edge with a marker that cannot be read may be true.
func TestRootlessBadMarker(t *testing.T) {
	l := must(t, "poetry.lock", poetryOld("a: b[moon == 'full']", "b:"), CodeMarker)
	if got, want := states(t, l, environment("3.11.1", "linux", "x86_64"), Selection{}), "a-1:u(no-roots) b-1:u(no-roots)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRootlessPython: Poetry leaves out packages for other versions of Python, and
// what only they depend on. PDM's entries with extras depend on those without.
func TestRootlessPython(t *testing.T) {
	l := must(t, "poetry.lock", strings.Replace(poetryOld("a:", "b: c", "c:"), "python-versions = '*'\nfiles = [{file = 'b-", "python-versions = '<3.9'\nfiles = [{file = 'b-", 1))
	if got, want := states(t, l, environment("3.11.1", "linux", "x86_64"), Selection{}), "a-1:u(no-roots) b-1:e(requires-python) c-1:e(unreachable)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := states(t, l, environment("3.8.1", "linux", "x86_64"), Selection{}), "a-1:u(no-roots) b-1:u(no-roots) c-1:u(no-roots)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	const f = "files = [{file = 'a-1.tar.gz', hash = 'sha256:aa'}]\n"
	l = must(t, "pdm.lock", "[metadata]\nlock_version = '4.4'\n[[package]]\nname = 'a'\nversion = '1'\nextras = ['x']\ndependencies = [\"a==1; sys_platform == 'win32'\"]\n"+f+"[[package]]\nname = 'a'\nversion = '1'\n"+f)
	if got, want := states(t, l, environment("3.11.1", "linux", "x86_64"), Selection{}), "a-1:u(no-roots) a-1:u(no-roots)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
