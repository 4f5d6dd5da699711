package inflate

import (
	"bytes"
	stdflate "compress/flate"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// sample is uncompressed data of one kind.
type sample struct {
	name string
	data []byte
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 20)) }

// samples makes data of the kinds that exercise different parts of a decoder.
func samples() []sample {
	rng := newRand(1)
	noise := make([]byte, 150_000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	skew := make([]byte, 90_000) // long codes for the rare bytes
	for i := range skew {
		skew[i] = byte(rng.ExpFloat64() * 9)
	}
	far := append(bytes.Clone(noise[:32<<10]), noise[:32<<10]...) // a match as far as can be
	return []sample{
		{"empty", nil},
		{"byte", []byte("x")},
		{"tiny", []byte("wheel")},
		{"text", text(rng, 120_000)},
		{"short text", text(rng, 700)},
		{"noise", noise},
		{"short noise", noise[:300]},
		{"zeros", make([]byte, 200_000)},
		{"runs", runs(rng, 100_000)},
		{"skew", skew},
		{"object", object(rng, 180_000)},
		{"far", far},
	}
}

// text is words drawn with unequal chances.
func text(rng *rand.Rand, n int) []byte {
	words := strings.Fields("a an the of wheel tag platform manylinux musllinux library version symbol linker " +
		"Requires-Dist: Provides-Extra: python packaging abi3 cp312 none any 0.1.2 >= <= != ; extra == 'test'")
	var b []byte
	for len(b) < n {
		b = append(b, words[min(rng.IntN(len(words)), rng.IntN(len(words)))]...)
		b = append(b, " \n"[rng.IntN(20)/19])
	}
	return b[:n]
}

// runs repeats short patterns, for matches at small distances.
func runs(rng *rand.Rand, n int) []byte {
	var b []byte
	for len(b) < n {
		pattern := make([]byte, 1+rng.IntN(20))
		for i := range pattern {
			pattern[i] = byte(rng.Uint32())
		}
		b = append(b, bytes.Repeat(pattern, 1+rng.IntN(60))...)
	}
	return b[:n]
}

// object looks like a shared object: tables of records, code, strings, padding.
func object(rng *rand.Rand, n int) []byte {
	b := []byte("\x7fELF\x02\x01\x01\x00")
	addr := uint64(0x4000)
	for len(b) < n {
		switch rng.IntN(4) {
		case 0:
			for range 200 {
				addr += 8 * uint64(rng.IntN(5))
				b = binary.LittleEndian.AppendUint64(b, addr)
				b = binary.LittleEndian.AppendUint64(b, 8)
				b = binary.LittleEndian.AppendUint64(b, addr^0x1230)
			}
		case 1:
			for range 1500 {
				b = append(b, "\x48\x8b\x89\xe8\x0f\x85\x55\x53\x41\x00\xff\xc3"[rng.IntN(12)], byte(rng.NormFloat64()*20))
			}
		case 2:
			for range 80 {
				b = append(b, fmt.Sprintf("_ZN%dmodule%dfunctionEv\x00", rng.IntN(9), rng.IntN(500))...)
			}
		case 3:
			b = append(b, make([]byte, rng.IntN(2000))...)
		}
	}
	return b[:n]
}

// compressed is a stream of compress/flate, and what it was made from.
type compressed struct {
	name      string
	data, raw []byte
}

// streams compresses every sample at every level, whole and with flushes.
func streams(tb testing.TB) []compressed {
	tb.Helper()
	var list []compressed
	for _, s := range samples() {
		for level := stdflate.HuffmanOnly; level <= stdflate.BestCompression; level++ {
			for _, piece := range []int{len(s.data) + 1, 20_000} {
				if piece <= len(s.data) && level != 0 && level != 6 {
					continue
				}
				list = append(list, compressed{fmt.Sprintf("%s level %d piece %d", s.name, level, piece),
					s.data, deflate(tb, s.data, level, piece)})
			}
		}
	}
	return list
}

// deflate compresses data with a flush after each piece.
func deflate(tb testing.TB, data []byte, level, piece int) []byte {
	tb.Helper()
	var buf bytes.Buffer
	w, err := stdflate.NewWriter(&buf, level)
	if err != nil {
		tb.Fatal(err)
	}
	for rest := data; len(rest) > 0; {
		n := min(piece, len(rest))
		if _, err := w.Write(rest[:n]); err != nil {
			tb.Fatal(err)
		}
		if rest = rest[n:]; len(rest) > 0 {
			if err := w.Flush(); err != nil {
				tb.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}
