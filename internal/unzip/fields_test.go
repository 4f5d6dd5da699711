package unzip

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// numbered is a record of a size whose bytes after the signature are all different, so
// that a field read from elsewhere has another value.
func numbered(signature string, size int) []byte {
	b := []byte(signature)
	for i := len(b); i < size; i++ {
		b = append(b, byte(i))
	}
	return b
}

// TestEntryFields: each field of an entry and of a local header is where APPNOTE.TXT has
// it.
func TestEntryFields(t *testing.T) {
	le := binary.LittleEndian
	b := numbered(sigCentral, centralSize)
	le.PutUint16(b[8:], 0) // flags, which change how names are read
	le.PutUint16(b[28:], 3)
	le.PutUint16(b[30:], 5)
	le.PutUint16(b[32:], 7)
	b = append(b, "nam\x01\x02\x01\x00xcomment and more"...)
	var e Entry
	if n := e.parse(string(b)); n != centralSize+3+5+7 {
		t.Errorf("%d bytes", n)
	}
	want := Entry{
		Header: Header{Version: 0x0706, Method: 0x0b0a, Time: 0x0d0c, Date: 0x0f0e, CRC32: 0x13121110, Packed: 0x17161514, Size: 0x1b1a1918, RawName: "nam", Extra: "\x01\x02\x01\x00x"},
		Name:   "nam", Comment: "comment", MadeBy: 0x0504, Disk: 0x2322, Internal: 0x2524, External: 0x29282726, StatedHeader: 0x2d2c2b2a,
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("entry (-want +got):\n%s", diff)
	}
	l := numbered(sigLocal, localSize)
	le.PutUint16(l[26:], 3)
	le.PutUint16(l[28:], 4)
	l = append(l, "nam\x01\x02\x00\x00data"...)
	le.PutUint16(l[6:], 0)
	got, err := (&Entry{Place: 2}).ReadLocal(bytes.NewReader(append([]byte("xx"), l...)))
	local := Local{Header: Header{Version: 0x0504, Method: 0x0908, Time: 0x0b0a, Date: 0x0d0c, CRC32: 0x11100f0e, Packed: 0x15141312, Size: 0x19181716, RawName: "nam", Extra: "\x01\x02\x00\x00"}, Data: 2 + localSize + 7}
	if diff := cmp.Diff(local, got); err != nil || diff != "" {
		t.Errorf("local header: %v (-want +got):\n%s", err, diff)
	}
}

// extra makes an extra field.
func extra(id uint16, data ...byte) string {
	le := binary.LittleEndian
	return string(append(le.AppendUint16(le.AppendUint16(nil, id), uint16(len(data))), data...))
}

