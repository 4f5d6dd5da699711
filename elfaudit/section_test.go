package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// sectionFile writes a file of nothing but an ELF header, the contents and names
// of sections, and their headers.
func sectionFile(m *model, list []Section, contents int) built {
	order := m.byteOrder()
	b := &builder{model: m, order: order, built: built{at: map[string]int{}}}
	b.data = make([]byte, b.size(52, 64)+contents)
	names := []byte{0}
	w := uint64(b.size(4, 8))
	table := make([]byte, b.size(40, 64))
	add := func(s Section) {
		table = b.p(table, 4, uint64(len(names)), 4, uint64(s.Type), w, uint64(s.Flags), w, 0, w, s.Offset, w, s.Size, 4, 0, 4, 0, w, 1, w, 0)
		names = append(append(names, s.Name...), 0)
	}
	for _, s := range list {
		add(s)
	}
	add(Section{".shstrtab", elf.SHT_STRTAB, 0, 0, 0})
	at := b.place("names", names)
	last := table[len(table)-b.size(40, 64)+8+2*int(w):] // from sh_offset on
	copy(last, b.p(nil, w, uint64(at), w, uint64(len(names))))
	b.place("table", table)
	m.sections = false
	ident := append([]byte(elf.ELFMAG), 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if m.wide {
		ident[4] = 2
	}
	if m.big {
		ident[5] = 2
	}
	copy(b.data, b.p(ident, 2, uint64(elf.ET_REL), 2, uint64(m.machine), 4, 1, w, 0, w, 0, w, uint64(b.at["table"]),
		4, 0, 2, uint64(b.size(52, 64)), 2, 0, 2, 0, 2, uint64(b.size(40, 64)), 2, uint64(len(list)+2), 2, uint64(len(list)+1)))
	return b.built
}

func TestSections(t *testing.T) {
	list := []Section{
		{".text", elf.SHT_PROGBITS, elf.SHF_ALLOC | elf.SHF_EXECINSTR, 64, 16},
		{".bss", elf.SHT_NOBITS, elf.SHF_ALLOC | elf.SHF_WRITE, 1 << 20, 1 << 20},
		{"", elf.SHT_NULL, 0, 1 << 20, 1 << 20},
		{".debug_info", elf.SHT_PROGBITS, elf.SHF_COMPRESSED, 64, 10},
	}
	for _, v := range variants {
		b := sectionFile(newModel(v.wide, v.big, v.machine), list, 32)
		got, err := Sections(bytes.NewReader(b.data), int64(len(b.data)))
		if err != nil || len(got) != 5 || !slices.Equal(got[:4], list) || got[4].Name != ".shstrtab" || got[4].Type != elf.SHT_STRTAB {
			t.Errorf("%s: %v, %v", v.name, got, err)
		}
	}
	m := newModel(true, false, elf.EM_X86_64)
	m.sections = false
	data := m.build().data
	if got, err := Sections(bytes.NewReader(data), int64(len(data))); got != nil || err != nil {
		t.Errorf("without section headers: %v, %v", got, err)
	}
	for _, s := range []string{"", "MZ", "\x7fELG"} {
		if got, err := Sections(strings.NewReader(s), int64(len(s))); got != nil || !errors.Is(err, ErrNotELF) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

// TestSectionNumbers uses the forms for numbers that the ELF header has no room
// for: the number of sections and the index of their names.
func TestSectionNumbers(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	list := []Section{{".a", elf.SHT_PROGBITS, 0, 64, 8}}
	b := sectionFile(m, list, 32)
	m.put(b, 60, 0, 2)               // e_shnum
	m.put(b, b.at["table"]+32, 3, 8) // sh_size of the empty section
	m.put(b, 62, 0xffff, 2)          // e_shstrndx
	m.put(b, b.at["table"]+40, 2, 4) // its sh_link
	got, err := Sections(bytes.NewReader(b.data), int64(len(b.data)))
	if err != nil || len(got) != 2 || got[0] != list[0] || got[1].Name != ".shstrtab" {
		t.Errorf("%v, %v", got, err)
	}
	m.put(b, 62, 0, 2) // no names
	got, err = Sections(bytes.NewReader(b.data), int64(len(b.data)))
	if err == nil || got != nil {
		t.Errorf("names without a table: %v", got)
	}
}

func TestSectionDamage(t *testing.T) {
	const last = 3 * 64 // from the table to .shstrtab
	for _, tt := range []struct {
		name        string
		damage      damage
		code, field string
	}{
		{"sound", poke("", 8, 0, 2), "", ""},
		{"header size", poke("", 58, 40, 2), CodeHeader, "e_shentsize"}, // at 58
		{"table past the end", poke("", 40, 1<<40, 8), CodeTruncated, "section header table"},
		{"table at an impossible place", poke("", 40, 1<<63, 8), CodeTruncated, "section header table"},
		{"one header more than there are", poke("", 60, 5, 2), CodeTruncated, "section header table"},
		{"names from a section that is not there", poke("", 62, 4, 2), CodeHeader, "e_shstrndx"},
		{"names past the end", poke("table", last+24, 1<<40, 8), CodeTruncated, "section names"},
		{"too many names", poke("table", last+32, 1<<40, 8), CodeTruncated, "section names"},
		{"a name outside", poke("table", 64, 1<<20, 4), CodeString, "section 1"},
		{"contents past the end", poke("table", 64+24, 1<<20, 8), CodeTruncated, "section 1"},
		{"contents too large", poke("table", 2*64+32, 1<<40, 8), CodeTruncated, "section 2"},
		{"contents that wrap", poke("table", 2*64+32, ^uint64(0), 8), CodeTruncated, "section 2"},
		{"too many headers", func(m *model, b built) { m.put(b, 60, 0, 2); m.put(b, b.at["table"]+32, maxSections+1, 8) }, CodeLimit, "section header table"},
	} {
		m := newModel(true, false, elf.EM_X86_64)
		b := sectionFile(m, []Section{{".a", elf.SHT_PROGBITS, 0, 64, 8}, {".b", elf.SHT_PROGBITS, 0, 72, 8}}, 32)
		tt.damage(m, b)
		got, err := Sections(bytes.NewReader(b.data), int64(len(b.data)))
		var format *FormatError
		switch {
		case tt.code == "" && err != nil, tt.code != "" && (got != nil || !errors.As(err, &format) || format.Code != tt.code || format.Field != tt.field):
			t.Errorf("%s: %v, %v", tt.name, got, err)
		}
	}
	b := sectionFile(newModel(true, false, elf.EM_X86_64), nil, 0)
	for n := range b.data {
		got, err := Sections(bytes.NewReader(b.data[:n]), int64(n))
		if got != nil || err == nil {
			t.Fatalf("cut to %d bytes: %v", n, got)
		}
	}
	broken := errors.New("broken disk")
	if got, err := Sections(failingReader{b.data, 100, broken}, int64(len(b.data))); got != nil || !errors.Is(err, broken) && !errors.Is(err, io.EOF) {
		t.Errorf("reader that fails: %v, %v", got, err)
	}
}

func TestDebugSize(t *testing.T) {
	for _, tt := range []struct {
		section Section
		want    uint64
	}{
		{Section{".debug_info", elf.SHT_PROGBITS, 0, 0, 7}, 7},
		{Section{".zdebug_str", elf.SHT_PROGBITS, 0, 0, 7}, 7},
		{Section{".stabstr", elf.SHT_STRTAB, 0, 0, 7}, 7},
		{Section{".gdb_index", elf.SHT_PROGBITS, 0, 0, 7}, 7},
		{Section{".debug_info", elf.SHT_NOBITS, 0, 0, 7}, 0},
		{Section{".debug_info", elf.SHT_PROGBITS, elf.SHF_ALLOC, 0, 7}, 0},
		{Section{".text", elf.SHT_PROGBITS, 0, 0, 7}, 0},
		{Section{".symtab", elf.SHT_SYMTAB, 0, 0, 7}, 0},
		{Section{"my.debug_info", elf.SHT_PROGBITS, 0, 0, 7}, 0},
	} {
		if got := DebugSize([]Section{tt.section, {".data", elf.SHT_PROGBITS, elf.SHF_ALLOC, 0, 100}, tt.section}); got != 2*tt.want {
			t.Errorf("%+v twice: %d, want %d", tt.section, got, 2*tt.want)
		}
	}
}

// TestSectionsOfFixtures compares names, types and places with debug/elf's.
func TestSectionsOfFixtures(t *testing.T) {
	for _, s := range fixtureSamples(t) {
		e, err := elf.NewFile(bytes.NewReader(s.data))
		if err != nil {
			t.Fatal(err)
		}
		var want []Section
		for i, h := range e.Sections {
			if i > 0 {
				want = append(want, Section{h.Name, h.Type, h.Flags, h.Offset, h.FileSize})
			}
		}
		got, err := Sections(bytes.NewReader(s.data), int64(len(s.data)))
		for i := range got {
			if got[i].Type == elf.SHT_NOBITS && i < len(want) {
				want[i].Size = got[i].Size // debug/elf gives 0
			}
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", s.name, got, err, want)
		}
	}
}
