package image

import (
	"hash/maphash"
	"io/fs"
)

// kind is what a node of the tree is.
type kind uint8

const (
	gone    kind = iota // was removed; the node may be used again
	goneDir             // was removed; children still refer to it, so it may not
	regular
	sparseFile
	directory
	symlink
	charDevice
	blockDevice
	fifo
)

// A node takes 48 bytes, its name some 15, its place in the table 8. An index
// of half a million files is 40 MB, so this is kept small on purpose.
type node struct {
	parent uint32
	next   uint32 // sibling
	child  uint32 // first child of a directory; text of a symbolic link's target
	name   uint32 // text
	size   int64  // of the content; of a link, length of the target
	off    int64  // of the content in its layer
	src    uint16 // the layer the content is in, counted from 1
	layer  uint16 // the layer that last wrote or passed through this node
	opaque uint16 // the layer that last hid the lower content of this directory
	mode   uint16
	kind   kind
	length uint8 // of the name
}

const (
	nodeBlock              = 1 << 10
	textBlock              = 1 << 16
	nodeSize               = 48
	maxNameLen, maxPathLen = 255, 4096 // as Linux has them
)

// tree is the index of a file system: nodes and their texts in blocks that
// never move, and a hash table from parent and name to node.
//
// Removing a node takes no time, whatever is below it: the nodes below cannot
// be reached any more.
type tree struct {
	nodes []*[nodeBlock]node
	count uint32
	texts []*[textBlock]byte
	used  uint32   // of the last text block
	table []uint32 // a power of two long; 0 is free
	seed  maphash.Seed
}

// root is the node of the root directory. It is nobody's child, so its number
// stands for "none" in links between nodes and in the table.
const root uint32 = 0

// newTree makes a tree of an empty root.
func newTree() *tree {
	// The seed keeps names from being chosen to collide in the table.
	t := &tree{table: make([]uint32, 256), seed: maphash.MakeSeed()}
	t.nodes = append(t.nodes, new([nodeBlock]node))
	t.count = 1
	*t.node(root) = node{kind: directory, mode: 0o755}
	return t
}

// node gives a node for reading and changing. It stays where it is.
func (t *tree) node(i uint32) *node { return &t.nodes[i/nodeBlock][i%nodeBlock] }

// bytes is the memory that the tree takes.
func (t *tree) bytes() int64 {
	return int64(len(t.nodes))*nodeBlock*nodeSize + int64(len(t.texts))*textBlock + int64(len(t.table))*4
}

// put stores a text of at most maxPathLen bytes. No text crosses a block.
func (t *tree) put(s []byte) uint32 {
	if len(t.texts) == 0 || int(t.used)+len(s) > textBlock {
		t.texts = append(t.texts, new([textBlock]byte))
		t.used = 0
	}
	last := len(t.texts) - 1
	copy(t.texts[last][t.used:], s)
	at := uint32(last)*textBlock + t.used
	t.used += uint32(len(s))
	return at
}

// text gives a text that put stored.
func (t *tree) text(at uint32, length int64) []byte {
	b := t.texts[at/textBlock]
	return b[at%textBlock:][:length]
}

// nameOf is the last part of a node's path, and empty for the root.
func (t *tree) nameOf(n *node) []byte {
	if n.length == 0 {
		return nil
	}
	return t.text(n.name, int64(n.length))
}

// target is where a symbolic link leads. It is never empty.
func (t *tree) target(n *node) []byte { return t.text(n.child, n.size) }

// slot is where the table has, or would have, the child of that name.
func (t *tree) slot(parent uint32, name []byte) uint32 {
	mask := uint32(len(t.table) - 1)
	h := maphash.Bytes(t.seed, name) ^ uint64(parent)*0x9e3779b97f4a7c15
	i := uint32(h>>32^h) & mask
	for ; t.table[i] != 0; i = (i + 1) & mask {
		n := t.node(t.table[i])
		if n.parent == parent && string(t.nameOf(n)) == string(name) {
			break
		}
	}
	return i
}

// find gives the child of a directory.
func (t *tree) find(parent uint32, name []byte) (uint32, bool) {
	i := t.table[t.slot(parent, name)]
	return i, i != 0 && t.node(i).kind > goneDir
}

// add makes a child, which must not exist. Where a directory of that name is
// gone the child takes its place in the table, so that nothing finds what was
// below it.
func (t *tree) add(parent uint32, name []byte) uint32 {
	// Nodes that are gone count too: they keep their places.
	if int(t.count) >= len(t.table)/4*3 {
		t.grow()
	}
	slot := t.slot(parent, name)
	i := t.table[slot]
	if i != 0 && t.node(i).kind == gone {
		// Still among its siblings, where nobody sees it until it has a kind.
		n := t.node(i)
		*n = node{parent: parent, next: n.next, name: n.name, length: n.length}
		return i
	}
	var text uint32
	if i != 0 {
		text = t.node(i).name // of the directory that is gone
	} else {
		text = t.put(name)
	}
	i = t.count
	if int(i/nodeBlock) == len(t.nodes) {
		t.nodes = append(t.nodes, new([nodeBlock]node))
	}
	t.count++
	p := t.node(parent)
	*t.node(i) = node{parent: parent, next: p.child, name: text, length: uint8(len(name))}
	p.child = i
	t.table[slot] = i
	return i
}

// grow doubles the table.
func (t *tree) grow() {
	old := t.table
	t.table = make([]uint32, 2*len(old))
	for _, i := range old {
		if i != 0 {
			n := t.node(i)
			t.table[t.slot(n.parent, t.nameOf(n))] = i
		}
	}
}

// remove makes a node disappear, with all that is below it.
func (t *tree) remove(i uint32) {
	n := t.node(i)
	if n.kind == directory {
		n.kind = goneDir
	} else {
		n.kind = gone
	}
}

// children visits what a directory holds, in no order.
func (t *tree) children(i uint32, visit func(uint32, *node)) {
	for c := t.node(i).child; c != 0; {
		n := t.node(c)
		next := n.next // visit may remove the node
		if n.kind > goneDir {
			visit(c, n)
		}
		c = next
	}
}

// fsMode is the mode of a node as io/fs writes it: the three high bits of a tar
// mode and the kind have places of their own there.
func (n *node) fsMode() fs.FileMode {
	m := fs.FileMode(n.mode & 0o777)
	for _, bit := range []struct {
		tar uint16
		fs  fs.FileMode
	}{{0o4000, fs.ModeSetuid}, {0o2000, fs.ModeSetgid}, {0o1000, fs.ModeSticky}} {
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