func numbers(list ...uint64) (b []byte) {
	for _, n := range list {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return b
}

// TestExtraFields: sizes and offsets of ZIP64 fields, names of Unicode path fields, and
// what is wrong with either.
func TestExtraFields(t *testing.T) {
	const most, last = 1<<32 - 1, 1<<64 - 1
	path := func(name, of string) []byte {
		return append(append([]byte{1}, binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(of)))...), name...)
	}
	for _, c := range []struct {
		what                 string
		size, packed, header uint64
		extra                string
		want                 [3]uint64
		name                 string
		faults               Faults
	}{
		{"nothing", 1, 2, 3, "", [3]uint64{1, 2, 3}, "", 0},
		{"another field", 1, 2, 3, extra(9, 1, 2), [3]uint64{1, 2, 3}, "", 0},
		{"all three", most, most, most, extra(1, numbers(10, 20, 30)...), [3]uint64{10, 20, 30}, "", 0},
		{"the size", most, 2, 3, extra(1, numbers(10)...), [3]uint64{10, 2, 3}, "", 0},
		{"the packed size", 1, most, 3, extra(1, numbers(20)...), [3]uint64{1, 20, 3}, "", 0},
		{"the offset", 1, 2, most, extra(1, numbers(30)...), [3]uint64{1, 2, 30}, "", 0},
		{"the size again", last, 2, 3, extra(1, numbers(10)...), [3]uint64{10, 2, 3}, "", 0},
		{"a number less", most, most, 3, extra(1, numbers(10)...), [3]uint64{10, most, 3}, "", FaultZip64},
		{"no number", most, 2, 3, extra(1), [3]uint64{most, 2, 3}, "", FaultZip64},
		{"a number more", most, 2, 3, extra(1, numbers(10, 77)...), [3]uint64{10, 2, 3}, "", FaultZip64Length},
		{"the same numbers", 1, 2, 3, extra(1, numbers(1, 2)...), [3]uint64{1, 2, 3}, "", 0},
		{"the same numbers with the offset", 1, 2, 3, extra(1, numbers(1, 2, 3)...), [3]uint64{1, 2, 3}, "", 0},
		{"another offset", 1, 2, 3, extra(1, numbers(1, 2, 4)...), [3]uint64{1, 2, 3}, "", FaultZip64Length},
		{"another size", 1, 2, 3, extra(1, numbers(9, 2)...), [3]uint64{1, 2, 3}, "", FaultZip64Length},
		{"another packed size", 1, 2, 3, extra(1, numbers(1, 9)...), [3]uint64{1, 2, 3}, "", FaultZip64Length},
		{"one of the same", 1, 2, 3, extra(1, numbers(1)...), [3]uint64{1, 2, 3}, "", FaultZip64Length},
		{"twice", most, 2, 3, extra(1, numbers(10)...) + extra(1, numbers(10, 2)...), [3]uint64{10, 2, 3}, "", FaultRepeated},
		{"too long", 1, 2, 3, "\x01\x00\x09\x00" + string(numbers(1)), [3]uint64{1, 2, 3}, "", FaultExtra},
		{"three bytes behind", 1, 2, 3, extra(9) + "abc", [3]uint64{1, 2, 3}, "", 0},
		{"a name", 1, 2, 3, extra(0x7075, path("ünam", "nam")...), [3]uint64{1, 2, 3}, "ünam", 0},
		{"the name of another member", 1, 2, 3, extra(0x7075, path("ünam", "xam")...), [3]uint64{1, 2, 3}, "", 0},
		{"no name", 1, 2, 3, extra(0x7075, path("", "nam")...), [3]uint64{1, 2, 3}, "", 0},
		{"a name that is cut", 1, 2, 3, extra(0x7075, 1, 2, 3, 4), [3]uint64{1, 2, 3}, "", FaultUnicodeName},
		{"a name that is not UTF-8", 1, 2, 3, extra(0x7075, path("\xff", "nam")...), [3]uint64{1, 2, 3}, "\xff", FaultUnicodeName},
		{"a name of another version", 1, 2, 3, extra(0x7075, append([]byte{2}, path("ünam", "nam")[1:]...)...), [3]uint64{1, 2, 3}, "", 0},
		{"a name and nothing", 1, 2, 3, extra(0x7075, path("a", "nam")...) + extra(0x7075, path("", "nam")...), [3]uint64{1, 2, 3}, "a", FaultRepeated},
		{"a name before one too long", 1, 2, 3, extra(0x7075, path("a", "nam")...) + "\x01\x00\x09\x00", [3]uint64{1, 2, 3}, "a", FaultExtra},
		{"two names", 1, 2, 3, extra(0x7075, path("a", "nam")...) + extra(0x7075, path("b", "nam")...), [3]uint64{1, 2, 3}, "b", FaultRepeated},
	} {
		h := Header{Size: c.size, Packed: c.packed, RawName: "nam", Extra: c.extra}
		header := c.header
		name := h.fields(&header)
		if got := [3]uint64{h.Size, h.Packed, header}; got != c.want || name != c.name || h.Faults != c.faults {
			t.Errorf("%s: %d, %q, faults %b; want %d, %q, %b", c.what, got, name, h.Faults, c.want, c.name, c.faults)
		}
	}
	// Local headers have no offset.
	h := Header{Size: most, Packed: most, Extra: extra(1, numbers(10, 20, 30)...)}
	if h.fields(nil); h.Size != 10 || h.Packed != 20 || h.Faults != FaultZip64Length {
		t.Errorf("local header: %+v", h)
	}
	h = Header{Size: 1, Packed: 2, Extra: extra(1, numbers(1, 2, 3)...)}
	if h.fields(nil); h.Faults != FaultZip64Length {
		t.Errorf("local header: %+v", h)
	}
}

