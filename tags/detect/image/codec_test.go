package image

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
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
	d, err := newDecoder(iotest.HalfReader(bytes.NewReader(data)), codeZstd, false)
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

// TestInnerWindow: less memory is left for a layer in a compressed file.
func TestInnerWindow(t *testing.T) {
	for window, inner := range map[byte]bool{13 << 3: true, 13<<3 | 1: false, 15 << 3: false} { // 8, 9 and 32 MiB
		d, err := newDecoder(bytes.NewReader(zframe(0, []byte{window}, "abc")), codeZstd, true)
		if err == nil {
			_, err = io.ReadAll(d)
			d.Close()
		}
		if (err == nil) != inner {
			t.Errorf("window %#x: %v", window, err)
		}
		if !inner && ioFault(err).Code != CodeLimit {
			t.Errorf("window %#x: %v", window, err)
		}
	}
}

// The tar of a root file system with the file etc/os-release, compressed by other
// programs: bzip2 -9, xz -9, and xz with dictionaries of 96 and 16 MiB.
const (
	rootBzip2 = "QlpoOTFBWSZTWRlKmg0AADDfgMmQQALnggQgEABqBJ5ACAggAFRmJtEwJk0egGoJKCaaDIANAbWEPkPEEqTiOtjArYk0PW90nUJ7BHDUZuv0R74oBqSeNifvQgF9Y2gmKImGN+LuSKcKEgMpU0Gg"
	rootXZ    = "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Af/AEtdADKdCIYUqFwnkme6RssZhkRI4lCOeZxfhOpYkLzSS5MjKkPFUMP42H9OJahvalYz2tgUPV1SPQ/msWBQ/bmchbDLiHXMD4Zxgp8UAAAA9LDh41AAnVsAAWeAEAAAADIMWzexxGf7AgAAAAAEWVo="
	rootXZ96  = "/Td6WFoAAATm1rRGAgAhAR0AAAB1qOR04Af/AEtdADKdCIYUqFwnkme6RssZhkRI4lCOeZxfhOpYkLzSS5MjKkPFUMP42H9OJahvalYz2tgUPV1SPQ/msWBQ/bmchbDLiHXMD4Zxgp8UAAAA9LDh41AAnVsAAWeAEAAAADIMWzexxGf7AgAAAAAEWVo="
	layerXZ   = "/Td6WFoAAATm1rRGAgAhARAAAACocI6G4Af/ADhdADCAM1AYaImC7aeAafrabfK2pt8cnv0hyiWOGt6gN3YKIJKBc9Nm8GFd9A6ebi+exwtNj8Srot4AABKrh+NNj4gAAAFUgBAAAAAxebW1scRn+wIAAAAABFla" // with a file a
	rootXZ16  = "/Td6WFoAAATm1rRGAgAhARgAAABHWDpD4Af/AEtdADKdCIYUqFwnkme6RssZhkRI4lCOeZxfhOpYkLzSS5MjKkPFUMP42H9OJahvalYz2tgUPV1SPQ/msWBQ/bmchbDLiHXMD4Zxgp8UAAAA9LDh41AAnVsAAWeAEAAAADIMWzexxGf7AgAAAAAEWVo="
)

func fromBase64(t testing.TB, s string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(s)
	must(t, err)
	return data
}

func TestBzip2AndXZ(t *testing.T) {
	for name, packed := range map[string]string{"bzip2": rootBzip2, "xz": rootXZ, "xz, 16 MiB": rootXZ16} {
		data := fromBase64(t, packed)
		r, err := openBytes(data)
		must(t, err)
		if got := brief(t, r); got != "etc/ etc/os-release=ID=x\\n" {
			t.Errorf("%s: %s", name, got)
		}
		cut := CodeTruncated
		if name == "bzip2" {
			cut = CodeDamaged // its decoder cannot tell
		}
		if _, err := openBytes(data[:len(data)/2]); err == nil || ioFault(err).Code != cut {
			t.Errorf("%s, cut off: %v", name, err)
		}
		data[len(data)/2] ^= 1
		if _, err := openBytes(data); err == nil || ioFault(err).Code != CodeDamaged {
			t.Errorf("%s, damaged: %v", name, err)
		}
	}
	_, err := openBytes(fromBase64(t, rootXZ96))
	wantCode(t, err, CodeLimit, "memory")
	// In a compressed file there is less memory for a layer.
	_, err = openBytes(gz(t, dockerSave(t, amd64, fromBase64(t, rootXZ16))))
	wantCode(t, err, CodeLimit, "layer.tar", "memory")
	if _, err = openBytes(dockerSave(t, amd64, fromBase64(t, rootXZ16))); err != nil {
		t.Error(err)
	}
}
