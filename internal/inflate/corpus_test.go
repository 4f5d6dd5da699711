package inflate

import (
	"bytes"
	stdflate "compress/flate"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
)

// sample is uncompressed data of one kind.
type sample struct {
	name string
	data []byte
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 20)) }

// samples returns data of the kinds that use different parts of a decoder.
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
	far := bytes.Repeat(noise[:32<<10], 5) // matches at the largest distance
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

// text returns words, some of them more often than others.
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

// runs returns repeated short patterns, for matches at small distances.
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

// object returns data like that of a shared library: tables of records, code,
// strings, padding.
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

// compressed is a stream of compress/flate, and the data in it.
type compressed struct {
	name      string
	data, raw []byte
}

// streams returns every sample at every level, whole and with flushes.
var streams = sync.OnceValue(func() (list []compressed) {
	for _, s := range samples() {
		for level := stdflate.HuffmanOnly; level <= stdflate.BestCompression; level++ {
			for _, piece := range []int{len(s.data) + 1, 20_000} {
				if piece <= len(s.data) && level != 0 && level != 6 {
					continue
				}
				list = append(list, compressed{fmt.Sprintf("%s level %d piece %d", s.name, level, piece),
					s.data, deflate(s.data, level, piece)})
			}
		}
	}
	return list
})

// deflate compresses data with a flush after each piece.
func deflate(data []byte, level, piece int) []byte {
	var buf bytes.Buffer
	w, err := stdflate.NewWriter(&buf, level)
	if err != nil {
		panic(err)
	}
	for rest := data; len(rest) > 0; {
		n := min(piece, len(rest))
		w.Write(rest[:n])
		if rest = rest[n:]; len(rest) > 0 {
			w.Flush()
		}
	}
	w.Close()
	return buf.Bytes()
}
