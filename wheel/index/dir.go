package index

import (
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/wheeltag/wheeltag/wheel"
)

// ReadDir yields the wheels and source distributions in a folder and below it, in
// lexical order. Requires-Python of wheels is read from their metadata; that of
// a source distribution stays unknown. Links are followed to files, not to folders.
func ReadDir(dir string) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		stopped := false
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				return nil
			}
			if err == nil {
				var f File
				if f, err = localFile(path, d); err == nil && f.Name == "" {
					return nil
				}
				if err == nil {
					stopped = !yield(f, nil)
				}
			}
			if err != nil {
				code := CodeRead
				if _, bad := err.(*wheel.NameError); bad {
					code = CodeName
				}
				stopped = !yield(File{}, &Error{path, 0, code, err})
			}
			if stopped {
				return filepath.SkipAll
			}
			if err != nil && d != nil && d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		})
		if err != nil && !stopped {
			yield(File{}, &Error{dir, 0, CodeRead, err})
		}
	}
}

// localFile describes one file; its Name is empty when it is none to install.
func localFile(path string, d fs.DirEntry) (File, error) {
	f := File{Name: d.Name(), Path: path, Size: -1}
	ok, err := f.identify("")
	if !ok || err != nil {
		return File{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return File{}, err
	}
	if !info.Mode().IsRegular() {
		return File{}, nil
	}
	f.Size = info.Size()
	if f.IsWheel {
		f.RequiresPython, err = requiresPython(path)
	}
	return f, err
}

func requiresPython(path string) (string, error) {
	a, err := wheel.OpenFile(path)
	if err != nil {
		return "", err
	}
	defer a.Close()
	m, err := a.Metadata()
	return m.RequiresPython, err
}
