package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
)

// isRetained reports whether a file's content is in memory.
func isRetained(t *testing.T, r *Root, name string) bool {
	t.Helper()
	f, err := r.Open(name)
	must(t, err)
	defer f.Close()
	_, ok := f.(io.ReaderAt)
	return ok
}

// lessRetained lowers the limits to an eighth: 4 MiB together, 1.5 MiB for one file.
func lessRetained(l *limits) {
	l.memory, l.retained, l.retainedOne = l.memory/8, l.retained/8, l.retainedOne/8
}

// TestBudget: what is retained of a compressed layer, and that the rest can be
// read all the same.
func TestBudget(t *testing.T) {
	big := func(n int) string { return strings.Repeat("0123456789abcdef", n<<13)[:n<<17] } // n eighths of 1 MiB
	layer := gz(t, tarOf(t,
		text("a/just", big(12)), text("a/over", big(12)+"x"), text("b/8", big(8)), text("c/8", big(8)),
		text("d/8", big(8)), text("e/1", big(1)), text("f/4", big(4)), text("g/small", "small"), text("other", "other")))
	var asked []string
	r, err := rootWithin(dockerSave(t, amd64, layer), func(name string) bool {
		asked = append(asked, name)
		return name != "other"
	}, lessRetained)
	must(t, err)
	for name, want := range map[string]bool{
		"a/just": true, "a/over": false, "b/8": true, "c/8": true, "d/8": false, // 28/8 MiB by now
		"e/1": true, "f/4": false, "g/small": true, "other": false,
	} {
		if got := isRetained(t, r, name); got != want {
			t.Errorf("%s: retained %v, want %v", name, got, want)
		}
		body, err := fs.ReadFile(r, name)
		must(t, err)
		info, err := r.Lstat(name)
		must(t, err)
		if int64(len(body)) != info.Size() || info.Size() > 5 && string(body[len(body)/2:][:5]) == "" {
			t.Errorf("%s: %d bytes", name, len(body))
		}
	}
	// Nothing is asked about what could not be retained anyway.
	if got, want := fmt.Sprint(asked), "[a/just b/8 c/8 e/1 g/small other]"; got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
}

// TestWantPath: files are asked about by the path they land at.
func TestWantPath(t *testing.T) {
	var asked []string
	layers := [][]byte{
		gz(t, tarOf(t, dir("usr/lib"), soft("lib", "usr/lib"), text("./etc/../lib/x", "1"), text("empty", ""), hard("y", "lib/x"))),
		tarOf(t, text("plain", "1")),
	}
	rootOf(t, dockerSave(t, amd64, layers...), func(name string) bool { asked = append(asked, name); return true })
	if got := fmt.Sprint(asked); got != "[usr/lib/x]" {
		t.Errorf("asked %s", got)
	}
}

// TestReplacedContent: content of files that later layers replace makes room.
func TestReplacedContent(t *testing.T) {
	var layers [][]byte
	for i := range 5 {
		layers = append(layers, gz(t, tarOf(t, text("a", strings.Repeat(string(rune('a'+i)), 12<<17)), text("b", strings.Repeat("b", 11<<17)))))
	}
	r, err := rootWithin(dockerSave(t, amd64, layers...), all, lessRetained)
	must(t, err)
	for _, name := range []string{"a", "b"} {
		if !isRetained(t, r, name) {
			t.Errorf("%s is not retained", name)
		}
	}
	body, err := fs.ReadFile(r, "a")
	must(t, err)
	if len(body) != 12<<17 || len(bytes.Trim(body, "e")) > 0 {
		t.Error("not the content of the last layer")
	}
}

// TestFit: content gives way to the index, and the index has an end.
func TestFit(t *testing.T) {
	const unit = 1 << 17 // 10 files of 3 units each are retained
	build := func(memory int64) (*retained, *tree) {
		l := defaultLimits()
		l.retained, l.memory = 32*unit, memory
		b := newBuilder(l)
		b.layer, b.src = 1, 1
		r := &retained{content: map[place]content{}, limits: l}
		for i := range 10 {
			e := &entry{name: fmt.Sprint("f", i), kind: tar.TypeReg, size: 3 * unit, off: int64(i + 1)}
			if _, err := b.apply(e); err != nil {
				t.Fatal(err)
			}
			var c content
			for range 3 * unit / chunkSize {
				c = append(c, make([]byte, chunkSize))
			}
			r.content[place{1, e.off}] = c
			r.used += c.cost()
		}
		return r, b.tree
	}
	sum := func(r *retained) (n int64) {
		for _, c := range r.content {
			n += c.cost()
		}
		return n
	}
	for _, tt := range []struct {
		memory   int64 // in units; the index takes less than one
		retained int
		fits     bool
	}{
		{52, 10, true},
		{31, 10, true}, // just room for all
		{30, 8, true},  // two files are dropped, for some spare room
		{20, 5, true},
		{4, 0, true},
		{1, 0, true},
		{0, 10, false}, // nothing is dropped for an index that is too large by itself
	} {
		r, tree := build(tt.memory * unit)
		err := r.fit(tree)
		if err == nil {
			err = r.fit(tree) // a second time, with nothing left to drop
		}
		if (err == nil) != tt.fits {
			t.Errorf("memory %d: %v", tt.memory, err)
		}
		if len(r.content) != tt.retained || r.used != sum(r) {
			t.Errorf("memory %d: %d retained, %d bytes counted as %d; want %d retained", tt.memory, len(r.content), sum(r), r.used, tt.retained)
		}
	}
}

// TestLargeWindow: the largest window of zstd, and as much content as is retained.
func TestLargeWindow(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes memory for itself")
	}
	data := append([]byte(zstdMagic), 0, 15<<3) // a window of 32 MiB
	var files []file
	for i := range 5 {
		files = append(files, text(fmt.Sprint("usr/", i), strings.Repeat("x", 8<<17)))
	}
	tar := tarOf(t, files...)
	for len(tar) > 0 {
		n := min(len(tar), 100_000)
		b := uint32(n) << 3
		if n == len(tar) {
			b |= 1
		}
		data = append(append(data, byte(b), byte(b>>8), byte(b>>16)), tar[:n]...)
		tar = tar[n:]
	}
	var r *Root
	most := heap(t, func() {
		var err error
		r, err = rootWithin(data, all, lessRetained)
		must(t, err)
	})
	if most > 80 { // a decoder to list the members, another for the content
		t.Errorf("took %.0f MiB", most)
	}
	t.Logf("%.1f MiB", most)
	if !isRetained(t, r, "usr/1") || isRetained(t, r, "usr/4") {
		t.Error("retained the wrong files")
	}
}

func TestContentReadAt(t *testing.T) {
	c := content{bytes.Repeat([]byte("a"), chunkSize), []byte("bcd")}
	for _, tt := range []struct {
		off  int64
		want string
		err  error
	}{
		{chunkSize - 2, "aabc", nil}, {chunkSize, "bcd", io.EOF}, {chunkSize + 2, "d", io.EOF}, {chunkSize + 3, "", io.EOF}, {9 * chunkSize, "", io.EOF}, {-1, "", io.EOF},
	} {
		buf := make([]byte, 4)
		n, err := c.ReadAt(buf, tt.off)
		if string(buf[:n]) != tt.want || err != tt.err {
			t.Errorf("at %d: %q, %v", tt.off, buf[:n], err)
		}
	}
}
