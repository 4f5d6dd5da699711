package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"testing"
)

// TestGNUHash: a table that cannot be that of the symbols is refused.
func TestGNUHash(t *testing.T) {
	if gnuHash("") != 5381 || gnuHash("printf") != 0x156b2bb8 {
		t.Errorf("hashes %#x, %#x", gnuHash(""), gnuHash("printf"))
	}
	for _, c := range []struct {
		name   string
		at     int64 // from the start of the table
		value  uint64
		reason string
	}{
		{"as it is", 8, 1, ""},
		{"two words of the filter, which are not there", 8, 3, "the number of words of its Bloom filter is not a power of two"},
		{"none", 8, 0, "the number of words of its Bloom filter is not a power of two"},
		{"a bucket before the symbols", 24, 1, "a bucket starts before the first symbol covered"},
		{"another hash", 32, 0x1230, "the hash of symbol 5 is not that of its name"},
	} {
		m := newModel(true, false, elf.EM_X86_64)
		m.sysvHash = ""
		b := m.build()
		m.put(b, b.at["DT_GNU_HASH"]+int(c.at), c.value, 4)
		_, err := Read(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		if c.reason == "" && err != nil || c.reason != "" && (!errors.As(err, &format) || format.Reason != c.reason) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestTwice: where loaders take different ones of two entries, the file is refused.
func TestTwice(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	m.extra = [][2]uint64{{uint64(elf.DT_GNU_HASH), 8}}
	b := m.build()
	var format *FormatError
	if _, err := Read(bytes.NewReader(b.data), int64(len(b.data))); !errors.As(err, &format) || format.Field != "DT_GNU_HASH" || format.Reason != "occurs twice with different values" {
		t.Errorf("two values: %v", err)
	}
	m.extra = [][2]uint64{{uint64(elf.DT_GNU_HASH), uint64(mustRead(t, newModel(true, false, elf.EM_X86_64).build()).Entries[elf.DT_GNU_HASH])}}
	if f := mustRead(t, m.build()); f.SymbolsFrom != SymbolsGNUHash {
		t.Error("the same value twice")
	}
}
