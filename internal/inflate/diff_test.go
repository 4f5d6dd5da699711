package inflate

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestStreams(t *testing.T) {
	j := newJudge(2)
	for _, s := range streams(t) {
		t.Run(s.name, func(t *testing.T) {
			v := j.check(t, append(s.raw[:len(s.raw):len(s.raw)], "more"...))
			if v.fault != "" || !bytes.Equal(v.out, s.data) || v.used != len(s.raw) {
				t.Fatalf("fault %q, used %d of %d", v.fault, v.used, len(s.raw))
			}
		})
	}
}

// TestMutations damages streams: truncated anywhere, bits flipped, bytes set,
// pieces dropped or doubled.
func TestMutations(t *testing.T) {
	cases := 24_000
	if testing.Short() {
		cases = 3_000
	}
	rng, j := newRand(3), newJudge(4)
	var short []compressed // many cases need short streams
	for _, s := range streams(t) {
		if len(s.raw) < 3000 {
			short = append(short, s)
		}
	}
	for _, s := range samples() {
		for level := -2; level <= 9; level++ {
			data := s.data[:min(len(s.data), 500*(level+3))]
			short = append(short, compressed{s.name, data, deflate(t, data, level, 1000)})
		}
	}
	faults := 0
	for range cases {
		s := short[rng.IntN(len(short))]
		if j.check(t, mutate(rng, s.raw)).fault != "" {
			faults++
		}
	}
	t.Logf("%d cases, %d faults", cases, faults)
	if faults < cases/4 || faults == cases {
		t.Errorf("%d faults in %d cases: the mutations miss their purpose", faults, cases)
	}
}

// TestLongMutations damages streams that go through the window several times.
func TestLongMutations(t *testing.T) {
	rng, j := newRand(5), newJudge(6)
	list := streams(t)
	for range 400 {
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

// TestRandomCodes uses codes that no compressor would choose, up to the
// longest, so that every kind of second table occurs.
func TestRandomCodes(t *testing.T) {
	rng, j := newRand(7), newJudge(8)
	faults := map[string]int{}
	for range 6000 {
		w := &bitWriter{}
		if rng.IntN(2) == 0 { // history for the matches
			w.put(0, 3).align().put(4000, 16).put(^4000, 16)
			for range 4000 {
				w.put(int(rng.Uint32()), 8)
			}
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
		if faults[kind] < 100 {
			t.Errorf("%d inputs with fault %q", faults[kind], kind)
		}
	}
}
