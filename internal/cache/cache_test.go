package cache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/internal/filestamp"
)

// end is the end record of an empty zip archive.
var end = "PK\x05\x06" + strings.Repeat("\x00", 18)

// result is what the tests keep.
type result struct {
	N    int
	Text string
}

// put writes a file that looks like an archive.
func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content+end), 0o644); err != nil {
		t.Fatal(err)
	}
}

// touch sets the time of the last change of the content.
func touch(t *testing.T, path string, to time.Time) {
	t.Helper()
	if err := os.Chtimes(path, to, to); err != nil {
		t.Fatal(err)
	}
}

// open opens a cache that takes every change for an old one.
func open(t *testing.T, dir, version string, limit int64) *Cache {
	t.Helper()
	c, err := Open(dir, version, limit)
	if err != nil {
		t.Fatal(err)
	}
	// Files count as settled, and what another one is writing not yet as left behind.
	c.now = func() time.Time { return time.Now().Add(time.Minute) }
	return c
}

// ask returns the result of a file and whether it was kept. A fresh one is n.
func ask(t *testing.T, c *Cache, path string, n int) (got int, kept bool) {
	t.Helper()
	kept = true
	r, err := File(t.Context(), c, path, func() (*result, bool, error) {
		kept = false
		return &result{N: n}, true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.N, kept
}

func closeCache(t *testing.T, c *Cache) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// noContent removes the entries by content, so that only those by path are left.
func noContent(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, byContent)); err != nil {
		t.Fatal(err)
	}
}

func TestFile(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	path := filepath.Join(files, "a.whl")
	put(t, path, "content")
	c := open(t, dir, "1", 1<<20)
	for _, want := range []bool{false, true} {
		if n, kept := ask(t, c, path, 1); n != 1 || kept != want {
			t.Errorf("result %d, kept %v; want 1, %v", n, kept, want)
		}
	}
	closeCache(t, c)

	for _, test := range []struct {
		name, path, version string
		kept                bool
	}{
		{"by path", path, "1", true},
		{"another version", path, "2", false},
		{"a copy", filepath.Join(files, "b", "a.whl"), "1", true},
		{"a copy of another name", filepath.Join(files, "c.whl"), "1", false},
		{"the other version again", path, "2", true},
	} {
		if test.path != path {
			put(t, test.path, "content")
		}
		c := open(t, dir, test.version, 1<<20)
		want := 2
		if test.kept && test.version == "1" {
			want = 1
		}
		if n, kept := ask(t, c, test.path, 2); n != want || kept != test.kept {
			t.Errorf("%s: result %d, kept %v; want %d, %v", test.name, n, kept, want, test.kept)
		}
		closeCache(t, c)
	}
	// The index alone is enough, for the copies too.
	noContent(t, dir)
	for _, p := range []string{path, filepath.Join(files, "b", "a.whl"), filepath.Join(files, "c.whl")} {
		if _, kept := ask(t, open(t, dir, "1", 1<<20), p, 3); !kept {
			t.Errorf("%s is not in the index", p)
		}
	}
}

// TestNoResult: a file without a result is asked for again.
func TestNoResult(t *testing.T) {
	c := open(t, t.TempDir(), "1", 1<<20)
	path := filepath.Join(t.TempDir(), "a.whl")
	put(t, path, "content")
	broken := errors.New("broken")
	for _, p := range []string{path, path, path + ".missing"} {
		r, err := File(t.Context(), c, p, func() (*result, bool, error) { return nil, true, broken })
		if r != nil || err != broken {
			t.Errorf("%v, error %v", r, err)
		}
	}
	if _, kept := ask(t, c, path, 1); kept {
		t.Error("a result was kept")
	}
}

// TestNotFinal: a result that may change is not kept.
func TestNotFinal(t *testing.T) {
	c := open(t, t.TempDir(), "1", 1<<20)
	path := filepath.Join(t.TempDir(), "a.whl")
	put(t, path, "content")
	for range 2 {
		r, err := File(t.Context(), c, path, func() (*result, bool, error) { return &result{N: 5}, false, nil })
		if err != nil || r.N != 5 {
			t.Errorf("%v, error %v", r, err)
		}
	}
	if _, kept := ask(t, c, path, 1); kept {
		t.Error("a result was kept")
	}
}

