// Package cache keeps results about files in a folder, so that a second run over
// unchanged files opens none of them.
//
// [Cache.Lookup] goes by a file's path, size and time of change, all of them in
// one index for each directory, read when it is first asked about: after that a
// known file costs no more than its stat. A file that was moved or copied is
// found by its content ([Cache.LookupContent]). A result is only ever given for
// the version that it was stored with, and for a file of the same name.
//
// [Cache.Store] keeps a result by content at once, [Cache.Flush] writes the
// indexes. Several processes may use one folder at a time: every file is written
// beside its place and then renamed. Of two that write an index at the same
// moment one may lose what it added, which is then found by content.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Cache is a folder of results. It may be used from several goroutines.
type Cache struct {
	dir     string
	version string
	limit   int64

	mu      sync.Mutex
	indexes map[string]*index // by directory
}

// The kinds of entries, each a folder of its own.
const (
	byDirectory = "index"
	byContent   = "content"
)

// Open makes the folder if it is not there. version stands for everything that
// the results depend on beside the files. limit bounds the folder in bytes.
func Open(dir, version string, limit int64) (*Cache, error) {
	for _, kind := range []string{byDirectory, byContent} {
		if err := os.MkdirAll(filepath.Join(dir, kind), 0o755); err != nil {
			return nil, err
		}
	}
	return &Cache{dir: dir, version: version, limit: limit, indexes: map[string]*index{}}, nil
}

// entry is the place of something by its key.
func (c *Cache) entry(kind string, key ...string) string {
	h := sha256.New()
	for _, k := range key {
		fmt.Fprintf(h, "%d:%s", len(k), k)
	}
	name := hex.EncodeToString(h.Sum(nil))
	return filepath.Join(c.dir, kind, name[:2], name[2:])
}

// Lookup gives the result for the file at path, if there is one for it as it is
// now.
func (c *Cache) Lookup(path string, info fs.FileInfo) ([]byte, bool) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	have, ok := c.index(filepath.Dir(full)).known[filepath.Base(full)]
	if !ok || have.stamp != stampOf(info) {
		return nil, false
	}
	return have.result, true
}

// LookupContent reads the file and gives the result for a file of the same name
// and content. sum is for [Cache.Store].
func (c *Cache) LookupContent(path string) (result []byte, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, "", err
	}
	sum = hex.EncodeToString(h.Sum(nil))
	result, err = os.ReadFile(c.entry(byContent, sum, filepath.Base(path), c.version))
	if err != nil || !json.Valid(result) {
		return nil, sum, nil
	}
	return result, sum, nil
}

// settled is how old a change must be for a file's time to be trusted: two
// changes within a tick of the clock look the same.
const settled = 2 * time.Second

// Store keeps the result, compact JSON, for a file, which must not have changed
// since info and sum were taken.
func (c *Cache) Store(path string, info fs.FileInfo, sum string, result []byte) error {
	if err := write(c.entry(byContent, sum, filepath.Base(path), c.version), result); err != nil {
		return err
	}
	if time.Since(info.ModTime()) < settled {
		return nil
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	x := c.index(filepath.Dir(full))
	name, now := filepath.Base(full), known{stampOf(info), result}
	x.known[name], x.added[name] = now, now
	return nil
}

// unfinished starts the names of entries that are being written.
const unfinished = ".new-"

// write puts a file in place in one step.
func write(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, unfinished+"*")
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
