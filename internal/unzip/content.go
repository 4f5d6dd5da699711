package unzip

import (
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/wheeltag/wheeltag/internal/inflate"
)

// ErrLong reports content beyond the limit of its reader.
var ErrLong = errors.New("is too large")

// ReadAll gives the whole content if it is at most limit bytes long, with its length
// and checksum verified. It allocates no more than what the packed bytes that are
// there can hold.
func (m *Source) ReadAll(limit int64) ([]byte, error) {
	if m.Size < 0 || m.Size > limit {
		return nil, fmt.Errorf("%w: %d bytes, more than %d", ErrLong, uint64(m.Size), limit)
	}
	if !m.readable() {
		return nil, m.methodError()
	}
	if m.Packed > limit+1<<16 { // more than the content takes when it is not compressed
		return nil, fmt.Errorf("%w: %d packed bytes", ErrLong, m.Packed)
	}
	if !m.deflated() && m.Packed != m.Size || m.Size > m.Packed*expansion {
		return nil, ErrChecksum
	}
	packed := make([]byte, m.Packed)
	if err := readFull(m.R, packed, m.Offset); err != nil {
		return nil, err
	}
	content := packed
	if m.deflated() {
		content = make([]byte, m.Size)
		n, _, err := new(inflate.Decoder).Decode(content, packed)
		if errors.Is(err, inflate.ErrTooLong) || err == nil && int64(n) < m.Size {
			err = ErrChecksum
		}
		if err != nil {
			return nil, err
		}
	}
	if crc32.ChecksumIEEE(content) != m.CRC32 {
		return nil, ErrChecksum
	}
	return content, nil
}

// Open gives the content as a stream. Its end is io.EOF only if the length and the
// checksum are those in the archive's directory.
func (m *Source) Open() (io.Reader, error) {
	if !m.readable() {
		return nil, m.methodError()
	}
	c := &content{m: *m, sum: crc32.NewIEEE(), r: io.NewSectionReader(m.R, m.Offset, m.Packed)}
	if m.deflated() {
		in := new(inflate.Reader)
		in.Reset(c.r)
		c.r = in
	}
	return c, nil
}

// content is the content of a member as a stream.
type content struct {
	m   Source
	r   io.Reader
	sum hash.Hash32
	n   int64
}

func (c *content) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.sum.Write(p[:n])
	c.n += int64(n)
	if c.n > c.m.Size || err == io.EOF && (c.n < c.m.Size || c.sum.Sum32() != c.m.CRC32) {
		err = ErrChecksum
	}
	return n, err
}
