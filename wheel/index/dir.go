package index

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/wheeltag/wheeltag/wheel"
)

// ReadDir yields the wheels and source distributions in a directory and below it, in
// lexical order, with Requires-Python from their metadata. A source distribution
// without PKG-INFO has none. Links to files are followed, links to
// directories are not.
func ReadDir(dir string) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		walk(dir, nil, func(path string, d fs.DirEntry, err error) bool {
			if err != nil {
				return yield(File{}, &Error{path, 0, CodeRead, err})
			}
			f := File{Name: d.Name(), Path: path, Size: -1}
			ok, err := f.identify("")
			switch {
			case err != nil:
				return yield(File{}, &Error{path, 0, CodeName, err})
			case !ok:
				return true
			}
			if err := f.stat(); err != nil {
				if errors.Is(err, errNotRegular) {
					return true
				}
				return yield(File{}, &Error{path, 0, CodeRead, err})
			}
			return yield(f, nil)
		})
	}
}

// walk visits the files below a directory in lexical order, and directories that
// cannot be read with an error and no entry. The directory itself may be a link.
// skip, which may be nil, reports which directories below it to leave out. A visit
// that returns false ends the walk.
func walk(dir string, skip func(path string) bool, visit func(path string, d fs.DirEntry, err error) bool) bool {
	entries, err := os.ReadDir(dir)
	if err != nil && !visit(dir, nil, err) {
		return false
	}
	for _, d := range entries {
		path := filepath.Join(dir, d.Name())
		switch {
		case !d.IsDir():
			if !visit(path, d, nil) {
				return false
			}
		case skip != nil && skip(path):
		case !walk(path, skip, visit):
			return false
		}
	}
	return true
}

// errNotRegular is for a directory, pipe or device that has a distribution's name.
var errNotRegular = errors.New("not a regular file")

// stat adds what an installer learns from a local file.
func (f *File) stat() error {
	info, err := os.Stat(f.Path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errNotRegular
	}
	f.Size = info.Size()
	if f.IsWheel {
		f.RequiresPython, err = requiresPython(f.Path)
	} else {
		f.RequiresPython, err = requiresPythonOfSdist(f.Path)
	}
	return err
}

func requiresPython(path string) (string, error) {
	a, err := wheel.OpenFile(path)
	if err != nil {
		return "", err
	}
	defer a.Close()
	m, err := a.Metadata()
	if err != nil {
		return "", err
	}
	return m.RequiresPython, nil
}

// requiresPythonOfSdist reads the field of PKG-INFO. An archive without that file, or of
// a kind that is not read, has no such field.
func requiresPythonOfSdist(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	m, err := wheel.SdistMetadata(f, info.Size(), filepath.Base(path))
	switch {
	case errors.Is(err, wheel.ErrNoPkgInfo), errors.Is(err, wheel.ErrSdistArchive):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("not a source distribution: %w", err)
	}
	return m.RequiresPython, nil
}
