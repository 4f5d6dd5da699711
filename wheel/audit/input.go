package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/wheeltag/wheeltag/wheel"
)

// input is what a wheel is read from. It remembers the first error, because one that a
// parser takes for the end of a file would be a wrong result.
type input struct {
	r      io.ReaderAt
	failed atomic.Pointer[error]

	// Most reads are of a few bytes, one after the other: headers, and the first
	// bytes of members. They come from a window of the file.
	lock   sync.Mutex
	window []byte // nil: every read is one of r
	at     int64  // where the window begins
	filled int    // bytes in it
}

// The sizes of the window and of the largest read that is answered from it, in bytes.
const (
	windowSize = 16 << 10
	smallRead  = 2 << 10
)

func (in *input) ReadAt(p []byte, off int64) (int, error) {
	if len(p) > smallRead || in.window == nil {
		return in.read(p, off)
	}
	in.lock.Lock()
	defer in.lock.Unlock()
	if off < in.at || off+int64(len(p)) > in.at+int64(in.filled) {
		n, err := in.read(in.window, off)
		in.at, in.filled = off, n
		if n < len(p) {
			in.filled = 0
			return copy(p, in.window[:n]), err
		}
	}
	return copy(p, in.window[off-in.at:in.filled]), nil
}

func (in *input) read(p []byte, off int64) (int, error) {
	n, err := in.r.ReadAt(p, off)
	if err != nil && err != io.EOF {
		in.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// read reads the wheel in the first size bytes of r. A wheel that cannot be read to
// the end has no result.
func (a *Auditor) read(ctx context.Context, r io.ReaderAt, size int64, filename string) (*Subject, error) {
	in := &input{r: r}
	if !a.byName { // over a network, bytes are dearer than reads
		in.window = make([]byte, windowSize)
	}
	archive, err := wheel.Open(in, size)
	if errors.Is(err, wheel.ErrDirectory) && in.failed.Load() == nil {
		return a.unreadable(size, filename, err), nil
	}
	if err != nil {
		return nil, err
	}
	s, err := a.subject(ctx, archive, size, filename)
	if err != nil {
		return nil, err
	}
	s.exports = a.exports
	if failed := in.failed.Load(); failed != nil {
		return nil, *failed
	}
	return s, nil
}

// readFile reads the wheel at path. Errors have the path.
func (a *Auditor) readFile(ctx context.Context, path string) (*Subject, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a directory")
	}
	var s *Subject
	if err == nil {
		s, err = a.read(ctx, f, info.Size(), filepath.Base(path))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}
