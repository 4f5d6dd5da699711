package elfaudit

import (
	"fmt"
	"strings"
)

// stringTable is the dynamic string table as one string. Names are slices of
// it, so a name costs no memory of its own.
type stringTable struct {
	text string
	off  int64 // its file offset
	// left is how many more bytes of names may be referred to. Entries may share
	// names, so short tables could refer to endless text.
	left int64
}

// All names together may have nameFactor bytes for each byte of the string and
// symbol tables, and nameBytes more. Linkers share the ends of some names; their
// sum is still about the length of the string table.
const (
	nameFactor = 8
	nameBytes  = 1 << 20
)

// newStringTable checks that every string of the table ends within it and
// within maxName bytes, whatever offset it starts at. Only the last zero byte
// of each stretch has to be found, so this costs little.
func newStringTable(text string, off int64) (stringTable, error) {
	for i := 0; i < len(text); {
		last := strings.LastIndexByte(text[i:min(i+maxName, len(text))], 0)
		switch {
		case last >= 0:
			i += last + 1
		case len(text)-i < maxName:
			return stringTable{}, bad(CodeString, off+int64(i), "DT_STRTAB", "the last string has no end")
		default:
			return stringTable{}, bad(CodeLimit, off+int64(i), "DT_STRTAB", "holds a string longer than 64 KiB")
		}
	}
	return stringTable{text: text, off: off, left: nameFactor*int64(len(text)) + nameBytes}, nil
}

// get returns the string at offset i of the table.
func (t *stringTable) get(i uint64, field string) (string, error) {
	if i >= uint64(len(t.text)) {
		return "", bad(CodeString, t.off, field, fmt.Sprintf("string offset %#x is outside the string table", i))
	}
	s := t.at(uint32(i))
	return s, t.spend(int64(len(s)), field)
}

// spend counts n bytes of names.
func (t *stringTable) spend(n int64, field string) error {
	if t.left -= n; t.left < 0 {
		return bad(CodeLimit, t.off, field, "too many bytes of names: long strings are repeated")
	}
	return nil
}

// at returns the string at an offset that must be inside the table.
func (t *stringTable) at(i uint32) string {
	s := t.text[i:]
	return s[:strings.IndexByte(s, 0)]
}
