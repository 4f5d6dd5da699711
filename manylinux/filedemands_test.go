package manylinux

import (
	"bytes"
	"debug/elf"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// built is an ELF file at a path.
func built(t *testing.T, path string, spec elftest.Spec) *linkset.File {
	t.Helper()
	data := spec.Bytes()
	f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return linkset.NewFile(path, f, nil)
}

// inShort is a demand in a line: kind, what it is about, the floor and its tag, symbols.
func inShort(d Demand) string {
	parts := []string{string(d.Kind), d.Library, d.Version, d.From, d.Before, d.Reason}
	if d.Floor == NoPolicy {
		parts = append(parts, "never")
	} else {
		parts = append(parts, fmt.Sprint(int(d.Floor)))
	}
	parts = append(parts, d.Lowest)
	for _, s := range d.Symbols {
		weak := ""
		if s.Weak {
			weak = "?"
		}
		parts = append(parts, s.Name+weak)
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

func demandsOf(set *linkset.Set, f *linkset.File, libc elfaudit.Libc, machine string) []string {
	var list []string
	for _, d := range Known().Demands(set, f, libc, machine) {
		if d.File != f.Path {
			list = append(list, "of "+d.File)
		}
		list = append(list, inShort(d))
	}
	return list
}

// TestGlibcDemands: versions, libraries and symbols that a file for glibc takes from the
// system.
func TestGlibcDemands(t *testing.T) {
	need := func(library string, versions ...string) elftest.Need {
		return elftest.Need{Library: library, Versions: versions}
	}
	const libc = "library libc.so.6 5 manylinux_2_5_x86_64"
	for _, c := range []struct {
		what string
		spec elftest.Spec
		libs map[string]elftest.Spec // other files of the wheel
		want []string
	}{
		{"nothing", elftest.Spec{}, nil, nil},
		{"the C library", elftest.Spec{Needed: []string{"libc.so.6", "ld-linux-x86-64.so.2"}}, nil, []string{libc}},
		{"versions", elftest.Spec{Needed: []string{"libc.so.6"}, Needs: []elftest.Need{need("libc.so.6", "GLIBC_2.2.5", "GLIBC_2.34")}, Undefined: []string{"a@GLIBC_2.2.5", "b@GLIBC_2.34", "c@GLIBC_2.34?", "d"}}, nil, []string{
			"version libc.so.6 GLIBC_2.2.5 5 manylinux_2_5_x86_64", "version libc.so.6 GLIBC_2.34 34 manylinux_2_34_x86_64 b c?", libc, "symbol 5 manylinux_2_5_x86_64 d",
		}},
		{"a version that no policy has", elftest.Spec{Needed: []string{"libc.so.6"}, Needs: []elftest.Need{need("libc.so.6", "GLIBC_PRIVATE")}, Undefined: []string{"a@GLIBC_PRIVATE"}}, nil, []string{
			"version libc.so.6 GLIBC_PRIVATE never a", libc,
		}},
		{"a library that no policy has", elftest.Spec{Needed: []string{"libfoo.so", "libc.so.6"}, Needs: []elftest.Need{need("libfoo.so", "F_1")}, Undefined: []string{"a@F_1", "b?"}}, nil, []string{
			"library libfoo.so never a", libc,
		}},
		{"a library of later policies", elftest.Spec{Needed: []string{"libexpat.so.1"}}, nil, []string{"library libexpat.so.1 12 manylinux_2_12_x86_64"}},
		{"libraries of the wheel, then one of the system", elftest.Spec{
			Needed: []string{"liba.so", "libc.so.6"}, Needs: []elftest.Need{need("liba.so", "GLIBC_2.34"), need("libc.so.6", "GLIBC_2.17")}, Undefined: []string{"a@GLIBC_2.34"},
		}, map[string]elftest.Spec{"liba.so": {Defines: []string{"liba.so", "GLIBC_2.34"}}}, []string{"version libc.so.6 GLIBC_2.17 17 manylinux_2_17_x86_64", libc}},
		{"banned symbols", elftest.Spec{Needed: []string{"libc.so.6", "libz.so.1"}, Undefined: []string{"inflate", "inflate_fast", "_tr_init", "inflate_fast", "__issignaling", "bi_windup"}}, nil, []string{
			libc, "library libz.so.1 5 manylinux_2_5_x86_64", "ban libz.so.1 never inflate_fast _tr_init", "ban libc.so.6 24 manylinux_2_24_x86_64 __issignaling", "ban libz.so.1 36 manylinux_2_36_x86_64 bi_windup",
		}},
		{"a weak one, then one that counts", elftest.Spec{Needed: []string{"libz.so.1"}, Undefined: []string{"inflate_fast?", "inflate", "_tr_init"}}, nil, []string{
			"library libz.so.1 5 manylinux_2_5_x86_64", "ban libz.so.1 never _tr_init",
		}},
		{"a banned symbol of another library by its version", elftest.Spec{
			Needed: []string{"libz.so.1", "libm.so.6"}, Needs: []elftest.Need{need("libm.so.6", "GLIBC_2.2.5")}, Undefined: []string{"__issignaling@GLIBC_2.2.5"},
		}, nil, []string{"version libm.so.6 GLIBC_2.2.5 5 manylinux_2_5_x86_64", "library libz.so.1 5 manylinux_2_5_x86_64", "library libm.so.6 5 manylinux_2_5_x86_64", "ban libm.so.6 24 manylinux_2_24_x86_64 __issignaling"}},
		{"a banned symbol of a library without bans", elftest.Spec{
			Needed: []string{"libz.so.1", "libdl.so.2"}, Needs: []elftest.Need{need("libdl.so.2", "GLIBC_2.2.5")}, Undefined: []string{"inflate_fast@GLIBC_2.2.5"},
		}, nil, []string{"version libdl.so.2 GLIBC_2.2.5 5 manylinux_2_5_x86_64", "library libz.so.1 5 manylinux_2_5_x86_64", "library libdl.so.2 5 manylinux_2_5_x86_64"}},
		{"a banned symbol that is the wheel's", elftest.Spec{Needed: []string{"libz.so.1", "libown.so"}, Undefined: []string{"inflate_fast", "_tr_init"}}, map[string]elftest.Spec{"libown.so": {Exported: []string{"inflate_fast"}}}, []string{
			"library libz.so.1 5 manylinux_2_5_x86_64", "ban libz.so.1 never _tr_init",
		}},
		{"a banned symbol in a file that nobody links to", elftest.Spec{Needed: []string{"libz.so.1"}, Undefined: []string{"inflate_fast"}}, map[string]elftest.Spec{"libown.so": {Exported: []string{"inflate_fast"}}}, []string{
			"library libz.so.1 5 manylinux_2_5_x86_64", "ban libz.so.1 never inflate_fast",
		}},
		{"zlib in the wheel", elftest.Spec{Needed: []string{"libz.so.1"}, Undefined: []string{"inflate_fast"}}, map[string]elftest.Spec{"libz.so.1": {}}, nil},
		{"zlib in the wheel, by version", elftest.Spec{Needed: []string{"libz.so.1"}, Needs: []elftest.Need{need("libz.so.1", "ZLIB_1")}, Undefined: []string{"inflate_fast@ZLIB_1"}}, map[string]elftest.Spec{"libz.so.1": {}}, nil},
		{"no zlib", elftest.Spec{Needed: []string{"libc.so.6"}, Undefined: []string{"inflate_fast"}}, nil, []string{libc, "symbol 5 manylinux_2_5_x86_64 inflate_fast"}},
	} {
		files := []*linkset.File{built(t, "m.so", c.spec)}
		for path, spec := range c.libs {
			files = append(files, built(t, path, spec))
		}
		if diff := cmp.Diff(c.want, demandsOf(linkset.New(files), files[0], elfaudit.LibcGlibc, "x86_64")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
	// A weak version need is none, and a filter is loaded like a library that is needed.
	f := built(t, "m.so", elftest.Spec{Needed: []string{"libc.so.6"}})
	f.ELF.VersionNeeds = []elfaudit.VersionNeed{{Library: "libc.so.6", Versions: []elfaudit.Version{{Name: "GLIBC_2.36", Weak: true}, {Name: "GLIBC_2.35"}}}}
	f.ELF.Filters = []string{"libfilter.so"}
	want := []string{"version libc.so.6 GLIBC_2.35 35 manylinux_2_35_x86_64", libc, "library libfilter.so never"}
	if diff := cmp.Diff(want, demandsOf(linkset.New([]*linkset.File{f}), f, elfaudit.LibcGlibc, "x86_64")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Where no policy is defined, nothing raises the floor of what none has.
	arm := built(t, "m.so", elftest.Spec{Needed: []string{"libc.so.6"}})
	if got := demandsOf(linkset.New(nil), arm, elfaudit.LibcGlibc, "armv6l"); len(got) != 1 || got[0] != "library libc.so.6 5 manylinux_2_5_armv6l" {
		t.Errorf("%q", got)
	}
	// Nothing is offered below a machine's first policy.
	if got := demandsOf(linkset.New(nil), built(t, "m.so", elftest.Spec{Machine: elf.EM_AARCH64, Needed: []string{"libc.so.6"}}), elfaudit.LibcGlibc, "aarch64"); len(got) != 1 || got[0] != "library libc.so.6 17 manylinux_2_17_aarch64" {
		t.Errorf("%q", got)
	}
}

// TestMuslDemands: libraries and functions that a file for musl takes from the system.
func TestMuslDemands(t *testing.T) {
	const musl = "libc.musl-x86_64.so.1"
	for _, c := range []struct {
		what, machine string
		spec          elftest.Spec
		libs          map[string]elftest.Spec
		want          []string
	}{
		{"names of musl", "x86_64", elftest.Spec{Needed: []string{musl, "ld-musl-x86_64.so.1", "libz.so.1", "libm.so.6", "libpthread.so.0", "librt.so", "libdl.so.2", "libutil.so", "libxnet.so", "libc.so"}}, nil, nil},
		{"other names", "x86_64", elftest.Spec{Needed: []string{"libmx.so", "libc", "xlibc.so", "libz.so", "ld-linux-x86-64.so.2"}}, nil, []string{
			"library libmx.so never", "library libc never", "library xlibc.so never", "library libz.so never", "library ld-linux-x86-64.so.2 never",
		}},
		{"a library of the wheel", "x86_64", elftest.Spec{Needed: []string{musl, "liba.so"}}, map[string]elftest.Spec{"liba.so": {}}, nil},
		{"functions", "x86_64", elftest.Spec{Needed: []string{musl}, Undefined: []string{"memcpy", "reallocarray", "qsort_r", "gone", "_Fork", "lost"}}, nil, []string{
			"musl libc.so never gone lost", "musl libc.so 1.2.2 2 musllinux_1_2_x86_64 reallocarray _Fork", "musl libc.so 1.2.3 2 musllinux_1_2_x86_64 qsort_r",
		}},
		{"weak ones, and one that counts", "x86_64", elftest.Spec{Needed: []string{musl}, Undefined: []string{"gone?", "PyLong_New", "_Py_None", "Pylon", "qsort_r"}}, nil, []string{
			"musl libc.so 1.2.3 2 musllinux_1_2_x86_64 qsort_r",
		}},
		{"support of the compiler", "x86_64", elftest.Spec{Needed: []string{musl}, Undefined: []string{"__aeabi_x", "__tls_get_addr", "___tls_get_addr", "__tls_get_offset", "__riscv_flush_icache", "__getauxval", "__aeabi"}}, nil, []string{
			"musl libc.so never __aeabi",
		}},
		{"a symbol of another file", "x86_64", elftest.Spec{Needed: []string{musl}, Undefined: []string{"own", "gone"}}, map[string]elftest.Spec{"liba.so": {Exported: []string{"own"}}}, []string{"musl libc.so never gone"}},
		{"another library may have it", "x86_64", elftest.Spec{Needed: []string{musl, "libfoo.so"}, Undefined: []string{"gone", "qsort_r"}}, nil, []string{
			"musl libc.so 1.2.3 2 musllinux_1_2_x86_64 qsort_r", "library libfoo.so never",
		}},
		{"zlib may have it", "x86_64", elftest.Spec{Needed: []string{musl, "libz.so.1"}, Undefined: []string{"gone"}}, nil, nil},
		{"a library of the wheel does not", "x86_64", elftest.Spec{Needed: []string{musl, "liba.so"}, Undefined: []string{"gone"}}, map[string]elftest.Spec{"liba.so": {}}, []string{"musl libc.so never gone"}},
		{"no library at all", "x86_64", elftest.Spec{Undefined: []string{"gone"}}, nil, nil},
		{"a versioned symbol", "x86_64", elftest.Spec{Needed: []string{musl}, Needs: []elftest.Need{{Library: musl, Versions: []string{"V"}}}, Undefined: []string{"gone@V"}}, nil, nil},
		{"internals of zlib", "x86_64", elftest.Spec{Needed: []string{musl, "libz.so.1", "libc.so.6"}, Undefined: []string{"bi_windup", "__issignaling"}}, nil, []string{"ban libz.so.1 never bi_windup"}},
	} {
		files := []*linkset.File{built(t, "m.so", c.spec)}
		for path, spec := range c.libs {
			files = append(files, built(t, path, spec))
		}
		if diff := cmp.Diff(c.want, demandsOf(linkset.New(files), files[0], elfaudit.LibcMusl, c.machine)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
	f := built(t, "m.so", elftest.Spec{Needed: []string{musl}, Undefined: []string{"gone"}})
	f.ELF.SymbolsFrom = elfaudit.SymbolsNone
	if got := demandsOf(linkset.New(nil), f, elfaudit.LibcMusl, "x86_64"); got != nil {
		t.Errorf("a file whose symbols are not known: %q", got)
	}
}

// TestBansBroken: bans are broken by name alone, where the library is linked to.
func TestBansBroken(t *testing.T) {
	for _, c := range []struct {
		what      string
		needed    []string
		undefined []string
		want      string
	}{
		{"none", []string{"libz.so.1"}, []string{"inflate"}, ""},
		{"not linked to", []string{"libc.so.6"}, []string{"inflate_fast", "__issignaling"}, "libc.so.6 5-17"},
		{"weak", []string{"libz.so.1"}, []string{"inflate_fast?"}, ""},
		{"one of several bans of a library", []string{"libz.so.1"}, []string{"inflate", "bi_windup", "bi_windup"}, "libz.so.1 5-35"},
		{"two of them", []string{"libz.so.1"}, []string{"bi_windup", "inflate", "uncompress2"}, "libz.so.1 5-35, libz.so.1 5-31"},
	} {
		f := built(t, "m.so", elftest.Spec{Needed: c.needed, Undefined: c.undefined})
		var got []string
		for _, b := range Known().BansBroken(f) {
			got = append(got, fmt.Sprintf("%s %d-%d", b.Library, b.First, b.Last))
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s, want %s", c.what, text, c.want)
		}
	}
	b := Ban{First: 5, Last: 17}
	for policy, want := range map[Floor]bool{4: false, 5: true, 12: true, 17: true, 18: false} {
		if b.In(policy) != want {
			t.Errorf("manylinux_2_%d has the ban: %v", policy, !want)
		}
	}
}
