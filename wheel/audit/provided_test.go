package audit

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// needing makes a module that needs libraries.
func needing(libraries ...string) []byte {
	return elftest.Spec{
		Needed: append([]string{"libc.so.6"}, libraries...), Exported: []string{"PyInit_m"}, BindNow: true,
		Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}}},
	}.Bytes()
}

// TestExclude: an excluded library counts as provided, and nothing else changes.
func TestExclude(t *testing.T) {
	const tag = "manylinux_2_17_x86_64"
	unreachable := map[string][]byte{"demo/m.so": needing("libown.so.1"), "libs/libown.so.1": elftest.Spec{Soname: "libown.so.1"}.Bytes()}
	stdcxx := elftest.Spec{
		Needed: []string{"libc.so.6", "libstdc++.so.6"}, Exported: []string{"PyInit_m"}, BindNow: true,
		Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}}, {Library: "libstdc++.so.6", Versions: []string{"GLIBCXX_3.4.30"}}},
	}.Bytes()
	zlib := elftest.Spec{
		Needed: []string{"libc.so.6", "libz.so.1"}, Exported: []string{"PyInit_m"}, BindNow: true, Undefined: []string{"inflate_fast"},
		Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}}},
	}.Bytes()
	for _, c := range []struct {
		what                    string
		files                   map[string][]byte
		exclude                 string
		tag, excluded, external string
		rules                   string
	}{
		{"nothing", map[string][]byte{"m.so": needing("libcuda.so.1")}, "", "linux_x86_64", "", "libcuda.so.1", "WT202"},
		{"by name", map[string][]byte{"m.so": needing("libcuda.so.1")}, "libcuda.so.1", tag, "libcuda.so.1", "", ""},
		{"by a pattern", map[string][]byte{"m.so": needing("libcuda.so.1", "libcudart.so.12")}, "libcuda*.so.*", tag, "libcuda.so.1 libcudart.so.12", "", ""},
		{"of two, one", map[string][]byte{"m.so": needing("libcuda.so.1", "libcudart.so.12")}, "libcuda.so.?", "linux_x86_64", "libcuda.so.1", "libcudart.so.12", "WT202"},
		{"by two patterns", map[string][]byte{"m.so": needing("liba.so", "libb.so")}, "liba.so libb.so", tag, "liba.so libb.so", "", ""},
		{"a prefix of the name", map[string][]byte{"m.so": needing("libcuda.so.1")}, "libcuda.so", "linux_x86_64", "", "libcuda.so.1", "WT202"},
		{"other letter case", map[string][]byte{"m.so": needing("libcuda.so.1")}, "LIBCUDA.so.1", "linux_x86_64", "", "libcuda.so.1", "WT202"},
		{"one that is not needed", map[string][]byte{"m.so": needing("libcuda.so.1")}, "libfoo*", "linux_x86_64", "", "libcuda.so.1", "WT202"},
		{"one of the wheel that is not reached", unreachable, "libown*", tag, "libown.so.1", "", ""},
		{"another is excluded", unreachable, "libother*", "linux_x86_64", "", "", "WT214"},
		{"symbol versions still count", map[string][]byte{"m.so": stdcxx}, "libstdc++.so.6", "manylinux_2_35_x86_64", "libstdc++.so.6", "", "WT201"},
		{"banned symbols", map[string][]byte{"m.so": zlib}, "", "linux_x86_64", "", "", "WT203"},
		{"no ban of an excluded library", map[string][]byte{"m.so": zlib}, "libz.so.1", tag, "libz.so.1", "", ""},
	} {
		r := audited(t, tag, Options{Exclude: strings.Fields(c.exclude)}, c.files)
		var rules []string
		for _, f := range r.Findings {
			if f.Severity >= 3 {
				rules = append(rules, f.Rule)
			}
		}
		got := []string{r.PlatformTag, strings.Join(r.Excluded, " "), strings.Join(r.External, " "), strings.Join(rules, " ")}
		if diff := cmp.Diff([]string{c.tag, c.excluded, c.external, c.rules}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
		if c.what != "one of the wheel that is not reached" && r.Auditwheel.OverallTag != c.tag && len(r.Auditwheel.Differs) == 0 {
			t.Errorf("%s: auditwheel says %+v", c.what, r.Auditwheel)
		}
	}
}

