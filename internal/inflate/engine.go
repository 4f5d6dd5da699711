package inflate

import (
	"encoding/binary"
	"io"
)

// state says what the next bits of input are.
type state uint8

const (
	atHeader state = iota // a block header
	inStored              // the rest of a stored block
	inCodes               // symbols of the current codes
	atEnd                 // nothing: the stream is complete
)

// status says why engine.run stopped.
type status uint8

const (
	running status = iota
	needInput
	needOutput
	ended
	failed
)

const (
	// headerBytes is the most input a block header takes, from the byte it
	// starts in: three bits, three counts, the lengths of the code for code
	// lengths, and code lengths of 7 bits each; the last may be a repeat.
	headerBytes = (7 + 3 + 5 + 5 + 4 + 3*numPre + preBits*(maxLit+maxDist) + 7 + 7) / 8

	maxMatch = 258
)

// engine decodes from one slice into another. It stops only between two symbols,
// so its whole position is an index into each slice.
type engine struct {
	in    []byte
	ip    int // index of the next byte in in
	ibit  int // bits already used of in[ip], 0 to 7
	out   []byte
	op    int   // out[:op] is output, as far back as a match may reach
	base  int64 // offset of in[0] in the stream
	more  bool  // the input continues after in
	whole bool  // there is no more room than out: fill it to the last byte

	state  state
	final  bool // the current block is the last one
	fixed  bool // the tables hold the fixed codes
	stored int  // bytes left of a stored block
	err    error

	// compress/flate reads so many bits before it looks at a code. That shows
	// in the offset of a fault and at the end of truncated input.
	litMin, distMin, preMin int

	lit   [litSize]uint32
	dist  [distSize]uint32
	pre   [1 << preBits]uint32
	lens  [numLit + numDist]uint8
	build builder
}

// start prepares e for a new stream.
func (e *engine) start() {
	e.in, e.ip, e.ibit = nil, 0, 0
	e.out, e.op, e.base = nil, 0, 0
	e.state, e.final, e.stored, e.err = atHeader, false, 0, nil
}

// run decodes until the stream ends or fails, or until more input or more room
// for output is needed.
func (e *engine) run() status {
	for {
		if s := e.margins(); s != running {
			return s
		}
		ok := true
		switch e.state {
		case atHeader:
			ok = e.blockHeader()
		case inStored:
			ok = e.copyStored()
		case inCodes:
			e.decodeFast()
			if e.margins() == running {
				ok = e.decodeSlow()
			}
		case atEnd:
			return ended
		}
		if !ok {
			return failed
		}
	}
}

// margins reports what is needed before the next step, so that a step never
// stops within a header or a match for lack of it.
func (e *engine) margins() status {
	switch {
	case e.more && len(e.in)-e.ip < headerBytes:
		return needInput
	case !e.whole && len(e.out)-e.op < outMargin:
		return needOutput
	}
	return running
}

// blockEnd continues after the end of a block.
func (e *engine) blockEnd() {
	e.state = atHeader
	if e.final {
		e.align()
		e.state = atEnd
	}
}

// copyStored copies as much of a stored block as in has and out has room for.
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

// peek returns the next bits of input, with zeros after its end, and their
// number: at least 57 unless the input ends.
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

// skip moves n bits forward, which must exist.
func (e *engine) skip(n int) {
	n += e.ibit
	e.ip += n >> 3
	e.ibit = n & 7
}

// align moves forward to the next byte boundary.
func (e *engine) align() {
	if e.ibit != 0 {
		e.ip++
		e.ibit = 0
	}
}

// used counts the bytes of the stream before the current position, including a
// byte of which only some bits were used.
func (e *engine) used() int64 {
	n := e.base + int64(e.ip)
	if e.ibit != 0 {
		n++
	}
	return n
}

// corrupt and truncated set the error and return false, for the caller to return.
// The current position must be after the bits that were examined.
func (e *engine) corrupt(code Code) bool {
	e.err = &CorruptInputError{Code: code, Offset: e.used()}
	return false
}

func (e *engine) truncated() bool {
	e.err = io.ErrUnexpectedEOF
	return false
}
