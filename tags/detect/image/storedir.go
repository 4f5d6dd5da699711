package image

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// openDir opens an OCI layout directory. Every file in it is reached through
// os.Root, which no link in it can leave.
func openDir(path string, l limits) (*store, error) {
	dir, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &store{path: path, limits: l, dir: dir, files: map[string]*os.File{}}, nil
}

// findFile looks a part up in the directory. Its file stays open until the
// store is closed.
func (s *store) findFile(name string) (blob, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		return blob{}, &Error{Code: CodeRead, Detail: "is closed", Err: fs.ErrClosed}
	}
	f, ok := s.files[name]
	if !ok {
		var err error
		if f, err = s.openFile(name); err != nil {
			return blob{}, err
		}
		s.files[name] = f
	}
	info, err := f.Stat()
	if err != nil {
		return blob{}, err
	}
	return blob{name: name, size: info.Size(), at: source{f}}, nil
}

// openFile opens a regular file of the directory.
func (s *store) openFile(name string) (*os.File, error) {
	info, err := s.dir.Stat(name) // before opening: a pipe would wait
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault(CodeMissing, "is not in the layout directory; export the image again, with all its layers")
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fault(CodeFormat, "is not a regular file; export the image again")
	}
	return s.dir.Open(name)
}

// readFile reads a file of at most limit bytes.
func (s *store) readFile(name string, limit int64) ([]byte, error) {
	f, err := s.openFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if int64(len(data)) > limit {
		return nil, tooLong(int64(len(data)), limit)
	}
	return data, err
}
