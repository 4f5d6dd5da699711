package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

// TestCancelledCollect: whoever cancels while files are examined gets no collection.
func TestCancelledCollect(t *testing.T) {
	dir := t.TempDir()
	putWheel(t, dir, "a-1-cp311-cp311-linux_x86_64.whl")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := CollectOptions{SuggestName: func(context.Context, string) string {
		cancel()
		return "better"
	}}
	if c, err := Collect(ctx, []string{dir}, o); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", c, err)
	}
	// A result that came after the end is not relied on.
	item := *collect(t, dir).Items[0]
	item.checked, item.Findings = false, nil
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	(&examiner{ctx: ctx, options: o}).one(&item)
	if item.checked || len(item.Findings) > 0 {
		t.Errorf("%+v", item)
	}
}

// TestCancelledWrite: each part of writing ends with the context, and every call
// reports it.
func TestCancelledWrite(t *testing.T) {
	dir := t.TempDir()
	pool(t, dir)
	s, err := OpenSite(filepath.Join(t.TempDir(), "site"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	views := []*tags.Target{linuxTarget(t, "x", 11, 17)}
	w := &siteWriter{ctx: ctx, site: s, collection: collect(t, dir), folder: t.TempDir()}
	for what, write := range map[string]func() error{
		"all":   func() error { return w.all(views) },
		"pages": func() error { return w.pages(views) },
		"index": func() error { return w.index("x", "../", w.collection.projects(nil)) },
	} {
		w.folder = t.TempDir()
		if w.root, err = os.OpenRoot(w.folder); err != nil {
			t.Fatal(err)
		}
		if err := write(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", what, err)
		}
		w.root.Close()
	}
	if w.written.Files != 0 || len(w.written.Views) != 0 {
		t.Errorf("%+v", w.written)
	}
	// Nothing is offered, so only the pages and the manifest are to be written.
	empty := &siteWriter{ctx: t.Context(), site: s, collection: &Collection{}}
	for what, block := range map[string]string{"files": filesFolder, "pages": simpleFolder, "views": "x", "manifest": ManifestName + "/x"} {
		empty.folder = t.TempDir()
		if what == "manifest" {
			err = os.MkdirAll(filepath.Join(empty.folder, block), 0o755)
		} else {
			err = os.WriteFile(filepath.Join(empty.folder, block), nil, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := empty.all(views); err == nil {
			t.Errorf("%s: written over another file", what)
		}
	}
	empty.folder = filepath.Join(dir, "gone")
	if err := empty.all(views); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory that is gone: %v", err)
	}
}

// TestUnreadable: files that cannot be read are not counted as read.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a-1-py3-none-any.whl", []byte("no archive"))
	putWheel(t, dir, "b-1-py3-none-any.whl")
	put(t, dir, "x-1.whl", nil)
	c := collect(t, dir)
	if c.Read != 1 || len(c.Items) != 3 {
		t.Errorf("%d of %d files read", c.Read, len(c.Items))
	}
}

// TestInputKey: a file is known again from another working directory.
func TestInputKey(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if inputKey("a.zip") != inputKey(filepath.Join(here, "a.zip")) || inputKey("a.zip") == inputKey("b.zip") {
		t.Error("the key is not that of the absolute path")
	}
}

// TestBrokenManifest: an old site whose manifest cannot be read is not replaced.
func TestBrokenManifest(t *testing.T) {
	dir := t.TempDir()
	for what, broken := range map[string]func(path string) error{
		"folder": func(path string) error { return os.Mkdir(path, 0o755) },
		"link":   func(path string) error { return os.Symlink("gone", path) },
		"loop":   func(path string) error { return os.Symlink(filepath.Base(path), path) },
	} {
		site := filepath.Join(dir, what)
		path := filepath.Join(site, ManifestName)
		if err := errors.Join(os.Mkdir(site, 0o755), broken(path)); err != nil {
			t.Fatal(err)
		}
		_, err := OpenSite(site)
		var fault *Error
		if !errors.As(err, &fault) || fault.Code != CodeForeign || fault.Line != 0 {
			t.Errorf("%s: %v", what, err)
		}
	}
}
