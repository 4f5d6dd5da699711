package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
)

// TestFindingTexts compares what a person sees of each finding, with the files and
// names that it points to.
func TestFindingTexts(t *testing.T) {
	dir := t.TempDir()
	putWheel(t, dir, "a/c-1-py3-none-any.whl", "Name: d", "Version: 2")
	putWheel(t, dir, "a/f-1-py3-none-any.whl", "Requires-Python: ===a\x01")
	putWheel(t, dir, "a/g-1-py3-none-any.whl", "Requires-Python: >3"+strings.Repeat(",>3", 400))
	putWheel(t, dir, "a/h-1-1-py3-none-any.whl")
	putWheel(t, dir, "a/h-1-2-py3-none-any.whl")
	putWheel(t, dir, "a/i-1-py3-none-any.whl", "Summary: one")
	putWheel(t, dir, "a/i-1.0-py3-none-any.whl", "Version: 1")
	putWheel(t, dir, "b/k-1-py3-none-any.whl")
	putWheel(t, dir, "a/k-1-py3-none-any.whl")
	put(t, dir, "a/l-1.tar.gz", []byte("one"))
	put(t, dir, "b/l-1.tar.gz", []byte("two"))
	put(t, dir, "c/l-1.tar.gz", []byte("two"))
	link(t, "gone", filepath.Join(dir, "a", "p-1.tar.gz"))
	link(t, ".", filepath.Join(dir, "a", "q-1.tar.gz"))
	putWheel(t, dir, "a/r-1-cp311-cp311-linux_x86_64.whl")
	put(t, dir, "a/s-x.tar.gz", nil)
	c, err := Collect(t.Context(), []string{dir}, CollectOptions{SuggestName: func(context.Context, string) string { return "better" }})
	if err != nil {
		t.Fatal(err)
	}
	c.CheckTargets([]*tags.Target{linuxTarget(t, "x", 11, 17)})
	var got []string
	for _, i := range c.Items {
		for _, f := range i.Findings {
			line := fmt.Sprintf("%s %v: %s", i.Path, f.Severity, f.Message)
			if f.Suggest != "" {
				line += " suggest " + f.Suggest
			}
			for _, o := range f.Others {
				line += " other " + o
			}
			got = append(got, strings.ReplaceAll(filepath.ToSlash(line), filepath.ToSlash(dir)+"/", ""))
		}
	}
	want := []string{
		`a/c-1-py3-none-any.whl error: METADATA has the project "d"`,
		`a/c-1-py3-none-any.whl error: METADATA has the version "2"`,
		`a/f-1-py3-none-any.whl warning: invalid Requires-Python is left out: "===a\x01" has characters that are not allowed in versions`,
		`a/g-1-py3-none-any.whl warning: invalid Requires-Python is left out: longer than 1000 bytes`,
		`a/h-1-1-py3-none-any.whl warning: build 2 of the same version and tags is preferred: h-1-2-py3-none-any.whl other a/h-1-2-py3-none-any.whl`,
		`a/i-1.0-py3-none-any.whl warning: same version, build and tags as i-1-py3-none-any.whl; pip takes the one listed last, uv the one listed first other a/i-1-py3-none-any.whl`,
		`a/l-1.tar.gz error: files of this name have different bytes, so none is offered: sha256 of this one is 6c2079f56b769b21, b/l-1.tar.gz is 3caba01cf2797b00, c/l-1.tar.gz is 3caba01cf2797b00 other b/l-1.tar.gz other c/l-1.tar.gz`,
		`a/p-1.tar.gz error: is a symbolic link to "gone", which does not exist`,
		`a/q-1.tar.gz error: not a regular file`,
		`a/r-1-cp311-cp311-linux_x86_64.whl warning: its native code qualifies for the name better suggest better`,
		`a/s-x.tar.gz warning: "s-x.tar.gz" has no version behind a dash; want NAME-VERSION.tar.gz; left out`,
		`b/k-1-py3-none-any.whl note: has the same bytes as a/k-1-py3-none-any.whl other a/k-1-py3-none-any.whl`,
		`b/l-1.tar.gz error: files of this name have different bytes, so none is offered: sha256 of this one is 3caba01cf2797b00, a/l-1.tar.gz is 6c2079f56b769b21 other a/l-1.tar.gz`,
		`c/l-1.tar.gz error: files of this name have different bytes, so none is offered: sha256 of this one is 3caba01cf2797b00, a/l-1.tar.gz is 6c2079f56b769b21 other a/l-1.tar.gz`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestCopied: an input whose time has changed since is copied rather than linked,
// and gets the time that the next run will look for.
func TestCopied(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	path := putWheel(t, dir, "demo-1.0-py3-none-any.whl")
	s, err := OpenSite(site)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Collect(t.Context(), []string{dir}, CollectOptions{Site: s})
	if err != nil {
		t.Fatal(err)
	}
	later := when.Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	w, err := s.Write(t.Context(), c, nil)
	if err != nil || w.Copied != 1 || w.Files != 1 {
		t.Errorf("%+v, %v", w, err)
	}
	info, err := os.Stat(filepath.Join(site, "files", "demo-1.0-py3-none-any.whl"))
	if err != nil || !info.ModTime().Equal(when) {
		t.Errorf("%v, %v", info, err)
	}
	metadata, err := os.ReadFile(filepath.Join(site, "files", "demo-1.0-py3-none-any.whl.metadata"))
	if err != nil || digest(metadata) != c.Items[0].facts.Metadata {
		t.Errorf("metadata %q, %v", metadata, err)
	}
}

// TestMetadataOfTheOldSite: METADATA is taken from the old site only if it is the
// right text in a regular file.
func TestMetadataOfTheOldSite(t *testing.T) {
	dir, site := t.TempDir(), filepath.Join(t.TempDir(), "site")
	putWheel(t, dir, "demo-1.0-py3-none-any.whl")
	writeSite(t, site, nil, dir)
	want := tree(t, site)
	name := filepath.Join(site, "files", "demo-1.0-py3-none-any.whl.metadata")
	for what, change := range map[string]func() error{
		"nothing": func() error { return nil },
		"another": func() error { return os.WriteFile(name, []byte("x"), 0o644) },
		"gone":    func() error { return os.Remove(name) },
		"a link": func() error {
			return errors.Join(os.Remove(name), os.Symlink("other", name), os.WriteFile(filepath.Join(site, "files", "other"), []byte("x"), 0o644))
		},
		"a folder": func() error { return errors.Join(os.Remove(name), os.Mkdir(name, 0o755)) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		c, _ := writeSite(t, site, nil, dir)
		if c.Read != 0 {
			t.Errorf("%s: %d files read", what, c.Read)
		}
		if diff := cmp.Diff(want, tree(t, site)); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
}

// TestErrorText: the path is named once.
func TestErrorText(t *testing.T) {
	cause := &fs.PathError{Op: "open", Path: "a/b", Err: fs.ErrNotExist}
	for _, tt := range []struct {
		err  *Error
		want string
	}{
		{&Error{"a/b", 0, CodeRead, cause}, "a/b: file does not exist"},
		{&Error{"a/c", 0, CodeRead, cause}, "a/c: open a/b: file does not exist"},
		{&Error{"a/b", 3, CodeName, errors.New("bad")}, "a/b:3: bad"},
		{&Error{"a/b", 0, CodeName, errors.New("a/b: bad")}, "a/b: bad"},
		{&Error{"a/b", 0, CodeName, errors.New("bad")}, "a/b: bad"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
