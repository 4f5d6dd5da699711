package unzip

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
	"time"
)

// write makes an archive of stored members with the content "x".
func write(t *testing.T, count int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	for i := range count {
		h := Header{RawName: fmt.Sprint(i), CRC32: crc32.ChecksumIEEE([]byte("x")), Packed: 1, Size: 1}
		if err := w.Add(h, 0o100644<<16, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWriteMany: from 65,535 members on there is a ZIP64 end record.
func TestWriteMany(t *testing.T) {
	for _, count := range []int{0, 1, 65_534, 65_535, 65_536} {
		data := write(t, count)
		d, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil || len(d.Entries) != count || (d.End.Zip64 != nil) != (count >= 65_535) || d.Shift != 0 {
			t.Fatalf("%d members: %v", count, err)
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil || len(z.File) != count {
			t.Errorf("%d members: archive/zip: %v", count, err)
		}
	}
}

// TestWriteLong: sizes and places of 4 GiB and more are in ZIP64 fields.
func TestWriteLong(t *testing.T) {
	const limit = 1<<32 - 1
	for _, size := range []uint64{1, limit - 1, limit, 5 << 30} {
		for _, place := range []uint64{0, limit - 1, limit, 5 << 30} {
			var b bytes.Buffer
			w := NewWriter(&b)
			w.at = place // as if there was something before
			if err := w.Add(Header{RawName: "a", Packed: 1, Size: size}, 0, strings.NewReader("x")); err != nil {
				t.Fatal(err)
			}
			local := bytes.Clone(b.Bytes())
			var e Entry
			if n := e.parse(string(w.central)); n != len(w.central) || e.Size != size || e.Packed != 1 || e.StatedHeader != place || e.Faults != 0 || e.Name != "a" {
				t.Errorf("size %d at %d: %+v", size, place, e)
			}
			if want := map[bool]uint16{false: 20, true: 45}[size >= limit || place >= limit]; e.Version != want || e.MadeBy != 3<<8|want {
				t.Errorf("size %d at %d: version %d", size, place, e.Version)
			}
			e.Place = 0
			l, err := e.ReadLocal(bytes.NewReader(local))
			if err != nil || l.Size != size || l.Packed != 1 || l.Version != map[bool]uint16{false: 20, true: 45}[size >= limit] || l.Faults != 0 || l.Data != int64(len(local)-1) {
				t.Errorf("size %d at %d: local header %+v, %v", size, place, l, err)
			}
		}
	}
}

func TestWriteShort(t *testing.T) {
	for _, content := range []string{"", "x", "xyz"} {
		err := NewWriter(new(bytes.Buffer)).Add(Header{RawName: "a", Packed: 2, Size: 2}, 0, strings.NewReader(content))
		if (err == nil) != (len(content) > 2) {
			t.Errorf("%q for two bytes: %v", content, err)
		}
	}
}

func TestStamp(t *testing.T) {
	for in, want := range map[string]string{
		"1970-01-01T00:00:00Z": "1980-01-01T00:00:00Z", "1980-01-01T00:00:00Z": "1980-01-01T00:00:00Z",
		"2026-11-27T23:59:59Z": "2026-11-27T23:59:58Z", "2108-01-01T00:00:00Z": "2107-12-31T23:59:58Z",
		"2026-11-27T01:00:00+02:00": "2026-11-26T23:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, in)
		if err != nil {
			t.Fatal(err)
		}
		date, clock := Stamp(at)
		got := time.Date(int(date>>9)+1980, time.Month(date>>5&15), int(date&31), int(clock>>11), int(clock>>5&63), int(clock&31)*2, 0, time.UTC)
		if got.Format(time.RFC3339) != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
