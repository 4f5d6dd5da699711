package elfaudit

import (
	"debug/elf"
	"reflect"
	"slices"
	"testing"
)

// TestProperties covers the properties of each machine and of others.
func TestProperties(t *testing.T) {
	tests := []struct {
		name    string
		machine elf.Machine
		list    []uint32 // type, value
		want    Properties
	}{
		{"nothing", elf.EM_X86_64, nil, Properties{}},
		{"x86 features", elf.EM_X86_64, []uint32{propX86Feature, 3}, Properties{IBT: true, SHSTK: true}},
		{"x86 IBT", elf.EM_386, []uint32{propX86Feature, 1}, Properties{IBT: true}},
		{"x86 SHSTK", elf.EM_386, []uint32{propX86Feature, 2}, Properties{SHSTK: true}},
		{"x86 other feature", elf.EM_386, []uint32{propX86Feature, 4}, Properties{}},
		{"x86 levels", elf.EM_X86_64, []uint32{propX86ISANeeded, 3, 0xc0010002, 15}, // the second are those that it may use
			Properties{X86ISANeeded: X86Baseline | X86V2}},
		{"x86 levels of the old numbering", elf.EM_X86_64, []uint32{0xc0000001, 15, 0xc0008000, 15, 0xc0010000, 15}, Properties{}},
		{"AArch64", elf.EM_AARCH64, []uint32{propAArch64Feature, 7}, Properties{BTI: true, PAC: true, GCS: true}},
		{"AArch64 BTI", elf.EM_AARCH64, []uint32{propAArch64Feature, 1}, Properties{BTI: true}},
		{"AArch64 PAC", elf.EM_AARCH64, []uint32{propAArch64Feature, 2}, Properties{PAC: true}},
		{"AArch64 GCS", elf.EM_AARCH64, []uint32{propAArch64Feature, 4}, Properties{GCS: true}},
		{"x86 type on AArch64", elf.EM_AARCH64, []uint32{propX86Feature, 3, propX86ISANeeded, 3}, Properties{}},
		{"AArch64 type on x86", elf.EM_X86_64, []uint32{propAArch64Feature, 7}, Properties{}},
		{"other machine", elf.EM_PPC64, []uint32{propAArch64Feature, 7, propX86Feature, 3}, Properties{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newModel(tt.machine != elf.EM_386, false, tt.machine)
			order := m.byteOrder()
			var list []byte
			for i := 0; i < len(tt.list); i += 2 {
				list = append(list, words(order, tt.list[i], 4, tt.list[i+1])...)
				if m.wide {
					list = append(list, 0, 0, 0, 0)
				}
			}
			// A property of another size than the ones known is passed over.
			list = append(list, words(order, propX86Feature, 8, 3, 3)...)
			align := m.width()
			m.property = note(order, align, "GNU", noteProperties, list)
			// Later notes of the same type do not count.
			m.notes = note(order, 4, "GNU", noteProperties, words(order, propX86ISANeeded, 4, 8, 0))
			want := tt.want
			want.Present = true
			if f := mustRead(t, m.build()); f.Properties != want {
				t.Errorf("got %+v, want %+v", f.Properties, want)
			}
		})
	}
}

// TestPropertyNoteOnly reads properties that have no PT_GNU_PROPERTY.
func TestPropertyNoteOnly(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	order := m.byteOrder()
	m.notes = note(order, 4, "GNU", noteProperties, words(order, propX86ISANeeded, 4, 2, 0))
	if f := mustRead(t, m.build()); f.Properties.X86ISANeeded != X86V2 {
		t.Errorf("got %+v", f.Properties)
	}
}

// TestX86ISALevel covers the highest level of a set.
func TestX86ISALevel(t *testing.T) {
	for isa, want := range map[X86ISA]int{0: 0, 1: 1, 2: 2, 3: 2, 4: 3, 7: 3, 8: 4, 13: 4, 15: 4, 16: 0, 31: 0} {
		if got := isa.Level(); got != want {
			t.Errorf("%d: got %d, want %d", isa, got, want)
		}
	}
}

// TestNotes covers notes that are nearly those of interest.
func TestNotes(t *testing.T) {
	m := newModel(true, false, elf.EM_AARCH64)
	order := m.byteOrder()
	id := []byte{1, 2, 3}
	tests := []struct {
		name  string
		notes []byte
		tag   *ABITag
		id    []byte
		droid *Android
	}{
		{"none", []byte{}, nil, nil, nil},
		{"zeros", make([]byte, 25), nil, nil, nil},
		{"other owner of the same length", slices.Concat(note(order, 4, "GNV", noteBuildID, id), note(order, 4, "Androia", noteAndroid, words(order, 21))), nil, nil, nil},
		{"owner without its zero", note(order, 4, "GNU1234", noteBuildID, id), nil, nil, nil},
		{"long owner", note(order, 4, "GNU or somebody else", noteBuildID, id), nil, nil, nil},
		{"other type", slices.Concat(note(order, 4, "GNU", 2, id), note(order, 4, "Android", 2, words(order, 21))), nil, nil, nil},
		{"build ID", note(order, 4, "GNU", noteBuildID, id), nil, id, nil},
		{"two build IDs", slices.Concat(note(order, 4, "GNU", noteBuildID, id), note(order, 4, "GNU", noteBuildID, []byte{9})), nil, id, nil},
		{"empty build ID", note(order, 4, "GNU", noteBuildID, nil), nil, nil, nil},
		{"FreeBSD", note(order, 4, "GNU", noteABITag, words(order, 3, 13, 1, 0)), &ABITag{OS: 3, Kernel: [3]uint32{13, 1, 0}}, nil, nil},
		{"ABI tag too short", note(order, 4, "GNU", noteABITag, words(order, 0, 3, 2)), nil, nil, nil},
		{"ABI tag too long", note(order, 4, "GNU", noteABITag, words(order, 0, 3, 2, 0, 0)), nil, nil, nil},
		{"two ABI tags", slices.Concat(note(order, 4, "GNU", noteABITag, words(order, 0, 3, 2, 0)), note(order, 4, "GNU", noteABITag, words(order, 1, 9, 9, 9))),
			&ABITag{Kernel: [3]uint32{3, 2, 0}}, nil, nil},
		{"Android without release", note(order, 4, "Android", noteAndroid, words(order, 21)), nil, nil, &Android{API: 21}},
		{"Android too short", note(order, 4, "Android", noteAndroid, []byte{1, 2, 3}), nil, nil, nil},
	}
	for _, tt := range tests {
		m.notes = tt.notes
		f := mustRead(t, m.build())
		if !reflect.DeepEqual(f.ABITag, tt.tag) || !slices.Equal(f.BuildID, tt.id) || !reflect.DeepEqual(f.Android, tt.droid) {
			t.Errorf("%s: got %+v %x %+v", tt.name, f.ABITag, f.BuildID, f.Android)
		}
	}
}

