package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// scanned is what both readers say about an entry.
type scanned struct {
	Name, Link, Body string
	Kind             byte
	Mode             uint16
	Size             int64
	Sparse           bool
}

// scanAll reads a tar to its end or fault, from a place or from a stream.
func scanAll(data []byte, streamed bool) (list []scanned, marked bool, err error) {
	var in reader = newSection(bytes.NewReader(data), 0, int64(len(data)))
	if streamed {
		in = newStream(iotest.HalfReader(bytes.NewReader(data)))
	}
	for r := newTarReader(in); ; {
		e, err := r.next()
		if err != nil {
			return list, r.marked, err
		}
		one := scanned{Name: e.name, Link: e.link, Kind: e.kind, Mode: e.mode, Size: e.size, Sparse: e.sparse}
		if e.off < 0 || e.size < 0 || e.off%block != 0 {
			panic("impossible place")
		}
		if !e.sparse && e.size <= 1<<20 {
			body := make([]byte, e.size)
			if err := r.read(body); err != nil {
				return list, r.marked, err
			}
			if !bytes.Equal(body, data[e.off:][:e.size]) {
				panic("content is not where the entry says")
			}
			one.Body = string(body)
		}
		list = append(list, one)
	}
}

// standard reads a tar with archive/tar, in the shape of scanAll.
func standard(data []byte) (list []scanned, err error) {
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := r.Next()
		if err != nil {
			return list, err
		}
		one := scanned{Name: h.Name, Link: h.Linkname, Kind: h.Typeflag, Mode: uint16(h.Mode & 0o7777), Size: h.Size}
		switch h.Typeflag {
		case tar.TypeXGlobalHeader, typeVolume:
			continue
		case tar.TypeCont:
			one.Kind = tar.TypeReg
		case tar.TypeGNUSparse:
			one.Kind, one.Sparse = tar.TypeReg, true
		case tar.TypeLink, tar.TypeSymlink, tar.TypeChar, tar.TypeBlock, tar.TypeDir, tar.TypeFifo:
			one.Size = 0
		}
		for k := range h.PAXRecords {
			one.Sparse = one.Sparse || strings.HasPrefix(k, "GNU.sparse.") && one.Kind == tar.TypeReg
		}
		if !one.Sparse && h.Size <= 1<<20 {
			body, err := io.ReadAll(r)
			if err != nil {
				return list, err
			}
			one.Body = string(body)
		}
		list = append(list, one)
	}
}

// compare checks that nothing is lost or added on the way to and from archive/tar,
// which reads data in one go here.
func compare(t *testing.T, data []byte) {
	t.Helper()
	want, wantErr := standard(data)
	for _, streamed := range []bool{false, true} {
		got, _, err := scanAll(data, streamed)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			if e := ioFault(err); e.Code == CodeDamaged && strings.Contains(e.Detail, "impossible size") && len(got) < len(want) {
				continue
			}
			t.Fatalf("streamed %v: %s\n%v, %v", streamed, diff, wantErr, err)
		}
		if (err == io.EOF) != (wantErr == io.EOF) && !(err == io.EOF && wantErr == io.ErrUnexpectedEOF) { // half of a second block of zeros
			t.Fatalf("streamed %v: error %v, want %v", streamed, err, wantErr)
		}
	}
}

// randomTar writes entries of every kind in the three formats of the standard
// library.
func randomTar(t testing.TB, r *rand.Rand) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	text := func(most int) string {
		s := strings.Repeat(string(rune('a'+r.IntN(26))), 1+r.IntN(most))
		if r.IntN(3) == 0 {
			s += "/é"
		}
		return s
	}
	for range r.IntN(6) {
		h := &tar.Header{Name: text(300), Mode: int64(r.IntN(0o10000)), Format: []tar.Format{tar.FormatUnknown, tar.FormatPAX, tar.FormatGNU}[r.IntN(3)]}
		h.Typeflag = []byte{tar.TypeReg, tar.TypeReg, tar.TypeDir, tar.TypeSymlink, tar.TypeLink, tar.TypeFifo, tar.TypeChar, tar.TypeBlock}[r.IntN(8)]
		if h.Typeflag == tar.TypeSymlink || h.Typeflag == tar.TypeLink {
			h.Linkname = text(300)
		}
		if h.Format == tar.FormatPAX && r.IntN(2) == 0 {
			h.PAXRecords = map[string]string{"SCHILY.xattr.user.x": text(50), "comment": text(2000)}
		}
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(r.IntN(3) * r.IntN(1500))
		}
		if r.IntN(20) == 0 {
			h = &tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": text(100)}}
		}
		must(t, w.WriteHeader(h))
		_, err := w.Write(bytes.Repeat([]byte{byte(r.IntN(256))}, int(h.Size)))
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

