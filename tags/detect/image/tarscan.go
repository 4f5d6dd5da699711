package image

import (
	"bytes"
	"io"
)

// entry is one file of a tar. Its slices are good until the next call of next.
type entry struct {
	name   []byte
	link   []byte // target of a symbolic or hard link
	kind   byte   // one of the type flags below, never a header for another header
	mode   uint16 // the twelve permission bits
	size   int64  // of the content, as the file would have on disk
	off    int64  // where the content starts, from the beginning of the tar
	data   int64  // bytes of content in the tar; differs from size in sparse files
	sparse bool
}

// Type flags of the formats that share the name tar.
const (
	flagRegular  = '0'
	flagOld      = 0 // regular, or a directory when the name ends in a slash
	flagHard     = '1'
	flagSymlink  = '2'
	flagChar     = '3'
	flagBlock    = '4'
	flagDir      = '5'
	flagFifo     = '6'
	flagContig   = '7' // regular
	flagPAX      = 'x'
	flagGlobal   = 'g'
	flagLongName = 'L'
	flagLongLink = 'K'
	flagSparse   = 'S'
	flagDumpDir  = 'D' // directory with a list of its content
	flagVolume   = 'V' // label of the whole
)

// The units and bounds of the format.
const (
	block      = 512
	maxSpecial = 1 << 20 // of one extended header
)

// scanner reads the headers of a tar and passes over the content.
//
// The standard library's reader would do, but for three things that decide
// here: it does not tell where content lies, it leaves half a kilobyte of
// garbage for each of a hundred thousand entries, and it cannot tell the end
// of an archive from the place where a download broke off.
type scanner struct {
	in      input
	next512 int64 // where the next header is
	left    int64 // content of the current entry that read has not taken
	entry   entry
	name    []byte // storage of entry.name
	link    []byte
	special []byte // storage of extended headers
	ext     extended
	marked  bool // the end of the archive is marked as the format asks
	raw     [block]byte
}

func newScanner(in input) *scanner { return &scanner{in: in} }

// next moves to the next entry. At the end it returns io.EOF.
func (s *scanner) next() (*entry, error) {
	s.ext.reset()
	for {
		if err := s.header(); err != nil {
			return nil, err
		}
		kind := s.raw[156]
		switch kind {
		case flagPAX, flagGlobal, flagLongName, flagLongLink:
			data, err := s.readSpecial()
			if err != nil {
				return nil, err
			}
			switch kind {
			case flagPAX:
				s.ext.forget()
				if err := s.ext.parse(data); err != nil {
					return nil, err
				}
			case flagGlobal: // comments of git and others; says nothing about one file
				s.ext.reset()
			case flagLongName:
				s.ext.longName = append(s.ext.longName[:0], cstring(data)...)
			case flagLongLink:
				s.ext.longLink = append(s.ext.longLink[:0], cstring(data)...)
			}
			continue
		case flagVolume: // tar --label
			size, err := s.size()
			if err != nil {
				return nil, err
			}
			s.next512 += pad(size)
			continue
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
		return &s.entry, nil
	}
}

// header reads the header block at next512.
func (s *scanner) header() error {
	s.left = 0
	if n := s.next512 - s.in.pos(); n > 0 {
		if err := s.in.skip(n); err != nil {
			return err
		}
	}
	// Padding of the last entry was skipped, so that must be there too.
	if err := s.in.read(s.raw[:]); err != nil {
		return err // io.EOF: an end without a mark
	}
	s.next512 = s.in.pos()
	if isZero(s.raw[:]) {
		s.marked = true
		switch err := s.in.read(s.raw[:]); {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return io.EOF // one block of zeros instead of two is common
		case err != nil:
			return err
		case !isZero(s.raw[:]):
			return fault(CodeDamaged, "has an empty tar header among others, at offset %d; the file is damaged", s.next512-block)
		}
		return io.EOF
	}
	if !checksumFits(&s.raw) {
		return fault(CodeDamaged, "has no tar header at offset %d, where one should be; the file is damaged or no tar", s.next512-block)
	}
	return nil
}

// read fills p with content of the current entry.
func (s *scanner) read(p []byte) error {
	if int64(len(p)) > s.left {
		return io.ErrUnexpectedEOF
	}
	err := s.in.read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	s.left -= int64(len(p))
	return err
}

// readSpecial reads the content of an extended header.
func (s *scanner) readSpecial() ([]byte, error) {
	size, err := s.size()
	if err != nil {
		return nil, err
	}
	if size > maxSpecial {
		return nil, fault(CodeLimit, "has an extended tar header of %d bytes at offset %d; at most %d are read", size, s.next512-block, maxSpecial)
	}
	s.special = s.special[:0]
	for size > 0 { // in steps, so that the file has to hold what it claims
		n := min(size, 16<<10)
		s.special = append(s.special, make([]byte, n)...)
		if err := s.in.read(s.special[len(s.special)-int(n):]); err != nil {
			return nil, unexpected(err)
		}
		size -= n
	}
	s.next512 += pad(int64(len(s.special)))
	return s.special, nil
}

// unexpected is for places where the end of the data is none of the tar.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// pad is the room that n bytes of content take.
func pad(n int64) int64 { return n + (-n & (block - 1)) }

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// cstring ends a field at its first zero byte.
func cstring(b []byte) []byte {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return b[:i]
	}
	return b
}
