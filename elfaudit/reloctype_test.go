package elfaudit

import (
	"debug/elf"
	"slices"
	"testing"
)

// TestRelocationTypes has the numbers of the supplements of the System V ABI for each
// processor.
func TestRelocationTypes(t *testing.T) {
	for _, c := range []struct {
		machine  elf.Machine
		relative uint32
		offsets  []uint32
	}{
		{elf.EM_X86_64, 8, []uint32{18, 23}},
		{elf.EM_386, 8, []uint32{14, 37}},
		{elf.EM_AARCH64, 1027, []uint32{1030}},
		{elf.EM_ARM, 23, []uint32{19}},
		{elf.EM_PPC64, 22, []uint32{73, 69, 70, 72, 71}},
		{elf.EM_S390, 12, []uint32{56}},
		{elf.EM_RISCV, 3, []uint32{10, 11}},
		{elf.EM_LOONGARCH, 3, []uint32{10, 11}},
		{elf.EM_MIPS, 0, nil},
	} {
		got := threadOffsets(c.machine)
		slices.Sort(got)
		slices.Sort(c.offsets)
		if relativeType(c.machine) != c.relative || !slices.Equal(got, c.offsets) {
			t.Errorf("%v: %d, %d", c.machine, relativeType(c.machine), got)
		}
	}
}

// TestPunycodeDigit: letters of both cases are the first digits, and 0 to 9 the others.
func TestPunycodeDigit(t *testing.T) {
	for c, want := range map[byte]int{'a': 0, 'z': 25, 'A': 0, 'Z': 25, '0': 26, '9': 35, '`': -1, '{': -1, '@': -1, '[': -1, '/': -1, ':': -1} {
		if got := punycodeDigit(c); got != want {
			t.Errorf("%c: %d, want %d", c, got, want)
		}
	}
}
