package inflate

// careful decodes one symbol, and checks everything. It has the ends of input
// and output to itself, and whatever the fast loop does not take: ends of
// blocks and errors.
func (e *engine) careful() bool {
	w, avail := e.peek()
	entry, n := lookup(e.lit[:], w, litBits)
	seen := max(n, e.litMin)
	if seen > avail {
		e.skip(avail)
		return e.truncated()
	}
	switch {
	case entry&entryLiteral != 0:
		if e.op == len(e.out) {
			e.err = ErrTooLong
			return false
		}
		e.out[e.op] = byte(entry >> 16)
		e.op++
		e.skip(n)
		return true
	case entry&entryEnd != 0:
		e.skip(n)
		e.blockEnd()
		return true
	case entry&entrySpecial != 0:
		e.skip(seen)
		return e.corrupt(BadSymbol)
	}
	return e.carefulMatch(w, avail, entry, n, seen)
}

// carefulMatch decodes the rest of a match of which w still holds the length
// code of n bits. So far seen bits were needed, which may be more than n.
func (e *engine) carefulMatch(w uint64, avail int, entry uint32, n, seen int) bool {
	length, n := value(w, entry, n)
	if n > avail {
		e.skip(avail)
		return e.truncated()
	}
	entry, codeBits := lookup(e.dist[:], w>>n, distBits)
	seen = max(seen, n+max(codeBits, e.distMin))
	if seen > avail {
		e.skip(avail)
		return e.truncated()
	}
	if entry&entrySpecial != 0 {
		e.skip(seen)
		return e.corrupt(BadSymbol)
	}
	dist, n := value(w, entry, n+codeBits)
	seen = max(seen, n)
	if seen > avail {
		e.skip(avail)
		return e.truncated()
	}
	if dist > e.op {
		e.skip(seen)
		return e.corrupt(BadDistance)
	}
	room := e.out[e.op:]
	fits := min(length, len(room))
	for i := range room[:fits] {
		room[i] = e.out[e.op-dist+i]
	}
	e.op += fits
	if fits < length {
		e.err = ErrTooLong
		return false
	}
	e.skip(n)
	return true
}

// lookup finds the entry for the bits of w, and the bits of its whole code.
func lookup(table []uint32, w uint64, bits int) (entry uint32, n int) {
	entry = table[w&(1<<bits-1)]
	if entry&entryLink != 0 {
		n = bits
		sub := w >> bits & (1<<(entry>>8&15) - 1)
		entry = table[uint64(entry>>16)+sub]
	}
	return entry, n + int(entry>>8&15)
}

// value adds the extra bits of an entry, of which the code ended at bit n of
// w, to its base. It returns the bit after them too.
func value(w uint64, entry uint32, n int) (v, end int) {
	extra := int(entry&0xff) - int(entry>>8&15)
	return int(entry>>16) + int(w>>n&(1<<extra-1)), n + extra
}
