package index

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

// TestFailureKeepsTheOld: whatever goes wrong, the old site stays and nothing is
// left beside it.
func TestFailureKeepsTheOld(t *testing.T) {
	dir, sites := t.TempDir(), t.TempDir()
	site := filepath.Join(sites, "site")
	pool(t, dir)
	writeSite(t, site, nil, dir)
	want := tree(t, site)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx    context.Context
		dirs   []string
		before func(*Site, *Collection)
	}{
		"missing folder": {t.Context(), []string{dir, filepath.Join(dir, "nothere")}, nil},
		"in the site":    {t.Context(), []string{dir, filepath.Join(site, "files")}, nil},
		"cancelled":      {cancelled, []string{dir}, nil},
		"changed meanwhile": {t.Context(), []string{dir}, func(_ *Site, c *Collection) {
			c.Items[0].facts.SHA256, c.Items[0].facts.Modified = digest(nil), 0
		}},
		"gone meanwhile": {t.Context(), []string{dir}, func(_ *Site, c *Collection) {
			gone := *c.Items[0]
			gone.Path, gone.top, gone.Name = "nothere", "", "x-1-py3-none-any.whl"
			c.Items = append(c.Items, &gone)
		}},
		"no parent": {t.Context(), []string{dir}, func(s *Site, _ *Collection) { s.path = filepath.Join(sites, "a", "b") }},
		"became foreign": {t.Context(), []string{dir}, func(s *Site, _ *Collection) {
			s.path = filepath.Join(dir, "..", filepath.Base(dir))
		}},
	} {
		s, err := OpenSite(site)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Collect(t.Context(), test.dirs, CollectOptions{Site: s})
		if err != nil {
			t.Fatal(err)
		}
		if test.before != nil {
			test.before(s, c)
		}
		_, err = s.Write(test.ctx, c, nil)
		var fault *Error
		if name == "cancelled" && !errors.Is(err, context.Canceled) || name != "cancelled" && (!errors.As(err, &fault) || fault.Code != CodeWrite) {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, tree(t, site)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if left, _ := os.ReadDir(sites); len(left) != 1 {
			t.Errorf("%s leaves %v", name, left)
		}
	}
	if len(tree(t, dir)) != 5 {
		t.Error("the input was changed")
	}
}

