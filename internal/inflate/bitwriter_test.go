package inflate

import (
	"math/bits"
	"math/rand/v2"
)

// bitWriter writes streams by hand, including corrupt ones.
type bitWriter struct {
	b    []byte
	free int // bits free in the last byte
}

// put writes the low n bits of v, the lowest first.
func (w *bitWriter) put(v, n int) *bitWriter {
	for n > 0 {
		if w.free == 0 {
			w.b, w.free = append(w.b, 0), 8
		}
		k := min(n, w.free)
		w.b[len(w.b)-1] |= byte(v&(1<<k-1)) << (8 - w.free)
		w.free -= k
		v >>= k
		n -= k
	}
	return w
}

// align moves to the next byte.
func (w *bitWriter) align() *bitWriter { w.free = 0; return w }

// stored writes a block of stored bytes that is not the last one.
func (w *bitWriter) stored(data []byte) *bitWriter {
	w.put(0, 3).align().put(len(data), 16).put(^len(data), 16)
	w.b = append(w.b, data...)
	return w
}

// code is a canonical Huffman code, defined by the lengths of its symbols.
type code struct {
	lens  []int
	words []int // bit-reversed, as put writes them
}

func newCode(lens []int) code {
	c := code{lens, make([]int, len(lens))}
	word := 0
	for n := 1; n <= maxCodeLen; n++ {
		word <<= 1
		for s, l := range lens {
			if l == n {
				c.words[s] = int(bits.Reverse16(uint16(word)) >> (16 - n))
				word++
			}
		}
	}
	return c
}

func (c code) put(w *bitWriter, symbol int) { w.put(c.words[symbol], c.lens[symbol]) }

// fixedLit is the fixed literal/length code.
func fixedLit() code {
	lens := make([]int, numLit)
	for s := range lens {
		lens[s] = 8
		if s >= 144 && s < 256 {
			lens[s] = 9
		} else if s >= 256 && s < 280 {
			lens[s] = 7
		}
	}
	return newCode(lens)
}

// header writes the header of a dynamic block with the given lengths. Its own
// code has four bits for 0 to 15 and no repeats.
func (w *bitWriter) header(final int, lit, dist []int) *bitWriter {
	w.put(final, 1).put(2, 2).put(len(lit)-257, 5).put(len(dist)-1, 5).put(numPre-4, 4)
	pre := make([]int, numPre)
	for s := range 16 {
		pre[s] = 4
	}
	for _, s := range preOrder {
		w.put(pre[s], 3)
	}
	c := newCode(pre)
	for _, n := range lit {
		c.put(w, n)
	}
	for _, n := range dist {
		c.put(w, n)
	}
	return w
}

// randomLengths makes a complete code for some of n symbols, by splitting
// words at random; deep makes long codes likely.
func randomLengths(rng *rand.Rand, n int, deep bool) []int {
	leaves := []int{1, 1}
	for range rng.IntN(n) {
		i := rng.IntN(len(leaves))
		if deep && rng.IntN(4) > 0 {
			i = len(leaves) - 1
		}
		if leaves[i] < maxCodeLen && len(leaves) < n {
			leaves[i]++
			leaves = append(leaves, leaves[i])
		}
	}
	lens := make([]int, n)
	for i, s := range rng.Perm(n)[:len(leaves)] {
		lens[s] = leaves[i]
	}
	return lens
}

// randomBlock writes a dynamic block of symbols drawn from random codes. Some
// lack the end of the block, and some matches reach too far back.
func (w *bitWriter) randomBlock(rng *rand.Rand, final, symbols int) {
	lit := randomLengths(rng, 257+rng.IntN(30), rng.IntN(2) == 0)
	if i := rng.IntN(len(lit)); lit[256] == 0 && rng.IntN(8) > 0 {
		for lit[i] == 0 {
			i = (i + 1) % len(lit)
		}
		lit[i], lit[256] = 0, lit[i]
	}
	dist := []int{rng.IntN(2)}
	if rng.IntN(8) > 0 {
		dist = randomLengths(rng, 2+rng.IntN(29), rng.IntN(2) == 0)
	}
	w.header(final, lit, dist)
	lits, dists := newCode(lit), newCode(dist)
	literals, lengths, distances := used(lit[:256]), used(lit[257:]), used(dist)
	for range symbols {
		if len(lengths) > 0 && (rng.IntN(3) == 0 || len(literals) == 0) {
			s := 257 + lengths[rng.IntN(len(lengths))]
			lits.put(w, s)
			w.put(int(rng.Uint32()), int(litSymbols[s]&0x7f))
			if len(distances) > 0 {
				s := distances[min(rng.IntN(len(distances)), rng.IntN(len(distances)))]
				dists.put(w, s)
				w.put(int(rng.Uint32()), int(distSymbols[s]&0x7f))
			}
		} else if len(literals) > 0 {
			lits.put(w, literals[rng.IntN(len(literals))])
		}
	}
	if lit[256] != 0 {
		lits.put(w, 256)
	}
}

// used lists the symbols that have a code.
func used(lens []int) (list []int) {
	for s, n := range lens {
		if n != 0 {
			list = append(list, s)
		}
	}
	return list
}
