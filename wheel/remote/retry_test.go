package remote_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

// script is a transport that gives its answers in turn and notes when it was
// asked. There is no network in it, so that it can run on a clock that jumps.
type script struct {
	start   time.Time
	answers []any // a status, an error, or a http.Header of a 503
	asked   []time.Duration
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, time.Since(s.start))
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, ContentLength: 3}
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
	after := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	reset := errors.New("connection reset by peer")
	for _, test := range []struct {
		name    string
		answers []any
		options remote.Options
		asked   []time.Duration
		code    remote.Code
	}{
		{"at once", nil, remote.Options{}, []time.Duration{0}, ""},
		{"each kind", []any{503, reset, 429}, remote.Options{}, []time.Duration{0, 250 * ms, 750 * ms, 1750 * ms}, ""},
		{"given up", []any{408, 500, 502, 504}, remote.Options{}, []time.Duration{0, 250 * ms, 750 * ms, 1750 * ms}, remote.CodeStatus},
		{"one attempt", []any{503}, remote.Options{Attempts: 1}, []time.Duration{0}, remote.CodeStatus},
		{"network", []any{reset, io.EOF}, remote.Options{Attempts: 2, Delay: s}, []time.Duration{0, s}, remote.CodeNetwork},
		{"never for other statuses", []any{404}, remote.Options{}, []time.Duration{0}, remote.CodeNotFound},
		{"not twice", []any{503, 403}, remote.Options{}, []time.Duration{0, 250 * ms}, remote.CodeDenied},
		{"the wait is bounded", []any{503, 503, 503}, remote.Options{Delay: 20 * s}, []time.Duration{0, 20 * s, 50 * s, 80 * s}, ""},
		{"a long delay is kept", []any{503, 503}, remote.Options{Delay: 45 * s}, []time.Duration{0, 45 * s, 90 * s}, ""},
		{"asked to wait", []any{after("Retry-After", "7")}, remote.Options{}, []time.Duration{0, 7 * s}, ""},
		{"less than the delay", []any{after("Retry-After", "0")}, remote.Options{}, []time.Duration{0, 250 * ms}, ""},
		{"until a date", []any{after("Retry-After", "Wed, 01 May 2024 12:00:09 GMT", "Date", "Wed, 01 May 2024 12:00:00 GMT")}, remote.Options{}, []time.Duration{0, 9 * s}, ""},
		{"until a date by our clock", []any{after("Retry-After", "Sat, 01 Jan 2000 00:00:09 GMT")}, remote.Options{}, []time.Duration{0, 9 * s}, ""},
		{"until a date that is past", []any{after("Retry-After", "Fri, 01 Jan 1999 00:00:00 GMT")}, remote.Options{}, []time.Duration{0, 250 * ms}, ""},
		{"nonsense", []any{after("Retry-After", "-5")}, remote.Options{}, []time.Duration{0, 250 * ms}, ""},
		{"a minute", []any{after("Retry-After", "60")}, remote.Options{}, []time.Duration{0, 60 * s}, ""},
		{"too long", []any{after("Retry-After", "61")}, remote.Options{}, []time.Duration{0}, remote.CodeStatus},
		{"no such host", []any{&net.DNSError{IsNotFound: true}}, remote.Options{}, []time.Duration{0}, remote.CodeNetwork},
		{"lookup that timed out", []any{&net.DNSError{IsTimeout: true}}, remote.Options{}, []time.Duration{0, 250 * ms}, ""},
		{"certificate", []any{&tls.CertificateVerificationError{Err: reset}}, remote.Options{}, []time.Duration{0}, remote.CodeNetwork},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := &script{start: time.Now(), answers: test.answers}
				test.options.Client = &http.Client{Transport: transport}
				f, err := remote.Open(t.Context(), "https://host/a.whl", test.options)
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

// silence is a body that gives a little and then nothing until its request ends.
type silence struct {
	r    *http.Request
	some *bytes.Reader
}

func (s *silence) Read(p []byte) (int, error) {
	if n, err := s.some.Read(p); err == nil {
		return n, nil
	}
	<-s.r.Context().Done()
	return 0, s.r.Context().Err()
}

func (s *silence) Close() error { return nil }

type silent struct{ asked int }

func (s *silent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked++
	if s.asked%2 == 1 { // not even a header
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: 200, Request: r, ContentLength: 9, Header: http.Header{},
		Body: &silence{r, bytes.NewReader([]byte("zip"))}}, nil
}

// TestStall: a server that falls silent, before the answer or within, is a fault
// of the network and no cancellation.
func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, transport := time.Now(), &silent{}
		_, err := remote.Open(t.Context(), "https://host/a.whl", remote.Options{
			Client: &http.Client{Transport: transport}, Stall: 10 * time.Second, Attempts: 2, Delay: time.Second,
		})
		fault := wantCode(t, err, remote.CodeNetwork)
		if took := time.Since(start); transport.asked != 3 || !strings.Contains(err.Error(), "sends nothing") || fault.Status != 0 || took != 32*time.Second {
			t.Errorf("%d requests in %v, error %v", transport.asked, took, err)
		}
	})
}
