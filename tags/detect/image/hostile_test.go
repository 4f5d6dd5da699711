package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// TestCutOff: a file that is cut off anywhere is an error, never less content.
func TestCutOff(t *testing.T) {
	layers := [][]byte{
		tarOf(t, dir("etc"), text("etc/os-release", "ID=x\n"), text("usr/lib/libc.so.6", strings.Repeat("libc", 300))),
		tarOf(t, text("etc/.wh.os-release", ""), text("z", "1")),
	}
	plain := tarOf(t, dir("etc"), text("etc/os-release", "ID=x\n"), text("usr/lib/libc.so.6", strings.Repeat("libc", 300)))
	for name, data := range map[string][]byte{
		"root": plain, "root, gzip": gz(t, plain), "root, zstd": zst(t, plain),
		"docker": dockerSave(t, amd64, layers...), "docker, gzip": gz(t, dockerSave(t, amd64, layers...)),
		"docker of gzip": dockerSave(t, amd64, gz(t, layers[0]), gz(t, layers[1])),
		"new docker":     newDockerSave(t, layers...),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := openBytes(data)
			must(t, err)
			want := listing(t, r)
			step := max(1, len(data)/700)
			for n := 0; n < len(data); n += step {
				r, err := openBytes(data[:n])
				if err != nil {
					wantSome(t, err)
					continue
				}
				// Only the second half of the mark, or padding after it, may be lost.
				if got := listing(t, r); got != want || len(bytes.Trim(data[n:], "\x00")) > 0 {
					t.Errorf("cut at %d of %d: no error", n, len(data))
				}
			}
		})
	}
}

// wantSome checks that an error is one of this package's, with a code.
func wantSome(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code == "" || e.Detail == "" {
		t.Errorf("%T %v", err, err)
	}
}

func TestNotImages(t *testing.T) {
	for name, tt := range map[string]struct {
		data string
		code Code
		word string
	}{
		"nothing":             {"", CodeFormat, "empty"},
		"text":                {strings.Repeat("text ", 500), CodeFormat, "neither"},
		"a few letters":       {"text", CodeFormat, "neither"},
		"ELF":                 {"\x7fELF" + strings.Repeat("\x00\x01", 1000), CodeFormat, "neither"},
		"zeros":               {string(endMark), CodeFormat, "empty"},
		"xz, six bytes":       {"\xfd7zXZ\x00", CodeTruncated, "xz"},
		"bzip2, four bytes":   {"BZh9", CodeTruncated, "too early"},
		"lz4":                 {"\x04\x22\x4d\x18", CodeCompression, "lz4 -d"},
		"lzma":                {"\x5d\x00\x00\x80", CodeCompression, "lzma"},
		"lzip":                {"LZIP\x01", CodeCompression, "lzip -d"},
		"gzip of text":        {string(gz(t, []byte("text"))), CodeFormat, "neither"},
		"gzip of nothing":     {string(gz(t, nil)), CodeFormat, "empty"},
		"gzip of gzip":        {string(gz(t, gz(t, tarOf(t, text("a", "1"))))), CodeFormat, "neither"},
		"gzip, damaged":       {"\x1f\x8b" + strings.Repeat("x", 100), CodeDamaged, "gzip"},
		"gzip, two letters":   {"\x1f\x8b", CodeTruncated, "too early"},
		"zstd, damaged":       {zstdMagic + strings.Repeat("\xff", 100), CodeDamaged, "compressed data"},
		"manifest in nothing": {string(tarOf(t, dir("manifest.json"), text("x/manifest.json", "[]"), text("x/layer.tar", ""))), CodeFormat, "manifest.json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openBytes([]byte(tt.data))
			wantCode(t, err, tt.code, tt.word)
		})
	}
}

// failing is a file on a bad disk.
type failing struct {
	r    io.ReaderAt
	from int64
}

var errDisk = errors.New("input/output error")

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, errDisk
	}
	return f.r.ReadAt(p, off)
}

