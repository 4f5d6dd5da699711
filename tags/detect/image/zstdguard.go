package image

import (
	"bytes"
	"encoding/binary"
	"io"
	"sync"
)

// maxZstdWindow is how far back a zstd stream may refer, all streams inside
// each other taken together. The decoder keeps that much in memory. Encoders
// use 8 MiB and less unless told otherwise ("--ultra", "--long").
const maxZstdWindow = 32 << 20

// A zstd stream is a row of frames, each a header that names a window followed
// by blocks that name their sizes; frames of user data may lie between them. So
// it can be followed without being decoded.

// isZstd reports the start of a zstd stream. That may be a frame of user data
// that decoders skip.
func isZstd(first []byte) bool {
	return bytes.HasPrefix(first, []byte(zstdMagic)) || isSkippable(first)
}

func isSkippable(first []byte) bool {
	return len(first) >= 4 && first[0]&0xf0 == 0x50 && string(first[1:4]) == zstdSkip
}

const (
	zstdMagic = "\x28\xb5\x2f\xfd"
	zstdSkip  = "\x2a\x4d\x18"
)

// zstdGuard passes a zstd stream on to the decoder and looks at each frame's
// header before the decoder does. A frame says how much memory it needs, and
// the decoder, which cannot be reached to set its limits, would believe up to
// half a gigabyte of it. See RFC 8878, section 3.1.
type zstdGuard struct {
	r     io.Reader
	allow func(window int64) error

	state guardState
	need  int // bytes of header to collect
	have  []byte
	pass  int64 // bytes of content to pass over
	last  bool  // the block being passed is the last of its frame
	sum   bool  // a checksum follows the last block

	largest int64 // window seen

	// The decoder reads in a goroutine of its own.
	mu  sync.Mutex
	err error
}

// guardState is what the guard is collecting.
type guardState int

const (
	atMagic guardState = iota
	atSkipSize
	atDescriptor
	atHeader
	atBlock
)

func (g *zstdGuard) Read(p []byte) (int, error) {
	if err := g.verdict(); err != nil {
		return 0, err
	}
	n, err := g.r.Read(p)
	// The decoder takes an end between blocks for a proper one.
	if err == io.EOF && n == 0 && (g.state != atMagic || len(g.have) > 0 || g.pass > 0) {
		err = io.ErrUnexpectedEOF
	}
	// A refused header does not reach the decoder, nor what came with it.
	if why := g.look(p[:n]); why != nil {
		n, err = 0, why
	}
	if err != nil && err != io.EOF {
		g.mu.Lock()
		g.err = err
		g.mu.Unlock()
	}
	return n, err
}

// verdict is what went wrong below the decoder, if anything.
func (g *zstdGuard) verdict() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err
}

// look follows the stream through p.
func (g *zstdGuard) look(p []byte) error {
	if g.have == nil {
		g.have, g.need = make([]byte, 0, 16), 4
	}
	for len(p) > 0 {
		if g.pass > 0 {
			n := min(g.pass, int64(len(p)))
			g.pass -= n
			p = p[n:]
			continue
		}
		n := min(g.need-len(g.have), len(p))
		g.have = append(g.have, p[:n]...)
		p = p[n:]
		if len(g.have) < g.need {
			return nil
		}
		if err := g.step(); err != nil {
			return err
		}
	}
	return nil
}

// enter begins to collect the next header.
func (g *zstdGuard) enter(s guardState, need int) {
	g.state, g.need, g.have = s, need, g.have[:0]
}

// step acts on a header that is complete.
func (g *zstdGuard) step() error {
	h := g.have
	switch g.state {
	case atMagic:
		switch {
		case !isZstd(h):
			return fault(CodeDamaged, "has something else after its zstd data; fetch or save it again")
		case h[0] != zstdMagic[0]:
			g.enter(atSkipSize, 4)
		default:
			g.enter(atDescriptor, 1)
		}
	case atSkipSize:
		g.pass = int64(binary.LittleEndian.Uint32(h))
		g.enter(atMagic, 4)
	case atDescriptor:
		// The descriptor stays, for the rest cannot be read without it.
		g.state, g.need = atHeader, 1+headerRest(h[0])
	case atHeader:
		return g.frame()
	case atBlock:
		b := uint32(h[0]) | uint32(h[1])<<8 | uint32(h[2])<<16
		// A bit for the last block, two for its type, the rest is its size.
		g.pass, g.last = int64(b>>3), b&1 != 0
		if b>>1&3 == 1 { // one byte, many times
			g.pass = 1
		}
		if !g.last {
			g.enter(atBlock, 3)
			break
		}
		if g.sum {
			g.pass += 4
		}
		g.enter(atMagic, 4)
	}
	return nil
}

// headerRest is the length of a frame's header after its descriptor.
func headerRest(d byte) int {
	n := []int{0, 1, 2, 4}[d&3] + []int{0, 2, 4, 8}[d>>6]
	switch {
	case d&0x20 == 0:
		return n + 1 // the window's size
	case d>>6 == 0:
		return n + 1 // the content's size, in a byte
	}
	return n
}

// frame asks whether the window of a frame may be.
func (g *zstdGuard) frame() error {
	window := windowOf(g.have)
	g.sum = g.have[0]&4 != 0
	g.enter(atBlock, 3)
	if window > maxZstdWindow {
		return fault(CodeLimit, "needs %d MiB of memory to be decompressed, more than %d; compress it with a smaller zstd window, or not at all", window>>20, maxZstdWindow>>20)
	}
	g.largest = max(g.largest, int64(window))
	return g.allow(int64(window))
}

// windowOf is the memory that a frame asks for, by its header from the
// descriptor on.
func windowOf(h []byte) uint64 {
	d := h[0]
	if d&0x20 == 0 {
		exp, mantissa := h[1]>>3, uint64(h[1]&7)
		return 1<<(10+exp) + 1<<(10+exp)/8*mantissa
	}
	// No window: the content is short enough to be kept whole.
	var size [8]byte
	copy(size[:], h[1+[]int{0, 1, 2, 4}[d&3]:])
	n := binary.LittleEndian.Uint64(size[:])
	if d>>6 == 1 {
		n += 256 // two bytes start where one byte ends
	}
	return n
}
