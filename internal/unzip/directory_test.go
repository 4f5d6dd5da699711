package unzip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

// TestLimits: more entries than the limit, or a longer directory, are refused before
// they take memory.
func TestLimits(t *testing.T) {
	entry := append([]byte(sigCentral), make([]byte, centralSize-4)...)
	for count, want := range map[int]error{MaxEntries: nil, MaxEntries + 1: ErrTooLarge} {
		data := bytes.Repeat(entry, count)
		end := append([]byte(sigEnd), make([]byte, endSize-4)...)
		binary.LittleEndian.PutUint32(end[12:], uint32(len(data)))
		data = append(data, end...)
		d, err := Read(bytes.NewReader(data), int64(len(data)))
		if !errors.Is(err, want) || want == nil && len(d.Entries) != count {
			t.Errorf("%d entries: %v", count, err)
		}
	}
	for size, want := range map[int64]error{MaxDirectory: ErrFormat, MaxDirectory + 1: ErrTooLarge} {
		end := append([]byte(sigEnd), make([]byte, endSize-4)...)
		binary.LittleEndian.PutUint32(end[12:], uint32(size))
		r := &sparse{size: size, end: end}
		if _, err := Read(r, size+endSize); !errors.Is(err, want) {
			t.Errorf("a directory of %d bytes: %v", size, err)
		}
		if want == ErrTooLarge && r.read > 1<<17 {
			t.Errorf("%d bytes were read", r.read)
		}
	}
}

// sparse is a file of zeros with some bytes at its end.
type sparse struct {
	size int64
	end  []byte
	read int
}

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	s.read += len(p)
	if off+int64(len(p)) > s.size {
		copy(p[max(s.size-off, 0):], s.end[max(off-s.size, 0):])
	}
	return len(p), nil
}

// TestPlace: offsets are moved as Python moves them, in numbers of any size.
func TestPlace(t *testing.T) {
	for _, c := range []struct {
		stated, start, offset uint64
		want                  int64
	}{
		{0, 0, 0, 0},
		{10, 100, 100, 10},
		{10, 100, 90, 20},
		{10, 90, 100, 0},
		{10, 90, 101, -1},
		{0, 0, math.MaxUint64, -1},
		{math.MaxUint64, 10, math.MaxUint64, 10},
		{math.MaxUint64, 10, math.MaxUint64 - 5, 15},
		{math.MaxUint64, 10, 0, math.MaxInt64},
		{math.MaxInt64, 1, 1, math.MaxInt64},
		{math.MaxInt64, 2, 1, math.MaxInt64},
		{math.MaxInt64, 0, 1, math.MaxInt64 - 1},
	} {
		d := Directory{Start: int64(c.start), End: End{Totals: Totals{Offset: c.offset}}}
		if got := d.place(c.stated); got != c.want {
			t.Errorf("%d, at %d in place of %d: %d, want %d", c.stated, c.start, c.offset, got, c.want)
		}
	}
}

// TestReadErrors: an error of the reader is not one of the archive.
func TestReadErrors(t *testing.T) {
	data := write(t, 2)
	fault := errors.New("input/output error")
	for n := 1; ; n++ {
		r := &failing{bytes.NewReader(data), n, fault}
		_, err := Read(r, int64(len(data)))
		if r.n > 0 {
			if err != nil || n < 3 {
				t.Errorf("%d reads: %v", n, err)
			}
			break
		}
		if !errors.Is(err, fault) {
			t.Errorf("read %d: %v", n, err)
		}
	}
	d, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	e := &d.Entries[0]
	if _, err := e.ReadLocal(&failing{bytes.NewReader(data), 1, fault}); !errors.Is(err, fault) {
		t.Errorf("local header: %v", err)
	}
	if _, err := e.Source(&failing{bytes.NewReader(data), 1, fault}); !errors.Is(err, fault) {
		t.Errorf("data: %v", err)
	}
	s, err := e.Source(&failing{bytes.NewReader(data), 2, fault})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ReadAll(10); !errors.Is(err, fault) {
		t.Errorf("content: %v", err)
	}
	if _, err := Read(bytes.NewReader(data), int64(len(data)+1)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file shorter than its size: %v", err)
	}
}

// failing fails at the nth read.
type failing struct {
	*bytes.Reader
	n   int
	err error
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if f.n--; f.n == 0 {
		return 0, f.err
	}
	return f.Reader.ReadAt(p, off)
}

// TestLongLocal: a local header may be longer than the entry, and end before it should.
func TestLongLocal(t *testing.T) {
	field := func(id byte, n int) string {
		return string([]byte{id, 0xff, byte(n), byte(n >> 8)}) + strings.Repeat("x", n)
	}
	for _, extra := range []string{"", field(1, 10), field(2, 28), field(3, 29), field(4, 1000), field(5, 65_000) + field(6, 500)} {
		fixed := append([]byte(sigLocal), make([]byte, localSize-4)...)
		binary.LittleEndian.PutUint16(fixed[26:], 4)
		binary.LittleEndian.PutUint16(fixed[28:], uint16(len(extra)))
		data := string(fixed) + "name" + extra
		e := Entry{Header: Header{RawName: "name"}, Limit: math.MaxInt64}
		l, err := e.ReadLocal(strings.NewReader(data + "content"))
		if err != nil || l.RawName != "name" || l.Extra != extra || l.Faults != 0 || l.Data != int64(len(data)) {
			t.Errorf("%d bytes of extra fields: %q, %d, %v", len(extra), l.RawName, len(l.Extra), err)
		}
		s, err := e.Source(strings.NewReader(data + "content"))
		if err != nil || s.Offset != int64(len(data)) {
			t.Errorf("%d bytes of extra fields: data at %d, %v", len(extra), s.Offset, err)
		}
		if l, err = e.ReadLocal(strings.NewReader(data[:len(data)-2])); err != nil || l.Data != int64(len(data)) {
			t.Errorf("a header that is cut short: %v", err)
		}
	}
	for _, data := range []string{"", sigLocal, sigLocal + strings.Repeat("\x00", localSize-5), strings.Repeat("\x00", 100)} {
		e := Entry{Limit: math.MaxInt64}
		if _, err := e.ReadLocal(strings.NewReader(data)); err != ErrLocal {
			t.Errorf("%d bytes: %v", len(data), err)
		}
		if _, err := e.Source(strings.NewReader(data)); err != ErrLocal {
			t.Errorf("%d bytes: %v", len(data), err)
		}
	}
}
