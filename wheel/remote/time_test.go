package remote

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// script is a transport that gives its responses in turn and notes when it was
// asked.
type script struct {
	start   time.Time
	answers []any // a status, an error, or a http.Header of a 503
	asked   []time.Duration
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, time.Since(s.start))
	resp := &http.Response{StatusCode: 206, Header: http.Header{}, Request: r, ContentLength: 3}
	resp.Header.Set("Content-Range", "bytes 0-2/3")
	resp.Body = io.NopCloser(strings.NewReader("zip"))
	if len(s.asked) > len(s.answers) {
		return resp, nil
	}
	switch a := s.answers[len(s.asked)-1].(type) {
	case int:
		resp.StatusCode = a
	case http.Header:
		resp.StatusCode, resp.Header = 503, a
	case error:
		return nil, a
	}
	return resp, nil
}

// TestSchedule: what is tried again, and exactly when.
func TestSchedule(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	after := func(value string) http.Header { return http.Header{"Retry-After": {value}} }
	reset := errors.New("connection reset by peer")
	for _, test := range []struct {
		name    string
		answers []any
		asked   []time.Duration
		code    Code
	}{
		{"at once", nil, []time.Duration{0}, ""},
		{"each kind", []any{503, reset, 429}, []time.Duration{0, 250 * ms, 750 * ms, 1750 * ms}, ""},
		{"given up", []any{408, 500, 502, 504}, []time.Duration{0, 250 * ms, 750 * ms, 1750 * ms}, CodeStatus},
		{"network", []any{reset, io.EOF, reset, reset}, []time.Duration{0, 250 * ms, 750 * ms, 1750 * ms}, CodeNetwork},
		{"never for other statuses", []any{404}, []time.Duration{0}, CodeNotFound},
		{"not twice", []any{503, 403}, []time.Duration{0, 250 * ms}, CodeDenied},
		{"asked to wait", []any{after("7")}, []time.Duration{0, 7 * s}, ""},
		{"less than the delay", []any{after("0")}, []time.Duration{0, 250 * ms}, ""},
		{"nonsense", []any{after("-5")}, []time.Duration{0, 250 * ms}, ""},
		{"a date", []any{after("Wed, 01 May 2024 12:00:09 GMT")}, []time.Duration{0, 250 * ms}, ""},
		{"almost a minute", []any{after("59")}, []time.Duration{0, 59 * s}, ""},
		{"almost a minute, twice", []any{after("59"), after("59")}, []time.Duration{0, 59 * s}, CodeStatus},
		{"a minute", []any{after("60")}, []time.Duration{0}, CodeStatus},
		{"a year", []any{after("31536000")}, []time.Duration{0}, CodeStatus},
		{"no such host", []any{&net.DNSError{IsNotFound: true}}, []time.Duration{0}, CodeNetwork},
		{"lookup that timed out", []any{&net.DNSError{IsTimeout: true}}, []time.Duration{0, 250 * ms}, ""},
		{"certificate", []any{&tls.CertificateVerificationError{Err: reset}}, []time.Duration{0}, CodeNetwork},
		{"forbidden address", []any{fmt.Errorf("dial: %w", fs.ErrPermission)}, []time.Duration{0}, CodeNetwork},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := &script{start: time.Now(), answers: test.answers}
				f, err := Open(t.Context(), "https://host/a.whl", Options{Client: &http.Client{Transport: transport}})
				if !slices.Equal(transport.asked, test.asked) {
					t.Errorf("asked at %v, want %v", transport.asked, test.asked)
				}
				if test.code != "" {
					t.Log(wantCode(t, err, test.code))
				} else if err != nil || f.Size() != 3 {
					t.Errorf("file %v, error %v", f, err)
				}
				if f != nil {
					f.Close()
				}
			})
		})
	}
}

// trickle sends a response and waits between its parts.
func trickle(o *origin, w http.ResponseWriter, r *http.Request, part int, wait time.Duration) bool {
	first, last := parseRange(o, r)
	w.Header().Set("Etag", `"v1"`)
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(o.content)))
	w.Header().Set("Content-Length", strconv.Itoa(last-first+1))
	w.WriteHeader(http.StatusPartialContent)
	for at := first; at <= last; at += part {
		if _, err := w.Write(o.content[at:min(at+part, last+1)]); err != nil {
			return true
		}
		_ = http.NewResponseController(w).Flush()
		time.Sleep(wait)
	}
	return true
}

