package coverage

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// lockText reads a lock file from text, with c.txt beside it.
func lockText(t *testing.T, name, text, constraints string) *lockfile.Lock {
	t.Helper()
	lock, err := lockfile.ReadOpen(name, func(open string) (io.ReadCloser, error) {
		if open == "c.txt" {
			return io.NopCloser(strings.NewReader(constraints)), nil
		}
		return io.NopCloser(strings.NewReader(text)), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lock
}

// fileOpener opens any file with one text.
func fileOpener(text string) lockfile.Opener {
	return func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

// numbered repeats a format with numbers.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestHostileLocks checks lock files of some megabytes against a pool. Each would
// take a minute and more if every line cost all files, or the lines before it: the
// time is compared with that for an eighth of each, in the same run.
func TestHostileLocks(t *testing.T) {
	const n = 15_000
	small := hostileLocks(t, n/8)
	for what, d := range hostileLocks(t, n) {
		if limit := 32*small[what] + 2*time.Second; d > limit {
			t.Errorf("%s: %v, %v for an eighth of it", what, d, small[what])
		}
	}
}

// hostileLocks checks one lock file of each sort and returns the times.
func hostileLocks(t *testing.T, n int) map[string]time.Duration {
	times := map[string]time.Duration{}
	targets := described(t, tags.Pip, "3.11@manylinux_2_36_x86_64")
	uv := "version = 1\n[[package]]\nname = 'top'\nversion = '1'\nsource = { virtual = '.' }\n"
	for _, c := range []struct {
		what, name, text, constraints string
		files, rows                   int
		last                          State
	}{
		{"lines", "requirements.txt", strings.Repeat("a\n", 10*n), "", 500, 10 * n, Unknown},
		{"constraints", "requirements.txt", "-c c.txt\na\n", numbered(n, "a<9%d\n"), 1, 1, Pure},
		{"specifiers", "requirements.txt", "a>1" + numbered(3*n, ",<9%d") + "\n", "", 500, 1, Missing},
		{"files", "uv.lock", uv + "dependencies = [{ name = 'a' }]\n[[package]]\nname = 'a'\nversion = '1'\nsource = { registry = 'h' }\nwheels = [" + numbered(4*n, "{ url = 'h/a-1-0%d-py3-none-any.whl' },") + "]\n", "", 4 * n, 1, Pure},
		{"a marker", "uv.lock", uv + "dependencies = [{ name = 'a', marker = \"os_name == '" + strings.Repeat("x", 1<<20) + "'\" }]\n[[package]]\nname = 'a'\nversion = '1'\nsource = { url = 'h' }\ndependencies = [" + numbered(n, "{ name = 'b%d' },") + "]\n" +
			numbered(n, "[[package]]\nname = 'b%d'\nversion = '1'\nsource = { url = 'h' }\n"), "", 0, n + 1, Excluded},
		{"a range", "pylock.toml", "lock-version = '1.0'\nrequires-python = '>=4" + strings.Repeat(", >=4", 200_000) + "'\n" + numbered(n, "[[packages]]\nname = 'b%d'\ndirectory = { path = 'x' }\n"), "", 0, n, Unsupported},
	} {
		start := time.Now()
		var pool Pool
		for i := range c.files {
			pool.Add(index.File{Name: fmt.Sprintf("a-1-%d-py3-none-any.whl", i), Project: "a", IsWheel: true})
		}
		rows, err := Locked(lockText(t, c.name, c.text, c.constraints), lockfile.Selection{}, &pool, targets)
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		got, size := 0, 0
		var last Row
		for row := range rows {
			got++
			size += len(row.Reason(0).Message)
			last = row
		}
		if got != c.rows || last.Cells[0].State != c.last || size > 100<<20 {
			t.Errorf("%s: %d rows, the last %s (%.200s), %d MB of reasons", c.what, got, last.Cells[0].State, last.Reason(0).Message, size>>20)
		}
		times[c.what] = time.Since(start)
	}
	return times
}
