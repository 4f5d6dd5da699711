package inflate

// The table entries of the symbols without the length of their code: number of
// extra bits in bits 0-6, flags, and base value. RFC 1951 section 3.2.5 lists the
// lengths and distances.
var (
	litSymbols  = literalSymbols()
	distSymbols = distanceSymbols()
	preSymbols  = codeLengthSymbols()
)

func literalSymbols() (t [numLit]uint32) {
	for s := range 256 {
		t[s] = entryLiteral | uint32(s)<<16
	}
	t[256] = entrySpecial | entryEnd
	base := 3
	for s := 257; s < 285; s++ {
		extra := max(0, (s-261)>>2)
		t[s] = uint32(base)<<16 | uint32(extra)
		base += 1 << extra
	}
	t[285] = 258 << 16
	t[286], t[287] = entrySpecial, entrySpecial
	return t
}

func distanceSymbols() (t [numDist]uint32) {
	base := 1
	for s := range maxDist {
		extra := max(0, (s-2)>>1)
		t[s] = uint32(base)<<16 | uint32(extra)
		base += 1 << extra
	}
	t[30], t[31] = entrySpecial, entrySpecial
	return t
}

// codeLengthSymbols are those of the code for code lengths: the number itself.
func codeLengthSymbols() (t [numPre]uint32) {
	for s := range t {
		t[s] = uint32(s) << 16
	}
	return t
}
