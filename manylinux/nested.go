package manylinux

import (
	"archive/zip"
	"bytes"
	"io"
)

// The bounds of looking into archives inside a wheel. Beyond them nothing is
// looked at: such a file is data to the loader, whatever it holds.
const (
	maxNested        = 48 << 20
	maxNestedMembers = 10_000
)

// nestedCode lists the ELF files in an archive inside the wheel.
func nestedCode(content []byte) []string {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
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
