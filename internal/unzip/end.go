package unzip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// Signatures of records (APPNOTE.TXT 4.3).
const (
	sigLocal      = "PK\x03\x04"
	sigCentral    = "PK\x01\x02"
	sigDescriptor = "PK\x07\x08"
	sigEnd        = "PK\x05\x06"
	sigEnd64      = "PK\x06\x06"
	sigLocator    = "PK\x06\x07"
)

// Sizes of the fixed parts of records.
const (
	localSize   = 30
	centralSize = 46
	endSize     = 22
	end64Size   = 56
	locatorSize = 20
)

// ErrFormat reports input without the end record of a zip archive, or with a directory
// that cannot be followed from there.
var ErrFormat = errors.New("not a zip archive, or one that was cut short")

// ErrDirectory reports an archive with an end record whose directory cannot be followed or
// read. It is an [ErrFormat] too.
var ErrDirectory error = directoryError{}

type directoryError struct{}

func (directoryError) Error() string { return "the directory of the zip archive is malformed" }

func (directoryError) Is(target error) bool { return target == ErrFormat }

// Totals are what an end record states about the directory.
type Totals struct {
	Disk, StartDisk      uint32
	DiskEntries, Entries uint64
	Size, Offset         uint64 // of the directory, in bytes
}

// End is the end record of an archive.
type End struct {
	Totals        // as Python takes them: of the ZIP64 record if there is one
	Offset int64  // of the end record
	Plain  Totals // of the end record itself

	CommentSize int   // as stated
	Behind      int64 // bytes from the end record to the end of the file, less the record

	Zip64 *Zip64 // nil without a locator
}

// Zip64 is what the ZIP64 locator before an end record leads to.
type Zip64 struct {
	Locator int64 // its offset
	Stated  int64 // the offset of the ZIP64 end record that the locator states

	// Offset is where Python looks for that record: right before the locator.
	// Found reports whether it is there; RecordSize is the size it states.
	Offset     int64
	Found      bool
	RecordSize uint64
}

// maxComment is how far from the end of a file Python looks for the end record.
const maxComment = 1 << 16

// readEnd finds the end record that Python's zipfile module takes: the one that ends
// the file and has no comment, else the last signature in the last 65,558 bytes,
// whatever the comment's length says.
func readEnd(r io.ReaderAt, size int64) (End, error) {
	if size < endSize {
		return End{}, ErrFormat
	}
	tail := make([]byte, endSize)
	if err := readFull(r, tail, size-endSize); err != nil {
		return End{}, err
	}
	at := size - endSize
	if string(tail[:4]) != sigEnd || tail[20] != 0 || tail[21] != 0 {
		start := max(size-maxComment-endSize, 0)
		tail = make([]byte, size-start)
		if err := readFull(r, tail, start); err != nil {
			return End{}, err
		}
		i := bytes.LastIndex(tail, []byte(sigEnd))
		if i < 0 || len(tail)-i < endSize {
			return End{}, ErrFormat
		}
		at, tail = start+int64(i), tail[i:]
	}
	le := binary.LittleEndian
	e := End{Offset: at, CommentSize: int(le.Uint16(tail[20:])), Behind: size - at - endSize}
	e.Plain = Totals{
		Disk: uint32(le.Uint16(tail[4:])), StartDisk: uint32(le.Uint16(tail[6:])),
		DiskEntries: uint64(le.Uint16(tail[8:])), Entries: uint64(le.Uint16(tail[10:])),
		Size: uint64(le.Uint32(tail[12:])), Offset: uint64(le.Uint32(tail[16:])),
	}
	e.Totals = e.Plain
	return e, e.readZip64(r)
}

// readZip64 follows the locator before the end record, if there is one. Python up to
// 3.13 reads the 56 bytes before it, whatever offset it states, and uses them even if
// the end record does not ask for it.
func (e *End) readZip64(r io.ReaderAt) error {
	at := e.Offset - locatorSize
	if at < 0 {
		return nil
	}
	le := binary.LittleEndian
	var loc [locatorSize]byte
	if err := readFull(r, loc[:], at); err != nil || string(loc[:4]) != sigLocator {
		return err
	}
	if le.Uint32(loc[4:]) != 0 || le.Uint32(loc[16:]) > 1 { // several disks
		return ErrDirectory
	}
	z := &Zip64{Locator: at, Stated: int64(le.Uint64(loc[8:])), Offset: at - end64Size}
	e.Zip64 = z
	if z.Offset < 0 {
		return ErrDirectory // Python cannot seek there
	}
	var b [end64Size]byte
	if err := readFull(r, b[:], z.Offset); err != nil || string(b[:4]) != sigEnd64 {
		return err
	}
	z.Found, z.RecordSize = true, le.Uint64(b[4:])
	e.Totals = Totals{
		Disk: le.Uint32(b[16:]), StartDisk: le.Uint32(b[20:]),
		DiskEntries: le.Uint64(b[24:]), Entries: le.Uint64(b[32:]),
		Size: le.Uint64(b[40:]), Offset: le.Uint64(b[48:]),
	}
	return nil
}

// start is where the directory begins: it ends where the end records begin, whatever
// offset they state.
func (e *End) start() (int64, error) {
	end := e.Offset
	if e.Zip64 != nil && e.Zip64.Found {
		end = e.Zip64.Offset
	}
	if e.Size > uint64(end) {
		return 0, ErrDirectory
	}
	return end - int64(e.Size), nil
}

// readFull reads all of p. Too few bytes are io.ErrUnexpectedEOF.
func readFull(r io.ReaderAt, p []byte, off int64) error {
	if n, err := r.ReadAt(p, off); n < len(p) {
		return short(err)
	}
	return nil
}
