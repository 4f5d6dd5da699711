package elfaudit

import (
	"debug/elf"
	"io"
	"slices"
	"strings"
)

// Limits on what is read, in bytes or records. They bound memory and time
// for hostile files; real ones stay far below.
const (
	windowSize    = 4 << 10   // bytes fetched at a time for small records
	chunkSize     = 1 << 20   // first allocation for a large table
	maxTable      = 256 << 20 // bytes of one table
	maxName       = 64 << 10  // bytes of one name
	maxDynamic    = 1 << 16   // entries of the dynamic table
	maxSections   = 1 << 16   // section headers
	maxVersions   = 1 << 16   // records of a version table, of any sort
	maxInterp     = 4 << 10   // bytes of an interpreter path
	maxNoteBytes  = 1 << 20   // bytes of all note segments
	maxBuildID    = 256       // bytes of a build ID; linkers write 8 to 32
	maxAttributes = 64 << 10  // bytes of build attributes
)

// image gives bounded access to the bytes of a file, by offset and by
// address. All reading goes through it. Small records come out of a window
// that moves over the file, so following a chain costs few calls.
type image struct {
	coding
	r          io.ReaderAt
	size       int64
	loads      []segment // PT_LOAD, ascending and disjoint
	unreadable string    // the first table in a segment that may not be read
	window     []byte    // the bytes of the file from start, within buf
	start      int64     // file offset of window
	buf        [windowSize]byte
}

// at returns the n bytes at off, n at most windowSize. The range must end at
// or before end, itself at most the file size. The result is valid until the
// next call of any method that reads.
func (m *image) at(off, n, end int64, field string) ([]byte, error) {
	if off < 0 || n > end || off > end-n {
		return nil, bad(CodeTruncated, off, field, "extends past the end of its table or of the file")
	}
	if off < m.start || off+n > m.start+int64(len(m.window)) {
		want := min(windowSize, m.size-off)
		got, err := m.r.ReadAt(m.buf[:want], off)
		m.window, m.start = m.buf[:got], off
		// Only n bytes are required: a reader of a part of the file may stop
		// anywhere after them.
		if int64(got) < n {
			return nil, readError(off+int64(got), field, err)
		}
	}
	i := off - m.start
	return m.window[i : i+n : i+n], nil
}

// table reads the n bytes at off to keep. Memory grows with the bytes that
// have arrived, whatever n claims.
func (m *image) table(off, n int64, field string) ([]byte, error) {
	if err := m.check(off, n, field); err != nil {
		return nil, err
	}
	b := make([]byte, 0, min(n, chunkSize))
	for int64(len(b)) < n {
		if len(b) == cap(b) {
			b = slices.Grow(b, int(min(n-int64(len(b)), int64(len(b)))))
		}
		have := len(b)
		next := b[have:min(int64(cap(b)), n)]
		got, err := m.r.ReadAt(next, off+int64(have))
		if got < len(next) {
			return nil, readError(off+int64(have+got), field, err)
		}
		b = b[:have+got]
	}
	return b, nil
}

// text reads the n bytes at off as a string, in one copy.
func (m *image) text(off, n int64, field string) (string, error) {
	if err := m.check(off, n, field); err != nil {
		return "", err
	}
	scratch := m.buf[:]
	m.window = nil // buf is about to be overwritten
	if n > 8*windowSize {
		scratch = make([]byte, 16*windowSize)
	}
	var b strings.Builder
	b.Grow(int(min(n, chunkSize)))
	for done := int64(0); done < n; done += int64(len(scratch)) {
		part := scratch[:min(int64(len(scratch)), n-done)]
		if got, err := m.r.ReadAt(part, off+done); got < len(part) {
			return "", readError(off+done+int64(got), field, err)
		}
		b.Write(part)
	}
	return b.String(), nil
}

// check compares a range with the file and the limit for tables.
func (m *image) check(off, n int64, field string) error {
	if off < 0 || n < 0 || n > m.size || off > m.size-n {
		return bad(CodeTruncated, off, field, "extends past the end of the file")
	}
	if n > maxTable {
		return bad(CodeLimit, off, field, "larger than 256 MiB")
	}
	return nil
}

// locate translates an address. It returns the file offset and the offset at
// which the bytes that its segment takes from the file end.
func (m *image) locate(addr uint64, field string) (off, end int64, err error) {
	for i := range m.loads {
		s := &m.loads[i]
		if addr >= s.vaddr && addr-s.vaddr < s.filesz {
			if s.flags&elf.PF_R == 0 && m.unreadable == "" {
				m.unreadable = field
			}
			return int64(s.off + (addr - s.vaddr)), int64(s.off + s.filesz), nil
		}
	}
	return 0, 0, bad(CodeUnmapped, -1, field, "points outside the file contents of the loadable segments")
}

// span translates the range of n bytes at addr, which must lie in one segment.
func (m *image) span(addr, n uint64, field string) (off int64, err error) {
	off, end, err := m.locate(addr, field)
	if err != nil {
		return 0, err
	}
	if n > uint64(end-off) {
		return 0, bad(CodeUnmapped, off, field, "extends past the file contents of its loadable segment")
	}
	return off, nil
}

// readError turns a short read into a FormatError. A reader that ends early
// is a truncated file; anything else failed underneath.
func readError(off int64, field string, err error) error {
	if err == nil || err == io.EOF || err == io.ErrUnexpectedEOF {
		return &FormatError{Code: CodeTruncated, Offset: off, Field: field,
			Reason: "the file ends too early", Cause: err}
	}
	return &FormatError{Code: CodeRead, Offset: off, Field: field, Reason: "cannot be read", Cause: err}
}
