package remote_test

import (
	"bytes"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/remote"
)

// readExt opens a wheel, lists it and reads its extension module. With hint the
// module's span is fetched beforehand.
func readExt(t *testing.T, f *remote.File, hint bool) {
	t.Helper()
	if hint {
		members, err := f.Members()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if m.Name != "demo/_ext.so" {
				continue
			}
			if err := f.Prefetch(m.Span); err != nil {
				t.Fatal(err)
			}
		}
	}
	a, err := wheel.Open(f, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	if m, err := a.Metadata(); err != nil || m.Name != "demo" {
		t.Fatalf("metadata %v, error %v", m, err)
	}
	found := false
	for m := range a.Members() {
		if m.Name() != "demo/_ext.so" {
			continue
		}
		found = true
		data, err := m.ReadAll(1 << 20)
		if want := append([]byte("\x7fELF"), noise(7, 300_000-4)...); err != nil || !bytes.Equal(data, want) {
			t.Fatalf("%d bytes, error %v", len(data), err)
		}
	}
	if !found {
		t.Fatal("no extension module in the list")
	}
}

// TestWheelBudget: listing a wheel and reading its one extension module costs
// little more than that module.
func TestWheelBudget(t *testing.T) {
	const member = 300_000
	content := archive(t, 500, 20_000, member)
	for _, test := range []struct {
		name     string
		hint     bool
		requests int
		extra    int64 // bytes beside those of the member
	}{
		{"hinted", true, 2, 72 << 10},
		{"plain", false, 5, 400 << 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := serve(t, content, nil)
			f := open(t, o, remote.Options{})
			readExt(t, f, test.hint)
			f.Close() // ends the read-ahead
			o.Close() // and lets the server count to the end
			t.Logf("%d bytes of %d in %d requests", o.bytes(), len(content), o.number())
			if limit := int64(len(content))*15/100 + member; o.bytes() >= limit {
				t.Errorf("%d bytes were sent, want fewer than %d", o.bytes(), limit)
			}
			if o.bytes() > member+test.extra || o.number() > test.requests {
				t.Errorf("%d bytes in %d requests; want at most %d in %d", o.bytes(), o.number(), member+test.extra, test.requests)
			}
			if s := f.Stats(); s.Requests != int64(o.number()) || s.Bytes > o.bytes() || s.Whole {
				t.Errorf("stats %+v, the server counts %d requests and %d bytes", s, o.number(), o.bytes())
			}
		})
	}
}

// TestDirectoryBeyondTail: a directory that the tail cuts costs one request more.
func TestDirectoryBeyondTail(t *testing.T) {
	content := archive(t, 500, 200, 300_000)
	o := serve(t, content, nil)
	f := open(t, o, remote.Options{Tail: 2 << 10})
	if o.number() != 2 {
		t.Fatalf("%d requests to open: %s", o.number(), o.ranges())
	}
	a, err := wheel.Open(f, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range a.Members() {
		n++
	}
	if n != 503 || o.number() != 2 {
		t.Errorf("%d members after %d requests", n, o.number())
	}
}

// TestDirectoryBeyondCache: a directory too large to be fetched unasked is read
// like anything else, and a failure there is one of reading.
func TestDirectoryBeyondCache(t *testing.T) {
	var spoilt atomic.Bool
	o := serve(t, archive(t, 500, 20, 300), func(_ *origin, w http.ResponseWriter, _ *http.Request) bool {
		if spoilt.Load() {
			w.WriteHeader(http.StatusForbidden)
		}
		return spoilt.Load()
	})
	options := remote.Options{Tail: 2 << 10, BlockSize: 2 << 10, CacheSize: 16 << 10}
	f := open(t, o, options)
	if members, err := f.Members(); len(members) != 503 || o.number() < 3 {
		t.Errorf("%d members after %d requests, error %v", len(members), o.number(), err)
	}
	f = open(t, o, options)
	spoilt.Store(true)
	_, err := f.Members()
	wantCode(t, err, remote.CodeDenied)
	_, err = wheel.Open(f, f.Size())
	wantCode(t, err, remote.CodeDenied)

	spoilt.Store(false)
	o.quirk = func(o *origin, w http.ResponseWriter, r *http.Request) bool {
		if !isSuffix(r) {
			w.WriteHeader(http.StatusForbidden)
		}
		return !isSuffix(r)
	}
	_, err = remote.Open(t.Context(), o.URL+path, remote.Options{Tail: 2 << 10})
	if fault := wantCode(t, err, remote.CodeDenied); fault.Op != "open" {
		t.Error(err)
	}
}

// TestSequential: reading everything in small steps takes few requests.
func TestSequential(t *testing.T) {
	content := noise(3, 8<<20)
	o := serve(t, content, nil)
	f := open(t, o, remote.Options{})
	got, err := io.ReadAll(struct{ io.Reader }{io.NewSectionReader(f, 0, f.Size())}) // 512 bytes at first
	if err != nil || !bytes.Equal(got, content) {
		t.Fatalf("%d bytes, error %v", len(got), err)
	}
	if o.number() > 14 || o.bytes() != int64(len(content)) {
		t.Errorf("%d requests, %d bytes: %s", o.number(), o.bytes(), o.ranges())
	}
}
