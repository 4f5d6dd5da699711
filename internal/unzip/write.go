package unzip

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"time"
)

// Writer writes the records of a zip archive: local headers that state every size, so
// that no data descriptors follow, and ZIP64 fields only where they are needed. PyPI
// accepts no other archives.
type Writer struct {
	w       io.Writer
	at      uint64
	central []byte
	entries uint64
}

// NewWriter makes a Writer.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// A zip archive made on Unix by a tool that knows version 2.0 or 4.5 of the format.
const (
	madeByUnix   = 3 << 8
	version20    = 20
	version45    = 45
	max16, max32 = math.MaxUint16, math.MaxUint32
)

var errPackedSize = errors.New("other packed bytes than stated")

// Add writes a member: the h that it is given without extra fields, with Packed bytes
// of r. External are its attributes; the upper half is the mode of Unix.
func (w *Writer) Add(h Header, external uint32, r io.Reader) error {
	le := binary.LittleEndian
	long := h.Size >= max32 || h.Packed >= max32
	version := uint16(version20)
	var extra []byte
	if long {
		version = version45
		extra = le.AppendUint16(extra, extraZip64)
		extra = le.AppendUint16(extra, 16)
		extra = le.AppendUint64(le.AppendUint64(extra, h.Size), h.Packed)
	}
	header := w.at
	local := append([]byte(sigLocal), 0, 0)
	le.PutUint16(local[4:], version)
	local = h.shared(local, long)
	local = le.AppendUint16(local, uint16(len(h.RawName)))
	local = le.AppendUint16(local, uint16(len(extra)))
	local = append(append(local, h.RawName...), extra...)
	if err := w.write(local); err != nil {
		return err
	}
	n, err := io.Copy(w.w, io.LimitReader(r, int64(h.Packed)))
	if w.at += uint64(n); err == nil && uint64(n) != h.Packed {
		err = errPackedSize
	}
	w.entries++
	w.addCentral(&h, external, header, long)
	return err
}

// addCentral keeps the entry for the directory.
func (w *Writer) addCentral(h *Header, external uint32, header uint64, long bool) {
	le := binary.LittleEndian
	var extra []byte
	if long {
		extra = le.AppendUint64(le.AppendUint64(extra, h.Size), h.Packed)
	}
	if header >= max32 {
		extra = le.AppendUint64(extra, header)
	}
	version := uint16(version20)
	if len(extra) > 0 {
		version = version45
		extra = append(le.AppendUint16(le.AppendUint16(nil, extraZip64), uint16(len(extra))), extra...)
	}
	b := append(w.central, sigCentral...)
	b = le.AppendUint16(b, madeByUnix|version)
	b = le.AppendUint16(b, version)
	b = h.shared(b, long)
	b = le.AppendUint16(b, uint16(len(h.RawName)))
	b = le.AppendUint16(b, uint16(len(extra)))
	b = append(b, 0, 0, 0, 0, 0, 0) // no comment, the first disk, no internal attributes
	b = le.AppendUint32(b, external)
	b = le.AppendUint32(b, uint32(min(header, max32)))
	w.central = append(append(b, h.RawName...), extra...)
}

// shared appends the fields that both headers have, from the flags to the sizes.
func (h *Header) shared(b []byte, long bool) []byte {
	le := binary.LittleEndian
	for _, v := range []uint16{h.Flags, h.Method, h.Time, h.Date} {
		b = le.AppendUint16(b, v)
	}
	b = le.AppendUint32(b, h.CRC32)
	if long {
		return le.AppendUint32(le.AppendUint32(b, max32), max32)
	}
	return le.AppendUint32(le.AppendUint32(b, uint32(h.Packed)), uint32(h.Size))
}

// Close writes the directory and the end records.
func (w *Writer) Close() error {
	le := binary.LittleEndian
	start, size := w.at, uint64(len(w.central))
	if err := w.write(w.central); err != nil {
		return err
	}
	var b []byte
	if w.entries >= max16 || size >= max32 || start >= max32 {
		b = le.AppendUint64(append(b, sigEnd64...), end64Size-12)
		b = le.AppendUint16(b, madeByUnix|version45)
		b = le.AppendUint16(b, version45)
		b = le.AppendUint64(b, 0) // the first disk, twice
		for _, v := range []uint64{w.entries, w.entries, size, start} {
			b = le.AppendUint64(b, v)
		}
		b = le.AppendUint32(append(b, sigLocator...), 0)
		b = le.AppendUint64(b, w.at)
		b = le.AppendUint32(b, 1)
	}
	b = le.AppendUint32(append(b, sigEnd...), 0)
	n := uint16(min(w.entries, max16))
	b = le.AppendUint16(le.AppendUint16(b, n), n)
	b = le.AppendUint32(b, uint32(min(size, max32)))
	b = le.AppendUint32(b, uint32(min(start, max32)))
	return w.write(le.AppendUint16(b, 0))
}

func (w *Writer) write(b []byte) error {
	n, err := w.w.Write(b)
	w.at += uint64(n)
	return err
}

// Stamp gives the fields Date and Time of a header for a time, in UTC: an even number
// of seconds from 1980 on, up to 2107.
func Stamp(t time.Time) (date, clock uint16) {
	t = t.UTC()
	switch {
	case t.Year() < 1980:
		t = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	case t.Year() > 2107:
		t = time.Date(2107, 12, 31, 23, 59, 58, 0, time.UTC)
	}
	return uint16((t.Year()-1980)<<9 | int(t.Month())<<5 | t.Day()), uint16(t.Hour()<<11 | t.Minute()<<5 | t.Second()/2)
}
