package image

// A layer hides what lower layers have by empty files of agreed names: ".wh.x"
// hides x, ".wh..wh..opq" hides everything in its directory. Neither touches
// what its own layer has, wherever in the tar that stands. See the chapter on
// whiteouts in the OCI image specification's layer.md.
//
// Nodes know the layer that wrote them or something below them last, which is
// enough to tell the layer's own content from that of lower ones.

// whiteOut hides one file or directory.
func (b *builder) whiteOut(name []byte) *Error {
	switch string(name) {
	case "", ".", "..":
		return fault(CodeWhiteout, "is a whiteout that names no file; the layer is damaged")
	}
	dir, ok, err := b.walk.walk(b.name.parent, 0)
	if err != nil || !ok {
		return err
	}
	i, ok := b.tree.find(dir, name)
	if !ok {
		return nil
	}
	switch n := b.tree.node(i); {
	case n.layer != b.layer:
		b.tree.remove(i)
	case n.kind == directory:
		b.hideLower(i)
	}
	return nil
}

// makeOpaque hides the lower content of a directory.
func (b *builder) makeOpaque() *Error {
	dir, ok, err := b.walk.walk(b.name.parent, 0)
	if err != nil || !ok {
		return err
	}
	b.hideLower(dir)
	return nil
}

// hideLower removes what lower layers have in a directory, and in those of its
// directories that the current layer has too. Each directory is looked through
// once a layer, for nothing can come back into it.
func (b *builder) hideLower(dir uint32) {
	t := b.tree
	b.queue = append(b.queue[:0], dir)
	for len(b.queue) > 0 {
		last := len(b.queue) - 1
		n := t.node(b.queue[last])
		i := b.queue[last]
		b.queue = b.queue[:last]
		if n.opaque == b.layer {
			continue
		}
		n.opaque = b.layer
		t.children(i, func(c uint32, child *node) {
			switch {
			case child.layer != b.layer:
				t.remove(c)
			case child.kind == directory:
				b.queue = append(b.queue, c)
			}
		})
	}
}
