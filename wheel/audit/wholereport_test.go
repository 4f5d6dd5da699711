package audit

import (
	"bytes"
	"debug/elf"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// audited audits a wheel of files with a platform tag.
func audited(t *testing.T, tag string, o Options, files map[string][]byte) *Report {
	t.Helper()
	w := wheelOf(t, files)
	if o.Selection.Select == nil && o.Selection.Ignore == nil {
		o.Selection.Ignore = withoutInfo.Ignore
	}
	r, err := New(o).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-"+tag+".whl")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// said lists the findings of a report: severity, name of the rule, file and message.
func said(r *Report) []string {
	var list []string
	for _, f := range r.Findings {
		rule, _ := finding.Lookup(f.Rule)
		list = append(list, f.Severity.String()+" "+rule.Name+": "+strings.TrimSpace(f.File+" "+f.Message))
	}
	return list
}

// TestWholeReport looks at every field of a report but the demands, which other tests
// look at.
func TestWholeReport(t *testing.T) {
	module := elftest.Spec{
		Needed: []string{"libc.so.6", "libown.so.1", "libfoo.so.1", "libm.so.6"}, RunPath: "$ORIGIN/../demo.libs", Exported: []string{"PyInit_m"},
		Needs: []elftest.Need{
			{Library: "libc.so.6", Versions: []string{"GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17"}}, {Library: "libown.so.1", Versions: []string{"OWN_1"}}, {Library: "libfoo.so.1", Versions: []string{"FOO_10", "FOO_9"}},
		},
		Undefined: []string{"pthread_create@GLIBC_2.34", "foo@FOO_10"},
	}
	library := elftest.Spec{Soname: "libown.so.1", Needed: []string{"libc.so.6", "libbar.so.2"}, RPath: "$ORIGIN", Defines: []string{"libown.so.1", "OWN_1"}, Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.2.5"}}}}
	files := map[string][]byte{
		"demo/m.so":                     module.Bytes(),
		"demo.libs/libown-1234.so.1":    library.Bytes(),
		"demo.libs/libarm.so":           elftest.Spec{Machine: elf.EM_AARCH64, Needed: []string{"libc.so.6"}, Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}}}}.Bytes(),
		"demo-1.0.data/scripts/program": elftest.Spec{Loader: "/lib64/ld-linux-x86-64.so.2", Needed: []string{"libc.so.6"}}.Bytes(),
		"demo/x.pyd":                    peBytes(amd64PE, dllPE),
		"demo/y.dylib":                  fatBytes(macho("x86_64", 1, 10, 9), macho("arm64", 1, 11, 0)),
		"demo/cut.so":                   []byte("\x7fELF\x02\x01\x01"),
	}
	r := audited(t, "manylinux_2_17_x86_64.manylinux2014_x86_64", Options{}, files)
	if c := r.Contents; c == nil || c.Size == 0 || len(c.Libraries) != 2 || c.Libraries[0].Name != "libown-1234.so.1" || c.Libraries[1].Path != "demo/y.dylib" {
		t.Errorf("contents: %+v", c)
	}
	r.Contents = nil // digests; contents_test.go looks at them
	r.Demands, r.Findings, r.Read = nil, nil, nil
	for i := range r.ELF {
		if r.ELF[i].Path == "demo/cut.so" && r.ELF[i].Error == "" {
			t.Error("a file that is cut has no error")
		}
		r.ELF[i].Error = ""
	}
	const glibc = "glibc"
	want := &Report{
		Silenced: []finding.Silenced{{Rule: "WT105", Count: 1, By: "ignore WT105"}, {Rule: "WT442", Count: 1, By: "ignore WT442"}},
		File:     "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", Verdict: finding.Unknown,
		Claimed:     []string{"manylinux_2_17_x86_64", "manylinux2014_x86_64"},
		PlatformTag: "linux_x86_64", PlatformTags: []string{"linux_x86_64"}, FloorTag: "linux_x86_64", SymbolTag: "manylinux_2_34_x86_64",
		Libc: glibc, Machine: "x86_64",
		Needs: map[string][]string{
			"libc.so.6": {"GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.34"}, "libfoo.so.1": {"FOO_9", "FOO_10"}, "libm.so.6": {}, "libbar.so.2": {},
		},
		External: []string{"libbar.so.2", "libfoo.so.1"},
		ELF: []ELF{
			{Path: "demo-1.0.data/scripts/program", Machine: "x86_64", Libc: glibc, Kind: "executable", Needed: []string{"libc.so.6"}, Interpreter: "/lib64/ld-linux-x86-64.so.2", PlatformTag: "manylinux_2_5_x86_64"},
			{Path: "demo.libs/libarm.so", Machine: "aarch64", Libc: glibc, Kind: "shared object", Needed: []string{"libc.so.6"}, PlatformTag: "manylinux_2_17_aarch64"},
			{Path: "demo.libs/libown-1234.so.1", Machine: "x86_64", Libc: glibc, Kind: "shared object", Soname: "libown.so.1", Needed: []string{"libc.so.6", "libbar.so.2"}, RPath: []string{"$ORIGIN"}, PlatformTag: "linux_x86_64"},
			{Path: "demo/cut.so", Needed: []string{}},
			{Path: "demo/m.so", Machine: "x86_64", Libc: glibc, Kind: "shared object", Needed: []string{"libc.so.6", "libown.so.1", "libfoo.so.1", "libm.so.6"}, RunPath: []string{"$ORIGIN/../demo.libs"}, PlatformTag: "linux_x86_64"},
		},
		Other: []Other{{Path: "demo/x.pyd", Format: "PE", Machines: []string{"amd64"}, Kind: "dylib"}, {Path: "demo/y.dylib", Format: "Mach-O", Machines: []string{"x86_64", "arm64"}, Kind: "bundle", Minimums: []Minimum{{"x86_64", "macOS", "10.9", "LC_BUILD_VERSION"}, {"arm64", "macOS", "11.0", "LC_BUILD_VERSION"}}}},
		Auditwheel: &AuditwheelResult{
			OverallTag: r.Auditwheel.OverallTag, SymTag: r.Auditwheel.SymTag, External: r.Auditwheel.External, Error: r.Auditwheel.Error, Differs: r.Auditwheel.Differs,
		},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestReportTags: what a report says where there is little native code or none.
func TestReportTags(t *testing.T) {
	type tags struct {
		tag, all, floor, symbols, libc, machine string
	}
	static := fixture(t, "exe-x86_64-static")
	for _, c := range []struct {
		what, claim string
		files       map[string][]byte
		want        tags
	}{
		{"nothing", "manylinux_2_17_x86_64", nil, tags{"any", "any", "", "any", "none", ""}},
		{"nothing, for Android", "android_24_arm64_v8a", nil, tags{"any", "any", "", "any", "none", ""}},
		{"nothing, for any system", "any", nil, tags{"any", "any", "", "any", "none", ""}},
		{"another system", "win_amd64", map[string][]byte{"x.pyd": peBytes(amd64PE, dllPE)}, tags{"win_amd64", "win_amd64", "win_amd64", "", "", ""}},
		{"another system among others", "linux_x86_64.win_amd64", nil, tags{}},
		{"a static program", "linux_x86_64", map[string][]byte{"x": static}, tags{"manylinux_2_5_x86_64", "manylinux_2_5_x86_64 manylinux1_x86_64 musllinux_1_1_x86_64", "manylinux_2_5_x86_64", "manylinux_2_5_x86_64", "none", "x86_64"}},
		{"a static program that claims musl", "musllinux_1_1_x86_64", map[string][]byte{"x": static}, tags{"musllinux_1_1_x86_64", "manylinux_2_5_x86_64 manylinux1_x86_64 musllinux_1_1_x86_64", "musllinux_1_1_x86_64", "musllinux_1_1_x86_64", "none", "x86_64"}},
		{"no libc is named", "linux_x86_64", map[string][]byte{"x.so": elftest.Spec{Undefined: []string{"puts"}}.Bytes()}, tags{"", "", "", "", "", "x86_64"}},
	} {
		r := audited(t, c.claim, Options{}, c.files)
		got := tags{r.PlatformTag, strings.Join(r.PlatformTags, " "), r.FloorTag, r.SymbolTag, r.Libc, r.Machine}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
	}
}

// TestFileTags: the tag of each file is that of the file alone, for its own machine and
// libc, with the other files of the wheel around it.
func TestFileTags(t *testing.T) {
	needs := func(machine elf.Machine, libc string, versions ...string) []byte {
		s := elftest.Spec{Machine: machine, Needed: []string{libc}}
		if len(versions) > 0 {
			s.Needs = []elftest.Need{{Library: libc, Versions: versions}}
		}
		return s.Bytes()
	}
	r := audited(t, "manylinux_2_34_x86_64", Options{}, map[string][]byte{
		"old.so": needs(0, "libc.so.6", "GLIBC_2.2.5"), "new.so": needs(0, "libc.so.6", "GLIBC_2.34"),
		"arm.so": needs(elf.EM_AARCH64, "libc.so.6", "GLIBC_2.28"), "musl.so": needs(0, "libc.musl-x86_64.so.1"),
		"nolibc.so": elftest.Spec{Needed: []string{"new.so"}}.Bytes(),
		"object.o":  fixture(t, "obj-x86_64.o"),
	})
	got := map[string]string{}
	for _, e := range r.ELF {
		got[e.Path] = e.PlatformTag + " " + e.Libc + " " + e.Kind
	}
	want := map[string]string{
		"old.so": "manylinux_2_5_x86_64 glibc shared object", "new.so": "manylinux_2_34_x86_64 glibc shared object",
		"arm.so": "manylinux_2_28_aarch64 glibc shared object", "musl.so": "musllinux_1_2_x86_64 musl shared object",
		"nolibc.so": "manylinux_2_5_x86_64 unknown shared object", "object.o": "  relocatable object",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOtherFaults: a Mach-O or PE file that cannot be read is in the report with the
// reason.
func TestOtherFaults(t *testing.T) {
	r := audited(t, "win_amd64", Options{}, map[string][]byte{"x.pyd": peBytes(amd64PE, dllPE)[:100]})
	want := []Other{{Path: "x.pyd", Error: "PE: section table: truncated (at offset 0x58)"}}
	if diff := cmp.Diff(want, r.Other); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOrder: the most severe findings come first, and those of one severity in the order
// of the checks.
func TestOrder(t *testing.T) {
	r := audited(t, "manylinux_2_17_x86_64", Options{}, map[string][]byte{
		"a.so": elftest.Spec{Needed: []string{"libfoo.so", "libpython3.11.so.1.0"}}.Bytes(),
		"b.so": elftest.Spec{Needed: []string{"libfoo.so"}}.Bytes(),
	})
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Severity.String()+" "+f.Rule+" "+f.File)
	}
	want := []string{"error WT202 a.so", "error WT202 a.so", "error WT202 b.so", "warning WT212 a.so", "note WT217 a.so", "note WT217 b.so"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !slices.IsSortedFunc(r.Findings, func(a, b finding.Finding) int { return int(b.Severity) - int(a.Severity) }) {
		t.Error("not by severity")
	}
}

// TestBareFile: an ELF file without a wheel around it claims nothing, and another tool
// has nothing to say about it.
func TestBareFile(t *testing.T) {
	data := elftest.Spec{Needed: []string{"libc.so.6"}, Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}}}}.Bytes()
	s, err := OpenELF(bytes.NewReader(data), int64(len(data)), "dir/m.so")
	if err != nil {
		t.Fatal(err)
	}
	r := s.Report()
	if r.File != "dir/m.so" || r.PlatformTag != "manylinux_2_17_x86_64" || len(r.Claimed) != 0 || r.Claimed == nil || r.Auditwheel != nil || r.Read != nil || r.Verdict != finding.Pass {
		t.Errorf("%+v", r)
	}
	if got := said(r); !slices.Equal(got, []string{"note hardening: dir/m.so has no RELRO, lazy binding"}) {
		t.Errorf("%q", got)
	}
	// Nothing says which libc this is for, which a file alone need not.
	data = elftest.Spec{Undefined: []string{"puts"}}.Bytes()
	if s, err = OpenELF(bytes.NewReader(data), int64(len(data)), "m.so"); err != nil {
		t.Fatal(err)
	}
	if r := s.Report(); r.Verdict != finding.Pass || r.Libc != "" || r.PlatformTag != "" {
		t.Errorf("%+v", r)
	}
	for _, bad := range []string{"text", ""} {
		if s, err := OpenELF(strings.NewReader(bad), int64(len(bad)), "m.so"); s != nil || err == nil {
			t.Errorf("%q: %v, %v", bad, s, err)
		}
	}
	if s, err = OpenELF(strings.NewReader("\x7fELF\x02"), 5, "m.so"); err != nil {
		t.Fatal(err)
	}
	if r := s.Report(); r.Verdict != finding.Unknown || len(r.ELF) != 1 || r.ELF[0].Error == "" {
		t.Errorf("cut: %+v", r)
	}
}
