package unzip

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// The bounds of a directory. The largest known wheels have some 20,000 members and
// 3 MB of directory; package managers that unpack more than this do not finish.
const (
	MaxEntries   = 1 << 17
	MaxDirectory = 48 << 20 // bytes
)

// ErrTooLarge reports a directory beyond the bounds.
var ErrTooLarge = errors.New("the zip directory is too large")

// Directory is the central directory of a zip archive, as Python's zipfile module
// reads it.
type Directory struct {
	Entries []Entry
	End     End
	Start   int64 // where it begins in the file

	// Shift is the difference between where the directory is and where the archive
	// states it to be. Python adds it to every offset, as if bytes had been put
	// before the archive.
	Shift int64

	// TwoDirectories reports that the beginning of another directory is where the
	// archive states its own to be, before any shift.
	TwoDirectories bool

	// Rest is how many bytes the last entry states beyond the end of the directory.
	Rest int64
}

// Read reads the directory of the archive in the first size bytes of r, and
// nothing else. An error that is neither [ErrFormat] nor [ErrTooLarge] is one of r.
func Read(r io.ReaderAt, size int64) (*Directory, error) {
	end, err := readEnd(r, size)
	if err != nil {
		return nil, err
	}
	d := &Directory{End: end}
	if d.Start, err = end.start(); err != nil {
		return nil, err
	}
	d.Shift = d.Start - int64(end.Totals.Offset)
	if d.TwoDirectories, err = d.another(r); err != nil {
		return nil, err
	}
	if end.Size > MaxDirectory {
		return nil, fmt.Errorf("%w: %d bytes, more than %d", ErrTooLarge, end.Size, MaxDirectory)
	}
	var text strings.Builder
	text.Grow(int(end.Size))
	if n, err := io.Copy(&text, io.NewSectionReader(r, d.Start, int64(end.Size))); n < int64(end.Size) {
		return nil, short(err)
	}
	if err := d.parse(text.String()); err != nil {
		return nil, err
	}
	d.limit()
	return d, nil
}

// another reports whether a directory begins where this one is stated to be and is
// not. That of an archive that begins inside a file is behind the start of that.
func (d *Directory) another(r io.ReaderAt) (bool, error) {
	at := d.End.Totals.Offset
	if d.Shift == 0 || at > uint64(d.End.Offset) {
		return false, nil
	}
	var sig [4]byte
	n, err := r.ReadAt(sig[:], int64(at))
	if n < len(sig) && err != io.EOF {
		return false, err
	}
	return string(sig[:n]) == sigCentral, nil
}

// parse reads the entries. Their number is not what the end record states but what
// there is.
func (d *Directory) parse(text string) error {
	d.Entries = make([]Entry, 0, min(d.End.Entries, uint64(len(text)/centralSize), MaxEntries))
	for at := 0; at < len(text); {
		rest := text[at:]
		if len(rest) < centralSize || rest[:4] != sigCentral {
			return ErrDirectory
		}
		if len(d.Entries) == MaxEntries {
			return fmt.Errorf("%w: more than %d files", ErrTooLarge, MaxEntries)
		}
		d.Entries = append(d.Entries, Entry{})
		e := &d.Entries[len(d.Entries)-1]
		e.Offset = d.Start + int64(at)
		at += e.parse(rest)
		e.Place = d.place(e.StatedHeader)
		d.Rest = int64(at - len(text))
	}
	return nil
}

// place gives where a local header is: at the stated offset, moved as far as the
// directory was. Before the file it is -1, and math.MaxInt64 if no file is so long.
func (d *Directory) place(stated uint64) int64 {
	sum, over := bits.Add64(stated, uint64(d.Start), 0)
	at, under := bits.Sub64(sum, d.End.Totals.Offset, 0)
	switch {
	case over < under:
		return -1
	case over > under || at > math.MaxInt64:
		return math.MaxInt64
	}
	return int64(at)
}

// limit sets where each member must end: where the next one, or the directory,
// begins. Of several that begin at one place only the first has any room.
func (d *Directory) limit() {
	order := make([]int32, len(d.Entries))
	for i := range d.Entries {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Compare(d.Entries[b].Place, d.Entries[a].Place)
	})
	end := d.Start
	for _, i := range order {
		d.Entries[i].Limit = end
		end = d.Entries[i].Place
	}
}
