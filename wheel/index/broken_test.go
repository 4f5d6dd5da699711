package index

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBrokenWrites: every part of a site that cannot be written is an error.
func TestBrokenWrites(t *testing.T) {
	dir := t.TempDir()
	pool(t, dir)
	c := collect(t, dir)
	s, err := OpenSite(filepath.Join(t.TempDir(), "site"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	w := siteWriter{ctx: t.Context(), site: s, collection: c, folder: folder, root: root}
	if err := errors.Join(root.MkdirAll("simple/demo", 0o755), root.MkdirAll(filesFolder, 0o755)); err != nil {
		t.Fatal(err)
	}
	var file *Item
	for _, i := range c.Items {
		if i.Name == "demo-1.0-py3-none-any.whl" {
			file = i
		}
	}
	writes := map[string]func() error{
		"a file":    func() error { return w.file(file) },
		"a page":    func() error { return w.page("simple/demo", []byte("x"), 1) },
		"JSON":      func() error { return w.writeJSON("x.json", 1) },
		"an index":  func() error { return w.index("simple", "../", c.projects(nil)) },
		"all pages": func() error { return w.pages(nil) },
	}
	for name, write := range writes {
		if err := write(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A folder in the place of each page.
	for _, path := range []string{"simple/index.html", "simple/index.json", "simple/demo/index.html", "simple/demo/index.json"} {
		if err := errors.Join(root.RemoveAll(path), root.Mkdir(path, 0o755)); err != nil {
			t.Fatal(err)
		}
		if w.pages(nil) == nil {
			t.Errorf("%s: no error", path)
		}
		if err := root.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	root.Close()
	for name, write := range writes {
		if write() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	gone := *file
	gone.top = ""
	gone.Path = filepath.Join(dir, "gone")
	if err := gone.read(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is gone: %v", err)
	}
	gone.Path = dir
	if err := gone.read(t.Context()); !errors.Is(err, errNotRegular) {
		t.Errorf("a folder: %v", err)
	}
	changed := *file
	changed.facts.Metadata = digest(nil)
	if text, err := changed.readMetadata(); !errors.Is(err, errChanged) {
		t.Errorf("metadata that changed: %q, %v", text, err)
	}
}

// TestSitePaths covers paths that cannot be looked at, and folders that only seem
// to be sites.
func TestSitePaths(t *testing.T) {
	dir := t.TempDir()
	_, err := OpenSite(filepath.Join(dir, strings.Repeat("x", 300)))
	var fault *Error
	if !errors.As(err, &fault) || fault.Code != CodeRead || fault.Line != 0 {
		t.Errorf("a name that is too long: %v", err)
	}
	site := filepath.Join(dir, "site")
	put(t, dir, "in/a-1.0.zip", nil)
	writeSite(t, site, nil, filepath.Join(dir, "in"))
	s, err := OpenSite(site)
	if err != nil {
		t.Fatal(err)
	}
	link(t, "site", filepath.Join(dir, "link"))
	for path, want := range map[string]bool{"site": true, "site/files": true, "link": true, "link/files": true, "in": false, ".": false, "gone": false} {
		if got := s.holds(filepath.Join(dir, path)); got != want {
			t.Errorf("%s is in the site: %v", path, got)
		}
	}
	if (*Site)(nil).holds(dir) || (&Site{path: filepath.Join(dir, "gone")}).holds(dir) {
		t.Error("a folder is in a site that is not there")
	}
	put(t, dir, "fake/"+ManifestName+"/x", nil)
	put(t, dir, "real/"+ManifestName, nil)
	for path, want := range map[string]bool{"fake": false, "real": true, "in": false, ".x.wheeltag-y": true, "x.wheeltag-y": false, ".x": false} {
		if got := isSite(filepath.Join(dir, path)); got != want {
			t.Errorf("%s is a site: %v", path, got)
		}
	}
}
