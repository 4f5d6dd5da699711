package inflate

import (
	"archive/zip"
	"bytes"
	stdflate "compress/flate"
	"io"
	"os"
	"path/filepath"
	"testing"
)

type member struct {
	raw  []byte
	size int
}

// elfMembers reads the deflated ELF members of the wheels in ../shared.
func elfMembers(b *testing.B) (list []member, total, largest int) {
	b.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "wheels", "*.whl"))
	if err != nil || len(names) == 0 {
		b.Skip("no wheels in ../shared/wheels next to the repository")
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range z.File {
			off, err := f.DataOffset()
			if err != nil {
				b.Fatal(err)
			}
			m := member{data[off:][:f.CompressedSize64], int(f.UncompressedSize64)}
			var magic [4]byte
			var d Decoder
			d.Decode(magic[:], m.raw) // ErrTooLong
			if f.Method == zip.Deflate && string(magic[:]) == "\x7fELF" {
				list = append(list, m)
				total += m.size
				largest = max(largest, m.size)
			}
		}
	}
	return list, total, largest
}

// BenchmarkELF decodes every member once per iteration. The ratios to other
// decoders are better measured with the module in compare, which alternates.
func BenchmarkELF(b *testing.B) {
	members, total, largest := elfMembers(b)
	dst := make([]byte, largest)
	var src bytes.Reader
	run := func(name string, decode func(dst []byte, m member) (int, error)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(total))
			b.ReportAllocs()
			for b.Loop() {
				for _, m := range members {
					if n, err := decode(dst[:m.size], m); n != m.size || err != nil {
						b.Fatal(n, err)
					}
				}
			}
		})
	}
	var d Decoder
	run("whole", func(dst []byte, m member) (int, error) {
		n, _, err := d.Decode(dst, m.raw)
		return n, err
	})
	var r Reader
	run("streaming", func(dst []byte, m member) (int, error) {
		src.Reset(m.raw)
		r.ResetAt(&src, 0, int64(len(m.raw)))
		return io.ReadFull(&r, dst)
	})
	std := stdflate.NewReader(&src)
	run("compress_flate", func(dst []byte, m member) (int, error) {
		src.Reset(m.raw)
		if err := std.(stdflate.Resetter).Reset(&src, nil); err != nil {
			return 0, err
		}
		return io.ReadFull(std, dst)
	})
}
