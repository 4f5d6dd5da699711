package image

import (
	"bufio"
	"errors"
	"io"
)

// reader is what a tar is read from. Seek moves forward only, from the current
// place; beyond the end it is io.ErrUnexpectedEOF.
type reader interface {
	io.ReadSeeker
	pos() int64 // bytes read and skipped so far
}

var errSeek = errors.New("only seeks forward") // archive/tar does nothing else

// source is the image file. It marks its errors as such, so that they are not
// taken for damage to what is in it.
type source struct{ io.ReaderAt }

func (s source) ReadAt(p []byte, off int64) (int, error) {
	n, err := s.ReaderAt.ReadAt(p, off)
	if err != nil && err != io.EOF {
		err = &Error{Code: CodeRead, Detail: "cannot be read", Err: err}
	}
	return n, err
}

// section is a reader of a known part of a file: skipping costs nothing.
type section struct {
	at       io.ReaderAt
	off, end int64 // what is left of the section
	base     int64
	buf      []byte // what was read ahead; it ends at offset ahead
	ahead    int64
}

// A window of this size holds several small files with their headers, so that
// they cost one system call together.
const windowSize = 8 << 10

// newSection reads size bytes at offset off. Whether they are there shows when
// they are read or skipped.
func newSection(at io.ReaderAt, off, size int64) *section {
	return &section{at: at, off: off, end: off + size, base: off, buf: make([]byte, 0, windowSize)}
}

func (s *section) pos() int64 { return s.off - s.base }

func (s *section) Seek(n int64, whence int) (int64, error) {
	switch {
	case whence != io.SeekCurrent || n < 0:
		return 0, errSeek
	case n > s.end-s.off:
		s.off = s.end
		return 0, io.ErrUnexpectedEOF
	}
	s.off += n
	return s.pos(), nil
}

func (s *section) Read(p []byte) (int, error) {
	if s.off == s.end {
		return 0, io.EOF
	}
	if s.off >= s.ahead || s.off < s.ahead-int64(len(s.buf)) {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	// The window ends at s.ahead, and s.off is in it.
	n := copy(p, s.buf[int64(len(s.buf))-(s.ahead-s.off):])
	s.off += int64(n)
	return n, nil
}

// fill reads ahead from the current place, but not past the section: what is
// behind it does not belong to this tar.
func (s *section) fill() error {
	buf := s.buf[:min(int64(cap(s.buf)), s.end-s.off)]
	n, err := s.at.ReadAt(buf, s.off)
	s.buf, s.ahead = buf[:n], s.off+int64(n)
	if n > 0 {
		return nil
	}
	if err == nil || err == io.EOF {
		return io.ErrUnexpectedEOF // the file became shorter
	}
	return err
}

// stream is a reader of what a decoder gives: skipping is reading.
type stream struct {
	r   *bufio.Reader
	off int64
	end int64 // how much may come out
}

// maxInflated is how much one layer, or one compressed file, may decompress to.
// Memory does not depend on it; it keeps a bomb from running for hours. All layers
// together may have twice as much. A compressed file may have to be read several
// times for their sake, and may decompress to four times as much in all.
const (
	maxInflated = 64 << 30
	maxLayered  = 2 * maxInflated
	maxReread   = 4 * maxInflated
)

func newStream(r io.Reader) *stream {
	return &stream{r: bufio.NewReaderSize(r, 32<<10), end: maxInflated}
}

func (s *stream) pos() int64 { return s.off }

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err := s.count(int64(n), err); err != nil {
		return 0, err // callers may ignore the error of a full read
	}
	return n, nil
}

func (s *stream) Seek(n int64, whence int) (int64, error) {
	if whence != io.SeekCurrent || n < 0 {
		return 0, errSeek
	}
	for n > 0 {
		k, err := s.r.Discard(int(min(n, 1<<30)))
		n -= int64(k)
		if err := s.count(int64(k), unexpected(err)); err != nil {
			return 0, err
		}
	}
	return s.off, nil
}

// count keeps the position and the bound.
func (s *stream) count(n int64, err error) error {
	s.off += n
	if err == nil && s.off > s.end {
		return fault(CodeLimit, "decompresses to more than %d GiB, by itself or with the layers below; it is damaged or an attack", int64(maxInflated)>>30)
	}
	return err
}

// drain reads what follows the end of a tar, zeros up to the size of a tape
// record, because the checksum of compressed data comes after them. It gives up
// without an error where that takes long.
func drain(in reader) error {
	if _, ok := in.(*stream); !ok {
		return nil // bytes that are not compressed have no checksum
	}
	const most = 1 << 20 // the longest tape record in use is half of that
	_, err := io.CopyN(io.Discard, in, most)
	if err == io.EOF {
		return nil
	}
	return err
}