// TestExcludeElsewhere: exclusions count for releases, for policies, for explanations and
// for wheels of other systems.
func TestExcludeElsewhere(t *testing.T) {
	on, err := distro.Parse("debian:12", distro.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		exclude  []string
		loads    loads.Status
		carries  manylinux.Answer
		sentence bool
	}{
		{nil, loads.No, manylinux.No, false},
		{[]string{"libcuda.so.*"}, loads.Yes, manylinux.Yes, true},
	} {
		r := audited(t, "linux_x86_64", Options{Exclude: c.exclude}, map[string][]byte{"m.so": needing("libcuda.so.1")})
		if got := loads.OnRelease(r.Code(), on.Platform, on.Release); got.Loads != c.loads {
			t.Errorf("%q: %+v", c.exclude, got)
		}
		if got, _, err := r.Qualifies("manylinux_2_28", nil); got != c.carries || err != nil {
			t.Errorf("%q: %v, %v", c.exclude, got, err)
		}
		if e := Explain(r); strings.Contains(e.Sentence, "Excluded, so counted as provided: libcuda.so.1.") != c.sentence || (len(e.Excluded) == 1) != c.sentence {
			t.Errorf("%q: %+v", c.exclude, e)
		}
	}
	dylib := map[string][]byte{"demo/m.so": library("arm64", "@rpath/libfoo.1.dylib")}
	for exclude, want := range map[string]bool{"libfoo.1.dylib": false, "libfoo.dylib": true} {
		w := wheelOf(t, dylib)
		r, err := New(Options{Exclude: []string{exclude}}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-macosx_11_0_arm64.whl")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(strings.Join(said(r), "\n"), "libfoo.1.dylib"); got != want || (len(r.External) > 0) != want {
			t.Errorf("%s: %q, external %q", exclude, said(r), r.External)
		}
	}
}

// TestLibraryPath: where libraries from outside are, what they need, and what their paths
// exclude.
func TestLibraryPath(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"libfoo.so.1.2": elftest.Spec{Soname: "libfoo.so.1", Needed: []string{"libbar.so.2", "libc.so.6", "libnone.so"}, Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.34"}}}}.Bytes(),
		"libbar.so.2":   elftest.Spec{Needed: []string{"libfoo.so.1"}}.Bytes(),
		"libtext.so":    []byte("INPUT(libfoo.so.1)"),
		"libarm.so":     elftest.Spec{Machine: 183}.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("libfoo.so.1.2", filepath.Join(dir, "libfoo.so.1")); err != nil {
		t.Skip(err)
	}
	files := map[string][]byte{"m.so": needing("libfoo.so.1", "libtext.so", "libarm.so", "libgone.so", "libz.so.1")}
	o := Options{LibraryPath: []string{filepath.Join(dir, "absent"), dir}}
	r := audited(t, "linux_x86_64", o, files)
	want := []Outside{
		{Library: "libfoo.so.1", Path: filepath.Join(dir, "libfoo.so.1.2"), External: []string{"libbar.so.2", "libnone.so"}, FloorTag: "manylinux_2_34_x86_64"},
		{Library: "libbar.so.2", Path: filepath.Join(dir, "libbar.so.2"), External: []string{"libfoo.so.1"}, FloorTag: "manylinux_2_5_x86_64"},
	}
	if diff := cmp.Diff(want, r.Outside); diff != "" {
		t.Errorf("outside (-want +got):\n%s", diff)
	}
	if got := strings.Join(r.External, " "); got != "libarm.so libfoo.so.1 libgone.so libtext.so" || r.PlatformTag != "linux_x86_64" {
		t.Errorf("%s external, %s", got, r.PlatformTag)
	}
	if a := r.Auditwheel; a.SymTag != "manylinux_2_34_x86_64" || strings.Join(a.External, " ") != "libarm.so libbar.so.2 libfoo.so.1 libgone.so libnone.so libtext.so" {
		t.Errorf("auditwheel: %+v", a)
	}
	for pattern, want := range map[string]string{"*/libfoo.so.1.2": "libfoo.so.1", "*/libfoo.so.1": "", "libfoo.so.1.2": ""} {
		o.Exclude = []string{pattern}
		if r := audited(t, "linux_x86_64", o, files); strings.Join(r.Excluded, " ") != want {
			t.Errorf("%s excludes %q", pattern, r.Excluded)
		}
	}
}
