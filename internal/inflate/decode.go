package inflate

// Decoder decodes whole streams from memory to memory. The zero value is ready to
// use. It is large and Decode allocates nothing, so reuse it. It must not be used
// by two goroutines at the same time.
type Decoder struct {
	e engine
}

// Decode decodes the stream at the beginning of src into dst and returns the
// number of bytes of output and of input used. It ignores input after the end of
// the stream.
//
// A stream of more than len(dst) bytes is ErrTooLong; whether n is the expected
// length is for the caller to check. Truncated input is io.ErrUnexpectedEOF,
// other faults are a *CorruptInputError. After an error dst[:n] is the output
// before the fault. The bytes of dst after n may be overwritten in any case.
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
