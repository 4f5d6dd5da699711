package inflate

import "testing"

// FuzzDecode compares both forms with compress/flate: bytes, faults, offsets,
// and input used. The seed chooses the sizes of reads and rooms.
func FuzzDecode(f *testing.F) {
	for _, s := range streams() {
		if len(s.raw) < 2000 {
			f.Add(s.raw, uint64(1))
		}
	}
	for _, c := range ruleCases(0) {
		f.Add(c.w.b, uint64(2))
	}
	rng := newRand(10)
	for i := range 20 {
		w := &bitWriter{}
		w.randomBlock(rng, 0, 100)
		w.randomBlock(rng, 1, 300)
		f.Add(w.b, uint64(i))
	}
	j := newJudge(11)
	f.Fuzz(func(t *testing.T, src []byte, seed uint64) {
		j.rng = newRand(seed)
		j.check(t, src)
	})
}
