package tags

import "math/bits"

// separator gives the place of the first dot or dash from start on, the length
// of s if there is none. It looks at eight bytes at a time: names are read by
// the million, and this is most of reading one.
func separator(s string, start int) int {
	const (
		ones = 0x0101010101010101
		high = 0x8080808080808080
	)
	i := start
	for ; i+8 <= len(s); i += 8 {
		v := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		dash, dot := v^ones*'-', v^ones*'.'
		// A byte that is zero here borrows into its high bit; the lowest such
		// bit is exact.
		if found := ((dash-ones)&^dash | (dot-ones)&^dot) & high; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if s[i] == '.' || s[i] == '-' {
			return i
		}
	}
	return len(s)
}
