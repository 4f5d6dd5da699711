package image

import "io"

// retainedExtra is what retaining a file costs in addition to its content.
const (
	retainedExtra = 192
	chunkSize     = 64 << 10
)

// place is where the content of a file is: its layer and the offset in it,
// decompressed. Hard links share a place.
type place struct {
	src uint16
	off int64
}

// retained holds the content of wanted files from layers that cannot be read at
// any place later.
type retained struct {
	content map[place]content
	used    int64
	limits  limits
	swept   bool // in this layer already
}

// content is a file in pieces: one piece would have to be allocated by the
// size that a header claims, or be copied as it grows.
type content [][]byte

func (c content) cost() int64 {
	n := int64(retainedExtra)
	for _, chunk := range c {
		n += int64(cap(chunk)) + 24
	}
	return n
}

// ReadAt implements [io.ReaderAt]. All pieces but the last are of chunkSize.
func (c content) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		i := (off + int64(n)) / chunkSize
		if off < 0 || i >= int64(len(c)) {
			return n, io.EOF
		}
		from := int((off + int64(n)) % chunkSize)
		if from >= len(c[i]) {
			return n, io.EOF
		}
		n += copy(p[n:], c[i][from:])
	}
	return n, nil
}

// room is how much content may be retained with that tree. It is negative when
// the tree alone is too large.
func (r *retained) room(t *tree) int64 {
	return min(r.limits.retained, r.limits.memory-t.bytes)
}

// fit drops content that the growing tree has left no room for. It fails when
// that is not enough.
func (r *retained) fit(t *tree) *Error {
	room := r.room(t)
	if room < 0 {
		return fault(CodeLimit, "has more files than %d MiB of memory can list; build an image with only the files in question", r.limits.memory>>20)
	}
	if r.used <= room {
		return nil
	}
	r.sweep(t)
	// Room for a while: looking through the map for every entry would be slow.
	spare := r.limits.retained / 8
	for at, c := range r.content {
		if r.used <= max(room-spare, 0) {
			break
		}
		r.drop(at, c)
	}
	return nil
}

func (r *retained) drop(at place, c content) {
	r.used -= c.cost()
	delete(r.content, at)
}

// sweep drops the content of files that later entries replaced.
func (r *retained) sweep(t *tree) {
	// Nodes that were removed cannot be reached from the root any more.
	alive := make(map[place]bool, len(r.content))
	queue := []*node{t.root}
	for len(queue) > 0 {
		dir := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, n := range dir.children {
			at := place{n.src, n.off}
			switch {
			case n.kind == directory:
				queue = append(queue, n)
			case n.kind == regular && r.content[at] != nil:
				alive[at] = true
			}
		}
	}
	for at, c := range r.content {
		if !alive[at] {
			r.drop(at, c)
		}
	}
}

// hasRoom reports whether a file of that size could be retained.
func (r *retained) hasRoom(t *tree, size int64) bool {
	if size == 0 || size > r.limits.retainedOne {
		return false
	}
	need := size + retainedExtra
	// The size is a claim, but one too large does no harm here.
	if r.used+need > r.room(t) && !r.swept {
		r.swept = true // once a layer: it looks through the whole tree
		r.sweep(t)
	}
	return r.used+need <= r.room(t)
}

// read retains the content of the current entry.
func (r *retained) read(in *tarReader, at place, size int64) error {
	var c content
	for size > 0 {
		chunk := make([]byte, min(size, chunkSize))
		if err := in.read(chunk); err != nil {
			return err
		}
		c = append(c, chunk)
		size -= int64(len(chunk))
	}
	r.content[at] = c
	r.used += c.cost()
	return nil
}
