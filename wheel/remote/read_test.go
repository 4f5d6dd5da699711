package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSpoiledServers: a server that has faults after the file was opened causes
// errors with their codes, and never a byte of another version.
func TestSpoiledServers(t *testing.T) {
	answer := func(contentRange, length string) quirk {
		return func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Etag", `"v1"`)
			w.Header().Set("Content-Range", contentRange)
			w.Header().Set("Content-Length", length)
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(make([]byte, 65536))
			return true
		}
	}
	changed := func(size int, q quirk) quirk {
		return func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			o.content = noise(2, size)
			return q != nil && q(o, w, r)
		}
	}
	// etag sends the range with an ETag or without one.
	etag := func(value ...string) quirk {
		return func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header()["Etag"] = value
			first, last := parseRange(o, r)
			return o.partial(w, first, last, "300000")
		}
	}
	for _, test := range []struct {
		name  string
		quirk quirk
		code  Code
		tries int // requests for the one read
	}{
		{"another ETag", etag(`"v2"`), CodeChanged, 1},
		{"an ETag that became weak", etag(`W/"v1"`), CodeChanged, 1},
		{"an ETag that is no longer sent", etag(), CodeChanged, 1},
		{"longer file", changed(300_001, nil), CodeChanged, 1},
		{"shorter file", changed(200_000, nil), CodeChanged, 1},
		{"much shorter file", changed(50, nil), CodeRange, 1},
		{"other content, no ETag", changed(300_000, etag()), CodeChanged, 1},
		{"whole file of the same version", noRanges, CodeRange, 1},
		{"whole file of another version", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Etag", `"v2"`)
			return noRanges(o, w, r)
		}, CodeChanged, 1},
		{"whole file of another size", changed(300_001, noRanges), CodeChanged, 1},
		{"whole file of unknown length", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			noRanges(o, w, r)
			return unknownLength(o, w, r)
		}, CodeRange, 1},
		{"compressed", header("Content-Encoding", "br"), CodeEncoding, 1},
		{"another range", answer("bytes 16385-81920/300000", "65536"), CodeRange, 1},
		{"more than the range", answer("bytes 16384-81920/300000", "65537"), CodeRange, 1},
		{"another Content-Length", answer("bytes 16384-81919/300000", "65535"), CodeRange, 1},
		{"no range", answer("bytes */300000", "65536"), CodeRange, 1},
		{"another unit", answer("items 16384-81919/300000", "65536"), CodeRange, 1},
		{"range of another file", answer("bytes 16384-81919/300001", "65536"), CodeChanged, 1},
		{"longer than its range", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Etag", `"v1"`)
			w.Header().Set("Content-Range", "bytes 16384-81919/300000")
			w.WriteHeader(http.StatusPartialContent)
			_ = http.NewResponseController(w).Flush() // no Content-Length
			for {
				if _, err := w.Write(make([]byte, 4096)); err != nil {
					return true
				}
			}
		}, CodeRange, 1},
		{"two ranges", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Etag", `"v1"`)
			w.Header().Add("Content-Range", "bytes 16384-81919/300000")
			w.Header().Add("Content-Range", "bytes 0-4095/300000")
			w.WriteHeader(http.StatusPartialContent)
			return true
		}, CodeRange, 1},
		{"several parts", func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
			r.Header.Set("Range", "bytes=16384-16399,20000-20010")
			return false
		}, CodeRange, 1},
		{"range refused", status(416), CodeRange, 1},
		{"gone", status(410), CodeNotFound, 1},
		{"teapot", status(418), CodeStatus, 1},
		{"overloaded", status(502), CodeStatus, 4},
		{"a byte at a time", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			first, _ := parseRange(o, r)
			return o.partial(w, first, first, "300000")
		}, CodeNetwork, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *network) {
				o := n.serve(t, "host:80", noise(1, 300_000), afterOpen(test.quirk))
				f := o.open()
				p := make([]byte, 100)
				got, err := f.ReadAt(p[:99], 20_000)
				t.Log(wantCode(t, err, test.code))
				if got != 0 || o.number()-1 != test.tries {
					t.Errorf("%d bytes in %d requests, want none in %d", got, o.number()-1, test.tries)
				}
				// The end is in memory and stays right; a change is for ever.
				if _, err := f.ReadAt(p, 299_900); err != nil || !bytes.Equal(p, noise(1, 300_000)[299_900:]) {
					t.Errorf("the end: %v", err)
				}
				before := o.number()
				_, err = f.ReadAt(p, 200_000)
				if asked := o.number() > before; asked == (test.code == CodeChanged) || err == nil {
					t.Errorf("asked again: %v, error %v", asked, err)
				}
			})
		})
	}
}

