package cli

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"slices"

	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// digests are the algorithms that pip and uv accept for the option --hash.
var digests = map[string]func() hash.Hash{"sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

// fillPool puts the files of all sources into the pool. Local files of which a
// requirement has hashes are read for theirs; pages have them already.
func (r *coverageRun) fillPool() error {
	wanted := map[string][]string{} // algorithms by project
	for _, lock := range r.locks {
		for i := range lock.Packages {
			p := &lock.Packages[i]
			for _, h := range p.Hashes {
				if p.Source.Kind == lockfile.FromIndex && !slices.Contains(wanted[p.Name], h.Algorithm) && digests[h.Algorithm] != nil {
					wanted[p.Name] = append(wanted[p.Name], h.Algorithm)
				}
			}
		}
	}
	for _, f := range r.files {
		if algorithms := wanted[f.Project]; f.Path != "" && len(algorithms) > 0 {
			if err := r.ctx.Err(); err != nil {
				return err
			}
			hashes, err := hashFile(f.Path, algorithms)
			if err != nil {
				r.reportError("%v", err)
				continue
			}
			f.Hashes = hashes
		}
		r.pool.Add(f)
	}
	r.files = nil
	return nil
}

// hashFile reads a file once for all algorithms.
func hashFile(path string, algorithms []string) ([]index.Hash, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var sums []hash.Hash
	var writers []io.Writer
	for _, name := range algorithms {
		sum := digests[name]()
		sums, writers = append(sums, sum), append(writers, sum)
	}
	if _, err := io.Copy(io.MultiWriter(writers...), f); err != nil {
		return nil, err
	}
	var hashes []index.Hash
	for i, name := range algorithms {
		hashes = append(hashes, index.Hash{Algorithm: name, Digest: hex.EncodeToString(sums[i].Sum(nil))})
	}
	return hashes, nil
}
