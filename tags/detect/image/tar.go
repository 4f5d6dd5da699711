package image

import (
	"archive/tar"
	"errors"
	"io"
	"math"
	"strings"
)

const (
	block      = 512
	maxSpecial = 1 << 20 // of one extended header; archive/tar has this bound

	typeOffset  = 156 // of the type flag in a header
	typeDumpDir = 'D' // GNU: a directory with a list of its content
	typeVolume  = 'V' // GNU: label of the whole archive
)

// entry is one file of a tar: what a header and the extended headers ahead of it
// say.
type entry struct {
	name   string
	link   string // target of a symbolic or hard link
	kind   byte   // type flag, never that of an extended header
	mode   uint16 // the twelve permission bits
	size   int64  // of the content, as the file would have on disk
	off    int64  // where the content starts, from the beginning of the tar
	sparse bool   // the content is stored without its holes
}

// tarReader lists the entries of a tar with archive/tar, the reader of the common
// container runtimes: what it refuses, they cannot unpack either. It adds the two
// facts that archive/tar does not give: where content starts, and whether the
// end of the archive is marked. A download that broke off between two entries
// lacks the mark.
type tarReader struct {
	in     *headers
	tar    *tar.Reader
	marked bool // set at the end
}

func newTarReader(in reader) *tarReader {
	h := &headers{in: in}
	return &tarReader{in: h, tar: tar.NewReader(h)}
}

// headers is what archive/tar reads from. archive/tar reads headers a block at a
// time and skips content with Seek, so that the only whole blocks it reads are
// headers. An archive ends with two blocks of zeros, of which the second may be
// missing.
type headers struct {
	in    reader
	zeros bool // the last block was one of zeros
	long  bool // the last block began a long name or PAX records, which come next
}

func (h *headers) Read(p []byte) (int, error) {
	if len(p) != block {
		h.zeros = false
		return h.in.Read(p)
	}
	n, err := io.ReadFull(h.in, p)
	switch {
	case n == block:
		h.zeros = isZero(p) && !h.long
		h.long = strings.IndexByte("LKxg", p[typeOffset]) >= 0
	case err == io.ErrUnexpectedEOF:
		err = io.EOF // archive/tar asks for the rest of the block
	}
	return n, err
}

func (h *headers) Seek(n int64, whence int) (int64, error) { return h.in.Seek(n, whence) }

// next moves to the next entry. At the end it returns io.EOF.
func (t *tarReader) next() (*entry, error) {
	for {
		h, err := t.tar.Next()
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) { // names are cleaned later
			return nil, t.fault(err)
		}
		t.in.zeros = false // of the map of a sparse file
		off := t.in.in.pos()
		if h.Size > math.MaxInt64-block-off {
			return nil, fault(CodeDamaged, "has a tar header before offset %d with an impossible size; the file is damaged", off)
		}
		if h.Typeflag == tar.TypeXGlobalHeader || h.Typeflag == typeVolume {
			continue // comments of git and others; a label
		}
		return newEntry(h, off), nil
	}
}

// fault is what an error of archive/tar means here.
func (t *tarReader) fault(err error) error {
	switch {
	case t.in.zeros && (err == io.EOF || err == io.ErrUnexpectedEOF):
		t.marked = true
		return io.EOF
	case errors.Is(err, tar.ErrHeader):
		return fault(CodeDamaged, "has a damaged tar header before offset %d", t.in.in.pos())
	case errors.Is(err, tar.ErrFieldTooLong):
		return fault(CodeLimit, "has an extended tar header before offset %d that is too large; at most %d bytes are read", t.in.in.pos(), maxSpecial)
	}
	return err
}

func newEntry(h *tar.Header, off int64) *entry {
	e := &entry{name: h.Name, link: h.Linkname, kind: h.Typeflag, mode: uint16(h.Mode & 0o7777), size: h.Size, off: off}
	switch e.kind {
	case tar.TypeLink, tar.TypeSymlink, tar.TypeChar, tar.TypeBlock, tar.TypeDir, tar.TypeFifo:
		e.size = 0 // by agreement, whatever the header says
	case tar.TypeCont:
		e.kind = tar.TypeReg
	case tar.TypeGNUSparse:
		e.kind, e.sparse = tar.TypeReg, true
	case tar.TypeReg:
		for key := range h.PAXRecords {
			e.sparse = e.sparse || strings.HasPrefix(key, "GNU.sparse.") // any version of that format
		}
	}
	return e
}

// read fills p with content of the current entry.
func (t *tarReader) read(p []byte) error {
	_, err := io.ReadFull(t.tar, p)
	t.in.zeros = false
	return unexpected(err)
}

// unexpected turns the end of the data into an error where it is not that of the
// tar.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
