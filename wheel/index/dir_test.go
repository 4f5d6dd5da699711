package index

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readDir lists a folder as "path" or "path! code".
func readDir(t *testing.T, dir string) []string {
	t.Helper()
	var got []string
	for f, err := range ReadDir(dir) {
		path, mark := f.Path, ""
		var fault *Error
		if errors.As(err, &fault) {
			path, mark = fault.Source, "! "+fault.Code
			if fault.Line != 0 {
				t.Errorf("%s has the line %d", fault.Source, fault.Line)
			}
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(name)+mark)
	}
	return got
}

func TestReadDir(t *testing.T) {
	dir := t.TempDir()
	putWheel(t, dir, "b-1.0-py3-none-any.whl", "Requires-Python: >=3.8")
	putWheel(t, dir, "a/c-1.0-py3-none-any.whl")
	put(t, dir, "a-1.0.tar.gz", []byte("x"))
	put(t, dir, "nonsense.whl", nil)
	put(t, dir, "nonsense.zip", nil)
	put(t, dir, "d-1.0-py3-none-any.whl", []byte("no zip"))
	put(t, dir, "README", nil)
	if err := os.Mkdir(filepath.Join(dir, "e-1.0-py3-none-any.whl"), 0o755); err != nil {
		t.Fatal(err)
	}
	link(t, "b-1.0-py3-none-any.whl", filepath.Join(dir, "B-1.0-py3-none-any.whl"))
	link(t, "nothere", filepath.Join(dir, "f-1.0.zip"))
	link(t, ".", filepath.Join(dir, "g-1.0.zip"))
	want := []string{
		"B-1.0-py3-none-any.whl", "a/c-1.0-py3-none-any.whl", "a-1.0.tar.gz", "b-1.0-py3-none-any.whl",
		"d-1.0-py3-none-any.whl! read", "f-1.0.zip! read", "nonsense.whl! name", "nonsense.zip! name",
	}
	if diff := cmp.Diff(want, readDir(t, dir)); diff != "" {
		t.Error(diff)
	}
	for f := range ReadDir(dir) {
		if f.Name == "b-1.0-py3-none-any.whl" && (f.RequiresPython != ">=3.8" || f.Size < 100 || f.Line != 0) {
			t.Errorf("%+v", f)
		}
	}
	for after := 1; after <= len(want); after++ {
		n := 0
		for range ReadDir(dir) {
			if n++; n == after {
				break
			}
		}
		if n != after {
			t.Errorf("%d of %d", n, after)
		}
	}
	if diff := cmp.Diff([]string{"! read"}, []string{readDir(t, filepath.Join(dir, "nothere"))[0][1:]}); diff != "" {
		t.Error(diff)
	}
}

// TestReadDirLinked: the folder itself may be a link.
func TestReadDirLinked(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "real/a-1.0.tar.gz", nil)
	link(t, "real", filepath.Join(dir, "link"))
	if diff := cmp.Diff([]string{"a-1.0.tar.gz"}, readDir(t, filepath.Join(dir, "link"))); diff != "" {
		t.Error(diff)
	}
}
