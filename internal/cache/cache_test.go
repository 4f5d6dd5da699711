package cache

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	if got, ok := c.Lookup(path, info); !ok || string(got) != `{"a":1}` {
		t.Errorf("%q %v", got, ok)
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
	c := open(t, t.TempDir(), "1", 1<<20)
	path := filepath.Join(t.TempDir(), "a.whl")
	info := file(t, path, "x", time.Hour)
	if err := c.Store(path, info, "00", []byte(`{"a":[1,2]}`)); err != nil {
		t.Fatal(err)
	}
	s, err := c.stamp(path, info)
	if err != nil {
		t.Fatal(err)
	}
	entry := c.entry("path", s.Path)
	whole, err := os.ReadFile(entry)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range whole {
		if err := os.WriteFile(entry, whole[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		if got, ok := c.Lookup(path, info); ok {
			t.Fatalf("cut at %d: %q", cut, got)
		}
	}
}

func TestClean(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, "1", 4000)
	files := t.TempDir()
	var infos []fs.FileInfo
	for i := range 10 {
		path := filepath.Join(files, fmt.Sprint(i))
		infos = append(infos, file(t, path, "x", time.Hour))
		if err := c.Store(path, infos[i], fmt.Sprint(i), fmt.Appendf(nil, `"%0300d"`, i)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
	}
	if err := c.Clean(); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for i, info := range infos {
		if _, ok := c.Lookup(filepath.Join(files, fmt.Sprint(i)), info); ok {
			kept++
		} else if kept > 0 {
			t.Errorf("%d is gone, though it is newer than one that was kept", i)
		}
	}
	if kept == 0 || kept == len(infos) {
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
			c, err := Open(dir, "1", 2000)
			if err != nil {
				t.Error(err)
				return
			}
			for range 50 {
				if err := c.Store(path, info, "00", fmt.Appendf(nil, `"%0*d"`, 100*(i+1), i)); err != nil {
					t.Error(err)
				}
				c.Lookup(path, info)
				if err := c.Clean(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
