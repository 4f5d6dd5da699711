package index

import (
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

// ReadVariants reads a {name}-{version}-variants.json.
func ReadVariants(path string) (*variant.Metadata, error) {
	// Opening a pipe would wait.
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		if err == nil {
			err = errNotRegular
		}
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, variant.MaxSize+1))
	if err != nil {
		return nil, err
	}
	return variant.Parse(text)
}

// VariantsFile is a {name}-{version}-variants.json: the variants of one release.
type VariantsFile struct {
	wheel.VariantsName
	wheel.ReleaseVariants
	Path string
}

// ReadDirVariants yields the {name}-{version}-variants.json files in a directory and
// below it, in lexical order. Other files and what [ReadDir] reports are left out.
func ReadDirVariants(dir string) iter.Seq[VariantsFile] {
	return func(yield func(VariantsFile) bool) {
		walk(dir, nil, func(path string, d fs.DirEntry, err error) bool {
			if err != nil || !strings.HasSuffix(d.Name(), "-variants.json") {
				return true
			}
			name, err := wheel.ParseVariantsName(d.Name())
			if err != nil {
				return true
			}
			f := VariantsFile{VariantsName: name, Path: path}
			f.Metadata, f.Err = ReadVariants(path)
			return yield(f)
		})
	}
}
