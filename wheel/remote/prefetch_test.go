package remote_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

// TestPrefetchRequests: which requests a hint makes, and that reading makes no
// more. The first request, for the end, is left out.
func TestPrefetchRequests(t *testing.T) {
	type spans = []remote.Span
	for _, test := range []struct {
		name  string
		calls []spans
		want  string
	}{
		{"one", []spans{{{Off: 1000, Len: 5000}}}, "1000-5999"},
		{"near", []spans{{{Off: 50_000, Len: 10}, {Off: 40_000, Len: 10}}}, "40000-50009"},
		{"far", []spans{{{Off: 1000, Len: 10}}, {{Off: 100_000, Len: 10}}}, "1000-1009 100000-100009"},
		{"nothing", []spans{{}, {{Off: 9, Len: 0}}, {{Off: -9, Len: 5}}, {{Off: 900_000, Len: 5}}}, ""},
		{"there already", []spans{{{Off: 1000, Len: 50}}, {{Off: 1010, Len: 5}}}, "1000-1049"},
		{"half there", []spans{{{Off: 1000, Len: 50}}, {{Off: 1020, Len: 100}}}, "1000-1049 1050-1119"},
		{"little there", []spans{{{Off: 1000, Len: 50}}, {{Off: 900, Len: 300}}}, "1000-1049 900-1199"},
		{"much there", []spans{{{Off: 1000, Len: 20_000}}, {{Off: 900, Len: 30_000}}}, "1000-20999 900-999 21000-30899"},
		{"the tail is there", []spans{{{Off: 295_000, Len: 99_999}}}, "295000-295903"},
	} {
		t.Run(test.name, func(t *testing.T) {
			content := noise(1, 300_000)
			o := serve(t, content, nil)
			f := open(t, o, remote.Options{Tail: 4 << 10})
			for _, call := range test.calls {
				if err := f.Prefetch(call...); err != nil {
					t.Fatal(err)
				}
			}
			_, got, _ := strings.Cut(strings.ReplaceAll(o.ranges(), "bytes=", ""), " ")
			if got != test.want {
				t.Fatalf("asked for %s, want %s", got, test.want)
			}
			for _, call := range test.calls {
				for _, s := range call {
					if s.Off < 0 || s.Off > f.Size() {
						continue
					}
					p := make([]byte, min(s.Len, f.Size()-s.Off))
					if _, err := f.ReadAt(p, s.Off); err != nil || !bytes.Equal(p, content[s.Off:][:len(p)]) {
						t.Errorf("%v: %v", s, err)
					}
				}
			}
			if _, after, _ := strings.Cut(strings.ReplaceAll(o.ranges(), "bytes=", ""), " "); after != got {
				t.Errorf("reading asked for more: %s", after)
			}
		})
	}
}

// TestBatches: more than the cache holds comes in batches without being fetched
// twice, and memory that was released is used again.
func TestBatches(t *testing.T) {
	content := noise(1, 2<<20)
	o := serve(t, content, nil)
	options := quick
	options.CacheSize = 256 << 10
	f := open(t, o, options)
	for off := int64(0); off < f.Size(); off += 256 << 10 {
		batch := remote.Span{Off: off, Len: 256 << 10}
		if err := f.Prefetch(batch); err != nil {
			t.Fatal(err)
		}
		p := make([]byte, batch.Len)
		if _, err := f.ReadAt(p, off); err != nil || !bytes.Equal(p, content[off:][:len(p)]) {
			t.Fatalf("%v: %v", batch, err)
		}
		f.Release(batch)
	}
	o.Close()
	if got := o.bytes(); got > int64(len(content))+4<<10 || o.number() != 9 {
		t.Errorf("%d bytes in %d requests: %s", got, o.number(), o.ranges())
	}
}

