package remote

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// Open finds out the size of the file at an http or https URL and fetches its end,
// with the directory of a zip archive. A user and a password in the URL are sent
// as basic authentication. Every request goes to this URL, since what it redirects
// to may expire.
//
// ctx applies to the file for all of its life, not only to Open: when it ends,
// reading fails with [CodeCancelled]. The file must be closed. The error is of type
// [*Error].
func Open(ctx context.Context, address string, o Options) (*File, error) {
	f, err := newFile(ctx, address, o)
	if err != nil {
		return nil, err
	}
	if err := f.begin(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

const suffix = "bytes=-81920" // the last tailSize bytes

// begin tries three ways to open the file: a request for its end, for its first
// byte, which tells the size, and for all of it.
func (f *File) begin() error {
	for _, header := range []string{suffix, "bytes=0-0", ""} {
		opened := false
		err := f.transfer(func(t *transfer) (_ bool, err error) {
			opened, err = f.tryOpen(t, header)
			return false, err
		})
		if err == nil && opened {
			err = f.loadEnd()
		}
		if e, ok := err.(*Error); ok && e.Code == CodeRange {
			continue // the server does support ranges, but not well
		}
		if err != nil || opened {
			return err
		}
	}
	return f.fault(CodeRange, 0, nil) // cannot be: the last way opens the file or fails
}

// tryOpen sends one request. Without an error and not opened, another way may work.
func (f *File) tryOpen(t *transfer, header string) (opened bool, err error) {
	resp, err := t.get(header)
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	fault := f.refused(resp)
	switch {
	case resp.StatusCode == http.StatusPartialContent && header != "":
		return f.learn(t, resp, header == suffix)
	case resp.StatusCode == http.StatusOK && header != suffix:
		return true, f.download(t, resp)
	case resp.StatusCode == http.StatusOK, header != "" && fault.Code == CodeStatus:
		return false, nil // it may support ranges that are not counted from the end
	}
	return false, fault
}

// learn takes the size and version of the file from a partial response, and its
// content if that is the end of the file. It returns false for a response that does
// not fit.
func (f *File) learn(t *transfer, resp *http.Response, end bool) (fits bool, err error) {
	given, total, ok := rangeOf(resp.Header)
	want := span{0, 1}
	if end { // some servers take "-N" for "0-N"
		want = span{max(0, total-tailSize), min(total, tailSize)}
	}
	if !ok || total < 0 || given != want {
		return false, nil
	}
	data, err := io.ReadAll(io.LimitReader(t.body(resp), given.length+1))
	switch {
	case t.ctx.Err() != nil:
		return false, t.broken(resp, t.ctx.Err())
	case int64(len(data)) > given.length:
		return false, nil
	}
	f.size, f.version = total, versionOf(resp.Header)
	if err != nil || int64(len(data)) < given.length || !end {
		return true, nil // what is missing will be fetched
	}
	for i := blockCount(given.off); i*blockSize < f.size; i++ {
		part := data[i*blockSize-given.off:]
		f.cache.put(i, part[:min(len(part), blockSize)])
	}
	return true, nil
}

// download keeps the whole file in memory.
func (f *File) download(t *transfer, resp *http.Response) error {
	large := f.fault(CodeTooLarge, resp.StatusCode, fmt.Errorf("limit is %d MiB", maxWhole>>20))
	if resp.ContentLength > maxWhole {
		return large
	}
	f.cache = newCache(maxWhole/blockSize + 1)
	body := t.body(resp)
	for f.size = 0; ; {
		part := make([]byte, blockSize)
		n, err := io.ReadFull(body, part)
		if n > 0 {
			f.cache.put(f.size/blockSize, part[:n])
		}
		if f.size += int64(n); f.size > maxWhole {
			return large
		}
		switch {
		case err == nil:
		case err == io.EOF, err == io.ErrUnexpectedEOF && (resp.ContentLength < 0 || resp.ContentLength == f.size):
			// ReadFull returns ErrUnexpectedEOF for the end within a block too.
			return nil
		default:
			return t.broken(resp, err)
		}
	}
}
