package image

import (
	"fmt"
	"runtime"
	"testing"
)

// TestTree: many names in many directories, removed and added again.
func TestTree(t *testing.T) {
	tr := newTree()
	name := func(i int) string { return fmt.Sprintf("name-%d", i) }
	empty := tr.bytes
	var dirs []*node
	for i := range 50 {
		d := tr.add(tr.root, name(i), directory)
		dirs = append(dirs, d)
		for j := range 100 {
			tr.add(d, name(j), regular)
		}
	}
	for i, d := range dirs {
		for j := range 120 {
			c := d.children[name(j)]
			if (c != nil) != (j < 100) {
				t.Fatalf("%d/%d found: %v", i, j, c)
			}
			if want := fmt.Sprintf("name-%d/name-%d", i, j); c != nil && c.path() != want {
				t.Fatalf("path is %s, want %s", c.path(), want)
			}
		}
	}
	// A directory that comes back has none of what it held.
	tr.remove(dirs[7])
	if tr.root.children[name(7)] != nil {
		t.Error("found a directory that was removed")
	}
	if again := tr.add(tr.root, name(7), directory); len(again.children) > 0 {
		t.Error("a new directory has the content of the old")
	}
	// A file that comes back takes no memory, nor does a tree without its files.
	before := tr.bytes
	for range 10 {
		tr.remove(dirs[8].children[name(3)])
		tr.add(dirs[8], name(3), regular)
	}
	if tr.bytes != before {
		t.Errorf("%d bytes more", tr.bytes-before)
	}
	for _, c := range tr.root.children {
		tr.remove(c)
	}
	if tr.bytes != empty {
		t.Errorf("an empty tree takes %d bytes, not %d", tr.bytes, empty)
	}
}

// TestTreeMemory: the estimate of memory is not below what is taken, nor far above.
func TestTreeMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes memory for itself")
	}
	for _, files := range []int{1, 3, 20, 5000} { // in a directory
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		tr := newTree()
		for i := range 20_000 / (files + 1) {
			d := tr.add(tr.root, fmt.Sprintf("directory%d", i), directory)
			for j := range files {
				tr.add(d, fmt.Sprintf("libsomething%d.so", j), regular)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		taken := int64(after.HeapAlloc - before.HeapAlloc)
		t.Logf("%d files in a directory: %d KiB, estimate %d KiB", files, taken>>10, tr.bytes>>10)
		if tr.bytes < taken*9/10 || tr.bytes > 2*taken {
			t.Errorf("%d files in a directory: %d bytes, estimate %d", files, taken, tr.bytes)
		}
	}
}
