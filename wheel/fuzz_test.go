package wheel

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"
)

// FuzzArchive: no archive makes Open panic; the packed bytes of its members do not
// overlap; and one without problems is the same to archive/zip.
func FuzzArchive(f *testing.F) {
	f.Add(writeDemo(f, epoch))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	for _, data := range baseArchives(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Open(bytes.NewReader(data), int64(len(data)))
		if (err == nil) != (a != nil) {
			t.Fatal(a, err)
		}
		if err != nil {
			return
		}
		if _, err := a.DistInfo(); err != nil && !errors.As(err, new(*Error)) {
			t.Errorf("error %T", err)
		}
		problems, err := a.CheckFraming(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		problems = append(problems, a.Problems()...)
		if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); len(problems) == 0 && (err != nil && !errors.Is(err, zip.ErrInsecurePath) || !equalGo(a, z)) {
			t.Errorf("no problem, but archive/zip reads something else: %v", err)
		}
		checkDisjoint(t, a)
	})
}

// checkDisjoint: the members of an archive share no bytes, and their content has the
// stated size.
func checkDisjoint(t *testing.T, a *Archive) {
	type span struct{ from, to int64 }
	var spans []span
	for m := range a.Members() {
		raw, err := m.Raw()
		if err != nil {
			continue
		}
		_, off, n := raw.Outer()
		if n > 0 {
			spans = append(spans, span{off, off + n})
		}
		if content, err := m.ReadAll(1 << 20); err == nil && uint64(len(content)) != m.ClaimedSize() {
			t.Errorf("%q: %d bytes, %d stated", m.Name(), len(content), m.ClaimedSize())
		}
	}
	slices.SortFunc(spans, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			t.Errorf("members share bytes: %v", spans[i-1:i+1])
		}
	}
}

// FuzzRecord: every row has a line, and what was read is found again.
func FuzzRecord(f *testing.F) {
	f.Add([]byte("a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n\"b,\"\"\",,\na,,\n"))
	f.Add([]byte("\"a\nb\",md5=AA,-1\x1c\xc2\x85\xe2\x80\xa8x"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := ParseRecord("RECORD", text)
		line := 0
		for i, row := range r.Rows {
			if row.Line <= line || !slices.Contains(r.Lookup(row.Path), row) || row.Size < -1 {
				t.Fatalf("row %d: %+v", i, row)
			}
			line = row.Line
			if h, err := ParseHash(row.Hash.String()); row.Hash != (Hash{}) && (err != nil || h != row.Hash) {
				t.Errorf("%+v: %v", row.Hash, err)
			}
			var e *Error
			if row.Err != nil && (!errors.As(row.Err, &e) || e.Path != "RECORD" || e.Offset > int64(len(text))) {
				t.Errorf("error %+v", row.Err)
			}
		}
	})
}

// FuzzMetadata: fields are in the text where they say, and what is written is read
// again.
func FuzzMetadata(f *testing.F) {
	f.Add([]byte("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nClassifier: a\n b\n\nThe text.\n"))
	f.Add([]byte("From x\r\nName: a\r: b\n c\nname: d\nno field\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ParseMetadata("METADATA", text)
		if (err == nil) != (m != nil) {
			t.Fatal(m, err)
		}
		if err != nil {
			return
		}
		for _, field := range m.Fields {
			if rest := string(text[field.Offset:]); !strings.HasPrefix(rest, field.Name+":") || !strings.Contains(rest, field.Value) {
				t.Errorf("field %+v", field)
			}
		}
		written, err := m.Text()
		if err != nil {
			return // a value with a line break that was hidden by white space around it
		}
		again, err := ParseMetadata("METADATA", written)
		if err != nil || again.Name != m.Name || again.RequiresPython != m.RequiresPython || !slices.Equal(again.Classifiers, slices.DeleteFunc(slices.Clone(m.Classifiers), func(s string) bool { return s == "" })) {
			t.Errorf("%q: %v: %+v, want %+v", written, err, again, m)
		}
	})
}

// FuzzInfo: what is written is read again.
func FuzzInfo(f *testing.F) {
	f.Add([]byte("Wheel-Version: 1.0\nGenerator: g\nRoot-Is-Purelib: true\nTag: py3-none-any\nTag: a\n b\nBuild: 1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		w, err := ParseInfo("WHEEL", text)
		if (err == nil) != (w != nil) {
			t.Fatal(w, err)
		}
		if err != nil {
			return
		}
		written, err := w.Text()
		if err != nil {
			return
		}
		want := slices.DeleteFunc(slices.Clone(w.Tags), func(s string) bool { return s == "" })
		if again, err := ParseInfo("WHEEL", written); err != nil || again.Generator != w.Generator || !slices.Equal(again.Tags, want) {
			t.Errorf("%q: %v: %+v", written, err, again)
		}
	})
}
