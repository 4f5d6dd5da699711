package wheel

import (
	"errors"
	"strings"
	"testing"
)

func TestRecordRows(t *testing.T) {
	const sha256 = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
	for _, c := range []struct {
		line string
		want RecordRow
		code Code
	}{
		{"a,sha256=" + sha256 + ",0", RecordRow{Path: "a", Hash: Hash{"sha256", sha256}, Size: 0}, ""},
		{"a,SHA256=" + sha256 + "=,17", RecordRow{Path: "a", Hash: Hash{"sha256", sha256}, Size: 17}, ""},
		{"a,md5=AAAA,1", RecordRow{Path: "a", Hash: Hash{"md5", "AAAA"}, Size: 1}, ""},
		{`"a ""b"", c"x,,`, RecordRow{Path: `a "b", cx`, Size: -1}, ""},
		{`a"b,,`, RecordRow{Path: `a"b`, Size: -1}, ""},
		{"a,sha256", RecordRow{Path: "a", Size: -1}, CodeRecordFields},
		{"a", RecordRow{Path: "a", Size: -1}, CodeRecordFields},
		{"a,,1,", RecordRow{Path: "a", Size: 1}, CodeRecordFields},
		{"a,sha256,1", RecordRow{Path: "a", Size: 1}, CodeRecordHash},
		{"a,=AAAA,1", RecordRow{Path: "a", Size: 1}, CodeRecordHash},
		{"a,sha256=,1", RecordRow{Path: "a", Size: 1}, CodeRecordHash},
		{"a,sha256=A/+A,1", RecordRow{Path: "a", Size: 1}, CodeRecordHash},
		{"a,,-1", RecordRow{Path: "a", Size: -1}, CodeRecordSize},
		{"a,,+1", RecordRow{Path: "a", Size: -1}, CodeRecordSize},
		{"a,,99999999999999999999", RecordRow{Path: "a", Size: -1}, CodeRecordSize},
	} {
		r := ParseRecord("d/RECORD", []byte("x,,\n"+c.line+"\n"))
		if r.Err != nil || len(r.Rows) != 2 {
			t.Errorf("%s: %d rows, %v", c.line, len(r.Rows), r.Err)
			continue
		}
		got := r.Rows[1]
		var e *Error
		if errors.As(got.Err, &e); (e == nil) != (c.code == "") || e != nil && (e.Code != c.code || e.Path != "d/RECORD" || e.Offset != 4) {
			t.Errorf("%s: error %v, want %q", c.line, got.Err, c.code)
		}
		if got.Err = nil; got.Line != 2 || got != (RecordRow{c.want.Path, c.want.Hash, c.want.Size, 2, nil}) {
			t.Errorf("%s: %+v, want %+v", c.line, got, c.want)
		}
	}
}

// TestRecordMessages: a row's error says where and what.
func TestRecordMessages(t *testing.T) {
	for line, want := range map[string]string{
		"a,nohash,1":     `RECORD: line 1: "nohash" is not a hash; want ALGORITHM=DIGEST`,
		"a,sha256=A/A,1": `RECORD: line 1: "sha256=A/A" is not a hash: the digest is not URL-safe base64`,
		"a,,x":           `RECORD: line 1: "x" is not a size`,
		"a,":             "RECORD: line 1: 2 fields; want path, hash and size",
	} {
		if r := ParseRecord("RECORD", []byte(line)); len(r.Rows) != 1 || r.Rows[0].Err == nil || r.Rows[0].Err.Error() != want {
			t.Errorf("%s: %+v", line, r.Rows)
		}
	}
}

func TestRecordLookup(t *testing.T) {
	r := ParseRecord("RECORD", []byte("a,,1\nb,,2\na,,3\na,,4\n"))
	var sizes []int64
	for _, row := range r.Lookup("a") {
		sizes = append(sizes, row.Size)
	}
	if len(sizes) != 3 || sizes[0] != 1 || sizes[1] != 3 || sizes[2] != 4 || len(r.Lookup("b")) != 1 || len(r.Lookup("c")) != 0 {
		t.Errorf("sizes of a: %v", sizes)
	}
	if !r.Has("b") || r.Has("c") || (&Record{}).Has("b") || len((&Record{}).Lookup("b")) != 0 {
		t.Error("Has")
	}
	if r.Rows[1].Size != 2 {
		t.Error("Lookup changed the rows")
	}
}

// TestRecordErrors: a RECORD that cannot be read keeps the reason, and the rows before
// the fault.
func TestRecordErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		rows int
		code Code
	}{
		{strings.Repeat("a\n", maxRows), maxRows, ""},
		{strings.Repeat("a\n", maxRows+1), maxRows, CodeRecordRows},
		{"a,,\nb\xff,,\n", 0, CodeRecordText},
		{"a,,\n" + strings.Repeat("b", maxFieldSize) + ",,\n", 2, ""},
		{"a,,\n" + strings.Repeat("b", maxFieldSize+1) + ",,\n", 1, CodeRecordText},
		{"a,,\n" + strings.Repeat("é", maxFieldSize) + ",,\n", 2, ""},
		{"a,,\n\"" + strings.Repeat("b\n", maxFieldSize+1), 1, CodeRecordText},
		{"a,,\n\"" + strings.Repeat("b\n", 5*maxFieldSize) + "\"\nc,,\n", 1, CodeRecordText},
	} {
		r := ParseRecord("RECORD", []byte(c.text))
		var e *Error
		if errors.As(r.Err, &e); (e == nil) != (c.code == "") || e != nil && e.Code != c.code || len(r.Rows) != c.rows {
			t.Errorf("%d bytes of %.4q: %d rows, %v; want %d, %q", len(c.text), c.text, len(r.Rows), r.Err, c.rows, c.code)
		}
	}
}

func TestHash(t *testing.T) {
	for name, want := range map[string]string{
		"sha256": "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0", "sha384": "ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP_W-2AhgcroefMI1i67KE0yCWn",
		"sha512": "3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_BqDa6PCOj_uu9RU1EI2Q86A4qmslPpUyknw",
	} {
		h := Hash{name, want}
		sum, err := h.New()
		if err != nil {
			t.Fatal(err)
		}
		sum.Write([]byte("abc"))
		if !h.Matches(sum.Sum(nil)) || (Hash{name, want[1:]}).Matches(sum.Sum(nil)) || h.String() != name+"="+want {
			t.Errorf("%s: %x", name, sum.Sum(nil))
		}
	}
	for name, want := range map[string]error{"md5": ErrWeakHash, "sha1": ErrWeakHash, "sha224": ErrWeakHash, "blake2b": ErrUnknownHash, "": ErrUnknownHash} {
		if _, err := (Hash{Algorithm: name}).New(); !errors.Is(err, want) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
