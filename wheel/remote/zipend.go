package remote

import (
	"bytes"
	"encoding/binary"
)

// directory is where the directory of a zip archive lies, as the record at the end
// of the archive says (APPNOTE 4.3.14 to 4.3.16). All of it is a claim.
type directory struct {
	span    Span
	base    int64 // what is to be added to the offsets of members
	records uint64
}

const (
	endLen       = 22 // of the end record without its comment
	locatorLen   = 20 // of the locator of the zip64 end record
	end64Len     = 56
	endMark      = "PK\x05\x06"
	locatorMark  = "PK\x06\x07"
	end64Mark    = "PK\x06\x06"
	not32, not16 = 1<<32 - 1, 1<<16 - 1                   // the true number is in the zip64 record
	farthest     = not16 + endLen + locatorLen + end64Len // from the end, for the zip64 end record
)

// findDirectory looks for the end record in the last bytes of a file of the given
// size. What is no zip archive, or lies out of reach, is not found.
func findDirectory(tail []byte, size int64) (d directory, ok bool) {
	start := size - int64(len(tail)) // of the tail in the file
	at := findEnd(tail)
	if at < 0 {
		return directory{}, false
	}
	le := binary.LittleEndian
	d.records = uint64(le.Uint16(tail[at+10:]))
	length := uint64(le.Uint32(tail[at+12:]))
	offset := uint64(le.Uint32(tail[at+16:]))
	behind := start + int64(at) // where the directory ends
	if d.records == not16 || length == not32 || offset == not32 {
		if at64, there := findEnd64(tail[:at], start); there {
			rec := tail[at64:]
			d.records, length, offset = le.Uint64(rec[32:]), le.Uint64(rec[40:]), le.Uint64(rec[48:])
			behind = start + int64(at64)
		}
	}
	if length == 0 || length > uint64(behind) || offset > uint64(behind)-length {
		return directory{}, false
	}
	d.span = Span{behind - int64(length), int64(length)}
	d.base = d.span.Off - int64(offset)
	return d, true
}

// findEnd gives the place of the last end record whose comment fits, or -1.
func findEnd(tail []byte) int {
	for limit := len(tail); ; {
		at := bytes.LastIndex(tail[:limit], []byte(endMark))
		if at < 0 {
			return -1
		}
		if at+endLen <= len(tail) {
			comment := int(binary.LittleEndian.Uint16(tail[at+20:]))
			if at+endLen+comment <= len(tail) {
				return at
			}
		}
		limit = at + len(endMark) - 1
	}
}

// findEnd64 gives the place of the zip64 end record, whose locator ends where the
// end record begins.
func findEnd64(before []byte, start int64) (int, bool) {
	at := len(before) - locatorLen
	if at < 0 || string(before[at:at+4]) != locatorMark {
		return 0, false
	}
	offset := binary.LittleEndian.Uint64(before[at+8:])
	if offset < uint64(start) || offset-uint64(start) > uint64(at) {
		return 0, false
	}
	at64 := int(offset - uint64(start))
	if at64+end64Len > at || string(before[at64:at64+4]) != end64Mark {
		return 0, false
	}
	return at64, true
}

// fetchDirectory gets the part of the zip directory that the tail has not, in one
// request. A file without a directory is none of this package's business.
func (f *File) fetchDirectory() *Error {
	d, err := f.searchEnd(f.o.Tail)
	if err != nil {
		return err
	}
	f.directory = d
	if d.span.Len == 0 || d.span.Len > min(maxDirectory, f.o.CacheSize/2) {
		return nil
	}
	return f.bring(d.span)
}

// searchEnd looks for the end record in the last bytes, as many as reach says. The
// directory has no length if there is none.
func (f *File) searchEnd(reach int64) (directory, *Error) {
	tail := make([]byte, min(f.size, reach))
	if len(tail) == 0 {
		return directory{}, nil
	}
	if _, err := f.ReadAt(tail, f.size-int64(len(tail))); err != nil {
		return directory{}, err.(*Error) // no end of file: the bytes are within it
	}
	d, _ := findDirectory(tail, f.size)
	return d, nil
}
