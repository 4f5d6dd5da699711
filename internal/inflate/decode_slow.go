package inflate

// decodeSlow decodes one symbol with every check. It is used near the ends of
// input and output, and for all that decodeFast leaves: the end of a block, and
// faults.
func (e *engine) decodeSlow() bool {
	w, avail := e.peek()
	entry := lookup(e.lit[:], w, litBits)
	n := codeLength(entry)
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
	return e.match(w, avail, entry, seen)
}

// match decodes the rest of a match, whose length has the given entry and whose
// code is at the beginning of w. So far seen bits were needed, which may be more
// than the code has.
func (e *engine) match(w uint64, avail int, entry uint32, seen int) bool {
	length, n := value(w, entry, codeLength(entry))
	entry = lookup(e.dist[:], w>>n, distBits)
	codeEnd := n + codeLength(entry)
	seen = max(seen, codeEnd, n+e.distMin)
	if seen > avail {
		e.skip(avail)
		return e.truncated()
	}
	if entry&entrySpecial != 0 {
		e.skip(seen)
		return e.corrupt(BadSymbol)
	}
	distance, n := value(w, entry, codeEnd)
	seen = max(seen, n)
	if seen > avail {
		e.skip(avail)
		return e.truncated()
	}
	if distance > e.op {
		e.skip(seen)
		return e.corrupt(BadDistance)
	}
	room := e.out[e.op:]
	fits := min(length, len(room))
	for i := range room[:fits] {
		room[i] = e.out[e.op-distance+i]
	}
	e.op += fits
	if fits < length {
		e.err = ErrTooLong
		return false
	}
	e.skip(n)
	return true
}

// lookup finds the entry for the bits at the beginning of w in a table whose
// first part has an index of the given number of bits.
func lookup(table []uint32, w uint64, bits int) uint32 {
	entry := table[w&(1<<bits-1)]
	if entry&entryLink != 0 {
		entry = table[uint64(entry>>16)+w>>bits&(1<<(entry>>8&15)-1)]
	}
	return entry
}

// codeLength returns the bits of the code of an entry, 0 if it has no symbol.
func codeLength(entry uint32) int { return int(entry >> 8 & 15) }

// value adds the extra bits of an entry, whose code ends at bit n of w, to its
// base value. It also returns the position after them.
func value(w uint64, entry uint32, n int) (v, end int) {
	extra := int(entry&0x7f) - codeLength(entry)
	return int(entry>>16) + int(w>>n&(1<<extra-1)), n + extra
}
