package cache

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// clean removes the entries that were written longest ago until the directory has
// four fifths of its limit, if it is larger than that limit. Another process may
// remove entries at the same time.
func (c *Cache) clean() error {
	type entry struct {
		path    string
		size    int64
		written time.Time
	}
	var all []entry
	total := int64(0)
	err := filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		if strings.HasPrefix(d.Name(), temporary) && c.now().Sub(info.ModTime()) < time.Hour {
			return nil // another process is writing it
		}
		all = append(all, entry{path, info.Size(), info.ModTime()})
		total += info.Size()
		return nil
	})
	if err != nil || total <= c.limit {
		return err
	}
	slices.SortFunc(all, func(a, b entry) int { return a.written.Compare(b.written) })
	for _, e := range all {
		if total <= c.limit/10*8 {
			break
		}
		if err := ignoreMissing(os.Remove(e.path)); err != nil {
			return err
		}
		total -= e.size
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
