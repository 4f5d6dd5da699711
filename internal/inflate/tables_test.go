package inflate

import "testing"

// TestTableSpace proves that the tables of every complete code of up to 30
// distance symbols have no holes and fit in their space. It tries every way to
// choose the numbers of codes of each length, on which the tables depend. The
// second tables depend on the codes of up to distBits bits only by how many
// there are and how many prefixes they leave, so for the same two numbers the
// longer codes are tried once.
func TestTableSpace(t *testing.T) {
	t.Parallel()
	var b builder
	var table [distSize]uint32
	lens := make([]uint8, 0, numDist)
	codes, most := 0, 0
	check := func() {
		clear(table[:])
		if _, ok := b.build(table[:], distBits, lens, distSymbols[:]); !ok {
			t.Fatalf("code refused: %v", lens)
		}
		codes++
		end := 1 << distBits
		for _, e := range table[:1<<distBits] {
			if e == 0 {
				t.Fatalf("hole in the first table of %v", lens)
			}
			if e&entryLink != 0 {
				end = max(end, int(e>>16)+1<<(e>>8&15))
			}
		}
		for i, e := range table[1<<distBits : end] {
			if e == 0 {
				t.Fatalf("hole at %d in a second table of %v", i, lens)
			}
		}
		most = max(most, end)
	}
	tried := map[[2]int]bool{}
	// grow tries codes of n bits and more for a number of open prefixes of n
	// bits, or only one of them. It reports whether there is one.
	var grow func(n, open int, one bool) bool
	grow = func(n, open int, one bool) (found bool) {
		if open > maxDist-len(lens) || n > maxCodeLen {
			return false
		}
		if open == 0 {
			check()
			return true
		}
		if state := [2]int{open, len(lens)}; n == distBits+1 {
			one = tried[state]
			tried[state] = true
		}
		before := len(lens)
		for codes := 0; codes <= open && !(one && found); codes++ {
			if codes > 0 {
				lens = append(lens, uint8(n))
			}
			found = grow(n+1, 2*(open-codes), one) || found
		}
		lens = lens[:before]
		return found
	}
	grow(1, 2, false)
	t.Logf("%d codes, at most %d entries of %d", codes, most, distSize)
	if most != 338 {
		t.Errorf("at most %d entries, 338 are known to be the most", most)
	}
}