// TestBrokenNotes reads segments that are not lists of notes: what comes before
// the damage counts, and the file is not refused.
func TestBrokenNotes(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	order := m.byteOrder()
	id := note(order, 4, "GNU", noteBuildID, []byte{1, 2, 3, 4})
	text := []byte("This file was built by a script.")
	properties := func(list ...uint32) []byte { return note(order, 8, "GNU", noteProperties, words(order, list...)) }
	for _, tt := range []struct {
		name   string
		notes  []byte
		broken bool
		id     bool
	}{
		{"sound", id, false, true},
		{"text", text, true, false},
		{"less than a note of text", text[:11], false, false},
		{"text behind a note", slices.Concat(id, text), true, true},
		{"text before a note", slices.Concat(text, id), true, false},
		{"name of all that is left", slices.Concat(words(order, 12, 0, 7), make([]byte, 12)), false, false},
		{"name too long", slices.Concat(words(order, 13, 0, 7), make([]byte, 12)), true, false},
		{"contents of all that is left", slices.Concat(words(order, 4, 8, 7), make([]byte, 12)), false, false},
		{"contents too long", slices.Concat(words(order, 4, 9, 7), make([]byte, 12)), true, false},
		{"enormous name", words(order, 1<<32-1, 0, 7, 0, 0), true, false},
		{"enormous contents", words(order, 4, 1<<32-1, 7, 0, 0), true, false},
	} {
		m.notes = tt.notes
		f := mustRead(t, m.build())
		if f.NotesBroken != tt.broken || (f.BuildID != nil) != tt.id || len(f.Needed) != 2 {
			t.Errorf("%s: broken %v, build ID %x", tt.name, f.NotesBroken, f.BuildID)
		}
	}
	m.notes = nil
	for _, tt := range []struct {
		property []byte
		broken   bool
		want     X86ISA
	}{
		{properties(propX86ISANeeded, 4, 2, 0), false, X86V2},
		{properties(propX86Feature, 8, 0, 0), false, 0},
		{properties(propX86Feature, 9, 0, 0), true, 0},
		{properties(propX86ISANeeded, 4, 2, 0, propX86Feature, 99), true, X86V2},
		{properties(propX86Feature, 99, propX86ISANeeded, 4, 2, 0), true, 0},
		{properties(propX86ISANeeded), false, 0},
	} {
		m.property = tt.property
		if f := mustRead(t, m.build()); f.NotesBroken != tt.broken || f.Properties.X86ISANeeded != tt.want || !f.Properties.Present {
			t.Errorf("%x: broken %v, %+v", tt.property, f.NotesBroken, f.Properties)
		}
	}
}

// TestBuildIDLimit: what is too long for a build ID is none.
func TestBuildIDLimit(t *testing.T) {
	m := newModel(true, false, elf.EM_X86_64)
	for size, want := range map[int]int{1: 1, 20: 20, maxBuildID: maxBuildID, maxBuildID + 1: 0} {
		m.notes = note(m.byteOrder(), 4, "GNU", noteBuildID, make([]byte, size))
		if f := mustRead(t, m.build()); len(f.BuildID) != want {
			t.Errorf("%d bytes: got %d", size, len(f.BuildID))
		}
	}
}

// TestNoteAlignment: notes of segments with an alignment of 8 are padded to that.
func TestNoteAlignment(t *testing.T) {
	for _, align := range []int{4, 8} {
		m := newModel(true, false, elf.EM_X86_64)
		order := m.byteOrder()
		m.notes = slices.Concat(note(order, align, "Vendor", 1, []byte{1}), note(order, align, "GNU", noteBuildID, []byte{7, 8, 9}))
		b := m.build()
		for stated, ok := range map[uint64]bool{uint64(align): true, 12 - uint64(align): false} {
			m.put(b, b.at["ph:notes"]+48, stated, 8)
			if f := mustRead(t, b); slices.Equal(f.BuildID, []byte{7, 8, 9}) != ok {
				t.Errorf("padded to %d, stated %d: build ID %x", align, stated, f.BuildID)
			}
		}
	}
}
