package image

import (
	"fmt"
	"testing"
	"unsafe"
)

func TestNodeSize(t *testing.T) {
	want := uintptr(nodeSize)
	if unsafe.Sizeof(want) == 4 {
		want -= 4 // no padding
	}
	if n := unsafe.Sizeof(node{}); n != want {
		t.Errorf("a node takes %d bytes, not %d", n, want)
	}
}

// TestTree: many names in many directories, removed and added again.
func TestTree(t *testing.T) {
	tr := newTree()
	name := func(i int) []byte { return fmt.Appendf(nil, "name-%d", i) }
	var dirs []uint32
	for i := range 50 {
		d := tr.add(root, name(i))
		tr.node(d).kind = directory
		dirs = append(dirs, d)
		for j := range 100 {
			tr.node(tr.add(d, name(j))).kind = regular
		}
	}
	for i, d := range dirs {
		for j := range 120 {
			c, ok := tr.find(d, name(j))
			if ok != (j < 100) {
				t.Fatalf("%d/%d found: %v", i, j, ok)
			}
			if want := fmt.Sprintf("name-%d/name-%d", i, j); ok && tr.path(c) != want {
				t.Fatalf("path is %s, want %s", tr.path(c), want)
			}
		}
	}
	// A directory that comes back has none of what it held.
	tr.remove(dirs[7])
	if _, ok := tr.find(root, name(7)); ok {
		t.Error("found a directory that is gone")
	}
	again := tr.add(root, name(7))
	tr.node(again).kind = directory
	if _, ok := tr.find(again, name(0)); ok || again == dirs[7] {
		t.Error("a new directory has the content of the old")
	}
	// A file that comes back takes no memory.
	f, _ := tr.find(dirs[8], name(3))
	before := tr.count
	for range 10 {
		tr.remove(f)
		tr.node(tr.add(dirs[8], name(3))).kind = regular
	}
	if tr.count != before {
		t.Errorf("%d nodes more", tr.count-before)
	}
	seen := 0
	tr.children(dirs[8], func(uint32, *node) { seen++ })
	if seen != 100 {
		t.Errorf("%d children, want 100", seen)
	}
}