// TestDecodeName: UTF-8 where it is flagged, else code page 437, up to a NUL.
func TestDecodeName(t *testing.T) {
	for _, c := range []struct {
		raw   string
		flags uint16
		want  string
	}{{"abc", 0, "abc"}, {"\x80\xff\x7f", 0, "Ç\u00a0\x7f"}, {"a\x80", 0, "aÇ"}, {"ü", FlagUTF8, "ü"}, {"ü", 0, "├╝"}, {"\xff", FlagUTF8, "\xff"}, {"", 0, ""}} {
		if got := decodeName(c.raw, c.flags); got != c.want {
			t.Errorf("%q, flags %#x: %q, want %q", c.raw, c.flags, got, c.want)
		}
	}
	var e Entry
	b := numbered(sigCentral, centralSize)
	le := binary.LittleEndian
	le.PutUint16(b[8:], FlagUTF8)
	le.PutUint16(b[28:], 4)
	le.PutUint16(b[30:], 0)
	le.PutUint16(b[32:], 0)
	e.parse(string(append(b, "\xffb\x00c"...)))
	if e.Name != "\xffb" || e.RawName != "\xffb\x00c" || e.Faults != FaultName {
		t.Errorf("%q, %q, %b", e.Name, e.RawName, e.Faults)
	}
}

// TestMethods: the names of methods, and why a member is not unpacked.
func TestMethods(t *testing.T) {
	for method, want := range map[uint16]string{0: "stored", 8: "deflated", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 99: "AES encryption", 1: "method 1", 9: "method 9", 13: "method 13", 100: "method 100"} {
		if got := MethodName(method); got != want {
			t.Errorf("%d: %s, want %s", method, got, want)
		}
	}
	for _, c := range []struct {
		method, flags uint16
		want          string
	}{
		{0, FlagEncrypted, "cannot be unpacked: it is encrypted"}, {8, FlagStrong, "cannot be unpacked: it is encrypted"}, {99, 0, "cannot be unpacked: it is encrypted"}, {8, FlagPatched, "cannot be unpacked: it is patch data"},
		{12, 0, "cannot be unpacked: it is compressed with bzip2, which pip accepts and uv and PyPI do not"}, {14, 0, "cannot be unpacked: it is compressed with LZMA, which pip accepts and uv and PyPI do not"},
		{93, 0, "cannot be unpacked: it is compressed with Zstandard; wheels use stored and deflated"}, {0, 0, ""}, {8, FlagUTF8 | FlagDescriptor, ""},
	} {
		m := Source{Name: "x", R: strings.NewReader(""), Method: c.method, Flags: c.flags}
		_, all := m.ReadAll(10)
		_, stream := m.Open()
		for what, err := range map[string]error{"ReadAll": all, "Open": stream} {
			if c.want == "" && (errors.Is(err, ErrMethod) || what == "Open" && err != nil) || c.want != "" && (!errors.Is(err, ErrMethod) || err.Error() != c.want) {
				t.Errorf("%s, method %d, flags %#x: %v, want %s", what, c.method, c.flags, err, c.want)
			}
		}
	}
}

