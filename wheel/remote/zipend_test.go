package remote

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"testing"
)

// zipOf builds an archive of n small members after a prefix, with a comment.
func zipOf(t testing.TB, n int, prefix, comment string) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(prefix)
	z := zip.NewWriter(&b)
	z.SetOffset(int64(len(prefix)))
	var err error
	for i := range n {
		var w io.Writer
		method := zip.Store
		if i%2 == 1 && n < 1000 {
			method = zip.Deflate
		}
		if w, err = z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("m%d", i), Method: method, Comment: "c"}); err == nil {
			_, err = fmt.Fprintf(w, "content of %d", i)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err = z.SetComment(comment); err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// local makes a File that has all of its content in memory.
func local(content []byte) *File {
	f, err := newFile(context.Background(), "http://host/a.whl", Options{})
	if err != nil {
		panic(err)
	}
	f.cache.limit = 1 << 40
	if len(content) > 0 {
		f.cache.add(&segment{off: 0, data: content})
	}
	f.size, f.whole = int64(len(content)), true
	f.directory, _ = findDirectory(content, f.size)
	return f
}

func TestFindDirectory(t *testing.T) {
	for _, test := range []struct {
		n               int
		prefix, comment string
	}{
		{3, "", ""}, {1, "", "a comment"}, {2, "#!/bin/sh\n", ""}, {5, "", "PK\x05\x06 and more"}, {1<<16 + 9, "", ""},
	} {
		content := zipOf(t, test.n, test.prefix, test.comment)
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		members, err := local(content).Members()
		if err != nil || len(members) != len(z.File) {
			t.Fatalf("%d members, error %v; want %d", len(members), err, len(z.File))
		}
		for i, m := range members {
			at, err := z.File[i].DataOffset()
			last := at + int64(z.File[i].CompressedSize64)
			if err != nil || m.Name != z.File[i].Name || m.Span.Off >= at || m.Span.End() < last || m.Span.End() > last+24 {
				t.Fatalf("%s: %v; archive/zip has %s until %d, error %v", m.Name, m.Span, z.File[i].Name, last, err)
			}
		}
	}
}

// TestFindDirectoryRefuses: each number of the end record, one wrong at a time.
func TestFindDirectoryRefuses(t *testing.T) {
	good := zipOf(t, 2, "", "")
	end := len(good) - endLen
	for name, change := range map[string]func(b []byte) []byte{
		"no mark":           func(b []byte) []byte { b[end] = 'Q'; return b },
		"cut":               func(b []byte) []byte { return b[:len(b)-1] },
		"comment too long":  func(b []byte) []byte { b[end+20] = 1; return b },
		"length zero":       func(b []byte) []byte { clear(b[end+12 : end+16]); return b },
		"length too large":  func(b []byte) []byte { b[end+15] = 0x7f; return b },
		"offset too large":  func(b []byte) []byte { b[end+16]++; return b },
		"offset in the sky": func(b []byte) []byte { b[end+19] = 0x7f; return b },
		"empty":             func(b []byte) []byte { return nil },
	} {
		b := change(bytes.Clone(good))
		if d, ok := findDirectory(b, int64(len(b))); ok {
			t.Errorf("%s: %+v", name, d)
		}
		if _, err := local(b).Members(); err == nil || err.(*Error).Code != CodeArchive {
			t.Errorf("%s: members, error %v", name, err)
		}
	}
	for name, change := range map[string]func(b []byte){
		"count":               func(b []byte) { b[end+10]++ },
		"mark of an entry":    func(b []byte) { b[bytes.LastIndex(b, []byte(entryMark))] = 'Q' },
		"length of a name":    func(b []byte) { b[bytes.LastIndex(b, []byte(entryMark))+28] = 200 },
		"directory too short": func(b []byte) { b[end+12]--; b[end+16]++ },
	} {
		b := bytes.Clone(good)
		change(b)
		if _, err := local(b).Members(); err == nil || err.(*Error).Code != CodeArchive {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestFarDirectory: an archive of 5 GiB, of which only the end is there.
func TestFarDirectory(t *testing.T) {
	const size, start, length = 5 << 30, 5<<30 - 2000, 500
	le := binary.LittleEndian
	rec := append([]byte(end64Mark), make([]byte, end64Len-4)...)
	le.PutUint64(rec[32:], 7)
	le.PutUint64(rec[40:], length)
	le.PutUint64(rec[48:], size-endLen-locatorLen-end64Len-length)
	loc := append([]byte(locatorMark), make([]byte, locatorLen-4)...)
	le.PutUint64(loc[8:], size-endLen-locatorLen-end64Len)
	end := append([]byte(endMark), make([]byte, endLen-4)...)
	for i := 8; i < 20; i++ {
		end[i] = 0xff
	}
	tail := append(make([]byte, size-start-endLen-locatorLen-end64Len), bytes.Join([][]byte{rec, loc, end}, nil)...)
	d, ok := findDirectory(tail, size)
	if want := (directory{Span{size - endLen - locatorLen - end64Len - length, length}, 0, 7}); !ok || d != want {
		t.Errorf("%+v, %v; want %+v", d, ok, want)
	}
	at := len(tail) - endLen - locatorLen
	for name, change := range map[string]func(b []byte){
		"no locator":             func(b []byte) { b[at] = 'Q' },
		"no record":              func(b []byte) { b[at-end64Len] = 'Q' },
		"record before tail":     func(b []byte) { le.PutUint64(b[at+8:], 17) },
		"record behind tail":     func(b []byte) { le.PutUint64(b[at+8:], 1<<63) },
		"record that sticks out": func(b []byte) { le.PutUint64(b[at+8:], size-endLen-locatorLen-4) },
		"length too large":       func(b []byte) { le.PutUint64(b[at-end64Len+40:], 1<<63+5) },
		"offset too large":       func(b []byte) { le.PutUint64(b[at-end64Len+48:], 1<<64-1) },
	} {
		b := bytes.Clone(tail)
		change(b)
		if d, ok := findDirectory(b, size); ok {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestWideOffset(t *testing.T) {
	field := func(id uint16, data ...byte) []byte {
		b := binary.LittleEndian.AppendUint16(nil, id)
		return append(binary.LittleEndian.AppendUint16(b, uint16(len(data))), data...)
	}
	eight := []byte{1, 2, 0, 0, 0, 0, 0, 0}
	for _, test := range []struct {
		extra []byte
		skip  int
		want  uint64
	}{
		{nil, 0, 9},
		{field(1, eight...), 0, 0x201},
		{append(field(7, 1, 2, 3), field(1, eight...)...), 0, 0x201},
		{field(1, append(make([]byte, 16), eight...)...), 16, 0x201},
		{field(1, eight...), 8, 9},
		{field(2, eight...), 0, 9},
		{field(1, eight...)[:11], 0, 9},
		{[]byte{1, 0, 0xff}, 0, 9},
	} {
		if got := wideOffset(test.extra, test.skip, 9); got != test.want {
			t.Errorf("%v, skip %d: %d, want %d", test.extra, test.skip, got, test.want)
		}
	}
}

// TestReadEntry: where an entry of the directory says its member begins.
func TestReadEntry(t *testing.T) {
	le := binary.LittleEndian
	entry := func(offset uint32, sizes uint32, extra ...byte) []byte {
		b := append([]byte(entryMark), make([]byte, entryLen-4)...)
		le.PutUint32(b[20:], sizes)
		le.PutUint32(b[24:], sizes)
		le.PutUint16(b[28:], 1)
		le.PutUint16(b[30:], uint16(len(extra)))
		le.PutUint32(b[42:], offset)
		return append(append(b, 'n'), extra...)
	}
	wide := func(before int, offset uint64) []byte {
		b := append([]byte{1, 0, byte(before + 8), 0}, make([]byte, before)...)
		return le.AppendUint64(b, offset)
	}
	d := directory{span: Span{6 << 30, 1000}, base: 100}
	for name, test := range map[string]struct {
		entry []byte
		want  int64
	}{
		"narrow":            {entry(70, 5), 170},
		"wide":              {entry(not32, 5, wide(0, 5<<30)...), 5<<30 + 100},
		"wide after sizes":  {entry(not32, not32, wide(16, 5<<30)...), 5<<30 + 100},
		"wide and missing":  {entry(not32, 5), not32 + 100},
		"last byte before":  {entry(not32, 5, wide(0, 6<<30-101)...), 6<<30 - 1},
		"at the directory":  {entry(not32, 5, wide(0, 6<<30-100)...), 6 << 30},
		"beyond everything": {entry(not32, 5, wide(0, 1<<64-1)...), 6 << 30},
	} {
		m, err := readEntry(bytes.NewReader(test.entry), d)
		if err != nil || m.Name != "n" || m.Span.Off != test.want {
			t.Errorf("%s: %+v, error %v; want %d", name, m, err, test.want)
		}
		for n := range len(test.entry) {
			if _, err := readEntry(bytes.NewReader(test.entry[:n]), d); err == nil {
				t.Errorf("%s: %d bytes are enough", name, n)
			}
		}
	}
	members := []Member{{Span: Span{50, 0}}, {Span: Span{90, 0}}, {Span: Span{20, 0}}, {Span: Span{50, 0}}}
	measure(members, 90)
	for i, want := range []Span{{50, 40}, {}, {20, 30}, {50, 40}} {
		if members[i].Span != want {
			t.Errorf("member %d: %v, want %v", i, members[i].Span, want)
		}
	}
	far := local(nil)
	far.directory.span = Span{0, maxDirectory + 1}
	if _, err := far.Members(); err == nil || err.(*Error).Code != CodeArchive {
		t.Errorf("a directory beyond the bound: %v", err)
	}
}

// FuzzMembers: whatever the archive says, spans lie before the directory.
func FuzzMembers(f *testing.F) {
	f.Add(zipOf(f, 3, "", ""))
	f.Add(zipOf(f, 1, "prefix", "comment"))
	f.Add([]byte(endMark))
	f.Fuzz(func(t *testing.T, content []byte) {
		file := local(content)
		members, err := file.Members()
		if err != nil && (members != nil || err.(*Error).Code != CodeArchive) {
			t.Fatalf("%d members, error %v", len(members), err)
		}
		d := file.directory.span
		if d.Off < 0 || d.Len < 0 || d.End() > int64(len(content)) {
			t.Fatalf("directory %v of %d bytes", d, len(content))
		}
		for _, m := range members {
			if m.Span != (Span{}) && (m.Span.Off < 0 || m.Span.Len <= 0 || m.Span.End() > d.Off) {
				t.Fatalf("%v, directory %v", m.Span, d)
			}
		}
	})
}
