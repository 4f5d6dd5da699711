package remote

import (
	"net/http"
	"testing"
	"time"
)

func TestParseContentRange(t *testing.T) {
	for _, test := range []struct {
		value string
		want  contentRange
		ok    bool
	}{
		{"bytes 0-99/1234", contentRange{0, 99, 1234}, true},
		{"Bytes 0-0/1", contentRange{0, 0, 1}, true},
		{"bytes 5-9/*", contentRange{5, 9, -1}, true},
		{"bytes */1234", contentRange{-1, -1, 1234}, true},
		{"bytes */0", contentRange{-1, -1, 0}, true},
		{"bytes 0-999999999999999999/*", contentRange{0, 999999999999999999, -1}, true},
		{value: ""},
		{value: "bytes"},
		{value: "bytes "},
		{value: "bytes */*"},
		{value: "bytes=0-99/1234"},
		{value: "bytes  0-99/1234"},
		{value: " bytes 0-99/1234"},
		{value: "bytes 0-99/1234 "},
		{value: "items 0-99/1234"},
		{value: "bytes 0-99"},
		{value: "bytes 0-/1234"},
		{value: "bytes -99/1234"},
		{value: "bytes --9/1234"},
		{value: "bytes 0-99/"},
		{value: "bytes 0-99/99"},
		{value: "bytes 9-8/99"},
		{value: "bytes +0-99/1234"},
		{value: "bytes 0-9_9/1234"},
		{value: "bytes 0x0-99/1234"},
		{value: "bytes 0-1-2/1234"},
		{value: "bytes 0-99/1234/5"},
		{value: "bytes 0-1000000000000000000/*"},
		{value: "bytes 0-9/99999999999999999999999"},
	} {
		if got, ok := parseContentRange(test.value); got != test.want || ok != test.ok {
			t.Errorf("%q: %+v, %v; want %+v, %v", test.value, got, ok, test.want, test.ok)
		}
	}
}

func FuzzContentRange(f *testing.F) {
	for _, seed := range []string{"bytes 0-99/1234", "bytes 5-9/*", "bytes */1234", "bytes 00-01/2", "bytes 9-8/7", "bytes -1-2/3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		c, ok := parseContentRange(value)
		if !ok {
			if c != (contentRange{}) {
				t.Fatalf("%q: refused, and yet %+v", value, c)
			}
			return
		}
		part := c.first >= 0 && c.first <= c.last && (c.total == -1 || c.last < c.total)
		none := c.first == -1 && c.last == -1 && c.total >= 0
		if !part && !none {
			t.Fatalf("%q: %+v", value, c)
		}
		if s := c.span(); part && (s.Len < 1 || s.End() < s.Off) {
			t.Fatalf("%q: %v", value, s)
		}
		if again, ok := parseContentRange(c.String()); !ok || again != c {
			t.Fatalf("%q: %q is read as %+v", value, c, again)
		}
	})
}

func TestRangeOf(t *testing.T) {
	one := http.Header{"Content-Range": {"bytes 0-1/2"}}
	two := http.Header{"Content-Range": {"bytes 0-1/2", "bytes 0-1/2"}}
	if _, ok := rangeOf(one); !ok {
		t.Error("one header is refused")
	}
	if _, ok := rangeOf(two); ok {
		t.Error("two headers are accepted")
	}
}

func TestValidator(t *testing.T) {
	date := func(seconds int) string {
		return time.Date(2024, 5, 1, 12, 0, seconds, 0, time.UTC).Format(http.TimeFormat)
	}
	header := func(etag, modified, now string) http.Header {
		return http.Header{"Etag": {etag}, "Last-Modified": {modified}, "Date": {now}}
	}
	for _, test := range []struct {
		first, then http.Header
		ifRange     string
		want        verdict
	}{
		{header(`"a"`, date(0), date(9)), header(`"a"`, date(1), ""), `"a"`, same},
		{header(`"a"`, date(0), date(9)), header(`"b"`, date(0), ""), `"a"`, differs},
		{header(`"a"`, date(0), date(9)), header("", date(0), ""), `"a"`, untold},
		{header(`"a"`, "", ""), header(`W/"a"`, "", ""), `"a"`, differs},
		{header(`W/"a"`, date(0), date(9)), header(`W/"b"`, date(0), ""), date(0), same},
		{header(`W/"a"`, "", ""), header(`W/"b"`, "", ""), "", untold},
		{header("", date(0), date(1)), header("", date(1), ""), date(0), differs},
		{header("", date(0), date(0)), header("", date(0), ""), "", same},
		{header("", date(0), ""), header("", date(0), ""), "", same},
		{header("", "yesterday", date(9)), header("", "today", ""), "", differs},
		{header("", "", date(9)), header(`"a"`, date(1), ""), "", untold},
		{header("unquoted", "", ""), header("unquoted", "", ""), "", untold},
	} {
		v := validatorOf(test.first)
		if got := v.ifRange(); got != test.ifRange {
			t.Errorf("%v: If-Range %q, want %q", test.first, got, test.ifRange)
		}
		if got := v.judge(test.then); got != test.want {
			t.Errorf("%v then %v: %v, want %v", test.first, test.then, got, test.want)
		}
	}
}
