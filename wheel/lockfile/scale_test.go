package lockfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestScale reads hostile files of some megabytes. With work that grows with the
// square of the size each would take minutes: the time is compared with that for
// files of an eighth, in the same run, so that a slow machine makes no difference.
func TestScale(t *testing.T) {
	const n = 6000
	small := scaled(t, n/8)
	for shape, d := range scaled(t, n) {
		if limit := 32*small[shape] + 2*time.Second; d > limit {
			t.Errorf("%s: %v, %v for an eighth of it", shape, d, small[shape])
		}
	}
}

// scaled reads one file of each shape and returns the times.
func scaled(t *testing.T, n int) map[string]time.Duration {
	times := map[string]time.Duration{}
	repeat := func(format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	uv := "version = 1\n[[package]]\nname = 'top'\nversion = '1'\nsource = { virtual = '.' }\n"
	poetry := "[metadata]\nlock-version = '%s'\n"
	for _, tt := range []struct{ shape, name, text string }{
		{"one name, dependencies without a version", "uv.lock", uv + "dependencies = [" + strings.Repeat("{ name = 'a' },", n) + "]\n" +
			repeat("[[package]]\nname = 'a'\nversion = '%d'\nsource = { directory = 'a' }\nresolution-markers = ['sys_platform == \"x\"']\n")},
		{"one name, dependencies with versions", "uv.lock", uv + "dependencies = [" + repeat("{ name = 'a', version = '%d' },") + "]\n" +
			repeat("[[package]]\nname = 'a'\nversion = '%d'\nsource = { directory = 'a' }\n")},
		{"a chain of doubts", "uv.lock", uv + "dependencies = [{ name = 'p0' }]\n" +
			repeat("[[package]]\nname = 'p%[1]d'\nversion = '1'\nsource = { directory = 'a' }\ndependencies = [{ name = 'q%[1]d', marker = 'x' }]\n")},
		{"many doubts", "uv.lock", uv + "dependencies = [" + repeat("{ name = 'p%d', marker = 'x' },") + "]\n" +
			repeat("[[package]]\nname = 'p%d'\nversion = '1'\nsource = { directory = 'a' }\n")},
		{"many extras of one package", "uv.lock", uv + "dependencies = [" + repeat("{ name = 'a', extra = ['e%d'] },") + "]\n" +
			"[[package]]\nname = 'a'\nversion = '1'\nsource = { directory = 'a' }\n[package.optional-dependencies]\n" + repeat("e%d = [{ name = 'a' }]\n")},
		{"many extras of the project", "uv.lock", uv + "[package.optional-dependencies]\n" + repeat("e%d = [{ name = 'top' }]\n")},
		{"many conflicts", "uv.lock", "conflicts = [" + repeat("[{ package = 'top', extra = 'e%d' }],") + "]\n" + uv +
			"dependencies = [" + repeat("{ name = 'top', extra = ['e%[1]d'], marker = \"extra == 'extra-3-top-e%[1]d'\" },") + "]\n"},
		{"many files", "uv.lock", uv + "wheels = [" + repeat("{ url = 'https://h/a-%d-py3-none-any.whl' },") + "]\n"},
		{"dashes in a file name", "uv.lock", uv + "sdist = { url = 'https://h/" + strings.Repeat("a-", 80*n) + ".zip' }\n"},
		{"extras in a marker", "pylock.toml", "lock-version = '1.0'\nextras = [" + repeat("'e%d',") + "]\n[[packages]]\nname = 'a'\ndirectory = { path = 'a' }\nmarker = '''\"x\" in extras" + repeat(" and 'e%d' in extras") + "'''\n"},
		{"groups of a package", "poetry.lock", fmt.Sprintf(poetry, "2.1") + "[[package]]\nname = 'a'\nversion = '1'\nsource = { type = 'git' }\ngroups = [" + repeat("'g%d',") + "]\n"},
		{"extras of old Poetry", "poetry.lock", fmt.Sprintf(poetry, "1.1") + "[extras]\n" + repeat("e%[1]d = ['p%[1]d']\n") + repeat("[[package]]\nname = 'p%d'\nversion = '1'\noptional = true\nsource = { type = 'git' }\n")},
		{"files of all versions", "poetry.lock", fmt.Sprintf(poetry, "1.1") + "[metadata.files]\na = [" + repeat("{ file = 'a-%d.zip', hash = 'md5:aa' },") + "]\n" + strings.Repeat("[[package]]\nname = 'a'\nversion = '1'\n", n/6)},
		{"continued lines", "requirements.txt", strings.Repeat("a\\\n", 40*n) + "\n" + strings.Repeat("a # b\n", 10*n)},
		{"brackets", "requirements.txt", strings.Repeat("./a["+strings.Repeat("a,", 100)+"]\n", n/10)},
		{"constraints of one name", "constraints.txt", strings.Repeat("a<2\n", n) + "-c x.txt\n"},
		{"comparisons of a marker", "pylock.toml", "lock-version = '1.0'\n[[packages]]\nname = 'a'\ndirectory = { path = 'a' }\nmarker = '''os_name == \"x\"" + strings.Repeat(" and os_name == 'nt'", 10*n) + "'''\n"},
		{"one group again and again", "poetry.lock", fmt.Sprintf(poetry, "2.1") + "[[package]]\nname = 'a'\nversion = '1'\nsource = { type = 'git' }\ngroups = [" + strings.Repeat("'main',", n) + "]\nmarkers = '''os_name == \"x\"" + strings.Repeat(" and os_name == 'nt'", n) + "'''\n"},
		{"extras of many packages of one name", "uv.lock", uv + "dependencies = [{ name = 'a', extra = [" + repeat("'e%d',") + "] }," + repeat("{ name = 'a', extra = ['e%d'] },") + "]\n" +
			repeat("[[package]]\nname = 'a'\nversion = '%[1]d'\nsource = { directory = 'a' }\noptional-dependencies = { e%[1]d = [{ name = 'a' }] }\n")},
		{"the same for an extra", "uv.lock", uv + "optional-dependencies = { x = [{ name = 'a', extra = [" + repeat("'e%d',") + strings.Repeat("'e',", n) + "] }] }\n" +
			repeat("[[package]]\nname = 'a'\nversion = '%d'\nsource = { directory = 'a' }\noptional-dependencies = { e = [{ name = 'a' }] }\n")},
		{"files of many packages", "poetry.lock", fmt.Sprintf(poetry, "1.1") + "[metadata.files]\na = [" + strings.Repeat("{ file = 'a-1.zip', hash = 'md5:aa' },", 2*n) + "]\n" + strings.Repeat("[[package]]\nname = 'a'\nversion = '1'\n", 2*n)},
		{"files of many packages of PDM", "pdm.lock", "[metadata]\nlock_version = '4.2'\n[metadata.files]\n'a 1' = [" + strings.Repeat("{ file = 'a-1.zip', hash = 'md5:aa' },", 2*n) + "]\n" + strings.Repeat("[[package]]\nname = 'a'\nversion = '1'\n", 2*n)},
		{"no files of many packages of PDM", "pdm.lock", "[metadata]\nlock_version = '4.2'\n[metadata.files]\n'a 1' = [" + strings.Repeat("1,", 2*n) + "]\n" + strings.Repeat("[[package]]\nname = 'a'\nversion = '1'\n", 2*n)},
		{"a long version and many files", "uv.lock", uv + "[[package]]\nname = 'a'\nversion = '1" + strings.Repeat(".0", 50*n) + "'\nsource = { registry = 'h' }\nwheels = [" + repeat("{ url = 'h/a-1-%d-py3-none-any.whl' },") + "]\n"},
		{"a long version and many packages", "pdm.lock", "[metadata]\nlock_version = '4.5'\nstrategy = ['inherit_metadata']\n[[package]]\nname = 'a'\nversion = '1" + strings.Repeat(" ", 100*n) + "'\npath = 'a'\n" + strings.Repeat("[[package]]\nname = 'a'\nversion = '1.0'\npath = 'a'\n", n)},
		{"a long name and many files", "uv.lock", uv + "[[package]]\nname = '" + strings.Repeat("a", 100*n) + "'\nversion = '1'\nsource = { registry = 'h' }\nwheels = [" + repeat("{ url = 'h/a-1-%d-py3-none-any.whl' },") + "]\n"},
		{"a long constraint and many others", "requirements.txt", "-c c.txt\n-c y.txt\n"},
	} {
		start := time.Now()
		l, err := ReadOpen(tt.name, files(map[string]string{tt.name: tt.text, "x.txt": strings.Repeat("a<3\n", n),
			"c.txt": "a<1; os_name == '" + strings.Repeat("x", 100*n) + "'\n", "y.txt": repeat("a<%d\n")}))
		if err != nil {
			t.Errorf("%s: %v", tt.shape, err)
			continue
		}
		read := time.Since(start)
		extras, groups := l.Extras[:min(len(l.Extras), maxChosen)], l.Groups[:min(len(l.Groups), maxChosen)]
		for _, sel := range []Selection{{}, {Extras: extras}, {Groups: groups}} {
			if _, err := l.Needed(environment("3.11.4", "linux", "x86_64"), sel); err != nil {
				t.Errorf("%s: %v", tt.shape, err)
			}
		}
		times[tt.shape] = time.Since(start)
		if len(l.Extras) > maxChosen {
			_, err := l.Needed(environment("3.11.4", "linux", "x86_64"), Selection{Extras: l.Extras})
			if e, ok := errors.AsType[*Error](err); !ok || e.Code != CodeSelection {
				t.Errorf("%s: error %v", tt.shape, err)
			}
		}
		t.Logf("%-45s read %v, all %v", tt.shape, read.Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
	}
	return times
}

// TestMessages bounds what messages repeat of a text that they share.
func TestMessages(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	marker := Reason{Code: ReasonMarker, Marker: long, By: long}.String()
	extra := Reason{Code: ReasonExtra, Extra: long, By: long}.String()
	r := reader{lock: &Lock{}}
	r.problem(CodeMismatch, 1, "%q %d %s", long, 1, long)
	for _, text := range []string{marker, extra, r.lock.Problems[0].Message} {
		if len(text) > 3*maxQuoted {
			t.Errorf("a message of %d bytes: %.100s", len(text), text)
		}
	}
	if s := strings.Repeat("x", maxQuoted); clip(s) != s || clip(s+"y") != s+"..." {
		t.Error("a text is shortened too early or too late")
	}
}

func TestDefaultGroupsLimit(t *testing.T) {
	for _, n := range []int{maxChosen, maxChosen + 1} {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "'g%d',", i)
		}
		l, err := Read(strings.NewReader("lock-version = '1.0'\npackages = []\ndefault-groups = ["+b.String()+"]\n"), "pylock.toml")
		if err != nil {
			t.Fatal(err)
		}
		for _, only := range []bool{false, true} {
			_, err := l.Needed(environment("3.11.4", "linux", "x86_64"), Selection{OnlyGroups: only})
			if e, ok := errors.AsType[*Error](err); (ok && e.Code == CodeSelection) != (n > maxChosen && !only) {
				t.Errorf("%d default groups, only %t: %v", n, only, err)
			}
		}
	}
}
