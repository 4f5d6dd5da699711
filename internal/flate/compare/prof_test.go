package compare

import (
	"testing"

	"github.com/wheeltag/wheeltag/internal/flate"
)

func BenchmarkWhole(b *testing.B) {
	ms, size := elfMembers(b)
	buf := make([]byte, 64<<20)
	var d flate.Decoder
	b.SetBytes(size)
	for b.Loop() {
		for _, m := range ms {
			d.Decode(buf[:m.size], m.raw)
		}
	}
}
