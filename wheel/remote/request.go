package remote

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// reply is the answer to one request. Reading from it counts the bytes and fails
// when none come for too long. It holds one of the slots until it is closed.
type reply struct {
	*http.Response
	f      *File
	ctx    context.Context // of this request
	asked  Span
	stall  *time.Timer
	finish func()
}

var errStall = errors.New("the server sends nothing")

// get sends one request. A status that is worth another attempt is an error;
// every other one is the caller's.
func (f *File) get(asked Span, header, ifRange string) (*reply, *Error) {
	select {
	case f.slots <- struct{}{}:
	case <-f.ctx.Done():
		return nil, f.ended(asked)
	}
	ctx, cancel := context.WithCancelCause(f.ctx)
	stall := time.AfterFunc(f.o.Stall, func() { cancel(errStall) })
	r := &reply{f: f, ctx: ctx, asked: asked, stall: stall}
	r.finish = sync.OnceFunc(func() {
		stall.Stop()
		cancel(nil)
		<-f.slots
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address, nil)
	if err != nil { // cannot be: the address was parsed before
		r.finish()
		return nil, f.fault(CodeURL, asked, 0, errAddress)
	}
	f.dress(req, header, ifRange)
	f.requests.Add(1)
	r.Response, err = f.client.Do(req)
	if err != nil {
		defer r.finish()
		if r.Response != nil { // net/http gives both only for a redirect
			return nil, f.fault(CodeRedirect, asked, r.StatusCode, scrub(err))
		}
		return nil, r.broken(err)
	}
	if transient(r.StatusCode) {
		defer r.Close()
		fault := r.refused()
		fault.retry, fault.after = true, retryAfter(r.Header)
		return nil, fault
	}
	return r, nil
}

func (f *File) dress(req *http.Request, header, ifRange string) {
	req.Header.Set("User-Agent", "wheeltag")
	req.Header.Set("Accept-Encoding", "identity")
	if header != "" {
		req.Header.Set("Range", header)
	}
	if ifRange != "" {
		req.Header.Set("If-Range", ifRange)
	}
	if f.user != nil {
		password, _ := f.user.Password()
		req.SetBasicAuth(f.user.Username(), password)
	}
}

// Read reads from the body.
func (r *reply) Read(p []byte) (int, error) {
	r.stall.Reset(r.f.o.Stall)
	n, err := r.Body.Read(p)
	r.stall.Stop()
	r.f.fetched.Add(int64(n))
	return n, err
}

// fill reads until buf is full or the body ends, and leaves the error as it is:
// [io.EOF] is the right end, [io.ErrUnexpectedEOF] one too early.
func (r *reply) fill(buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var k int
		k, err = r.Read(buf[n:])
		n += k
	}
	return n, err
}

// Close ends the request. A little that is left of the body is read, so that the
// connection can be used again.
func (r *reply) Close() {
	if r.StatusCode >= 300 && r.ContentLength >= 0 && r.ContentLength <= 4<<10 {
		_, _ = io.CopyN(io.Discard, r, r.ContentLength) // only to tidy up
	}
	r.Body.Close()
	r.finish()
}

// broken explains an error of the connection.
func (r *reply) broken(err error) *Error {
	if ended := r.f.ended(r.asked); ended != nil {
		return ended
	}
	code, status := CodeNetwork, 0
	if r.Response != nil {
		status = r.StatusCode
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			code = CodeShort
		}
	}
	if context.Cause(r.ctx) == errStall {
		err = errStall
	}
	fault := r.f.fault(code, r.asked, status, scrub(err))
	fault.retry = !lasting(err)
	return fault
}

// refused explains a status that is no success.
func (r *reply) refused() *Error {
	code := CodeStatus
	switch r.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		code = CodeNotFound
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		code = CodeDenied
	}
	return r.f.fault(code, r.asked, r.StatusCode, nil)
}

// encoded reports a body that is not the bytes of the file.
func (r *reply) encoded() *Error {
	coding := strings.Join(r.Header.Values("Content-Encoding"), ", ")
	if r.Uncompressed {
		coding = "gzip"
	}
	if coding == "" || strings.EqualFold(coding, "identity") {
		return nil
	}
	return r.f.fault(CodeEncoding, r.asked, r.StatusCode, errors.New("Content-Encoding "+strconv.Quote(coding)))
}