// TestForeign: only what was made here is replaced.
func TestForeign(t *testing.T) {
	dir := t.TempDir()
	pool(t, filepath.Join(dir, "pool"))
	made := filepath.Join(dir, "made")
	writeSite(t, made, []*tags.Target{linuxTarget(t, "x", 11, 17)}, filepath.Join(dir, "pool"))
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "damaged/"+ManifestName, []byte(`{"schema": "something else"}`))
	put(t, dir, "cut/"+ManifestName, []byte(`{"schema": "wheeltag.index-manifest/v1"`))
	put(t, dir, "newer/"+ManifestName, []byte(`{"schema": "wheeltag.index-manifest/v9", "views": ["y"]}`))
	put(t, dir, "newer/y/simple/index.html", nil)
	put(t, dir, "linked/real", nil)
	link(t, filepath.Join(made, ManifestName), filepath.Join(dir, "linked", ManifestName))
	link(t, made, filepath.Join(dir, "link"))
	for name, want := range map[string]string{
		"made": "", "empty": "", "newer": "", "nothere": "", "pool": "directory with other content (no " + ManifestName + ")", "damaged": "damaged", "cut": "damaged",
		"linked": "damaged", "link": "not a directory", "pool/demo-1.9.tar.gz": "not a directory",
	} {
		_, err := OpenSite(filepath.Join(dir, name))
		var fault *Error
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want != "" && (!errors.As(err, &fault) || fault.Code != CodeForeign || fault.Line != 0 || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	put(t, made, "robots.txt", nil)
	if _, err := OpenSite(made); err == nil || !strings.Contains(err.Error(), "robots.txt") {
		t.Errorf("a file that somebody added: %v", err)
	}
}

// TestForeignMeanwhile: a directory that changes while its new site is written stays.
func TestForeignMeanwhile(t *testing.T) {
	dir := t.TempDir()
	pool(t, filepath.Join(dir, "pool"))
	for _, old := range []bool{false, true} {
		site := filepath.Join(dir, fmt.Sprint("site", old))
		if old {
			writeSite(t, site, nil, filepath.Join(dir, "pool"))
		}
		s, err := OpenSite(site)
		if err != nil {
			t.Fatal(err)
		}
		put(t, site, "precious", []byte("x"))
		before := tree(t, site)
		_, err = s.Write(t.Context(), collect(t, filepath.Join(dir, "pool")), nil)
		var fault *Error
		if !errors.As(err, &fault) || !errors.As(fault.Err, &fault) || fault.Code != CodeForeign {
			t.Errorf("an older site %v: %v", old, err)
		}
		if diff := cmp.Diff(before, tree(t, site)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestNowhere: the directory of a site is not made.
func TestNowhere(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "gone")
	s, err := OpenSite(filepath.Join(parent, "site"))
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(parent, "site") + ": the directory " + parent + " does not exist; create it first"
	if w, err := s.Write(t.Context(), &Collection{}, nil); err == nil || err.Error() != want {
		t.Errorf("%+v, %v; want %s", w, err, want)
	}
}

// TestSiteBelowInput: a site in the folder that it is made from is not taken for
// input, nor is what a killed run left there.
func TestSiteBelowInput(t *testing.T) {
	dir := t.TempDir()
	pool(t, dir)
	site := filepath.Join(dir, "site")
	put(t, dir, ".site.wheeltag-ABCDEF/files/left-1.0.tar.gz", nil)
	writeSite(t, site, nil, dir)
	first := tree(t, site)
	c, _ := writeSite(t, site, nil, dir)
	if len(c.Items) != 5 {
		t.Errorf("%d files", len(c.Items))
	}
	if diff := cmp.Diff(first, tree(t, site)); diff != "" {
		t.Error(diff)
	}
}

// TestErrorsAreLeftOut: what has an error is not offered, the rest is.
func TestErrorsAreLeftOut(t *testing.T) {
	a, b, site := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, a)
	putWheel(t, b, "demo-1.0-py3-none-any.whl", "Summary: other")
	putWheel(t, b, "demo-3.0-py3-none-any.whl", "Version: 4")
	put(t, b, "demo-5.0-py3-none-any.whl", []byte("no zip"))
	putWheel(t, b, "demo-1.10-py3-none-any.whl", "Requires-Python: >=3.12")
	_, w := writeSite(t, site, nil, a, b)
	if w.Files != 4 {
		t.Errorf("%d files", w.Files)
	}
	got := slices.Sorted(maps.Keys(tree(t, filepath.Join(site, "files"))))
	want := []string{
		"Other.Name-2!1.0-1-cp311-abi3-win_amd64.whl", "Other.Name-2!1.0-1-cp311-abi3-win_amd64.whl.metadata",
		"demo-1.10-py3-none-any.whl", "demo-1.10-py3-none-any.whl.metadata",
		"demo-1.9+local.1-cp311-cp311-manylinux_2_17_x86_64.whl", "demo-1.9+local.1-cp311-cp311-manylinux_2_17_x86_64.whl.metadata", "demo-1.9.tar.gz",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLongName: a file whose name leaves no room for the ending of its metadata is
// offered without.
func TestLongName(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	name := func(length int) string {
		const rest = "-1.0-py3-none-any.whl"
		return strings.Repeat("a", length-len(rest)) + rest
	}
	putWheel(t, dir, name(maxName-len(metadataSuffix)))
	putWheel(t, dir, name(maxName-len(metadataSuffix)+1))
	putWheel(t, dir, name(maxName))
	_, w := writeSite(t, site, nil, dir)
	files := tree(t, filepath.Join(site, "files"))
	if w.Files != 3 || len(files) != 4 {
		t.Errorf("%d files, %d with metadata", w.Files, len(files)-w.Files)
	}
	for _, length := range []int{maxName - len(metadataSuffix), maxName} {
		page, err := os.ReadFile(filepath.Join(site, "simple", name(length)[:length-len("-1.0-py3-none-any.whl")], "index.html"))
		if err != nil || strings.Contains(string(page), "core-metadata") != (length < maxName) {
			t.Errorf("%d: %v %s", length, err, page)
		}
	}
}

// TestModes: a server that runs as somebody else can read the site.
func TestModes(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	pool(t, dir)
	writeSite(t, site, nil, dir)
	plain := filepath.Join(dir, "plain")
	if err := errors.Join(os.Mkdir(plain, 0o755), os.WriteFile(filepath.Join(plain, "x"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	for name, like := range map[string]string{"": "", "files": "", "simple/demo": "", "simple/index.html": "x", ManifestName: "x", "files/demo-1.0-py3-none-any.whl.metadata": "x"} {
		got, err := os.Stat(filepath.Join(site, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.Stat(filepath.Join(plain, like))
		if err != nil || got.Mode() != want.Mode() {
			t.Errorf("%q: %v, want %v", name, got.Mode(), want.Mode())
		}
	}
}

// TestChangedInBetween: a file that is no longer what was read is not offered under
// its old digest.
func TestChangedInBetween(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	name := "demo-1.0-py3-none-any.whl"
	for _, change := range []func(path string) error{
		os.Remove,
		func(path string) error { return os.WriteFile(path, []byte("shorter"), 0o644) },
		func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o755)) },
	} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		path := putWheel(t, dir, name)
		s, err := OpenSite(site)
		if err != nil {
			t.Fatal(err)
		}
		c := collect(t, dir)
		if err := change(path); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Write(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("written: %v", err)
		}
		if _, err := os.Stat(site); err == nil {
			t.Error("there is a site")
		}
	}
}