// TestProgress: a server that is slow is given up after a minute without progress,
// with all attempts, and one that is fast enough never, except for Options.Timeout.
func TestProgress(t *testing.T) {
	for _, test := range []struct {
		name    string
		quirk   quirk
		timeout time.Duration
		took    time.Duration
		code    Code
	}{
		{"no header", func(_ *origin, _ http.ResponseWriter, r *http.Request) bool {
			<-r.Context().Done()
			return true
		}, 0, time.Minute, CodeTimeout},
		{"a byte a second", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return trickle(o, w, r, 1, time.Second)
		}, 0, time.Minute, CodeTimeout},
		{"a byte a second, length unknown", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return trickle(o, &flusher{w}, r, 1, time.Second)
		}, 0, time.Minute, CodeTimeout},
		{"a byte a second, no ranges", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			if isSuffix(r) {
				return noRanges(o, w, r)
			}
			for {
				if _, err := w.Write([]byte("x")); err != nil {
					return true
				}
				_ = http.NewResponseController(w).Flush()
				time.Sleep(time.Second)
			}
		}, 0, time.Minute, CodeTimeout},
		{"a connection that breaks after 50 seconds", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			time.Sleep(50 * time.Second)
			panic(http.ErrAbortHandler)
		}, 0, time.Minute, CodeTimeout},
		{"a block, then a byte a second", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			first, last := parseRange(o, r)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(o.content)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(o.content[:blockSize])
			for {
				if _, err := w.Write([]byte("x")); err != nil {
					return true
				}
				_ = http.NewResponseController(w).Flush()
				time.Sleep(time.Second)
			}
		}, 0, time.Minute, CodeTimeout},
		{"a block in 50 seconds, then a wait of 30", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			switch o.number() {
			case 1: // not the end, so that nothing is kept of it
				return status(400)(o, w, r)
			case 3:
				first, last := parseRange(o, r)
				w.Header().Set("Etag", `"v1"`)
				w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", first, last, len(o.content)))
				w.Header().Set("Content-Length", strconv.Itoa(last-first+1))
				w.WriteHeader(http.StatusPartialContent)
				time.Sleep(50 * time.Second)
				_, _ = w.Write(o.content[:blockSize+1])
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			case 4:
				w.Header().Set("Retry-After", "30")
				return status(503)(o, w, r)
			}
			return false
		}, 0, 80 * time.Second, ""},
		{"a block in 59 seconds", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return trickle(o, w, r, blockSize, 59*time.Second)
		}, 0, 5 * 59 * time.Second, ""},
		{"a block in 61 seconds", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return trickle(o, w, r, blockSize, 61*time.Second)
		}, 0, time.Minute, CodeTimeout},
		{"a block in 59 seconds, two minutes", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			return trickle(o, w, r, blockSize, 59*time.Second)
		}, 2 * time.Minute, 2 * time.Minute, CodeTimeout},
		{"asks to wait, ten seconds", func(o *origin, w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Retry-After", "30")
			return status(429)(o, w, r)
		}, 10 * time.Second, 10 * time.Second, CodeTimeout},
		{"two minutes are enough", nil, 2 * time.Minute, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, n *network) {
				o := n.serve(t, "host:80", noise(1, tailSize), test.quirk)
				options := o.options()
				options.Timeout = test.timeout
				start := time.Now()
				f, err := Open(t.Context(), "http://host"+path, options)
				if took := time.Since(start); took < test.took-59*time.Second || took > test.took {
					t.Errorf("it took %v, want %v", took, test.took)
				}
				if test.code == "" {
					if err != nil {
						t.Fatal(err)
					}
					f.Close()
					return
				}
				wantCode(t, err, test.code)
				want := "no progress for 1m0s"
				if test.timeout > 0 {
					want = fmt.Sprintf("not finished after %v", test.timeout)
				}
				if !strings.Contains(err.Error(), want) {
					t.Error(err)
				}
			})
		})
	}
}

// TestTimeout: the limit applies to all reads together, and not after Close.
func TestTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", noise(1, 500_000), nil)
		options := o.options()
		options.Timeout = time.Minute
		f, err := Open(t.Context(), "http://host"+path, options)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		time.Sleep(59 * time.Second)
		if _, err := f.ReadAt(make([]byte, 9), 0); err != nil {
			t.Error(err)
		}
		time.Sleep(2 * time.Second)
		_, err = f.ReadAt(make([]byte, 9), 0)
		wantCode(t, err, CodeTimeout)

		g, err := Open(t.Context(), "http://host"+path, options)
		if err != nil {
			t.Fatal(err)
		}
		g.Close()
		time.Sleep(2 * time.Minute)
		_, err = g.ReadAt(make([]byte, 9), 0)
		wantCode(t, err, CodeClosed)
	})
}
