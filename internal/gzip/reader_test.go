package gzip

import (
	"bytes"
	stdflate "compress/flate"
	std "compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/wheeltag/wheeltag/internal/inflate"
)

// pack writes one member for each content.
func pack(t testing.TB, head std.Header, contents ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, c := range contents {
		w, err := std.NewWriterLevel(&b, std.BestSpeed)
		if err != nil {
			t.Fatal(err)
		}
		w.Header = head
		if _, err := w.Write(c); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// samples are sound files of all kinds.
func samples(t testing.TB) [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 300_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	text := []byte(strings.Repeat("one and another, ", 20_000))
	named := std.Header{Name: "name", Comment: "comment", Extra: []byte("extra")}
	many := make([][]byte, 500)
	summed := pack(t, std.Header{Name: "a"}, text[:100])
	summed[3] |= hasHeaderCRC
	head := 10 + 2
	crc := crcOf(summed[:head])
	summed = slices.Insert(summed, head, byte(crc), byte(crc>>8))
	return [][]byte{
		pack(t, std.Header{}, text), pack(t, named, noise), pack(t, named, text, nil, noise, text[:1]),
		pack(t, std.Header{}, many...), pack(t, std.Header{}, nil), pack(t, std.Header{Extra: noise[:65_535]}, text), summed,
	}
}

// kind reduces an error to what the two packages have in common.
func kind(err error) string {
	var ours *inflate.CorruptInputError
	var theirs stdflate.CorruptInputError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrHeader), errors.Is(err, std.ErrHeader):
		return "header"
	case errors.Is(err, ErrChecksum), errors.Is(err, std.ErrChecksum):
		return "checksum"
	case errors.As(err, &ours), errors.As(err, &theirs):
		return "corrupt"
	}
	return err.Error()
}

// check compares with compress/gzip: the same bytes, and the same kind of error.
func check(t *testing.T, file []byte, wrap func(io.Reader) io.Reader) string {
	t.Helper()
	var want, got []byte
	theirs, wantErr := std.NewReader(bytes.NewReader(file))
	if wantErr == nil {
		want, wantErr = io.ReadAll(theirs)
	}
	ours, err := NewReader(wrap(bytes.NewReader(file)))
	if err == nil {
		got, err = io.ReadAll(ours)
	}
	if kind(err) != kind(wantErr) {
		t.Fatalf("%d bytes: %v, want %v", len(file), err, wantErr)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("%d bytes of content, want %d: %v", len(got), len(want), err)
	}
	return kind(err)
}

func whole(r io.Reader) io.Reader { return r }

func TestSound(t *testing.T) {
	for _, file := range samples(t) {
		for _, wrap := range []func(io.Reader) io.Reader{whole, iotest.HalfReader, iotest.DataErrReader} {
			if err := check(t, file, wrap); err != "" {
				t.Error(err)
			}
		}
	}
	if err := check(t, samples(t)[2][:3000], iotest.OneByteReader); err != "unexpected EOF" {
		t.Error(err)
	}
}

// TestDamaged cuts files and changes bytes, near the ends of members most.
func TestDamaged(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	kinds := map[string]int{}
	small := [][]byte{
		pack(t, std.Header{Name: "n", Comment: "c", Extra: []byte("x")}, []byte("some content"), nil, []byte("more, more, more")),
		samples(t)[6],
	}
	for _, file := range small {
		for cut := range file {
			kinds[check(t, file[:cut], whole)]++
		}
		for range 20_000 {
			damaged := slices.Clone(file)
			for range 1 + random.IntN(2) {
				damaged[random.IntN(len(damaged))] ^= 1 << random.IntN(8)
			}
			kinds[check(t, damaged, whole)]++
		}
		kinds[check(t, append(slices.Clone(file), "garbage after it"...), whole)]++
	}
	for _, want := range []string{"", "EOF", "unexpected EOF", "header", "checksum", "corrupt"} {
		if kinds[want] == 0 {
			t.Errorf("no case of %q: %v", want, kinds)
		}
	}
}

func crcOf(p []byte) uint32 {
	var h header
	copy(h.buf[:], p)
	h.z = new(inflate.Reader)
	h.z.Reset(bytes.NewReader(p))
	h.read(len(p))
	return h.crc
}

// TestReadFails: the reader's own error comes through, wherever it strikes.
func TestReadFails(t *testing.T) {
	file := pack(t, std.Header{Name: "n"}, []byte("content"), []byte("content"))
	broken := errors.New("broken disk")
	for n := range len(file) + 1 {
		r, err := NewReader(io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(broken)))
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, file := range samples(f) {
		f.Add(file[:min(len(file), 1<<12)])
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) < 1<<16 {
			check(t, file, whole)
		}
	})
}

// TestAllocations: decoding allocates nothing, however many members there are.
func TestAllocations(t *testing.T) {
	file := samples(t)[3]
	n := testing.AllocsPerRun(10, func() {
		r, err := NewReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			t.Fatal(err)
		}
	})
	if n > 8 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkReader(b *testing.B) {
	names, err := filepath.Glob(filepath.Join("..", "..", "testdata", "elf", "*"))
	if err != nil || len(names) == 0 {
		b.Fatal("no fixtures")
	}
	var content []byte
	for _, name := range names {
		part, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		content = append(content, part...)
	}
	file := pack(b, std.Header{}, content)
	for name, decode := range map[string]func(io.Reader) (io.Reader, error){
		"ours":          func(r io.Reader) (io.Reader, error) { return NewReader(r) },
		"compress-gzip": func(r io.Reader) (io.Reader, error) { return std.NewReader(r) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := decode(bytes.NewReader(file))
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, r)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(n)
			}
		})
	}
}
