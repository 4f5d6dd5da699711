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

// verdict is what a decoder makes of an input. The fault is comparable between
// decoders; it holds the offset of corrupt input.
type verdict struct {
	out   []byte
	used  int // 0 with a fault
	fault string
}

// fault writes an error of either package down in one form.
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

// judge compares both forms with compress/flate on any input. It is reused, so
// that what one input leaves behind would show with the next.
type judge struct {
	whole  Decoder
	reader Reader
	std    io.ReadCloser
	rng    *rand.Rand
	buf    []byte
}

func newJudge(seed uint64) *judge {
	return &judge{std: stdflate.NewReader(bytes.NewReader(nil)), rng: newRand(seed)}
}

// maxOutput bounds what a check looks at; more output ends the check.
const maxOutput = 8 << 20

// oracle is the verdict of compress/flate.
func (j *judge) oracle(src []byte) verdict {
	in := bytes.NewReader(src)
	if err := j.std.(stdflate.Resetter).Reset(in, nil); err != nil {
		panic(err)
	}
	var out bytes.Buffer
	_, err := io.Copy(&out, io.LimitReader(j.std, maxOutput+1))
	v := verdict{out: out.Bytes(), fault: fault(err)}
	if err == nil {
		v.used = len(src) - in.Len()
	}
	return v
}

// check fails the test unless all decoders agree on src, and returns what they
// agree on.
func (j *judge) check(tb testing.TB, src []byte) verdict {
	tb.Helper()
	want := j.oracle(src)
	if len(want.out) > maxOutput {
		return want
	}
	size := len(want.out)
	for _, room := range []int{size, size + 1, size + 5000} {
		j.same(tb, fmt.Sprint("whole with room for ", room-size, " more"), j.decodeWhole(tb, src, room), want)
	}
	j.same(tb, "streamed", j.decodeStream(src), want)
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

// decodeWhole decodes into room bytes, between others that must not change.
func (j *judge) decodeWhole(tb testing.TB, src []byte, room int) verdict {
	tb.Helper()
	const fence = 64
	if len(j.buf) < room+2*fence {
		j.buf = make([]byte, 2*room+2*fence)
	}
	buf := j.buf[:room+2*fence]
	before, after := buf[:fence], buf[fence+room:]
	for i := range fence {
		before[i], after[i] = canary, canary
	}
	n, used, err := j.whole.Decode(buf[fence:fence+room], src[:len(src):len(src)])
	for i := range fence {
		if before[i] != canary || after[i] != canary {
			tb.Fatal("a write outside the destination")
		}
	}
	if err != nil {
		used = 0
	}
	return verdict{bytes.Clone(buf[fence:][:n]), used, fault(err)}
}

// decodeStream reads in pieces of any size from a source of any kind.
func (j *judge) decodeStream(src []byte) verdict {
	if j.rng.IntN(2) == 0 {
		j.reader.ResetAt(bytes.NewReader(src), 0, int64(len(src)))
	} else {
		j.reader.Reset(&fickle{data: src, rng: j.rng})
	}
	largest := 1 << j.rng.IntN(18)
	var v verdict
	for {
		n := len(v.out)
		v.out = append(v.out, make([]byte, 1+j.rng.IntN(largest))...)
		k, err := j.reader.Read(v.out[n:])
		v.out = v.out[:n+k]
		if err != nil {
			v.fault = fault(err)
			if err == io.EOF {
				v.used = int(j.reader.Consumed())
			}
			return v
		}
		if len(v.out) != int(j.reader.Produced()) {
			v.fault = "a wrong count of bytes produced"
			return v
		}
	}
}

// checkShort decodes into less room than the output takes.
func (j *judge) checkShort(tb testing.TB, src []byte, want verdict, room int) {
	tb.Helper()
	got := j.decodeWhole(tb, src, room)
	if got.fault != ErrTooLong.Error() || !bytes.Equal(got.out, want.out[:room]) {
		tb.Fatalf("room for %d of %d bytes: %d bytes with fault %q", room, len(want.out), len(got.out), got.fault)
	}
}

// fickle is a source that returns pieces of any size, its end with data or without.
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
