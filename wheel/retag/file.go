package retag

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/wheeltag/wheeltag/wheel/audit"
)

// State says what became of a result.
type State string

// What became of a result.
const (
	Written   State = "written"
	Unchanged State = "unchanged" // a file with the name and the content was there
	Planned   State = "planned"   // would be written, if not for [Options.DryRun]
)

// Outcome is what [File] did.
type Outcome struct {
	*Result
	Path   string // of the result
	State  State
	Report *audit.Report // of the result
}

// tempPattern is the name of a file that is being written. Programs that look for wheels
// do not see it.
const tempPattern = ".wheeltag-*.tmp"

// File changes the wheel at path and writes the result into dir, which is made if it is not
// there; "" is the directory of the wheel. The source stays as it is, unless Force replaces
// it. The result gets its name when it is complete and audited: whatever ends the program
// leaves at most a hidden temporary file.
//
// The error is a *[Refusal], or says why the wheel cannot be read or written. A result that
// has no changes is a copy of the source.
func File(ctx context.Context, path, dir string, o Options) (*Outcome, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a directory")
	}
	var r *Result
	if err == nil {
		r, err = New(ctx, f, info.Size(), filepath.Base(path), o)
	}
	if err != nil {
		return nil, named(path, err)
	}
	if dir == "" {
		dir = filepath.Dir(path)
	}
	out := &Outcome{Result: r, Path: filepath.Join(dir, r.Filename), State: Written}
	same, err := out.compare(o.Force)
	switch {
	case err != nil:
		return nil, named(path, err)
	case same:
		out.State = Unchanged
	case o.DryRun:
		out.State = Planned
	default:
		return out, named(path, out.write(ctx, f, info.Mode().Perm(), o))
	}
	out.Report, err = r.Audit(ctx, r, o)
	return out, named(path, err)
}

// named puts the path before an error that lacks it.
func named(path string, err error) error {
	var refusal *Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		refusal.File = path
		return refusal
	case errors.As(err, new(*fs.PathError)), errors.As(err, new(*os.LinkError)), errors.Is(err, context.Canceled):
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// compare reports whether the result is there already. Another file with its name is an
// error, unless it is to be replaced.
func (out *Outcome) compare(force bool) (same bool, err error) {
	info, err := os.Lstat(out.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, &Refusal{Filename: out.Filename, Code: CodeExists, Err: fmt.Errorf("%s exists and is not a regular file", out.Path), Changes: out.Changes}
	}
	if info.Size() == out.Size() {
		f, err := os.Open(out.Path)
		if err != nil {
			return false, err
		}
		defer f.Close()
		if same, err = equal(f, out.Result, out.Size()); same || err != nil {
			return same, err
		}
	}
	if !force {
		return false, &Refusal{Filename: out.Filename, Code: CodeExists, Err: fmt.Errorf("%s exists and has other content", out.Path), Changes: out.Changes}
	}
	return false, nil
}

// equal reports whether two files have the same bytes.
func equal(a, b io.ReaderAt, size int64) (bool, error) {
	const step = 64 << 10
	var x, y [step]byte
	for at := int64(0); at < size; at += step {
		n := int(min(step, size-at))
		for _, one := range []struct {
			r   io.ReaderAt
			buf []byte
		}{{a, x[:n]}, {b, y[:n]}} {
			if got, err := one.r.ReadAt(one.buf, at); got < n {
				return false, errors.Join(err, io.ErrUnexpectedEOF)
			}
		}
		if string(x[:n]) != string(y[:n]) {
			return false, nil
		}
	}
	return true, nil
}

// write writes the result to a temporary file, audits that, and gives it its name.
func (out *Outcome) write(ctx context.Context, source io.Closer, mode fs.FileMode, o Options) error {
	dir := filepath.Dir(out.Path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, tempPattern)
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // which fails once it has its name
	defer temp.Close()
	content := io.NewSectionReader(out.Result, 0, out.Size())
	if _, err = io.Copy(temp, &stoppable{ctx, content}); err == nil {
		err = errors.Join(temp.Chmod(mode), temp.Sync())
	}
	if err != nil {
		return out.writeError(err)
	}
	if out.Report, err = out.Audit(ctx, temp, o); err != nil {
		return err
	}
	// Some systems rename neither an open file nor to the name of one.
	if err := errors.Join(temp.Close(), source.Close(), os.Rename(temp.Name(), out.Path)); err != nil {
		return out.writeError(err)
	}
	return nil
}

// writeError is an error about the temporary file, which nobody knows, as one about the
// result.
func (out *Outcome) writeError(err error) error {
	var failed *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &failed):
		err = failed.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &fs.PathError{Op: "write", Path: out.Path, Err: err}
}

// stoppable is a reader that ends when its context does.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}
