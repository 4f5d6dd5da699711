package lockfile

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// decode returns the text of a requirements file in UTF-8, or in UTF-16 or UTF-32
// with a byte order mark, as pip reads it; Windows PowerShell redirects output to
// UTF-16. ok is false for UTF-16 or UTF-32 that is cut within a unit.
//
// Source: pip's documentation, Requirements File Format, Encoding.
func decode(data []byte) (text string, ok bool) {
	for _, encoding := range [...]struct {
		mark  string
		width int
		order binary.ByteOrder
	}{
		// UTF-32 first: its mark begins like that of UTF-16.
		{"\xff\xfe\x00\x00", 4, binary.LittleEndian},
		{"\x00\x00\xfe\xff", 4, binary.BigEndian},
		{"\xff\xfe", 2, binary.LittleEndian},
		{"\xfe\xff", 2, binary.BigEndian},
	} {
		rest, found := bytes.CutPrefix(data, []byte(encoding.mark))
		switch {
		case !found:
			continue
		case len(rest)%encoding.width != 0:
			return "", false
		case encoding.width == 4:
			return decodeUTF32(rest, encoding.order), true
		}
		return decodeUTF16(rest, encoding.order), true
	}
	return strings.TrimPrefix(string(data), "\ufeff"), true
}

func decodeUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

func decodeUTF32(data []byte, order binary.ByteOrder) string {
	var b strings.Builder
	for i := 0; i < len(data); i += 4 {
		b.WriteRune(rune(order.Uint32(data[i:]))) // invalid ones become U+FFFD
	}
	return b.String()
}
