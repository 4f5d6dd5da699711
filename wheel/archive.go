package wheel

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"
)

// Archive is the content of a wheel: a zip file whose project's metadata lie in
// one *.dist-info directory. Make one with [Open] or [OpenFile]. It may be used
// from several goroutines.
type Archive struct {
	zip    *zip.Reader
	r      io.ReaderAt
	closer io.Closer
}

// Member is one file of an archive. Directories are no members.
type Member struct {
	file *zip.File
	r    io.ReaderAt // of the archive
}

// ErrNotZip reports input that is not a zip archive, or one cut short.
var ErrNotZip = errors.New("not a zip archive, or one that was cut short")

// ErrNoMember reports a file that the archive should have and lacks.
var ErrNoMember = errors.New("no such file in the archive")

// maxMembers bounds the directory. The largest known wheels have some 20,000.
const maxMembers = 1 << 20

// Open reads the directory of the wheel in the first size bytes of r, and
// nothing else. The error is [ErrNotZip] or one of the reader.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	z, err := zip.NewReader(r, size)
	switch {
	case errors.Is(err, zip.ErrFormat):
		return nil, ErrNotZip
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, fmt.Errorf("zip directory: %w", err)
	case len(z.File) > maxMembers:
		return nil, fmt.Errorf("zip directory: %d files, more than %d", len(z.File), maxMembers)
	}
	return &Archive{zip: z, r: r}, nil
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
// twice; what an installer makes of that is its own affair.
func (a *Archive) Members() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		for _, f := range a.zip.File {
			if !strings.HasSuffix(f.Name, "/") && !yield(Member{f, a.r}) {
				return
			}
		}
	}
}

// Name is the member's path as stored, with slashes. It may be hostile:
// absolute, with "..", or not UTF-8.
func (m Member) Name() string { return m.file.Name }

// ClaimedSize is the size in bytes that the directory states; it may be false.
func (m Member) ClaimedSize() uint64 { return m.file.UncompressedSize64 }

// PackedSize is the size in bytes that the member takes in the archive, as the
// directory states it.
func (m Member) PackedSize() uint64 { return m.file.CompressedSize64 }

// CRC32 is the checksum of the content that the directory states.
func (m Member) CRC32() uint32 { return m.file.CRC32 }

// Method is how the content is compressed: 0 stored, 8 deflated; installers know
// no other (section 4.4.5 of the zip specification, APPNOTE.TXT).
func (m Member) Method() uint16 { return m.file.Method }

// Flags is the general purpose bit flag: bit 0 means encrypted (section 4.4.4).
func (m Member) Flags() uint16 { return m.file.Flags }

// Mode has the permissions and the type of the file that the archive states, as
// for a symbolic link.
func (m Member) Mode() fs.FileMode { return m.file.Mode() }

// Raw gives the bytes as they are in the archive: packed, whatever the method.
func (m Member) Raw() (*io.SectionReader, error) {
	off, err := m.file.DataOffset()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.file.Name, err)
	}
	return io.NewSectionReader(m.r, off, int64(m.file.CompressedSize64)), nil
}

// Executable reports whether a permission bit to execute is set.
func (m Member) Executable() bool { return m.file.Mode().Perm()&0o111 != 0 }

// Open gives the content. Reading to the end checks its length and CRC-32.
func (m Member) Open() (io.ReadCloser, error) {
	r, err := m.file.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.file.Name, err)
	}
	return r, nil
}

// ReadAll gives the whole content if it is at most limit bytes long. Memory
// grows with what is really there, not with the claimed size.
func (m Member) ReadAll(limit int64) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	const step = 1 << 20
	buf := make([]byte, 0, min(m.file.UncompressedSize64+1, step, uint64(limit)+1))
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			return nil, fmt.Errorf("%s: larger than %d bytes", m.file.Name, limit)
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", m.file.Name, err)
		}
	}
}

// distInfo finds a file of the *.dist-info directory at the top of the archive.
func (a *Archive) distInfo(name string) (Member, error) {
	var found Member
	dir := ""
	for m := range a.Members() {
		top, rest, _ := strings.Cut(m.Name(), "/")
		if !strings.HasSuffix(top, ".dist-info") {
			continue
		}
		if dir != "" && top != dir {
			return Member{}, fmt.Errorf("two .dist-info directories, %s and %s; want one", dir, top)
		}
		dir = top
		if rest == name {
			found = m
		}
	}
	if found.file == nil {
		if dir == "" {
			dir = "*.dist-info"
		}
		return Member{}, fmt.Errorf("%s/%s: %w", dir, name, ErrNoMember)
	}
	return found, nil
}
