package elfaudit

import (
	"bytes"
	"debug/elf"
	"fmt"
	"testing"
)

// TestManySymbols: more symbols than 16 bits count, each by every hash table.
func TestManySymbols(t *testing.T) {
	const undefined, defined = 40_000, 30_000
	for _, c := range []struct {
		wide, big       bool
		machine         elf.Machine
		gnu, sysv, from string
	}{
		{true, false, elf.EM_X86_64, "full", "", "gnu-hash"},
		{false, false, elf.EM_ARM, "", "full", "sysv-hash"},
		{true, true, elf.EM_S390, "full", "wide", "gnu-hash"},
	} {
		m := newModel(c.wide, c.big, c.machine)
		m.gnuHash, m.sysvHash, m.symbols = c.gnu, c.sysv, nil
		for i := range undefined {
			m.symbols = append(m.symbols, Symbol{Name: fmt.Sprintf("u%d", i)})
		}
		for i := range defined {
			m.symbols = append(m.symbols, Symbol{Name: fmt.Sprintf("d%d", i), Defined: true, Type: elf.STT_FUNC})
		}
		data := m.build().data
		f, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		u, d := 0, 0
		for range f.Undefined() {
			u++
		}
		for range f.Exported() {
			d++
		}
		if u != undefined || d != defined || f.SymbolsFrom.String() != c.from {
			t.Errorf("%s: %d undefined, %d exported, by %s", c.machine, u, d, f.SymbolsFrom)
		}
	}
}
