package remote

import (
	"fmt"
	"net/http"
	"testing"
)

func contentRange(values ...string) http.Header { return http.Header{"Content-Range": values} }

func TestRangeOf(t *testing.T) {
	for value, want := range map[string]struct {
		span
		total int64
	}{
		"bytes 0-99/1234":               {span{0, 100}, 1234},
		"Bytes 0-0/1":                   {span{0, 1}, 1},
		"bytes 5-9/*":                   {span{5, 5}, -1},
		"bytes 0-1152921504606846976/*": {span{0, 1<<60 + 1}, -1},
	} {
		if s, total, ok := rangeOf(contentRange(value)); !ok || s != want.span || total != want.total {
			t.Errorf("%q: %v of %d, %v; want %v of %d", value, s, total, ok, want.span, want.total)
		}
	}
	for _, value := range []string{
		"", "bytes", "bytes ", "bytes */1234", "bytes */*", "bytes=0-99/1234", "bytes  0-99/1234", " bytes 0-99/1234", "bytes 0-99/1234 ",
		"items 0-99/1234", "bytes 0-99", "bytes 0-/1234", "bytes -99/1234", "bytes --9/1234", "bytes 0-99/", "bytes 0-99/99",
		"bytes 9-8/99", "bytes +0-99/1234", "bytes 0-9_9/1234", "bytes 0x0-99/1234", "bytes 0-1-2/1234", "bytes 0-99/1234/5",
		"bytes 00-99/1234", "bytes 0-99/01234", "bytes 0-99/-1", "bytes 0-1152921504606846977/*",
		"bytes 0-9223372036854775808/*", "bytes 0-9/99999999999999999999999",
	} {
		if s, total, ok := rangeOf(contentRange(value)); ok || s != (span{}) || total != 0 {
			t.Errorf("%q: %v of %d, %v", value, s, total, ok)
		}
	}
	if _, _, ok := rangeOf(contentRange("bytes 0-1/2", "bytes 0-1/2")); ok {
		t.Error("two headers are accepted")
	}
}

func FuzzRangeOf(f *testing.F) {
	for _, seed := range []string{"bytes 0-99/1234", "bytes 5-9/*", "bytes */1234", "bytes 00-01/2", "bytes 9-8/7", "bytes -1-2/3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		s, total, ok := rangeOf(contentRange(value))
		if !ok {
			return
		}
		size := "*"
		if total >= 0 {
			size = fmt.Sprint(total)
		}
		again := fmt.Sprintf("bytes %d-%d/%s", s.off, s.end()-1, size)
		if s.off < 0 || s.length < 1 || s.end() < s.off || total >= 0 && s.end() > total || len(again) != len(value) {
			t.Fatalf("%q: %v of %d", value, s, total)
		}
	})
}

func TestVersion(t *testing.T) {
	header := func(etag, modified string) http.Header {
		return http.Header{"Etag": {etag}, "Last-Modified": {modified}}
	}
	for _, test := range []struct {
		first, then http.Header
		want        bool
	}{
		{header(`"a"`, "x"), header(`"a"`, "y"), true},
		{header(`"a"`, "x"), header(`"b"`, "x"), false},
		{header(`"a"`, "x"), header("", "x"), false},
		{header(`"a"`, ""), header(`W/"a"`, ""), false},
		{header(`W/"a"`, "x"), header(`W/"b"`, "x"), true},
		{header(`W/"a"`, "x"), header(`W/"a"`, "y"), false},
		{header(`W/"a"`, ""), header(`W/"b"`, ""), true},
		{header("", "x"), header(`"a"`, "x"), true},
		{header("", "x"), header("", "y"), false},
		{header("", "x"), header("", ""), false},
		{header("", ""), header(`"a"`, "y"), true},
		{header("unquoted", ""), header("unquoted2", ""), true},
	} {
		if got := versionOf(test.first).matches(test.then); got != test.want {
			t.Errorf("%v then %v: %v", test.first, test.then, got)
		}
	}
}
