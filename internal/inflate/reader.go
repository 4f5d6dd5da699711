package inflate

import (
	"errors"
	"io"
)

const (
	window  = 32 << 10 // how far back a match may reach
	inSize  = 64 << 10 // compressed input is read in pieces of this size
	outStep = 32 << 10 // output is made in pieces of about this size
	outSize = 128 << 10
)

// maxEmpty bounds the reads in a row without data or error, as package bufio does.
const maxEmpty = 100

var errCount = errors.New("inflate: the source returned an impossible count")

// Reader decodes a stream of any length piece by piece. Call [Reader.Reset] or
// [Reader.ResetAt], then Read or Discard as much as is wanted, and Reset again
// at any time: there is nothing to close. A Reader takes about 250 KB, which
// Reset keeps, so reuse it. It must not be used by two goroutines at a time.
type Reader struct {
	e   engine
	src io.Reader

	place   int   // out[place:e.op] is not delivered yet
	dropped int64 // output that has left out
	readErr error // what the source ended with, if not io.EOF
	err     error // what the stream ended with; after out is delivered

	section io.SectionReader
	in      [inSize]byte
	out     [outSize]byte
}

// Reset starts a stream at the current place of src. More of src than the
// stream takes may be read. A nil src lets go of the previous one.
func (r *Reader) Reset(src io.Reader) {
	r.e.start()
	r.e.in, r.e.more = r.in[:0], true
	r.src, r.place, r.dropped = src, 0, 0
	r.readErr, r.err = nil, nil
}

// ResetAt starts a stream at offset off of src, in which it takes at most size
// bytes.
func (r *Reader) ResetAt(src io.ReaderAt, off, size int64) {
	r.section = *io.NewSectionReader(src, off, max(size, 0))
	r.Reset(&r.section)
}

// Raw reads bytes of the source that no stream has: before the first one, which
// [Reader.Next] starts, or after the end of one. Like io.ReadFull it returns
// io.EOF when there is no byte and io.ErrUnexpectedEOF when there are too few.
func (r *Reader) Raw(p []byte) (int, error) {
	e := &r.e
	n := 0
	for n < len(p) {
		if e.ip == len(e.in) {
			if r.load(); len(e.in) == 0 {
				break
			}
		}
		k := copy(p[n:], e.in[e.ip:])
		e.ip += k
		n += k
	}
	switch {
	case n == len(p):
		return n, nil
	case r.readErr != nil:
		return n, r.readErr
	case n == 0:
		return n, io.EOF
	}
	return n, io.ErrUnexpectedEOF
}

// Next starts another stream at the current place of the source: after what Raw
// has read, or after the end of the previous stream.
func (r *Reader) Next() {
	e := &r.e
	in, ip, base := e.in, e.ip, e.base
	e.start()
	e.in, e.ip, e.base = in, ip, base
	r.place, r.dropped, r.err = 0, 0, nil
}

// Consumed counts the compressed bytes that were decoded so far. Decoding runs
// ahead of Read by some 32 KiB of output; the count is exact at the end.
func (r *Reader) Consumed() int64 { return r.e.used() }

// Produced counts the bytes of output that were read or discarded so far.
func (r *Reader) Produced() int64 { return r.dropped + int64(r.place) }

// Read reads decoded bytes. It returns io.EOF at the end of the stream,
// io.ErrUnexpectedEOF when the input ends before that, a *CorruptInputError
// for other faults, and the source's own error when it fails; in each case
// after all the output before the fault.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if !r.ready() {
		return 0, r.err
	}
	n := copy(p, r.out[r.place:r.e.op])
	r.place += n
	return n, nil
}

// Discard skips n bytes of output, at the price of decoding them alone. It
// returns the number skipped, and the error if that is less than n.
func (r *Reader) Discard(n int64) (int64, error) {
	left := n
	for left > 0 {
		if !r.ready() {
			return n - left, r.err
		}
		k := min(left, int64(r.e.op-r.place))
		r.place += int(k)
		left -= k
	}
	return max(n, 0), nil
}

// ready sees that there is output to deliver. It returns false when the stream
// is over, with the reason in r.err.
func (r *Reader) ready() bool {
	for r.place == r.e.op {
		if r.err != nil {
			return false
		}
		r.decode()
	}
	return true
}

// decode makes more output, or sets r.err.
func (r *Reader) decode() {
	e := &r.e
	if e.op > outSize-outStep-outMargin {
		copy(r.out[:window], r.out[e.op-window:e.op])
		r.dropped += int64(e.op - window)
		e.op, r.place = window, window
	}
	e.out = r.out[:e.op+outStep+outMargin]
	for {
		switch e.run() {
		case needInput:
			r.load()
		case needOutput:
			return
		case ended:
			r.err = io.EOF
			return
		default:
			r.err = e.err
			if r.err == io.ErrUnexpectedEOF && r.readErr != nil {
				r.err = r.readErr
			}
			return
		}
	}
}

// load reads more input, or notes its end.
func (r *Reader) load() {
	e := &r.e
	n := copy(r.in[:], e.in[e.ip:])
	e.base += int64(e.ip)
	e.ip = 0
	for empty := 0; e.more && n < headerBytes; {
		k, err := 0, io.EOF
		if r.src != nil {
			k, err = r.src.Read(r.in[n:])
		}
		if k < 0 || k > inSize-n {
			k, err = 0, errCount
		}
		n += k
		if k == 0 && err == nil {
			if empty++; empty == maxEmpty {
				err = io.ErrNoProgress
			}
		}
		if err != nil {
			e.more = false
			if err != io.EOF {
				r.readErr = err
			}
		}
	}
	e.in = r.in[:n]
}
