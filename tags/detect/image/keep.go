package image

import (
	"io"
	"runtime"
)

// What a Root may hold in memory. The parts share one allowance: a large index
// leaves less for content. The allowance leaves some megabytes of the 64 that
// the whole may take for buffers and for tables on the move.
const (
	maxMemory  = 52 << 20 // everything counted here
	maxKept    = 32 << 20 // content of files from compressed layers
	maxKeptOne = 12 << 20 // content of one such file
	keptExtra  = 192      // what keeping one costs beside its content
	chunkSize  = 64 << 10
	step       = 4 << 20 // content is dropped in lots of this size
)

// place is where the content of a file is: its layer and the offset in it,
// decompressed. Hard links share a place.
type place struct {
	src uint16
	off int64
}

// kept holds the content of wanted files from layers that cannot be read at
// any place later.
type kept struct {
	content map[place]content
	used    int64
	windows *gauge // of the decoders at work
	swept   bool   // in this layer already
}

// content is a file in pieces: one piece would have to be allocated by the
// size that a header claims, or be copied as it grows.
type content [][]byte

func (c content) cost() int64 {
	n := int64(keptExtra)
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

// room is how much content may be kept beside that tree. It is negative when
// the tree and the decoders alone are too large.
func (k *kept) room(t *tree) int64 {
	return min(maxKept, maxMemory-k.windows.sum()-t.bytes())
}

// fit drops content that the growing tree has left no room for. It fails when
// that is not enough.
func (k *kept) fit(t *tree) *Error {
	room := k.room(t)
	if k.used <= max(room, 0) {
		if room < 0 {
			return fault(CodeLimit, "has more files than %d MiB of memory can list; keep what is asked about in an image of its own", maxMemory>>20)
		}
		return nil
	}
	k.sweep(t)
	// Room for a while: looking through the map for every entry would be slow.
	before := k.used
	for at, c := range k.content {
		if k.used <= max(room-step, 0) {
			break
		}
		k.drop(at, c)
	}
	collect(before - k.used)
	return nil
}

func (k *kept) drop(at place, c content) {
	k.used -= c.cost()
	delete(k.content, at)
}

// collect makes room of what was dropped. The collector would else let the
// heap grow to twice its size before it does. Each call stands for a step at
// least, so there are few.
func collect(dropped int64) {
	if dropped >= step {
		runtime.GC()
	}
}

// sweep drops the content of files that later entries replaced.
func (k *kept) sweep(t *tree) {
	// Nodes that were removed cannot be reached from the root any more.
	alive := make(map[place]bool, len(k.content))
	queue := []uint32{root}
	for len(queue) > 0 {
		last := len(queue) - 1
		dir := queue[last]
		queue = queue[:last]
		t.children(dir, func(i uint32, n *node) {
			at := place{n.src, n.off}
			switch {
			case n.kind == directory:
				queue = append(queue, i)
			case n.kind == regular && k.content[at] != nil:
				alive[at] = true
			}
		})
	}
	before := k.used
	for at, c := range k.content {
		if !alive[at] {
			k.drop(at, c)
		}
	}
	collect(before - k.used)
}

// worth reports whether a file of that size could be kept.
func (k *kept) worth(t *tree, size int64) bool {
	if size == 0 || size > maxKeptOne {
		return false
	}
	need := size + keptExtra
	// The size is a claim, but one too large does no harm here.
	if k.used+need > k.room(t) && !k.swept {
		k.swept = true // once a layer: it looks through the whole tree
		k.sweep(t)
	}
	return k.used+need <= k.room(t)
}

// take reads the content of the current entry.
func (k *kept) take(tar *scanner, at place, size int64) error {
	var c content
	for size > 0 {
		chunk := make([]byte, min(size, chunkSize))
		if err := tar.read(chunk); err != nil {
			return err
		}
		c = append(c, chunk)
		size -= int64(len(chunk))
	}
	k.content[at] = c
	k.used += c.cost()
	return nil
}
