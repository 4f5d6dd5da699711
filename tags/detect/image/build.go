package image

import (
	"bytes"
	"io"
)

// layer is a layer as a place to read from, once its first bytes are known.
type layer struct {
	blob
	codec codec
}

// direct reports that content can be read where it is.
func (l layer) direct() bool { return l.at != nil && l.codec == plain }

// rootBuild is the work of making a Root.
type rootBuild struct {
	s        *store
	want     func(string) bool
	b        *builder
	retained retained
	entries  int   // of all layers so far
	bytes    int64 // that the layers so far have decompressed to
	layers   []layer
	repeats  map[layerKey]*repeat
	recorded int64 // memory of all repeats
}

// build applies layers in order, lowest first. One cursor serves them all: where
// they are in that order in a compressed tar, one pass is enough.
func build(s *store, blobs []blob, want func(string) bool) (*rootBuild, error) {
	r := &rootBuild{s: s, want: want, b: newBuilder(s.limits), repeats: repeatsOf(s, blobs)}
	r.retained = retained{content: map[place]content{}, limits: s.limits}
	c := s.cursor()
	defer c.close()
	for i, b := range blobs {
		r.b.layer = uint16(i + 1) // there are at most maxLayers
		if err := r.add(c, b); err != nil {
			return nil, within(err, s.path, b.where())
		}
	}
	return r, nil
}

// add applies one layer, reading it unless an earlier one is the same.
func (r *rootBuild) add(c *cursor, b blob) error {
	rep := r.repeats[r.s.key(b)]
	if rep != nil && rep.complete {
		return r.replay(rep)
	}
	r.b.src = r.b.layer
	raw, err := c.raw(b)
	if err != nil {
		return err
	}
	return r.read(b, raw, rep)
}

// read applies a layer from its bytes.
func (r *rootBuild) read(b blob, raw io.Reader, rep *repeat) error {
	digest, err := newLayerDigest(b)
	if err != nil {
		return err
	}
	l, in, d, err := openLayer(b, digest.raw(raw), digest)
	if err != nil {
		return err
	}
	defer d.Close()
	if s, ok := in.(*stream); ok {
		s.end = min(maxInflated, maxLayered-r.bytes)
		defer func() { r.bytes += s.off }()
	}
	r.layers = append(r.layers, l)
	r.retained.swept = false
	t := newTarReader(in)
	for {
		e, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if err := r.entry(l, t, e); err != nil {
			return within(err, "", shorten(e.name))
		}
		r.record(rep, e)
	}
	if err := r.b.finish(); err != nil {
		return err
	}
	if b.name == "" && !t.marked {
		// Nothing else says how long a tar by itself should be, and every
		// program that writes one marks its end.
		return fault(CodeTruncated, "has no end-of-archive mark: it was cut off; fetch or save it again")
	}
	rep.finish(r.b.src)
	// Only now is it known that what was read is what was written.
	return digest.finish(l, in)
}

// entry applies one entry, and retains its content where that is wanted and
// could not be read later without decompressing the layer again.
func (r *rootBuild) entry(l layer, t *tarReader, e *entry) error {
	n, err := r.apply(e)
	if err != nil {
		return err
	}
	if n == nil || e.sparse || l.direct() || r.want == nil || !r.retained.hasRoom(r.b.tree, e.size) {
		return nil
	}
	// Asked last, so that the path is not made for nothing.
	if !r.want(n.path()) {
		return nil
	}
	return r.retained.read(t, place{r.b.src, e.off}, e.size)
}

// apply adds an entry to the tree.
func (r *rootBuild) apply(e *entry) (*node, error) {
	if r.entries++; r.entries > r.s.limits.entries {
		return nil, fault(CodeLimit, "brings the image to more than %d entries", r.s.limits.entries)
	}
	n, err := r.b.apply(e)
	if err == nil {
		err = r.retained.fit(r.b.tree) // before more content takes what is left
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// openLayer looks at the first bytes of a layer and gives its tar. The decoder
// is to be closed.
func openLayer(b blob, raw io.Reader, digest *layerDigest) (layer, reader, *decoder, error) {
	l := layer{blob: b}
	head := make([]byte, sniffSize)
	n, err := io.ReadFull(raw, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return l, nil, nil, err
	}
	if l.codec, err = sniff(head[:n]); err != nil {
		return l, nil, nil, err
	}
	if l.direct() {
		return l, newSection(b.at, b.off, b.size), &decoder{}, nil
	}
	d, err := newDecoder(io.MultiReader(bytes.NewReader(head[:n]), raw), l.codec, b.at == nil)
	if err != nil {
		return l, nil, nil, err
	}
	return l, newStream(digest.decoded(d)), d, nil
}
