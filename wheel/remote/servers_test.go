package remote_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

type quirk = func(*origin, http.ResponseWriter, *http.Request) bool

func isSuffix(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("Range"), "bytes=-") }

// refuseSuffix answers a suffix range with a status and all others rightly.
func refuseSuffix(status int) quirk {
	return func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
		if isSuffix(r) {
			w.WriteHeader(status)
		}
		return isSuffix(r)
	}
}

// noRanges ignores the Range header.
func noRanges(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
	r.Header.Del("Range")
	return false
}

// partial answers a request with a range of the sender's choice.
func partial(o *origin, w http.ResponseWriter, first, last int, total string) bool {
	w.Header().Set("Etag", `"v1"`)
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%s", first, last, total))
	w.Header().Set("Content-Length", strconv.Itoa(last-first+1))
	w.WriteHeader(http.StatusPartialContent)
	_, _ = w.Write(o.content[first : last+1])
	return true
}

// truncate breaks each body of more than 100 bytes off after half of it.
func truncate(o *origin, w http.ResponseWriter, r *http.Request) bool {
	o.plain(&halver{w, 0}, r)
	return true
}

type halver struct {
	http.ResponseWriter
	left int
}

func (h *halver) WriteHeader(status int) {
	h.left, _ = strconv.Atoi(h.Header().Get("Content-Length"))
	if h.left > 100 {
		h.left /= 2
	}
	h.ResponseWriter.WriteHeader(status)
}

func (h *halver) Write(p []byte) (int, error) {
	if len(p) <= h.left {
		h.left -= len(p)
		return h.ResponseWriter.Write(p)
	}
	_, _ = h.ResponseWriter.Write(p[:h.left])
	_ = http.NewResponseController(h.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}

// sound are servers under which every byte can be read all the same.
var sound = []struct {
	name  string
	quirk quirk
	whole bool
	opens int // requests to open a file of 300,000 bytes
}{
	{"faultless", nil, false, 1},
	{"no ranges", noRanges, true, 2},
	{"no ranges and says so", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Accept-Ranges", "none")
		_, _ = w.Write(o.content)
		return true
	}, true, 1},
	{"suffix ignored", func(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
		if isSuffix(r) {
			r.Header.Del("Range")
		}
		return false
	}, false, 3},
	{"suffix 416", refuseSuffix(http.StatusRequestedRangeNotSatisfiable), false, 3},
	{"suffix 400", refuseSuffix(http.StatusBadRequest), false, 3},
	{"suffix 501", refuseSuffix(http.StatusNotImplemented), false, 3},
	{"suffix taken for a prefix", func(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
		if isSuffix(r) {
			r.Header.Set("Range", strings.Replace(r.Header.Get("Range"), "=-", "=0-", 1))
		}
		return false
	}, false, 3},
	{"suffix as several parts", func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
		if isSuffix(r) {
			r.Header.Set("Range", "bytes=0-99,-100")
		}
		return false
	}, false, 3},
	{"suffix without Content-Range", func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
		if isSuffix(r) {
			w.WriteHeader(http.StatusPartialContent)
			fmt.Fprint(w, "nonsense")
		}
		return isSuffix(r)
	}, false, 3},
	{"suffix whose length contradicts", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if isSuffix(r) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(o.content)-1, len(o.content)))
			w.Header().Set("Content-Length", "3")
			w.WriteHeader(http.StatusPartialContent)
			fmt.Fprint(w, "zip")
		}
		return isSuffix(r)
	}, false, 3},
	{"suffix with less than its length", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if n := len(o.content); isSuffix(r) && n > 10 {
			w.Header().Set("Etag", `"v1"`)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", n-10, n-1, n))
			w.Header().Set("Content-Length", "9")
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(o.content[:9])
			return true
		}
		return false
	}, false, 3},
	{"every range the first byte", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		return r.Header.Get("Range") != "" && partial(o, w, 0, 0, strconv.Itoa(len(o.content)))
	}, true, 4},
	{"size never told", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		return r.Header.Get("Range") != "" && partial(o, w, 0, 0, "*")
	}, true, 3},
	{"body longer than its range", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Range") == "" {
			return false
		}
		var first, last int
		if n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last); n < 2 {
			first, last = len(o.content)-4096, len(o.content)-1
		}
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(o.content)))
		w.WriteHeader(http.StatusPartialContent)
		_ = http.NewResponseController(w).Flush() // no Content-Length
		_, _ = w.Write(o.content)
		return true
	}, true, 4},
	{"length of bodies not told", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		o.plain(&flusher{w}, r)
		return true
	}, false, 1},
	{"each third request 503", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if o.number()%3 != 0 {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}, false, 1},
	{"half bodies", truncate, false, 8},
	{"half bodies, no ranges but for them", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		noRanges(o, w, r)
		return o.number()%3 != 0 && truncate(o, w, r)
	}, true, 3},
	{"less than asked for", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		var first, last int
		if n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &first, &last); n < 2 {
			return false
		}
		return partial(o, w, first, first+(last-first)*3/4, "*")
	}, false, 1},
	{"If-Range always fails", func(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("If-Range") != "" {
			r.Header.Del("Range")
		}
		return false
	}, false, 1},
	{"redirects", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if r.URL.RawQuery != "" {
			return false
		}
		http.Redirect(w, r, fmt.Sprintf("/elsewhere?signature=%d", o.number()), http.StatusFound)
		return true
	}, false, 2},
}

