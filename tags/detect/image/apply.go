package image

import (
	"archive/tar"
	"strings"
)

// builder puts a tree together, one layer after another.
type builder struct {
	tree  *tree
	walk  walker
	name  cleanPath  // of the current entry
	link  cleanPath  // target of a hard link
	layer uint16     // being applied, counted from 1
	src   uint16     // the layer that the content is in; an earlier one for a repeated layer
	later []lateLink // of this layer
	late  int        // how many of them there may be
}

// lateLink is a hard link that came before its target, as they do in the tars
// of tools that flatten an image and write its uppermost layer first. Runtimes
// refuse such tars; there is no doubt about what they mean.
type lateLink struct{ name, target string }

// cost is the memory that a late link takes until it is made.
func (l lateLink) cost() int64 { return 64 + int64(len(l.name)+len(l.target)) }

const maxLateRounds = 64 // such links to such links

func newBuilder(l limits) *builder {
	t := newTree()
	return &builder{tree: t, walk: walker{t, l.steps}, late: l.late}
}

// apply adds an entry of the current layer to the tree. The node it returns
// is that of a regular file, or nil.
func (b *builder) apply(e *entry) (*node, *Error) {
	if err := b.name.set(e.name); err != nil {
		return nil, err
	}
	base := b.name.base
	switch {
	case base == "":
		// "./" comes first in most tars and sets the mode of the root.
		if e.kind != tar.TypeDir {
			return nil, fault(CodeName, "is an entry for the root directory, but not a directory; no container runtime can unpack that")
		}
		b.tree.root.mode = e.mode
		return nil, nil
	// Whiteouts count by name, whatever kind of entry carries it.
	case base == opaqueMark:
		return nil, b.makeOpaque()
	case b.name.isMeta():
		return nil, nil
	case strings.HasPrefix(base, whiteout):
		return nil, b.whiteOut(base[len(whiteout):])
	case e.kind == tar.TypeLink:
		return nil, b.hardLink(e)
	}
	return b.create(e)
}

// create adds a file of any kind but a hard link. A directory joins the one
// that is there; anything else replaces what is there.
func (b *builder) create(e *entry) (*node, *Error) {
	k, err := kindOf(e)
	if err != nil {
		return nil, err
	}
	if k == symlink && (e.link == "" || len(e.link) > maxPathLen) {
		// A target is text and may be anything else, a path that leads out of
		// the root included: nobody follows it but walk, which stays inside.
		return nil, fault(CodeName, "is a symbolic link with a target of %d bytes, which Linux does not allow", len(e.link))
	}
	n, err := b.place(k)
	if err != nil {
		return nil, err
	}
	n.mode, n.layer = e.mode, b.layer
	switch k {
	case regular, sparseFile:
		n.size, n.off, n.src = e.size, e.off, b.src
		return n, nil
	case symlink:
		b.tree.setTarget(n, e.link)
	}
	return nil, nil
}

// place makes room for the entry named b.name. What is there is removed, even
// if this layer put it there: of two entries of one name the last one stays.
func (b *builder) place(k kind) (*node, *Error) {
	parent, err := b.walk.walk(b.name.parent, b.layer)
	if err != nil {
		return nil, err
	}
	if n := parent.children[b.name.base]; n != nil {
		if k == directory && n.kind == directory {
			return n, nil
		}
		b.tree.remove(n)
	}
	return b.tree.add(parent, b.name.base, k), nil
}

func kindOf(e *entry) (kind, *Error) {
	switch e.kind {
	case tar.TypeReg:
		if e.sparse {
			return sparseFile, nil
		}
		return regular, nil
	case tar.TypeSymlink:
		return symlink, nil
	case tar.TypeChar:
		return charDevice, nil
	case tar.TypeBlock:
		return blockDevice, nil
	case tar.TypeDir, typeDumpDir:
		return directory, nil
	case tar.TypeFifo:
		return fifo, nil
	}
	return 0, fault(CodeEntry, "is a tar entry of the unknown type %q; container runtimes refuse it too", e.kind)
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
	if target != nil {
		return b.linkTo(target)
	}
	if len(b.later) == b.late {
		return fault(CodeLimit, "is one of more than %d hard links whose targets do not exist; the layer or tar is incomplete", b.late)
	}
	l := lateLink{strings.Clone(b.name.String()), strings.Clone(b.link.String())}
	b.later = append(b.later, l)
	b.tree.bytes += l.cost()
	return nil
}

// linkTarget finds the file that b.link names, or gives nil.
func (b *builder) linkTarget() (*node, *Error) {
	// Links on the way are followed and the last is not, as link(2) does it.
	parent, err := b.walk.find(b.link.parent)
	if err != nil || parent == nil {
		return nil, err
	}
	return parent.children[b.link.base], nil // the root has no name
}

// linkTo makes the hard link named b.name.
func (b *builder) linkTo(target *node) *Error {
	if target.kind == directory {
		return fault(CodeHardLink, "is a hard link to a directory, %q; no container runtime can unpack that", shorten(target.path()))
	}
	parent, err := b.walk.walk(b.name.parent, b.layer)
	if err != nil {
		return err
	}
	if old := parent.children[b.name.base]; old != nil {
		if old == target {
			return fault(CodeHardLink, "is a hard link to itself; no container runtime can unpack that")
		}
		b.tree.remove(old)
	}
	n := b.tree.add(parent, b.name.base, target.kind)
	if target.kind == symlink {
		b.tree.setTarget(n, target.target)
	}
	n.mode, n.size, n.off, n.src, n.layer = target.mode, target.size, target.off, target.src, b.layer
	return nil
}

// finish ends a layer: the hard links whose targets came after them are made.
// One may lead to another, so this is done several times.
func (b *builder) finish() *Error {
	for range maxLateRounds {
		waiting := b.later[:0]
		for _, l := range b.later {
			made, err := b.makeLate(l)
			if err != nil {
				err.Where = l.name
				return err
			}
			if !made {
				waiting = append(waiting, l)
				continue
			}
			b.tree.bytes -= l.cost()
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
	l := b.later[0]
	err := fault(CodeHardLink, "is a hard link to %q, which does not exist; the layer or tar is incomplete", shorten(l.target))
	err.Where = l.name
	return err
}

// makeLate makes one of the hard links that were put off, if its target is there.
func (b *builder) makeLate(l lateLink) (made bool, err *Error) {
	if err := b.link.set(l.target); err != nil {
		return false, err
	}
	if err := b.name.set(l.name); err != nil {
		return false, err
	}
	target, err := b.linkTarget()
	if err != nil || target == nil {
		return false, err
	}
	return true, b.linkTo(target)
}
