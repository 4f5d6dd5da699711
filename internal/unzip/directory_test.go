package unzip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
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
	for size, want := range map[int64]error{MaxDirectory: ErrDirectory, MaxDirectory + 1: ErrTooLarge} {
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

// zip64 makes an archive of two members with ZIP64 end records.
func zip64(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	for _, name := range []string{"a", "b"} {
		if err := w.Add(Header{RawName: name, Packed: 1, Size: 1}, 0, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	w.entries = max16 // so it claims
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestZip64End reads what the writer says of an archive with so many members.
func TestZip64End(t *testing.T) {
	data := zip64(t)
	d, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	z := d.End.Zip64
	want := Zip64{Locator: int64(len(data) - endSize - locatorSize), Offset: int64(len(data) - endSize - locatorSize - end64Size), Found: true, RecordSize: 44}
	if want.Stated = want.Offset; z == nil || *z != want {
		t.Errorf("%+v, want %+v", z, want)
	}
	if got, want := d.End.Totals, (Totals{DiskEntries: max16, Entries: max16, Size: uint64(want.Offset - d.Start), Offset: uint64(d.Start)}); got != want || d.End.Plain != want {
		t.Errorf("%+v and %+v, want %+v", got, d.End.Plain, want)
	}
	if v := binary.LittleEndian.Uint32(data[z.Offset+12:]); v != 0x002d_032d {
		t.Errorf("versions %#x", v)
	}
	for disks, want := range map[uint32]error{0: nil, 1: nil, 2: ErrDirectory} {
		data := bytes.Clone(data)
		binary.LittleEndian.PutUint32(data[z.Locator+16:], disks)
		if _, err := Read(bytes.NewReader(data), int64(len(data))); err != want {
			t.Errorf("%d disks: %v", disks, err)
		}
	}
	// Without room for the record Python cannot look for it.
	for n, want := range map[int]error{end64Size - 1: ErrDirectory, end64Size: nil} {
		data := append(bytes.Repeat([]byte{0}, n), data[z.Locator:]...)
		copy(data[len(data)-endSize+4:], make([]byte, endSize-4))
		if _, err := Read(bytes.NewReader(data), int64(len(data))); err != want {
			t.Errorf("%d bytes before the locator: %v", n, err)
		}
	}
}

// TestEndSearch: the end record is looked for as far back as Python does, which is a
// byte more than the longest comment.
func TestEndSearch(t *testing.T) {
	end := append([]byte(sigEnd), make([]byte, endSize-4)...)
	for behind, want := range map[int]error{0: nil, 1: nil, maxComment - 1: nil, maxComment: nil, maxComment + 1: ErrFormat} {
		data := append(append(make([]byte, 100), end...), make([]byte, behind)...)
		d, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != want || err == nil && (d.End.Offset != 100 || d.End.Behind != int64(behind)) {
			t.Errorf("%d bytes behind it: %v", behind, err)
		}
	}
	for _, data := range []string{"", sigEnd, string(end[:endSize-1]), string(end) + sigEnd, strings.Repeat("x", 100)} {
		if _, err := Read(strings.NewReader(data), int64(len(data))); !errors.Is(err, ErrFormat) {
			t.Errorf("%d bytes: %v", len(data), err)
		}
	}
}

// TestFields reads extra fields.
func TestFields(t *testing.T) {
	number := func(v ...uint64) string {
		var b []byte
		for _, n := range v {
			b = binary.LittleEndian.AppendUint64(b, n)
		}
		return string(b)
	}
	field := func(id uint16, data string) string {
		return string(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, id), uint16(len(data)))) + data
	}
	unicode := func(version byte, stored, name string) string {
		return field(extraUnicodePath, string(binary.LittleEndian.AppendUint32([]byte{version}, crc32.ChecksumIEEE([]byte(stored))))+name)
	}
	const big = max32
	for _, c := range []struct {
		what                 string
		raw                  string
		extra                string
		size, packed, header uint64
		want                 Entry
	}{
		{"none", "a", "", 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2}, StatedHeader: 3, Name: "a"}},
		{"three bytes", "a", "xyz", 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2}, StatedHeader: 3, Name: "a"}},
		{"too long", "a", field(9, "")[:2] + "\x01\x00", 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2, Faults: FaultExtra}, StatedHeader: 3, Name: "a"}},
		{"all numbers", "a", field(9, "x") + field(1, number(7, 8, 9)), big, big, big, Entry{Header: Header{Size: 7, Packed: 8}, StatedHeader: 9, Name: "a"}},
		{"the place alone", "a", field(1, number(9)), 1, 2, big, Entry{Header: Header{Size: 1, Packed: 2}, StatedHeader: 9, Name: "a"}},
		{"a number too few", "a", field(1, number(7, 8)), big, big, big, Entry{Header: Header{Size: 7, Packed: 8, Faults: FaultZip64}, StatedHeader: big, Name: "a"}},
		{"a number too many", "a", field(1, number(7, 8)), big, 2, 3, Entry{Header: Header{Size: 7, Packed: 2, Faults: FaultZip64Length}, StatedHeader: 3, Name: "a"}},
		{"twice", "a", field(1, number(7)) + field(1, ""), big, 2, 3, Entry{Header: Header{Size: 7, Packed: 2, Faults: FaultRepeated}, StatedHeader: 3, Name: "a"}},
		{"the same name", "a", unicode(1, "a", "a"), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2}, StatedHeader: 3, Name: "a"}},
		{"another name", "a", unicode(1, "a", "b"), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2, Faults: FaultOtherName}, StatedHeader: 3, Name: "b"}},
		{"a name with a NUL", "a", unicode(1, "a", "b\x00c"), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2, Faults: FaultOtherName}, StatedHeader: 3, Name: "b"}},
		{"two names", "a", unicode(1, "a", "b") + unicode(1, "a", "a"), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2, Faults: FaultRepeated}, StatedHeader: 3, Name: "a"}},
		{"another version", "a", unicode(2, "a", "b"), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2}, StatedHeader: 3, Name: "a"}},
		{"of another member", "a", unicode(1, "x", "b"), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2}, StatedHeader: 3, Name: "a"}},
		{"no name", "a", unicode(1, "a", ""), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2}, StatedHeader: 3, Name: "a"}},
		{"cut short", "a", field(extraUnicodePath, "1234"), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2, Faults: FaultUnicodeName}, StatedHeader: 3, Name: "a"}},
		{"not UTF-8", "a", unicode(1, "a", "\xff"), 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2, Faults: FaultUnicodeName | FaultOtherName}, StatedHeader: 3, Name: "\xff"}},
		{"code page 437", "\x80z\xff", "", 1, 2, 3, Entry{Header: Header{Size: 1, Packed: 2}, StatedHeader: 3, Name: "\u00c7z\u00a0"}},
	} {
		e := Entry{Header: Header{Size: c.size, Packed: c.packed, RawName: c.raw, Extra: c.extra}, StatedHeader: c.header}
		text := entryText(&e)
		var got Entry
		if n := got.parse(text + "rest"); n != len(text) || got.RawName != c.raw || got.Extra != c.extra {
			t.Errorf("%s: %d of %d bytes, %q", c.what, n, len(text), got.RawName)
		}
		if got.Name != c.want.Name || got.Size != c.want.Size || got.Packed != c.want.Packed || got.StatedHeader != c.want.StatedHeader || got.Faults != c.want.Faults {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
	}
}

