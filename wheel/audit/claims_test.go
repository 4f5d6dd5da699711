package audit

import (
	"debug/elf"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// module is a file for a libc that needs some versions of it.
func module(machine elf.Machine, libc string, versions ...string) []byte {
	s := elftest.Spec{Machine: machine, Needed: []string{libc}, BindNow: true}
	if len(versions) > 0 {
		s.Needs = []elftest.Need{{Library: libc, Versions: versions}}
	}
	return s.Bytes()
}

// claimFindings lists the findings about claims: rule, file, what is claimed and
// needed, and the message.
func claimFindings(r *Report) []string {
	var list []string
	for _, f := range r.Findings {
		if rule, _ := finding.Lookup(f.Rule); rule.Name != "hardening" && rule.Name != "not-a-binary" {
			list = append(list, strings.Join([]string{rule.Name, f.File, f.Claimed, f.Need, f.Message}, "|"))
		}
	}
	return list
}

// TestClaims: what the name of a wheel says, compared with its native code.
func TestClaims(t *testing.T) {
	const glibc, musl = "libc.so.6", "libc.musl-x86_64.so.1"
	one := func(data []byte) map[string][]byte { return map[string][]byte{"m.so": data} }
	for _, c := range []struct {
		what, tag string
		files     map[string][]byte
		want      []string
	}{
		{"just enough", "manylinux_2_34_x86_64", one(module(0, glibc, "GLIBC_2.34")), nil},
		{"too old", "manylinux_2_28_x86_64", one(module(0, glibc, "GLIBC_2.34")), []string{
			"symbol-version|m.so|manylinux_2_28_x86_64|manylinux_2_34_x86_64|needs GLIBC_2.34 of libc.so.6, which manylinux_2_28_x86_64 lacks; allowed from manylinux_2_34_x86_64",
		}},
		{"the oldest of several claims counts", "manylinux_2_17_x86_64.manylinux_2_28_x86_64.manylinux_2_34_x86_64", one(module(0, glibc, "GLIBC_2.34")), []string{
			"symbol-version|m.so|manylinux_2_17_x86_64|manylinux_2_34_x86_64|needs GLIBC_2.34 of libc.so.6, which manylinux_2_17_x86_64 lacks; allowed from manylinux_2_34_x86_64",
		}},
		{"in any order", "manylinux_2_34_x86_64.manylinux_2_17_x86_64.manylinux2014_x86_64", one(module(0, glibc, "GLIBC_2.34")), []string{
			"symbol-version|m.so|manylinux_2_17_x86_64|manylinux_2_34_x86_64|needs GLIBC_2.34 of libc.so.6, which manylinux_2_17_x86_64 lacks; allowed from manylinux_2_34_x86_64",
		}},
		{"a claim for another machine does not count", "manylinux_2_17_aarch64.manylinux_2_34_x86_64", map[string][]byte{"m.so": module(0, glibc, "GLIBC_2.34"), "a.so": module(elf.EM_AARCH64, glibc)}, nil},
		{"unless all are", "manylinux_2_17_aarch64", one(module(0, glibc, "GLIBC_2.34")), []string{
			"wrong-machine|m.so|aarch64|x86_64|is Linux machine code for x86_64; the name says aarch64",
			"symbol-version|m.so|manylinux_2_17_aarch64|manylinux_2_34_x86_64|needs GLIBC_2.34 of libc.so.6, which manylinux_2_17_aarch64 lacks; allowed from manylinux_2_34_x86_64",
		}},
		{"glibc 3 has all of glibc 2", "manylinux_3_0_x86_64", one(module(0, glibc, "GLIBC_2.34")), []string{
			"lower-policy||manylinux_3_0_x86_64|manylinux_2_34_x86_64|claims manylinux_3_0_x86_64; by its needs it could be manylinux_2_34_x86_64",
		}},
		{"a lower policy would do", "manylinux_2_34_x86_64", one(module(0, glibc, "GLIBC_2.17")), []string{
			"lower-policy||manylinux_2_34_x86_64|manylinux_2_17_x86_64|claims manylinux_2_34_x86_64; by its needs it could be manylinux_2_17_x86_64",
		}},
		{"no measured policy is lower", "manylinux_2_17_x86_64", one(module(0, glibc, "GLIBC_2.14")), nil},
		{"a version that no policy has", "manylinux_2_34_x86_64", one(module(0, glibc, "GLIBC_PRIVATE")), []string{
			"symbol-version|m.so|manylinux_2_34_x86_64||needs GLIBC_PRIVATE of libc.so.6, which manylinux_2_34_x86_64 lacks; no policy allows it",
		}},
		{"symbols of the version", "manylinux_2_28_x86_64", one(elftest.Spec{
			Needed: []string{glibc}, BindNow: true, Needs: []elftest.Need{{Library: glibc, Versions: []string{"GLIBC_2.34"}}}, Undefined: []string{"a@GLIBC_2.34", "b@GLIBC_2.34", "c@GLIBC_2.34"},
		}.Bytes()), []string{
			"symbol-version|m.so|manylinux_2_28_x86_64|manylinux_2_34_x86_64|needs GLIBC_2.34 of libc.so.6 (a, b, c), which manylinux_2_28_x86_64 lacks; allowed from manylinux_2_34_x86_64",
		}},
		{"many symbols of the version", "manylinux_2_28_x86_64", one(elftest.Spec{
			Needed: []string{glibc}, BindNow: true, Needs: []elftest.Need{{Library: glibc, Versions: []string{"GLIBC_2.34"}}}, Undefined: []string{"a@GLIBC_2.34", "b@GLIBC_2.34", "c@GLIBC_2.34", "d@GLIBC_2.34", "e@GLIBC_2.34"},
		}.Bytes()), []string{
			"symbol-version|m.so|manylinux_2_28_x86_64|manylinux_2_34_x86_64|needs GLIBC_2.34 of libc.so.6 (a, b, c and 2 more), which manylinux_2_28_x86_64 lacks; allowed from manylinux_2_34_x86_64",
		}},
		{"a library from outside", "manylinux_2_28_x86_64", one(elftest.Spec{Needed: []string{glibc, "libfoo.so.1"}, BindNow: true, Needs: []elftest.Need{{Library: "libfoo.so.1", Versions: []string{"F_1"}}}, Undefined: []string{"foo@F_1"}}.Bytes()), []string{
			"external-library|m.so|manylinux_2_28_x86_64||needs libfoo.so.1, which is neither in the wheel nor promised by manylinux_2_28_x86_64; no policy allows it",
		}},
		{"banned symbols", "manylinux_2_17_x86_64", one(elftest.Spec{Needed: []string{glibc, "libz.so.1"}, BindNow: true, Undefined: []string{"inflate_fast", "_tr_init"}}.Bytes()), []string{
			"banned-symbol|m.so|manylinux_2_17_x86_64||takes inflate_fast, _tr_init from libz.so.1, which manylinux_2_17_x86_64 bans; no policy allows it",
		}},
		{"another libc", "musllinux_1_2_x86_64", one(module(0, glibc)), []string{
			"wrong-libc|m.so|musl|glibc|is linked against glibc (needs libc.so.6); the name says musl",
		}},
		{"both libcs, and a file for one", "manylinux_2_5_x86_64.musllinux_1_1_x86_64", one(module(0, musl)), []string{
			"wrong-libc|m.so|glibc|musl|is linked against musl (needs libc.musl-x86_64.so.1); the name says glibc",
		}},
		{"another libc in one file", "manylinux_2_5_x86_64", map[string][]byte{"a.so": elftest.Spec{BindNow: true}.Bytes(), "b.so": module(0, glibc), "c.so": module(0, musl)}, []string{
			"wrong-libc|c.so|glibc|musl|is linked against musl (needs libc.musl-x86_64.so.1); the name says glibc",
		}},
		{"no libc is claimed", "linux_x86_64", one(module(0, musl)), nil},
		{"code without a libc claims an old one", "manylinux_2_5_x86_64.musllinux_1_1_x86_64", one(elftest.Spec{BindNow: true}.Bytes()), nil},
		{"code without a libc claims a new one", "manylinux_2_28_x86_64", one(elftest.Spec{BindNow: true}.Bytes()), []string{
			"lower-policy||manylinux_2_28_x86_64|manylinux_2_5_x86_64|claims manylinux_2_28_x86_64; by its needs it could be manylinux_2_5_x86_64",
		}},
		{"any", "any", one(module(0, glibc)), []string{"misplaced-binary|m.so|any||is machine code in a wheel whose tag is any"}},
		{"any among others", "any.linux_aarch64", one(module(0, glibc)), []string{"misplaced-binary|m.so|any||is machine code in a wheel whose tag is any"}},
		{"an object file anywhere", "any", map[string][]byte{"m.o": fixture(t, "obj-x86_64.o")}, nil},
		{"a file that cannot be read anywhere", "any", one([]byte("\x7fELF\x02\x01\x01")), []string{
			"unreadable-binary|m.so|||cannot be judged: e_ident: extends past the end of its table or of the file (at offset 0x0)", "misplaced-binary|m.so|any||is machine code in a wheel whose tag is any",
		}},
		{"purelib", "linux_x86_64", map[string][]byte{"demo-1.0.data/purelib/m.so": module(0, glibc)}, []string{
			"misplaced-binary|demo-1.0.data/purelib/m.so|||is machine code, yet installed among pure Python code (purelib)",
		}},
		{"nearly purelib", "linux_x86_64", map[string][]byte{"demo/purelib/m.so": module(0, glibc), "purelib/m.so": module(0, glibc)}, nil},
		{"another system", "win_amd64", one(module(0, glibc)), []string{"wrong-machine|m.so|win_amd64|x86_64|is Linux machine code for x86_64; the name says win_amd64"}},
		{"another system and machine", "win_amd64.linux_aarch64.manylinux_2_17_aarch64", one(module(0, glibc)), []string{
			"wrong-machine|m.so|aarch64, win_amd64|x86_64|is Linux machine code for x86_64; the name says aarch64, win_amd64",
		}},
		{"a system that is not known", "mingw_x86_64", one(module(0, glibc)), nil},
		{"a system that is not known among others", "linux_aarch64.mingw_x86_64", one(module(0, glibc)), nil},
		{"a machine without code", "linux_x86_64.linux_aarch64.linux_s390x", one(module(0, glibc)), []string{
			"wrong-machine||aarch64||the name says x86_64, aarch64, s390x, but none of the native code is for aarch64",
			"wrong-machine||s390x||the name says x86_64, aarch64, s390x, but none of the native code is for s390x",
		}},
		{"a machine with an object file alone", "linux_x86_64.linux_aarch64", map[string][]byte{"m.o": fixture(t, "obj-x86_64.o"), "a.so": module(elf.EM_AARCH64, glibc)}, []string{
			"wrong-machine||x86_64||the name says x86_64, aarch64, but none of the native code is for x86_64",
		}},
		{"no machine with code", "linux_ppc64le.linux_s390x", one(module(0, glibc)), []string{
			"wrong-machine|m.so|ppc64le, s390x|x86_64|is Linux machine code for x86_64; the name says ppc64le, s390x",
		}},
		{"a file that may be for any machine", "linux_x86_64.linux_aarch64", map[string][]byte{"m.so": module(0, glibc), "cut.so": []byte("\x7fELF")}, []string{
			"unreadable-binary|cut.so|||cannot be judged: e_ident: extends past the end of its table or of the file (at offset 0x0)",
		}},
		{"a machine that tags have no word for", "linux_x86_64", one(fixture(t, "arch-mips64el.so")), []string{"wrong-machine|m.so|x86_64|MIPS, 64-bit|is Linux machine code for MIPS, 64-bit; the name says x86_64"}},
		{"ARM without hard float", "linux_armv7l", one(fixture(t, "arch-arm-softfloat.so")), []string{
			"wrong-machine|m.so|armv7l|ARM, 32-bit, without hard float|is Linux machine code for ARM, 32-bit, without hard float; the name says armv7l",
		}},
		{"neither file nor name says which libc", "linux_x86_64", one(elftest.Spec{Undefined: []string{"puts"}, BindNow: true}.Bytes()), []string{
			"unreadable-binary|m.so|||cannot be judged: neither the file nor the name of the wheel says which libc it is for",
		}},
		{"the name does", "manylinux_2_5_x86_64", one(elftest.Spec{Undefined: []string{"puts"}, BindNow: true}.Bytes()), nil},
	} {
		if diff := cmp.Diff(c.want, claimFindings(audited(t, c.tag, Options{}, c.files))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestOtherMachines: the files for each further machine of a name are checked against
// the claims for that machine.
func TestOtherMachines(t *testing.T) {
	const glibc = "libc.so.6"
	files := map[string][]byte{
		"x.so": module(0, glibc, "GLIBC_2.17"), "a.so": module(elf.EM_AARCH64, glibc, "GLIBC_2.34"), "s.so": module(elf.EM_PPC64, glibc, "GLIBC_2.34"),
	}
	got := claimFindings(audited(t, "manylinux_2_17_x86_64.manylinux_2_28_aarch64.manylinux_2_30_aarch64.manylinux_2_28_ppc64le", Options{}, files))
	want := []string{
		"symbol-version|a.so|manylinux_2_28_aarch64|manylinux_2_34_aarch64|needs GLIBC_2.34 of libc.so.6, which manylinux_2_28_aarch64 lacks; allowed from manylinux_2_34_aarch64",
		"symbol-version|s.so|manylinux_2_28_ppc64le|manylinux_2_34_ppc64le|needs GLIBC_2.34 of libc.so.6, which manylinux_2_28_ppc64le lacks; allowed from manylinux_2_34_ppc64le",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// ARMv6 code is that of ARMv7 already.
	arm := map[string][]byte{"m.so": fixture(t, "arch-armv6l.so")}
	if got := audited(t, "linux_armv7l.linux_armv6l", Options{}, arm); len(claimFindings(got)) > 0 {
		t.Errorf("%q", claimFindings(got))
	}
	for _, s := range []*Subject{
		{Claims: []tags.PlatformTag{tags.ParsePlatformTag("any"), tags.ParsePlatformTag("linux_x86_64")}, ELF: linkset.New(nil)},
		{Claims: []tags.PlatformTag{tags.ParsePlatformTag("linux_aarch64")}, ELF: linkset.New(nil)},
	} {
		s.policies = manylinux.Known()
		s.work()
		if others := s.otherMachines(); len(others) > 0 {
			t.Errorf("%d other machines without files", len(others))
		}
	}
}

// TestSentence: the message about a demand.
func TestSentence(t *testing.T) {
	claim := tags.ParsePlatformTag("musllinux_1_1_x86_64")
	many := strings.Split("a b c d e f g h i j k l", " ")
	for want, c := range map[string]struct {
		demand  manylinux.Demand
		symbols []string
	}{
		"takes a, b, c, d, e, f, g, h, i, j, which neither musl nor a file of the wheel has; importing fails":       {manylinux.Demand{Kind: manylinux.KindMusl}, many},
		"takes qsort_r, which musl has from 1.2.3 on; systems of musllinux_1_1_x86_64 may be older":                 {manylinux.Demand{Kind: manylinux.KindMusl, Version: "1.2.3"}, []string{"qsort_r"}},
		"has packed relocations (DT_RELR), which systems of musllinux_1_1_x86_64 may not read; no policy allows it": {manylinux.Demand{Kind: manylinux.KindRelocations}, nil},
		"takes a, b from libz.so.1, which musllinux_1_1_x86_64 bans; allowed from x":                                {manylinux.Demand{Kind: manylinux.KindBan, Library: "libz.so.1", Lowest: "x"}, []string{"a", "b"}},
		"needs V of libx.so, which musllinux_1_1_x86_64 lacks; no policy allows it":                                 {manylinux.Demand{Kind: manylinux.KindVersion, Library: "libx.so", Version: "V"}, nil},
	} {
		if got := sentence(c.demand, claim, c.symbols); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestClaimedDemands: demands that no claim changes are left to other checks, and do not
// hide those behind them.
func TestClaimedDemands(t *testing.T) {
	file := &linkset.File{Path: "m.so", Machine: "x86_64", Libc: elfaudit.LibcGlibc, ELF: &elfaudit.File{Kind: elfaudit.KindSharedObject}}
	s := Subject{Claims: []tags.PlatformTag{tags.ParsePlatformTag("manylinux_2_17_x86_64")}, ELF: linkset.New([]*linkset.File{file}), policies: manylinux.Known()}
	s.work()
	s.Needs.Demands = []manylinux.Demand{
		{Kind: manylinux.KindProcessor, File: "a", Floor: manylinux.NoPolicy}, {Kind: manylinux.KindRelocations, File: "b", Floor: manylinux.NoPolicy},
		{Kind: manylinux.KindLibrary, File: "c", Library: "libx.so", Floor: manylinux.NoPolicy, Symbols: []manylinux.Symbol{{Name: "x"}}},
		{Kind: manylinux.KindRelocations, File: "d", Floor: 36, Lowest: "manylinux_2_36_x86_64"}, {Kind: manylinux.KindVersion, File: "e", Version: "V", Floor: 17},
	}
	var got []string
	checkPolicies(&s, func(rule string, f finding.Finding) {
		got = append(got, rule+" "+f.File+" "+strings.Join(f.Symbols, ","))
	})
	if diff := cmp.Diff([]string{"external-library c ", "packed-relocations d "}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
