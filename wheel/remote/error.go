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

// Code is the kind of an [Error].
type Code string

// The kinds of errors.
const (
	CodeURL       Code = "url"                // not an http or https URL
	CodeNotFound  Code = "not-found"          // status 404 or 410
	CodeDenied    Code = "denied"             // status 401, 403 or 407
	CodeStatus    Code = "status"             // another status that is no success
	CodeRange     Code = "range"              // a response that does not fit the range requested
	CodeEncoding  Code = "encoding"           // a compressed response, though none was accepted
	CodeChanged   Code = "changed"            // not the file that was opened
	CodeTooLarge  Code = "no-range-too-large" // no ranges, and larger than 256 MiB
	CodeSize      Code = "too-large"          // a document over the limit of Get
	CodeRedirect  Code = "redirect"           // too many redirects, or one that was refused
	CodeNetwork   Code = "network"            // no connection, or one that broke
	CodeTimeout   Code = "timeout"            // no progress for a minute, or Options.Timeout is over
	CodeCancelled Code = "cancelled"          // the context of Open has ended
	CodeClosed    Code = "closed"             // used after Close
)

// Error is the failure to open or read a remote file. Neither its fields nor its
// text contain the user, password or query of any URL.
type Error struct {
	URL    string // as given to Open, without user, password, query and fragment
	Code   Code
	Status int   // of the last response, 0 if there was none
	Err    error // the cause, or nil

	retry bool          // another attempt may succeed
	after time.Duration // the least wait before it, as the server says
}

var (
	errRedirects = errors.New("more than 10 redirects")
	errScheme    = errors.New("redirected to a URL that is neither http nor https")
	errClosed    = errors.New("already closed")
	errLate      = errors.New("not finished in time")
	errStalled   = errors.New("no progress")
	errEnded     = errors.New("connection closed early")
	errAddress   = errors.New("want one such as https://host/path/name.whl")
)

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) Error() string {
	text := e.text()
	if e.URL != "" {
		text = e.URL + ": " + text
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *Error) text() string {
	status := strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
	switch e.Code {
	case CodeURL:
		return "not an http or https URL"
	case CodeNotFound:
		return "file not found (" + status + ")"
	case CodeDenied:
		return "access denied (" + status + "), check the credentials"
	case CodeStatus:
		return "server returned " + status
	case CodeRange:
		return "server answers range requests wrongly, download the file first"
	case CodeEncoding:
		return "server compresses the file, download it first"
	case CodeChanged:
		return "file changed on the server while it was read, try again"
	case CodeTooLarge:
		return "server does not support range requests and the file is too large to keep in memory, download it first"
	case CodeSize:
		return "document is too large"
	case CodeRedirect:
		return "redirect refused"
	case CodeTimeout:
		return "timed out"
	case CodeCancelled:
		return "cancelled"
	case CodeClosed:
		return "file is closed"
	}
	return "connection failed"
}

// fault returns an error about this file.
func (f *File) fault(code Code, status int, cause error) *Error {
	return &Error{URL: f.shown, Code: code, Status: status, Err: cause}
}

// refused returns the error for a response whose status is no success.
func (f *File) refused(resp *http.Response) *Error {
	code := CodeStatus
	switch resp.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		code = CodeNotFound
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		code = CodeDenied
	}
	return f.fault(code, resp.StatusCode, nil)
}

// because returns the error with a remark.
func (e *Error) because(format string, args ...any) *Error {
	with := *e
	if with.Err = fmt.Errorf(format, args...); e.Err != nil {
		with.Err = fmt.Errorf("%w; %w", e.Err, with.Err)
	}
	return &with
}

// scrub returns the cause of a failed request without URLs. The client wraps the
// URL that was requested last, which may be a signed one that came with a redirect,
// and the text of the inner error may quote it too. An end of file is replaced as
// well: whoever unpacks the file would take it for the end of the content.
func scrub(err error) error {
	for {
		wrapped, ok := errors.AsType[*url.Error](err)
		if !ok {
			break
		}
		err = wrapped.Err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errEnded
	}
	text := err.Error()
	if !strings.ContainsAny(text, "?@") && !strings.Contains(text, "Location") {
		return err
	}
	return errors.New("the reason is not shown because it contains a URL")
}
