package unzip

import (
	"encoding/binary"
	"errors"
	"io"
)

// Local is the header before the data of a member.
type Local struct {
	Header
	Data int64 // the offset of the data in the file
}

// maxPlace is where no file has anything: systems refuse to read near the largest
// offset, which is no fault of theirs.
const maxPlace = 1 << 62

// What makes a member unreadable.
var (
	ErrLocal   = errors.New("there is no local header where the archive's directory says")
	ErrOverlap = errors.New("overlaps another member of the archive or its directory")
)

// ReadLocal reads the local header of a member. Its error is [ErrLocal] or one of r. Whether it agrees with the entry is for the caller to compare.
func (e *Entry) ReadLocal(r io.ReaderAt) (Local, error) {
	var l Local
	if e.Place < 0 || e.Place > maxPlace {
		return l, ErrLocal
	}
	// Names are the same in both headers, and extra fields about as long.
	buf := make([]byte, localSize+len(e.RawName)+len(e.Extra)+32)
	n, err := r.ReadAt(buf, e.Place)
	if n < localSize || string(buf[:4]) != sigLocal {
		if err != nil && err != io.EOF {
			return l, err
		}
		return l, ErrLocal
	}
	fixed := string(buf[:localSize])
	name, extra := int(u16(fixed, 26)), int(u16(fixed, 28))
	if rest := localSize + name + extra - n; rest > 0 && err == nil {
		buf = append(buf[:n], make([]byte, rest)...)
		var more int
		more, err = r.ReadAt(buf[n:], e.Place+int64(n))
		n += more
	}
	if err != nil && err != io.EOF {
		return l, err
	}
	l.Version, l.Flags, l.Method = u16(fixed, 4), u16(fixed, 6), u16(fixed, 8)
	l.Time, l.Date = u16(fixed, 10), u16(fixed, 12)
	l.CRC32, l.Packed, l.Size = u32(fixed, 14), uint64(u32(fixed, 18)), uint64(u32(fixed, 22))
	text := string(buf[localSize:max(n, localSize)])
	l.RawName, text = cut(text, name)
	l.Extra, _ = cut(text, extra)
	if other := l.fields(nil); other != "" && other != decodeName(l.RawName, l.Flags) {
		l.Faults |= FaultOtherName
	}
	l.Data = e.Place + localSize + int64(name) + int64(extra)
	return l, nil
}

// data finds the data of a member by the two lengths in its local header.
func (e *Entry) data(r io.ReaderAt) (int64, error) {
	if e.Place < 0 || e.Place > maxPlace {
		return 0, ErrLocal
	}
	var b [localSize]byte
	n, err := r.ReadAt(b[:], e.Place)
	switch {
	case n == localSize && string(b[:4]) == sigLocal:
		name, extra := binary.LittleEndian.Uint16(b[26:]), binary.LittleEndian.Uint16(b[28:])
		return e.Place + localSize + int64(name) + int64(extra), nil
	case n < localSize && err != io.EOF:
		return 0, err
	}
	return 0, ErrLocal
}

// Source locates the packed bytes of a member. The error is [ErrLocal], [ErrOverlap]
// or one of r: no byte of an archive is read for two members.
func (e *Entry) Source(r io.ReaderAt) (Source, error) {
	off, err := e.data(r)
	if err == nil && (e.Packed > uint64(max(e.Limit, 0)) || off+int64(e.Packed) > e.Limit) {
		err = ErrOverlap
	}
	if err != nil {
		return Source{}, err
	}
	return Source{
		Name: e.Name, R: r, Offset: off, Packed: int64(e.Packed), Size: int64(e.Size),
		CRC32: e.CRC32, Method: e.Method, Flags: e.Flags,
	}, nil
}
