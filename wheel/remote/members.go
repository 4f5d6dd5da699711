package remote

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Member is a file of a zip archive and where it lies.
type Member struct {
	Name string // as stored; it may be hostile
	Span Span   // from its local header to what comes next; empty if it lies outside
}

const (
	entryMark = "PK\x01\x02"
	entryLen  = 46 // of an entry of the directory without name, extra field and comment
)

var (
	errNoDirectory = errors.New("no end record with a directory before it")
	errEntry       = errors.New("an entry of the directory is broken")
)

// Members reads the directory of a zip archive and gives the spans to hand to
// [File.Prefetch], in the order of the directory, in which archive/zip and
// package wheel have them too. The spans are hints made from what the directory
// claims; what a member really holds is for those packages to say. The error has
// [CodeArchive], or is one of reading.
func (f *File) Members() ([]Member, error) {
	d := f.directory
	if d.span.Len == 0 { // a long comment moves the end record out of the tail
		var err *Error
		if d, err = f.searchEnd(max(farthest, f.o.Tail)); err != nil {
			return nil, err
		}
	}
	switch {
	case d.span.Len == 0:
		return nil, f.fault(CodeArchive, Span{}, 0, errNoDirectory)
	case d.span.Len > maxDirectory:
		return nil, f.fault(CodeArchive, d.span, 0, errors.New("the directory is larger than 64 MiB"))
	}
	var members []Member
	r := bufio.NewReader(io.NewSectionReader(f, d.span.Off, d.span.Len))
	for {
		m, err := readEntry(r, d)
		var fault *Error
		if errors.As(err, &fault) {
			return nil, err
		}
		if err != nil {
			break
		}
		members = append(members, m)
	}
	// What follows the last entry may be a signature. The end record has 16 bits
	// of the count, whatever the archive.
	if uint16(len(members)) != uint16(d.records) {
		return nil, f.fault(CodeArchive, d.span, 0, fmt.Errorf("%d good entries in the directory, %d announced", len(members), d.records))
	}
	measure(members, d.span.Off)
	return members, nil
}

// readEntry reads one entry of the directory. The length of the span is left open.
func readEntry(r io.Reader, d directory) (Member, error) {
	var head [entryLen]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Member{}, err
	}
	if string(head[:4]) != entryMark {
		return Member{}, errEntry
	}
	le := binary.LittleEndian
	name, extra, comment := int(le.Uint16(head[28:])), int(le.Uint16(head[30:])), int(le.Uint16(head[32:]))
	rest := make([]byte, name+extra+comment)
	if _, err := io.ReadFull(r, rest); err != nil {
		return Member{}, err
	}
	offset := uint64(le.Uint32(head[42:]))
	if offset == not32 {
		skip := 0 // the extra field has only those numbers that do not fit
		for _, at := range []int{24, 20} {
			if le.Uint32(head[at:]) == not32 {
				skip += 8
			}
		}
		offset = wideOffset(rest[name:name+extra], skip, offset)
	}
	m := Member{Name: string(rest[:name])}
	if offset < uint64(d.span.Off-d.base) {
		m.Span.Off = int64(offset) + d.base
	} else {
		m.Span.Off = d.span.Off // outside: nothing comes before the directory
	}
	return m, nil
}

// wideOffset reads the offset from the zip64 extra field (APPNOTE 4.5.3).
func wideOffset(extra []byte, skip int, otherwise uint64) uint64 {
	le := binary.LittleEndian
	for len(extra) >= 4 {
		id, size := le.Uint16(extra), int(le.Uint16(extra[2:]))
		extra = extra[4:]
		if size > len(extra) {
			break
		}
		if id == 1 && size >= skip+8 {
			return le.Uint64(extra[skip:])
		}
		extra = extra[size:]
	}
	return otherwise
}

// measure ends each span where the next thing in the file begins.
func measure(members []Member, end int64) {
	starts := make([]int64, 0, len(members)+1)
	for _, m := range members {
		starts = append(starts, m.Span.Off)
	}
	starts = append(starts, end)
	slices.Sort(starts)
	starts = slices.Compact(starts)
	for i, m := range members {
		if next, _ := slices.BinarySearch(starts, m.Span.Off+1); next < len(starts) {
			members[i].Span.Len = starts[next] - m.Span.Off
		} else {
			members[i].Span = Span{}
		}
	}
}
