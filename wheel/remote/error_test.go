package remote

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
)

// TestErrorText: every code has a text of its own that says what to do, where
// anything can be done.
func TestErrorText(t *testing.T) {
	const where = "read https://host/a.whl, bytes 10-19: "
	seen := map[string]bool{}
	for code, want := range map[Code]string{
		CodeURL:       "not an http or https address: cause",
		CodeNotFound:  "the server has no such file (404 Not Found): cause; check the address",
		CodeDenied:    "the server refuses access (404 Not Found): cause; check the address and the credentials",
		CodeStatus:    "the server answered 404 Not Found: cause",
		CodeRange:     "the answer does not fit the range asked for: cause; download the file and read it locally",
		CodeEncoding:  "the server encodes the file, so that its bytes cannot be told: cause; download the file and read it locally",
		CodeChanged:   "the file changed on the server: cause; open it again",
		CodeTooLarge:  "the server gives no ranges and the file is too large to be taken whole: cause; download the file and read it locally",
		CodeShort:     "the answer ended early: cause",
		CodeRedirect:  "the redirect was not followed: cause",
		CodeNetwork:   "no complete answer: cause",
		CodeOffset:    "no such place in a file: cause",
		CodeArchive:   "not a zip archive that can be read: cause",
		CodeCancelled: "cancelled: cause",
		CodeClosed:    "cannot be used any more: cause",
	} {
		cause := errors.New("cause")
		e := &Error{URL: "https://host/a.whl", Op: "read", Span: Span{10, 10}, Status: 404, Code: code, Err: cause}
		if e.Error() != where+want || !errors.Is(e, cause) || seen[want] {
			t.Errorf("%s: %v", code, e)
		}
		seen[want] = true
	}
	if e := (&Error{Op: "open", Code: CodeCancelled}); e.Error() != "open: cancelled" {
		t.Error(e)
	}
}

func TestScrub(t *testing.T) {
	wrap := func(err error) error { return &url.Error{Op: "Get", URL: "http://u:hidden@h/?hidden", Err: err} }
	reset := &net.OpError{Op: "read", Err: errors.New("connection reset")}
	for _, test := range []struct {
		err  error
		want string
	}{
		{wrap(reset), reset.Error()},
		{wrap(wrap(reset)), reset.Error()},
		{wrap(fmt.Errorf("reading: %w", wrap(reset))), reset.Error()},
		{wrap(io.EOF), errEnded.Error()},
		{fmt.Errorf("body: %w", io.ErrUnexpectedEOF), errEnded.Error()},
		{wrap(errors.New("cannot go to http://h/?hidden")), "the request failed; the reason is left out because it quotes an address"},
		{wrap(errors.New("cannot go to http://u:hidden@h/")), "the request failed; the reason is left out because it quotes an address"},
		{wrap(errors.New(`failed to parse Location header "hidden"`)), "the request failed; the reason is left out because it quotes an address"},
	} {
		if got := scrub(test.err); got.Error() != test.want || errors.Is(got, io.EOF) || strings.Contains(got.Error(), "hidden") {
			t.Errorf("%v: %v, want %s", test.err, got, test.want)
		}
	}
}
