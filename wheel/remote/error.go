package remote

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Code says what went wrong; the codes are stable.
type Code string

// What can go wrong with a remote file.
const (
	CodeURL       Code = "url"                // not an http or https address
	CodeNotFound  Code = "not-found"          // 404 or 410
	CodeDenied    Code = "denied"             // 401, 403 or 407
	CodeStatus    Code = "status"             // another status that is no success
	CodeRange     Code = "range"              // an answer that does not fit the range asked for
	CodeEncoding  Code = "encoding"           // a body in a content coding, though none was accepted
	CodeChanged   Code = "changed"            // another file than the one that was opened
	CodeTooLarge  Code = "no-range-too-large" // no ranges, and more than Options.MaxDownload
	CodeShort     Code = "short"              // bodies that end early, again and again
	CodeRedirect  Code = "redirect"           // too many redirects, or one the client refuses
	CodeNetwork   Code = "network"            // no answer, or a connection that broke
	CodeOffset    Code = "offset"             // a negative offset
	CodeArchive   Code = "archive"            // no zip directory, or a broken one; only [File.Members] gives it
	CodeCancelled Code = "cancelled"          // the context of Open has ended
	CodeClosed    Code = "closed"             // used after Close
)

// Error is a remote file that cannot be opened or read. Neither its fields nor
// its text hold the user, the password or the query of any address.
type Error struct {
	URL    string // as given, with user, password, query and fragment removed
	Op     string // "open" or "read"
	Span   Span   // what was asked for; Len is 0 when it was not a range
	Status int    // of the last answer, 0 if there was none
	Code   Code
	Err    error // the cause; nil when the code says it all

	retry bool          // the same request may do better
	after time.Duration // that the server asks to wait before it
}

var (
	errRedirects = errors.New("more than 10 redirects")
	errProtocol  = errors.New("it leads to another protocol than http and https")
	errClosed    = errors.New("file already closed")
	errEnded     = errors.New("the connection was closed")
	errAddress   = errors.New("want an address such as https://host/path/name.whl")
)

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.URL != "" {
		b.WriteString(" " + e.URL)
	}
	if e.Span.Len > 0 {
		b.WriteString(", " + e.Span.String())
	}
	what, advice := e.explain()
	b.WriteString(": " + what)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	if advice != "" {
		b.WriteString("; " + advice)
	}
	return b.String()
}

// explain says what is wrong and what to do about it, if there is anything.
func (e *Error) explain() (what, advice string) {
	const fetch = "download the file and read it locally"
	status := strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
	switch e.Code {
	case CodeURL:
		return "not an http or https address", ""
	case CodeNotFound:
		return "the server has no such file (" + status + ")", "check the address"
	case CodeDenied:
		return "the server refuses access (" + status + ")", "check the address and the credentials"
	case CodeStatus:
		return "the server answered " + status, ""
	case CodeRange:
		return "the answer does not fit the range asked for", fetch
	case CodeEncoding:
		return "the server encodes the file, so that its bytes cannot be told", fetch
	case CodeChanged:
		return "the file changed on the server", "open it again"
	case CodeTooLarge:
		return "the server gives no ranges and the file is too large to be taken whole", fetch
	case CodeShort:
		return "the answer ended early", ""
	case CodeRedirect:
		return "the redirect was not followed", ""
	case CodeArchive:
		return "not a zip archive that can be read", ""
	case CodeOffset:
		return "no such place in a file", ""
	case CodeCancelled:
		return "cancelled", ""
	case CodeClosed:
		return "cannot be used any more", ""
	}
	return "no complete answer", ""
}

// fault makes an error about this file.
func (f *File) fault(code Code, s Span, status int, cause error) *Error {
	op := "read"
	if !f.opened.Load() {
		op = "open"
	}
	return &Error{URL: f.shown, Op: op, Span: s, Status: status, Code: code, Err: cause}
}

// redact gives an address without what may be secret in it.
func redact(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return shown.String()
}

// scrub gives the cause of a failed request without addresses. The client wraps
// the address last asked, which may be a signed one that came with a redirect;
// what is inside may quote it too. Nor may an end of file shine through: whoever
// unpacks the file would take it for the end of the content.
func scrub(err error) error {
	var wrapped *url.Error
	for errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errEnded
	}
	text := err.Error()
	if !strings.ContainsAny(text, "?@") && !strings.Contains(text, "Location") {
		return err
	}
	return errors.New("the request failed; the reason is left out because it quotes an address")
}
