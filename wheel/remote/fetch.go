package remote

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
)

// sink takes bytes of the file as they come, and keeps the slice.
type sink func(off int64, data []byte)

// fetch gets a span, in as many requests as the server makes necessary. Every
// byte comes once and in order.
func (f *File) fetch(s Span, take sink) *Error {
	return f.attempt(func() (bool, *Error) {
		n, err := f.once(s, take)
		// Half of what was missing, or more than a request is worth: bodies cut
		// short by a quirk get through, those cut to a trickle do not.
		progress := n >= mergeGap || n > 0 && n >= s.Len/2
		s = Span{s.Off + n, s.Len - n}
		if err == nil && s.Len > 0 {
			err = f.fault(CodeShort, s, http.StatusPartialContent, nil)
			err.retry = true
		}
		return progress, err
	})
}

// once sends a request for a span and gives how many bytes of it came. They may
// be fewer than asked for without an error: a server may answer with less.
func (f *File) once(s Span, take sink) (int64, *Error) {
	ifRange := f.validator.ifRange()
	if f.noIfRange.Load() {
		ifRange = ""
	}
	r, err := f.get(s, s.header(), ifRange)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	switch r.StatusCode {
	case http.StatusPartialContent:
		given, err := f.check(r, s, ifRange != "")
		if err != nil {
			return 0, err
		}
		return f.drain(r, given, take)
	case http.StatusOK:
		again, err := f.checkWhole(r, s, ifRange != "")
		if again {
			r.Close()
			return f.once(s, take)
		}
		return 0, err
	case http.StatusRequestedRangeNotSatisfiable:
		if c, ok := rangeOf(r.Header); ok && c.total != f.size {
			return 0, f.changed(s, r, "its size is another")
		}
		return 0, f.fault(CodeRange, s, r.StatusCode, errors.New("the server refuses a range inside the file"))
	}
	return 0, r.refused()
}

// check holds a partial answer against what was asked and against the file as it
// was opened. It gives the range that the body has: it begins where it should and
// may end early.
func (f *File) check(r *reply, s Span, compared bool) (Span, *Error) {
	wrong := func(text string) (Span, *Error) {
		return Span{}, f.fault(CodeRange, s, r.StatusCode, errors.New(text))
	}
	if err := r.encoded(); err != nil {
		return Span{}, err
	}
	if multipart(r.Header) {
		return wrong("several parts instead of one range")
	}
	c, ok := rangeOf(r.Header)
	switch {
	case !ok || c.first < 0:
		return wrong("no valid Content-Range")
	case c.total >= 0 && c.total != f.size:
		return Span{}, f.changed(s, r, "its size is another")
	}
	switch f.validator.judge(r.Header) {
	case differs:
		return Span{}, f.changed(s, r, "its ETag or Last-Modified is another")
	case untold:
		// A server that was told to compare need not repeat the date that it
		// compared, but an ETag it must (RFC 9110, section 15.3.7). One that does
		// not may not have compared either.
		if f.validator.etag != "" || !compared && !f.validator.none() {
			return Span{}, f.changed(s, r, "its ETag or Last-Modified is no longer told")
		}
	}
	given := c.span()
	if given.Off != s.Off || given.Len > s.Len {
		return wrong("the server gives " + given.String())
	}
	if r.ContentLength >= 0 && r.ContentLength != given.Len {
		return wrong("Content-Length and Content-Range disagree")
	}
	return given, nil
}

// checkWhole deals with an answer that is the whole file. It comes when the
// validator is not the server's any more, or when the server compares it badly
// or has stopped giving ranges. In the second case it is worth asking again.
func (f *File) checkWhole(r *reply, s Span, compared bool) (again bool, err *Error) {
	if err := r.encoded(); err != nil {
		return false, err
	}
	verdict := f.validator.judge(r.Header)
	switch {
	case r.ContentLength >= 0 && r.ContentLength != f.size:
		return false, f.changed(s, r, "its size is another")
	case verdict == differs:
		return false, f.changed(s, r, "its ETag or Last-Modified is another")
	case verdict == same && compared:
		f.noIfRange.Store(true)
		return true, nil
	}
	return false, f.fault(CodeRange, s, r.StatusCode, errors.New("the server no longer gives ranges"))
}

// changed makes an error that stays: what a server says later about a file that
// changed once is not to be mixed with what came before.
func (f *File) changed(s Span, r *reply, how string) *Error {
	err := f.fault(CodeChanged, s, r.StatusCode, errors.New(how))
	f.mu.Lock()
	if f.broken == nil {
		f.broken = err
	}
	f.mu.Unlock()
	return err
}

func multipart(h http.Header) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(h.Get("Content-Type"))), "multipart/byteranges")
}

// drain reads the body of a checked answer. If its length was not told before,
// nothing is taken before it is known to have no more than that.
func (f *File) drain(r *reply, given Span, take sink) (int64, *Error) {
	var held [][]byte
	done, told := int64(0), r.ContentLength >= 0
	var failed error
	for done < given.Len && failed == nil {
		buf := make([]byte, min(chunkSize, given.Len-done))
		var n int
		if n, failed = r.fill(buf); n < len(buf) {
			buf = bytes.Clone(buf[:n])
		} else {
			failed = nil
		}
		if n > 0 && told {
			take(given.Off+done, buf)
		} else if n > 0 {
			held = append(held, buf)
		}
		done += int64(n)
	}
	if !told && failed == nil {
		if n, _ := r.fill(make([]byte, 1)); n > 0 {
			return 0, f.fault(CodeRange, given, r.StatusCode, errors.New("the body is longer than its Content-Range"))
		}
	}
	at := given.Off
	for _, data := range held {
		take(at, data)
		at += int64(len(data))
	}
	if failed != nil {
		return done, r.broken(failed)
	}
	return done, nil
}
