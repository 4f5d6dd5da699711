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
