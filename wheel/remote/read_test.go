package remote_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

// spoil has a server that is sound until a file is open and has the quirk then.
func spoil(t *testing.T, then quirk, options remote.Options) (*origin, *remote.File) {
	t.Helper()
	var opened sync.WaitGroup // done when open: the handler runs in other goroutines
	opened.Add(1)
	first := true
	o := serve(t, noise(1, 300_000), func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if o.number() == 1 && first {
			first = false
			return false
		}
		opened.Wait()
		return then(o, w, r)
	})
	f := open(t, o, options)
	opened.Done()
	return o, f
}

// TestSpoiledServers: a server that stops being sound gives errors with their
// codes, and never a byte of another file.
func TestSpoiledServers(t *testing.T) {
	header := func(name, value string) quirk {
		return func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set(name, value)
			return false
		}
	}
	answer := func(contentRange, length string) quirk {
		return func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Etag", `"v1"`)
			w.Header().Set("Content-Range", contentRange)
			w.Header().Set("Content-Length", length)
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(make([]byte, 4096))
			return true
		}
	}
	for _, test := range []struct {
		name  string
		then  quirk
		code  remote.Code
		tries int // requests for the one read
	}{
		{"another ETag", header("Etag", `"v2"`), remote.CodeChanged, 1},
		{"an ETag that became weak", header("Etag", `W/"v1"`), remote.CodeChanged, 1},
		{"longer file", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			o.content = noise(2, 300_001)
			return false
		}, remote.CodeChanged, 1},
		{"shorter file", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			o.content = noise(2, 50)
			return false
		}, remote.CodeChanged, 1},
		{"whole file of the same version", noRanges, remote.CodeRange, 2},
		{"whole file of another version", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Etag", `"v2"`)
			return noRanges(o, w, r)
		}, remote.CodeChanged, 1},
		{"whole file in another coding", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Encoding", "br")
			return noRanges(o, w, r)
		}, remote.CodeEncoding, 1},
		{"whole file of another size", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			o.content = noise(2, 300_001)
			return noRanges(o, w, r)
		}, remote.CodeChanged, 1},
		{"an ETag no longer told", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("If-Range") != "" {
				return noRanges(o, w, r)
			}
			return partial(o, noEtag{w}, 1000, 5095, "300000")
		}, remote.CodeChanged, 2},
		{"an ETag not told again, though compared", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			var first, last int
			fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last)
			return partial(o, noEtag{w}, first, last, "300000")
		}, remote.CodeChanged, 1},
		{"range of another coding", header("Content-Encoding", "gzip"), remote.CodeEncoding, 1},
		{"another range", answer("bytes 1001-5096/300000", "4096"), remote.CodeRange, 1},
		{"more than the range", answer("bytes 1000-5096/300000", "4097"), remote.CodeRange, 1},
		{"length that contradicts", answer("bytes 1000-5095/300000", "4095"), remote.CodeRange, 1},
		{"range that is none", answer("bytes */300000", "4096"), remote.CodeRange, 1},
		{"range with a wrong unit", answer("items 1000-5095/300000", "4096"), remote.CodeRange, 1},
		{"range of another file", answer("bytes 1000-5095/300001", "4096"), remote.CodeChanged, 1},
		{"two ranges", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Add("Content-Range", "bytes 1000-5095/300000")
			w.Header().Add("Content-Range", "bytes 0-4095/300000")
			w.WriteHeader(http.StatusPartialContent)
			return true
		}, remote.CodeRange, 1},
		{"several parts", func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
			r.Header.Set("Range", "bytes=1000-1009,1020-1029")
			return false
		}, remote.CodeRange, 1},
		{"range refused", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			return true
		}, remote.CodeRange, 1},
		{"gone", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(http.StatusGone)
			return true
		}, remote.CodeNotFound, 1},
		{"overloaded", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}, remote.CodeStatus, 4},
		{"a byte at a time", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			var first, last int
			fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last)
			return partial(o, w, first, first, "300000")
		}, remote.CodeShort, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			o, f := spoil(t, test.then, quick)
			p := make([]byte, 100)
			n, err := f.ReadAt(p[:99], 1000)
			op := "read"
			if test.code != "" {
				op = wantCode(t, err, test.code).Op
			} else if err != nil {
				t.Error(err)
			}
			if op != "read" || !bytes.Equal(p[:n], noise(1, 300_000)[1000:1000+n]) {
				t.Errorf("%d bytes, op %q", n, op)
			}
			if got := o.number() - 1; got != test.tries {
				t.Errorf("%d requests, want %d", got, test.tries)
			}
			// The end is in memory and stays right; a change is for ever.
			if _, err := f.ReadAt(p, 299_900); err != nil || !bytes.Equal(p, noise(1, 300_000)[299_900:]) {
				t.Errorf("the end: %v", err)
			}
			before := o.number()
			_, err = f.ReadAt(p, 200_000)
			if test.code == remote.CodeChanged && (o.number() != before || err == nil) {
				t.Errorf("asked again after a change, error %v", err)
			}
		})
	}
}