// TestChange: each way in which a file can become another one.
func TestChange(t *testing.T) {
	then := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, change := range map[string]func(t *testing.T, path string){
		"another size": func(t *testing.T, path string) {
			put(t, path, "CONTENT!")
			touch(t, path, then)
		},
		"another time": func(t *testing.T, path string) {
			put(t, path, "CONTENT")
			touch(t, path, then.Add(time.Nanosecond*1000))
		},
		"written over, same size and time": func(t *testing.T, path string) {
			put(t, path, "CONTENT")
			touch(t, path, then)
		},
		"replaced, same size and time": func(t *testing.T, path string) {
			put(t, path+".new", "CONTENT")
			touch(t, path+".new", then)
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.whl")
			put(t, path, "content")
			touch(t, path, then)
			if info, err := os.Stat(path); err != nil {
				t.Fatal(err)
			} else if strings.Contains(name, "same") && filestamp.Of(info).Inode == 0 {
				t.Skip("this system tells such a change from no other")
			}
			dir := t.TempDir()
			c := open(t, dir, "1", 1<<20)
			ask(t, c, path, 1)
			time.Sleep(20 * time.Millisecond) // a tick of the clock of changes
			change(t, path)
			if n, kept := ask(t, c, path, 2); n != 2 || kept {
				t.Errorf("result %d, kept %v", n, kept)
			}
		})
	}
}

// TestStamp: each field counts.
func TestStamp(t *testing.T) {
	var stamps [2]filestamp.Stamp
	for i := range stamps {
		path := filepath.Join(t.TempDir(), "a.whl")
		put(t, path, "content")
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		stamps[i] = filestamp.Of(info)
	}
	if a, b := stamps[0], stamps[1]; a.Inode != 0 && a.Inode == b.Inode {
		t.Errorf("two files have the stamps %+v and %+v", a, b)
	} else if runtime.GOOS == "linux" && (a.Inode == 0 || a.Changed == 0) {
		t.Errorf("stamp %+v", a)
	}

	base := filestamp.Stamp{Size: 1, Modified: 2, Changed: 3, Inode: 4}
	others := []filestamp.Stamp{base, base, base, base}
	others[0].Size, others[1].Modified, others[2].Changed, others[3].Inode = 9, 9, 9, 9
	for i, other := range others {
		c := open(t, t.TempDir(), "1", 1<<20)
		path := filepath.Join(t.TempDir(), "a.whl")
		x := c.index(filepath.Dir(path))
		x.known["a.whl"] = indexed{base, []byte("1")}
		if c.byPath(path, base) == nil || c.byPath(path, other) != nil {
			t.Errorf("field %d does not count", i)
		}
	}
	if got := (filestamp.Stamp{Modified: 5, Changed: 7}).Newest(); got != time.Unix(0, 7) {
		t.Errorf("newest %v", got)
	}
	if got := (filestamp.Stamp{Modified: 5}).Newest(); got != time.Unix(0, 5) {
		t.Errorf("newest %v without a time of change", got)
	}
}

// TestChangedWhileRead: the result of a file that changed while it was read is
// neither that of the old content nor that of the new one.
func TestChangedWhileRead(t *testing.T) {
	for _, to := range []string{"longer content", "CONTENT"} {
		dir, path := t.TempDir(), filepath.Join(t.TempDir(), "a.whl")
		c := open(t, dir, "1", 1<<20)
		put(t, path, "content")
		touch(t, path, time.Now().Add(-time.Hour))
		if _, err := File(t.Context(), c, path, func() (*result, bool, error) {
			put(t, path, to)
			return &result{N: 1}, true, nil
		}); err != nil {
			t.Fatal(err)
		}
		closeCache(t, c)
		for _, content := range []string{to, "content"} {
			put(t, path, content)
			if _, kept := ask(t, open(t, dir, "1", 1<<20), path, 2); kept {
				t.Errorf("kept for %q", content)
			}
		}
	}
}

