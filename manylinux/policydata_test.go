package manylinux

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/tags"
)

const samplePolicies = `# a comment

policy manylinux_2_5 =manylinux1 =old : x86_64
policy manylinux_2_17 : x86_64 aarch64
policy manylinux_2_42 later : aarch64
library libc.so.6 : manylinux_2_5
version x86_64 GLIBC manylinux_2_5 : 2.2.5 2.5
version x86_64 GLIBC manylinux_2_17 : 2.17
ban libz.so.1 manylinux_2_5..manylinux_2_17 : a b
`

// TestReadPolicies: every kind of line, and every fault with its line.
func TestReadPolicies(t *testing.T) {
	p, err := readPolicies(samplePolicies)
	if err != nil {
		t.Fatal(err)
	}
	want := []Policy{
		{Name: "manylinux_2_5", Aliases: []string{"manylinux1", "old"}, Minor: 5, Machines: []string{"x86_64"}},
		{Name: "manylinux_2_17", Minor: 17, Machines: []string{"x86_64", "aarch64"}},
		{Name: "manylinux_2_42", Minor: 42, Machines: []string{"aarch64"}, Later: true},
	}
	if diff := cmp.Diff(want, p.All()); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
	if got := p.ManylinuxTags("x86_64", 5); !slices.Equal(got, []string{"manylinux_2_5_x86_64", "manylinux1_x86_64", "old_x86_64"}) {
		t.Errorf("tags %q", got)
	}
	if got := p.ManylinuxTags("x86_64", 17); !slices.Equal(got, []string{"manylinux_2_17_x86_64"}) {
		t.Errorf("tags %q", got)
	}
	for _, c := range []struct {
		machine string
		floor   Floor
		want    Floor
	}{{"x86_64", 0, 5}, {"x86_64", 5, 5}, {"x86_64", 6, 17}, {"x86_64", 18, -1}, {"aarch64", 5, 17}, {"aarch64", 18, 42}, {"aarch64", 43, -1}, {"s390x", 5, -1}} {
		got, ok := p.Measured(c.machine, c.floor)
		if !ok && got == 0 {
			got = -1
		}
		if got != c.want || ok != (c.want >= 0) {
			t.Errorf("the first policy of %s from %d on: %d, %v; want %d", c.machine, c.floor, got, ok, c.want)
		}
	}
	for _, c := range []struct {
		version string
		want    Floor
		ok      bool
	}{{"GLIBC_2.2.5", 5, true}, {"GLIBC_2.17", 17, true}, {"GLIBC_2.14", 0, false}} {
		if got, ok := p.VersionIn("x86_64", c.version); got != c.want || ok != c.ok {
			t.Errorf("%s: %d, %v", c.version, got, ok)
		}
	}
	if got, ok := p.LibraryIn("libc.so.6"); got != 5 || !ok {
		t.Errorf("libc.so.6: %d, %v", got, ok)
	}
	if got, ok := p.LibraryIn("libm.so.6"); got != 0 || ok {
		t.Errorf("libm.so.6: %d, %v", got, ok)
	}
	for symbol, want := range map[string]Floor{"a": 42, "b": 42, "c": 0} {
		if got := p.banFloor("libz.so.1", symbol); got != want || p.banned[symbol] != (want > 0) {
			t.Errorf("%s: %d", symbol, got)
		}
	}
	for text, want := range map[string]string{
		"\n\npolicy manylinux_2_5":                            "line 3: want words, a colon and values",
		"policy : x86_64":                                     "line 1: want words, a colon and values",
		"policy manylinux_2_5 :":                              "line 1: want words, a colon and values",
		"policy manylinux1 : x86_64":                          `line 1: policy "manylinux1" is not manylinux_2_N`,
		"policy manylinux_2_x : x86_64":                       `line 1: policy "manylinux_2_x" is not manylinux_2_N`,
		"policy 5 : x86_64":                                   `line 1: policy "5" is not manylinux_2_N`,
		"policy manylinux_2_5 huh : x86_64":                   `line 1: policy manylinux_2_5: unknown word "huh"`,
		samplePolicies + "policy manylinux_2_42 : x86_64":     "line 10: policy manylinux_2_42 is not above the one before",
		"library libc.so.6 : 2_5":                             `line 1: policy "2_5" is not manylinux_2_N`,
		"library libc.so.6 libm.so.6 : manylinux_2_5":         `line 1: unknown line "library libc.so.6 libm.so.6"`,
		"version x86_64 GLIBC 2_5 : 2.5":                      `line 1: policy "2_5" is not manylinux_2_N`,
		"version x86_64 GLIBC : 2.5":                          `line 1: unknown line "version x86_64 GLIBC"`,
		"ban libc.so.6 2_5..manylinux_2_6 : a":                `line 1: policy "2_5" is not manylinux_2_N`,
		"ban libc.so.6 manylinux_2_5 : a":                     `line 1: policy "" is not manylinux_2_N`,
		"ban libc.so.6 manylinux_2_5..manylinux_2_6 more : a": `line 1: unknown line "ban libc.so.6 manylinux_2_5..manylinux_2_6 more"`,
		"ban libc.so.6 : a":                                   `line 1: unknown line "ban libc.so.6"`,
		"what is : this":                                      `line 1: unknown line "what is"`,
		"what libc.so.6 : manylinux_2_5":                      `line 1: unknown line "what libc.so.6"`,
		"what x86_64 GLIBC manylinux_2_5 : 2.5":               `line 1: unknown line "what x86_64 GLIBC manylinux_2_5"`,
		"what libc.so.6 manylinux_2_5..manylinux_2_6 : a":     `line 1: unknown line "what libc.so.6 manylinux_2_5..manylinux_2_6"`,
	} {
		if _, err := readPolicies(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestReadMusl: every kind of line, and every fault.
func TestReadMusl(t *testing.T) {
	tables, err := parseMusl("# comment\n\nrelease x86_64 : 1.1.0 1.1.1\nsymbol x86_64 1.1.0 : a b\nsymbol x86_64 1.2.3 1.2.4 : c\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]muslExports{"x86_64": {10100, 10101, map[string]muslSpan{"a": {since: 10100}, "b": {since: 10100}, "c": {since: 10203, last: 10204}}}}
	if diff := cmp.Diff(want, tables, cmp.AllowUnexported(muslExports{}, muslSpan{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	const release = "release x86_64 : 1.1.0\n"
	for text, want := range map[string]string{
		"release x86_64 1.1.0":                "want words, a colon and values",
		"release : 1.1.0":                     "want words, a colon and values",
		"release x86_64 :":                    `musl release "none" is not A.B.C`,
		"release x86_64 more : 1.1.0":         `unknown line "release x86_64 more"`,
		"noise x86_64 : 1.1.0":                `unknown line "noise x86_64"`,
		release + "noise x86_64 1.1.0 : a":    `unknown line "noise x86_64 1.1.0"`,
		release + "symbol x86_64 : a":         `unknown line "symbol x86_64"`,
		release + "symbol x86_64 1 2 3 : a":   `unknown line "symbol x86_64 1 2 3"`,
		release + "symbol x86_64 1.1 : a":     `symbols of x86_64: musl release "1.1" is not A.B.C`,
		release + "symbol x86_64 x 1.1.0 : a": `symbols of x86_64: musl release "x" is not A.B.C`,
		release + "symbol x86_64 1.1.0 x : a": `symbols of x86_64: musl release "x" is not A.B.C`,
		"symbol x86_64 1.1.0 : a":             "symbols of x86_64: its releases must come first",
		"symbol x86_64 x : a":                 `symbols of x86_64: musl release "x" is not A.B.C`,
		release + "symbol aarch64 1.1.0 : a":  "symbols of aarch64: its releases must come first",
	} {
		if _, err := parseMusl(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	for text, want := range map[string]MuslRelease{"1.2.3": 10203, "0.9.15": 915, "1.2.99": 10299, "1.2.100": -1, "1.2.128": -1, "1.2": -1, "1.2.3.4": -1, "1.2.x": -1, "-1.2.3": -1, "": -1} {
		got, err := ParseMuslRelease(text)
		if (err != nil) != (want < 0) || err == nil && got != want || err != nil && (got != 0 || err.Error() != "musl release \""+text+"\" is not A.B.C") {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, c := range []struct {
		a, b MuslRelease
		want bool
	}{{10203, 10204, true}, {10203, 10103, false}, {10200, 10299, true}, {10203, 20203, false}} {
		if c.a.SameMinor(c.b) != c.want {
			t.Errorf("%s and %s", c.a, c.b)
		}
	}
}

// TestMuslFloors: the policy of what came with a release: that whose oldest system has
// it, or the last for its whole series.
func TestMuslFloors(t *testing.T) {
	for since, want := range map[MuslRelease]Floor{
		1: 1, 10123: 1, 10124: 1, 10125: 2, 10200: 2, 10202: 2, 10203: 2, 10299: 2, 10300: NoPolicy, 0: NoPolicy,
	} {
		if got := muslFloor(since); got != want {
			t.Errorf("%s: %d, want %d", since, got, want)
		}
	}
	table := muslExports{oldest: 10100, symbols: map[string]muslSpan{"old": {since: 10100}, "new": {since: 10203}, "dropped": {10101, 10123}, "kept": {10101, 10124}}}
	for symbol, want := range map[string]MuslRelease{"old": always, "new": 10203, "dropped": 0, "kept": 10101, "gone": 0} {
		if got := table.since(symbol); got != want {
			t.Errorf("%s: %s, want %s", symbol, got, want)
		}
	}
}

// TestClaimedLibcs: each C library of the tags once, in their order.
func TestClaimedLibcs(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "linux_x86_64": "", "any": "", "win_amd64": "", "macosx_11_0_arm64": "", "android_24_arm64_v8a": "bionic",
		"manylinux_2_17_x86_64 manylinux2014_x86_64": "glibc", "musllinux_1_1_x86_64": "musl", "musllinux_1_1_x86_64 linux_x86_64 manylinux1_x86_64 musllinux_1_2_x86_64": "musl glibc",
	} {
		var got []string
		for _, libc := range ClaimedLibcs(claims(strings.Fields(text)...)) {
			got = append(got, libc.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for tag, want := range map[string]string{
		"linux_x86_64": "x86_64", "manylinux_2_17_aarch64": "aarch64", "android_24_arm64_v8a": "aarch64", "android_24_armeabi_v7a": "armv7l", "android_24_x86": "i686",
		"any": "", "win_amd64": "", "macosx_11_0_x86_64": "", "ios_13_0_arm64_iphoneos": "",
	} {
		if got := ClaimedMachine(tags.ParsePlatformTag(tag)); got != want && !(want == "armv7l" && got == "armv8l") {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}

// TestNeedsOfSet: object files and files for other machines count for nothing.
func TestNeedsOfSet(t *testing.T) {
	const glibc, musl, unknown = elfaudit.LibcGlibc, elfaudit.LibcMusl, elfaudit.LibcUnknown
	object := func(f *linkset.File) *linkset.File { f.ELF.Kind = elfaudit.KindRelocatable; return f }
	for _, c := range []struct {
		what    string
		files   []*linkset.File
		machine string
		libc    elfaudit.Libc
		native  int
	}{
		{"object files for another machine", []*linkset.File{object(code("aarch64", glibc)), object(code("aarch64", glibc)), code("x86_64", glibc)}, "x86_64", glibc, 1},
		{"files of no machine with a name, first", []*linkset.File{code("", glibc), code("", glibc), code("x86_64", glibc)}, "x86_64", glibc, 1},
		{"object files for another libc", []*linkset.File{object(code("x86_64", glibc)), object(code("x86_64", glibc)), code("x86_64", musl)}, "x86_64", musl, 1},
		{"files for another machine and libc", []*linkset.File{code("x86_64", musl), code("x86_64", musl), code("aarch64", glibc), code("aarch64", glibc), code("aarch64", glibc)}, "aarch64", glibc, 3},
		{"another libc on another machine", []*linkset.File{code("x86_64", musl), code("x86_64", musl), code("aarch64", glibc)}, "x86_64", musl, 2},
		{"the name of musl's library in an object file", []*linkset.File{object(code("x86_64", unknown, "libc.so")), code("x86_64", unknown)}, "x86_64", unknown, 1},
		{"the name of musl's library on another machine", []*linkset.File{code("aarch64", unknown, "libc.so"), code("x86_64", unknown), code("x86_64", unknown)}, "x86_64", unknown, 2},
		{"ARMv7 among others", []*linkset.File{code("x86_64", glibc), code("x86_64", glibc), code("armv7l", glibc)}, "x86_64", glibc, 2},
	} {
		n := Known().Needs(linkset.New(c.files), nil)
		if n.Machine != c.machine || n.Libc != c.libc || len(n.Native(c.files)) != c.native {
			t.Errorf("%s: %s, %s, %d files", c.what, n.Machine, n.Libc, len(n.Native(c.files)))
		}
	}
	files := []*linkset.File{code("x86_64", glibc, "libfoo.so"), code("aarch64", glibc, "libbar.so"), code("x86_64", glibc, "libbaz.so")}
	var got []string
	for _, d := range Known().Needs(linkset.New(files), nil).Demands {
		if d.Kind == KindLibrary {
			got = append(got, d.Library)
		}
	}
	if !slices.Equal(got, []string{"libfoo.so", "libbaz.so"}) {
		t.Errorf("demands of %q", got)
	}
	for line, want := range map[string]Floor{"musllinux_1_1_x86_64": 1, "musllinux_1_2_x86_64": 2, "manylinux_2_1_x86_64": 2, "musllinux_1_0_x86_64": 2} {
		if got := muslLine(1, claims(line)); got != want {
			t.Errorf("%s: %d, want %d", line, got, want)
		}
	}
	if got := Known().Lowest(Needs{Machine: "x86_64", Libc: musl}); got != 1 {
		t.Errorf("the lowest policy of musl: %d", got)
	}
	if got := Known().Lowest(Needs{Machine: "armv6l", Libc: glibc}); got != NoPolicy {
		t.Errorf("the lowest policy of a machine without any: %d", got)
	}
	if s := Known().SymbolFloor(Needs{Machine: "x86_64", Libc: musl, Demands: []Demand{{Kind: KindMusl, Floor: NoPolicy}, {Kind: KindLibrary, Floor: NoPolicy}}}); s != NoPolicy {
		t.Errorf("the floor by symbols: %d", s)
	}
}

// TestGlibcMinor reads version names.
func TestGlibcMinor(t *testing.T) {
	for text, want := range map[string]Floor{
		"GLIBC_2.17": 17, "GLIBC_2.2.5": 2, "GLIBC_2.0": 0, "GLIBC_2.999": 999, "GLIBC_2.1000": -1, "GLIBC_2.-1": -1, "GLIBC_2.+1": -1, "GLIBC_2.": -1,
		"GLIBC_3.1": -1, "GLIBCXX_2.1": -1, "GLIBC_PRIVATE": -1, "": -1, "17": -1,
	} {
		got, ok := GlibcMinor(text)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %d, %v", text, got, ok)
		}
	}
	if got, _ := GlibcMinor("x"); got != 0 {
		t.Errorf("no version: %d", got)
	}
	for name, want := range map[string]bool{"ld-linux-x86-64.so.2": true, "ld64.so.1": true, "ld.so.1": true, "ld.so": false, "ld64so": false, "libld-linux.so": false} {
		if IsLoader(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

// TestCompareNumbers: runs of digits are numbers, with and without zeros in front.
func TestCompareNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"V_9", "V_10", -1}, {"V_09", "V_9", 0}, {"V_09", "V_10", -1}, {"V_010", "V_9", 1}, {"V_1.9", "V_1.19", -1}, {"V_2", "V_2", 0}, {"V_0", "V_00", 0},
		{"V_2", "V_2.1", -1}, {"V_a", "V_9", 1}, {"V_9a", "V_9b", -1}, {"", "V", -1}, {"V_/", "V_9", -1}, {"V_:", "V_9", 1},
	} {
		if got := CompareVersions(c.a, c.b); got != c.want {
			t.Errorf("%s, %s: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := CompareVersions(c.b, c.a); got != -c.want {
			t.Errorf("%s, %s: %d, want %d", c.b, c.a, got, -c.want)
		}
	}
}