func TestRandomTars(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 500 {
		data := randomTar(t, r)
		compare(t, data)
		compare(t, data[:r.IntN(len(data))]) // cut off
		for range 3 {                        // damaged
			data[r.IntN(len(data))] ^= 1 << r.IntN(8)
		}
		compare(t, data)
	}
}

// header makes a header block with its checksum.
func header(name string, kind byte, size int64, change func(h []byte)) []byte {
	h := make([]byte, block)
	copy(h, name)
	copy(h[100:], "0000644\x00")
	copy(h[124:], fmt.Sprintf("%011o\x00", size))
	h[156] = kind
	if change != nil {
		change(h)
	}
	return sum(h)
}

func sum(h []byte) []byte {
	copy(h[148:], "        ")
	total := 0
	for _, c := range h {
		total += int(c)
	}
	copy(h[148:], fmt.Sprintf("%06o\x00 ", total))
	return h
}

func ustar(h []byte) { copy(h[257:], "ustar\x0000") }
func gnu(h []byte)   { copy(h[257:], "ustar  \x00") }

func blocks(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
		b = append(b, make([]byte, -len(b)&(block-1))...)
	}
	return b
}

var endMark = make([]byte, 2*block)

func pax(records ...string) []byte {
	var body string
	for _, r := range records {
		n := len(r) + 3
		for len(fmt.Sprintf("%d %s\n", n, r)) != n {
			n++
		}
		body += fmt.Sprintf("%d %s\n", n, r)
	}
	return blocks(header("pax", tar.TypeXHeader, int64(len(body)), ustar), []byte(body))
}

