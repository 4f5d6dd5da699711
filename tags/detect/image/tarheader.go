package image

import (
	"bytes"
	"math"
)

// A tar header is a block of text fields, by their offsets
//
//	0 name      100 mode     108 owner    124 size     136 date
//	148 sum     156 type     157 target   257 magic    265 names of owners
//	345 prefix of the name; GNU has two dates and the map of a sparse file there
//
// Numbers are octal digits, or binary where they would not fit.

// fill reads the entry from the header block and what extended headers said.
func (s *scanner) fill() error {
	h, e, ext := &s.raw, &s.entry, &s.ext
	format := formatOf(h)
	s.name = s.name[:0]
	// The fields are full when they have no zero byte, so a name may not end.
	if prefix := prefixOf(h, format); len(prefix) > 0 {
		s.name = append(append(s.name, prefix...), '/')
	}
	s.name = append(s.name, cstring(h[0:100])...)
	s.link = append(s.link[:0], cstring(h[157:257])...)
	mode, ok := numeric(h[100:108])
	size, err := s.size()
	if err != nil {
		return err
	}
	if !ok {
		return s.damaged("mode")
	}
	// What headers ahead of this one say goes before.
	*e = entry{kind: h[156], mode: uint16(mode & 0o7777), size: size}
	if ext.hasSize {
		e.size = ext.size
	}
	e.name, e.link = ext.names(s.name, s.link)
	e.data = e.size
	switch {
	// The first tar had no type for directories.
	case e.kind == flagOld && bytes.HasSuffix(e.name, slash):
		e.kind = flagDir
	case e.kind == flagOld, e.kind == flagContig:
		e.kind = flagRegular
	}
	switch e.kind {
	case flagHard, flagSymlink, flagChar, flagBlock, flagDir, flagFifo:
		e.data, e.size = 0, 0 // by agreement, whatever the header says
	case flagSparse:
		// STAR has the same letter for another layout, and is not seen any more.
		if format != formatGNU {
			return s.damaged("type")
		}
		if e.size, ok = numeric(h[483:495]); !ok || e.size < 0 {
			return s.damaged("real size")
		}
		e.sparse = true
		if err := s.skipSparseMap(); err != nil {
			return err
		}
		e.kind = flagRegular
	}
	if ext.sparse && e.kind == flagRegular {
		e.sparse = true
		if ext.hasRealSize {
			e.size = ext.realSize
		}
		if len(ext.sparseName) > 0 {
			e.name = ext.sparseName // the other is made up for old programs
		}
	}
	// Not before here, for a map may lie between header and content.
	e.off = s.next512
	if e.data > math.MaxInt64-block-e.off {
		return s.damaged("size")
	}
	s.left = e.data
	s.next512 += pad(e.data)
	return nil
}

// size is that of the header block: of content, or of an extended header.
func (s *scanner) size() (int64, error) {
	n, ok := numeric(s.raw[124:136])
	if !ok || n < 0 || n > math.MaxInt64-block-s.next512 {
		return 0, s.damaged("size")
	}
	return n, nil
}

// damaged words the error for a field of the current header.
func (s *scanner) damaged(field string) error {
	return fault(CodeDamaged, "has a tar header at offset %d whose %s is no number that can be; the file is damaged", s.next512-block, field)
}

// skipSparseMap passes the blocks that continue the map of an old GNU sparse
// file. No size counts them; the last says so.
func (s *scanner) skipSparseMap() error {
	more := s.raw[482] != 0
	for more {
		if err := s.in.read(s.raw[:]); err != nil {
			return unexpected(err)
		}
		s.next512 = s.in.pos()
		more = s.raw[504] != 0
	}
	return nil
}

// The formats differ in what the last 155 bytes of a header are.
type tarFormat int

const (
	formatV7 tarFormat = iota
	formatUSTAR
	formatSTAR
	formatGNU
)

// formatOf tells the format from the magic words, as the standard library does.
func formatOf(h *[block]byte) tarFormat {
	switch magic := string(h[257:263]); {
	case magic == "ustar\x00" && string(h[508:512]) == "tar\x00":
		return formatSTAR
	case magic == "ustar\x00":
		return formatUSTAR
	case magic == "ustar " && string(h[263:265]) == " \x00":
		return formatGNU
	}
	return formatV7
}

// prefixOf is the part of a long name that goes before the name, if any.
func prefixOf(h *[block]byte, format tarFormat) []byte {
	switch format {
	case formatUSTAR:
		return cstring(h[345:500])
	case formatSTAR:
		return cstring(h[345:476])
	case formatGNU:
		// Here GNU keeps two times. Programs made with Go before 1.8, Docker's
		// among them, put a prefix there nevertheless.
		prefix := cstring(h[345:500])
		_, access := numeric(h[345:357])
		_, change := numeric(h[357:369])
		if h[345] != 0 && !access || h[357] != 0 && !change {
			if isASCII(prefix) {
				return prefix
			}
		}
	}
	return nil
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// checksumFits compares the sum of the header's bytes. Some old programs
// summed signed bytes.
func checksumFits(h *[block]byte) bool {
	want, ok := octal(h[148:156])
	if !ok {
		return false
	}
	var plain, signed int64
	for i, c := range h {
		if i >= 148 && i < 156 {
			c = ' ' // the sum itself is counted as blanks
		}
		plain += int64(c)
		signed += int64(int8(c))
	}
	return want == plain || want == signed
}

// numeric reads a number field: octal digits, or big-endian two's complement
// when the first bit is set, the second being its sign.
func numeric(b []byte) (int64, bool) {
	if b[0]&0x80 == 0 {
		return octal(b)
	}
	var flip byte
	if b[0]&0x40 != 0 {
		flip = 0xff
	}
	var x uint64
	for i, c := range b {
		c ^= flip
		if i == 0 {
			c &= 0x7f
		}
		if x>>55 != 0 {
			return 0, false
		}
		x = x<<8 | uint64(c)
	}
	if flip != 0 {
		return ^int64(x), true
	}
	return int64(x), true
}

// octal reads digits between blanks and zero bytes. No digits are a zero:
// programs leave out what does not apply.
func octal(b []byte) (int64, bool) {
	b = cstring(bytes.Trim(b, " \x00"))
	if len(b) == 0 {
		return 0, true
	}
	var x int64
	for _, c := range b {
		if c < '0' || c > '7' || x > math.MaxInt64>>3 {
			return 0, false
		}
		x = x<<3 | int64(c-'0')
	}
	return x, true
}

// decimal reads a number of an extended header, which may not be negative.
func decimal(b []byte) (int64, bool) {
	var x int64
	for _, c := range b {
		if c < '0' || c > '9' || x > (math.MaxInt64-9)/10 {
			return 0, false
		}
		x = 10*x + int64(c-'0')
	}
	return x, len(b) > 0
}