// member is a source with a content, stored or deflated.
func member(content string, deflated bool) Source {
	packed, method := []byte(content), uint16(Stored)
	if deflated {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, 9)
		io.WriteString(w, content)
		w.Close()
		packed, method = b.Bytes(), Deflated
	}
	return Source{Name: "x", R: bytes.NewReader(append([]byte("##"), packed...)), Offset: 2, Packed: int64(len(packed)), Size: int64(len(content)), CRC32: crc32.ChecksumIEEE([]byte(content)), Method: method}
}

// TestContents: whole contents and streams, and every way in which they are not what the
// directory says.
func TestContents(t *testing.T) {
	text := strings.Repeat("content ", 100)
	for _, deflated := range []bool{false, true} {
		for what, c := range map[string]struct {
			change func(*Source)
			want   error
		}{
			"as it is": {func(*Source) {}, nil}, "another checksum": {func(m *Source) { m.CRC32++ }, ErrChecksum},
			"longer": {func(m *Source) { m.Size++ }, ErrChecksum}, "shorter": {func(m *Source) { m.Size-- }, ErrChecksum},
			"cut": {func(m *Source) { m.R = bytes.NewReader([]byte("##con")) }, io.ErrUnexpectedEOF},
		} {
			m := member(text, deflated)
			c.change(&m)
			got, err := m.ReadAll(1000)
			if what == "cut" && err == nil || what != "cut" && !errors.Is(err, c.want) || err == nil && string(got) != text || err != nil && got != nil {
				t.Errorf("ReadAll, deflated %v, %s: %v, %d bytes", deflated, what, err, len(got))
			}
			r, err := m.Open()
			if err != nil {
				t.Fatal(err)
			}
			all, err := io.ReadAll(r)
			if what == "cut" && err == nil || what != "cut" && !errors.Is(err, c.want) || err == nil && string(all) != text {
				t.Errorf("Open, deflated %v, %s: %v, %d bytes", deflated, what, err, len(all))
			}
		}
		m := member(text, deflated)
		for limit, want := range map[int64]error{800: nil, 799: ErrLong} {
			if _, err := m.ReadAll(limit); !errors.Is(err, want) || want != nil && err.Error() != "is too large: 800 bytes, more than 799" {
				t.Errorf("deflated %v, limit %d: %v", deflated, limit, err)
			}
		}
		empty := member("", deflated)
		if got, err := empty.ReadAll(0); err != nil || len(got) != 0 {
			t.Errorf("nothing, deflated %v: %q, %v", deflated, got, err)
		}
	}
	m := member(text, true)
	m.Packed = 1<<16 + 1001
	if _, err := m.ReadAll(1000); !errors.Is(err, ErrLong) || err.Error() != "is too large: 66537 packed bytes" {
		t.Errorf("many packed bytes: %v", err)
	}
	if m.Packed--; true {
		if _, err := m.ReadAll(1000); errors.Is(err, ErrLong) {
			t.Errorf("a packed byte less: %v", err)
		}
	}
	// What is packed in one byte can be 1,032 bytes at most.
	for size, want := range map[int64]bool{1032: false, 1033: true} {
		m := Source{R: strings.NewReader("x"), Packed: 1, Size: size, Method: Deflated}
		if _, err := m.ReadAll(2000); errors.Is(err, ErrChecksum) != want {
			t.Errorf("%d bytes of one: %v", size, err)
		}
	}
	if _, err := (&Source{Size: -1}).ReadAll(10); !errors.Is(err, ErrLong) {
		t.Errorf("a negative size: %v", err)
	}
}

