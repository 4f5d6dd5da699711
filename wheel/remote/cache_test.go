package remote

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestMerge(t *testing.T) {
	const gap = mergeGap
	for _, test := range []struct {
		spans []Span
		limit int64
		want  []Span
	}{
		{nil, 99, nil},
		{[]Span{{5, 0}, {5, -1}, {-1, 5}, {1 << 20, 1}, {math.MaxInt64, math.MaxInt64}}, 99, nil},
		{[]Span{{10, 5}, {0, 5}}, 99, []Span{{0, 15}}},
		{[]Span{{0, 10}, {5, 2}}, 99, []Span{{0, 10}}},
		{[]Span{{0, 10}, {9 + gap, 1}}, 1 << 20, []Span{{0, 10 + gap}}},
		{[]Span{{0, 10}, {10 + gap, 1}}, 1 << 20, []Span{{0, 10}, {10 + gap, 1}}},
		{[]Span{{1<<20 - 5, math.MaxInt64}}, 99, []Span{{1<<20 - 5, 5}}},
		{[]Span{{0, 100}, {50000, 100}, {90000, 1}}, 150, []Span{{0, 100}, {50000, 50}}},
		{[]Span{{0, 100}, {50000, 100}}, 100, []Span{{0, 100}}},
		{[]Span{{0, 100}, {50000, 100}}, 200, []Span{{0, 100}, {50000, 100}}},
	} {
		all := merge(test.spans, 1<<20)
		got, rest := split(all, test.limit)
		if !slices.Equal(got, test.want) {
			t.Errorf("%v within %d: %v, want %v", test.spans, test.limit, got, test.want)
		}
		if again := merge(slices.Concat(got, rest), 1<<20); !slices.Equal(again, all) {
			t.Errorf("%v and %v are %v, want %v", got, rest, again, all)
		}
	}
}

// TestCache holds random calls against a map of bytes and checks what must always
// be true: order, no overlaps, the bound.
func TestCache(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const size = 1000
	content := make([]byte, size)
	for i := range content {
		content[i] = byte(i * 7)
	}
	c := cache{limit: 300}
	for range 20_000 {
		off := r.Int64N(size)
		switch r.IntN(3) {
		case 0:
			if c.find(off) == nil {
				end := c.next(off, min(size, off+1+r.Int64N(60)))
				c.add(&segment{off: off, data: content[off:end]})
				if s := c.find(off); s == nil || s.end() != end {
					t.Fatalf("%d-%d is not there", off, end)
				}
			}
		case 1:
			s := Span{off, r.Int64N(80)}
			c.drop(s)
			if s.Len > 0 && c.next(s.Off, s.End()) != s.End() {
				t.Fatalf("%v is still there", s)
			}
		case 2:
			if s := c.find(off); s != nil && s.data[off-s.off] != content[off] {
				t.Fatalf("wrong byte at %d", off)
			}
		}
		sum, end := int64(0), int64(0)
		for _, s := range c.segments {
			if s.off < end || len(s.data) == 0 {
				t.Fatalf("a segment at %d before %d, %d bytes", s.off, end, len(s.data))
			}
			sum, end = sum+int64(len(s.data)), s.end()
		}
		if sum != c.size || sum > c.limit {
			t.Fatalf("%d bytes, counted %d, limit %d", sum, c.size, c.limit)
		}
	}
}

// TestLeastRecentlyUsed: what was read goes last.
func TestLeastRecentlyUsed(t *testing.T) {
	c := cache{limit: 30}
	for off := range int64(3) {
		c.add(&segment{off: off * 10, data: make([]byte, 10)})
	}
	c.find(5)
	c.add(&segment{off: 30, data: make([]byte, 10)})
	if c.find(5) == nil || c.find(15) != nil || c.find(25) == nil || c.find(35) == nil {
		t.Errorf("the wrong one was dropped: %v", c.segments)
	}
}

func TestReadAhead(t *testing.T) {
	var r runs
	fetch := func(off, want int64) int64 {
		n := r.ahead(Span{off, want}, 10, 500)
		r.note(off, off+n)
		return n
	}
	off := int64(1000)
	var got []int64
	for range 8 {
		n := fetch(off, 1)
		got = append(got, n)
		off += n
	}
	if want := []int64{10, 10, 20, 40, 80, 160, 160, 160}; !slices.Equal(got, want) {
		t.Errorf("in sequence %v, want %v", got, want)
	}
	if n := fetch(off+mergeGap-1, 1); n != 160 {
		t.Errorf("after a small gap %d", n)
	}
	if n := fetch(500_000, 1); n != 10 {
		t.Errorf("elsewhere %d", n)
	}
	if n := fetch(600_000, 300); n != 300 {
		t.Errorf("a large read %d", n)
	}
	if n := fetch(700_000, 600); n != 500 {
		t.Errorf("a read beyond the bound %d", n)
	}
	for i := range int64(8) { // so many other places that the first is forgotten
		fetch(1_000_000*(i+1), 1)
	}
	if n := fetch(off+mergeGap+159, 1); n != 10 {
		t.Errorf("a forgotten run %d", n)
	}
}

func TestDefaults(t *testing.T) {
	got := Options{}.withDefaults()
	want := Options{Tail: 64 << 10, BlockSize: 64 << 10, CacheSize: 64 << 20, MaxDownload: 256 << 20,
		Attempts: 4, Delay: 250e6, Stall: 60e9}
	if got != want {
		t.Errorf("%+v", got)
	}
	got = Options{CacheSize: 1, BlockSize: 100, Tail: 1 << 30, MaxDownload: -1, Attempts: -1, Delay: -1}.withDefaults()
	if got.CacheSize != 800 || got.Tail != 800 || got.MaxDownload != -1 || got.Attempts != 4 || got.Delay != 250e6 {
		t.Errorf("%+v", got)
	}
	huge := Options{BlockSize: math.MaxInt64, CacheSize: math.MaxInt64, Tail: math.MaxInt64}.withDefaults()
	if huge.CacheSize < huge.BlockSize || huge.BlockSize*growth < 0 || huge.Tail < 0 {
		t.Errorf("%+v", huge)
	}
}
