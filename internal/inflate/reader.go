package inflate

import (
	"errors"
	"io"
)

const (
	window  = 32 << 10 // how far back a match may reach
	inSize  = 64 << 10 // bytes of compressed input read at once
	outStep = 32 << 10 // bytes of output decoded at once, about
	outSize = 128 << 10
)

// maxEmpty is how many reads in a row may return neither data nor an error, as in
// package bufio.
const maxEmpty = 100

var errCount = errors.New("io.Reader returned an invalid count")

// Reader decodes a stream of any length piece by piece. Call [Reader.Reset] or
// [Reader.ResetAt], then Read or Discard as much as you need, and Reset again at
// any time: there is nothing to close. A Reader takes about 250 KB, which Reset
// keeps, so reuse it. It must not be used by two goroutines at the same time.
type Reader struct {
	e   engine
	src io.Reader

	place   int   // out[place:e.op] is decoded and not read yet
	readErr error // the error of the source, if not io.EOF
	err     error // the end of the stream or a fault; returned after all of out

	section io.SectionReader
	in      [inSize]byte
	out     [outSize]byte
}

// Reset starts a stream at the current position of src. The Reader may read
// beyond the end of the stream. A nil src drops the reference to the previous one.
func (r *Reader) Reset(src io.Reader) {
	r.e.start()
	r.e.in, r.e.more = r.in[:0], true
	r.src, r.place = src, 0
	r.readErr, r.err = nil, nil
}

// ResetAt starts a stream of at most size compressed bytes at offset off of src.
func (r *Reader) ResetAt(src io.ReaderAt, off, size int64) {
	r.section = *io.NewSectionReader(src, off, max(size, 0))
	r.Reset(&r.section)
}

// Consumed returns the number of compressed bytes decoded so far. Decoding runs
// ahead of Read by about 32 KiB of output; at the end the number is exact.
func (r *Reader) Consumed() int64 { return r.e.used() }

// Read reads decoded bytes. It returns io.EOF at the end of the stream,
// io.ErrUnexpectedEOF if the input ends before that, a *CorruptInputError for
// other faults, and the error of the source if it fails; in each case after all
// output before the fault.
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

// Discard skips n bytes of output, which are decoded but not copied. It returns
// the number of bytes skipped, and an error if that is less than n.
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

// ready decodes until there is output to read. It returns false after the end of
// the output, with the reason in r.err.
func (r *Reader) ready() bool {
	for r.place == r.e.op {
		if r.err != nil {
			return false
		}
		r.decode()
	}
	return true
}

// decode decodes more output, or sets r.err.
func (r *Reader) decode() {
	e := &r.e
	if e.op > outSize-outStep-outMargin {
		copy(r.out[:window], r.out[e.op-window:e.op])
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

// load reads more input, or records its end.
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
