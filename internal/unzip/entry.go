package unzip

import (
	"hash/crc32"
	"strings"
	"unicode/utf8"
)

// Bits of the general purpose flags of a member (APPNOTE.TXT 4.4.4).
const (
	FlagEncrypted  = 1 << 0
	FlagDescriptor = 1 << 3 // checksum and sizes follow the data
	FlagPatched    = 1 << 5
	FlagStrong     = 1 << 6 // strong encryption
	FlagUTF8       = 1 << 11
)

// Methods of compression.
const (
	Stored   = 0
	Deflated = 8
)

// Header is the part that the directory and the local header of a member share.
type Header struct {
	Version    uint16 // of the format needed, times ten, in its low byte
	Flags      uint16
	Method     uint16
	Time, Date uint16 // MS-DOS
	CRC32      uint32
	Packed     uint64 // bytes in the archive; ZIP64 sizes where they apply
	Size       uint64 // bytes of the content
	RawName    string // as stored
	Extra      string // as stored
	Faults     Faults
}

// Faults are what is wrong with a header in itself.
type Faults uint8

// The faults of a header. For those of the directory that are marked with a star
// Python refuses the whole archive.
const (
	FaultName        Faults = 1 << iota // * not UTF-8 although it is flagged so
	FaultExtra                          // * an extra field is longer than all of them
	FaultZip64                          // * a ZIP64 field without the number that it should have
	FaultUnicodeName                    // * a Unicode path field that is cut short or not UTF-8
	FaultOtherName                      // a valid Unicode path field has another name
	FaultRepeated                       // two ZIP64 or two Unicode path fields
	FaultZip64Length                    // a ZIP64 field of bytes that nothing asks for and that say something else
)

// Entry is a member in the directory.
type Entry struct {
	Header

	// Name is the name that Python 3.12 and later give the member: the one of
	// the Unicode path field, else RawName decoded, in both cases up to a NUL.
	Name         string
	Comment      string
	MadeBy       uint16 // the version and, in the high byte, system
	Disk         uint16
	Internal     uint16 // attributes
	External     uint32
	StatedHeader uint64 // the offset of the local header, as stated

	Offset int64 // of this entry in the file
	Place  int64 // of the local header in the file; see Directory.Shift
	Limit  int64 // where the member must end
}

func u16(s string, i int) uint16 { return uint16(s[i]) | uint16(s[i+1])<<8 }
func u32(s string, i int) uint32 { return uint32(u16(s, i)) | uint32(u16(s, i+2))<<16 }
func u64(s string, i int) uint64 { return uint64(u32(s, i)) | uint64(u32(s, i+4))<<32 }

// cut takes up to n bytes off the front of s.
func cut(s string, n int) (front, rest string) {
	n = min(n, len(s))
	return s[:n], s[n:]
}

// parse reads an entry at the beginning of s, which has its fixed part, and gives
// the number of bytes that it states to have. What is behind the end of s is cut off.
func (e *Entry) parse(s string) int {
	e.MadeBy, e.Version, e.Flags, e.Method = u16(s, 4), u16(s, 6), u16(s, 8), u16(s, 10)
	e.Time, e.Date = u16(s, 12), u16(s, 14)
	e.CRC32, e.Packed, e.Size = u32(s, 16), uint64(u32(s, 20)), uint64(u32(s, 24))
	name, extra, comment := int(u16(s, 28)), int(u16(s, 30)), int(u16(s, 32))
	e.Disk, e.Internal, e.External = u16(s, 34), u16(s, 36), u32(s, 38)
	e.StatedHeader = uint64(u32(s, 42))
	s = s[centralSize:]
	e.RawName, s = cut(s, name)
	e.Extra, s = cut(s, extra)
	e.Comment, _ = cut(s, comment)
	other := e.fields(&e.StatedHeader)
	e.Name = decodeName(e.RawName, e.Flags)
	if e.Flags&FlagUTF8 != 0 && !utf8.ValidString(e.RawName) {
		e.Faults |= FaultName
	}
	if other != "" {
		if other != e.Name {
			e.Faults |= FaultOtherName
		}
		e.Name = other
	}
	e.Name, _, _ = strings.Cut(e.Name, "\x00")
	return centralSize + name + extra + comment
}

// Extra fields.
const (
	extraZip64       = 0x0001
	extraUnicodePath = 0x7075
)

// fields reads the extra fields: it sets the sizes and, if header is not nil, the offset
// that a ZIP64 field has, and gives the name of a Unicode path field.
func (h *Header) fields(header *uint64) (name string) {
	const most = 1<<32 - 1
	zip64, path := 0, 0
	for s := h.Extra; len(s) >= 4; {
		id, n := u16(s, 0), int(u16(s, 2))
		if n+4 > len(s) {
			h.Faults |= FaultExtra
			return name
		}
		data := s[4 : 4+n]
		s = s[4+n:]
		switch id {
		case extraZip64:
			zip64++
			field := data
			take := func(v *uint64) {
				if len(data) < 8 {
					h.Faults |= FaultZip64
					return
				}
				*v, data = u64(data, 0), data[8:]
			}
			if h.Size == most || h.Size == 1<<64-1 {
				take(&h.Size)
			}
			if h.Packed == most {
				take(&h.Packed)
			}
			if header != nil && *header == most {
				take(header)
			}
			if len(data) > 0 && !h.redundant(field, header) {
				h.Faults |= FaultZip64Length
			}
		case extraUnicodePath:
			path++
			name = h.unicodeName(data, name)
		}
	}
	if zip64 > 1 || path > 1 {
		h.Faults |= FaultRepeated
	}
	return name
}

// redundant reports whether a ZIP64 field repeats the numbers that the header has
// already, in the order of the field. Bazel writes such fields.
func (h *Header) redundant(field string, header *uint64) bool {
	switch {
	case len(field) != 16 && (len(field) != 24 || header == nil):
		return false
	case u64(field, 0) != h.Size || u64(field, 8) != h.Packed:
		return false
	}
	return len(field) == 16 || u64(field, 16) == *header
}

// unicodeName gives the name of a Unicode path field that is for the header's name,
// else the name given. Its checksum says which it is for.
func (h *Header) unicodeName(data, name string) string {
	if len(data) < 5 {
		h.Faults |= FaultUnicodeName
		return name
	}
	if data[0] != 1 || u32(data, 1) != crc32.ChecksumIEEE([]byte(h.RawName)) || len(data) == 5 {
		return name
	}
	if name = data[5:]; !utf8.ValidString(name) {
		h.Faults |= FaultUnicodeName
	}
	return name
}

// decodeName decodes a stored name: UTF-8 if the flag says so, else code page 437,
// the one of MS-DOS.
func decodeName(raw string, flags uint16) string {
	if flags&FlagUTF8 != 0 || isASCII(raw) {
		return raw
	}
	var b strings.Builder
	b.Grow(2 * len(raw))
	for i := range len(raw) {
		if c := raw[i]; c < 0x80 {
			b.WriteByte(c)
		} else {
			b.WriteRune(codePage437[c-0x80])
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// codePage437 are the characters of the bytes 0x80 to 0xff.
// Source: the mapping table CP437.TXT of the Unicode Consortium, 1996.
var codePage437 = [128]rune([]rune(
	"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ" +
		"áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
		"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"))
