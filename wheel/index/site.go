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
	legacyFolder = "pypi"
)

// Site is a directory for a static simple index. Make one with [OpenSite].
type Site struct {
	// FilesURL, if not empty, is where the files are that the pages link to, such as
	// https://files.example.org/wheels; a slash and the name follow. They are
	// written into the site all the same.
	FilesURL string

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
	ours := map[string]bool{ManifestName: true, nextManifest: true, legacyFolder: true, filesFolder: true, simpleFolder: true}
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
// while it is written. The next run removes one that is left after a crash.
const temporaryMark = ".wheeltag-"

// Write writes the offered files as a simple index, and a view of it for each of
// the targets. The new site is complete before it replaces the old one, which stays
// if anything fails. A collection with problems is an error: files that cannot be
// read must not disappear from the index.
func (s *Site) Write(ctx context.Context, c *Collection, views []*tags.Target) (Written, error) {
	if len(c.Problems) > 0 {
		return Written{}, &Error{s.path, 0, CodeWrite, fmt.Errorf("not changed, because a directory could not be read: %w", c.Problems[0])}
	}
	unlock, err := lock(ctx, filepath.Dir(s.path))
	if err == nil {
		defer unlock()
		err = s.cleanUp()
	}
	temporary := s.temporary(rand.Text()[:10])
	if err == nil {
		err = os.Mkdir(temporary, 0o755)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("the directory %s does not exist; create it first", filepath.Dir(s.path))
	}
	if err != nil {
		return Written{}, s.failed(ctx, err)
	}
	w := siteWriter{ctx: ctx, site: s, collection: c, folder: temporary}
	if err = w.all(views); err == nil {
		err = s.swap(temporary)
	}
	if err != nil {
		os.RemoveAll(temporary)
		return Written{}, s.failed(ctx, err)
	}
	if err := w.restamp(); err != nil {
		return Written{}, s.failed(ctx, fmt.Errorf("written, but not the stamps of its files: %w", err))
	}
	return w.written, nil
}

// failed is the error of a site that is not written.
func (s *Site) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &Error{s.path, 0, CodeWrite, err}
}

// temporary is a directory next to the site.
func (s *Site) temporary(name string) string {
	return filepath.Join(filepath.Dir(s.path), "."+filepath.Base(s.path)+temporaryMark+name)
}

// old ends the name of the directory that the old site has for a moment, where two
// directories cannot be exchanged.
const old = "-old"

// cleanUp removes what runs that were killed have left, and puts a site back that one
// of them had moved away. The caller has the lock, so that no run is at work.
func (s *Site) cleanUp() error {
	left, err := filepath.Glob(escapeGlob(s.temporary("")) + "*")
	if err != nil {
		return err
	}
	for _, path := range left {
		if _, err := os.Lstat(s.path); errors.Is(err, fs.ErrNotExist) && strings.HasSuffix(path, old) {
			if err := os.Rename(path, s.path); err != nil {
				return err
			}
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// escapeGlob protects the characters that have a meaning in patterns.
func escapeGlob(path string) string {
	if filepath.Separator == '\\' {
		return path // has no escapes
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// swap replaces the old site by the new one: at once where the system can exchange two
// directories, and else with a moment in which there is none.
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
	away := temporary + old
	if exchange(temporary, s.path) == nil {
		away = temporary
	} else {
		if err := os.Rename(s.path, away); err != nil {
			return err
		}
		if err := os.Rename(temporary, s.path); err != nil {
			return errors.Join(err, os.Rename(away, s.path))
		}
	}
	if err := os.RemoveAll(away); err != nil {
		return fmt.Errorf("written, but the old site could not be removed: %w", err)
	}
	return nil
}
