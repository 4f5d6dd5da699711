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

	"github.com/wheeltag/wheeltag/internal/filestamp"
)

// index holds the results for the files of one directory, by name.
type index struct {
	known map[string]indexed
	added map[string]indexed // the part of known that is not written yet
}

type indexed struct {
	filestamp.Stamp
	result []byte
}

// index returns the index of a directory, and reads it the first time. c.mu is held.
func (c *Cache) index(directory string) *index {
	x := c.indexes[directory]
	if x == nil {
		x = &index{c.readIndex(directory), map[string]indexed{}}
		c.indexes[directory] = x
	}
	return x
}

// readIndex reads an index file, without the lines that are damaged.
func (c *Cache) readIndex(directory string) map[string]indexed {
	entries := map[string]indexed{}
	text, err := os.ReadFile(c.entry(byDirectory, directory, c.version))
	if err != nil {
		return entries
	}
	for line := range bytes.Lines(text) {
		if name, e, ok := parseLine(line); ok {
			entries[name] = e
		}
	}
	return entries
}

// flush writes the indexes that have grown, together with what other processes
// have written meanwhile and without files that are gone. c.mu is held.
func (c *Cache) flush() error {
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
		x.known, x.added = all, map[string]indexed{}
	}
	return nil
}

// appendLine writes a line of an index: the stamp, the file's name as in a URL
// and the result.
func appendLine(text []byte, name string, e indexed) []byte {
	return appendChecked(text, fmt.Appendf(nil, "%d %d %d %d %s %s", e.Size, e.Modified, e.Changed, e.Inode, url.PathEscape(name), e.result))
}

// parseLine reads what appendLine wrote.
func parseLine(line []byte) (name string, e indexed, ok bool) {
	line, ok = checked(line)
	fields := bytes.SplitN(line, []byte(" "), 6)
	if !ok || len(fields) < 6 {
		return "", indexed{}, false
	}
	var errs [5]error
	e.Size, errs[0] = strconv.ParseInt(string(fields[0]), 10, 64)
	e.Modified, errs[1] = strconv.ParseInt(string(fields[1]), 10, 64)
	e.Changed, errs[2] = strconv.ParseInt(string(fields[2]), 10, 64)
	e.Inode, errs[3] = strconv.ParseUint(string(fields[3]), 10, 64)
	name, errs[4] = url.PathUnescape(string(fields[4]))
	e.result = fields[5]
	return name, e, errors.Join(errs[:]...) == nil
}

// appendChecked writes a line with its CRC-32 in front. data has no line break.
func appendChecked(text, data []byte) []byte {
	return fmt.Appendf(text, "%08x %s\n", crc32.ChecksumIEEE(data), data)
}

// checked returns the data of a line that appendChecked wrote.
func checked(line []byte) (data []byte, ok bool) {
	line, whole := bytes.CutSuffix(line, []byte("\n"))
	sum, data, _ := bytes.Cut(line, []byte(" "))
	want, err := strconv.ParseUint(string(sum), 16, 32)
	if !whole || err != nil || uint32(want) != crc32.ChecksumIEEE(data) {
		return nil, false
	}
	return data, true
}
