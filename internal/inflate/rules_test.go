package inflate

import (
	"errors"
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
func dynamic(lit, dist []int, symbols ...int) *bitWriter {
	w := (&bitWriter{}).header(1, lit, dist)
	c := newCode(lit)
	for _, s := range symbols {
		c.put(w, s)
	}
	return w
}

// fixed writes a final block with the fixed codes.
func fixed(symbols ...int) *bitWriter {
	w := (&bitWriter{}).put(1, 1).put(1, 2)
	c := fixedLit()
	for _, s := range symbols {
		c.put(w, s)
	}
	return w
}

// preHeader begins a final dynamic block up to the code lengths, with a code
// for code lengths.
func preHeader(hlit, hdist int, pre map[int]int) *bitWriter {
	w := (&bitWriter{}).put(1, 1).put(2, 2).put(hlit, 5).put(hdist, 5).put(numPre-4, 4)
	for _, s := range preOrder {
		w.put(pre[int(s)], 3)
	}
	return w
}

const (
	accepted Code = ""
	cut      Code = "truncated"
)

// ruleCases has a case on each side of every rule.
func ruleCases() map[string]struct {
	w    *bitWriter
	want Code
} {
	new := func() *bitWriter { return &bitWriter{} }
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
		"fixed empty":               {fixed(256), accepted},
		"fixed literals":            {fixed('a', 200, 256), accepted},
		"fixed without end":         {fixed('a'), cut},
		"fixed symbol 286":          {fixed('a', 286), BadSymbol},
		"fixed symbol 287":          {fixed('a', 287), BadSymbol},
		"fixed symbol 285":          {fixed('a', 285).put(0, 5).put(0, 7), accepted},
		"fixed distance 30":         {fixed('a', 257).put(0b01111, 5).put(0, 20), BadSymbol},
		"fixed distance 31":         {fixed('a', 257).put(0b11111, 5).put(0, 20), BadSymbol},
		"fixed distance 29":         {fixed('a', 257).put(0b10111, 5).put(0, 20), BadDistance},
		"fixed distance cut":        {fixed('a', 'b', 257).put(0, 1), cut},
		"match before output":       {fixed(257).put(0, 5).put(0, 7), BadDistance},
		"match of all output":       {fixed('a', 'b', 257).put(0b10000, 5).put(0, 7), accepted},
		"match one too far":         {fixed('a', 257).put(0b10000, 5).put(0, 7), BadDistance},
		"length 284 with all bits":  {fixed('a', 284).put(31, 5).put(0, 5).put(0, 7), accepted},
		"HLIT 286":                  {dynamic(lengths(286, two), []int{1}, 'a', 256), accepted},
		"HLIT 287":                  {new().put(1, 1).put(2, 2).put(30, 5).put(0, 5).put(0, 40), BadCounts},
		"HDIST 30":                  {dynamic(lengths(257, two), make([]int, 30), 'a', 256), accepted},
		"HDIST 31":                  {new().put(1, 1).put(2, 2).put(0, 5).put(30, 5).put(0, 40), BadCounts},
		"counts cut":                {new().put(1, 1).put(2, 2).put(30, 5), cut},
		"literals over-subscribed":  {dynamic(lengths(257, map[int]int{1: 1, 2: 1, 256: 1}), []int{1}), BadCode},
		"literals incomplete":       {dynamic(lengths(257, map[int]int{1: 2, 256: 1}), []int{1}), BadCode},
		"single literal of 2 bits":  {dynamic(lengths(257, map[int]int{256: 2}), []int{1}), BadCode},
		"end of block alone":        {dynamic(lengths(257, map[int]int{256: 1}), []int{1}, 256), accepted},
		"end of block alone, bit 1": {dynamic(lengths(257, map[int]int{256: 1}), []int{1}).put(1, 1), BadSymbol},
		"literal alone":             {dynamic(lengths(257, map[int]int{'a': 1}), []int{1}, 'a', 'a'), cut},
		"literal alone, bit 1":      {dynamic(lengths(257, map[int]int{'a': 1}), []int{1}, 'a').put(1, 1), BadSymbol},
		"no literals at all":        {dynamic(lengths(257, nil), []int{1}), BadSymbol},
		"no end of block":           {dynamic(lengths(257, map[int]int{1: 1, 2: 1}), []int{1}, 1, 2, 1), cut},
		"distances incomplete":      {dynamic(lengths(257, two), []int{2, 2, 2}, 256), BadCode},
		"distances over-subscribed": {dynamic(lengths(257, two), []int{1, 1, 1}, 256), BadCode},
		"single distance of 2 bits": {dynamic(lengths(257, two), []int{2}, 256), BadCode},
		"single distance":           {dynamic(lengths(258, three), []int{1}, 'a', 257).put(0, 1).put(0b01, 2), accepted},
		"single distance, bit 1":    {dynamic(lengths(258, three), []int{1}, 'a', 257).put(1, 1), BadSymbol},
		"no distances, none used":   {dynamic(lengths(258, three), []int{0}, 'a', 256), accepted},
		"no distances, one used":    {dynamic(lengths(258, three), []int{0}, 'a', 257), BadSymbol},
		"no code lengths":           {preHeader(0, 0, nil).put(0, 40), BadSymbol},
		"code lengths incomplete":   {preHeader(0, 0, map[int]int{0: 2}).put(0, 40), BadCode},
		"code lengths too many":     {preHeader(0, 0, map[int]int{0: 1, 1: 1, 2: 1}).put(0, 40), BadCode},
		"code length alone":         {preHeader(0, 0, map[int]int{1: 1}).put(0, 257).put(1, 1), BadSymbol},
		"code lengths cut":          {preHeader(0, 0, rep).put(0, 11), cut},
		"repeat without a start":    {repeats(repCode(), 16, 0), BadLengths},
		"repeat past the end":       {repeats(repCode(), 18, 127, 18, 127), BadLengths},
		"repeat cut":                {repeats(repCode(), 18, 127, 18), cut},
		"repeat across the codes":   {acrossCodes(repCode()), accepted},
	}
}

