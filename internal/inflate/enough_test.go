package inflate

import "testing"

// TestTableSpace tries every complete code of up to 30 distance symbols by the
// numbers of codes of each length, which is all the tables depend on. It
// checks that they have no holes and lie in the space that they have.
func TestTableSpace(t *testing.T) {
	symbols := maxDist
	if testing.Short() {
		symbols = 20
	}
	var b builder
	var table [distSize]uint32
	lens := make([]uint8, 0, numDist)
	codes, most := 0, 0
	var grow func(n, open int)
	grow = func(n, open int) {
		if open > symbols-len(lens) || n > maxCodeLen {
			return
		}
		if open == 0 {
			clear(table[:])
			if _, ok := b.build(table[:], distBits, lens, distSymbols[:]); !ok {
				t.Fatalf("code refused: %v", lens)
			}
			codes++
			for i := len(table); i > most; i-- {
				if table[i-1] != 0 {
					most = i
				}
			}
			for _, e := range table[:1<<distBits] {
				if e == 0 || e&entryLink != 0 && int(e>>16)+1<<(e>>8&15) > most {
					t.Fatalf("hole in the table of %v", lens)
				}
			}
			return
		}
		keep := len(lens)
		for {
			grow(n+1, 2*(open-(len(lens)-keep)))
			if len(lens)-keep == open {
				break
			}
			lens = append(lens, uint8(n))
		}
		lens = lens[:keep]
	}
	grow(1, 2)
	t.Logf("%d codes, at most %d entries of %d", codes, most, distSize)
}
