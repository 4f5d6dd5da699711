package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
)

// Open asks for the end of the file at an http or https address and finds out its
// size. A user and a password in the address are sent as basic authentication.
// Every request goes to this address, since what it redirects to may expire.
//
// ctx governs the file for all of its life, not only Open: when it ends, requests
// are broken off and reading fails with [CodeCancelled]. Errors are of type
// [*Error]. The file must be closed.
func Open(ctx context.Context, address string, o Options) (*File, error) {
	f, err := newFile(ctx, address, o)
	if err != nil {
		return nil, err
	}
	if err := f.begin(); err != nil {
		f.Close()
		return nil, err
	}
	f.opened.Store(true)
	return f, nil
}

// begin tries the ways to learn the size, the cheapest first.
func (f *File) begin() *Error {
	found, err := f.bySuffix()
	if !found && err == nil {
		found, err = f.byProbe()
	}
	if !found && err == nil {
		err = f.download(nil)
	}
	if err != nil {
		return err
	}
	return f.fetchDirectory()
}

// ask sends a request for what a Range header says, until it has an answer.
func (f *File) ask(header string) (r *reply, err *Error) {
	err = f.attempt(func() (bool, *Error) {
		var err *Error
		r, err = f.get(Span{}, header, "")
		return false, err
	})
	return r, err
}

// bySuffix asks for the last bytes, wherever they begin. The answer has all that
// is needed. Without an error and not found, another way may work.
func (f *File) bySuffix() (found bool, err *Error) {
	r, err := f.ask(fmt.Sprintf("bytes=-%d", f.o.Tail))
	if err != nil {
		return false, err
	}
	defer r.Close()
	switch r.StatusCode {
	case http.StatusPartialContent:
	case http.StatusOK:
		// A server may give ranges and yet ignore this form; but not for a file
		// that is small, or if it says so, is another question worth it.
		if r.ContentLength >= 0 && r.ContentLength <= f.o.Tail || r.Header.Get("Accept-Ranges") == "none" {
			return true, f.download(r)
		}
		return false, r.encoded()
	default:
		return f.emptyOrRefused(r)
	}
	if err := r.encoded(); err != nil {
		return false, err
	}
	c, ok := rangeOf(r.Header)
	given := c.span()
	switch {
	case !ok || c.first < 0 || c.total < 0 || multipart(r.Header):
		return false, nil
	case c.last != c.total-1 || given.Len > f.o.Tail: // another range: "-N" was taken for "0-N"
		return false, nil
	case r.ContentLength >= 0 && r.ContentLength != given.Len:
		return false, nil
	}
	f.size, f.validator = c.total, validatorOf(r.Header)
	n, err := f.drain(r, given, f.keep)
	switch {
	case err == nil:
		return true, nil
	case err.Code == CodeRange:
		return false, nil
	case !err.retry:
		return false, err
	}
	r.Close() // before the next request, which needs its slot
	return true, f.fetch(Span{given.Off + n, given.Len - n}, f.keep)
}

// emptyOrRefused judges a status that is no success. Servers refuse forms of
// ranges in many ways.
func (f *File) emptyOrRefused(r *reply) (empty bool, err *Error) {
	switch r.StatusCode {
	case http.StatusRequestedRangeNotSatisfiable:
		c, ok := rangeOf(r.Header)
		return ok && c.total == 0, nil
	case http.StatusBadRequest, http.StatusNotImplemented:
		return false, nil
	}
	return false, r.refused()
}

// byProbe asks for the first byte to learn the size, then for the end.
func (f *File) byProbe() (found bool, err *Error) {
	r, err := f.ask("bytes=0-0")
	if err != nil {
		return false, err
	}
	defer r.Close()
	switch r.StatusCode {
	case http.StatusPartialContent:
	case http.StatusOK:
		return true, f.download(r)
	default:
		return f.emptyOrRefused(r)
	}
	if err := r.encoded(); err != nil {
		return false, err
	}
	c, ok := rangeOf(r.Header)
	if !ok || c.first != 0 || c.last != 0 || c.total < 0 {
		return false, nil
	}
	f.size, f.validator = c.total, validatorOf(r.Header)
	r.Close()
	tail := min(f.size, f.o.Tail)
	err = f.fetch(Span{f.size - tail, tail}, f.keep)
	if err != nil && err.Code == CodeRange {
		return false, nil
	}
	return true, err
}

// keep puts what Open fetched into the cache.
func (f *File) keep(off int64, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cache.add(&segment{off: off, data: data})
}

// download takes the whole file, beginning with the answer r if there is one.
func (f *File) download(r *reply) *Error {
	return f.attempt(func() (bool, *Error) {
		if r == nil {
			var err *Error
			if r, err = f.get(Span{}, "", ""); err != nil {
				return false, err
			}
		}
		err := f.takeWhole(r)
		r.Close()
		r = nil
		return false, err
	})
}

// takeWhole reads a body to its end, but not beyond the limit.
func (f *File) takeWhole(r *reply) *Error {
	if r.StatusCode != http.StatusOK {
		return r.refused()
	}
	if err := r.encoded(); err != nil {
		return err
	}
	limit := max(f.o.MaxDownload, 0)
	tooLarge := func() *Error {
		text := fmt.Sprintf("more than the %d bytes allowed", limit)
		if r.ContentLength >= 0 {
			text = fmt.Sprintf("%d bytes, %d are allowed", r.ContentLength, limit)
		}
		return f.fault(CodeTooLarge, Span{}, r.StatusCode, errors.New(text))
	}
	if f.o.MaxDownload < 0 || r.ContentLength > limit {
		return tooLarge()
	}
	whole := cache{limit: math.MaxInt64}
	for {
		buf := make([]byte, chunkSize)
		n, err := r.fill(buf)
		if n < len(buf) {
			buf = bytes.Clone(buf[:n])
		}
		if whole.size+int64(n) > limit {
			return tooLarge()
		}
		if n > 0 {
			whole.add(&segment{off: whole.size, data: buf})
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return r.broken(err)
		}
	}
	f.cache, f.size, f.whole = whole, whole.size, true
	return nil
}
