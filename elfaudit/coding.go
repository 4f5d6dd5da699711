package elfaudit

import "encoding/binary"

// coding is how a file writes numbers: the width of its addresses and its
// byte order.
type coding struct {
	wide bool // 64-bit
	big  bool // big-endian
}

// u16 decodes the first two bytes of b.
func (c coding) u16(b []byte) uint16 {
	if c.big {
		return binary.BigEndian.Uint16(b)
	}
	return binary.LittleEndian.Uint16(b)
}

// u32 decodes the first four bytes of b.
func (c coding) u32(b []byte) uint32 {
	if c.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

// u64 decodes the first eight bytes of b.
func (c coding) u64(b []byte) uint64 {
	if c.big {
		return binary.BigEndian.Uint64(b)
	}
	return binary.LittleEndian.Uint64(b)
}

// word decodes the i-th address-sized value of b.
func (c coding) word(b []byte, i int) uint64 {
	if c.wide {
		return c.u64(b[8*i:])
	}
	return uint64(c.u32(b[4*i:]))
}

// wordSize is the size of an address in bytes.
func (c coding) wordSize() int64 {
	if c.wide {
		return 8
	}
	return 4
}

// symbolSize is the size of an entry of the symbol table in bytes.
func (c coding) symbolSize() int64 {
	if c.wide {
		return 24
	}
	return 16
}
