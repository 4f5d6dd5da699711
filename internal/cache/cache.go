// Package cache keeps results about wheels, and pages, in a directory, so that a second run
// over unchanged files opens none of them.
//
// [Open] a cache, ask [File] for the result of each file, and [Cache.Close] it.
// A result is stored as JSON, for one version of whatever makes results, and is
// found in two ways:
//
//   - by path, as long as the file's size, times and inode number are those that
//     were stored. All files of a directory are in one index, which is read when
//     the first of them is asked for, so a known file costs one stat.
//   - by file name and SHA-256, which finds files that were moved or copied.
//
// [Cache.Get] and [Cache.Put] are for what is not about a file, such as pages of an index.
//
// Entries carry a checksum, and damaged ones are ignored. Several processes may
// share a directory: each entry is written to a temporary file, which is then
// renamed. If two processes write an index at the same moment, one of them may
// lose what it added; that is then found by content. A cache that cannot be
// written is no reason to fail: File still gives its results, and Close reports
// the first error.
//
// github.com/rogpeppe/go-internal/cache was not chosen because it opens two files
// for each result (0.2 s for 10,000, as long as a whole audit from this cache takes)
// and bounds the age of its entries but not their size.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Cache is a directory of results. It may be used from several goroutines.
type Cache struct {
	dir     string
	version string
	limit   int64
	now     func() time.Time // time.Now, except in tests

	mu      sync.Mutex // guards what follows
	indexes map[string]*index
	stored  bool
	failed  error // the first error of writing; nothing is written after it
}

// The kinds of entries, each a directory of its own.
const (
	byDirectory = "index"
	byContent   = "content"
	byKey       = "key"
)

// Open opens the cache in dir, which is created if it does not exist. version
// identifies everything that results depend on apart from the file itself. limit
// is the largest size of the directory in bytes.
func Open(dir, version string, limit int64) (*Cache, error) {
	for _, kind := range []string{byDirectory, byContent} {
		if err := os.MkdirAll(filepath.Join(dir, kind), 0o755); err != nil {
			return nil, err
		}
	}
	return &Cache{dir: dir, version: version, limit: limit, now: time.Now, indexes: map[string]*index{}}, nil
}

// Close writes the indexes that have grown and removes the oldest entries if the
// directory has become larger than its limit. It returns the first error of
// writing since Open.
func (c *Cache) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.failed != nil:
		return c.failed
	case !c.stored:
		return nil
	}
	return errors.Join(c.flush(), c.clean())
}

// entry returns the path of the entry for a key.
func (c *Cache) entry(kind string, key ...string) string {
	h := sha256.New()
	for _, k := range key {
		fmt.Fprintf(h, "%d:%s", len(k), k)
	}
	name := hex.EncodeToString(h.Sum(nil))
	return filepath.Join(c.dir, kind, name[:2], name[2:])
}

// temporary is the prefix of the names of entries that are being written.
const temporary = ".new-"

// write creates or replaces a file in one step.
func write(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, temporary+"*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
