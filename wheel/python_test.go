package wheel

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// recorded yields the lines of a recording of Python's answers; see
// internal/tools/oracle/archive.
func recorded(t testing.TB, name string, each func(line []byte)) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<24)
	n := 0
	for ; lines.Scan(); n++ {
		each(lines.Bytes())
	}
	if lines.Err() != nil || n < 2000 {
		t.Fatalf("%s: %d lines, %v", name, n, lines.Err())
	}
}

// unmarshal reads the elements of a JSON array.
func unmarshal(t testing.TB, line []byte, elements ...any) {
	t.Helper()
	var raw []json.RawMessage
	err := json.Unmarshal(line, &raw)
	for i := range raw {
		if err == nil {
			err = json.Unmarshal(raw[i], elements[i])
		}
	}
	if err != nil || len(raw) != len(elements) {
		t.Fatalf("%.200s: %v", line, err)
	}
}

// archiveCase is a recorded archive and what Python reads in it: nil when it refuses
// the archive.
type archiveCase struct {
	base    string
	data    []byte
	members []archiveMember
	refused bool
	changes string
}

type archiveMember struct {
	name   string
	offset int64
	digest string // "" when the content cannot be read
}

// archiveCases reads the recorded archives; the first are the bases, unchanged.
func archiveCases(t testing.TB) []archiveCase {
	var bases map[string][]byte
	var cases []archiveCase
	recorded(t, "archives.jsonl.gz", func(line []byte) {
		if bases == nil {
			if err := json.Unmarshal(line, &bases); err != nil {
				t.Fatal(err)
			}
			return
		}
		var c archiveCase
		var changes, members []json.RawMessage
		unmarshal(t, line, &c.base, &changes, &members)
		c.data, c.refused, c.changes = bases[c.base], members == nil, string(line)
		for _, change := range changes {
			var at, gone int
			var came string
			unmarshal(t, change, &at, &gone, &came)
			added, err := hex.DecodeString(came)
			if err != nil {
				t.Fatal(err)
			}
			c.data = slices.Concat(c.data[:at], added, c.data[min(at+gone, len(c.data)):])
		}
		for _, member := range members {
			var m archiveMember
			unmarshal(t, member, &m.name, &m.offset, &m.digest)
			c.members = append(c.members, m)
		}
		cases = append(cases, c)
	})
	return cases
}

// TestArchivesEqualPython reads 3,000 archives, most of them damaged, as Python's
// zipfile does: the same members at the same places with the same content. What Python
// refuses is an error too, or a problem that is reported.
func TestArchivesEqualPython(t *testing.T) {
	refused, read := 0, 0
	for _, c := range archiveCases(t) {
		a, err := Open(bytes.NewReader(c.data), int64(len(c.data)))
		if err != nil {
			if !errors.Is(err, ErrNotZip) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s: %v", c.changes, err)
			}
			if refused++; !c.refused {
				t.Errorf("%s: Python reads it: %v", c.changes, err)
			}
			continue
		}
		problems, err := a.CheckFraming(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		problems = append(problems, a.Problems()...)
		if c.refused {
			if refused++; len(problems) == 0 {
				t.Errorf("%s: Python refuses it", c.changes)
			}
			continue
		}
		if len(a.dir.Entries) != len(c.members) {
			t.Errorf("%s: %d members", c.changes, len(a.dir.Entries))
			continue
		}
		for i, want := range c.members {
			m := Member{&a.dir.Entries[i], a.r}
			if m.Name() != want.name || m.HeaderOffset() != want.offset {
				t.Errorf("%s: %q at %d", c.changes, m.Name(), m.HeaderOffset())
			}
			content, err := m.ReadAll(1 << 20)
			sum := sha256.Sum256(content)
			switch digest := hex.EncodeToString(sum[:8]); {
			case err == nil && digest == want.digest:
				read++
			case err == nil && want.digest != "":
				t.Errorf("%s: %q has other content", c.changes, m.Name())
			case err == nil && len(problems) == 0:
				t.Errorf("%s: Python cannot read %q", c.changes, m.Name())
			case err != nil && want.digest != "" && len(problems) == 0 && !errors.Is(err, unzip.ErrChecksum) && !errors.Is(err, io.ErrUnexpectedEOF):
				// Of a wrong length Python reads as much as there is.
				t.Errorf("%s: Python reads %q: %v", c.changes, m.Name(), err)
			}
		}
	}
	t.Logf("%d refused, %d members read", refused, read)
}

// TestArchivesEqualGo reads the same archives with archive/zip. Where both accept one
// and differ, a problem is reported.
func TestArchivesEqualGo(t *testing.T) {
	both, differ := 0, 0
	for _, c := range archiveCases(t) {
		theirs, err := zip.NewReader(bytes.NewReader(c.data), int64(len(c.data)))
		if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
			continue
		}
		a, err := Open(bytes.NewReader(c.data), int64(len(c.data)))
		if err != nil {
			continue
		}
		both++
		if equalGo(a, theirs) {
			continue
		}
		differ++
		problems, err := a.CheckFraming(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Problems())+len(problems) == 0 {
			t.Errorf("%s: archive/zip reads something else, and no problem is reported", c.changes)
		}
	}
	t.Logf("%d accepted by both, %d read otherwise", both, differ)
	if both < 1000 || differ == both {
		t.Error("too few")
	}
}

func equalGo(a *Archive, z *zip.Reader) bool {
	if len(a.dir.Entries) != len(z.File) {
		return false
	}
	for i, f := range z.File {
		m := Member{&a.dir.Entries[i], a.r}
		if m.RawName() != f.Name || m.Method() != f.Method || m.Flags() != f.Flags || m.CRC32() != f.CRC32 || m.ClaimedSize() != f.UncompressedSize64 || m.PackedSize() != f.CompressedSize64 {
			return false
		}
		raw, err := m.Raw()
		off, theirErr := f.DataOffset()
		if (err == nil) != (theirErr == nil) {
			return false
		}
		if err == nil {
			if _, ours, _ := raw.Outer(); ours != off {
				return false
			}
		}
	}
	return true
}

// TestRowsEqualPython reads RECORDs as Python's csv module reads their lines.
func TestRowsEqualPython(t *testing.T) {
	recorded(t, "rows.jsonl.gz", func(line []byte) {
		var text string
		var want [][]string
		unmarshal(t, line, &text, &want)
		rows := csvReader{lines: lines{text: text}}
		var got [][]string
		for {
			fields, ok, err := rows.next()
			if err != nil {
				if want != nil {
					t.Errorf("%.200q: %v", text, err)
				}
				return
			}
			if !ok {
				break
			}
			got = append(got, slices.Clone(fields))
		}
		if want == nil || !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%.200q: %.200q, want %.200q", text, got, want)
		}
	})
}

// TestFieldsEqualPython reads METADATA as Python's email.parser does.
func TestFieldsEqualPython(t *testing.T) {
	recorded(t, "fields.jsonl.gz", func(line []byte) {
		var text, body string
		var want [][]string
		unmarshal(t, line, &text, &want, &body)
		h, err := parseHeaders("", text)
		if err != nil {
			t.Fatal(err)
		}
		got := [][]string{}
		for _, f := range h.fields {
			got = append(got, []string{f.Name, f.Value})
		}
		if !slices.EqualFunc(got, want, slices.Equal) || h.body != body {
			t.Errorf("%q: %q and %q, want %q and %q", text, got, h.body, want, body)
		}
	})
}
