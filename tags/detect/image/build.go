package image

import (
	"bytes"
	"io"
)

// maxEntries is how many entries the layers of an image may have together.
const maxEntries = 2_000_000

// layer is a layer as a place to read from, once its first bytes are known.
type layer struct {
	blob
	codec codec
}

// direct reports that content can be read where it lies.
func (l layer) direct() bool { return l.at != nil && l.codec == plain }

// rootBuild is the work of making a Root.
type rootBuild struct {
	s       *store
	want    func(string) bool
	b       *builder
	keep    kept
	entries int   // of all layers so far
	bytes   int64 // that the layers so far have unfolded to
	layers  []layer
}

// build applies layers in order, lowest first. One cursor serves them all: where
// they lie in that order in a compressed tar, one pass is enough.
func build(s *store, blobs []blob, want func(string) bool) (*rootBuild, error) {
	r := &rootBuild{s: s, want: want, b: newBuilder()}
	r.keep = kept{content: map[place]content{}, windows: &s.gauge}
	c := s.cursor()
	defer c.close()
	for i, b := range blobs {
		raw, err := c.raw(b)
		if err != nil {
			return nil, within(err, s.path, b.where())
		}
		r.b.layer = uint16(i + 1) // there are at most maxLayers
		if err := r.add(b, raw); err != nil {
			return nil, within(err, s.path, b.where())
		}
	}
	return r, nil
}

// add applies one layer.
func (r *rootBuild) add(b blob, raw io.Reader) error {
	l, in, d, err := openLayer(b, raw, &r.s.gauge)
	if err != nil {
		return err
	}
	defer d.Close()
	if s, ok := in.(*stream); ok {
		s.end = min(maxInflated, maxLayered-r.bytes)
		defer func() { r.bytes += s.off }()
	}
	r.layers = append(r.layers, l)
	r.keep.swept = false
	tar := newScanner(in)
	for {
		e, err := tar.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		r.entries++
		if r.entries > maxEntries {
			return fault(CodeLimit, "brings the image to more than %d entries", maxEntries)
		}
		if err := r.entry(l, tar, e); err != nil {
			return within(err, "", shorten(string(e.name)))
		}
	}
	if err := r.b.finish(); err != nil {
		return err
	}
	if b.name == "" && !tar.marked {
		// Nothing else says how long a tar by itself should be, and every
		// program that writes one marks its end.
		return fault(CodeTruncated, "has no end of archive; it was cut off: fetch or save it again")
	}
	// Only now is it known that what was read is what was written.
	return drain(in)
}

// entry applies one entry, and keeps its content where that is wanted and
// could not be read later without decompressing the layer again.
func (r *rootBuild) entry(l layer, tar *scanner, e *entry) error {
	i, why := r.b.apply(e)
	// Before the content is thought of, for that takes what is left.
	if why == nil {
		why = r.keep.fit(r.b.tree)
	}
	if why != nil {
		return why
	}
	if i == root || e.sparse || l.direct() || r.want == nil || !r.keep.worth(r.b.tree, e.size) {
		return nil
	}
	// Asked last, so that the path is not made for nothing.
	if !r.want(r.b.tree.path(i)) {
		return nil
	}
	return r.keep.take(tar, place{r.b.layer, e.off}, e.size)
}

// openLayer looks at the first bytes of a layer and gives its tar. The decoder
// is to be closed.
func openLayer(b blob, raw io.Reader, g *gauge) (layer, input, *decoder, error) {
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
	depth := 1
	if b.name == "" {
		depth = 0 // the file itself, which Open decompressed too, but not at once
	}
	d, err := newDecoder(io.MultiReader(bytes.NewReader(head[:n]), raw), l.codec, g.allow(depth))
	if err != nil {
		return l, nil, nil, err
	}
	return l, newStream(d), d, nil
}
