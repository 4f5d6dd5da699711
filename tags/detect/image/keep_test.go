package image

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
)

// isKept reports whether a file's content is in memory.
func isKept(t *testing.T, r *Root, name string) bool {
	t.Helper()
	f, err := r.Open(name)
	must(t, err)
	defer f.Close()
	_, ok := f.(io.ReaderAt)
	return ok
}

// TestBudget: what is kept of a compressed layer, and that the rest can be
// read all the same.
func TestBudget(t *testing.T) {
	big := func(n int) string { return strings.Repeat("0123456789abcdef", n<<16)[:n<<20] }
	layer := gz(t, tarOf(t,
		text("a/just", big(12)), text("a/over", big(12)+"x"), text("b/8", big(8)), text("c/8", big(8)),
		text("d/8", big(8)), text("e/1", big(1)), text("f/4", big(4)), text("g/small", "small"), text("other", "other")))
	var asked []string
	r := rootOf(t, dockerSave(t, amd64, layer), func(name string) bool {
		asked = append(asked, name)
		return name != "other"
	})
	for name, want := range map[string]bool{
		"a/just": true, "a/over": false, "b/8": true, "c/8": true, "d/8": false, // 28 MiB by now
		"e/1": true, "f/4": false, "g/small": true, "other": false,
	} {
		if got := isKept(t, r, name); got != want {
			t.Errorf("%s: kept %v, want %v", name, got, want)
		}
		body, err := fs.ReadFile(r, name)
		must(t, err)
		info, err := r.Lstat(name)
		must(t, err)
		if int64(len(body)) != info.Size() || info.Size() > 5 && string(body[len(body)/2:][:5]) == "" {
			t.Errorf("%s: %d bytes", name, len(body))
		}
	}
	// Nothing is asked about what could not be kept anyway.
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
		layers = append(layers, gz(t, tarOf(t, text("a", strings.Repeat(string(rune('a'+i)), 12<<20)), text("b", strings.Repeat("b", 11<<20)))))
	}
	r := rootOf(t, dockerSave(t, amd64, layers...), all)
	for _, name := range []string{"a", "b"} {
		if !isKept(t, r, name) {
			t.Errorf("%s is not kept", name)
		}
	}
	body, err := fs.ReadFile(r, "a")
	must(t, err)
	if len(body) != 12<<20 || len(bytes.Trim(body, "e")) > 0 {
		t.Error("not the content of the last layer")
	}
}

// TestFit: content gives way to the index and to decoders, and the index has
// an end.
func TestFit(t *testing.T) {
	build := func() (*kept, *tree) {
		b := newBuilder()
		b.layer = 1
		k := &kept{content: map[place]content{}, windows: new(gauge)}
		for i := range 10 {
			e := &entry{name: fmt.Appendf(nil, "f%d", i), kind: flagRegular, size: 3 << 20, off: int64(i + 1)}
			if _, err := b.apply(e); err != nil {
				t.Fatal(err)
			}
			var c content
			for range 3 << 20 / chunkSize {
				c = append(c, make([]byte, chunkSize))
			}
			k.content[place{1, e.off}] = c
			k.used += c.cost()
		}
		return k, b.tree
	}
	sum := func(k *kept) (n int64) {
		for _, c := range k.content {
			n += c.cost()
		}
		return n
	}
	for _, tt := range []struct {
		window int64
		kept   int
		fits   bool
	}{
		{0, 10, true},
		{21 << 20, 10, true}, // just room for all
		{22 << 20, 8, true},  // two files go, to have some to spare
		{32 << 20, 5, true},
		{48 << 20, 0, true},
		{51 << 20, 0, true},
		{53 << 20, 0, false},
	} {
		k, tree := build()
		k.windows[0].Store(tt.window)
		err := k.fit(tree)
		if err == nil {
			err = k.fit(tree) // a second time, with nothing left to drop
		}
		if (err == nil) != tt.fits {
			t.Errorf("window %d MiB: %v", tt.window>>20, err)
		}
		if len(k.content) != tt.kept || k.used != sum(k) {
			t.Errorf("window %d MiB: %d kept, %d bytes counted as %d; want %d kept", tt.window>>20, len(k.content), sum(k), k.used, tt.kept)
		}
	}
}

// TestLargeWindow: the memory of a zstd decoder counts too.
func TestLargeWindow(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes memory of its own")
	}
	data := append([]byte(zstdMagic), 0, 15<<3) // a window of 32 MiB
	var files []file
	for i := range 5 {
		files = append(files, text(fmt.Sprint("usr/", i), strings.Repeat("x", 8<<20)))
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
	most := heap(t, func() { r = rootOf(t, data, all) })
	if most > 64 {
		t.Errorf("took %.0f MiB", most)
	}
	t.Logf("%.1f MiB", most)
	if !isKept(t, r, "usr/1") || isKept(t, r, "usr/4") {
		t.Error("kept the wrong files")
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
