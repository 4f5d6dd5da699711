package elfaudit

import (
	"debug/elf"
	"fmt"
)

// countSymbols returns the number of dynamic symbols, the empty first one
// included, from the best table there is. Two hash tables must agree.
func (p *parser) countSymbols() (uint64, error) {
	d := &p.dyn
	if d.has[dynSyment] && d.value[dynSyment] != uint64(p.symbolSize()) {
		return 0, bad(CodeSymbol, d.off, "DT_SYMENT", "not the size of a symbol of this class")
	}
	var gnu, sysv uint64
	var err error
	if d.has[dynGNUHash] {
		if gnu, err = p.countGNUHash(); err != nil {
			return 0, err
		}
	}
	if d.has[dynHash] {
		if sysv, err = p.countSysVHash(); err != nil {
			return 0, err
		}
	}
	switch {
	case gnu != 0 && sysv != 0 && gnu != sysv:
		return 0, bad(CodeSymbol, d.off, "DT_GNU_HASH", "disagrees with DT_HASH on the number of symbols")
	case gnu != 0:
		p.f.SymbolsFrom = SymbolsGNUHash
		return gnu, nil
	case sysv != 0:
		p.f.SymbolsFrom = SymbolsSysVHash
		return sysv, nil
	}
	return p.countByLayout()
}

// countGNUHash finds the end of the last chain of DT_GNU_HASH. The table
// covers defined symbols alone, which come last, so their end is the end of
// all. It returns 0 when the table is empty and does not say where the
// uncovered symbols end: GNU ld then always writes 1.
func (p *parser) countGNUHash() (uint64, error) {
	const field = "DT_GNU_HASH"
	off, end, err := p.locate(p.dyn.value[dynGNUHash], field)
	if err != nil {
		return 0, err
	}
	b, err := p.at(off, 16, end, field)
	if err != nil {
		return 0, err
	}
	buckets, first, bloom := uint64(p.u32(b)), uint64(p.u32(b[4:])), uint64(p.u32(b[8:]))
	if bloom == 0 || bloom&(bloom-1) != 0 { // glibc asserts that, musl takes it for granted
		return 0, bad(CodeSymbol, off, field, "the number of words of its Bloom filter is not a power of two")
	}
	// Counts of 32 bits times 8 stay far from overflow.
	table := off + 16 + int64(bloom)*p.wordSize()
	chains := table + int64(buckets)*4
	if chains > end {
		return 0, bad(CodeSymbol, off, field, "its buckets extend past its loadable segment")
	}
	least, last, err := p.extremes(table, chains, field)
	if err != nil {
		return 0, err
	}
	if last == 0 {
		if first > 1 {
			return first, nil
		}
		return 0, nil
	}
	p.hashed = hashed{first: first, chains: chains, end: end}
	if least < first {
		return 0, bad(CodeSymbol, table, field, "a bucket starts before the first symbol covered")
	}
	for at := chains + int64(last-first)*4; ; at += 4 {
		b, err := p.at(at, 4, end, field)
		if err != nil {
			return 0, err
		}
		last++
		if p.u32(b)&1 != 0 { // marks the end of a chain
			return last, nil
		}
	}
}

// extremes returns the smallest and the largest of the 32-bit values from off to end but
// for 0, and 0 when there is no other.
func (p *parser) extremes(off, end int64, field string) (least, top uint64, err error) {
	for off < end {
		n := min(windowSize, end-off)
		b, err := p.at(off, n, end, field)
		if err != nil {
			return 0, 0, err
		}
		for ; len(b) >= 4; b = b[4:] {
			v := uint64(p.u32(b))
			if top = max(top, v); v != 0 && (least == 0 || v < least) {
				least = v
			}
		}
		off += n
	}
	return least, top, nil
}

// hashed are the symbols that DT_GNU_HASH covers: from first on, each with its hash at
// chains. It is zero when there are none.
type hashed struct {
	first       uint64
	chains, end int64
}

// checkHashes compares hashes of DT_GNU_HASH with the names of the first symbols that
// they are for, so that the table is no other than that of the symbols.
func (p *parser) checkHashes(n uint64) error {
	const most = 32
	h, t := p.hashed, &p.f.syms
	for i := h.first; h.chains != 0 && i < min(n, h.first+most); i++ {
		at := h.chains + int64(i-h.first)*4
		b, err := p.at(at, 4, h.end, "DT_GNU_HASH")
		if err != nil {
			return err
		}
		if s := t.decode(int(i)); p.u32(b)|1 != gnuHash(s.Name)|1 {
			return bad(CodeSymbol, at, "DT_GNU_HASH", fmt.Sprintf("the hash of symbol %d is not that of its name", i))
		}
	}
	return nil
}

// gnuHash is the hash of names in DT_GNU_HASH.
func gnuHash(name string) uint32 {
	h := uint32(5381)
	for i := range len(name) {
		h = h*33 + uint32(name[i])
	}
	return h
}

// countSysVHash reads the chain count of DT_HASH, which has one link for
// each symbol. The ABIs of two 64-bit machines give this table 64-bit words,
// but LLVM's linker writes 32-bit ones there too. Read as 64-bit words such a
// table is far too large, so they are tried first.
//
// It returns 0 for a table without buckets. No loader uses such a table, so its
// count may be wrong; statically linked position-independent programs have one.
func (p *parser) countSysVHash() (uint64, error) {
	const field = "DT_HASH"
	off, end, err := p.locate(p.dyn.value[dynHash], field)
	if err != nil {
		return 0, err
	}
	wide := p.wide && (p.f.Machine == elf.EM_S390 || p.f.Machine == elf.EM_ALPHA)
	if wide && end-off >= 16 {
		b, err := p.at(off, 16, end, field)
		if err != nil {
			return 0, err
		}
		if n := p.u64(b[8:]); p.u64(b) > 0 && hashFits(p.u64(b), n, uint64(end-off)/8) {
			return n, nil
		}
	}
	b, err := p.at(off, 8, end, field)
	if err != nil {
		return 0, err
	}
	buckets, n := uint64(p.u32(b)), uint64(p.u32(b[4:]))
	if buckets == 0 {
		return 0, nil
	}
	if n == 0 || !hashFits(buckets, n, uint64(end-off)/4) {
		return 0, bad(CodeSymbol, off, field, "covers no symbol or extends past its loadable segment")
	}
	p.f.NarrowHash = wide
	return n, nil
}

// hashFits reports whether two counts, the buckets and the chains fit in a number
// of words.
func hashFits(buckets, chains, words uint64) bool {
	return words >= 2 && buckets <= words-2 && chains <= words-2-buckets
}

// sysvHash is the hash of names in DT_HASH and in version records (gABI).
func sysvHash(name string) uint32 {
	var h uint32
	for i := range len(name) {
		h = h<<4 + uint32(name[i])
		high := h & 0xf0000000
		h = (h ^ high>>24) &^ high
	}
	return h
}
