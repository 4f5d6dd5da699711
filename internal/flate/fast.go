package flate

import "unsafe"

// fast decodes symbols while there is ample input and output. It stops before
// the end of a block and before any error, which careful meets again.
func (e *engine) fast() {
	in, out := e.in, e.out
	ip, op := e.ip, e.op
	inEnd, outEnd := len(in)-inMargin, len(out)-outMargin
	if ip > inEnd || op > outEnd {
		return
	}
	lit, dist := &e.lit, &e.dist
	pin := unsafe.Pointer(unsafe.SliceData(in))
	pout := unsafe.Pointer(unsafe.SliceData(out))
	bb := *(*uint64)(unsafe.Add(pin, ip)) >> uint(e.ibit)
	ip += 7
	nb := uint(56 - e.ibit)
	for ip <= inEnd && op <= outEnd {
		bb |= *(*uint64)(unsafe.Add(pin, ip)) << (nb & 63)
		ip += int((63 - nb) >> 3)
		nb |= 56

		en := lit[bb&(1<<litBits-1)]
		if en&entryLiteral != 0 {
			bb >>= en & 63
			nb -= uint(en & 63)
			*(*byte)(unsafe.Add(pout, op)) = byte(en >> 16)
			op++
			en = lit[bb&(1<<litBits-1)]
			if en&entryLiteral != 0 {
				bb >>= en & 63
				nb -= uint(en & 63)
				*(*byte)(unsafe.Add(pout, op)) = byte(en >> 16)
				op++
				en = lit[bb&(1<<litBits-1)]
				if en&entryLiteral != 0 {
					bb >>= en & 63
					nb -= uint(en & 63)
					*(*byte)(unsafe.Add(pout, op)) = byte(en >> 16)
					op++
					continue
				}
			}
		}
		back := uint(0)
		if en&entrySpecial != 0 {
			if en&entryLink == 0 {
				break
			}
			bb >>= litBits
			nb -= litBits
			back = litBits
			en = lit[(uint64(en>>16)+bb&(1<<(en>>8&15)-1))&(litSize-1)]
			if en&entryLiteral != 0 {
				bb >>= en & 63
				nb -= uint(en & 63)
				*(*byte)(unsafe.Add(pout, op)) = byte(en >> 16)
				op++
				continue
			}
			if en&entrySpecial != 0 {
				nb += litBits
				break
			}
		}
		length := int(en>>16) + int(bb&(1<<(en&63)-1)>>(en>>8&15))
		bb >>= en & 63
		nb -= uint(en & 63)
		back += uint(en & 63)

		bb |= *(*uint64)(unsafe.Add(pin, ip)) << (nb & 63)
		ip += int((63 - nb) >> 3)
		nb |= 56

		de := dist[bb&(1<<distBits-1)]
		if de&entrySpecial != 0 {
			if de&entryLink == 0 {
				nb += back
				break
			}
			bb >>= distBits
			nb -= distBits
			back += distBits
			de = dist[(uint64(de>>16)+bb&(1<<(de>>8&15)-1))&(distSize-1)]
			if de&entrySpecial != 0 {
				nb += back
				break
			}
		}
		d := int(de>>16) + int(bb&(1<<(de&63)-1)>>(de>>8&15))
		bb >>= de & 63
		nb -= uint(de & 63)
		if d > op {
			nb += back + uint(de&63)
			break
		}

		// The copy may write past the end of the match, within outMargin.
		src := op - d
		end := op + length
		if d >= 16 {
			*(*[16]byte)(unsafe.Add(pout, op)) = *(*[16]byte)(unsafe.Add(pout, src))
			*(*[16]byte)(unsafe.Add(pout, op+16)) = *(*[16]byte)(unsafe.Add(pout, src+16))
			if length > 32 {
				src += 16
				for op += 32; op < end; op += 16 {
					src += 16
					*(*[16]byte)(unsafe.Add(pout, op)) = *(*[16]byte)(unsafe.Add(pout, src))
				}
			}
		} else if d >= 8 {
			for op < end {
				*(*uint64)(unsafe.Add(pout, op)) = *(*uint64)(unsafe.Add(pout, src))
				op += 8
				src += 8
			}
		} else if d == 1 {
			v := uint64(*(*byte)(unsafe.Add(pout, src))) * 0x0101010101010101
			for op < end {
				*(*uint64)(unsafe.Add(pout, op)) = v
				op += 8
			}
		} else {
			for op < end {
				*(*byte)(unsafe.Add(pout, op)) = *(*byte)(unsafe.Add(pout, src))
				op++
				src++
			}
		}
		op = end
	}
	bits := int(nb)
	e.ip = ip - (bits+7)>>3
	e.ibit = -bits & 7
	e.op = op
}
