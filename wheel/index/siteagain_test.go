package index

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/filestamp"
	"github.com/wheeltag/wheeltag/tags"
)

// TestStable: the same input gives the same bytes, in whatever order the folders
// come, and a second time over an older site.
func TestStable(t *testing.T) {
	a, b, sites := t.TempDir(), t.TempDir(), t.TempDir()
	pool(t, a)
	putWheel(t, b, "demo-0.1-py3-none-any.whl")
	one, two := filepath.Join(sites, "one"), filepath.Join(sites, "two")
	views := []*tags.Target{linuxTarget(t, "x", 11, 17), linuxTarget(t, "y", 12, 17)}
	writeSite(t, one, views, a, b)
	writeSite(t, two, views, b, a)
	first := tree(t, one)
	if diff := cmp.Diff(first, tree(t, two)); diff != "" {
		t.Error(diff)
	}
	writeSite(t, one, views, a, b)
	if diff := cmp.Diff(first, tree(t, one)); diff != "" {
		t.Error(diff)
	}
	if left, err := os.ReadDir(sites); err != nil || len(left) != 2 {
		t.Errorf("beside the sites: %v %v", left, err)
	}
	if strings.Contains(first[ManifestName], filepath.Base(filepath.Dir(a))) {
		t.Error("the manifest tells what the folders are called")
	}
}

// TestIncremental: nothing that kept its size, times and inode is read again.
func TestIncremental(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, dir)
	c, _ := writeSite(t, site, nil, dir)
	if c.Read != 5 {
		t.Errorf("first run reads %d files", c.Read)
	}
	before := tree(t, site)
	for range 2 {
		c, _ = writeSite(t, site, nil, dir)
		if c.Read != 0 || !c.Items[0].Known {
			t.Errorf("another run reads %d files", c.Read)
		}
		if diff := cmp.Diff(before, tree(t, site)); diff != "" {
			t.Error(diff)
		}
	}
	// By its time, its size or its place a file is another.
	changed := putWheel(t, dir, "demo-1.0-py3-none-any.whl", "Summary: new")
	if err := os.Chtimes(changed, when, when.Add(1)); err != nil {
		t.Fatal(err)
	}
	putWheel(t, dir, "demo-1.10-py3-none-any.whl", "Summary: another size, which is a long one 0123456789")
	moved := filepath.Join(dir, "sub", "demo-1.9.tar.gz")
	if err := errors.Join(os.Mkdir(filepath.Dir(moved), 0o755), os.Rename(filepath.Join(dir, "demo-1.9.tar.gz"), moved)); err != nil {
		t.Fatal(err)
	}
	c, w := writeSite(t, site, nil, dir)
	if c.Read != 3 || w.Files != 5 {
		t.Errorf("third run reads %d files, writes %d", c.Read, w.Files)
	}
	// Other bytes of the same size and time, in the same file and in another one.
	for _, remove := range []bool{false, true} {
		path := filepath.Join(dir, "demo-1.10-py3-none-any.whl")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if remove {
			err = os.Remove(path)
		}
		put(t, dir, "demo-1.10-py3-none-any.whl", bytes.Replace(data, []byte("0123456789"), []byte("9876543210"), 1))
		c, _ := writeSite(t, site, nil, dir)
		if filestamp.Of(must(os.Stat(path))).Changed != 0 && c.Read != 1 || err != nil {
			t.Errorf("after a change in secret, removed first: %v: %d files read, %v", remove, c.Read, err)
		}
	}
	// A file that is gone is gone from the site.
	if err := os.Remove(moved); err != nil {
		t.Fatal(err)
	}
	writeSite(t, site, nil, dir)
	if _, err := os.Stat(filepath.Join(site, "files", "demo-1.9.tar.gz")); err == nil {
		t.Error("a file stays that is no longer there")
	}
}

// TestSelfHealing: pages and metadata that were changed in a site are put right,
// although no wheel is known to have changed.
func TestSelfHealing(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, dir)
	writeSite(t, site, nil, dir)
	want := tree(t, site)
	for _, name := range []string{"simple/index.html", "simple/demo/index.json", "files/demo-1.0-py3-none-any.whl.metadata"} {
		put(t, site, name, []byte("changed"))
	}
	if err := os.Remove(filepath.Join(site, "files", "demo-1.10-py3-none-any.whl.metadata")); err != nil {
		t.Fatal(err)
	}
	writeSite(t, site, nil, dir)
	if diff := cmp.Diff(want, tree(t, site)); diff != "" {
		t.Error(diff)
	}
}

// TestHelperChanges: what another helper said of a linux_* wheel is not taken
// over; what the same one said is.
func TestHelperChanges(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	putWheel(t, dir, "a-1.0-cp311-cp311-linux_x86_64.whl")
	putWheel(t, dir, "b-1.0-py3-none-any.whl")
	for _, run := range []struct {
		by          string
		asked, read int
	}{{"one", 1, 2}, {"one", 0, 0}, {"two", 1, 1}, {"two", 0, 0}} {
		s, err := OpenSite(site)
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		c, err := Collect(t.Context(), []string{dir}, CollectOptions{Site: s, SuggestNameBy: run.by, SuggestName: func(context.Context, string) string {
			asked++
			return "better.whl"
		}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Write(t.Context(), c, nil); err != nil {
			t.Fatal(err)
		}
		if asked != run.asked || c.Read != run.read || !slices.Contains(codes(c), "a-1.0-cp311-cp311-linux_x86_64.whl: warning could-be-manylinux") {
			t.Errorf("%+v: asked %d, read %d, found %v", run, asked, c.Read, codes(c))
		}
	}
}

// TestCopy: what cannot be linked to is copied, with its time, and the copy is
// linked to the next time.
func TestCopy(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	name := "demo-1.0-py3-none-any.whl"
	source := putWheel(t, dir, name)
	c := collect(t, dir)
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	w := siteWriter{ctx: t.Context(), site: &Site{path: site}, collection: c, folder: root.Name(), root: root}
	if err := w.copy(c.Items[0], name); err != nil {
		t.Fatal(err)
	}
	info, err := root.Stat(name)
	if err != nil || !info.ModTime().Equal(when) || info.Size() != c.Items[0].Size {
		t.Errorf("%v %v", info, err)
	}
	if err := w.copy(c.Items[0], name); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another file: %v", err)
	}
	put(t, site, "files/"+name, []byte("a copy"))
	if c.Items[0].facts.Size = 6; w.link(c.Items[0], "linked") {
		t.Error("linked to what has another size")
	}
	c.Items[0].Known = true
	if !w.link(c.Items[0], "linked") {
		t.Error("not linked to the copy of the older site")
	}
	if err := os.Chtimes(source, when, when.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	put(t, dir, name, []byte("another"))
	if err := w.copy(c.Items[0], "changed"); !errors.Is(err, errChanged) {
		t.Errorf("a changed file: %v", err)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
