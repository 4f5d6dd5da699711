package image

import "bytes"

// builder puts a tree together, one layer after another.
type builder struct {
	tree  *tree
	walk  walker
	name  cleaned    // of the current entry
	link  cleaned    // target of a hard link
	layer uint16     // being applied, counted from 1
	later []lateLink // of this layer
	queue []uint32   // storage of hideLower
}

// lateLink is a hard link that came before its target, as they do in the tars
// of tools that flatten an image and write its uppermost layer first. Runtimes
// refuse such tars; there is no doubt about what they mean.
type lateLink struct {
	name, target       uint32 // texts
	nameLen, targetLen int64
}

const (
	maxLate       = 100_000 // such links in a layer
	maxLateRounds = 64      // such links to such links
)

var (
	whiteout = []byte(".wh.")
	meta     = []byte(".wh..wh.") // of the program that introduced whiteouts
)

const opaqueMark = ".wh..wh..opq"

func newBuilder() *builder {
	t := newTree()
	return &builder{tree: t, walk: walker{t: t}}
}

// apply adds an entry of the current layer to the tree. The node it returns
// is that of a regular file, or 0.
func (b *builder) apply(e *entry) (uint32, *Error) {
	if err := b.name.set(e.name); err != nil {
		return 0, err
	}
	base := b.name.base
	switch {
	case len(base) == 0:
		// "./" comes first in most tars and sets the mode of the root.
		if e.kind != flagDir {
			return 0, fault(CodeName, "stands for the root directory and is none; no container runtime can unpack that")
		}
		b.tree.node(root).mode = e.mode
		return 0, nil
	// Whiteouts count by name, whatever kind of entry carries it.
	case string(base) == opaqueMark:
		return 0, b.makeOpaque()
	case b.isMeta():
		return 0, nil
	case bytes.HasPrefix(base, whiteout):
		return 0, b.whiteOut(base[len(whiteout):])
	case e.kind == flagHard:
		return 0, b.hardLink(e)
	}
	return b.create(e)
}

// isMeta reports a name in the directories that aufs kept for itself.
func (b *builder) isMeta() bool {
	for _, part := range b.name.parts {
		if bytes.HasPrefix(part, meta) {
			return true
		}
	}
	return false
}

// create adds a file of any kind but a hard link. A directory joins the one
// that is there; anything else takes the place of what is there.
func (b *builder) create(e *entry) (uint32, *Error) {
	t := b.tree
	k, err := kindOf(e)
	if err != nil {
		return 0, err
	}
	if k == symlink && (len(e.link) == 0 || len(e.link) > maxPathLen) {
		// A target is text and may be anything else, a path that leads out of
		// the root included: nobody follows it but walk, which stays inside.
		return 0, fault(CodeName, "is a symbolic link with a target of %d bytes; Linux has none such", len(e.link))
	}
	i, err := b.place(k == directory)
	if err != nil {
		return 0, err
	}
	n := t.node(i)
	n.kind, n.mode, n.layer = k, e.mode, b.layer
	switch k {
	case regular, sparseFile:
		n.size, n.off, n.src = e.size, e.off, b.layer
		return i, nil
	case symlink:
		n.child, n.size = t.put(e.link), int64(len(e.link))
	}
	return 0, nil
}

// place makes room for the entry named b.name. What is there is removed, even
// if this layer put it there: of two entries of one name the last one stays.
func (b *builder) place(dir bool) (uint32, *Error) {
	t := b.tree
	parent, _, err := b.walk.walk(b.name.parent, b.layer)
	if err != nil {
		return 0, err
	}
	if i, ok := t.find(parent, b.name.base); ok {
		if dir && t.node(i).kind == directory {
			return i, nil
		}
		t.remove(i)
	}
	return t.add(parent, b.name.base), nil
}