// TestPartOfRun: what came before a fault is good.
func TestPartOfRun(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", noise(1, 300_000), afterOpen(func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			first, _ := parseRange(o, r)
			if first > 0 {
				return status(403)(o, w, r)
			}
			return o.partial(w, 0, 2*blockSize+99, "300000")
		}))
		f := o.open()
		p := make([]byte, 100_000)
		got, err := f.ReadAt(p, 100)
		wantCode(t, err, CodeDenied)
		if got != 2*blockSize-100 || !bytes.Equal(p[:got], o.content[100:][:got]) {
			t.Errorf("%d bytes", got)
		}
	})
}

// TestFailuresInARow: failures with progress between them do not add up.
func TestFailuresInARow(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", noise(1, 300_000), afterOpen(func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			first, _ := parseRange(o, r)
			return o.number()%4 != 1 && status(503)(o, w, r) || o.partial(w, first, first+blockSize-1, "300000")
		}))
		f := o.open()
		if err := f.load(span{0, 4 * blockSize}); err != nil || o.number() != 17 {
			t.Errorf("%d requests, error %v", o.number(), err)
		}
	})
}

// TestLastModified: without an ETag the date tells versions apart, and without
// either the size.
func TestLastModified(t *testing.T) {
	date, later := modified.Format(http.TimeFormat), modified.Add(time.Hour).Format(http.TimeFormat)
	for _, test := range []struct {
		first, then string
		etag        string
		code        Code
	}{
		{date, date, "", ""},
		{date, date, `W/"weak"`, ""},
		{date, later, "", CodeChanged},
		{date, "", "", CodeChanged},
		{"", "", "", ""},
		{"", later, "", ""},
	} {
		inBubble(t, func(t *testing.T, n *network) {
			o := n.serve(t, "host:80", noise(1, 300_000), func(o *origin, w http.ResponseWriter, r *http.Request) bool {
				w.Header()["Etag"] = []string{test.etag + strconv.Itoa(o.number())} // no strong one
				if w.Header().Set("Last-Modified", test.first); o.number() > 1 {
					w.Header().Set("Last-Modified", test.then)
				}
				first, last := parseRange(o, r)
				return o.partial(w, first, last, "300000")
			})
			f := o.open()
			_, err := f.ReadAt(make([]byte, 10), 0)
			if test.code == "" && err != nil {
				t.Errorf("%+v: %v", test, err)
			} else if test.code != "" {
				wantCode(t, err, test.code)
			}
		})
	}
}

// TestClose: a closed file is an error, whatever is in memory.
func TestClose(t *testing.T) {
	for _, q := range []quirk{nil, noRanges} {
		inBubble(t, func(t *testing.T, n *network) {
			f := n.serve(t, "host:80", noise(1, 9000), q).open()
			if err := errors.Join(f.Close(), f.Close()); err != nil {
				t.Fatal(err)
			}
			_, err := f.ReadAt(make([]byte, 1), 8999)
			wantCode(t, err, CodeClosed)
			wantCode(t, f.Prefetch(func(string) bool { return true }), CodeClosed)
			if len(f.cache.blocks) > 0 {
				t.Error("memory is still in use")
			}
		})
	}
}

