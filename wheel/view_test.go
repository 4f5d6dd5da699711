package wheel

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// packed makes an archive of one member and gives its content too.
func packed(t testing.TB, content []byte, method uint16) *Archive {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "member", Method: method})
	if err == nil {
		_, err = w.Write(content)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	a, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func only(t testing.TB, a *Archive) Member {
	t.Helper()
	for m := range a.Members() {
		return m
	}
	t.Fatal("no member")
	return Member{}
}

// TestView reads members at random places in random order, with a small limit, and
// compares with the content.
func TestView(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	content := make([]byte, 1<<20)
	for i := range content {
		content[i] = byte(rng.IntN(7) * rng.IntN(30))
	}
	s := NewScanner(0) // the least: 256 KiB
	for _, method := range []uint16{zip.Deflate, zip.Store} {
		m := only(t, packed(t, content, method))
		for round := range 40 {
			var sums []hash.Hash
			if round%3 == 0 {
				sums = []hash.Hash{sha256.New()}
			}
			v, err := s.View(m, sums...)
			if err != nil {
				t.Fatal(err)
			}
			for range 1 + rng.IntN(8) {
				off := rng.Int64N(int64(len(content)) + 100)
				p := make([]byte, 1+rng.IntN([]int{64, 5000, 300_000}[rng.IntN(3)]))
				n, err := v.ReadAt(p, off)
				want := content[min(off, int64(len(content))):min(off+int64(len(p)), int64(len(content)))]
				switch {
				case errors.Is(err, errPasses):
				case !bytes.Equal(p[:n], want) || (err == io.EOF) != (n < len(p)):
					t.Fatalf("%d bytes at %d: %d, %v", len(p), off, n, err)
				}
			}
			checked, err := v.Finish()
			if err != nil || sums != nil && !checked {
				t.Fatal(checked, err)
			}
			if sum := sha256.Sum256(content); sums != nil && !bytes.Equal(sums[0].Sum(nil), sum[:]) {
				t.Fatal("another sha256")
			}
		}
	}
	if s.Stats.Unpacked == 0 || s.Stats.Packed == 0 || s.Stats.Again == 0 || s.Stats.Skipped == 0 {
		t.Errorf("%+v", s.Stats)
	}
}

// TestHead gives the first bytes whatever the size.
func TestHead(t *testing.T) {
	s := NewScanner(0)
	for _, n := range []int{0, 1, 63, 64, 65, 5000} {
		for _, method := range []uint16{zip.Deflate, zip.Store} {
			content := []byte(strings.Repeat("0123456789", 500)[:n])
			var head [64]byte
			got, err := s.Head(only(t, packed(t, content, method)), head[:])
			if err != nil || !bytes.Equal(head[:got], content[:min(n, 64)]) {
				t.Errorf("%d bytes: %q, %v", n, head[:got], err)
			}
		}
	}
}

// TestChecksum: a changed byte is found when a member is read whole, and a lying
// size as well.
func TestChecksum(t *testing.T) {
	s := NewScanner(0)
	content := bytes.Repeat([]byte("some content "), 1000)
	for name, spoil := range map[string]func(*zip.File){
		"crc":   func(f *zip.File) { f.CRC32++ },
		"long":  func(f *zip.File) { f.UncompressedSize64++ },
		"short": func(f *zip.File) { f.UncompressedSize64-- },
	} {
		a := packed(t, content, zip.Deflate)
		spoil(a.zip.File[0])
		for _, verify := range []bool{false, true} {
			var sums []hash.Hash
			if verify {
				sums = []hash.Hash{sha256.New()}
			}
			v, err := s.View(only(t, a), sums...)
			if err != nil {
				t.Fatal(err)
			}
			_, readErr := io.ReadAll(io.NewSectionReader(v, 0, v.Size()))
			_, err = v.Finish()
			if readErr == nil && !errors.Is(err, ErrChecksum) && !(name == "long" && !verify) {
				t.Errorf("%s, verify %v: %v", name, verify, err)
			}
		}
	}
	a := packed(t, content, zip.Deflate)
	a.zip.File[0].Method = 12
	if _, err := s.View(only(t, a)); !errors.Is(err, errMethod) {
		t.Errorf("bzip2: %v", err)
	}
}

// TestScannerAllocates nothing for members that it has room for.
func TestScannerAllocates(t *testing.T) {
	s := NewScanner(1 << 20)
	m := only(t, packed(t, bytes.Repeat([]byte("abc"), 100_000), zip.Deflate))
	var p [64]byte
	if n := testing.AllocsPerRun(20, func() {
		if _, err := s.Head(m, p[:]); err != nil {
			t.Fatal(err)
		}
		v, err := s.View(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.ReadAt(p[:], 200_000); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Finish(); err != nil {
			t.Fatal(err)
		}
	}); n > 3 { // the View, and what archive/zip makes to find the data
		t.Errorf("%v allocations", n)
	}
}
