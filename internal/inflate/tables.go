package inflate

// A Huffman code is decoded with a first table indexed by the next litBits (or
// distBits) bits of input. Codes that are longer share an entry that links to
// a second table behind the first one, indexed by the bits that follow.
//
// Layout of an entry:
//
//	bits  0-7   bits to consume: the code in this table, with its extra bits
//	bits  8-11  bits of the code alone; in a link, index bits of the subtable
//	bit   13    entryEnd, end of block
//	bit   14    entryLink, continue in the subtable
//	bit   15    entrySpecial: link, end of block, or no symbol at all
//	bits 16-30  literal byte, base length, base distance or subtable start
//	bit   31    entryLiteral
const (
	entryEnd     = 1 << 13
	entryLink    = 1 << 14
	entrySpecial = 1 << 15
	entryLiteral = 1 << 31
)

const (
	maxCodeLen = 15
	numLit     = 288 // 286 and 287 exist in the fixed code alone
	numDist    = 32  // 30 and 31 likewise
	maxLit     = 286
	maxDist    = 30
	numPre     = 19

	litBits  = 11
	distBits = 8
	preBits  = 7

	// Powers of two above the largest two-level tables a complete code can
	// need (2342 and 402 entries), so that a masked index is always in range.
	litSize  = 1 << 12
	distSize = 1 << 9
)

// A huffman code under construction, and the symbols' entries without lengths.
type builder struct {
	count  [maxCodeLen + 1]int
	next   [maxCodeLen + 2]int
	sorted [numLit]uint16
}

// build fills table for the code lengths given. It returns the length of the
// shortest code, and whether the lengths make a usable code: a complete one,
// none at all, or a single code of one bit, which zlib and compress/flate
// accept too. Bits that belong to no code get an entry without symbol.
func (b *builder) build(table []uint32, bits int, lens []uint8, symbols []uint32) (shortest int, ok bool) {
	b.count = [maxCodeLen + 1]int{}
	for _, n := range lens {
		b.count[n&maxCodeLen]++
	}
	b.count[0] = 0
	space, longest, total := 0, 0, 0
	for n := 1; n <= maxCodeLen; n++ {
		b.next[n+1] = b.next[n] + b.count[n]
		space = space<<1 + b.count[n]
		if b.count[n] != 0 {
			longest = n
			if shortest == 0 {
				shortest = n
			}
		}
		total += b.count[n]
	}
	if total == 0 || longest == 1 && total == 1 {
		b.degenerate(table[:1<<bits], lens, symbols)
		return shortest, true
	}
	if space != 1<<maxCodeLen {
		return 0, false
	}
	next := b.next
	for s, n := range lens {
		if n != 0 {
			b.sorted[next[n&maxCodeLen]] = uint16(s)
			next[n&maxCodeLen]++
		}
	}
	b.fill(table, bits, shortest, longest, symbols)
	return shortest, true
}

// degenerate fills the table of an empty code or of a single code of one bit.
func (b *builder) degenerate(table []uint32, lens []uint8, symbols []uint32) {
	zero := uint32(entrySpecial)
	for s, n := range lens {
		if n == 1 {
			zero = withLength(symbols[s], 1)
		}
	}
	for i := range table {
		table[i] = entrySpecial
		if i&1 == 0 {
			table[i] = zero
		}
	}
}

// withLength completes the entry of a symbol with the length of its code.
func withLength(symbol uint32, n int) uint32 {
	return symbol + uint32(n) + uint32(n)<<8
}

// fill writes the tables of a complete code. Codes are visited in canonical
// order, with the code kept bit-reversed as it stands in the input; the first
// table is doubled whenever the codes get one bit longer.
func (b *builder) fill(table []uint32, bits, shortest, longest int, symbols []uint32) {
	i, code := 0, 0
	done := shortest // table[:1<<done] is laid out, up to unset entries
	for n := shortest; n <= min(bits, longest); n++ {
		if n > done {
			copy(table[1<<done:1<<n], table[:1<<done])
			done = n
		}
		for range b.count[n] {
			table[code] = withLength(symbols[b.sorted[i]], n)
			i++
			code = increment(code, n)
		}
	}
	for ; done < bits; done++ {
		copy(table[1<<done:2<<done], table[:1<<done])
	}
	if longest > bits {
		b.fillSub(table, bits, longest, i, code, symbols)
	}
}

// fillSub writes the second tables for the codes longer than bits, of which
// the first is code, that of the symbol at place i.
func (b *builder) fillSub(table []uint32, bits, longest, i, code int, symbols []uint32) {
	mask := 1<<bits - 1
	prefix, start, end, width := -1, 0, 1<<bits, 0
	for n := bits + 1; n <= longest; n++ {
		for left := b.count[n]; left > 0; left-- {
			if code&mask != prefix {
				prefix = code & mask
				width = b.width(n, left, bits, longest)
				start, end = end, end+(1<<width)
				table[prefix] = entrySpecial | entryLink | uint32(bits) | uint32(width)<<8 | uint32(start)<<16
			}
			e := withLength(symbols[b.sorted[i]], n-bits)
			for j := code >> bits; j < 1<<width; j += 1 << (n - bits) {
				table[start+j] = e
			}
			i++
			code = increment(code, n)
		}
	}
}

// width returns the index bits of the subtable that begins with left codes of
// n bits to come: as many as make the codes that follow fill it.
func (b *builder) width(n, left, bits, longest int) int {
	w := n - bits
	for space := left; space < 1<<w && bits+w < longest; {
		w++
		space = space<<1 + b.count[bits+w]
	}
	return w
}

// increment adds one to a code of n bits that is kept bit-reversed. The code
// of n bits after it, or of more bits, starts with the result.
func increment(code, n int) int {
	bit := 1 << (n - 1)
	for code&bit != 0 {
		code ^= bit
		bit >>= 1
	}
	return code | bit
}
