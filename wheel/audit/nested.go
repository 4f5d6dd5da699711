package audit

import (
	"archive/zip"
	"io"
)

// The bounds of looking into archives inside a wheel. Beyond them nothing is
// looked at: such a file is data to the loader, whatever it holds.
const (
	maxNested        = 48 << 20
	maxNestedMembers = 10_000
)

// nestedCode lists the ELF files in an archive inside the wheel. Its directory
// lies at its end, so the member is decoded twice, as far as its own members
// lie in the order of the directory.
func nestedCode(r io.ReaderAt, size int64) []string {
	if size > maxNested {
		return nil
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil
	}
	var paths []string
	for i, f := range z.File {
		if i == maxNestedMembers {
			break
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		head := make([]byte, len(elfMagic))
		if _, err := io.ReadFull(r, head); err == nil && string(head) == elfMagic {
			paths = append(paths, f.Name)
		}
		r.Close()
	}
	return paths
}
