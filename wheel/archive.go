package wheel

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// Archive is the content of a wheel: a zip file with the project's metadata in one
// *.dist-info directory. Make one with [Open] or [OpenFile]. It may be used from
// several goroutines.
//
// Where tools that read zip files disagree about an archive, this is the reading of
// Python's zipfile module, by which pip installs; [Archive.Problems] lists the
// disagreements.
type Archive struct {
	dir    *unzip.Directory
	r      io.ReaderAt
	size   int64
	closer io.Closer
}

// Open reads the directory of the wheel in the first size bytes of r, and
// nothing else. The error is [ErrNotZip], [ErrDirectory], one of the reader, or says that the directory
// has more than 131,072 entries or 48 MiB.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	dir, err := unzip.Read(r, size)
	switch {
	case errors.Is(err, unzip.ErrDirectory):
		return nil, ErrDirectory
	case errors.Is(err, unzip.ErrFormat):
		return nil, ErrNotZip
	case err != nil:
		return nil, fmt.Errorf("zip directory: %w", err)
	}
	return &Archive{dir: dir, r: r, size: size}, nil
}

// OpenFile opens the wheel at path, which must be closed again. Errors carry
// the path.
func OpenFile(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a directory")
	}
	var a *Archive
	if err == nil {
		a, err = Open(f, info.Size())
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	a.closer = f
	return a, nil
}

// Close closes the file that [OpenFile] opened.
func (a *Archive) Close() error {
	if a.closer == nil {
		return nil
	}
	return a.closer.Close()
}

// Members yields the files in the order of the directory. A name may come
// twice; Python takes the last.
func (a *Archive) Members() iter.Seq[Member] { return a.entries(false) }

// Entries yields the files and the entries for directories in the order of the directory
// of the archive.
func (a *Archive) Entries() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		for i := range a.dir.Entries {
			if !yield(Member{&a.dir.Entries[i], a.r}) {
				return
			}
		}
	}
}

// CommentSize is the length in bytes that the archive states for its comment.
func (a *Archive) CommentSize() int { return a.dir.End.CommentSize }

// Directories yields the entries for directories, whose names end in a slash. Most
// wheels have none.
func (a *Archive) Directories() iter.Seq[Member] { return a.entries(true) }

func (a *Archive) entries(directories bool) iter.Seq[Member] {
	return func(yield func(Member) bool) {
		for i := range a.dir.Entries {
			e := &a.dir.Entries[i]
			if strings.HasSuffix(e.Name, "/") == directories && !yield(Member{e, a.r}) {
				return
			}
		}
	}
}