// TestDiskErrors: what the disk is to blame for is not called damage.
func TestDiskErrors(t *testing.T) {
	layer := tarOf(t, text("a", strings.Repeat("x", 300_000)))
	for name, data := range map[string][]byte{
		"plain": dockerSave(t, amd64, layer), "gzip": gz(t, dockerSave(t, amd64, zst(t, bytes.Repeat(layer, 3)))),
		"zstd": zst(t, dockerSave(t, amd64, layer)), "zstd inside": dockerSave(t, amd64, zst(t, layer)),
	} {
		for n := 0; n < len(data); n += len(data)/20 + 1 {
			f, err := NewFile(failing{bytes.NewReader(data), int64(n)}, int64(len(data)))
			if err == nil {
				_, err = f.Root(amd64, all)
			}
			if err == nil && name == "plain" {
				continue // content was passed over
			}
			wantCode(t, err, CodeRead, "input/output error")
			if !errors.Is(err, errDisk) {
				t.Errorf("%s at %d: %v", name, n, err)
			}
		}
	}
}

// zeros is an endless file of zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// heap runs f and reports the most that the heap held meanwhile, in MiB, above
// what it held before.
func heap(t testing.TB, f func()) float64 {
	t.Helper()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	now := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64() + sample[1].Value.Uint64()
	}
	runtime.GC()
	before, most := now(), uint64(0)
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	for {
		most = max(most, now())
		select {
		case <-done:
			return float64(max(most, now())-min(most, before)) / (1 << 20)
		case <-time.After(time.Millisecond):
		}
	}
}

// TestBomb: a layer that decompresses to a lot takes time for the reading of it, and
// no memory.
func TestBomb(t *testing.T) {
	const size = 60 << 20
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	tw := tar.NewWriter(w)
	must(t, tw.WriteHeader(&tar.Header{Name: "usr/bomb", Size: size, Mode: 0o644}))
	_, err := io.CopyN(tw, zeros{}, size)
	must(t, err)
	must(t, tw.WriteHeader(&tar.Header{Name: "usr/a", Size: 1, Mode: 0o644}))
	_, err = tw.Write([]byte("1"))
	must(t, err)
	must(t, tw.Close())
	must(t, w.Close())
	data := dockerSave(t, amd64, b.Bytes())
	var r *Root
	most := heap(t, func() { r = rootOf(t, data, all) })
	if most > 16 {
		t.Errorf("took %.0f MiB", most)
	}
	body, err := fs.ReadFile(r, "usr/a")
	must(t, err)
	if string(body) != "1" {
		t.Errorf("got %q", body)
	}
}

// TestEndlessTail: what follows the end of a tar is not read for ever.
func TestEndlessTail(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(tarOf(t, text("a", "1")))
	must(t, err)
	_, err = io.CopyN(w, zeros{}, 20<<20)
	must(t, err)
	must(t, w.Close())
	data := b.Bytes()
	data[len(data)-8] ^= 1 // a checksum that is not reached
	r, err := openBytes(data)
	must(t, err)
	if got := brief(t, r); got != "a=1" {
		t.Errorf("got %s", got)
	}
}

// TestClaims: sizes that a header claims are not believed.
func TestClaims(t *testing.T) {
	claim := header("usr/lib/big", tar.TypeReg, 0, func(h []byte) { gnu(h); copy(h[124:136], "\x80\x00\x00\x00\x00\x00\x00\x00\x00\xbf\xff\xff") }) // just below 12 MiB
	for name, data := range map[string][]byte{
		"root": claim, "root, gzip": gz(t, claim), "layer": dockerSave(t, amd64, claim), "layer, zstd": dockerSave(t, amd64, zst(t, claim)),
	} {
		most := heap(t, func() {
			f, err := NewFile(bytes.NewReader(data), int64(len(data)))
			if err == nil {
				_, err = f.Root(Platform{}, all)
			}
			wantCode(t, err, CodeTruncated)
		})
		if most > 4 && !strings.Contains(name, "zstd") {
			t.Errorf("%s: took %.1f MiB", name, most)
		}
	}
}

