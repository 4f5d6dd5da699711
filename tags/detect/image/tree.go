package image

import (
	"io/fs"
	"slices"
	"strings"
)

// kind is what a node of the tree is.
type kind uint8

const (
	regular kind = iota
	sparseFile
	directory
	symlink
	charDevice
	blockDevice
	fifo
)

// As Linux has them.
const (
	maxNameLen = 255
	maxPathLen = 4096
)

// node is a file of any kind. Hard links are nodes with the same content.
type node struct {
	parent   *node // of the root the root itself
	name     string
	children map[string]*node // of a directory
	target   string           // of a symbolic link, never empty
	size     int64            // of the content; of a link, length of the target
	off      int64            // of the content in its layer
	src      uint16           // the layer that the content is in, counted from 1
	layer    uint16           // the layer that last wrote or passed through this node
	opaque   uint16           // the layer that last hid the lower content of this directory
	mode     uint16
	slots    uint32 // the most children so far: maps do not shrink
	kind     kind
}

// tree is the index of a file system.
type tree struct {
	root  *node
	bytes int64 // estimate of the memory that it takes
}

// nodeCost is what a node costs without its texts and its map.
const nodeCost = 112

// mapCost is what the map of a directory with that many slots costs. Maps have
// groups of eight slots, of which at most seven are taken when there are many.
func mapCost(slots uint32) int64 {
	switch {
	case slots == 0:
		return 0
	case slots <= 8:
		return 256
	}
	return 256 + 44*int64(slots-8)
}

func newTree() *tree {
	root := &node{kind: directory, mode: 0o755}
	root.parent = root
	return &tree{root: root, bytes: nodeCost}
}

func (n *node) cost() int64 {
	return nodeCost + int64(len(n.name)+len(n.target)) + mapCost(n.slots)
}

// add makes a child of a directory, which must not have one of that name.
func (t *tree) add(parent *node, name string, k kind) *node {
	n := &node{parent: parent, name: strings.Clone(name), kind: k} // name is part of a path
	if parent.children == nil {
		parent.children = map[string]*node{}
	}
	parent.children[n.name] = n
	if len(parent.children) > int(parent.slots) {
		t.bytes += mapCost(parent.slots+1) - mapCost(parent.slots)
		parent.slots++
	}
	t.bytes += n.cost()
	return n
}

// setTarget makes n a symbolic link.
func (t *tree) setTarget(n *node, target string) {
	n.target, n.size = strings.Clone(target), int64(len(target)) // target is part of a header
	t.bytes += n.size
}

// remove makes a node disappear, with all that is below it.
func (t *tree) remove(n *node) {
	parent := n.parent
	delete(parent.children, n.name)
	if len(parent.children) == 0 {
		t.bytes -= mapCost(parent.slots)
		parent.children, parent.slots = nil, 0
	}
	queue := []*node{n}
	for len(queue) > 0 {
		last := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		t.bytes -= last.cost()
		for _, c := range last.children {
			queue = append(queue, c)
		}
	}
}

// path writes the path of a node that is not the root, "usr/lib/libc.so.6".
func (n *node) path() string {
	var parts []string
	for ; n.parent != n; n = n.parent {
		parts = append(parts, n.name)
	}
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}

// modeBits are the three high bits of a tar mode, which have places of their own
// in io/fs.
var modeBits = []struct {
	tar uint16
	fs  fs.FileMode
}{{0o4000, fs.ModeSetuid}, {0o2000, fs.ModeSetgid}, {0o1000, fs.ModeSticky}}

// fsMode is the mode of a node as io/fs writes it.
func (n *node) fsMode() fs.FileMode {
	m := fs.FileMode(n.mode & 0o777)
	for _, bit := range modeBits {
		if n.mode&bit.tar != 0 {
			m |= bit.fs
		}
	}
	switch n.kind {
	case directory:
		m |= fs.ModeDir
	case symlink:
		m |= fs.ModeSymlink
	case charDevice:
		m |= fs.ModeDevice | fs.ModeCharDevice
	case blockDevice:
		m |= fs.ModeDevice
	case fifo:
		m |= fs.ModeNamedPipe
	}
	return m
}