// TestSources: where the data of a member is, and that none reaches into another.
func TestSources(t *testing.T) {
	le := binary.LittleEndian
	local := func(name, extra int) []byte {
		b := append([]byte(sigLocal), make([]byte, localSize-4)...)
		le.PutUint16(b[26:], uint16(name))
		le.PutUint16(b[28:], uint16(extra))
		return append(b, make([]byte, name+extra)...)
	}
	archive := append([]byte("xx"), local(3, 4)...)
	data := int64(len(archive))
	archive = append(archive, "data"...)
	for _, c := range []struct {
		what  string
		entry Entry
		off   int64
		want  error
	}{
		{"as it is", Entry{Place: 2, Limit: data + 4, Header: Header{Packed: 4}}, data, nil}, {"with room", Entry{Place: 2, Limit: data + 9, Header: Header{Packed: 4}}, data, nil},
		{"a byte too long", Entry{Place: 2, Limit: data + 3, Header: Header{Packed: 4}}, 0, ErrOverlap}, {"far too long", Entry{Place: 2, Limit: data + 4, Header: Header{Packed: 1 << 63}}, 0, ErrOverlap}, {"no room", Entry{Place: 2, Limit: -1, Header: Header{Packed: 0}}, 0, ErrOverlap},
		{"elsewhere", Entry{Place: 3, Limit: data, Header: Header{Packed: 99}}, 0, ErrLocal}, {"before the file", Entry{Place: -1, Limit: data}, 0, ErrLocal}, {"behind the file", Entry{Place: 1 << 20, Limit: data}, 0, ErrLocal}, {"nowhere", Entry{Place: maxPlace + 1, Limit: data}, 0, ErrLocal},
	} {
		s, err := c.entry.Source(bytes.NewReader(archive))
		if !errors.Is(err, c.want) || err == nil && (s.Offset != c.off || s.Packed != 4) {
			t.Errorf("%s: %+v, %v", c.what, s, err)
		}
		if _, err := c.entry.ReadLocal(bytes.NewReader(archive)); (err != nil) != (c.want == ErrLocal) {
			t.Errorf("%s: local header: %v", c.what, err)
		}
	}
	broken := errors.New("broken")
	for _, r := range []io.ReaderAt{failingAt{broken}} {
		if _, err := (&Entry{}).Source(r); !errors.Is(err, broken) {
			t.Errorf("%v", err)
		}
		if _, err := (&Entry{}).ReadLocal(r); !errors.Is(err, broken) {
			t.Errorf("%v", err)
		}
	}
	// The name in a Unicode path field of the local header may be another.
	path := append(append([]byte{1}, le.AppendUint32(nil, crc32.ChecksumIEEE([]byte("nam")))...), "other"...)
	b := append([]byte(sigLocal), make([]byte, localSize-4)...)
	le.PutUint16(b[26:], 3)
	le.PutUint16(b[28:], uint16(4+len(path)))
	b = append(append(b, "nam"...), extra(0x7075, path...)...)
	if l, err := (&Entry{}).ReadLocal(bytes.NewReader(b)); err != nil || l.Faults != FaultOtherName || l.RawName != "nam" {
		t.Errorf("%+v, %v", l, err)
	}
	path = append(path[:5], "nam"...)
	le.PutUint16(b[28:], uint16(4+len(path)))
	b = append(b[:localSize+3], extra(0x7075, path...)...)
	if l, err := (&Entry{}).ReadLocal(bytes.NewReader(b)); err != nil || l.Faults != 0 || l.Extra != extra(0x7075, path...) {
		t.Errorf("%+v, %v", l, err)
	}
}

type failingAt struct{ err error }

func (f failingAt) ReadAt([]byte, int64) (int, error) { return 0, f.err }

// TestDirectoryPlaces: members end where the next one or the directory begins, in any
// order of the directory.
func TestDirectoryPlaces(t *testing.T) {
	d := Directory{Start: 500, Entries: []Entry{{Place: 300}, {Place: 0}, {Place: 100}, {Place: 300}}}
	d.limit()
	var got []int64
	for _, e := range d.Entries {
		got = append(got, e.Limit)
	}
	if diff := cmp.Diff([]int64{500, 100, 300, 300}, got); diff != "" {
		t.Error(diff)
	}
}

