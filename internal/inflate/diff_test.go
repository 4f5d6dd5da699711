package inflate

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
)

// The random tests are for rare combinations of lengths of codes, positions in
// the buffers, and faults. A few thousand cases notice a changed condition;
// .ci/run tries many more.
var scale = flag.Int("scale", 1, "multiply the number of random cases")

// randomCases is the number of cases for a random test.
func randomCases(n int) int {
	if testing.Short() {
		n /= 4
	}
	return n * *scale
}

// TestStreams decodes valid streams of each kind of data and block, with other
// bytes after the end.
func TestStreams(t *testing.T) {
	t.Parallel()
	j := newJudge(2)
	for _, s := range streams() {
		t.Run(s.name, func(t *testing.T) {
			v := j.check(t, append(s.raw[:len(s.raw):len(s.raw)], "more"...))
			if v.fault != "" || !bytes.Equal(v.out, s.data) || v.used != len(s.raw) {
				t.Fatalf("fault %q, used %d of %d", v.fault, v.used, len(s.raw))
			}
		})
	}
}

// TestMutations decodes damaged streams: cut anywhere, bits flipped, bytes
// replaced, pieces dropped or doubled. Each fault must be that of compress/flate,
// at the same offset and after the same output.
func TestMutations(t *testing.T) {
	t.Parallel()
	rng, j := newRand(3), newJudge(4)
	var short []compressed // many cases need short streams
	for _, s := range streams() {
		if len(s.raw) < 3000 {
			short = append(short, s)
		}
	}
	for _, s := range samples() {
		for level := -2; level <= 9; level++ {
			data := s.data[:min(len(s.data), 500*(level+3))]
			short = append(short, compressed{s.name, data, deflate(data, level, 1000)})
		}
	}
	cases, faults := randomCases(8000), 0
	for range cases {
		s := short[rng.IntN(len(short))]
		if j.check(t, mutate(rng, s.raw)).fault != "" {
			faults++
		}
	}
	t.Logf("%d cases, %d faults", cases, faults)
	if faults < cases/4 || faults == cases {
		t.Errorf("%d faults in %d cases: the mutations do not test what they should", faults, cases)
	}
}

// TestLongMutations decodes damaged streams longer than several windows.
func TestLongMutations(t *testing.T) {
	t.Parallel()
	rng, j := newRand(5), newJudge(6)
	list := streams()
	for range randomCases(200) {
		s := list[rng.IntN(len(list))]
		j.check(t, mutate(rng, s.raw))
	}
}

func mutate(rng *rand.Rand, raw []byte) []byte {
	b := bytes.Clone(raw)
	if rng.IntN(4) == 0 {
		return b[:rng.IntN(len(b))]
	}
	for range 1 + rng.IntN(3) {
		i := rng.IntN(len(b))
		if rng.IntN(2) == 0 {
			i = rng.IntN(min(len(b), 100)) // where the headers are
		}
		switch rng.IntN(6) {
		case 0:
			b[i] = byte(rng.Uint32())
		case 1:
			b = append(b[:i:i], b[min(len(b), i+1+rng.IntN(9)):]...)
			b = append(b, 0)
		case 2:
			b = append(b[:i:i], raw[min(i, len(raw)-1):]...)
		default:
			b[i] ^= 1 << rng.IntN(8)
		}
	}
	return b
}

// TestRandomCodes uses codes that no compressor would choose, up to the longest,
// so that second tables of every size occur, and symbols that need all of the
// bits that a refill provides.
func TestRandomCodes(t *testing.T) {
	t.Parallel()
	rng, j := newRand(7), newJudge(8)
	faults := map[string]int{}
	cases := randomCases(2000)
	history := make([]byte, 4000)
	for range cases {
		w := &bitWriter{}
		if rng.IntN(2) == 0 { // output for the matches to copy
			for i := range history {
				history[i] = byte(rng.Uint32())
			}
			w.stored(history)
		}
		for range rng.IntN(3) {
			w.randomBlock(rng, 0, rng.IntN(300))
		}
		w.randomBlock(rng, 1, rng.IntN(3000))
		if rng.IntN(4) == 0 {
			w.b = w.b[:rng.IntN(len(w.b))]
		}
		v := j.check(t, w.b)
		kind, _, _ := strings.Cut(v.fault, " at ")
		faults[kind]++
	}
	t.Log(faults)
	for _, kind := range []string{"", "corrupt", "unexpected EOF"} {
		if faults[kind] < cases/20 {
			t.Errorf("%d of %d inputs with fault %q", faults[kind], cases, kind)
		}
	}
}
