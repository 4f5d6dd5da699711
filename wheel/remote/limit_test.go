package remote_test

import (
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/wheel/remote"
)

// gauge counts the requests that are under way at once, where they are made: a
// server learns later than its client that an answer is over.
type gauge struct {
	mu        sync.Mutex
	now, most int
}

// client gives one whose requests are counted.
func (g *gauge) client() *http.Client { return &http.Client{Transport: g} }

func (g *gauge) RoundTrip(r *http.Request) (*http.Response, error) {
	g.add(1)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		g.add(-1)
		return nil, err
	}
	resp.Body = &gauged{resp.Body, sync.OnceFunc(func() { g.add(-1) })}
	return resp, nil
}

func (g *gauge) add(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now += n
	g.most = max(g.most, g.now)
}

// peak is the largest count so far.
func (g *gauge) peak() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.most
}

type gauged struct {
	io.ReadCloser
	over func()
}

func (b *gauged) Close() error {
	b.over()
	return b.ReadCloser.Close()
}

// TestRequestLimit: hints and readers together make four requests at once, and
// never a fifth.
func TestRequestLimit(t *testing.T) {
	o := serve(t, noise(1, 600_000), func(o *origin, _ http.ResponseWriter, _ *http.Request) bool {
		if o.number() > 1 {
			time.Sleep(20 * time.Millisecond)
		}
		return false
	})
	var g gauge
	options := quick
	options.Client = g.client()
	f := open(t, o, options)
	var spans []remote.Span
	for i := range int64(10) {
		spans = append(spans, remote.Span{Off: 20_000 * i, Len: 10})
	}
	var readers sync.WaitGroup
	readers.Go(func() {
		if err := f.Prefetch(spans...); err != nil {
			t.Error(err)
		}
	})
	for i := range int64(10) {
		readers.Go(func() {
			if _, err := f.ReadAt(make([]byte, 10), 300_000+30_000*i); err != nil {
				t.Error(err)
			}
		})
	}
	readers.Wait()
	if g.peak() != 4 || o.number() != 21 {
		t.Errorf("%d requests at once, %d in all; want 4 and 21", g.peak(), o.number())
	}
}