// entryText writes an entry of the directory.
func entryText(e *Entry) string {
	b := append([]byte(sigCentral), make([]byte, centralSize-4)...)
	le := binary.LittleEndian
	le.PutUint32(b[20:], uint32(e.Packed))
	le.PutUint32(b[24:], uint32(e.Size))
	le.PutUint16(b[28:], uint16(len(e.RawName)))
	le.PutUint16(b[30:], uint16(len(e.Extra)))
	le.PutUint32(b[42:], uint32(e.StatedHeader))
	return string(b) + e.RawName + e.Extra
}

// TestReadErrors: an error of the reader is not one of the archive.
func TestReadErrors(t *testing.T) {
	fault := errors.New("input/output error")
	data := write(t, 2)
	shifted := append([]byte("prefix"), data...)
	for _, data := range [][]byte{data, append(bytes.Clone(data), 'x'), zip64(t), shifted} {
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
	}
	d, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	e := &d.Entries[0]
	if _, err := e.ReadLocal(&failing{bytes.NewReader(data), 1, fault}); !errors.Is(err, fault) {
		t.Errorf("local header: %v", err)
	}
	long := bytes.Clone(data)
	long[29] = 1 // 256 bytes of extra fields
	if _, err := e.ReadLocal(&failing{bytes.NewReader(long), 2, fault}); !errors.Is(err, fault) {
		t.Errorf("rest of a local header: %v", err)
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
	if l, err := (&Entry{}).ReadLocal(strings.NewReader(sigLocal + strings.Repeat("\x00", localSize-4))); err != nil || l.RawName != "" || l.Data != localSize {
		t.Errorf("a header without a name: %+v, %v", l, err)
	}
	for _, place := range []int64{-1, math.MaxInt64} {
		e := Entry{Place: place, Limit: math.MaxInt64}
		if _, err := e.ReadLocal(strings.NewReader("")); err != ErrLocal {
			t.Errorf("at %d: %v", place, err)
		}
		if _, err := e.Source(strings.NewReader("")); err != ErrLocal {
			t.Errorf("at %d: %v", place, err)
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
