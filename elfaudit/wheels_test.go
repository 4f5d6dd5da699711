package elfaudit

import (
	"bytes"
	"debug/elf"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// TestWheels compares the facts of ELF files in real wheels with those that GNU
// readelf and debug/elf find, which both go by sections, and with those of the
// same files without their section headers and cut short.
func TestWheels(t *testing.T) {
	_, err := exec.LookPath("readelf")
	hasReadelf := err == nil
	if !hasReadelf {
		t.Log("no readelf on this machine")
	}
	for _, name := range wheelNames(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			files := elfMembers(t, name)
			if hasReadelf {
				compareWithReadelf(t, files)
				compareRelocations(t, smaller(files, 128<<10, 1))
			}
			for _, s := range files {
				compareWithDebugELF(t, s)
				compareWithoutSections(t, s)
				cutFile(t, s, max(len(s.data)/20, 1))
			}
		})
	}
}

// compareWithDebugELF compares the facts that debug/elf knows.
func compareWithDebugELF(t *testing.T, s sample) {
	t.Helper()
	f, err := Read(bytes.NewReader(s.data), int64(len(s.data)))
	if err != nil {
		t.Errorf("%s: %v", s.name, err)
		return
	}
	e, err := elf.NewFile(bytes.NewReader(s.data))
	if err != nil {
		t.Fatal(err)
	}
	if e.Machine != f.Machine || e.Type != f.Type || e.OSABI != f.OSABI || e.ABIVersion != f.ABIVersion ||
		(e.Class == elf.ELFCLASS64) != (f.Class == 64) || e.ByteOrder != f.Order {
		t.Errorf("%s: headers differ: %+v", s.name, e.FileHeader)
	}
	libs, err := e.ImportedLibraries()
	if err != nil || !slices.Equal(libs, f.Needed) {
		t.Errorf("%s: needed %v, debug/elf says %v, %v", s.name, f.Needed, libs, err)
	}
	if soname, _ := e.DynString(elf.DT_SONAME); len(soname) > 1 || len(soname) == 1 && soname[0] != f.Soname {
		t.Errorf("%s: soname %q, debug/elf says %v", s.name, f.Soname, soname)
	}
	needs, err := e.DynamicVersionNeeds()
	if err != nil && len(f.VersionNeeds) > 0 || len(needs) != len(f.VersionNeeds) {
		t.Errorf("%s: %d version needs, debug/elf says %d, %v", s.name, len(f.VersionNeeds), len(needs), err)
		return
	}
	for i, n := range needs {
		mine := f.VersionNeeds[i]
		same := n.Name == mine.Library && len(n.Needs) == len(mine.Versions)
		for j := 0; same && j < len(n.Needs); j++ {
			same = n.Needs[j].Dep == mine.Versions[j].Name && n.Needs[j].Index == mine.Versions[j].Index &&
				(n.Needs[j].Flags&elf.VER_FLG_WEAK != 0) == mine.Versions[j].Weak
		}
		if !same {
			t.Errorf("%s: version need %+v, debug/elf says %+v", s.name, mine, n)
		}
	}
	symbols, err := e.DynamicSymbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		t.Errorf("%s: %v", s.name, err)
	}
	i := 0
	for mine := range f.Symbols() {
		if i >= len(symbols) || symbols[i].Name != mine.Name || (symbols[i].Section != elf.SHN_UNDEF) != mine.Defined ||
			symbols[i].HasVersion && symbols[i].VersionIndex.Index() > 1 && symbols[i].Version != mine.Version {
			t.Errorf("%s: symbol %d is %+v, debug/elf says otherwise", s.name, i, mine)
			return
		}
		i++
	}
	if i != len(symbols) {
		t.Errorf("%s: %d symbols, debug/elf says %d", s.name, i, len(symbols))
	}
}
