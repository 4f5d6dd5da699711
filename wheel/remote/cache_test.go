package remote

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
)

// TestLeastRecentlyUsed: what was not used for longest is dropped.
func TestLeastRecentlyUsed(t *testing.T) {
	c := newCache(3)
	for i := range int64(3) {
		c.put(i, []byte{byte(i)})
	}
	c.get(0)
	c.put(3, []byte{3})
	c.put(3, []byte{9}) // it is there
	var got []int64
	for i := range int64(5) {
		if data := c.get(i); data != nil {
			got = append(got, int64(data[0]))
		}
	}
	if want := []int64{0, 2, 3}; !slices.Equal(got, want) || len(c.blocks) != 3 || c.recent.Len() != 3 {
		t.Errorf("blocks %v, want %v", got, want)
	}
	c.clear()
	if c.get(0) != nil || c.recent.Len() != 0 {
		t.Error("not empty")
	}
}

func TestMissing(t *testing.T) {
	c := newCache(10)
	c.put(4, []byte{1})
	for _, test := range []struct{ i, last, want int64 }{
		{0, 9, 4}, {3, 3, 1}, {3, 9, 1}, {4, 9, 0}, {5, 9, 5}, {5, 1 << 40, maxAhead}, {9, 8, 0},
	} {
		if got := c.missing(test.i, test.last); got != test.want {
			t.Errorf("from %d to %d: %d, want %d", test.i, test.last, got, test.want)
		}
	}
}

func TestAhead(t *testing.T) {
	const at = 1000
	for _, test := range []struct {
		name  string
		there func(i int64) bool
		want  int64
	}{
		{"nothing", func(i int64) bool { return false }, 4},
		{"few", func(i int64) bool { return i >= at-3 }, 4},
		{"some", func(i int64) bool { return i >= at-5 }, 5},
		{"some, not the last", func(i int64) bool { return i >= at-20 && i < at-9 }, 11},
		{"each fourth", func(i int64) bool { return i%4 == 0 }, 16},
		{"far ones", func(i int64) bool { return i < at-65 }, 4},
		{"far ones behind the nearby ones", func(i int64) bool { return i < at-64 && i >= at-80 }, 16},
		{"all nearby", func(i int64) bool { return i >= at-64 }, 64},
		{"all nearby and more", func(i int64) bool { return i >= at-300 }, 300},
		{"all", func(i int64) bool { return true }, maxAhead},
		{"those behind do not count", func(i int64) bool { return i > at }, 4},
	} {
		c := newCache(5000)
		for i := range int64(2 * at) {
			if i != at && test.there(i) {
				c.put(i, []byte{1})
			}
		}
		if got := c.ahead(at); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
	c := newCache(10)
	if got := c.ahead(0); got != minAhead {
		t.Errorf("at the beginning: %d", got)
	}
}

// TestSequence: reading all of a file in small steps takes few requests, and no byte
// comes twice.
func TestSequence(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", noise(3, 8<<20), nil)
		f := o.open()
		got, err := io.ReadAll(struct{ io.Reader }{io.NewSectionReader(f, 0, f.Size())}) // 512 bytes at first
		if err != nil || !bytes.Equal(got, o.content) {
			t.Fatalf("%d bytes, error %v", len(got), err)
		}
		if o.number() != 9 || o.bytes() >= int64(len(o.content))+blockSize {
			t.Errorf("%d requests, %d bytes: %s", o.number(), o.bytes(), o.ranges())
		}
	})
}

// TestLargeRead: a read that needs many blocks gets them in one request, or in a few
// if they are very many.
func TestLargeRead(t *testing.T) {
	inBubble(t, func(t *testing.T, n *network) {
		o := n.serve(t, "host:80", noise(3, 10<<20), nil)
		f := o.open()
		p := make([]byte, 1<<20)
		if _, err := f.ReadAt(p, 100); err != nil || !bytes.Equal(p, o.content[100:][:len(p)]) {
			t.Fatal(err)
		}
		if got, want := o.ranges(), "0-1064959"; got != want {
			t.Errorf("ranges %s, want %s", got, want)
		}
		f = o.open()
		p = make([]byte, 9<<20)
		if _, err := f.ReadAt(p, 0); err != nil || !bytes.Equal(p, o.content[:len(p)]) {
			t.Fatal(err)
		}
		if got, want := o.ranges(), " 0-8388607 8388608-10403839"; !strings.HasSuffix(got, want) {
			t.Errorf("ranges %s, want %s", got, want)
		}
	})
}