// oldTars are formats that the standard library does not write.
var oldTars = map[string][]byte{
	"V7":                   blocks(header("a", 0, 1, nil), []byte("x"), header("d/", 0, 0, nil), header("e/", tar.TypeReg, 0, nil)),
	"USTAR prefix":         blocks(header("a", tar.TypeReg, 1, func(h []byte) { ustar(h); copy(h[345:], "some/where") }), []byte("x")),
	"STAR prefix":          blocks(header("a", tar.TypeReg, 1, func(h []byte) { ustar(h); copy(h[345:], "some/where"); copy(h[508:], "tar\x00") }), []byte("x")),
	"V7 has no prefix":     blocks(header("a", tar.TypeReg, 0, func(h []byte) { copy(h[345:], "some/where") })),
	"GNU has no prefix":    blocks(header("a", tar.TypeReg, 0, func(h []byte) { gnu(h); copy(h[345:], "00000000001\x0000000000001\x00") })),
	"GNU, mangled prefix":  blocks(header("a", tar.TypeReg, 0, func(h []byte) { gnu(h); copy(h[345:], "some/where") })),
	"GNU, no ASCII prefix": blocks(header("a", tar.TypeReg, 0, func(h []byte) { gnu(h); copy(h[345:], "s\xe9me/where") })),
	"GNU long names":       blocks(header("././@LongLink", tar.TypeGNULongName, 5, gnu), []byte("long\x00"), header("././@LongLink", tar.TypeGNULongLink, 4, gnu), []byte("link"), header("a", tar.TypeSymlink, 0, gnu)),
	"GNU volume":           blocks(header("label", typeVolume, 0, gnu), header("a", tar.TypeReg, 1, gnu), []byte("x")),
	"GNU sparse": blocks(header("a", tar.TypeGNUSparse, 1, func(h []byte) {
		gnu(h)
		copy(h[386:], "00000001000\x0000000000001\x00")
		copy(h[483:], "00000002000\x00")
	}), []byte("x"), header("b", tar.TypeReg, 1, gnu), []byte("y")),
	"GNU sparse, more maps":  blocks(header("a", tar.TypeGNUSparse, 1, func(h []byte) { gnu(h); h[482] = 1; copy(h[483:], "00000002000\x00") }), append([]byte("00000001000\x0000000000001\x00"), make([]byte, 488)...), []byte("x"), header("b", tar.TypeReg, 1, gnu), []byte("y")),
	"PAX sparse 0.0":         blocks(pax("GNU.sparse.size=1000", "GNU.sparse.numblocks=1", "GNU.sparse.offset=999", "GNU.sparse.numbytes=1"), header("a", tar.TypeReg, 1, ustar), []byte("x"), header("b", tar.TypeReg, 1, ustar), []byte("y")),
	"PAX sparse 0.1":         blocks(pax("GNU.sparse.size=1000", "GNU.sparse.numblocks=1", "GNU.sparse.map=999,1", "GNU.sparse.name=real"), header("a", tar.TypeReg, 1, ustar), []byte("x"), header("b", tar.TypeReg, 1, ustar), []byte("y")),
	"PAX sparse 1.0":         blocks(pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=real", "GNU.sparse.realsize=1000"), header("a", tar.TypeReg, 513, ustar), []byte("1\n999\n1\n"), []byte("x"), header("b", tar.TypeReg, 1, ustar), []byte("y")),
	"PAX over GNU":           blocks(pax("path=pax"), header("L", tar.TypeGNULongName, 4, gnu), []byte("gnu\x00"), header("a", tar.TypeReg, 0, ustar)),
	"PAX over PAX":           blocks(pax("path=one", "linkpath=l"), pax("path=two"), header("a", tar.TypeSymlink, 0, ustar)),
	"PAX, empty value":       blocks(pax("path=one", "path=", "size="), header("a", tar.TypeReg, 1, ustar), []byte("x")),
	"PAX size":               blocks(pax("size=2"), header("a", tar.TypeReg, 0, ustar), []byte("xy")),
	"global between":         blocks(pax("path=one"), header("g", tar.TypeXGlobalHeader, 0, ustar), header("a", tar.TypeReg, 0, ustar)),
	"base-256 size":          blocks(header("a", tar.TypeReg, 0, func(h []byte) { gnu(h); copy(h[124:136], "\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01") }), []byte("x")),
	"negative mode":          blocks(header("a", tar.TypeReg, 0, func(h []byte) { gnu(h); copy(h[100:108], "\xff\xff\xff\xff\xff\xff\xff\x9c") })),
	"signed checksum":        blocks(signed(header("caf\xe9", tar.TypeReg, 0, nil))),
	"blanks in numbers":      blocks(header("a", tar.TypeReg, 0, func(h []byte) { copy(h[124:136], "          1 ") }), []byte("x")),
	"size of a directory":    blocks(header("d/", tar.TypeDir, 512, ustar), header("a", tar.TypeReg, 0, ustar)),
	"size of a V7 directory": blocks(header("d/", 0, 512, nil), header("a", tar.TypeReg, 0, ustar)),
	"contiguous":             blocks(header("a", tar.TypeCont, 1, ustar), []byte("x")),
}

// signed rewrites a checksum as programs with signed bytes did.
func signed(h []byte) []byte {
	total := 0
	for i, c := range h {
		if i >= 148 && i < 156 {
			c = ' '
		}
		total += int(int8(c))
	}
	copy(h[148:], fmt.Sprintf("%06o\x00 ", total))
	return h
}

func TestOldTars(t *testing.T) {
	for name, data := range oldTars {
		t.Run(name, func(t *testing.T) {
			whole := append(bytes.Clone(data), endMark...)
			list, _, err := scanAll(whole, false)
			if err != io.EOF || len(list) == 0 {
				t.Fatalf("%d entries, %v", len(list), err)
			}
			compare(t, whole)
		})
	}
}

func TestDamagedTars(t *testing.T) {
	huge := func(h []byte) { copy(h[124:136], "\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff") }
	good := header("a", tar.TypeReg, 0, ustar)
	for name, tt := range map[string]struct {
		data []byte
		code Code
	}{
		"no tar":                   {blocks([]byte(strings.Repeat("text ", 200))), CodeDamaged},
		"text after an entry":      {blocks(good, []byte("text")), CodeDamaged},
		"zeros among headers":      {blocks(good, make([]byte, block), good), CodeDamaged},
		"largest size":             {blocks(header("a", tar.TypeReg, 0, huge)), CodeDamaged},
		"huge size":                {blocks(header("a", tar.TypeReg, 0, func(h []byte) { copy(h[124:136], "\x80\x00\x00\x00\x0f\xff\xff\xff\xff\xff\xff\xff") })), CodeTruncated},
		"overflowing size":         {blocks(header("a", tar.TypeReg, 0, func(h []byte) { copy(h[124:136], "\x80\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff") })), CodeDamaged},
		"negative size":            {blocks(header("a", tar.TypeReg, 0, func(h []byte) { copy(h[124:136], bytes.Repeat([]byte{0xff}, 12)) })), CodeDamaged},
		"size of letters":          {blocks(header("a", tar.TypeReg, 0, func(h []byte) { copy(h[124:136], "0000000000x") })), CodeDamaged},
		"mode of letters":          {blocks(header("a", tar.TypeReg, 0, func(h []byte) { copy(h[100:108], "rw-r--r") })), CodeDamaged},
		"PAX size too large":       {blocks(pax(fmt.Sprint("size=", int64(math.MaxInt64))), good), CodeDamaged},
		"PAX size of letters":      {blocks(pax("size=x"), good), CodeDamaged},
		"PAX size negative":        {blocks(pax("size=-1"), good), CodeDamaged},
		"PAX path with a zero":     {blocks(pax("path=a\x00b"), good), CodeDamaged},
		"PAX without equals":       {blocks(header("p", tar.TypeXHeader, 6, ustar), []byte("6 abc\n")), CodeDamaged},
		"PAX length too long":      {blocks(header("p", tar.TypeXHeader, 6, ustar), []byte("9 a=b\n")), CodeDamaged},
		"PAX length too short":     {blocks(header("p", tar.TypeXHeader, 6, ustar), []byte("2 a=b\n")), CodeDamaged},
		"PAX length of letters":    {blocks(header("p", tar.TypeXHeader, 6, ustar), []byte("x a=b\n")), CodeDamaged},
		"PAX length endless":       {blocks(header("p", tar.TypeXHeader, 22, ustar), []byte("000000000000000022 a=b\n")), CodeDamaged},
		"PAX without an end":       {blocks(header("p", tar.TypeXHeader, 6, ustar), []byte("6 a=bc")), CodeDamaged},
		"PAX too large":            {blocks(header("p", tar.TypeXHeader, maxSpecial+1, ustar), make([]byte, maxSpecial+1)), CodeLimit},
		"PAX cut off":              {blocks(header("p", tar.TypeXHeader, 100_000, ustar), []byte("x")), CodeTruncated},
		"GNU name too large":       {blocks(header("L", tar.TypeGNULongName, maxSpecial+1, gnu), make([]byte, maxSpecial+1)), CodeLimit},
		"sparse in USTAR":          {blocks(header("a", tar.TypeGNUSparse, 0, ustar)), CodeDamaged},
		"sparse map cut off":       {blocks(header("a", tar.TypeGNUSparse, 0, func(h []byte) { gnu(h); h[482] = 1 })), CodeTruncated},
		"sparse, size of letters":  {blocks(header("a", tar.TypeGNUSparse, 0, func(h []byte) { gnu(h); copy(h[483:], "x") })), CodeDamaged},
		"half a header":            {blocks(good)[:300], CodeTruncated},
		"content cut off":          {blocks(header("a", tar.TypeReg, 2000, ustar), []byte("x")), CodeTruncated},
		"volume of a size too big": {blocks(header("v", typeVolume, 0, huge)), CodeDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			for _, streamed := range []bool{false, true} {
				_, _, err := scanAll(tt.data, streamed)
				if e := ioFault(err); e.Code != tt.code {
					t.Errorf("streamed %v: %v, want code %s", streamed, err, tt.code)
				}
			}
		})
	}
}

