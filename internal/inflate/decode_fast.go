package inflate

// fast decodes symbols while there is ample input and output. It stops at any
// time before a symbol: at the latest at the end of a block and before every
// fault, which careful then meets again.
//
// bb holds the next bits of input. The low nb of them, 56 to 63 after a
// refill, count as taken from the input; what is above them are bits of
// in[ip:], which the next refill sets once more. A whole match takes at most
// 48 bits, and two literals from the first table 22.
//
// The function is as long as it is because a call in the loop, even a rare
// one, costs its registers.
func (e *engine) fast() {
	ip, op := e.ip, e.op
	inEnd, outEnd := len(e.in)-inMargin, len(e.out)-outMargin
	if ip > inEnd || op > outEnd {
		return
	}
	in, out := memoryOf(e.in), memoryOf(e.out)
	lit, dist := &e.lit, &e.dist
	bb := in.load64(ip) >> uint(e.ibit)
	ip += 7
	nb := uint(56 - e.ibit)
	bb, nb, ip = refill(in, bb, nb, ip)
	entry := lit[bb&(1<<litBits-1)] // always that of the bits in bb
	for ip <= inEnd && op <= outEnd {
		if entry&entryLiteral != 0 {
			bb, nb = drop(bb, nb, entry)
			out.store8(op, byte(entry>>16))
			op++
			entry = lit[bb&(1<<litBits-1)]
			if entry&entryLiteral != 0 {
				bb, nb = drop(bb, nb, entry)
				out.store8(op, byte(entry>>16))
				op++
				entry = lit[bb&(1<<litBits-1)]
				if entry&entryLiteral != 0 {
					bb, nb = drop(bb, nb, entry)
					out.store8(op, byte(entry>>16))
					op++
					bb, nb, ip = refill(in, bb, nb, ip)
					entry = lit[bb&(1<<litBits-1)]
					continue
				}
			}
		}
		undo := uint(0) // bits of a symbol begun
		if entry&entrySpecial != 0 {
			if entry&entryLink == 0 {
				break
			}
			bb, nb, undo = bb>>litBits, nb-litBits, litBits
			entry = lit[(uint64(entry>>16)+bb&(1<<(entry>>8&15)-1))&(litSize-1)]
			if entry&entryLiteral != 0 {
				bb, nb = drop(bb, nb, entry)
				out.store8(op, byte(entry>>16))
				op++
				bb, nb, ip = refill(in, bb, nb, ip)
				entry = lit[bb&(1<<litBits-1)]
				continue
			}
			if entry&entrySpecial != 0 {
				nb += undo
				break
			}
		}
		length := int(entry>>16) + extra(bb, entry)
		bb, nb = drop(bb, nb, entry)
		undo += uint(entry & 63)
		bb, nb, ip = refill(in, bb, nb, ip)

		entry = dist[bb&(1<<distBits-1)]
		if entry&entrySpecial != 0 {
			if entry&entryLink == 0 {
				nb += undo
				break
			}
			bb, nb, undo = bb>>distBits, nb-distBits, undo+distBits
			// The reserved symbols have short codes: none is in a second table.
			entry = dist[(uint64(entry>>16)+bb&(1<<(entry>>8&15)-1))&(distSize-1)]
		}
		d := int(entry>>16) + extra(bb, entry)
		bb, nb = drop(bb, nb, entry)
		if d > op {
			nb += undo + uint(entry&63)
			break
		}

		// What follows the match is looked up before the bytes are copied.
		// The copy may write past the end of the match, within outMargin.
		bb, nb, ip = refill(in, bb, nb, ip)
		entry = lit[bb&(1<<litBits-1)]
		src, end := op-d, op+length
		if d >= 16 {
			out.copy16(op, src)
			if length > 16 {
				for op += 16; op < end; op += 16 {
					src += 16
					out.copy16(op, src)
				}
			}
		} else {
			if d < 8 { // write the pattern once, then go on from a multiple of d
				for i := range 8 {
					out.store8(op+i, out.load8(src+i))
				}
				op += 8
				src = op - int(steps[d&7])
			}
			for ; op < end; op += 8 {
				out.copy8(op, src)
				src += 8
			}
		}
		op = end
	}
	bits := int(nb)
	e.ip = ip - (bits+7)>>3
	e.ibit = -bits & 7
	e.op = op
}

// refill has at least 56 bits in bb.
func refill(in memory, bb uint64, nb uint, ip int) (uint64, uint, int) {
	return bb | in.load64(ip)<<(nb&63), nb | 56, ip + int((63-nb)>>3)
}

// drop takes the bits of an entry.
func drop(bb uint64, nb uint, entry uint32) (uint64, uint) {
	return bb >> (entry & 63), nb - uint(entry&63)
}

// extra returns the extra bits of an entry of which the code is still in bb.
func extra(bb uint64, entry uint32) int {
	return int(bb & (1<<(entry&63) - 1) >> (entry >> 8 & 15))
}

// steps has the smallest multiple of each distance below 8 that is not less
// than 8.
var steps = [8]uint8{8, 8, 8, 9, 8, 10, 12, 14}