// TestContext: the context of Open ends everything promptly, and its cause shows.
func TestContext(t *testing.T) {
	hang := func(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	}
	wait := func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Retry-After", "30")
		return status(503)(o, w, r)
	}
	half := func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Etag", `"v1"`)
		first, last := parseRange(o, r)
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/300000", first, last))
		w.Header().Set("Content-Length", strconv.Itoa(last-first+1))
		w.WriteHeader(http.StatusPartialContent)
		_, _ = w.Write(o.content[first : first+10])
		_ = http.NewResponseController(w).Flush()
		return hang(o, w, r)
	}
	for i, q := range []quirk{hang, wait, half} {
		inBubble(t, func(t *testing.T, n *network) {
			o := n.serve(t, "host:80", noise(1, 300_000), afterOpen(q))
			ctx, cancel := context.WithCancel(t.Context())
			f, err := Open(ctx, "http://host"+path, o.options())
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			time.AfterFunc(time.Second, cancel)
			start := time.Now()
			_, err = f.ReadAt(make([]byte, 2000), 1000)
			wantCode(t, err, CodeCancelled)
			if !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
				t.Errorf("%d: after %v: %v", i, time.Since(start), err)
			}
			_, err = f.ReadAt(make([]byte, 1), 299_999) // in memory
			wantCode(t, err, CodeCancelled)
		})
		inBubble(t, func(t *testing.T, n *network) {
			o := n.serve(t, "host:80", noise(1, 300_000), q)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := Open(ctx, "http://host"+path, o.options())
			if wantCode(t, err, CodeCancelled); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
}

// TestReaders: several goroutines read at the same time, and Close may come between.
// One may bring what another has just missed; it takes some rounds to meet that.
func TestReaders(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", noise(1, 500_000), nil)
		for range 20 {
			f := o.open()
			var readers sync.WaitGroup
			for range 8 {
				readers.Go(func() {
					for i := range int64(30) {
						if _, err := f.ReadAt(make([]byte, 100), i*blockSize); err != nil {
							t.Errorf("block %d: %v", i, err)
						}
					}
				})
			}
			readers.Wait()
		}
		f := o.open()
		var readers sync.WaitGroup
		for range 8 {
			readers.Go(func() { compare(t, f, o.content) })
		}
		readers.Wait()
		for range 8 {
			readers.Go(func() {
				for {
					if _, err := f.ReadAt(make([]byte, 100_000), 0); err != nil {
						wantCode(t, err, CodeClosed)
						return
					}
				}
			})
		}
		readers.Go(func() { f.Close() })
		readers.Wait()
	})
}

// TestErrorText: every code has a text of its own.
func TestErrorText(t *testing.T) {
	seen := map[string]bool{}
	for _, code := range []Code{CodeURL, CodeNotFound, CodeDenied, CodeStatus, CodeRange, CodeEncoding, CodeChanged,
		CodeTooLarge, CodeRedirect, CodeNetwork, CodeTimeout, CodeCancelled, CodeClosed} {
		cause := errors.New("cause")
		e := &Error{URL: "https://host/a.whl", Status: 404, Code: code, Err: cause}
		text := e.Error()
		if !strings.HasPrefix(text, "https://host/a.whl: ") || !strings.HasSuffix(text, ": cause") || !errors.Is(e, cause) || seen[text] {
			t.Errorf("%s: %s", code, text)
		}
		seen[text] = true
	}
	for text, e := range map[string]*Error{
		"http://host/a: file not found (404 Not Found)": {URL: "http://host/a", Status: 404, Code: CodeNotFound},
		"server returned 499":                           {Status: 499, Code: CodeStatus},
		"cancelled":                                     {Code: CodeCancelled},
	} {
		if e.Error() != text {
			t.Errorf("%q, want %q", e.Error(), text)
		}
	}
}
