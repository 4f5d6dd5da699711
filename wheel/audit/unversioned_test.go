package audit

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/elftest"
)

// TestUnversionedSymbols: a symbol that none of the named libraries can have is a
// warning; one of glibc is compared with the claim, as if it had its version.
func TestUnversionedSymbols(t *testing.T) {
	libc := []string{"libc.so.6"}
	for _, c := range []struct {
		what   string
		needed []string
		uses   []string
		want   []string
	}{
		{"of every glibc", libc, []string{"dlopen"}, nil},
		{"of a later glibc", libc, []string{"strlcpy"}, []string{
			"symbol-version|m.so|manylinux_2_5_x86_64|manylinux_2_38_x86_64|needs GLIBC_2.38 of libc.so.6 (strlcpy), which manylinux_2_5_x86_64 lacks; allowed from manylinux_2_38_x86_64",
		}},
		{"of no library", libc, []string{"z01", "z02", "z03", "z04", "z05", "z06", "z07", "z08", "z09", "z10", "z11", "dlopen"}, []string{
			"unversioned-symbol|m.so|||uses z01, z02, z03, z04, z05, z06, z07, z08, z09, z10 and 1 more without a version, but every library that it names gives its symbols one; which releases have them is not known",
		}},
		{"of a library without versions, perhaps", []string{"libc.so.6", "libX11.so.6"}, []string{"alpha"}, nil},
	} {
		data := elftest.Spec{Needed: c.needed, Undefined: c.uses, BindNow: true}.Bytes()
		r := audited(t, "manylinux_2_5_x86_64", Options{}, map[string][]byte{"m.so": data})
		if diff := cmp.Diff(c.want, claimFindings(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}
