//go:build !wheeltag_safe && (amd64 || arm64)

package inflate

import "unsafe"

// memory is what a slice points to, without its bounds: the fast loop keeps to
// them by its margins, which saves a tenth of its time. The build tag
// wheeltag_safe selects the twin that checks each access. Only machines with
// little-endian words at any address use this one.
type memory struct{ p unsafe.Pointer }

func memoryOf(b []byte) memory { return memory{unsafe.Pointer(unsafe.SliceData(b))} }

func (m memory) load64(i int) uint64 { return *(*uint64)(unsafe.Add(m.p, i)) }

func (m memory) load8(i int) byte { return *(*byte)(unsafe.Add(m.p, i)) }

func (m memory) store8(i int, v byte) { *(*byte)(unsafe.Add(m.p, i)) = v }

func (m memory) copy8(to, from int) {
	*(*uint64)(unsafe.Add(m.p, to)) = *(*uint64)(unsafe.Add(m.p, from))
}

func (m memory) copy16(to, from int) {
	*(*[16]byte)(unsafe.Add(m.p, to)) = *(*[16]byte)(unsafe.Add(m.p, from))
}
