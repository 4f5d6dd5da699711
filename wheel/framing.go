package wheel

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// CheckFraming compares the local header of each member with the directory and looks
// for bytes that belong to nothing. It lists up to 1,000 problems, those of
// [Archive.Problems] not among them. The error is one of the reader or of ctx.
//
// It reads some 100 bytes a member, and the last 64 KiB.
func (a *Archive) CheckFraming(ctx context.Context) ([]*Error, error) {
	var p problems
	if err := a.otherEnds(&p); err != nil {
		return nil, err
	}
	order := make([]*unzip.Entry, len(a.dir.Entries))
	for i := range order {
		order[i] = &a.dir.Entries[i]
	}
	slices.SortStableFunc(order, func(x, y *unzip.Entry) int { return cmp.Compare(x.Place, y.Place) })
	at := int64(0) // where the next member should begin
	for _, e := range order {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if e.Place > at && e.Place <= a.size {
			if err := a.hidden(&p, at, e.Place); err != nil {
				return nil, err
			}
			at = e.Place
		}
		end, err := a.checkLocal(&p, e)
		if err != nil {
			return nil, err
		}
		at = max(at, end)
	}
	if at < a.dir.Start {
		if err := a.hidden(&p, at, a.dir.Start); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// hidden reports bytes that belong to no member. A local header at their beginning is
// one for readers that go through the archive from its start.
func (a *Archive) hidden(p *problems, from, to int64) error {
	var sig [4]byte
	if n, err := a.r.ReadAt(sig[:], from); n < len(sig) && err != io.EOF {
		return err
	}
	if string(sig[:]) == "PK\x03\x04" {
		p.add("", from, CodeHiddenMember, "%d bytes at offset %d are a member that the directory does not list", to-from, from)
		return nil
	}
	p.add("", from, CodeHiddenData, "%d bytes at offset %d belong to no member", to-from, from)
	return nil
}

// checkLocal compares the local header of a member with its entry and gives where the
// member ends.
func (a *Archive) checkLocal(p *problems, e *unzip.Entry) (end int64, err error) {
	add := func(code Code, format string, args ...any) { p.add(e.Name, e.Place, code, format, args...) }
	l, err := e.ReadLocal(a.r)
	switch {
	case errors.Is(err, unzip.ErrLocal):
		add(CodeLocalMissing, "%v", err)
		return 0, nil
	case err != nil:
		return 0, err
	}
	if l.RawName != e.RawName {
		add(CodeLocalName, "the local header names %q", clip(l.RawName))
	}
	streamed := l.Flags&unzip.FlagDescriptor != 0
	switch {
	case l.Method != e.Method:
		add(CodeLocalHeader, "method %d in the local header, %d in the directory", l.Method, e.Method)
	case l.Flags != e.Flags:
		add(CodeLocalHeader, "flags %#x in the local header, %#x in the directory", l.Flags, e.Flags)
	case streamed && l.CRC32 == 0 && l.Packed == 0 && l.Size == 0: // they follow
	case l.Size != e.Size || l.Packed != e.Packed:
		add(CodeLocalHeader, "%d bytes packed to %d in the local header, %d to %d in the directory", l.Size, l.Packed, e.Size, e.Packed)
	case l.CRC32 != e.CRC32:
		add(CodeLocalHeader, "CRC-32 %08x in the local header, %08x in the directory", l.CRC32, e.CRC32)
	}
	switch fault := extraFault(l.Faults); {
	case fault != "":
		add(CodeLocalExtra, "local header: %s", fault)
	case l.Faults&unzip.FaultOtherName != 0 && e.Faults&unzip.FaultOtherName == 0:
		add(CodeLocalExtra, "local header: a Unicode path field has another name")
	}
	if e.Packed > uint64(a.size) {
		return l.Data, nil
	}
	if end = l.Data + int64(e.Packed); end > e.Limit && !overlaps(e) {
		add(CodeOverlap, "reaches into another member or into the directory")
	}
	if streamed {
		add(CodeDescriptor, "the sizes and the checksum follow the data")
		var n int64
		if n, err = a.checkDescriptor(p, e, end); err != nil {
			return 0, err
		}
		end += n
	}
	return end, nil
}

// checkDescriptor compares the data descriptor at an offset and gives its length. Its
// signature is optional, and its sizes have four or eight bytes.
func (a *Archive) checkDescriptor(p *problems, e *unzip.Entry, at int64) (int64, error) {
	var buf [24]byte
	n, err := a.r.ReadAt(buf[:min(int64(len(buf)), max(a.dir.Start-at, 0))], at)
	if err != nil && err != io.EOF {
		return 0, err
	}
	le := binary.LittleEndian
	for _, signature := range []int{4, 0} {
		b := buf[signature:max(n, signature)]
		if signature > 0 && string(buf[:4]) != "PK\x07\x08" || len(b) < 12 || le.Uint32(b) != e.CRC32 {
			continue
		}
		if uint64(le.Uint32(b[4:])) == e.Packed && uint64(le.Uint32(b[8:])) == e.Size {
			return int64(signature + 12), nil
		}
		if len(b) >= 20 && le.Uint64(b[4:]) == e.Packed && le.Uint64(b[12:]) == e.Size {
			return int64(signature + 20), nil
		}
	}
	p.add(e.Name, at, CodeDescriptorValue, "the data descriptor is missing or differs from the directory")
	return 0, nil
}

// otherEnds finds end records that are not the one that was taken and have a comment
// that fits: a reader that goes by that takes the other.
func (a *Archive) otherEnds(p *problems) error {
	const longest = 22 + 1<<16
	tail := make([]byte, min(a.size, longest))
	if n, err := a.r.ReadAt(tail, a.size-int64(len(tail))); n < len(tail) {
		return cmp.Or(err, io.ErrUnexpectedEOF)
	}
	for i := 0; i+22 <= len(tail); i++ {
		next := bytes.Index(tail[i:], []byte("PK\x05\x06"))
		if i += next; next < 0 || i+22 > len(tail) {
			break
		}
		at := a.size - int64(len(tail)-i)
		if at == a.dir.End.Offset {
			continue
		}
		if i+22+int(binary.LittleEndian.Uint16(tail[i+20:])) == len(tail) {
			p.add("", at, CodeEndRecord, "another end record at offset %d has a comment up to the end of the file", at)
		}
	}
	return nil
}
