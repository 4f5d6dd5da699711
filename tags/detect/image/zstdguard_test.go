package image

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

// zframe makes a zstd frame of one block of plain bytes. descriptor chooses
// the shape of the header that follows it.
func zframe(descriptor byte, header []byte, body string) []byte {
	b := append([]byte(zstdMagic), descriptor)
	b = append(b, header...)
	n := uint32(len(body))<<3 | 1
	return append(append(b, byte(n), byte(n>>8), byte(n>>16)), body...)
}

func skippable(body string) []byte {
	b := binary.LittleEndian.AppendUint32([]byte("\x53"+zstdSkip), uint32(len(body)))
	return append(b, body...)
}

func unzstd(data []byte) (string, error) {
	var g gauge
	d, err := newDecoder(iotest.HalfReader(bytes.NewReader(data)), codeZstd, g.allow(1))
	if err != nil {
		return "", err
	}
	defer d.Close()
	out, err := io.ReadAll(d)
	return string(out), err
}

func TestZstdFrames(t *testing.T) {
	window := []byte{0x50} // 1 MiB
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"window":            {zframe(0, window, "abc"), "abc"},
		"single segment":    {zframe(0x20, []byte{3}, "abc"), "abc"},
		"two size bytes":    {zframe(0x60, []byte{0, 0}, strings.Repeat("x", 256)), strings.Repeat("x", 256)},
		"four size bytes":   {zframe(0xa0, []byte{3, 0, 0, 0}, "abc"), "abc"},
		"eight size bytes":  {zframe(0xe0, []byte{3, 0, 0, 0, 0, 0, 0, 0}, "abc"), "abc"},
		"two frames":        {append(zframe(0, window, "abc"), zframe(0x20, []byte{3}, "def")...), "abcdef"},
		"skippable first":   {append(append(skippable("x"), skippable("")...), zframe(0, window, "abc")...), "abc"},
		"skippable between": {append(append(zframe(0, window, "abc"), skippable("zstd")...), zframe(0, window, "def")...), "abcdef"},
		"skippable last":    {append(zframe(0, window, "abc"), skippable("xyz")...), "abc"},
		"largest window":    {zframe(0, []byte{15 << 3}, "abc"), "abc"}, // 32 MiB
		"a byte repeated":   {append(append([]byte(zstdMagic), 0, 0x50), 5<<3|2|1, 0, 0, 'x'), "xxxxx"},
		"two blocks":        {append(append([]byte(zstdMagic), 0, 0x50), 1<<3, 0, 0, 'a', 1<<3|1, 0, 0, 'b'), "ab"},
	} {
		t.Run(name, func(t *testing.T) {
			if c, err := sniff(tt.data); c != codeZstd || err != nil {
				t.Fatalf("sniffed %q, %v", c, err)
			}
			got, err := unzstd(tt.data)
			if got != tt.want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestZstdRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		data []byte
		code Code
	}{
		"window too large":         {zframe(0, []byte{15<<3 | 1}, "abc"), CodeLimit},
		"largest window there is":  {zframe(0, []byte{0xff}, "abc"), CodeLimit},
		"content too large":        {zframe(0xa0, []byte{1, 0, 0, 2}, "abc"), CodeLimit},
		"largest content there is": {zframe(0xe0, bytes.Repeat([]byte{0xff}, 8), "abc"), CodeLimit},
		"second frame too large":   {append(zframe(0, []byte{0x50}, "abc"), zframe(0, []byte{0xff}, "def")...), CodeLimit},
		"cut off in a block":       {zframe(0, []byte{0x50}, "abc")[:10], CodeTruncated},
		"cut off in a header":      {zframe(0, []byte{0x50}, "abc")[:5], CodeTruncated},
		"cut off in a skippable":   {skippable("abc")[:9], CodeTruncated},
		"something after it":       {append(zframe(0, []byte{0x50}, "abc"), "text"...), CodeDamaged},
		"reserved block":           {append(append([]byte(zstdMagic), 0, 0x50), 1<<3|6, 0, 0, 'a'), CodeDamaged},
		"wrong checksum":           {append(zframe(4, []byte{0x50}, "abc"), "1234"...), CodeDamaged},
		"no checksum":              {zframe(4, []byte{0x50}, "abc"), CodeTruncated},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := unzstd(tt.data)
			if err == nil {
				t.Fatalf("no error, but %q", got)
			}
			if e := ioFault(err); e.Code != tt.code {
				t.Errorf("%v, want code %s", err, tt.code)
			}
		})
	}
}

// TestZstdTwice: windows inside each other count together.
func TestZstdTwice(t *testing.T) {
	var g gauge
	outer, inner := g.allow(0), g.allow(1)
	for _, err := range []error{outer(8 << 20), inner(8 << 20), inner(4 << 20), inner(24 << 20)} {
		must(t, err)
	}
	if g.sum() != 32<<20 {
		t.Errorf("sum is %d", g.sum())
	}
	wantCode(t, outer(9<<20), CodeLimit, "outer compression")
}

// TestGuardFollows: in what pieces the stream comes does not matter.
func TestGuardFollows(t *testing.T) {
	body := make([]byte, 300_000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range body {
		body[i] = byte(r.IntN(8)) // compresses to many blocks
	}
	data := append(zst(t, body), zst(t, body[:1000])...)
	for name, in := range map[string]io.Reader{
		"bytes": iotest.OneByteReader(bytes.NewReader(data)), "halves": iotest.HalfReader(bytes.NewReader(data)),
		"whole": bytes.NewReader(data), "with EOF": iotest.DataErrReader(bytes.NewReader(data)),
	} {
		g := &zstdGuard{r: in, allow: func(int64) error { return nil }}
		if _, err := io.Copy(io.Discard, g); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if g.state != atMagic || g.pass != 0 || len(g.have) != 0 {
			t.Errorf("%s: ended inside a frame", name)
		}
	}
}