type flusher struct{ http.ResponseWriter }

func (f *flusher) WriteHeader(status int) {
	f.Header().Del("Content-Length")
	f.ResponseWriter.WriteHeader(status)
	_ = http.NewResponseController(f.ResponseWriter).Flush()
}

// TestSoundServers reads at random places, from several goroutines, with hints and
// without, and holds everything against the true content.
func TestSoundServers(t *testing.T) {
	content := noise(1, 300_000)
	for _, test := range sound {
		t.Run(test.name, func(t *testing.T) {
			o := serve(t, content, test.quirk)
			options := quick
			options.CacheSize = 64 << 10 // so that much is dropped
			options.Attempts = 12        // several readers may meet the same fault
			var g gauge
			options.Client = g.client()
			f := open(t, o, options)
			if f.Size() != int64(len(content)) || f.Stats().Whole != test.whole {
				t.Fatalf("size %d, stats %+v", f.Size(), f.Stats())
			}
			if o.number() > test.opens {
				t.Errorf("%d requests to open it, want %d: %s", o.number(), test.opens, o.ranges())
			}
			var readers sync.WaitGroup
			for seed := range uint64(4) {
				readers.Go(func() { compare(t, f, content, seed) })
			}
			readers.Wait()
			if g.peak() > 4 {
				t.Errorf("%d requests at once", g.peak())
			}
		})
	}
}

// compare makes random calls and holds each answer against that of bytes.Reader.
func compare(t *testing.T, f *remote.File, content []byte, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 2))
	want := bytes.NewReader(content)
	for range 100 {
		off, n := r.Int64N(int64(len(content))+100), r.IntN(1<<r.IntN(16))
		switch r.IntN(8) {
		case 0:
			if err := f.Prefetch(remote.Span{Off: off, Len: int64(n)}, remote.Span{Off: r.Int64N(300_000), Len: 9}); err != nil {
				t.Errorf("Prefetch: %v", err)
				return
			}
		case 1:
			f.Release(remote.Span{Off: off, Len: int64(n)})
		}
		a, b := make([]byte, n), make([]byte, n)
		gotN, gotErr := f.ReadAt(a, off)
		wantN, wantErr := want.ReadAt(b, off)
		if gotN != wantN || gotErr != wantErr || !bytes.Equal(a, b) {
			t.Errorf("ReadAt of %d bytes at %d: %d, %v; want %d, %v", n, off, gotN, gotErr, wantN, wantErr)
			return
		}
	}
}