// TestDirectories: which directory is taken, where members are by it, and what the last
// entry states beyond it.
func TestDirectories(t *testing.T) {
	le := binary.LittleEndian
	entry := func(stated uint32, extra uint16) []byte {
		b := append([]byte(sigCentral), make([]byte, centralSize-4)...)
		le.PutUint16(b[30:], extra)
		le.PutUint32(b[42:], stated)
		return b
	}
	end := func(offset uint32) []byte {
		b := append([]byte(sigEnd), make([]byte, endSize-4)...)
		le.PutUint32(b[12:], centralSize)
		le.PutUint32(b[16:], offset)
		return b
	}
	for _, c := range []struct {
		what   string
		before []byte
		entry  []byte
		offset uint32
		two    bool
		shift  int64
		place  int64
		rest   int64
	}{
		{"right", nil, entry(0, 0), 0, false, 0, 0, 0}, {"right, behind something", make([]byte, 50), entry(7, 0), 50, false, 0, 7, 0}, {"moved", make([]byte, 50), entry(7, 0), 0, false, 50, 57, 0},
		{"another where it is stated", entry(0, 0), entry(7, 0), 0, true, centralSize, 7 + centralSize, 0}, {"stated behind the end", make([]byte, 50), entry(7, 0), 1 << 20, false, 50 - 1<<20, -1, 0}, {"stated at the end", make([]byte, 50), entry(99, 0), 96, false, -46, 53, 0},
		{"longer than there is", nil, entry(0, 9), 0, false, 0, 0, 9},
	} {
		file := append(append(append([]byte{}, c.before...), c.entry...), end(c.offset)...)
		d, err := Read(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if d.TwoDirectories != c.two || d.Shift != c.shift || d.Rest != c.rest || len(d.Entries) != 1 || d.Entries[0].Place != c.place || d.Start != int64(len(c.before)) || d.Entries[0].Offset != d.Start || d.Entries[0].Limit != d.Start {
			t.Errorf("%s: %+v", c.what, d)
		}
	}
	// A reader that fails has no archive, wherever it does.
	file := append(append(make([]byte, 100), entry(0, 0)...), end(0)...)
	whole, err := Read(bytes.NewReader(file), int64(len(file)))
	if err != nil || whole.Shift != 100 {
		t.Fatal(whole, err)
	}
	broken := errors.New("broken")
	for n := range 4 {
		r := &failsLater{bytes.NewReader(file), n, broken}
		if d, err := Read(r, int64(len(file))); !errors.Is(err, broken) || d != nil {
			t.Errorf("read %d: %v, %v", n, d, err)
		}
	}
	a, b := Stats{Packed: 1, Unpacked: 2, Skipped: 3, Again: 4}, Stats{Packed: 10, Unpacked: 20, Skipped: 30, Again: 40}
	if a.Add(b); a != (Stats{Packed: 11, Unpacked: 22, Skipped: 33, Again: 44}) {
		t.Errorf("%+v", a)
	}
}

// failsLater fails after some reads.
type failsLater struct {
	io.ReaderAt
	left int
	err  error
}

func (r *failsLater) ReadAt(p []byte, off int64) (int, error) {
	if r.left--; r.left < 0 {
		return 0, r.err
	}
	return r.ReaderAt.ReadAt(p, off)
}

// TestLongRecords: packed bytes, directories and archives of 4 GiB and more need ZIP64.
func TestLongRecords(t *testing.T) {
	const limit = 1<<32 - 1
	for packed, long := range map[uint64]bool{limit - 1: false, limit: true, limit + 1: true} {
		w := NewWriter(io.Discard)
		if err := w.Add(Header{RawName: "a", Packed: packed, Size: 1}, 0, strings.NewReader("x")); !errors.Is(err, errPackedSize) {
			t.Fatal(err)
		}
		var e Entry
		e.parse(string(w.central))
		if e.Packed != packed || e.Size != 1 || (e.Extra != "") != long || (e.Version == version45) != long || e.MadeBy != madeByUnix|e.Version {
			t.Errorf("%d packed bytes: %+v", packed, e)
		}
	}
	for at, long := range map[uint64]bool{limit - 1: false, limit: true, limit + 1: true} {
		var b bytes.Buffer
		w := NewWriter(&b)
		w.at = at
		if err := w.Close(); err != nil || strings.Contains(b.String(), sigEnd64) != long || strings.Contains(b.String(), sigLocator) != long {
			t.Errorf("a directory at %d: %q, %v", at, b.String(), err)
		}
	}
}

// TestEndRecord: what an end record states, where it is, and what is behind it.
func TestEndRecord(t *testing.T) {
	le := binary.LittleEndian
	b := numbered(sigEnd, endSize)
	le.PutUint32(b[12:], 5) // the size of the directory
	le.PutUint16(b[20:], 3)
	file := append(append(make([]byte, 100), b...), "comment"...)
	e, err := readEnd(bytes.NewReader(file), int64(len(file)))
	plain := Totals{Disk: 0x0504, StartDisk: 0x0706, DiskEntries: 0x0908, Entries: 0x0b0a, Size: 5, Offset: 0x13121110}
	want := End{Totals: plain, Offset: 100, Plain: plain, CommentSize: 3, Behind: 7}
	if diff := cmp.Diff(want, e); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if start, err := e.start(); start != 95 || err != nil {
		t.Errorf("the directory begins at %d, %v", start, err)
	}
	z := numbered(sigEnd64, end64Size)
	le.PutUint64(z[40:], 6)
	locator := append([]byte(sigLocator), make([]byte, locatorSize-4)...)
	le.PutUint64(locator[8:], 50)
	le.PutUint32(locator[16:], 1)
	file = append(append(append(append(make([]byte, 50), z...), locator...), b...), "abc"...)
	if e, err = readEnd(bytes.NewReader(file), int64(len(file))); err != nil {
		t.Fatal(err)
	}
	wantZip := &Zip64{Locator: 106, Stated: 50, Offset: 50, Found: true, RecordSize: 0x0b0a090807060504}
	totals := Totals{Disk: 0x13121110, StartDisk: 0x17161514, DiskEntries: 0x1f1e1d1c1b1a1918, Entries: 0x2726252423222120, Size: 6, Offset: 0x3736353433323130}
	if diff := cmp.Diff(End{Totals: totals, Plain: plain, Offset: 126, CommentSize: 3, Behind: 3, Zip64: wantZip}, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if start, err := e.start(); start != 44 || err != nil {
		t.Errorf("the directory begins at %d, %v", start, err)
	}
	e.Zip64.Found = false
	if start, err := e.start(); start != 120 || err != nil {
		t.Errorf("without the record it begins at %d, %v", start, err)
	}
	e.Size = 127
	if _, err := e.start(); !errors.Is(err, ErrFormat) {
		t.Errorf("a directory longer than the file: %v", err)
	}
}

// TestWriteFails: every error of the writer below is told.
func TestWriteFails(t *testing.T) {
	broken := errors.New("broken")
	for n := range 5 {
		w := NewWriter(&failingWriter{left: n, err: broken})
		err := w.Add(Header{RawName: "a", Packed: 1, Size: 1}, 0, strings.NewReader("x"))
		if err == nil {
			err = w.Close()
		}
		if want := n < 4; (err != nil) != want || want && !errors.Is(err, broken) {
			t.Errorf("%d writes: %v", n, err)
		}
	}
	if err := NewWriter(io.Discard).Add(Header{RawName: "a", Packed: 2}, 0, strings.NewReader("x")); !errors.Is(err, errPackedSize) {
		t.Errorf("fewer bytes than stated: %v", err)
	}
}

type failingWriter struct {
	left int
	err  error
}

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, w.err
	}
	return len(p), nil
}
