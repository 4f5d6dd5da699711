package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"
)

// bigLayers are five layers of 3,000 files each, 150 MB together, as
// compressible as programs are.
func bigLayers(b *testing.B) [][]byte {
	b.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	pool := make([]byte, 4<<20)
	for i := range pool {
		bits := r.Uint32() // ones are rare
		pool[i] = byte(bits & (bits >> 8) & (bits >> 16))
	}
	var layers [][]byte
	for l := range 5 {
		var out bytes.Buffer
		w := tar.NewWriter(&out)
		for i := range 3000 {
			size := r.IntN(4000)
			name := fmt.Sprintf("usr/lib/python3/dist-packages/pkg%d/mod%d/file%d.py", l, i/20, i)
			if i%30 == 0 {
				size, name = 150_000+r.IntN(200_000), fmt.Sprintf("usr/lib/x86_64-linux-gnu/lib%d-%d.so.1", l, i)
			}
			must(b, w.WriteHeader(&tar.Header{Name: name, Size: int64(size), Mode: 0o644}))
			_, err := w.Write(pool[r.IntN(len(pool)-size):][:size])
			must(b, err)
		}
		must(b, w.Close())
		layers = append(layers, out.Bytes())
	}
	return layers
}

// bigFiles writes those layers as images of several kinds. Nothing of them
// stays in memory, which would keep the collector from its work.
func bigFiles(b *testing.B) map[string]string {
	layers := bigLayers(b)
	save := func(pack func(testing.TB, []byte) []byte) []byte {
		var packed [][]byte
		for _, l := range layers {
			packed = append(packed, pack(b, l))
		}
		return dockerSave(b, amd64, packed...)
	}
	plain := save(asIs)
	b.Logf("%.0f MB", float64(len(plain))/1e6)
	return map[string]string{
		"plain": write(b, plain), "gzip layers": write(b, save(gz)), "zstd layers": write(b, save(zst)),
		"gzip whole": write(b, gz(b, plain)), "zstd whole": write(b, zst(b, plain)),
	}
}

func BenchmarkRoot(b *testing.B) {
	paths := bigFiles(b)
	debug.FreeOSMemory()
	for _, kind := range []string{"plain", "gzip layers", "zstd layers", "gzip whole", "zstd whole"} {
		for how, want := range map[string]func(string) bool{
			"few": func(name string) bool { return strings.Contains(name, "lib3-30") },
			"all": all, // until the budget is spent
		} {
			b.Run(kind+", keep "+how, func(b *testing.B) {
				var peak float64
				for b.Loop() {
					peak = max(peak, heap(b, func() { openBig(b, paths[kind], want) }))
				}
				b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/image")
				b.ReportMetric(peak, "peak-MiB")
			})
		}
	}
}

func openBig(b *testing.B, path string, want func(string) bool) {
	f, err := Open(path)
	must(b, err)
	defer f.Close()
	r, err := f.Root(Platform{}, want)
	must(b, err)
	_, err = fs.Stat(r, "usr/lib/python3/dist-packages/pkg4/mod149/file2999.py")
	must(b, err)
}
