package inflate

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"
)

// lengthSymbol and distanceSymbol find the symbol of a value, and its extra bits.
func lengthSymbol(length int) (symbol, extra, bits int) {
	if length == maxMatch {
		return 285, 0, 0
	}
	return symbolOf(litSymbols[257:285], 257, length)
}

func distanceSymbol(distance int) (symbol, extra, bits int) {
	return symbolOf(distSymbols[:maxDist], 0, distance)
}

func symbolOf(symbols []uint32, first, value int) (symbol, extra, bits int) {
	i := len(symbols) - 1
	for int(symbols[i]>>16) > value {
		i--
	}
	return first + i, value - int(symbols[i]>>16), int(symbols[i] & 0x7f)
}

// match writes a match in the fixed codes.
func (w *bitWriter) match(lit, dist code, length, distance int) {
	s, extra, bits := lengthSymbol(length)
	lit.put(w, s)
	w.put(extra, bits)
	s, extra, bits = distanceSymbol(distance)
	dist.put(w, s)
	w.put(extra, bits)
}

// fixedDist is the fixed distance code.
func fixedDist() code {
	lens := make([]int, numDist)
	for s := range lens {
		lens[s] = 5
	}
	return newCode(lens)
}

// TestMatches copies matches of every length from every distance below 40, and
// from the largest one, with the end of the room anywhere in and after the last
// match. The bytes after the room must not change.
func TestMatches(t *testing.T) {
	lit, dist := fixedLit(), fixedDist()
	history := make([]byte, 32<<10)
	rng := newRand(30)
	for i := range history {
		history[i] = byte(rng.Uint32())
	}
	j := newJudge(31)
	distances := []int{32<<10 - 1, 32 << 10}
	for d := 1; d < 40; d++ {
		distances = append(distances, d)
	}
	for _, d := range distances {
		w := (&bitWriter{}).stored(history[:d])
		w.put(1, 1).put(1, 2)
		for range 1 + 8*(d/(32<<10-1)) { // with large distances for a Reader that moves its window
			for length := 3; length <= maxMatch; length++ {
				w.match(lit, dist, length, d)
			}
		}
		w.match(lit, dist, 3, d) // the longest match is not the last symbol
		w.match(lit, dist, maxMatch, d)
		lit.put(w, 256)
		w.put(0, 8*inMargin)
		want := j.check(t, w.b)
		size := len(want.out)
		for room := size - maxMatch; room < size; room += 1 + rng.IntN(9) {
			j.checkShort(t, w.b, want, room)
		}
		for room := size; room < size+2*outMargin; room += 1 + rng.IntN(9) {
			j.same(t, "with more room", j.decodeWhole(t, w.b, room), want)
		}
	}
}

// TestCutAnywhere ends a stream with literals, matches, second tables and a
// stored block at every byte: the last symbols before the end are decoded as
// compress/flate does.
func TestCutAnywhere(t *testing.T) {
	rng, j := newRand(32), newJudge(33)
	w := (&bitWriter{}).stored([]byte("history"))
	w.randomBlock(rng, 0, 100)
	w.stored([]byte("stored"))
	w.randomBlock(rng, 0, 100)
	for n := range w.b {
		j.check(t, w.b[:n])
	}
}

// TestLongestHeader has a header of as many bytes as a header may take, which a
// Reader must have in its buffer when it starts. The source returns one byte at
// a time, so there are never more than necessary. The header ends with a repeat
// of one code length too many.
func TestLongestHeader(t *testing.T) {
	pre := lengths(numPre, map[int]int{0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 8: 7, 18: 7})
	c := newCode(pre)
	w := &bitWriter{}
	w.put(0, 1).put(1, 2) // fixed codes: a literal of 9 bits, end of block
	fixedLit().put(w, 200)
	w.put(0, 7)
	for range 2 {
		w.put(0, 1).put(1, 2).put(0, 7)
	}
	if w.free != 1 {
		t.Fatalf("the header starts at bit %d of a byte, not at the last one", 8-w.free)
	}
	start := len(w.b) - 1
	w.put(1, 1).put(2, 2).put(maxLit-257, 5).put(maxDist-1, 5).put(numPre-4, 4)
	for _, s := range preOrder {
		w.put(pre[s], 3)
	}
	for range maxLit + maxDist - 1 {
		c.put(w, 8)
	}
	c.put(w, 18)
	w.put(0, 7)
	if n := len(w.b) - start; n != headerBytes {
		t.Errorf("header of %d bytes, headerBytes is %d", n, headerBytes)
	}
	j := newJudge(34)
	want := j.check(t, w.b)
	for name, src := range map[string]io.Reader{
		"byte by byte":        iotest.OneByteReader(bytes.NewReader(w.b)),
		"last byte by itself": io.MultiReader(bytes.NewReader(w.b[:len(w.b)-1]), bytes.NewReader(w.b[len(w.b)-1:])),
	} {
		var r Reader
		r.Reset(src)
		got, err := io.ReadAll(&r)
		if !bytes.Equal(got, want.out) || fault(err) != want.fault {
			t.Errorf("%s: output %x, fault %q; compress/flate has %x, %q", name, got, fault(err), want.out, want.fault)
		}
	}
}
