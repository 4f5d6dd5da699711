package retag

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// place writes a wheel into a new directory.
func place(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o640); err != nil {
		t.Fatal(err)
	}
	return path
}

// names lists a directory.
func names(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return strings.Join(list, " ")
}

// TestFile: where the result goes, and what is never touched.
func TestFile(t *testing.T) {
	data := pack(t, demo(), nil, "")
	path := place(t, pure, data)
	here := filepath.Dir(path)
	o := Options{Python: "py312"}
	do := func(dir string, o Options, want State) *Outcome {
		t.Helper()
		out, err := File(t.Context(), path, dir, o)
		if err != nil || out.State != want || out.Report == nil && want != Written {
			t.Fatalf("%v, %v; want %s", out, err, want)
		}
		return out
	}
	dry := o
	dry.DryRun = true
	do(filepath.Join(here, "new"), dry, Planned)
	if got := names(t, here); got != pure {
		t.Errorf("a dry run left %s", got)
	}
	out := do("", o, Written)
	if got := names(t, here); got != pure+" demo-1.0-py312-none-any.whl" || out.Path != filepath.Join(here, "demo-1.0-py312-none-any.whl") {
		t.Errorf("%s, %s", got, out.Path)
	}
	info, err := os.Stat(out.Path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	written, err := os.ReadFile(out.Path)
	if err != nil {
		t.Fatal(err)
	}
	checkPayload(t, data, written)
	do("", o, Unchanged)
	do("", dry, Unchanged)
	do("", Options{}, Unchanged) // of itself
	do(filepath.Join(here, "a", "b"), o, Written)
	do(filepath.Join(here, "c"), Options{}, Written)
	if copied, err := os.ReadFile(filepath.Join(here, "c", pure)); err != nil || !bytes.Equal(copied, data) {
		t.Errorf("a copy is different: %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
		t.Errorf("the source is different: %v", err)
	}
}

// TestExists: a file with other content is replaced by force only, and a directory never.
func TestExists(t *testing.T) {
	data := pack(t, demo(), nil, "")
	path := place(t, pure, append(data, '\n')) // which is repaired
	other := place(t, pure, data[:len(data)-1])
	for _, c := range []struct{ path, dir, says string }{
		{path, "", "exists and has other content"},
		{path, filepath.Dir(other), "exists and has other content"},
		{path, t.TempDir(), "is not a regular file"},
	} {
		target := filepath.Join(c.dir, pure)
		if c.dir == "" {
			target = path
		}
		directory := strings.Contains(c.says, "regular")
		if directory {
			if err := os.Mkdir(target, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		for _, dry := range []bool{true, false} {
			var refusal *Refusal
			if _, err := File(t.Context(), c.path, c.dir, Options{DryRun: dry}); !errors.As(err, &refusal) || refusal.Code != CodeExists || refusal.File != c.path || len(refusal.Changes) != 1 || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", c.says, err)
			}
		}
		out, err := File(t.Context(), c.path, c.dir, Options{Force: true, DryRun: true})
		if directory {
			if err == nil {
				t.Error("a directory would be replaced")
			}
			continue
		}
		if err != nil || out.State != Planned {
			t.Errorf("%v, %v", out, err)
		}
		if target == path {
			continue
		}
		if out, err := File(t.Context(), c.path, c.dir, Options{Force: true}); err != nil || out.State != Written {
			t.Errorf("%v, %v", out, err)
		}
		if got, err := os.ReadFile(target); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%v", err)
		}
	}
	// The source itself.
	if out, err := File(t.Context(), path, "", Options{Force: true}); err != nil || out.State != Written || out.Path != path {
		t.Errorf("%v, %v", out, err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) || names(t, filepath.Dir(path)) != pure {
		t.Errorf("%v", err)
	}
}

// TestNothingLeft: after a refusal or an error there is no file that was not there.
func TestNothingLeft(t *testing.T) {
	bad := pack(t, with(file{dir + "/METADATA", "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"}), nil, "")
	path := place(t, pure, bad)
	var refusal *Refusal
	_, err := File(t.Context(), path, "", Options{Python: "py312"})
	if !errors.As(err, &refusal) || refusal.Code != CodeAudit || len(refusal.Findings) == 0 || refusal.Filename != "demo-1.0-py312-none-any.whl" || len(refusal.Changes) != 3 {
		t.Errorf("%+v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := File(ctx, path, "", Options{Python: "py312", Force: true}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := names(t, filepath.Dir(path)); got != pure {
		t.Error(got)
	}
	// A file where the directory should be.
	var failed *fs.PathError
	if _, err := File(t.Context(), path, path, Options{Python: "py312", Force: true}); !errors.As(err, &failed) {
		t.Errorf("%v", err)
	}
	for _, path := range []string{filepath.Join(t.TempDir(), pure), t.TempDir(), place(t, "demo.whl", bad), place(t, pure, bad[:50])} {
		if _, err := File(t.Context(), path, "", Options{}); err == nil || errors.As(err, new(*Refusal)) || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestEqual compares files of lengths around that of the buffer.
func TestEqual(t *testing.T) {
	for _, n := range []int{0, 1, 65535, 65536, 65537, 200_000} {
		a := bytes.Repeat([]byte("a"), n)
		if same, err := equal(bytes.NewReader(a), bytes.NewReader(bytes.Clone(a)), int64(n)); !same || err != nil {
			t.Error(n, same, err)
		}
		if n == 0 {
			continue
		}
		for _, at := range []int{0, n / 2, n - 1} {
			b := bytes.Clone(a)
			b[at] = 'b'
			if same, err := equal(bytes.NewReader(a), bytes.NewReader(b), int64(n)); same || err != nil {
				t.Error(n, at, same, err)
			}
		}
		if _, err := equal(bytes.NewReader(a), bytes.NewReader(a[1:]), int64(n)); err == nil {
			t.Error(n, "no error")
		}
	}
}