func TestEndMark(t *testing.T) {
	good := header("a", tar.TypeReg, 0, ustar)
	for name, tt := range map[string]struct {
		data   []byte
		marked bool
	}{
		"two blocks":     {blocks(good, endMark), true},
		"a tape record":  {blocks(good, make([]byte, 10240)), true},
		"one block":      {blocks(good, make([]byte, block)), true},
		"a block and ..": {append(blocks(good), make([]byte, block+100)...), true},
		"none":           {blocks(good), false},
		"half a pair":    {blocks(pax("path=x")), false},
		"nothing":        {nil, false},

		// Blocks of zeros that are no mark.
		"content of zeros": {blocks(header("a", tar.TypeReg, block, ustar), make([]byte, block)), false},
		"sparse map of zeros": {blocks(header("a", tar.TypeGNUSparse, 0, func(h []byte) {
			gnu(h)
			h[482] = 1
			copy(h[483:], "00000000000\x00")
		}), make([]byte, block)), false},
		"long name of zeros": {blocks(good, header("L", tar.TypeGNULongName, block, gnu), make([]byte, block)), false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, streamed := range []bool{false, true} {
				_, marked, err := scanAll(tt.data, streamed)
				if err != io.EOF || marked != tt.marked {
					t.Errorf("streamed %v: marked %v, %v", streamed, marked, err)
				}
			}
		})
	}
}