func kindOf(e *entry) (kind, *Error) {
	switch e.kind {
	case flagRegular:
		if e.sparse {
			return sparseFile, nil
		}
		return regular, nil
	case flagSymlink:
		return symlink, nil
	case flagChar:
		return charDevice, nil
	case flagBlock:
		return blockDevice, nil
	case flagDir, flagDumpDir:
		return directory, nil
	case flagFifo:
		return fifo, nil
	}
	return gone, fault(CodeEntry, "is a tar entry of the unknown type %q; container runtimes refuse it too", e.kind)
}

// hardLink gives a file a second name. Whatever happens to one name later does
// not touch the other, so the node is copied.
func (b *builder) hardLink(e *entry) *Error {
	if err := b.link.set(e.link); err != nil {
		return err
	}
	target, err := b.linkTarget()
	if err != nil {
		return err
	}
	if target != root {
		return b.linkTo(target)
	}
	if len(b.later) == maxLate {
		return fault(CodeLimit, "is one of more than %d hard links whose targets are not there; the layer or tar is incomplete", maxLate)
	}
	t, name := b.tree, join(&b.name)
	late := lateLink{name: t.put(name), nameLen: int64(len(name))}
	name = join(&b.link)
	late.target, late.targetLen = t.put(name), int64(len(name))
	b.later = append(b.later, late)
	return nil
}

// join writes a cleaned name.
func join(c *cleaned) []byte { return bytes.Join(c.parts, slash) }

// linkTarget finds the file that b.link names, or gives root.
func (b *builder) linkTarget() (uint32, *Error) {
	// Links on the way are followed and the last is not, as link(2) does it.
	parent, ok, err := b.walk.walk(b.link.parent, 0)
	if err != nil || !ok || len(b.link.base) == 0 {
		return root, err
	}
	i, ok := b.tree.find(parent, b.link.base)
	if !ok {
		return root, nil
	}
	return i, nil
}

// linkTo makes the hard link named b.name.
func (b *builder) linkTo(target uint32) *Error {
	t := b.tree
	from := *t.node(target) // by value: removing what is there may reuse it
	if from.kind == directory {
		return fault(CodeHardLink, "is a hard link to a directory, %q; no container runtime can unpack that", shorten(t.path(target)))
	}
	parent, _, err := b.walk.walk(b.name.parent, b.layer)
	if err != nil {
		return err
	}
	if i, ok := t.find(parent, b.name.base); ok {
		if i == target {
			return fault(CodeHardLink, "is a hard link to itself; no container runtime can unpack that")
		}
		t.remove(i)
	}
	n := t.node(t.add(parent, b.name.base))
	n.kind, n.mode, n.size, n.off, n.src, n.child = from.kind, from.mode, from.size, from.off, from.src, from.child
	n.layer = b.layer
	return nil
}

// finish ends a layer: the hard links whose targets came after them are made.
// One may lead to another, so this is done a few times over.
func (b *builder) finish() *Error {
	t := b.tree
	for range maxLateRounds {
		waiting := b.later[:0]
		for _, late := range b.later {
			made, err := b.late(late)
			if err != nil {
				err.Where = string(t.text(late.name, late.nameLen))
				return err
			}
			if !made {
				waiting = append(waiting, late)
			}
		}
		// Links in circles make no progress.
		progress := len(waiting) < len(b.later)
		b.later = waiting
		if !progress {
			break
		}
	}
	if len(b.later) == 0 {
		return nil
	}
	late := b.later[0]
	err := fault(CodeHardLink, "is a hard link to %q, which does not exist; the layer or tar is incomplete", shorten(string(t.text(late.target, late.targetLen))))
	err.Where = string(t.text(late.name, late.nameLen))
	return err
}

// late makes one of the hard links that were put off, if its target is there.
func (b *builder) late(l lateLink) (made bool, err *Error) {
	if err := b.link.set(b.tree.text(l.target, l.targetLen)); err != nil {
		return false, err
	}
	if err := b.name.set(b.tree.text(l.name, l.nameLen)); err != nil {
		return false, err
	}
	target, err := b.linkTarget()
	if err != nil || target == root {
		return false, err
	}
	return true, b.linkTo(target)
}
