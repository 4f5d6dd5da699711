package cache

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// file writes a file that was last changed a while ago.
func file(t *testing.T, path, text string, age time.Duration) fs.FileInfo {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-age)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func open(t *testing.T, dir, version string, limit int64) *Cache {
	t.Helper()
	c, err := Open(dir, version, limit)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCache(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	c := open(t, dir, "1", 1<<20)
	path := filepath.Join(files, "a.whl")
	info := file(t, path, "content", time.Hour)
	if _, ok := c.Lookup(path, info); ok {
		t.Error("found before it was stored")
	}
	result, sum, err := c.LookupContent(path)
	if err != nil || result != nil {
		t.Fatal(result, err)
	}
	if err := c.Store(path, info, sum, []byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Cache{c, open(t, dir, "1", 1<<20)} {
		if got, ok := c.Lookup(path, info); !ok || string(got) != `{"a":1}` {
			t.Errorf("%q %v", got, ok)
		}
	}
	// Another version, another time of change, another size.
	if _, ok := open(t, dir, "2", 1<<20).Lookup(path, info); ok {
		t.Error("found for another version")
	}
	if _, ok := c.Lookup(path, file(t, path, "content", 2*time.Hour)); ok {
		t.Error("found after a change of time")
	}
	if _, ok := c.Lookup(path, file(t, path, "longer content", time.Hour)); ok {
		t.Error("found after a change of size")
	}
	// By content: the same bytes and name elsewhere, not under another name.
	if err := os.Mkdir(filepath.Join(files, "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"b/a.whl": true, "b/c.whl": false} {
		copied := filepath.Join(files, name)
		file(t, copied, "content", 0)
		got, _, err := c.LookupContent(copied)
		if err != nil || (got != nil) != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	if _, _, err := c.LookupContent(filepath.Join(files, "nothere")); err == nil {
		t.Error("no error for a missing file")
	}
}

// TestFresh: a file that changed just now may change again within the same tick.
func TestFresh(t *testing.T) {
	c := open(t, t.TempDir(), "1", 1<<20)
	path := filepath.Join(t.TempDir(), "a.whl")
	info := file(t, path, "x", 0)
	if err := c.Store(path, info, "00", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Lookup(path, info); ok {
		t.Error("a fresh time is trusted")
	}
}

// TestDamage: what is cut short or overwritten is no result.
func TestDamage(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	c := open(t, dir, "1", 1<<20)
	var infos [3]fs.FileInfo
	name := func(i int) string { return filepath.Join(files, fmt.Sprintf("a %d%%.whl", i)) }
	for i := range infos {
		infos[i] = file(t, name(i), "x", time.Hour)
		if err := c.Store(name(i), infos[i], fmt.Sprint(i), []byte(`{"a":[1,2]}`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	entry := c.entry(byDirectory, files, "1")
	whole, err := os.ReadFile(entry)
	if err != nil {
		t.Fatal(err)
	}
	line := len(whole) / len(infos)
	// right looks all files up. Those before the damaged line must be found, and
	// those behind it, unless they were cut off.
	right := func(what string, text []byte, damaged int) {
		if err := os.WriteFile(entry, text, 0o644); err != nil {
			t.Fatal(err)
		}
		c := open(t, dir, "1", 1<<20)
		for i, info := range infos {
			got, ok := c.Lookup(name(i), info)
			if want := i < damaged || i > damaged && len(text) == len(whole); ok != want || ok && string(got) != `{"a":[1,2]}` {
				t.Fatalf("%s: %d: %q %v", what, i, got, ok)
			}
		}
	}
	for cut := range whole {
		right(fmt.Sprintf("cut at %d", cut), whole[:cut], cut/line)
	}
	for at, b := range whole {
		if b == '\n' {
			continue // makes one line of two
		}
		text := slices.Clone(whole)
		text[at] ^= 1
		right(fmt.Sprintf("bit at %d", at), text, at/line)
	}
}

// TestFlush: an index has what other processes added meanwhile, and nothing of
// files that are gone. A known file takes no other file of the cache.
func TestFlush(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	one, two := open(t, dir, "1", 1<<20), open(t, dir, "1", 1<<20)
	store := func(c *Cache, name string) fs.FileInfo {
		info := file(t, filepath.Join(files, name), "x", time.Hour)
		if err := c.Store(filepath.Join(files, name), info, name, []byte(`1`)); err != nil {
			t.Fatal(err)
		}
		return info
	}
	a, b, gone := store(one, "a"), store(two, "b"), store(one, "gone")
	if err := one.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(files, "gone")); err != nil {
		t.Fatal(err)
	}
	if err := two.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, byContent)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Cache{two, open(t, dir, "1", 1<<20)} {
		for _, info := range []fs.FileInfo{a, b, gone} {
			if _, ok := c.Lookup(filepath.Join(files, info.Name()), info); ok != (info.Name() != "gone") {
				t.Errorf("%s: found %v", info.Name(), ok)
			}
		}
	}
}

func TestClean(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, "1", 4000)
	files := t.TempDir()
	var sums []string
	for i := range 10 {
		path := filepath.Join(files, fmt.Sprint(i))
		info := file(t, path, fmt.Sprint(i), time.Hour)
		_, sum, err := c.LookupContent(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Store(path, info, sum, fmt.Appendf(nil, `"%0600d"`, i)); err != nil {
			t.Fatal(err)
		}
		written := time.Now().Add(time.Duration(i-10) * time.Minute)
		if err := os.Chtimes(c.entry(byContent, sum, info.Name(), "1"), written, written); err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sum)
	}
	if err := c.Clean(); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for i := range sums {
		if got, _, err := c.LookupContent(filepath.Join(files, fmt.Sprint(i))); err != nil {
			t.Error(err)
		} else if got != nil {
			kept++
		} else if kept > 0 {
			t.Errorf("%d is gone, though it is newer than one that was kept", i)
		}
	}
	if kept == 0 || kept == len(sums) {
		t.Errorf("kept %d", kept)
	}
}

// TestWriters: many at a time leave whole entries.
func TestWriters(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(t.TempDir(), "a.whl")
	info := file(t, path, "x", time.Hour)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 50 {
				c, err := Open(dir, "1", 2000)
				if err != nil {
					t.Error(err)
					return
				}
				if got, ok := c.Lookup(path, info); ok && !json.Valid(got) {
					t.Errorf("found %q", got)
				}
				err = c.Store(path, info, "00", fmt.Appendf(nil, `"%0*d"`, 100*(i+1), i))
				if err := errors.Join(err, c.Flush(), c.Clean()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