// TestRecentChange: a file that changed just now may change again without a
// difference in its times, so nothing is kept for it.
func TestRecentChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.whl")
	put(t, path, "content")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	newest := filestamp.Of(info).Newest()
	for _, test := range []struct {
		age  time.Duration
		kept bool
	}{
		{-time.Hour, false}, // a clock that is wrong
		{0, false},
		{settled - 1, false},
		{settled, true},
	} {
		c := open(t, t.TempDir(), "1", 1<<20)
		c.now = func() time.Time { return newest.Add(test.age) }
		ask(t, c, path, 1)
		if _, kept := ask(t, c, path, 2); kept != test.kept {
			t.Errorf("changed %v ago: kept %v", test.age, kept)
		}
	}
	// It is the time at which reading began that counts.
	c := open(t, t.TempDir(), "1", 1<<20)
	c.now = func() time.Time { return newest }
	if _, err := File(t.Context(), c, path, func() (*result, bool, error) {
		c.now = func() time.Time { return newest.Add(time.Hour) }
		return &result{}, true, nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, kept := ask(t, c, path, 2); kept {
		t.Error("kept, though reading began right after the change")
	}
}

// TestNoArchive: files that are no archives are neither hashed nor kept.
func TestNoArchive(t *testing.T) {
	files := t.TempDir()
	sparse := func(name string, size int64, tail string) string {
		path := filepath.Join(files, name)
		f, err := os.Create(path)
		if err == nil {
			err = f.Truncate(size)
		}
		if err == nil {
			_, err = f.WriteAt([]byte(tail), size-int64(len(tail)))
		}
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		return path
	}
	comment := strings.Repeat("c", 1<<16-1)
	for path, archive := range map[string]bool{
		sparse("empty.whl", 0, ""):                    false,
		sparse("zeros.whl", 1<<20, ""):                false,
		sparse("cut.whl", 1<<20, end[:3]):             false,
		sparse("huge.whl", maxArchive+1, end):         false,
		sparse("a.whl", 100, end):                     true,
		sparse("comment.whl", 1<<20, end+comment):     true,
		sparse("toolong.whl", 1<<20, end+comment+"c"): false,
	} {
		c := open(t, t.TempDir(), "1", 1<<20)
		if sum, err := archiveSum(t.Context(), path); (err == nil) != archive || (sum != "") != archive {
			t.Errorf("%s: sum %q, error %v", path, sum, err)
		}
		ask(t, c, path, 1)
		if _, kept := ask(t, c, path, 2); kept != archive {
			t.Errorf("%s: kept %v", path, kept)
		}
	}
	c := open(t, t.TempDir(), "1", 1<<20)
	for range 2 {
		if _, kept := ask(t, c, files, 1); kept {
			t.Error("the result of a directory was kept")
		}
	}
}

// TestCancelled: hashing ends with the context.
func TestCancelled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.whl")
	put(t, path, "content")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := archiveSum(ctx, path); err != context.Canceled {
		t.Errorf("error %v", err)
	}
}

// TestUnwritable: a cache that cannot be written costs no result, and says so
// once, at the end.
func TestUnwritable(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	c := open(t, dir, "1", 1<<20)
	noContent(t, dir)
	if err := os.WriteFile(filepath.Join(dir, byContent), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		path := filepath.Join(files, fmt.Sprint(i))
		put(t, path, fmt.Sprint(i))
		if n, kept := ask(t, c, path, i); n != i || kept {
			t.Errorf("result %d, kept %v", n, kept)
		}
		if i > 0 {
			continue
		}
		if err := os.Remove(filepath.Join(dir, byContent)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(); !errors.As(err, new(*fs.PathError)) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, byContent)); err == nil {
		t.Error("another entry was written after the first error")
	}

	// An index that cannot be written is reported too.
	c = open(t, dir, "1", 1<<20)
	ask(t, c, filepath.Join(files, "0"), 0)
	if err := os.RemoveAll(filepath.Join(dir, byDirectory)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, byDirectory), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); !errors.As(err, new(*fs.PathError)) {
		t.Errorf("error %v", err)
	}
	if _, err := Open(filepath.Join(dir, byDirectory), "1", 1<<20); err == nil {
		t.Error("a file was opened as a cache")
	}
}