// flood is a tar of n entries without content that are made as they are read,
// without garbage that would be taken for the reader's.
type flood struct {
	n     int
	entry func(i int, b []byte)
	b     *[block]byte
}

func (f flood) size() int64 { return int64(f.n+2) * block }

func (f flood) ReadAt(p []byte, off int64) (n int, err error) {
	b := f.b // would escape from here
	for n < len(p) {
		i := int((off + int64(n)) / block)
		if i >= f.n+2 {
			return n, io.EOF
		}
		clear(b[:])
		if i < f.n {
			f.entry(i, b[:])
		}
		n += copy(p[n:], b[(off+int64(n))%block:])
	}
	return n, nil
}

// TestFloods: more files than can be listed, and more entries than are read.
func TestFloods(t *testing.T) {
	const entries, memory = 20_000, 1 << 20
	one, two := header("usr/0000000", tar.TypeReg, 0, nil), header("usr/0000000", tar.TypeDir, 0, nil)
	for name, tt := range map[string]struct {
		flood flood
		gzip  bool // with as much content ahead of it as is retained
		code  Code
		word  string
	}{
		"files":                      {flood{n: 10_000, entry: numbered}, false, CodeLimit, "list"},
		"content, then files":        {flood{n: 10_000, entry: numbered}, true, CodeLimit, "list"},
		"files that fit":             {flood{n: 4000, entry: numbered}, false, "", ""},
		"one file again and again":   {flood{n: entries + 1, entry: func(_ int, b []byte) { copy(b, one) }}, false, CodeLimit, "20000 entries"},
		"as often as may be":         {flood{n: entries, entry: func(_ int, b []byte) { copy(b, one) }}, false, "", ""},
		"directory and file in turn": {flood{n: entries, entry: func(i int, b []byte) { copy(b, [][]byte{one, two}[i%2]) }}, false, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tt.flood.b = new([block]byte)
			in, size := io.ReaderAt(tt.flood), tt.flood.size()
			if tt.gzip {
				in, size = floodAfterContent(t, tt.flood)
			}
			_, err := rootOfReader(in, size, all, func(l *limits) { l.entries, l.memory, l.retained = entries, memory, memory/2 })
			if tt.code == "" {
				must(t, err)
				return
			}
			wantCode(t, err, tt.code, tt.word)
		})
	}
}

// numbered writes the header of the file with that number.
func numbered(i int, b []byte) {
	copy(b, header("usr/0000000", tar.TypeReg, 0, nil))
	sum := 0
	fmt.Sscanf(string(b[148:154]), "%o", &sum)
	for k := 10; i > 0; k-- {
		b[k] += byte(i % 10)
		sum += i % 10
		i /= 10
	}
	copy(b[148:], fmt.Sprintf("%06o", sum))
}

func floodAfterContent(t *testing.T, f flood) (io.ReaderAt, int64) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	must(t, err)
	for i := range 3 {
		const size = 150 << 10
		_, err = w.Write(header(fmt.Sprintf("usr/lib%d", i), tar.TypeReg, size, nil))
		must(t, err)
		_, err = io.CopyN(w, zeros{}, size)
		must(t, err)
	}
	_, err = io.Copy(w, io.NewSectionReader(f, 0, f.size()))
	must(t, err)
	must(t, w.Close())
	return bytes.NewReader(b.Bytes()), int64(b.Len())
}

// TestManyMembers: an archive of very many members is no image, but may be a
// root file system.
func TestManyMembers(t *testing.T) {
	var files []file
	for i := range 101 {
		files = append(files, text(fmt.Sprintf("data/%d", i), ""))
	}
	few := func(l *limits) { l.members = 100 }
	r, err := rootWithin(tarOf(t, files...), nil, few)
	must(t, err)
	if _, err := r.Lstat("data/7"); err != nil {
		t.Error(err)
	}
	_, err = rootWithin(tarOf(t, append([]file{text("manifest.json", "[]")}, files...)...), nil, few)
	wantCode(t, err, CodeLimit, "more than 100 members")
	_, err = rootWithin(tarOf(t, append([]file{text("manifest.json", "[]")}, files[:99]...)...), nil, few)
	wantCode(t, err, CodeManifest, "lists no image")
}