// TestBeyondCache: a hinted span that is larger than the cache comes in pieces of
// an eighth of it, and not a byte more.
func TestBeyondCache(t *testing.T) {
	content := noise(1, 2<<20)
	o := serve(t, content, nil)
	options := quick
	options.CacheSize = 256 << 10
	f := open(t, o, options)
	span := remote.Span{Off: 1000, Len: 1 << 20}
	if err := f.Prefetch(span); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, 1000)
	for off := span.Off; off < span.End(); off += int64(len(p)) {
		p = p[:min(int64(len(p)), span.End()-off)]
		if _, err := f.ReadAt(p, off); err != nil || !bytes.Equal(p, content[off:][:len(p)]) {
			t.Fatalf("at %d: %v", off, err)
		}
	}
	f.Close()
	o.Close()
	// The end, a cache full, and 24 pieces for the rest.
	if got := o.bytes(); got != span.Len+4<<10 || o.number() != 26 {
		t.Errorf("%d bytes in %d requests: %s", got, o.number(), o.ranges())
	}
}

// TestReleased: what was released is fetched again.
func TestReleased(t *testing.T) {
	o := serve(t, noise(1, 300_000), nil)
	f := open(t, o, quick)
	span := remote.Span{Off: 299_000, Len: 500}
	f.Release(span)
	p := make([]byte, 1000)
	if _, err := f.ReadAt(p, 299_000); err != nil || !bytes.Equal(p, o.content[299_000:]) {
		t.Fatal(err)
	}
	if !strings.HasSuffix(o.ranges(), " bytes=299000-299499") {
		t.Error(o.ranges())
	}
}

// TestOneFlight: many readers of the same bytes make one request, and it does not
// matter whether they come by hint.
func TestOneFlight(t *testing.T) {
	content := noise(1, 300_000)
	release := make(chan struct{})
	o := serve(t, content, func(o *origin, _ http.ResponseWriter, r *http.Request) bool {
		if o.number() > 1 {
			<-release
		}
		return false
	})
	var g gauge
	options := quick
	options.Client = g.client()
	f := open(t, o, options)
	var readers sync.WaitGroup
	for i := range int64(20) {
		readers.Go(func() {
			p := make([]byte, 100)
			var err error
			if i%2 == 0 {
				_, err = f.ReadAt(p, 1000+100*i)
			} else if err = f.Prefetch(remote.Span{Off: 0, Len: 20_000}); err == nil {
				_, err = f.ReadAt(p, 1000+100*i)
			}
			if err != nil || !bytes.Equal(p, content[1000+100*i:][:100]) {
				t.Errorf("reader %d: %v", i, err)
			}
		})
	}
	time.Sleep(100 * time.Millisecond) // for most readers to be under way
	close(release)
	readers.Wait()
	f.Close()
	o.Close()
	if got := o.bytes(); got > 4<<10+20_000+4<<10 || g.peak() > 4 {
		t.Errorf("%d bytes, %d requests at once: %s", got, g.peak(), o.ranges())
	}
	seen := make([]bool, len(content))
	for _, r := range o.asked[1:] {
		var first, last int
		parse(t, r.Header.Get("Range"), &first, &last)
		for i := first; i <= last; i++ {
			if seen[i] {
				t.Fatalf("byte %d was asked for twice: %s", i, o.ranges())
			}
			seen[i] = true
		}
	}
}

// TestPrefetchFails: the first error in the order of the file, and soon.
func TestPrefetchFails(t *testing.T) {
	o, f := spoil(t, func(_ *origin, w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusNotFound)
		return true
	}, quick)
	var spans []remote.Span
	for i := range int64(14) {
		spans = append(spans, remote.Span{Off: 20_000 * i, Len: 10})
	}
	fault := wantCode(t, f.Prefetch(spans...), remote.CodeNotFound)
	if fault.Span != spans[0] || o.number() > 10 {
		t.Errorf("%v after %d requests", fault, o.number())
	}
}

// TestMembers: the hints of an archive's members are enough to read them.
func TestMembers(t *testing.T) {
	o := serve(t, archive(t, 20, 20_000, 300_000), nil)
	f := open(t, o, remote.Options{})
	members, err := f.Members()
	if err != nil {
		t.Fatal(err)
	}
	names := 0
	for _, m := range members {
		if m.Name == "demo/_ext.so" {
			if err := f.Prefetch(m.Span); err != nil {
				t.Fatal(err)
			}
			names++
		}
	}
	readExt(t, f, false)
	if names != 1 || o.number() != 2 {
		t.Errorf("%d requests: %s", o.number(), o.ranges())
	}
	_, err = open(t, serve(t, noise(1, 5000), nil), quick).Members()
	wantCode(t, err, remote.CodeArchive)
}
