package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// transfer is one task for the server, done in one request or several attempts. It
// ends when there was no progress for too long.
type transfer struct {
	f     *File
	ctx   context.Context
	timer *time.Timer // ends ctx
	since time.Time   // of the last progress
	bytes int         // received after that
}

// transfer calls try until it succeeds, fails for good, or fails too often in a row.
// A failed attempt that brought something does not count.
func (f *File) transfer(try func(t *transfer) (brought bool, err error)) error {
	if err := f.ended(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(f.ctx)
	defer cancel(nil)
	t := &transfer{f: f, ctx: ctx, since: time.Now()}
	t.timer = time.AfterFunc(patience, func() { cancel(errStalled) })
	defer t.timer.Stop()
	for failures := 0; ; {
		brought, err := try(t)
		e, ok := errors.AsType[*Error](err)
		if !ok || !e.retry {
			return err
		}
		if brought {
			failures = 0
			continue
		}
		failures++
		wait := max(delay<<(failures-1), e.after)
		switch {
		case time.Since(t.since)+wait >= patience && e.after > 0:
			return e.because("it asks to wait for %v", e.after)
		case failures == maxAttempts:
			return e.because("gave up after %d attempts", failures)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return t.broken(nil, ctx.Err())
		}
	}
}

// get sends a request. header is the value of the Range header, "" for the whole
// file. The body of the response must be closed; its status is not one that is
// worth another attempt, and its content is not compressed any more.
func (t *transfer) get(header string) (*http.Response, error) {
	f := t.f
	req, err := http.NewRequestWithContext(t.ctx, http.MethodGet, f.url, nil)
	if err != nil { // cannot be: the URL was parsed before
		return nil, f.fault(CodeURL, 0, errAddress)
	}
	req.Header.Set("User-Agent", "wheeltag")
	if f.document != nil {
		f.document.headers(req.Header)
	} else {
		req.Header.Set("Accept-Encoding", "identity")
	}
	if header != "" {
		req.Header.Set("Range", header)
	}
	if f.user != nil {
		password, _ := f.user.Password()
		req.SetBasicAuth(f.user.Username(), password)
	}
	resp, err := f.client.Do(req)
	switch {
	case err != nil && resp != nil: // only for a redirect
		return nil, f.fault(CodeRedirect, resp.StatusCode, scrub(err))
	case err != nil:
		return nil, t.broken(nil, err)
	}
	fault := f.refused(resp)
	switch resp.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		fault.retry, fault.after = true, retryAfter(resp.Header)
	case http.StatusOK, http.StatusPartialContent:
		coding := strings.Join(resp.Header.Values("Content-Encoding"), ", ")
		if (!resp.Uncompressed || f.document != nil) && (coding == "" || strings.EqualFold(coding, "identity")) {
			return resp, nil
		}
		fault = f.fault(CodeEncoding, resp.StatusCode, fmt.Errorf("Content-Encoding %q", coding))
	default:
		return resp, nil
	}
	resp.Body.Close()
	return nil, fault
}

// Body returns a reader of the body that counts as progress.
func (t *transfer) body(resp *http.Response) io.Reader { return &body{t, resp.Body} }

type body struct {
	t *transfer
	r io.Reader
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	t := b.t
	if t.bytes += n; t.bytes >= blockSize {
		t.bytes, t.since = 0, time.Now()
		t.timer.Reset(patience)
	}
	return n, err
}

// broken returns the error for a request that failed, or for a body that ended
// early if there is a response.
func (t *transfer) broken(resp *http.Response, err error) error {
	if ended := t.f.ended(); ended != nil {
		return ended
	}
	status := 0
	if resp != nil {
		status = resp.StatusCode
	}
	if context.Cause(t.ctx) == errStalled {
		return t.f.fault(CodeTimeout, status, fmt.Errorf("no progress for %v", patience))
	}
	fault := t.f.fault(CodeNetwork, status, scrub(err))
	fault.retry = !permanent(err)
	return fault
}

// permanent reports whether another attempt would fail in the same way.
func permanent(err error) bool {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	lookup, unknown := errors.AsType[*net.DNSError](err)
	return certificate || unknown && lookup.IsNotFound || errors.Is(err, fs.ErrPermission)
}

// retryAfter returns how long a server asks to wait in seconds; a date is ignored.
func retryAfter(h http.Header) time.Duration {
	seconds, _ := strconv.ParseUint(h.Get("Retry-After"), 10, 31)
	return time.Duration(seconds) * time.Second
}
