package inflate

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

// lengths makes a slice of n lengths with those of a map set.
func lengths(n int, set map[int]int) []int {
	l := make([]int, n)
	for s, v := range set {
		l[s] = v
	}
	return l
}

// dynamic writes a final block with a header, then the symbols of its code.
func (w *bitWriter) dynamic(lit, dist []int, symbols ...int) *bitWriter {
	w.header(1, lit, dist)
	c := newCode(lit)
	for _, s := range symbols {
		c.put(w, s)
	}
	return w
}

// fixed writes a final block with the fixed codes.
func (w *bitWriter) fixed(symbols ...int) *bitWriter {
	w.put(1, 1).put(1, 2)
	c := fixedLit()
	for _, s := range symbols {
		c.put(w, s)
	}
	return w
}

// preHeader starts a final dynamic block up to the code lengths, with a code
// for code lengths.
func (w *bitWriter) preHeader(hlit, hdist int, pre map[int]int) *bitWriter {
	w.put(1, 1).put(2, 2).put(hlit, 5).put(hdist, 5).put(numPre-4, 4)
	for _, s := range preOrder {
		w.put(pre[int(s)], 3)
	}
	return w
}

// repeats writes code lengths: pairs of a symbol and its extra bits. A last
// symbol without a pair is cut.
func (w *bitWriter) repeats(c code, pairs ...int) *bitWriter {
	w.preHeader(0, 0, map[int]int{0: 2, 1: 2, 16: 2, 18: 2})
	bits := map[int]int{16: 2, 18: 7}
	for i, v := range pairs {
		if i%2 == 0 {
			c.put(w, v)
		} else {
			w.put(v, bits[pairs[i-1]])
		}
	}
	return w
}

// acrossCodes writes a repeat of zeros that starts in the literals and ends in
// the distances.
func (w *bitWriter) acrossCodes(c code) *bitWriter {
	w.preHeader(1, 9, map[int]int{0: 2, 1: 2, 16: 2, 18: 2})
	for _, v := range []struct{ symbol, extra, bits int }{
		{18, 127, 7}, {18, 107, 7}, {1, 0, 0}, {18, 0, 7},
	} {
		c.put(w, v.symbol)
		w.put(v.extra, v.bits)
	}
	return w.put(0, 1)
}

const (
	accepted Code = ""
	cut      Code = "truncated"
)

