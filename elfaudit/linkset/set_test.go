package linkset

import (
	"debug/elf"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// TestIsNeeded: a library is needed by its file name or its soname, on its machine.
func TestIsNeeded(t *testing.T) {
	file := func(path, machine, soname string, needed ...string) *File {
		f := &elfaudit.File{Kind: elfaudit.KindSharedObject, Class: 64, Machine: elf.EM_X86_64, Soname: soname, Needed: needed}
		one := NewFile(path, f, nil)
		one.Machine = machine
		return one
	}
	byName, bySoname := file("p.libs/libname.so.1", "x86_64", ""), file("p.libs/libfile.so", "x86_64", "libsoname.so.2")
	far, arm := file("libfar.so", "aarch64", ""), file("libarm.so", "armv6l", "")
	other := file("libother.so", "x86_64", "")
	s := New([]*File{byName, bySoname, far, arm, other,
		file("mod.so", "x86_64", "", "libname.so.1", "libsoname.so.2", "libfar.so"), file("arm.so", "armv7l", "", "libarm.so")})
	for f, want := range map[*File]bool{byName: true, bySoname: true, far: false, arm: true, other: false} {
		if got := s.IsNeeded(f); got != want {
			t.Errorf("%s: %v", f.Path, got)
		}
	}
}
