package manylinux

import (
	"debug/elf"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// TestUnversioned: a symbol of glibc that a file takes without its version is there from
// the release on that brought it; where one of no known library comes from is open.
func TestUnversioned(t *testing.T) {
	libc := []string{"libc.so.6"}
	const (
		needsLibc = "library libc.so.6 5 manylinux_2_5_x86_64"
		strlcpy   = "version libc.so.6 GLIBC_2.38 38 manylinux_2_38_x86_64 strlcpy"
	)
	for _, c := range []struct {
		what    string
		machine elf.Machine
		tag     string
		needed  []string
		symbols []string
		needs   []elftest.Need
		other   elftest.Spec // another file of the wheel
		want    []string
	}{
		{what: "a late one", needed: libc, symbols: []string{"strlcpy"}, want: []string{needsLibc, strlcpy}},
		{what: "of every release", needed: libc, symbols: []string{"dlopen", "floor", "pthread_mutexattr_init"}, want: []string{needsLibc}},
		{what: "weak", needed: libc, symbols: []string{"strlcpy?"}, want: []string{needsLibc}},
		{what: "Python's and the linker's", needed: libc, symbols: []string{"PyList_New", "_Py_Dealloc", "_DYNAMIC", "__tls_get_addr"}, want: []string{needsLibc}},
		{what: "of nobody", needed: libc, symbols: []string{"zeta", "strlcpy"}, want: []string{needsLibc, strlcpy, "symbol 5 manylinux_2_5_x86_64 zeta"}},
		{what: "of the wheel", needed: libc, symbols: []string{"zeta", "strlcpy"}, other: elftest.Spec{Exported: []string{"zeta", "strlcpy"}}, want: []string{needsLibc}},
		{what: "beside its version", needed: libc, symbols: []string{"strlcpy", "strlcat@GLIBC_2.38"}, needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.38"}}}, want: []string{
			"version libc.so.6 GLIBC_2.38 38 manylinux_2_38_x86_64 strlcpy strlcat", needsLibc,
		}},
		{what: "a library whose symbols have no versions", needed: []string{"libc.so.6", "libX11.so.6"}, symbols: []string{"zeta", "strlcpy"}, want: []string{needsLibc, "library libX11.so.6 5 manylinux_2_5_x86_64"}},
		{what: "no library", symbols: []string{"zeta", "strlcpy"}},
		{what: "older than glibc of the machine", machine: elf.EM_AARCH64, tag: "aarch64", needed: libc, symbols: []string{"dlopen", "recvmmsg", "getauxval"}, want: []string{"library libc.so.6 17 manylinux_2_17_aarch64"}},
		{what: "newer than glibc of the machine", machine: elf.EM_AARCH64, tag: "aarch64", needed: libc, symbols: []string{"secure_getenv", "quick_exit", "arc4random"}, want: []string{
			"library libc.so.6 17 manylinux_2_17_aarch64", "version libc.so.6 GLIBC_2.36 36 manylinux_2_36_aarch64 arc4random",
		}},
	} {
		f := built(t, "m.so", elftest.Spec{Machine: c.machine, Needed: c.needed, Undefined: c.symbols, Needs: c.needs})
		c.other.Machine = c.machine
		set := linkset.New([]*linkset.File{f, built(t, "other.so", c.other)})
		if c.tag == "" {
			c.tag = "x86_64"
		}
		if diff := cmp.Diff(c.want, demandsOf(set, f, elfaudit.LibcGlibc, c.tag)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestWeakVersions: of a version that is marked weak a loader does without, unless a
// symbol that must be there has it.
func TestWeakVersions(t *testing.T) {
	for symbol, want := range map[string][]string{
		"strlcpy@GLIBC_2.38?": {"library libc.so.6 5 manylinux_2_5_x86_64"},
		"strlcpy@GLIBC_2.38":  {"version libc.so.6 GLIBC_2.38 38 manylinux_2_38_x86_64 strlcpy", "library libc.so.6 5 manylinux_2_5_x86_64"},
	} {
		f := built(t, "m.so", elftest.Spec{Needed: []string{"libc.so.6"}, Undefined: []string{symbol}, Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.38?"}}}})
		if diff := cmp.Diff(want, demandsOf(linkset.New([]*linkset.File{f}), f, elfaudit.LibcGlibc, "x86_64")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", symbol, diff)
		}
	}
}

// TestGlibcTable: the embedded table is whole.
func TestGlibcTable(t *testing.T) {
	if n := len(glibcSymbols()); n < 3000 {
		t.Errorf("%d symbols", n)
	}
	for name, want := range map[string]string{"malloc": "GLIBC_2.5", "arc4random": "GLIBC_2.36", "strlcpy": "GLIBC_2.38", "memcpy": "GLIBC_2.5", "accept4": "GLIBC_2.10", "": ""} {
		if got := glibcSymbols()[name]; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if glibcMinor("GLIBC_2.5") != 5 || glibcMinor("GLIBC_2.38") != 38 || glibcMinor("GLIBC_2.3.4") != 3 || glibcMinor("GLIBC_ABI") != NoPolicy {
		t.Error("wrong numbers")
	}
}
