package cache

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/wheeltag/wheeltag/internal/filestamp"
)

// File returns the result kept for the file at path, or else the one that fresh
// makes of it. That is then kept if it is final: one that another attempt would not
// change, as it might after an error of reading. Errors are those of fresh.
//
// Results are kept only for regular files that look like zip archives, and only if
// these are the same before and after they were read.
func File[T any](ctx context.Context, c *Cache, path string, fresh func() (result *T, final bool, err error)) (*T, error) {
	uncached := func() (*T, error) {
		result, _, err := fresh()
		return result, err
	}
	asked := c.now()
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return uncached()
	}
	before := filestamp.Of(info)
	if result := decode[T](c.byPath(path, before)); result != nil {
		return result, nil
	}
	sum, err := archiveSum(ctx, path)
	if err != nil {
		return uncached()
	}
	text := c.byContent(path, sum)
	if result := decode[T](text); result != nil {
		c.keep(path, sum, text, before, asked)
		return result, nil
	}
	result, final, err := fresh()
	if err != nil || !final {
		return result, err
	}
	if text, err = json.Marshal(result); err == nil {
		c.keep(path, sum, text, before, asked)
	}
	return result, nil
}

// decode returns nil for a text that is missing or not the JSON of a T.
func decode[T any](text []byte) *T {
	var result T
	if text == nil || json.Unmarshal(text, &result) != nil {
		return nil
	}
	return &result
}

// byPath returns the result for the file at path if it is in the state now.
func (c *Cache) byPath(path string, now filestamp.Stamp) []byte {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.index(filepath.Dir(full)).known[filepath.Base(full)]; ok && e.Stamp == now {
		return e.result
	}
	return nil
}

// byContent returns the result for a file with the name and SHA-256.
func (c *Cache) byContent(path, sum string) []byte {
	text, err := os.ReadFile(c.contentEntry(path, sum))
	if err != nil {
		return nil
	}
	result, _ := checked(text)
	return result
}

func (c *Cache) contentEntry(path, sum string) string {
	return c.entry(byContent, sum, filepath.Base(path), c.version)
}

// settled is how old the last change of a file must be for its times to be
// trusted: two changes within one tick of the clock leave the same time, and the
// coarsest clock of a file system in use ticks every two seconds.
const settled = 2 * time.Second

// keep stores the result of a file, unless the file may have changed since it was
// found in the state before, at the time asked.
func (c *Cache) keep(path, sum string, result []byte, before filestamp.Stamp, asked time.Time) {
	info, err := os.Stat(path)
	if err != nil || filestamp.Of(info) != before || asked.Sub(before.Newest()) < settled {
		return
	}
	c.mu.Lock()
	failed := c.failed
	c.mu.Unlock()
	if failed != nil {
		return
	}
	err = write(c.contentEntry(path, sum), appendChecked(nil, result))
	full, absErr := filepath.Abs(path)
	err = errors.Join(err, absErr)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failed = err
		return
	}
	c.stored = true
	x := c.index(filepath.Dir(full))
	name, e := filepath.Base(full), indexed{before, result}
	x.known[name], x.added[name] = e, e
}

// maxArchive is the size of the largest file that is hashed. Wheels of more than
// 4 GiB are not known.
const maxArchive = 8 << 30

var errNoArchive = errors.New("not a zip archive")

// archiveSum returns the SHA-256 of a file. Before it reads all of the file, it
// looks for the record at the end of a zip archive.
func archiveSum(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if info.Size() > maxArchive || !endsAsArchive(f, info.Size()) {
		return "", errNoArchive
	}
	h := sha256.New()
	const step = 4 << 20
	for range maxArchive/step + 1 { // the file may be growing
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if _, err := io.CopyN(h, f, step); err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), nil
		} else if err != nil {
			return "", err
		}
	}
	return "", errNoArchive
}

// endsAsArchive reports whether the signature of an end record (APPNOTE 4.3.16) is
// where one can be: that record has 22 bytes and a comment of up to 65,535.
func endsAsArchive(r io.ReaderAt, size int64) bool {
	tail := make([]byte, min(size, 22+1<<16-1))
	n, _ := r.ReadAt(tail, size-int64(len(tail)))
	return bytes.Contains(tail[:n], []byte("PK\x05\x06"))
}
