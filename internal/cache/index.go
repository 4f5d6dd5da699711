package cache

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// index is what is known about the files of one directory, by name.
type index struct {
	known map[string]known
	added map[string]known // the part of known that is not written yet
}

type known struct {
	stamp
	result []byte
}

// stamp tells one state of a file from others.
type stamp struct{ size, changed int64 }

func stampOf(info fs.FileInfo) stamp { return stamp{info.Size(), info.ModTime().UnixNano()} }

// index gives that of a directory, and reads it the first time. c.mu is held.
func (c *Cache) index(directory string) *index {
	x := c.indexes[directory]
	if x == nil {
		x = &index{c.readIndex(directory), map[string]known{}}
		c.indexes[directory] = x
	}
	return x
}

// readIndex reads an index file. Lines that are damaged are no entries.
func (c *Cache) readIndex(directory string) map[string]known {
	entries := map[string]known{}
	text, err := os.ReadFile(c.entry(byDirectory, directory, c.version))
	if err != nil {
		return entries
	}
	for line := range bytes.Lines(text) {
		if name, k, ok := parseLine(line); ok {
			entries[name] = k
		}
	}
	return entries
}

// appendLine writes an entry: a checksum of the rest of the line, the file's
// size, its time of change as Unix time in nanoseconds, its name as in a URL, the
// result.
func appendLine(text []byte, name string, k known) []byte {
	line := fmt.Appendf(nil, "%d %d %s %s", k.size, k.changed, url.PathEscape(name), k.result)
	return fmt.Appendf(text, "%08x %s\n", crc32.ChecksumIEEE(line), line)
}

// parseLine reads what appendLine wrote.
func parseLine(line []byte) (name string, k known, ok bool) {
	line, whole := bytes.CutSuffix(line, []byte("\n"))
	sum, rest, _ := bytes.Cut(line, []byte(" "))
	if want, err := strconv.ParseUint(string(sum), 16, 32); !whole || err != nil || uint32(want) != crc32.ChecksumIEEE(rest) {
		return "", known{}, false
	}
	size, rest, _ := bytes.Cut(rest, []byte(" "))
	changed, rest, _ := bytes.Cut(rest, []byte(" "))
	escaped, rest, ok := bytes.Cut(rest, []byte(" "))
	var errs [3]error
	k.size, errs[0] = strconv.ParseInt(string(size), 10, 64)
	k.changed, errs[1] = strconv.ParseInt(string(changed), 10, 64)
	name, errs[2] = url.PathUnescape(string(escaped))
	k.result = rest
	return name, k, ok && errors.Join(errs[:]...) == nil
}

// Flush writes the indexes that have grown, together with what other processes
// have written meanwhile. Files that are gone leave them.
func (c *Cache) Flush() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for directory, x := range c.indexes {
		if len(x.added) == 0 {
			continue
		}
		all := c.readIndex(directory)
		maps.Copy(all, x.added)
		var text []byte
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if _, err := os.Lstat(filepath.Join(directory, name)); errors.Is(err, fs.ErrNotExist) {
				delete(all, name)
				continue
			}
			text = appendLine(text, name, all[name])
		}
		if err := write(c.entry(byDirectory, directory, c.version), text); err != nil {
			return err
		}
		x.known, x.added = all, map[string]known{}
	}
	return nil
}
