package inflate

// Decoder decodes whole streams from memory to memory. The zero value is ready
// for use; reuse it, for it is large and a call allocates nothing. It must not
// be used by two goroutines at a time.
type Decoder struct {
	e engine
}

// Decode decodes the stream at the beginning of src into dst and returns the
// number of bytes of output and of input used. Input after the end of the
// stream is left alone.
//
// A stream of more than len(dst) bytes is ErrTooLong; whether n is the length
// that was expected is for the caller to check. Truncated input is
// io.ErrUnexpectedEOF, other faults are a *CorruptInputError. With an error,
// dst[:n] holds the output before the fault. The bytes of dst from n on may
// have been overwritten in any case.
func (d *Decoder) Decode(dst, src []byte) (n, used int, err error) {
	e := &d.e
	e.start()
	e.in, e.out, e.whole = src, dst, true
	if e.run() != ended {
		err = e.err
	}
	n, used = e.op, int(e.used())
	e.in, e.out, e.err = nil, nil, nil
	return n, used, err
}
