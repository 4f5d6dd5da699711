package inflate

// preOrder is the order in which the lengths of the code for code lengths are
// stored, RFC 1951 section 3.2.7.
var preOrder = [numPre]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// blockHeader reads the three bits at the beginning of a block, and the rest of
// the header by the type of the block.
func (e *engine) blockHeader() bool {
	h, ok := e.take(3)
	if !ok {
		return e.truncated()
	}
	e.final = h&1 != 0
	switch h >> 1 {
	case 0:
		return e.storedHeader()
	case 1:
		e.state = inCodes
		e.fixedCodes()
		return true
	case 2:
		e.state = inCodes
		return e.dynamicCodes()
	}
	return e.corrupt(BadBlockType)
}

func (e *engine) storedHeader() bool {
	e.align()
	if len(e.in)-e.ip < 4 {
		e.ip = len(e.in)
		return e.truncated()
	}
	b := e.in[e.ip:][:4]
	e.ip += 4
	n, not := uint16(b[0])|uint16(b[1])<<8, uint16(b[2])|uint16(b[3])<<8
	if n != ^not {
		return e.corrupt(BadStored)
	}
	e.state, e.stored = inStored, int(n)
	return true
}

// fixedCodes sets the codes of RFC 1951 section 3.2.6. They remain until a
// dynamic block replaces them.
func (e *engine) fixedCodes() {
	if e.fixed {
		return
	}
	lens := e.lens[:numLit+numDist]
	for s := range lens {
		switch {
		case s < 144:
			lens[s] = 8
		case s < 256:
			lens[s] = 9
		case s < 280:
			lens[s] = 7
		case s < numLit:
			lens[s] = 8
		default:
			lens[s] = 5
		}
	}
	e.litMin, _ = e.build.build(e.lit[:], litBits, lens[:numLit], litSymbols[:])
	e.distMin, _ = e.build.build(e.dist[:], distBits, lens[numLit:], distSymbols[:])
	e.fixed = true
}

// dynamicCodes reads the codes of RFC 1951 section 3.2.7.
func (e *engine) dynamicCodes() bool {
	e.fixed = false
	h, ok := e.take(5 + 5 + 4)
	if !ok {
		return e.truncated()
	}
	nlit, ndist, npre := int(h&31)+257, int(h>>5&31)+1, int(h>>10)+4
	if nlit > maxLit || ndist > maxDist {
		return e.corrupt(BadCounts)
	}
	if !e.preCode(npre) || !e.codeLengths(nlit+ndist) {
		return false
	}
	lens := e.lens[:nlit+ndist]
	litMin, ok1 := e.build.build(e.lit[:], litBits, lens[:nlit], litSymbols[:])
	distMin, ok2 := e.build.build(e.dist[:], distBits, lens[nlit:], distSymbols[:])
	if !ok1 || !ok2 {
		return e.corrupt(BadCode)
	}
	// Every block must end with the end-of-block code, so compress/flate reads
	// as many bits as that has before it looks at a symbol. At the end of
	// truncated input it does not decode shorter literals.
	e.litMin, e.distMin = max(litMin, int(lens[256])), distMin
	return true
}

// preCode reads the lengths of the code for code lengths, n of them.
func (e *engine) preCode(n int) bool {
	var lens [numPre]uint8
	for i := range n {
		v, ok := e.take(3)
		if !ok {
			return e.truncated()
		}
		lens[preOrder[i]] = uint8(v)
	}
	var ok bool
	if e.preMin, ok = e.build.build(e.pre[:], preBits, lens[:], preSymbols[:]); !ok {
		return e.corrupt(BadCode)
	}
	return true
}

// codeLengths reads n code lengths, those of both codes: a repeat may start in
// the first and end in the second.
func (e *engine) codeLengths(n int) bool {
	for i := 0; i < n; {
		w, avail := e.peek()
		entry := e.pre[w&(1<<preBits-1)]
		length := int(entry & 0x7f)
		if length > avail {
			e.skip(avail)
			return e.truncated()
		}
		if entry&entrySpecial != 0 {
			e.skip(e.preMin)
			return e.corrupt(BadSymbol)
		}
		symbol := entry >> 16
		if symbol < 16 {
			e.lens[i] = uint8(symbol)
			i++
			e.skip(length)
			continue
		}
		value, repeat, extra := uint8(0), 3, 0
		switch symbol {
		case 16:
			extra = 2
			if i == 0 {
				e.skip(length)
				return e.corrupt(BadLengths)
			}
			value = e.lens[i-1]
		case 17:
			extra = 3
		case 18:
			repeat, extra = 11, 7
		}
		if length+extra > avail {
			e.skip(avail)
			return e.truncated()
		}
		e.skip(length + extra)
		repeat += int(w>>length) & (1<<extra - 1)
		if repeat > n-i {
			return e.corrupt(BadLengths)
		}
		run := e.lens[i : i+repeat]
		for j := range run {
			run[j] = value
		}
		i += repeat
	}
	return true
}

// take reads n bits, at most 16. It returns false if the input ends before.
func (e *engine) take(n int) (v uint, ok bool) {
	w, avail := e.peek()
	if n > avail {
		e.skip(avail)
		return 0, false
	}
	e.skip(n)
	return uint(w) & (1<<n - 1), true
}
