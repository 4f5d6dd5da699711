package remote

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// fetch gets n blocks from block first on, in as many requests as it takes, and
// puts them into the cache. With an error it returns those that came before it.
func (f *File) fetch(first, n int64) (blocks [][]byte, err error) {
	off := first * blockSize
	want := min(n*blockSize, f.size-off)
	var data bytes.Buffer
	err = f.transfer(func(t *transfer) (brought bool, err error) {
		have := int64(data.Len())
		got, err := f.request(t, span{off + have, want - have}, &data)
		// Responses cut in half are accepted, a few bytes at a time are not.
		return got >= blockSize || got > 0 && got >= (want-have)/2, err
	})
	for part := range slices.Chunk(data.Bytes(), blockSize) {
		if len(part) < blockSize && int64(data.Len()) < want {
			break // the rest of this block is missing
		}
		part = bytes.Clone(part)
		f.cache.put(first+int64(len(blocks)), part)
		blocks = append(blocks, part)
	}
	return blocks, err
}

// request asks for a span, adds what comes to data and returns how much that is.
func (f *File) request(t *transfer, s span, data *bytes.Buffer) (int64, error) {
	if e := f.changed.Load(); e != nil {
		return 0, e
	}
	resp, err := t.get(fmt.Sprintf("bytes=%d-%d", s.off, s.end()-1))
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	given, err := f.check(resp, s)
	if err != nil {
		return 0, err
	}
	before := data.Len()
	n, err := data.ReadFrom(io.LimitReader(t.body(resp), given+1))
	if n > given || n < given && resp.ContentLength < 0 {
		// Without a Content-Length, a response whose length differs from its
		// Content-Range may be anything.
		data.Truncate(before)
	}
	switch {
	case n > given:
		return 0, f.fault(CodeRange, resp.StatusCode, errors.New("response is longer than its Content-Range"))
	case n < s.length: // broke off, or the server sent less than it was asked for
		return int64(data.Len() - before), t.broken(resp, cmp.Or(err, io.ErrUnexpectedEOF))
	}
	return n, nil
}

// check compares a response with the range that was requested and the file that was
// opened. It returns the length of the content, which begins where it should and may
// be less than was asked for.
func (f *File) check(resp *http.Response, s span) (int64, error) {
	given, total, ok := rangeOf(resp.Header)
	status, wrong := resp.StatusCode, ""
	switch status {
	case http.StatusPartialContent:
	case http.StatusOK:
		total, ok = resp.ContentLength, true
	case http.StatusRequestedRangeNotSatisfiable:
		return 0, f.fault(CodeRange, status, errors.New("range refused; the file may have changed"))
	default:
		return 0, f.refused(resp)
	}
	switch {
	case ok && total >= 0 && total != f.size:
		return 0, f.change(status, "its size is different")
	case !f.version.matches(resp.Header):
		return 0, f.change(status, "its ETag or Last-Modified is different")
	case status == http.StatusOK:
		wrong = "whole file instead of a range"
	case !ok:
		wrong = "no valid Content-Range"
	case given.off != s.off || given.length > s.length:
		wrong = "another range than the one requested"
	case resp.ContentLength >= 0 && resp.ContentLength != given.length:
		wrong = "Content-Length and Content-Range differ"
	default:
		return given.length, nil
	}
	return 0, f.fault(CodeRange, status, errors.New(wrong))
}

// change returns an error that stays: what a server says later about a file that
// changed once must not be mixed with what came before.
func (f *File) change(status int, how string) error {
	e := f.fault(CodeChanged, status, errors.New(how))
	f.changed.Store(e)
	return e
}
