package inflate

// A Huffman code is decoded with a first table, indexed by the next litBits (or
// distBits) bits of input. Longer codes with the same first bits share an entry
// there, which links to a second table behind the first one, indexed by the bits
// that follow.
//
// Layout of an entry:
//
//	bits  0-6   length of the code and its extra bits together, at most 28
//	bit   7     entryEnd: end of block
//	bits  8-13  length of the code; in a link, index bits of the second table
//	bit   14    entryLink: continue in the second table
//	bit   15    entrySpecial: link, end of block, or no symbol at all
//	bits 16-30  literal byte, base length, base distance, or start of the second table
//	bit   31    entryLiteral
const (
	entryEnd     = 1 << 7
	entryLink    = 1 << 14
	entrySpecial = 1 << 15
	entryLiteral = 1 << 31
)

const (
	maxCodeLen = 15
	numLit     = 288 // 286 and 287 are in the fixed code only
	numDist    = 32  // so are 30 and 31
	maxLit     = 286
	maxDist    = 30
	numPre     = 19

	litBits  = 11
	distBits = 8
	preBits  = 7

	// Powers of two above the most entries a complete code can need (2342 for
	// 286 symbols, 338 for 30), so that a masked index is always in range.
	litSize  = 1 << 12
	distSize = 1 << 9
)

// builder makes the tables of a Huffman code from the lengths of its codes.
type builder struct {
	count  [maxCodeLen + 1]int // codes of each length, from 1
	next   [maxCodeLen + 2]int // index in sorted of the first symbol of each length
	sorted [numLit]uint16      // symbols by length of code, then by number
}

// build fills table for the given code lengths; the first table takes bits of
// index, and symbols are the entries without the lengths of codes. It returns
// the length of the shortest code, and whether the lengths make a usable code: a
// complete one, an empty one, or a single code of one bit, which zlib and
// compress/flate accept too. Bits that belong to no code get an entry without a
// symbol.
func (b *builder) build(table []uint32, bits int, lens []uint8, symbols []uint32) (shortest int, ok bool) {
	b.count = [maxCodeLen + 1]int{}
	for _, n := range lens {
		b.count[n&maxCodeLen]++
	}
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

// fill writes the tables of a complete code. It visits the codes in canonical
// order, each bit-reversed as in the input, and doubles the first table when the
// codes get one bit longer.
func (b *builder) fill(table []uint32, bits, shortest, longest int, symbols []uint32) {
	i, code := 0, 0
	done := shortest // table[:1<<done] has its final layout, with some entries not set yet
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
		b.fillLong(table, bits, longest, i, code, symbols)
	}
}

// fillLong writes the links and second tables for the codes longer than bits. The
// first of these is code, for the symbol b.sorted[i].
func (b *builder) fillLong(table []uint32, bits, longest, i, code int, symbols []uint32) {
	mask := 1<<bits - 1
	prefix, start, end, width := -1, 0, 1<<bits, 0
	for n := bits + 1; n <= longest; n++ {
		for left := b.count[n]; left > 0; left-- {
			if code&mask != prefix {
				prefix = code & mask
				width = b.width(n, left, bits, longest)
				start, end = end, end+(1<<width)
				table[prefix] = entrySpecial | entryLink | uint32(width)<<8 | uint32(start)<<16
			}
			e := withLength(symbols[b.sorted[i]], n)
			for j := code >> bits; j < 1<<width; j += 1 << (n - bits) {
				table[start+j] = e
			}
			i++
			code = increment(code, n)
		}
	}
}

// width returns the index bits of the second table that starts when left codes
// of n bits remain: enough for the codes that follow to fill it.
func (b *builder) width(n, left, bits, longest int) int {
	w := n - bits
	for space := left; space < 1<<w && bits+w < longest; {
		w++
		space = space<<1 + b.count[bits+w]
	}
	return w
}

// increment adds one to a bit-reversed code of n bits. The next code, of n bits
// or more, starts with the result.
func increment(code, n int) int {
	bit := 1 << (n - 1)
	for code&bit != 0 {
		code ^= bit
		bit >>= 1
	}
	return code | bit
}
