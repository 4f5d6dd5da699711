package unzip

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/inflate"
)

// packed makes an archive of one member.
func packed(t testing.TB, content []byte, method uint16) Source {
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
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f := r.File[0]
	offset, err := f.DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	return Source{
		Name: f.Name, R: bytes.NewReader(b.Bytes()), Offset: offset, Packed: int64(f.CompressedSize64),
		Size: int64(f.UncompressedSize64), CRC32: f.CRC32, Method: f.Method,
	}
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
		m := packed(t, content, method)
		for round := range 40 {
			var sums []hash.Hash
			if round%3 == 0 {
				sums = []hash.Hash{sha256.New()}
			}
			v, err := s.View(t.Context(), m, sums...)
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

// TestPasses: a member is decoded six times at most. Going back to what is neither at
// the beginning nor recent is one more pass.
func TestPasses(t *testing.T) {
	content := make([]byte, 4<<20)
	for i := range content {
		content[i] = byte(i >> 8 * i)
	}
	s := NewScanner(0)
	m := packed(t, content, zip.Deflate)
	packedSize := m.Packed
	v, err := s.View(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	var p [16]byte
	for pass := 1; pass <= 7; pass++ {
		off := int64(1 << 20)
		_, err := v.ReadAt(p[:], off)
		if err == nil && !bytes.Equal(p[:], content[off:off+16]) {
			t.Fatalf("pass %d: other bytes", pass)
		}
		if (err == nil) != (pass <= 6) || err != nil && !errors.Is(err, errPasses) {
			t.Fatalf("pass %d: %v", pass, err)
		}
		if err == nil {
			if _, err := v.ReadAt(p[:], 3<<20); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := v.ReadAt(p[:], 100); err != nil {
		t.Errorf("the beginning is lost: %v", err)
	}
	if _, err := v.Finish(); err != nil || s.Stats.Again != 1 || s.Stats.Unpacked < 6*3<<20 || s.Stats.Packed < 6*3*packedSize/4 {
		t.Errorf("%v, %+v", err, s.Stats)
	}
}

// TestHead gives the first bytes whatever the size.
func TestHead(t *testing.T) {
	s := NewScanner(0)
	for _, n := range []int{0, 1, 63, 64, 65, 5000} {
		for _, method := range []uint16{zip.Deflate, zip.Store} {
			content := []byte(strings.Repeat("0123456789", 500)[:n])
			var head [64]byte
			got, err := s.Head(t.Context(), packed(t, content, method), head[:])
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
	for name, spoil := range map[string]func(*Source){
		"crc":   func(m *Source) { m.CRC32++ },
		"long":  func(m *Source) { m.Size++ },
		"short": func(m *Source) { m.Size-- },
	} {
		m := packed(t, content, zip.Deflate)
		spoil(&m)
		for _, verify := range []bool{false, true} {
			var sums []hash.Hash
			if verify {
				sums = []hash.Hash{sha256.New()}
			}
			v, err := s.View(t.Context(), m, sums...)
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
	m := packed(t, content, zip.Deflate)
	m.Method = 12
	if _, err := s.View(t.Context(), m); !errors.Is(err, ErrMethod) {
		t.Errorf("bzip2: %v", err)
	}
}

// TestScannerAllocates nothing for members that it has room for.
func TestScannerAllocates(t *testing.T) {
	s := NewScanner(1 << 20)
	m := packed(t, bytes.Repeat([]byte("abc"), 100_000), zip.Deflate)
	var p [64]byte
	if n := testing.AllocsPerRun(20, func() {
		if _, err := s.Head(t.Context(), m, p[:]); err != nil {
			t.Fatal(err)
		}
		v, err := s.View(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.ReadAt(p[:], 200_000); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Finish(); err != nil {
			t.Fatal(err)
		}
	}); n > 1 { // the View
		t.Errorf("%v allocations", n)
	}
}

// TestFinish: a member that was read whole is compared with the directory without
// being asked to, and nothing is decoded twice for that.
func TestFinish(t *testing.T) {
	content := bytes.Repeat([]byte("some content "), 1000)
	for _, method := range []uint16{zip.Deflate, zip.Store} {
		for _, sums := range [][]hash.Hash{nil, {sha256.New()}} {
			for _, read := range []int{0, 1, len(content)} {
				s := NewScanner(0)
				m := packed(t, content, method)
				v, err := s.View(t.Context(), m, sums...)
				if err != nil {
					t.Fatal(err)
				}
				if n, err := v.ReadAt(make([]byte, read), 0); n != read || err != nil {
					t.Fatal(n, err)
				}
				checked, err := v.Finish()
				if all := sums != nil || read > 0; err != nil || checked != all { // the first read decodes 64 KiB
					t.Errorf("method %d, %d bytes, verify %v: %v, %v", method, read, sums != nil, checked, err)
				}
				want := Stats{Packed: m.Packed, Unpacked: m.Size}
				if sums == nil && read == 0 {
					want = Stats{Skipped: m.Size}
				}
				if s.Stats != want {
					t.Errorf("method %d, %d bytes, verify %v: %+v, want %+v", method, read, sums != nil, s.Stats, want)
				}
			}
		}
	}
}

// TestHeadErrors: members that cannot be decoded, and archives that end too soon.
func TestHeadErrors(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 1000)
	good := packed(t, content, zip.Deflate)
	stored := packed(t, content, zip.Store)
	fault := errors.New("input/output error")
	var head [64]byte
	for name, c := range map[string]struct {
		m    Source
		want error
		n    int
	}{
		"bzip2":              {Source{Name: "m", Size: 1, Method: 12}, ErrMethod, 0},
		"encrypted":          {Source{Name: "m", Size: 1, Flags: FlagEncrypted}, ErrMethod, 0},
		"strong encryption":  {Source{Name: "m", Size: 1, Flags: FlagStrong}, ErrMethod, 0},
		"patched":            {Source{Name: "m", Size: 1, Flags: FlagPatched}, ErrMethod, 0},
		"empty, bzip2":       {Source{Name: "m", Method: 12}, nil, 0},
		"cut short":          {Source{Name: "m", R: bytes.NewReader(nil), Packed: 10, Size: 100, Method: Deflated}, io.ErrUnexpectedEOF, 0},
		"unreadable":         {Source{Name: "m", R: &failing{bytes.NewReader(nil), 1, fault}, Packed: 10, Size: 100, Method: Deflated}, fault, 0},
		"unreadable, stored": {Source{Name: "m", R: &failing{bytes.NewReader(nil), 1, fault}, Packed: 10, Size: 10}, fault, 0},
		"no deflate stream":  {Source{Name: "m", R: bytes.NewReader([]byte{7}), Packed: 1, Size: 100, Method: Deflated}, &inflate.CorruptInputError{}, 0},
		"stored, cut short":  {Source{Name: "m", R: bytes.NewReader(content[:10]), Packed: 100, Size: 100}, nil, 10},
		"good":               {good, nil, 64},
		"good, stored":       {stored, nil, 64},
	} {
		n, err := NewScanner(0).Head(t.Context(), c.m, head[:])
		var corrupt *inflate.CorruptInputError
		if _, wanted := c.want.(*inflate.CorruptInputError); n != c.n || wanted != errors.As(err, &corrupt) || !wanted && !errors.Is(err, c.want) {
			t.Errorf("%s: %d, %v; want %d, %v", name, n, err, c.n, c.want)
		}
		if err != nil && c.want != fault && !strings.HasPrefix(err.Error(), "m: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A long code table before the first bytes: a part of the stream does not reach them.
	var b bytes.Buffer
	for range 400 {
		b.Write([]byte{0, 0, 0, 0xff, 0xff}) // empty stored blocks
	}
	b.Write([]byte{1, 2, 0, 0xfd, 0xff, 'h', 'i'})
	n, err := NewScanner(0).Head(t.Context(), Source{R: bytes.NewReader(b.Bytes()), Packed: int64(b.Len()), Size: 2, Method: Deflated}, head[:])
	if n != 2 || string(head[:2]) != "hi" || err != nil {
		t.Errorf("after many empty blocks: %d, %v", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewScanner(0).Head(ctx, good, head[:]); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that is done: %v", err)
	}
}

// TestViewErrors: what the directory states and the content is not.
func TestViewErrors(t *testing.T) {
	content := bytes.Repeat([]byte("some content "), 1000)
	if _, err := NewScanner(0).View(t.Context(), Source{Name: "m", Size: -1}); err == nil || err.Error() != "m: claims an impossible size" {
		t.Errorf("a size that is no size: %v", err)
	}
	for name, spoil := range map[string]func(*Source){
		"longer":    func(m *Source) { m.Size-- },
		"shorter":   func(m *Source) { m.Size++ },
		"checksum":  func(m *Source) { m.CRC32++ },
		"cut short": func(m *Source) { m.Packed-- },
	} {
		for _, method := range []uint16{zip.Deflate, zip.Store} {
			m := packed(t, content, method)
			spoil(&m)
			v, err := NewScanner(0).View(t.Context(), m, sha256.New())
			if err != nil {
				t.Fatal(err)
			}
			if checked, err := v.Finish(); !checked || !errors.Is(err, ErrChecksum) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s, method %d: %v, %v", name, method, checked, err)
			}
			s := NewScanner(0)
			if v, err = s.View(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			n, err := v.ReadAt(make([]byte, len(content)+1), 0)
			if want := map[bool]int{true: len(content) - 1, false: len(content)}[name == "cut short" && method == zip.Store]; n > want || err == nil {
				t.Errorf("%s, method %d: %d bytes, %v", name, method, n, err)
			}
		}
	}
}

// TestRest: the bytes of a member behind the end of its deflated data are counted once
// all of it was decoded. A stored member has none.
func TestRest(t *testing.T) {
	content := []byte(strings.Repeat("content ", 100))
	s := NewScanner(0)
	for _, method := range []uint16{zip.Deflate, zip.Store} {
		for _, more := range []int64{0, 1, 70_000} {
			m := packed(t, content, method)
			data := make([]byte, m.Packed+more)
			if _, err := m.R.ReadAt(data[:m.Packed], m.Offset); err != nil {
				t.Fatal(err)
			}
			want := more
			if m.R, m.Offset = bytes.NewReader(data), 0; method == zip.Store {
				want = 0
			} else {
				m.Packed += more
			}
			for _, sums := range [][]hash.Hash{nil, {sha256.New()}} {
				v, err := s.View(t.Context(), m, sums...)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := v.ReadAt(make([]byte, len(content)), 0); err != nil {
					t.Fatal(err)
				}
				if checked, err := v.Finish(); err != nil || !checked || v.Rest() != want {
					t.Errorf("method %d, %d bytes more: checked %v, %v, %d", method, more, checked, err, v.Rest())
				}
			}
		}
	}
}
