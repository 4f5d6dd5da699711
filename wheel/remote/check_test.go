package remote

import (
	"net/http"
	"testing"
)

// TestCheck: a response is taken only for the range that was asked for, of the file that
// was opened; the error says what is different, and no length comes with it.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		what   string
		status int
		header string // Content-Range
		length int64  // Content-Length
		want   int64
		code   Code
		why    string
	}{
		{"the range", 206, "bytes 10-19/100", 10, 10, "", ""},
		{"less of it", 206, "bytes 10-14/100", 5, 5, "", ""},
		{"without a length", 206, "bytes 10-19/*", -1, 10, "", ""},
		{"more of it", 206, "bytes 10-20/100", 11, 0, CodeRange, "another range than the one requested"},
		{"another range", 206, "bytes 11-19/100", 9, 0, CodeRange, "another range than the one requested"},
		{"two lengths", 206, "bytes 10-19/100", 9, 0, CodeRange, "Content-Length and Content-Range differ"},
		{"no range", 206, "", 10, 0, CodeRange, "no valid Content-Range"},
		{"the whole file", 200, "", 100, 0, CodeRange, "whole file instead of a range"},
		{"another file", 200, "", 99, 0, CodeChanged, "its size is different"},
		{"a range of another file", 206, "bytes 10-19/99", 10, 0, CodeChanged, "its size is different"},
		{"a refusal", 416, "", 0, 0, CodeRange, "range refused; the file may have changed"},
		{"an error", 500, "", 0, 0, CodeStatus, ""},
	} {
		f := &File{size: 100, shown: "http://h/f"}
		resp := &http.Response{StatusCode: c.status, Header: http.Header{}, ContentLength: c.length}
		if c.header != "" {
			resp.Header.Set("Content-Range", c.header)
		}
		n, err := f.check(resp, span{10, 10})
		if n != c.want || (err == nil) != (c.code == "") {
			t.Errorf("%s: %d, %v", c.what, n, err)
		}
		if c.code == "" {
			continue
		}
		e := wantCode(t, err, c.code)
		if e.Status != c.status || c.why != "" && (e.Err == nil || e.Err.Error() != c.why) {
			t.Errorf("%s: %v, want %s", c.what, e, c.why)
		}
	}
}

// TestErrorWords: each code has its words, with the status where a server gave one.
func TestErrorWords(t *testing.T) {
	for want, e := range map[string]*Error{
		"u: not an http or https URL": {URL: "u", Code: CodeURL}, "u: file not found (404 Not Found)": {URL: "u", Code: CodeNotFound, Status: 404},
		"access denied (403 Forbidden), check the credentials":                                                  {Code: CodeDenied, Status: 403},
		"server returned 500 Internal Server Error":                                                             {Code: CodeStatus, Status: 500},
		"server answers range requests wrongly, download the file first":                                        {Code: CodeRange},
		"server compresses the file, download it first":                                                         {Code: CodeEncoding},
		"file changed on the server while it was read, try again":                                               {Code: CodeChanged},
		"server does not support range requests and the file is too large to keep in memory, download it first": {Code: CodeTooLarge},
		"document is too large": {Code: CodeSize}, "redirect refused": {Code: CodeRedirect}, "timed out": {Code: CodeTimeout}, "cancelled": {Code: CodeCancelled}, "file is closed": {Code: CodeClosed},
		"connection failed: no": {Err: errNo{}},
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

type errNo struct{}

func (errNo) Error() string { return "no" }