// ruleCases has cases that follow and break each rule, after a number of blocks
// of 19 bits, which put the case at any position in a byte.
func ruleCases(before int) map[string]struct {
	w    *bitWriter
	want Code
} {
	new := func() *bitWriter {
		w := &bitWriter{}
		for range before {
			w.put(0, 1).put(1, 2)
			fixedLit().put(w, 200)
			fixedLit().put(w, 256)
		}
		return w
	}
	two := map[int]int{'a': 1, 256: 1}
	three := map[int]int{'a': 1, 256: 2, 257: 2} // 257 is a match of 3 bytes
	rep := map[int]int{0: 2, 1: 2, 16: 2, 18: 2}
	repCode := func() code { return newCode(lengths(numPre, rep)) }
	return map[string]struct {
		w    *bitWriter
		want Code
	}{
		"nothing":                   {new(), cut},
		"reserved block type":       {new().put(1, 1).put(3, 2), BadBlockType},
		"stored empty":              {new().put(1, 3).align().put(0, 16).put(0xffff, 16), accepted},
		"stored one":                {new().put(1, 3).align().put(1, 16).put(0xfffe, 16).put('x', 8), accepted},
		"stored complement wrong":   {new().put(1, 3).align().put(1, 16).put(0xffff, 16).put('x', 8), BadStored},
		"stored length cut":         {new().put(1, 3).align().put(1, 16).put(0xfe, 8), cut},
		"stored data cut":           {new().put(1, 3).align().put(2, 16).put(0xfffd, 16).put('x', 8), cut},
		"stored padding set":        {new().put(1, 3).put(31, 5).put(0, 16).put(0xffff, 16), accepted},
		"not final":                 {new().put(0, 3).align().put(0, 16).put(0xffff, 16), cut},
		"fixed empty":               {new().fixed(256), accepted},
		"fixed literals":            {new().fixed('a', 200, 256), accepted},
		"fixed without end":         {new().fixed('a'), cut},
		"fixed symbol 286":          {new().fixed('a', 286), BadSymbol},
		"fixed symbol 287":          {new().fixed('a', 287), BadSymbol},
		"fixed symbol 285":          {new().fixed('a', 285).put(0, 5).put(0, 7), accepted},
		"fixed distance 30":         {new().fixed('a', 257).put(0b01111, 5).put(0, 20), BadSymbol},
		"fixed distance 31":         {new().fixed('a', 257).put(0b11111, 5).put(0, 20), BadSymbol},
		"fixed distance 29":         {new().fixed('a', 257).put(0b10111, 5).put(0, 20), BadDistance},
		"fixed distance cut":        {new().fixed('a', 'b', 257).put(0, 1), cut},
		"match before output":       {new().fixed(257).put(0, 5).put(0, 7), BadDistance},
		"match of all output":       {new().fixed('a', 'b', 257).put(0b10000, 5).put(0, 7), accepted},
		"match one too far":         {new().fixed('a', 257).put(0b10000, 5).put(0, 7), BadDistance},
		"length 284 with all bits":  {new().fixed('a', 284).put(31, 5).put(0, 5).put(0, 7), accepted},
		"HLIT 286":                  {new().dynamic(lengths(286, two), []int{1}, 'a', 256), accepted},
		"HLIT 287":                  {new().put(1, 1).put(2, 2).put(30, 5).put(0, 5).put(0, 40), BadCounts},
		"HDIST 30":                  {new().dynamic(lengths(257, two), make([]int, 30), 'a', 256), accepted},
		"HDIST 31":                  {new().put(1, 1).put(2, 2).put(0, 5).put(30, 5).put(0, 40), BadCounts},
		"counts cut":                {new().put(1, 1).put(2, 2).put(30, 5), cut},
		"literals over-subscribed":  {new().dynamic(lengths(257, map[int]int{1: 1, 2: 1, 256: 1}), []int{1}), BadCode},
		"literals incomplete":       {new().dynamic(lengths(257, map[int]int{1: 2, 256: 1}), []int{1}), BadCode},
		"single literal of 2 bits":  {new().dynamic(lengths(257, map[int]int{256: 2}), []int{1}), BadCode},
		"end of block alone":        {new().dynamic(lengths(257, map[int]int{256: 1}), []int{1}, 256), accepted},
		"end of block alone, bit 1": {new().dynamic(lengths(257, map[int]int{256: 1}), []int{1}).put(1, 1), BadSymbol},
		"literal alone":             {new().dynamic(lengths(257, map[int]int{'a': 1}), []int{1}, 'a', 'a'), cut},
		"literal alone, bit 1":      {new().dynamic(lengths(257, map[int]int{'a': 1}), []int{1}, 'a').put(1, 1), BadSymbol},
		"no literals at all":        {new().dynamic(lengths(257, nil), []int{1}), BadSymbol},
		"no end of block":           {new().dynamic(lengths(257, map[int]int{1: 1, 2: 1}), []int{1}, 1, 2, 1), cut},
		"distances incomplete":      {new().dynamic(lengths(257, two), []int{2, 2, 2}, 256), BadCode},
		"distances over-subscribed": {new().dynamic(lengths(257, two), []int{1, 1, 1}, 256), BadCode},
		"single distance of 2 bits": {new().dynamic(lengths(257, two), []int{2}, 256), BadCode},
		"single distance":           {new().dynamic(lengths(258, three), []int{1}, 'a', 257).put(0, 1).put(0b01, 2), accepted},
		"single distance, bit 1":    {new().dynamic(lengths(258, three), []int{1}, 'a', 257).put(1, 1), BadSymbol},
		"no distances, none used":   {new().dynamic(lengths(258, three), []int{0}, 'a', 256), accepted},
		"no distances, one used":    {new().dynamic(lengths(258, three), []int{0}, 'a', 257), BadSymbol},
		"no code lengths":           {new().preHeader(0, 0, nil).put(0, 40), BadSymbol},
		"code lengths incomplete":   {new().preHeader(0, 0, map[int]int{0: 2}).put(0, 40), BadCode},
		"code lengths too many":     {new().preHeader(0, 0, map[int]int{0: 1, 1: 1, 2: 1}).put(0, 40), BadCode},
		"code length alone":         {new().preHeader(0, 0, map[int]int{1: 1}).put(0, 257).put(1, 1), BadSymbol},
		"code lengths cut":          {new().preHeader(0, 0, rep).put(0, 11), cut},
		"repeat without a start":    {new().repeats(repCode(), 16, 0), BadLengths},
		"repeat past the end":       {new().repeats(repCode(), 18, 127, 18, 127), BadLengths},
		"repeat cut":                {new().repeats(repCode(), 18, 127, 18), cut},
		"repeat across the codes":   {new().acrossCodes(repCode()), accepted},
	}
}

// TestRules checks each rule at every position of a block in a byte, since a
// fault has an offset in bytes, and each case with its last bytes cut.
func TestRules(t *testing.T) {
	j := newJudge(9)
	for before := range 8 {
		for name, c := range ruleCases(before) {
			t.Run(fmt.Sprint(name, " after ", before, " blocks"), func(t *testing.T) {
				for n := max(0, len(c.w.b)-4); n <= len(c.w.b); n++ {
					j.check(t, c.w.b[:n])
				}
				// With more input decodeFast meets the case, without it decodeSlow;
				// both also with output before it.
				padded := append(c.w.b[:len(c.w.b):len(c.w.b)], make([]byte, 100)...)
				j.check(t, padded)
				j.check(t, append((&bitWriter{}).stored(make([]byte, 2000)).b, padded...))
				if before > 0 {
					return
				}
				_, _, err := j.whole.Decode(make([]byte, 1000), c.w.b)
				got := accepted
				var corrupt *CorruptInputError
				if errors.As(err, &corrupt) {
					got = corrupt.Code
				} else if err == io.ErrUnexpectedEOF {
					got = cut
				} else if err != nil {
					t.Fatal(err)
				}
				if got != c.want {
					t.Errorf("%q, want %q (%v)", got, c.want, err)
				}
			})
		}
	}
}

func TestErrorText(t *testing.T) {
	var d Decoder
	_, used, err := d.Decode(nil, []byte{0xff})
	if want := "corrupt DEFLATE stream before offset 1: block-type"; err == nil || err.Error() != want || used != 1 {
		t.Errorf("%v after %d bytes, want %s", err, used, want)
	}
}
