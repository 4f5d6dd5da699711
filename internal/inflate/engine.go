package inflate

import (
	"encoding/binary"
	"io"
)

// state is what the next bits of input are.
type state uint8

const (
	atHeader state = iota // a block header
	inStored              // the rest of a stored block
	inCodes               // symbols of the current codes
	atEnd                 // nothing: the stream is complete
)

// status tells why engine.run stopped.
type status uint8

const (
	running status = iota
	needInput
	needOutput
	ended
	failed
)

const (
	// The most input a block header takes: 3+14 bits, 19 lengths of 3 bits
	// and 316 code lengths of at most 14 bits; rounded up.
	headerBytes = 576
	// inMargin is the input, outMargin the output that an iteration of the fast loop may touch.
	inMargin  = 24
	outMargin = 288
	maxMatch  = 258
)

// engine decodes from one piece of memory into another. It stops between two
// symbols, so its whole position is a place in each of the two.
type engine struct {
	in    []byte
	ip    int // place in in
	ibit  int // bits used of in[ip], 0 to 7
	out   []byte
	op    int   // out[:op] is output, as far back as a match may reach
	base  int64 // place in the stream of in[0]
	more  bool  // the input goes on after in
	whole bool  // the output must fit out: fill it to the last byte

	state  state
	final  bool
	fixed  bool // the tables hold the fixed codes
	stored int  // bytes left of a stored block
	err    error

	litMin, distMin, preMin int // bits to have before looking at a code

	lit   [litSize]uint32
	dist  [distSize]uint32
	pre   [1 << preBits]uint32
	lens  [numLit + numDist]uint8
	build builder
}

// start makes e ready for the beginning of a stream.
func (e *engine) start() {
	e.in, e.ip, e.ibit = nil, 0, 0
	e.out, e.op, e.base = nil, 0, 0
	e.state, e.final, e.stored, e.err = atHeader, false, 0, nil
}

// run decodes until the stream ends, fails, or needs room.
func (e *engine) run() status {
	for {
		if s := e.short(); s != running {
			return s
		}
		ok := true
		switch e.state {
		case atHeader:
			ok = e.blockHeader()
		case inStored:
			ok = e.copyStored()
		case inCodes:
			e.fast()
			if e.short() == running {
				ok = e.careful()
			}
		case atEnd:
			return ended
		}
		if !ok {
			return failed
		}
	}
}

// short tells what a stream must have more of before anything is decoded with
// care: it never stops within a header or a match.
func (e *engine) short() status {
	switch {
	case e.more && len(e.in)-e.ip < headerBytes:
		return needInput
	case !e.whole && len(e.out)-e.op < outMargin:
		return needOutput
	}
	return running
}

// blockEnd moves on after a block.
func (e *engine) blockEnd() {
	e.state = atHeader
	if e.final {
		e.align()
		e.state = atEnd
	}
}

// copyStored copies what there is of a stored block and has room.
func (e *engine) copyStored() bool {
	n := copy(e.out[e.op:], e.in[e.ip:e.ip+min(e.stored, len(e.in)-e.ip)])
	e.op += n
	e.ip += n
	e.stored -= n
	switch {
	case e.stored == 0:
		e.blockEnd()
	case e.ip == len(e.in) && !e.more:
		return e.truncated()
	case e.op == len(e.out) && e.whole:
		e.err = ErrTooLong
		return false
	}
	return true
}

// peek returns the next bits of input, zeros after its end, and their number:
// at least 57 unless the input ends.
func (e *engine) peek() (w uint64, n int) {
	if in := e.in[e.ip:]; len(in) >= 8 {
		w = binary.LittleEndian.Uint64(in)
		n = 64
	} else {
		for i, b := range in {
			w |= uint64(b) << (8 * i)
		}
		n = 8 * len(in)
	}
	return w >> e.ibit, max(0, n-e.ibit)
}

// skip moves n bits on, which must be there.
func (e *engine) skip(n int) {
	n += e.ibit
	e.ip += n >> 3
	e.ibit = n & 7
}

// align moves on to the next byte boundary.
func (e *engine) align() {
	if e.ibit != 0 {
		e.ip++
		e.ibit = 0
	}
}

// used counts the bytes of the stream up to the current place, a byte begun
// included.
func (e *engine) used() int64 {
	n := e.base + int64(e.ip)
	if e.ibit != 0 {
		n++
	}
	return n
}

// corrupt and truncated set the error; they return false for their callers to
// return. The current place must be after the bits that were looked at.
func (e *engine) corrupt(code Code) bool {
	e.err = &CorruptInputError{Code: code, Offset: e.used()}
	return false
}

func (e *engine) truncated() bool {
	e.err = io.ErrUnexpectedEOF
	return false
}
