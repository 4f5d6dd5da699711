package manylinux

import (
	"debug/elf"
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// TestAlignment: which p_align glibc before 2.35 takes. (Its 2.31 and 2.36 were asked
// about each of these.)
func TestAlignment(t *testing.T) {
	for _, c := range []struct {
		what                string
		offset, addr, align uint64
		want                string // From of the demand
	}{
		{"a page", 0x450, 0x1450, 0x1000, ""},
		{"two megabytes in line", 0x450, 0x200450, 0x200000, ""},
		{"two megabytes out of line", 0x450, 0x1450, 0x200000, "2.35"},
		{"two pages out of line", 0x450, 0x1450, 0x2000, "2.35"},
		{"half a page", 0x450, 0x1450, 0x800, "2.35"},
		{"one and a half", 0x450, 0x1450, 0x1800, "2.35"},
		{"one byte", 0x450, 0x450, 1, "2.35"},
		{"none, and the same address", 0x450, 0x450, 0, ""},
		{"none, and another address", 0x450, 0x1450, 0, "2.35"},
		{"out of line within a page, which no release takes", 0x450, 0x1451, 16, ""},
	} {
		for libc, want := range map[elfaudit.Libc]string{elfaudit.LibcGlibc: c.want, elfaudit.LibcMusl: ""} {
			f := code("x86_64", libc)
			f.ELF.Loads = []elfaudit.Load{{Offset: c.offset, Addr: c.addr, Align: c.align, MemSize: 1, Flags: elf.PF_R}}
			got := ""
			for _, d := range Known().Demands(linkset.New([]*linkset.File{f}), f, libc, "x86_64") {
				if d.Kind == KindHeader && d.From != "" {
					got = d.From
					if d.Floor != 35 || d.Lowest != "manylinux_2_35_x86_64" {
						t.Errorf("%s: %+v", c.what, d)
					}
				}
			}
			if got != want {
				t.Errorf("%s, %v: %q, want %q", c.what, libc, got, want)
			}
		}
	}
}
