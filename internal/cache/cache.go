// Package cache keeps results about files in a folder, so that a second run over
// unchanged files opens none of them.
//
// [Cache.Lookup] goes by a file's path, size and time of change; a file that was
// moved or copied is found by its content. A result is only ever given for the
// version that it was stored with, and for a file of the same name.
//
// Several processes may use one folder at a time: every entry is a file of its
// own, written beside its place and then renamed.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Cache is a folder of results.
type Cache struct {
	dir     string
	version string
	limit   int64
}

// Open makes the folder if it is not there. version stands for everything that
// the results depend on beside the files. limit bounds the folder in bytes.
func Open(dir, version string, limit int64) (*Cache, error) {
	for _, kind := range []string{"path", "content"} {
		if err := os.MkdirAll(filepath.Join(dir, kind), 0o755); err != nil {
			return nil, err
		}
	}
	return &Cache{dir, version, limit}, nil
}

// settled is how old a change must be for a file's time to be trusted: two
// changes within a tick of the clock look the same.
const settled = 2 * time.Second

// stamp is the first line of an entry under path.
type stamp struct {
	Path    string `json:"path"`
	Size    int64  `json:"size"`
	Changed int64  `json:"changed"` // Unix time in nanoseconds
	Version string `json:"version"`
}

func (c *Cache) stamp(path string, info fs.FileInfo) (stamp, error) {
	full, err := filepath.Abs(path)
	return stamp{full, info.Size(), info.ModTime().UnixNano(), c.version}, err
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
// now. It reads the entry and nothing else.
func (c *Cache) Lookup(path string, info fs.FileInfo) ([]byte, bool) {
	want, err := c.stamp(path, info)
	if err != nil {
		return nil, false
	}
	text, err := os.ReadFile(c.entry("path", want.Path))
	if err != nil {
		return nil, false
	}
	head, result, ok := bytes.Cut(text, []byte("\n"))
	var have stamp
	if !ok || json.Unmarshal(head, &have) != nil || have != want || !json.Valid(result) {
		return nil, false
	}
	return result, true
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
	result, err = os.ReadFile(c.entry("content", sum, filepath.Base(path), c.version))
	if err != nil || !json.Valid(result) {
		return nil, sum, nil
	}
	return result, sum, nil
}

// Store keeps the result for a file, which must not have changed since info and
// sum were taken.
func (c *Cache) Store(path string, info fs.FileInfo, sum string, result []byte) error {
	if err := write(c.entry("content", sum, filepath.Base(path), c.version), result); err != nil {
		return err
	}
	if time.Since(info.ModTime()) < settled {
		return nil
	}
	s, err := c.stamp(path, info)
	if err != nil {
		return err
	}
	head, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return write(c.entry("path", s.Path), slices.Concat(head, []byte("\n"), result))
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

// Clean removes the entries that were written longest ago until the folder is
// within its limit again, with some room. What another process removes at the same
// time is gone all the same.
func (c *Cache) Clean() error {
	type old struct {
		path    string
		size    int64
		written time.Time
	}
	var all []old
	total := int64(0)
	err := filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreGone(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreGone(err)
		}
		if strings.HasPrefix(d.Name(), unfinished) && time.Since(info.ModTime()) < time.Hour {
			return nil // another process is writing it
		}
		all = append(all, old{path, info.Size(), info.ModTime()})
		total += info.Size()
		return nil
	})
	if err != nil || total <= c.limit {
		return err
	}
	slices.SortFunc(all, func(a, b old) int { return a.written.Compare(b.written) })
	for _, e := range all {
		if total <= c.limit/10*8 {
			break
		}
		if err := ignoreGone(os.Remove(e.path)); err != nil {
			return err
		}
		total -= e.size
	}
	return nil
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
