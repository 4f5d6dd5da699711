package binfile

import (
	"errors"
	"fmt"
	"io"
)

// source is the bytes of a file, or of a slice of one that begins at base.
type source struct {
	r      io.ReaderAt
	base   int64
	size   int64
	format string
}

// bad returns the error for an offset in the source, -1 for none.
func (s source) bad(code string, offset int64, field, reason string) error {
	if offset >= 0 {
		offset += s.base
	}
	return &FormatError{Format: s.format, Code: code, Offset: offset, Field: field, Reason: reason}
}

// smallRead is how much is allocated before a byte has been read.
const smallRead = 1 << 16

// bytes reads the n bytes at an offset, all of which must be there. n is within
// one of the limits.
func (s source) bytes(offset, n int64, field string) ([]byte, error) {
	if offset < 0 || n > s.size || offset > s.size-n {
		return nil, s.bad(CodeTruncated, offset, field, "truncated")
	}
	part := io.NewSectionReader(s.r, s.base+offset, n)
	var b []byte
	var err error
	if n <= smallRead {
		b = make([]byte, n)
		got := 0
		got, err = io.ReadFull(part, b)
		b = b[:got]
	} else {
		b, err = io.ReadAll(part)
	}
	switch {
	case int64(len(b)) == n:
		return b, nil
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, &FormatError{Format: s.format, Code: CodeTruncated, Offset: s.base + offset, Field: field, Reason: "truncated", Cause: err}
	}
	return nil, &FormatError{Format: s.format, Code: CodeRead, Offset: s.base + offset, Field: field, Reason: fmt.Sprintf("cannot be read: %v", err), Cause: err}
}
