package image

import "strings"

// A layer hides what lower layers have by empty files of agreed names: ".wh.x"
// hides x, ".wh..wh..opq" hides everything in its directory. Neither touches
// what its own layer has, wherever in the tar that is. See the chapter on
// whiteouts in the OCI image specification's layer.md.
//
// Nodes know the layer that wrote them or something below them last, which is
// enough to tell the layer's own content from that of lower ones.
const (
	whiteout   = ".wh."
	meta       = ".wh..wh." // of aufs, the file system that introduced whiteouts
	opaqueMark = ".wh..wh..opq"
)

// isMeta reports a name in the directories that aufs kept for itself.
func (p *cleanPath) isMeta() bool {
	for _, part := range p.parts {
		if strings.HasPrefix(part, meta) {
			return true
		}
	}
	return false
}

// whiteOut hides one file or directory.
func (b *builder) whiteOut(name string) *Error {
	switch name {
	case "", ".", "..":
		return fault(CodeWhiteout, "is a whiteout that names no file; the layer is damaged")
	}
	dir, err := b.walk.find(b.name.parent)
	if err != nil || dir == nil {
		return err
	}
	n := dir.children[name]
	switch {
	case n == nil:
	case n.layer != b.layer:
		b.tree.remove(n)
	case n.kind == directory:
		b.hideLower(n)
	}
	return nil
}

// makeOpaque hides the lower content of a directory.
func (b *builder) makeOpaque() *Error {
	dir, err := b.walk.find(b.name.parent)
	if err != nil || dir == nil {
		return err
	}
	b.hideLower(dir)
	return nil
}

// hideLower removes what lower layers have in a directory, and in those of its
// directories that the current layer has too. Each directory is looked through
// once a layer, for nothing can come back into it.
func (b *builder) hideLower(dir *node) {
	if dir.opaque == b.layer {
		return
	}
	dir.opaque = b.layer
	for _, c := range dir.children {
		switch {
		case c.layer != b.layer:
			b.tree.remove(c)
		case c.kind == directory:
			b.hideLower(c)
		}
	}
}
