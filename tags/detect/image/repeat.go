package image

import "strings"

// layerKey tells layers apart by where their bytes are.
type layerKey struct {
	file string // of a layout directory
	off  int64  // in a tar
}

func (s *store) key(b blob) layerKey {
	if s.dir != nil {
		return layerKey{file: b.name}
	}
	return layerKey{off: b.off}
}

// repeat holds the entries of a layer that an image lists more than once, so that
// it is read once. Where they would take too much memory it is read again.
type repeat struct {
	entries  []entry
	memory   int64
	layer    uint16 // the first of them
	complete bool
	dropped  bool
}

// repeatsOf finds the layers that are listed more than once.
func repeatsOf(s *store, blobs []blob) map[layerKey]*repeat {
	count := map[layerKey]int{}
	repeats := map[layerKey]*repeat{}
	for _, b := range blobs {
		key := s.key(b)
		if count[key]++; count[key] == 2 {
			repeats[key] = &repeat{}
		}
	}
	return repeats
}

// record adds an entry; rep is nil for layers that are listed once.
func (r *rootBuild) record(rep *repeat, e *entry) {
	if rep == nil || rep.dropped {
		return
	}
	n := 96 + int64(len(e.name)+len(e.link))
	if r.recorded+n > r.s.limits.recorded {
		r.recorded -= rep.memory
		rep.entries, rep.dropped = nil, true
		return
	}
	r.recorded += n
	rep.memory += n
	c := *e
	c.name, c.link = strings.Clone(e.name), strings.Clone(e.link) // of a header with more in it
	rep.entries = append(rep.entries, c)
}

// finish marks the record of a layer as whole.
func (rep *repeat) finish(layer uint16) {
	if rep != nil && !rep.dropped {
		rep.layer, rep.complete = layer, true
	}
}

// replay applies a layer that was read before.
func (r *rootBuild) replay(rep *repeat) error {
	r.b.src = rep.layer
	r.layers = append(r.layers, r.layers[rep.layer-1])
	for i := range rep.entries {
		e := &rep.entries[i]
		if _, err := r.apply(e); err != nil {
			return within(err, "", shorten(e.name))
		}
	}
	if err := r.b.finish(); err != nil {
		return err
	}
	return nil
}