// TestUnsoundServers: what cannot be read rightly is an error with its code.
func TestUnsoundServers(t *testing.T) {
	status := func(n int) quirk {
		return func(_ *origin, w http.ResponseWriter, _ *http.Request) bool {
			http.Error(w, "text of the server", n)
			return true
		}
	}
	coded := func(header bool) quirk {
		return func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if header {
				w.Header().Set("Content-Encoding", "gzip")
				_, _ = io.Copy(gzip.NewWriter(w), bytes.NewReader(o.content))
				return true
			}
			w.Header().Set("Content-Encoding", "Identity")
			return false
		}
	}
	for _, test := range []struct {
		name  string
		quirk quirk
		code  remote.Code // "" if it opens
		tries int
	}{
		{"not found", status(404), remote.CodeNotFound, 1},
		{"gone", status(410), remote.CodeNotFound, 1},
		{"forbidden", status(403), remote.CodeDenied, 1},
		{"unauthorized", status(401), remote.CodeDenied, 1},
		{"teapot", status(418), remote.CodeStatus, 1},
		{"no content", status(204), remote.CodeStatus, 1},
		{"broken server", status(500), remote.CodeStatus, 4},
		{"busy", status(429), remote.CodeStatus, 4},
		{"ranges refused, then all", status(416), remote.CodeStatus, 3},
		{"gzip", coded(true), remote.CodeEncoding, 1},
		{"gzip of a range", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Encoding", "gzip")
			return partial(o, w, len(o.content)-4096, len(o.content)-1, "100000")
		}, remote.CodeEncoding, 1},
		{"gzip of the first byte", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Encoding", "gzip")
			return refuseSuffix(400)(o, w, r) || partial(o, w, 0, 0, "100000")
		}, remote.CodeEncoding, 2},
		{"not found, at the second look", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if !refuseSuffix(400)(o, w, r) {
				w.WriteHeader(404)
			}
			return true
		}, remote.CodeNotFound, 2},
		{"breaks down at the second look", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if !refuseSuffix(400)(o, w, r) {
				w.WriteHeader(500)
			}
			return true
		}, remote.CodeStatus, 5},
		{"identity by name", coded(false), "", 1},
		{"redirect without end", func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "/again?token=hidden", http.StatusFound)
			return true
		}, remote.CodeRedirect, 10},
		{"redirect to another protocol", func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "ftp://host/?token=hidden", http.StatusFound)
			return true
		}, remote.CodeRedirect, 1},
		{"redirect to nonsense", func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Location", "http://%zz/?token=hidden")
			w.WriteHeader(http.StatusFound)
			return true
		}, remote.CodeNetwork, 4},
		{"no answer", func(*origin, http.ResponseWriter, *http.Request) bool {
			panic(http.ErrAbortHandler)
		}, remote.CodeNetwork, 4},
		{"ever less", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", len(o.content)-4096, len(o.content)-1, len(o.content)))
			w.Header().Set("Content-Length", "4096")
			w.WriteHeader(http.StatusPartialContent)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, remote.CodeShort, 0},
		{"size of its own", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return isSuffix(r) && truncate(o, w, r) || partial(o, w, 0, 0, "77")
		}, remote.CodeChanged, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := serve(t, noise(1, 100_000), test.quirk)
			f, err := remote.Open(t.Context(), o.URL+path, quick)
			if test.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				f.Close()
				return
			}
			fault := wantCode(t, err, test.code)
			t.Log(err)
			if f != nil || fault.Op != "open" || strings.Contains(err.Error(), "hidden") || !strings.Contains(err.Error(), path) {
				t.Errorf("file %v, error %v", f, err)
			}
			if test.tries > 0 && o.number() != test.tries {
				t.Errorf("%d requests, want %d", o.number(), test.tries)
			}
		})
	}
}