func TestReplacedFile(t *testing.T) {
	layer := tarOf(t, text("a", strings.Repeat("x", 100_000)))
	path := write(t, dockerSave(t, amd64, layer))
	r, err := openFile(t, path).Root(amd64, nil)
	must(t, err)
	must(t, os.Truncate(path, 2048))
	if _, err := fs.ReadFile(r, "a"); err == nil {
		t.Error("no error of a file that became shorter")
	}
}

// TestDeepLinks: entries below forty links, each of which leads a thousand
// directories down. Half a kilobyte for each entry would be milliseconds of work.
func TestDeepLinks(t *testing.T) {
	deep := "/" + strings.Repeat("d/", 1000)
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	add := func(h tar.Header) { must(t, w.WriteHeader(&h)) }
	add(tar.Header{Name: deep, Typeflag: tar.TypeDir, Mode: 0o755})
	for i := range 39 {
		add(tar.Header{Name: fmt.Sprintf("%sl%d", deep, i), Typeflag: tar.TypeSymlink, Linkname: fmt.Sprintf("%sl%d", deep, i+1)})
	}
	add(tar.Header{Name: deep + "l39", Typeflag: tar.TypeDir, Mode: 0o755})
	add(tar.Header{Name: "usr", Typeflag: tar.TypeSymlink, Linkname: deep + "l0"})
	few := func(l *limits) { l.steps = 1 << 20 }
	for i := range 30 {
		add(tar.Header{Name: fmt.Sprintf("usr/%d", i), Typeflag: tar.TypeReg})
		if i == 10 { // so many do no harm
			_, err := rootWithin(append(slices.Clone(b.Bytes()), make([]byte, 2*block)...), nil, few)
			must(t, err)
		}
	}
	must(t, w.Close())
	_, err := rootWithin(b.Bytes(), nil, few)
	wantCode(t, err, CodeLimit, "too deep")
}

// TestLayersTogether: a layer that is listed again and again counts each time.
func TestLayersTogether(t *testing.T) {
	data := gz(t, tarOf(t, text("usr/a", "1")))
	for left, code := range map[int64]Code{20 * block: "", 2 * block: CodeLimit} {
		r := &rootBuild{s: &store{limits: defaultLimits()}, b: newBuilder(defaultLimits()), bytes: maxLayered - left}
		r.retained = retained{content: map[place]content{}, limits: defaultLimits()}
		r.b.layer = 1
		err := r.read(blob{name: "x", size: int64(len(data))}, bytes.NewReader(data), nil)
		if code == "" {
			must(t, err)
		} else {
			wantCode(t, err, code)
		}
	}
	// What follows the tar counts when it belongs to the digest.
	long := gz(t, append(tarOf(t, text("usr/a", "1")), make([]byte, 200*block)...))
	for _, diffID := range []string{"", "00"} {
		r := &rootBuild{s: &store{limits: defaultLimits()}, b: newBuilder(defaultLimits()), bytes: maxLayered - 100*block}
		r.retained = retained{content: map[place]content{}, limits: defaultLimits()}
		r.b.layer = 1
		err := r.read(blob{name: "x", size: int64(len(long)), diffID: v1.Hash{Algorithm: "sha256", Hex: diffID}}, bytes.NewReader(long), nil)
		wantCode(t, err, CodeLimit)
	}
	c := &cursor{archive: &decoder{r: zeros{}}, total: maxReread - 10}
	_, err := io.CopyN(io.Discard, c, 1<<20)
	wantCode(t, err, CodeLimit)
}
