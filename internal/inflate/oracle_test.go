package inflate

import (
	"bytes"
	stdflate "compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// verdict is the result of a decoder for an input.
type verdict struct {
	out   []byte // until the decoder is used again
	used  int    // bytes of input, 0 after a fault
	fault string // equal for the same fault in different decoders
}

// fault describes an error of either package in the same form.
func fault(err error) string {
	var std stdflate.CorruptInputError
	var own *CorruptInputError
	switch {
	case err == nil || err == io.EOF:
		return ""
	case errors.As(err, &std):
		return fmt.Sprint("corrupt at ", int64(std))
	case errors.As(err, &own):
		return fmt.Sprint("corrupt at ", own.Offset)
	}
	return err.Error()
}

// judge compares Decoder and Reader with compress/flate. It is used for many
// inputs, so that state left by one of them shows with the next.
type judge struct {
	whole    Decoder
	reader   Reader
	std      io.ReadCloser
	rng      *rand.Rand
	expected bytes.Buffer
	decoded  []byte
	streamed []byte
}

func newJudge(seed uint64) *judge {
	return &judge{std: stdflate.NewReader(bytes.NewReader(nil)), rng: newRand(seed)}
}

// maxOutput bounds the output that a check compares; with more it ends early.
const maxOutput = 8 << 20

// oracle is the verdict of compress/flate.
func (j *judge) oracle(src []byte) verdict {
	in := bytes.NewReader(src)
	if err := j.std.(stdflate.Resetter).Reset(in, nil); err != nil {
		panic(err)
	}
	j.expected.Reset()
	_, err := io.Copy(&j.expected, io.LimitReader(j.std, maxOutput+1))
	v := verdict{out: j.expected.Bytes(), fault: fault(err)}
	if err == nil {
		v.used = len(src) - in.Len()
	}
	return v
}

// check fails the test unless all decoders agree on src. It returns their
// verdict.
func (j *judge) check(tb testing.TB, src []byte) verdict {
	tb.Helper()
	want := j.oracle(src)
	if len(want.out) > maxOutput {
		return want
	}
	size := len(want.out)
	for _, room := range []int{size, size + 1, size + 5000} {
		j.same(tb, fmt.Sprint("Decoder with room for ", room-size, " more"), j.decodeWhole(tb, src, room), want)
	}
	j.same(tb, "Reader", j.decodeStream(src), want)
	if size > 0 {
		j.checkShort(tb, src, want, j.rng.IntN(size))
		j.checkShort(tb, src, want, size-1)
	}
	return want
}

func (j *judge) same(tb testing.TB, form string, got, want verdict) {
	tb.Helper()
	if got.fault != want.fault || got.used != want.used {
		tb.Fatalf("%s: fault %q, used %d; compress/flate has %q, %d", form, got.fault, got.used, want.fault, want.used)
	}
	if !bytes.Equal(got.out, want.out) {
		tb.Fatalf("%s: %d bytes differ from %d bytes of compress/flate", form, len(got.out), len(want.out))
	}
}

const canary = 0xa7

// decodeWhole decodes into room bytes, between bytes that must not change.
func (j *judge) decodeWhole(tb testing.TB, src []byte, room int) verdict {
	tb.Helper()
	const fence = 64
	if len(j.decoded) < room+2*fence {
		j.decoded = make([]byte, 2*room+2*fence)
	}
	buf := j.decoded[:room+2*fence]
	before, after := buf[:fence], buf[fence+room:]
	for i := range fence {
		before[i], after[i] = canary, canary
	}
	n, used, err := j.whole.Decode(buf[fence:fence+room], src)
	for i := range fence {
		if before[i] != canary || after[i] != canary {
			tb.Fatal("a write outside the destination")
		}
	}
	if err == io.ErrUnexpectedEOF && used != len(src) {
		tb.Fatalf("used %d of %d bytes of truncated input", used, len(src))
	}
	if err != nil {
		used = 0
	}
	return verdict{buf[fence:][:n], used, fault(err)}
}

// decodeStream reads pieces of random sizes from a random kind of source.
func (j *judge) decodeStream(src []byte) verdict {
	if j.rng.IntN(2) == 0 {
		j.reader.ResetAt(bytes.NewReader(src), 0, int64(len(src)))
	} else {
		j.reader.Reset(&fickle{data: src, rng: j.rng})
	}
	largest := 1 << j.rng.IntN(18)
	v := verdict{out: j.streamed[:0]}
	for {
		n := len(v.out)
		v.out = append(v.out, make([]byte, 1+j.rng.IntN(largest))...)
		k, err := j.reader.Read(v.out[n:])
		v.out = v.out[:n+k]
		j.streamed = v.out
		if err != nil {
			v.fault = fault(err)
			if err == io.EOF {
				v.used = int(j.reader.Consumed())
			}
			return v
		}
	}
}

// checkShort decodes into less room than the output needs.
func (j *judge) checkShort(tb testing.TB, src []byte, want verdict, room int) {
	tb.Helper()
	got := j.decodeWhole(tb, src, room)
	if got.fault != ErrTooLong.Error() || !bytes.Equal(got.out, want.out[:room]) {
		tb.Fatalf("room for %d of %d bytes: %d bytes with fault %q", room, len(want.out), len(got.out), got.fault)
	}
}

// fickle is a source that returns pieces of random sizes, and io.EOF with or
// after the last one.
type fickle struct {
	data []byte
	rng  *rand.Rand
}

func (f *fickle) Read(p []byte) (int, error) {
	n := min(len(p), len(f.data))
	if f.rng.IntN(3) > 0 && n > 0 {
		n = f.rng.IntN(n + 1)
	}
	copy(p, f.data[:n])
	f.data = f.data[n:]
	if len(f.data) == 0 && (n == 0 || f.rng.IntN(2) == 0) {
		return n, io.EOF
	}
	return n, nil
}
