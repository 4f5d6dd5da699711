package inflate

import "encoding/binary"

const (
	// inMargin is the input that one iteration of decodeFast may read: two
	// words of 8 bytes, the second up to 7 bytes after the first.
	inMargin = 7 + 8

	// outMargin is the output that one iteration may write: a piece of 16 bytes
	// that starts at the last byte of the longest match.
	outMargin = maxMatch - 1 + 16
)

// decodeFast decodes literals and matches while at least inMargin bytes of
// input and outMargin bytes of output are left. It stops before any symbol that
// is not plain data (the end of a block, a fault), which decodeSlow then
// decodes again.
//
// bb holds the next bits of input. The low 8 bits of nb are their number, 56 to
// 63 after a refill; what is above them is garbage, because whole table entries
// are subtracted from nb. The bits of bb above that number are already those of
// in[ip:]; a refill sets them once more. Two literals from the first table and a
// length take at most 42 bits, a distance 28.
//
// There is no bounds check in the machine code: the compiler proves each index
// from the conditions of the loop, and .ci/run fails when it does not. That is
// why ip, op and start are compared with 0, which they never fall below, and why
// length is bounded by maxMatch, which the tables never exceed. The function is
// long because a call within the loop, even a rare one, costs its registers.
func (e *engine) decodeFast() {
	in, out := e.in, e.out
	ip, op := e.ip, e.op
	inEnd, outEnd := len(in)-inMargin, len(out)-outMargin
	if ip < 0 || ip > inEnd || op > outEnd {
		return
	}
	lit, dist := &e.lit, &e.dist
	src := (*[inMargin]byte)(in[ip:])
	nb := uint32(56 - e.ibit)
	bb := binary.LittleEndian.Uint64(src[:]) >> (e.ibit & 7)
	bb |= binary.LittleEndian.Uint64(src[7:]) << (nb & 63)
	ip += 7 + int(^nb>>3&7)
	nb |= 56
	entry := lit[bb&(1<<litBits-1)] // always the entry for the bits in bb
	for ip >= 0 && ip <= inEnd && op >= 0 && op <= outEnd {
		src := (*[inMargin]byte)(in[ip:])
		dst := (*[outMargin]byte)(out[op:])
		if entry&entryLiteral != 0 {
			bb >>= entry & 63
			nb -= entry
			dst[0] = byte(entry >> 16)
			op++
			entry = lit[bb&(1<<litBits-1)]
			if entry&entryLiteral != 0 {
				bb >>= entry & 63
				nb -= entry
				dst[1] = byte(entry >> 16)
				op++
				entry = lit[bb&(1<<litBits-1)]
				if entry&entryLiteral != 0 {
					bb >>= entry & 63
					nb -= entry
					dst[2] = byte(entry >> 16)
					op++
					bb |= binary.LittleEndian.Uint64(src[:]) << (nb & 63)
					ip += int(^nb >> 3 & 7)
					nb |= 56
					entry = lit[bb&(1<<litBits-1)]
					continue
				}
			}
			if op < 0 || op > outEnd {
				break
			}
			dst = (*[outMargin]byte)(out[op:])
		}
		if entry&entrySpecial != 0 {
			if entry&entryLink == 0 {
				break
			}
			entry = lit[(uint64(entry>>16)+bb>>litBits&(1<<(entry>>8&63)-1))&(litSize-1)]
			if entry&entryLiteral != 0 {
				bb >>= entry & 63
				nb -= entry
				dst[0] = byte(entry >> 16)
				op++
				bb |= binary.LittleEndian.Uint64(src[:]) << (nb & 63)
				ip += int(^nb >> 3 & 7)
				nb |= 56
				entry = lit[bb&(1<<litBits-1)]
				continue
			}
			if entry&entrySpecial != 0 {
				break
			}
		}
		lengthEntry := entry
		length := min(uint(entry>>16)+extraBits(bb, entry), maxMatch)
		bb >>= entry & 63
		nb -= entry
		bb |= binary.LittleEndian.Uint64(src[:]) << (nb & 63)
		refilled := ^nb >> 3 & 7
		nb |= 56

		entry = dist[bb&(1<<distBits-1)]
		if entry&entrySpecial != 0 {
			if entry&entryLink == 0 {
				nb += lengthEntry
				ip += int(refilled)
				break
			}
			// The reserved symbols have short codes: none is in a second table.
			entry = dist[(uint64(entry>>16)+bb>>distBits&(1<<(entry>>8&63)-1))&(distSize-1)]
		}
		distance := int(uint(entry>>16) + extraBits(bb, entry))
		start := op - distance
		if start < 0 || start > outEnd {
			nb += lengthEntry
			ip += int(refilled)
			break
		}
		bb >>= entry & 63
		nb -= entry

		// The entry after the match is loaded before its bytes are copied. The
		// copy may write beyond the end of the match, within outMargin.
		bb |= binary.LittleEndian.Uint64(src[refilled:]) << (nb & 63)
		ip += int(refilled + ^nb>>3&7)
		nb |= 56
		entry = lit[bb&(1<<litBits-1)]
		from := (*[outMargin]byte)(out[start:])
		op += int(length)
		switch {
		case distance >= 16:
			*(*[16]byte)(dst[:]) = *(*[16]byte)(from[:])
			for i := uint(16); i < length; i += 16 {
				*(*[16]byte)(dst[i:]) = *(*[16]byte)(from[i:])
			}
		case distance >= 8:
			for i := uint(0); i < length; i += 8 {
				*(*[8]byte)(dst[i:]) = *(*[8]byte)(from[i:])
			}
		default: // the match patterns itself within a word
			p := &patterns[distance&7]
			word := binary.LittleEndian.Uint64(from[:]) & p.mask * p.times
			for i := uint(0); i < length; i += p.step {
				binary.LittleEndian.PutUint64(dst[i:], word)
			}
		}
	}
	bits := int(nb & 0xff) // with a length taken back it may exceed 63
	e.ip = ip - (bits+7)>>3
	e.ibit = -bits & 7
	e.op = op
}

// extraBits returns the value of the extra bits of the symbol at the beginning
// of bb.
func extraBits(bb uint64, entry uint32) uint {
	return uint(bb & (1<<(entry&63) - 1) >> (entry >> 8 & 63))
}

// patterns says for each distance below 8 how to make a word of output from the
// word at the start of the match: take the bytes under mask, and multiply to repeat
// them. The first step bytes of the result are correct, and the same word follows
// after them.
var patterns = [8]struct {
	mask, times uint64
	step        uint
}{
	1: {1<<8 - 1, 1 | 1<<8 | 1<<16 | 1<<24 | 1<<32 | 1<<40 | 1<<48 | 1<<56, 8},
	2: {1<<16 - 1, 1 | 1<<16 | 1<<32 | 1<<48, 8},
	3: {1<<24 - 1, 1 | 1<<24, 6},
	4: {1<<32 - 1, 1 | 1<<32, 8},
	5: {1<<40 - 1, 1, 5},
	6: {1<<48 - 1, 1, 6},
	7: {1<<56 - 1, 1, 7},
}