// repeats writes code lengths: pairs of a symbol and its extra bits; a last
// symbol without a pair is cut short.
func repeats(c code, pairs ...int) *bitWriter {
	w := preHeader(0, 0, map[int]int{0: 2, 1: 2, 16: 2, 18: 2})
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

// acrossCodes has a run of zeros that begins in the literals and ends in the
// distances.
func acrossCodes(c code) *bitWriter {
	w := preHeader(1, 9, map[int]int{0: 2, 1: 2, 16: 2, 18: 2})
	for _, v := range []struct{ symbol, extra, bits int }{
		{18, 127, 7}, {18, 107, 7}, {1, 0, 0}, {18, 0, 7},
	} {
		c.put(w, v.symbol)
		w.put(v.extra, v.bits)
	}
	return w.put(0, 1)
}

func TestRules(t *testing.T) {
	j := newJudge(9)
	for name, c := range ruleCases() {
		t.Run(name, func(t *testing.T) {
			// With input to follow the fast loop sees the case, without it
			// the careful one, and in the middle of output either.
			pad := make([]byte, 100)
			j.check(t, c.w.b)
			j.check(t, append(c.w.b[:len(c.w.b):len(c.w.b)], pad...))
			stored := (&bitWriter{}).put(0, 3).align().put(2000, 16).put(^2000, 16).b
			stored = append(stored, make([]byte, 2000)...)
			j.check(t, append(stored, append(c.w.b[:len(c.w.b):len(c.w.b)], pad...)...))

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

func TestErrorText(t *testing.T) {
	var d Decoder
	_, used, err := d.Decode(nil, []byte{0xff})
	if want := "corrupt DEFLATE stream before offset 1: block-type"; err == nil || err.Error() != want || used != 1 {
		t.Errorf("%v after %d bytes, want %s", err, used, want)
	}
}
