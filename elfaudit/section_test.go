package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"slices"
	"testing"
)

// TestSections changes the section headers of files in several ways and
// expects the same facts.
func TestSections(t *testing.T) {
	for _, v := range variants {
		compareWithoutSections(t, sample{v.name, newModel(v.wide, v.big, v.machine).build().data})
	}
	for _, s := range fixtureSamples(t) {
		compareWithoutSections(t, s)
	}
}

func compareWithoutSections(t *testing.T, s sample) {
	t.Helper()
	f, err := Read(bytes.NewReader(s.data), int64(len(s.data)))
	if err != nil {
		t.Errorf("%s: %v", s.name, err)
		return
	}
	want := facts(f)
	for name, data := range withoutSections(f, s.data) {
		g, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Errorf("%s, %s: %v", s.name, name, err)
			continue
		}
		sameFacts(t, s.name+", "+name, facts(g), want)
		if g.ARM != nil && g.ARM.AttributesFromSection {
			t.Errorf("%s, %s: attributes from a section", s.name, name)
		}
	}
}

// withoutSections returns copies of a file with its section headers hidden,
// out of reach, or overwritten.
func withoutSections(f *File, data []byte) map[string][]byte {
	at, counts, size := 32, 46, 4 // of e_shoff, e_shentsize, and of an address
	start := uint64(f.Order.Uint32(data[at:]))
	if f.Class == 64 {
		at, counts, size = 40, 58, 8
		start = f.Order.Uint64(data[at:])
	}
	zeroed, wild := slices.Clone(data), slices.Clone(data)
	clear(zeroed[at : at+size])
	clear(zeroed[counts : counts+6])
	for i := range size {
		wild[at+i] = 0x7e
	}
	out := map[string][]byte{"zeroed": zeroed, "wild": wild}
	if table := uint64(f.Order.Uint16(data[counts:])) * uint64(f.Order.Uint16(data[counts+2:])); start > 0 && start+table <= uint64(len(data)) {
		lying := slices.Clone(data)
		for i := range lying[start : start+table] {
			lying[int(start)+i] = byte(i * 31)
		}
		out["lying"] = lying
	}
	return out
}

// TestTruncated cuts small files at every length.
func TestTruncated(t *testing.T) {
	for _, v := range variants {
		m := newModel(v.wide, v.big, v.machine)
		m.interp, m.notes = "/lib/ld.so", note(m.byteOrder(), 4, "GNU", noteBuildID, []byte("0123"))
		cutFile(t, sample{v.name, m.build().data}, 1)
	}
	step := 1
	if testing.Short() {
		step = 7
	}
	for _, s := range fixtureSamples(t) {
		if len(s.data) < 16<<10 {
			cutFile(t, s, step)
		}
	}
}

// cutFile cuts a file at every step-th length. Each cut gives an error or
// exactly the facts of the whole.
func cutFile(t *testing.T, s sample, step int) {
	t.Helper()
	f, err := Read(bytes.NewReader(s.data), int64(len(s.data)))
	if err != nil {
		t.Errorf("%s: %v", s.name, err)
		return
	}
	if f.Kind == KindRelocatable {
		return // nothing but the header has been read
	}
	want := facts(f)
	for n := 0; n < len(s.data); n += step {
		f, err := Read(bytes.NewReader(s.data[:n]), int64(n))
		var format *FormatError
		switch {
		case err == nil:
			if !sameFacts(t, s.name, facts(f), want) {
				t.Fatalf("cut to %d bytes", n)
			}
		case f != nil:
			t.Fatalf("%s cut to %d bytes: a File and %v", s.name, n, err)
		case n < 4 && !errors.Is(err, ErrNotELF), n >= 4 && (!errors.As(err, &format) || format.Code != CodeTruncated):
			t.Fatalf("%s cut to %d bytes: %v", s.name, n, err)
		}
	}
}

// TestPrefix reads through a window that lacks everything behind the last
// table, as a caller does that has not received the rest yet.
func TestPrefix(t *testing.T) {
	b := newModel(true, false, elf.EM_X86_64).build()
	padded := append(slices.Clone(b.data), make([]byte, 1<<20)...)
	want := facts(mustRead(t, b))
	f, err := Read(failingReader{padded, int64(b.at["sections"]), errors.New("not here yet")}, int64(len(padded)))
	if err != nil {
		t.Fatal(err)
	}
	sameFacts(t, "prefix", facts(f), want)
}
