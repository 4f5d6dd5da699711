package elftest

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// TestLibrary: what is written is what is read.
func TestLibrary(t *testing.T) {
	for _, like := range []*elfaudit.File{
		{Class: 64, Order: binary.LittleEndian, Machine: elf.EM_X86_64},
		{Class: 64, Order: binary.BigEndian, Machine: elf.EM_S390},
		{Class: 32, Order: binary.LittleEndian, Machine: elf.EM_ARM, Flags: 0x5000400},
	} {
		l := Library{Like: like, Soname: "libx.so.1", Needed: []string{"libc.so.6"}, Versions: []string{"X_1", "X_2"}, Symbols: []string{"a", "b"}, Tail: "tail"}
		data := l.Bytes()
		f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		var symbols, versions []string
		for s := range f.Exported() {
			symbols = append(symbols, s.Name)
		}
		for _, d := range f.VersionDefs {
			versions = append(versions, d.Name)
		}
		slices.Sort(symbols)
		if diff := cmp.Diff([][]string{{"libx.so.1"}, {"libc.so.6"}, {"libx.so.1", "X_1", "X_2"}, {"a", "b"}}, [][]string{{f.Soname}, f.Needed, versions, symbols}); diff != "" {
			t.Errorf("%v (-want +got):\n%s", like.Machine, diff)
		}
		if f.Machine != like.Machine || f.Class != like.Class || f.Order != like.Order || !bytes.HasSuffix(data, []byte("tail")) {
			t.Errorf("%v: %+v", like.Machine, f)
		}
	}
}
