package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// TestHiddenSections changes the section headers of files in several ways and
// expects the same facts.
func TestHiddenSections(t *testing.T) {
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
	for _, h := range hiddenSections(f, s.data) {
		for _, p := range h.patches {
			copy(s.data[p.at:], p.with)
		}
		g, err := Read(bytes.NewReader(s.data), int64(len(s.data)))
		for _, p := range h.patches {
			copy(s.data[p.at:], p.before)
		}
		if err != nil {
			t.Errorf("%s, %s: %v", s.name, h.name, err)
			continue
		}
		if !reflect.DeepEqual(withoutHint(g), withoutHint(f)) {
			sameFacts(t, s.name+", "+h.name, facts(g), facts(f))
			t.Errorf("%s, %s: other facts", s.name, h.name)
		}
		if g.ARM != nil && g.ARM.AttributesFromSection {
			t.Errorf("%s, %s: attributes from a section", s.name, h.name)
		}
	}
}

// patch overwrites bytes of a file; before keeps what was there.
type patch struct {
	at           int
	with, before []byte
}

// hidden is a way to make section headers useless.
type hidden struct {
	name    string
	patches []patch
}

// hiddenSections returns changes to a file that hide its section headers, put
// them out of reach, or overwrite them.
func hiddenSections(f *File, data []byte) []hidden {
	at, counts, size := 32, 46, 4 // of e_shoff, e_shentsize, and of an address
	start := uint64(f.Order.Uint32(data[at:]))
	if f.Class == 64 {
		at, counts, size = 40, 58, 8
		start = f.Order.Uint64(data[at:])
	}
	change := func(at int, with []byte) patch { return patch{at, with, slices.Clone(data[at : at+len(with)])} }
	out := []hidden{
		{"zeroed", []patch{change(at, make([]byte, size)), change(counts, make([]byte, 6))}},
		{"wild", []patch{change(at, bytes.Repeat([]byte{0x7e}, size))}},
	}
	if table := uint64(f.Order.Uint16(data[counts:])) * uint64(f.Order.Uint16(data[counts+2:])); start > 0 && start+table <= uint64(len(data)) {
		wrong := make([]byte, table)
		for i := range wrong {
			wrong[i] = byte(i * 31)
		}
		out = append(out, hidden{"false", []patch{change(int(start), wrong)}})
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
	type sort struct {
		machine string
		kind    Kind
		libc    Libc
	}
	seen := map[sort]bool{}
	for _, s := range fixtureSamples(t) {
		f, err := Read(bytes.NewReader(s.data), int64(len(s.data)))
		if err != nil || len(s.data) >= 16<<10 {
			continue
		}
		libc, _ := f.Libc()
		k := sort{f.MachineTag(), f.Kind, libc}
		step := 1
		if seen[k] || testing.Short() {
			step = 7 // most fixtures differ in little but a name
		}
		seen[k] = true
		cutFile(t, s, step)
	}
}

// withoutHint returns f without the build attributes that a section header led
// to, which a cut may lose without an error.
func withoutHint(f *File) *File {
	if f.ARM == nil || f.ARM.Attributes != nil && !f.ARM.AttributesFromSection {
		return f
	}
	g, arm := *f, *f.ARM
	arm.Attributes, arm.AttributesFromSection = nil, false
	g.ARM = &arm
	return &g
}

// cutFile cuts a file at every step-th length. Each cut gives an error or
// exactly the facts of the whole, but perhaps not the hint of withoutHint.
func cutFile(t *testing.T, s sample, step int) {
	t.Helper()
	whole, err := Read(bytes.NewReader(s.data), int64(len(s.data)))
	if err != nil {
		t.Errorf("%s: %v", s.name, err)
		return
	}
	if whole.Kind == KindRelocatable {
		return // nothing but the header has been read
	}
	for n := 0; n < len(s.data); n += step {
		f, err := Read(bytes.NewReader(s.data[:n]), int64(n))
		var format *FormatError
		switch {
		case err == nil:
			if !reflect.DeepEqual(withoutHint(f), withoutHint(whole)) {
				sameFacts(t, s.name, facts(f), facts(whole))
				t.Fatalf("%s cut to %d bytes: other facts", s.name, n)
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
