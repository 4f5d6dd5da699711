package image

import (
	"bufio"
	"io"
)

// input is what a tar is read from: bytes in order, and a way past those that
// nobody wants. Errors of read are io.EOF when nothing was left and
// io.ErrUnexpectedEOF when too little was.
type input interface {
	read(p []byte) error
	skip(n int64) error
	pos() int64 // bytes read and skipped so far
}

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

// section is an input at a known place of a file: skipping costs nothing.
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
// they are read or passed over.
func newSection(at io.ReaderAt, off, size int64) *section {
	return &section{at: at, off: off, end: off + size, base: off, buf: make([]byte, 0, windowSize)}
}

func (s *section) pos() int64 { return s.off - s.base }

func (s *section) skip(n int64) error {
	if n > s.end-s.off {
		s.off = s.end
		return io.ErrUnexpectedEOF
	}
	s.off += n
	return nil
}

func (s *section) read(p []byte) error {
	if s.off == s.end && len(p) > 0 {
		return io.EOF
	}
	if int64(len(p)) > s.end-s.off {
		s.off = s.end
		return io.ErrUnexpectedEOF
	}
	for len(p) > 0 {
		if s.off >= s.ahead || s.off < s.ahead-int64(len(s.buf)) {
			if err := s.fill(); err != nil {
				return err
			}
		}
		// The window ends at s.ahead, and s.off is in it.
		n := copy(p, s.buf[int64(len(s.buf))-(s.ahead-s.off):])
		p = p[n:]
		s.off += int64(n)
	}
	return nil
}

// fill reads ahead from the current place, but not past the section: what is
// behind it is no business of this tar.
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

// stream is an input that comes out of a decompressor: skipping is reading, and
// a size that nobody could skip ends at the end of the data.
type stream struct {
	r   *bufio.Reader
	off int64
	end int64 // how much may come out
}

// maxInflated is how much one layer, or one compressed file, may unfold to.
// Memory does not depend on it; it keeps a bomb from running for hours. All layers
// together may have twice as much, for a layer may be listed many times; and for
// their sake a compressed file may be read so often that it is four times as much.
const (
	maxInflated = 64 << 30
	maxLayered  = 2 * maxInflated
	maxReread   = 4 * maxInflated
)

func newStream(r io.Reader) *stream {
	return &stream{r: bufio.NewReaderSize(r, 32<<10), end: maxInflated}
}

func (s *stream) pos() int64 { return s.off }

func (s *stream) read(p []byte) error {
	n, err := io.ReadFull(s.r, p)
	return s.count(int64(n), err)
}

func (s *stream) skip(n int64) error {
	for n > 0 {
		k, err := s.r.Discard(int(min(n, 1<<30)))
		n -= int64(k)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err := s.count(int64(k), err); err != nil {
			return err
		}
	}
	return nil
}

// count keeps the position and the bound.
func (s *stream) count(n int64, err error) error {
	s.off += n
	if err == nil && s.off > s.end {
		return fault(CodeLimit, "unfolds to more than %d GiB, by itself or with the layers below; that is a fault or an attack", int64(maxInflated)>>30)
	}
	return err
}

// drain reads what follows the end of a tar, zeros up to the size of a tape
// record, because the checksum of compressed data comes after them. It gives
// up without complaint where that takes long.
func drain(in input) error {
	if _, ok := in.(*stream); !ok {
		return nil // bytes that lie there have no checksum
	}
	var buf [4 << 10]byte
	for range 256 { // a megabyte; the longest tape record in use is half of that
		switch err := in.read(buf[:]); err {
		case nil:
		case io.EOF:
			return nil
		case io.ErrUnexpectedEOF:
			// Either the last bytes or a stream cut off: ask once more.
			if err := in.read(buf[:1]); err != io.EOF {
				return err
			}
			return nil
		default:
			return err
		}
	}
	return nil
}
