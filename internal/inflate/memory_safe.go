//go:build wheeltag_safe || !(amd64 || arm64)

package inflate

import "encoding/binary"

// memory is a slice with the accesses of the fast loop, each of them checked.
type memory []byte

func memoryOf(b []byte) memory { return b }

func (m memory) load64(i int) uint64 { return binary.LittleEndian.Uint64(m[i:]) }

func (m memory) load8(i int) byte { return m[i] }

func (m memory) store8(i int, v byte) { m[i] = v }

func (m memory) copy8(to, from int) { *(*[8]byte)(m[to:]) = *(*[8]byte)(m[from:]) }

func (m memory) copy16(to, from int) { *(*[16]byte)(m[to:]) = *(*[16]byte)(m[from:]) }
