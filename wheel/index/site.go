package index

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// The directories that every site has, in addition to those of its views.
const (
	filesFolder  = "files"
	simpleFolder = "simple"
)

// Site is a directory for a static simple index. Make one with [OpenSite].
type Site struct {
	path     string // absolute
	manifest *manifest
}

// Written describes what was written to a site.
type Written struct {
	Files, Projects int
	Copied          int // of the files, those that could not be linked to
	Views           []View
}

// View is the part of a site for one target.
type View struct {
	Target *tags.Target
	Folder string // below the site
	Files  int    // that the target takes
}

// CodeForeign and CodeWrite are codes of an [*Error] about a site.
const (
	CodeForeign = "foreign" // a directory that is not a site and is not replaced
	CodeWrite   = "write"   // the site cannot be written; the old one is unchanged
)

// OpenSite prepares a directory for a site: one that does not exist, one that is
// empty, or an older site. Anything else is an error with CodeForeign, so that no
// other directory is ever replaced.
func OpenSite(path string) (*Site, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, &Error{path, 0, CodeRead, err}
	}
	s := &Site{path: abs}
	s.manifest, err = s.check()
	if err != nil {
		return nil, err
	}
	return s, nil
}

// check checks that the directory may be replaced, and reads its manifest if it
// has one.
func (s *Site) check() (*manifest, error) {
	foreign := func(text string, args ...any) error {
		return &Error{s.path, 0, CodeForeign, fmt.Errorf(text, args...)}
	}
	info, err := os.Lstat(s.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, &Error{s.path, 0, CodeRead, err}
	case !info.IsDir():
		return nil, foreign("not a directory; name one that does not exist, or an older site")
	}
	m, err := readManifest(s.path)
	if err != nil {
		return nil, &Error{s.path, 0, CodeForeign, err}
	}
	entries, err := os.ReadDir(s.path)
	if err != nil {
		return nil, &Error{s.path, 0, CodeRead, err}
	}
	if m == nil && len(entries) > 0 {
		return nil, foreign("a directory with other content (no %s); name one that does not exist, or an older site", ManifestName)
	}
	ours := map[string]bool{ManifestName: true, filesFolder: true, simpleFolder: true}
	if m != nil {
		for _, view := range m.Views {
			ours[view] = true
		}
	}
	for _, e := range entries {
		if !ours[e.Name()] {
			return nil, foreign("contains %q, which is not part of the site and would be lost; move it elsewhere", e.Name())
		}
	}
	return m, nil
}

// isSite reports whether a directory is a site, complete or not. Its files are not
// input.
func isSite(path string) bool {
	if name := filepath.Base(path); strings.HasPrefix(name, ".") && strings.Contains(name, temporaryMark) {
		return true
	}
	info, err := os.Lstat(filepath.Join(path, ManifestName))
	return err == nil && info.Mode().IsRegular()
}

// holds reports whether a directory is the site or in it.
func (s *Site) holds(dir string) bool {
	if s == nil {
		return false
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return false
	}
	site, err := os.Stat(s.path)
	if err != nil {
		return false
	}
	if real, err = filepath.Abs(real); err != nil {
		return false
	}
	for {
		if info, err := os.Stat(real); err == nil && os.SameFile(info, site) {
			return true
		}
		up := filepath.Dir(real)
		if up == real {
			return false
		}
		real = up
	}
}

// temporaryMark is part of the names of directories that exist next to a site
// while it is written. One that is left after a crash may be removed.
const temporaryMark = ".wheeltag-"

// Write writes the offered files as a simple index, and a view of it for each of
// the targets. The new site is complete before it replaces the old one, which stays
// if anything fails. A collection with problems is an error: files that cannot be
// read must not disappear from the index.
func (s *Site) Write(ctx context.Context, c *Collection, views []*tags.Target) (Written, error) {
	if len(c.Problems) > 0 {
		return Written{}, &Error{s.path, 0, CodeWrite, fmt.Errorf("not changed, because a directory could not be read: %w", c.Problems[0])}
	}
	temporary := filepath.Join(filepath.Dir(s.path), "."+filepath.Base(s.path)+temporaryMark+rand.Text()[:10])
	if err := os.Mkdir(temporary, 0o755); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("the directory %s does not exist; create it first", filepath.Dir(s.path))
		}
		return Written{}, &Error{s.path, 0, CodeWrite, err}
	}
	w := siteWriter{ctx: ctx, site: s, collection: c, folder: temporary}
	err := w.all(views)
	if err == nil {
		err = s.swap(temporary)
	}
	if err != nil {
		os.RemoveAll(temporary)
		if ctx.Err() != nil {
			return Written{}, ctx.Err()
		}
		return Written{}, &Error{s.path, 0, CodeWrite, err}
	}
	return w.written, nil
}

// swap replaces the old site by the new one.
func (s *Site) swap(temporary string) error {
	m, err := s.check() // another program may have changed it
	if err != nil {
		return err
	}
	if m == nil {
		// Nothing exists, or an empty directory.
		if err := os.Remove(s.path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return os.Rename(temporary, s.path)
	}
	old := temporary + "-old"
	if err := os.Rename(s.path, old); err != nil {
		return err
	}
	if err := os.Rename(temporary, s.path); err != nil {
		return errors.Join(err, os.Rename(old, s.path))
	}
	if err := os.RemoveAll(old); err != nil {
		return fmt.Errorf("written, but the old site could not be removed: %w", err)
	}
	return nil
}