// TestLastModified: without an ETag the date tells versions apart.
func TestLastModified(t *testing.T) {
	for _, test := range []struct {
		date string
		code remote.Code
	}{
		{modified.Format(http.TimeFormat), ""},
		{modified.Add(time.Hour).Format(http.TimeFormat), remote.CodeChanged},
		{"", ""}, // the request had If-Range, so the server has compared it
	} {
		o := serve(t, noise(1, 300_000), func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			date := test.date
			if o.number() == 1 {
				date = modified.Format(http.TimeFormat)
			} else if r.Header.Get("If-Range") == "" {
				t.Error("no If-Range")
			}
			w.Header().Set("Last-Modified", date)
			var first, last int
			if n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last); n < 2 {
				first, last = len(o.content)-4096, len(o.content)-1
			}
			return partial(o, noEtag{w}, first, last, "300000")
		})
		f := open(t, o, quick)
		_, err := f.ReadAt(make([]byte, 10), 0)
		if test.code == "" && err != nil {
			t.Errorf("%q: %v", test.date, err)
		} else if test.code != "" {
			wantCode(t, err, test.code)
		}
	}
}

type noEtag struct{ http.ResponseWriter }

func (n noEtag) WriteHeader(status int) {
	n.Header().Del("Etag")
	n.ResponseWriter.WriteHeader(status)
}

// TestTooLarge: a body is not taken beyond the limit, whether its length is told
// or not.
func TestTooLarge(t *testing.T) {
	untold := func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		noRanges(o, w, r)
		o.plain(&flusher{w}, r)
		return true
	}
	for _, test := range []struct {
		quirk quirk
		limit int64
		ok    bool
	}{
		{noRanges, 100_000, true},
		{noRanges, 99_999, false},
		{untold, 100_000, true},
		{untold, 99_999, false},
		{noRanges, -1, false},
		{nil, -1, true},
	} {
		o := serve(t, noise(1, 100_000), test.quirk)
		options := quick
		options.MaxDownload = test.limit
		f, err := remote.Open(t.Context(), o.URL+path, options)
		if test.ok != (err == nil) {
			t.Errorf("limit %d: %v", test.limit, err)
		} else if err != nil {
			wantCode(t, err, remote.CodeTooLarge)
		} else {
			f.Close()
		}
	}
}

// TestClose: a closed file gives an error, whatever is in memory.
func TestClose(t *testing.T) {
	for _, q := range []quirk{nil, noRanges} {
		f := open(t, serve(t, noise(1, 9000), q), quick)
		if err := errors.Join(f.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
		_, err := f.ReadAt(make([]byte, 1), 8999)
		fault := wantCode(t, err, remote.CodeClosed)
		wantCode(t, f.Prefetch(remote.Span{Off: 0, Len: 9}), remote.CodeClosed)
		f.Release(remote.Span{Off: 0, Len: 9000})
		if fault.Unwrap() == nil {
			t.Error("no cause")
		}
	}
}

// TestSmallFiles: files that are empty or end within the first answer.
func TestSmallFiles(t *testing.T) {
	for _, size := range []int{0, 1, 2, 4095, 4096, 4097} {
		for _, test := range sound {
			if size == 0 && test.name != "faultless" && test.name != "no ranges" {
				continue
			}
			if strings.Contains(test.name, "longer") && size < 4096 {
				continue
			}
			o := serve(t, noise(1, size), test.quirk)
			f := open(t, o, quick)
			p := make([]byte, size+1)
			n, err := f.ReadAt(p, 0)
			if f.Size() != int64(size) || n != size || err == nil || !bytes.Equal(p[:n], o.content) {
				t.Errorf("%s: size %d of %d, read %d, %v", test.name, f.Size(), size, n, err)
			}
			if _, err := f.ReadAt(p, -1); err == nil {
				t.Error("negative offset without an error")
			}
		}
	}
}

// TestEmptyFile: a server may say with a refusal that there is nothing.
func TestEmptyFile(t *testing.T) {
	for _, answered := range []string{"bytes=-4096", "bytes=0-0"} {
		o := serve(t, nil, func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Range") == answered {
				w.Header().Set("Content-Range", "bytes */0")
			}
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			return true
		})
		f := open(t, o, quick)
		if n, err := f.ReadAt(make([]byte, 1), 0); f.Size() != 0 || n != 0 || err != io.EOF {
			t.Errorf("size %d, read %d, %v", f.Size(), n, err)
		}
	}
}

// TestContext: the context of Open ends everything promptly, and its cause shows.
func TestContext(t *testing.T) {
	hang := func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if o.number() > 1 {
			<-r.Context().Done()
		}
		return o.number() > 1
	}
	retry := func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Retry-After", "30")
		if o.number() > 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return o.number() > 1
	}
	half := func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if o.number() == 1 {
			return false
		}
		if strings.HasPrefix(r.Header.Get("Range"), "bytes=1000-") {
			w.Header().Set("Etag", `"v1"`)
			w.Header().Set("Content-Range", "bytes 1000-5095/300000")
			w.Header().Set("Content-Length", "4096")
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(o.content[1000:2000])
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
		return true
	}
	for _, q := range []quirk{hang, retry, half} {
		o := serve(t, noise(1, 300_000), q)
		ctx, cancel := context.WithCancel(t.Context())
		f, err := remote.Open(ctx, o.URL+path, quick)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(50*time.Millisecond, cancel)
		start := time.Now()
		var readers sync.WaitGroup
		readers.Go(func() { wantCode(t, f.Prefetch(remote.Span{Off: 100_000, Len: 50}), remote.CodeCancelled) })
		_, err = f.ReadAt(make([]byte, 2000), 1000)
		readers.Wait()
		fault := wantCode(t, err, remote.CodeCancelled)
		if !errors.Is(err, context.Canceled) || fault.Err == nil || time.Since(start) > 5*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		f.Close()
	}
	o := serve(t, noise(1, 300_000), func(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := remote.Open(ctx, o.URL+path, quick)
	if wantCode(t, err, remote.CodeCancelled); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
