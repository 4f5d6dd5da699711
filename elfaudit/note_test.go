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
		{"x86 levels", elf.EM_X86_64, []uint32{propX86ISANeeded, 3, propX86ISAUsed, 15},
			Properties{X86ISANeeded: X86Baseline | X86V2, X86ISAUsed: X86Baseline | X86V2 | X86V3 | X86V4}},
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