// TestFlush: an index has what other processes added meanwhile, and nothing of
// files that are gone.
func TestFlush(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	one, two := open(t, dir, "1", 1<<20), open(t, dir, "1", 1<<20)
	path := func(name string) string { return filepath.Join(files, name) }
	stamps := map[string]filestamp.Stamp{}
	for name, c := range map[string]*Cache{"a": one, "gone": one, "b": two} {
		put(t, path(name), name)
		info, err := os.Stat(path(name))
		if err != nil {
			t.Fatal(err)
		}
		stamps[name] = filestamp.Of(info)
		ask(t, c, path(name), 1)
	}
	closeCache(t, one)
	if err := os.Remove(path("gone")); err != nil {
		t.Fatal(err)
	}
	closeCache(t, two)
	for _, c := range []*Cache{two, open(t, dir, "1", 1<<20)} {
		for name, s := range stamps {
			if found := c.byPath(path(name), s) != nil; found != (name != "gone") {
				t.Errorf("%s: found %v", name, found)
			}
		}
	}
}

// TestUnchanged: a run that finds all results writes and removes nothing.
func TestUnchanged(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "a.whl")
	put(t, path, "content")
	c := open(t, dir, "1", 1<<20)
	ask(t, c, path, 1)
	closeCache(t, c)
	c = open(t, dir, "1", 0)
	ask(t, c, path, 1)
	before := size(t, dir)
	closeCache(t, c)
	if after := size(t, dir); after != before || before == 0 {
		t.Errorf("%d bytes before, %d after", before, after)
	}
}

// size returns the sum of the sizes of the files below a directory.
func size(t *testing.T, dir string) (total int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return total
}

func TestClean(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	c := open(t, dir, "1", 1<<20)
	var entries []string // in the order in which they were written
	for i := range 10 {
		path := filepath.Join(files, fmt.Sprint(i), "a")
		put(t, path, fmt.Sprint(i))
		if _, err := File(t.Context(), c, path, func() (*result, bool, error) { return &result{Text: strings.Repeat("x", 600)}, true, nil }); err != nil {
			t.Fatal(err)
		}
		sum, err := archiveSum(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		entry := c.contentEntry(path, sum)
		touch(t, entry, time.Now().Add(time.Duration(i-20)*time.Minute))
		entries = append(entries, entry)
	}
	total := size(t, dir)
	clean := func(limit, least, most int64) {
		t.Helper()
		c := open(t, dir, "1", limit)
		if err := c.clean(); err != nil {
			t.Fatal(err)
		}
		if now := size(t, dir); now < least || now > most {
			t.Errorf("limit %d: %d bytes of %d are left; want %d to %d", limit, now, total, least, most)
		}
		kept := false
		for i, entry := range entries {
			_, err := os.Stat(entry)
			if err != nil && kept {
				t.Errorf("%d is gone, though it is newer than one that was kept", i)
			}
			kept = kept || err == nil
		}
		if !kept {
			t.Error("nothing is left")
		}
	}
	clean(total, total, total)
	clean(total-1, total*8/10-700, total*8/10)
	clean(4000, 3200-700, 3200)
}

// TestCleanTemporary: what a process that was killed left is removed in the end,
// what another one is writing is not.
func TestCleanTemporary(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, "1", 100)
	c.now = time.Now
	writing, left := filepath.Join(dir, byContent, temporary+"1"), filepath.Join(dir, byContent, temporary+"2")
	put(t, writing, strings.Repeat("x", 1000))
	put(t, left, strings.Repeat("x", 1000))
	touch(t, left, time.Now().Add(-2*time.Hour))
	if err := c.clean(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(writing); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("a leftover is still there")
	}
}

// TestWriters: several processes at a time leave whole entries.
func TestWriters(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	path := func(i int) string { return filepath.Join(files, fmt.Sprint(i)) }
	for i := range 4 {
		put(t, path(i), fmt.Sprint(i))
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for round := range 30 {
				c := open(t, dir, "1", 1500)
				for i := range 4 {
					r, err := File(t.Context(), c, path(i), func() (*result, bool, error) {
						return &result{i, strings.Repeat("x", 100*i)}, true, nil
					})
					if err != nil || r.N != i || len(r.Text) != 100*i {
						t.Errorf("round %d: %v, error %v", round, r, err)
						return
					}
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
