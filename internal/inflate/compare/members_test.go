package compare

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// member is the compressed form of one file in an archive, and its size.
type member struct {
	raw  []byte
	size int
}

// elfMembers reads every deflated ELF member of the wheels in ../shared.
func elfMembers(tb testing.TB) (list []member, size int64) {
	tb.Helper()
	names, _ := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "wheels", "*.whl"))
	if len(names) == 0 {
		tb.Skip("no wheels in ../shared/wheels next to the repository")
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			tb.Fatal(err)
		}
		for _, f := range z.File {
			if f.Method != zip.Deflate || f.UncompressedSize64 < 4 {
				continue
			}
			r, err := f.Open()
			if err != nil {
				tb.Fatal(err)
			}
			var magic [4]byte
			if _, err := io.ReadFull(r, magic[:]); err != nil {
				tb.Fatal(err)
			}
			r.Close()
			off, err := f.DataOffset()
			if err != nil {
				tb.Fatal(err)
			}
			if string(magic[:]) == "\x7fELF" {
				list = append(list, member{data[off:][:f.CompressedSize64:f.CompressedSize64], int(f.UncompressedSize64)})
				size += int64(f.UncompressedSize64)
			}
		}
	}
	return list, size
}
