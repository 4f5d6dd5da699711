package cli

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// releases are the {name}-{version}-variants.json files next to wheels, each read once.
type releases map[string]*wheel.ReleaseVariants

// of returns the variants of a wheel's release, nil where there is no file next to the
// wheel that lists them.
func (r releases) of(in input, name *wheel.Name) *wheel.ReleaseVariants {
	if in.path == "" || in.url {
		return nil
	}
	path := filepath.Join(filepath.Dir(in.path), name.VariantsFile())
	found, known := r[path]
	if !known {
		found = readVariants(path)
		r[path] = found
	}
	return found
}

func readVariants(path string) *wheel.ReleaseVariants {
	m, err := index.ReadVariants(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return &wheel.ReleaseVariants{Metadata: m, Err: err}
}
