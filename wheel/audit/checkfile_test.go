package audit

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// pack makes a wheel of ELF fixtures, by their path in the wheel.
func pack(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	record := ""
	for path, fixture := range files {
		content, err := os.ReadFile(filepath.Join(fixtures, "elf", fixture))
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(path)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
		record += path + ",,\n"
	}
	w, err := z.Create("demo-1.0.dist-info/RECORD")
	if err == nil {
		_, err = w.Write([]byte(record))
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// findings audits such a wheel and gives the rules it breaks, notes included.
func findings(t *testing.T, tag string, files map[string]string) []string {
	t.Helper()
	w := pack(t, files)
	r, err := New(loading).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-"+tag+".whl")
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, f := range r.Findings {
		if !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	slices.Sort(rules)
	return rules
}

// TestFileRules has for each rule a file that breaks it and one that nearly does.
func TestFileRules(t *testing.T) {
	const old = "manylinux_2_5_x86_64"
	one := func(fixture string) map[string]string { return map[string]string{"demo.so": fixture} }
	libs := func(fixture, at string) map[string]string {
		return map[string]string{"demo.so": fixture, "demo.libs/" + at: "libbundled-abc123.so.1"}
	}
	for _, c := range []struct {
		what, tag string
		files     map[string]string
		want      string
	}{
		{"a plain extension", old, one("ext-x86_64-gnu2.5.so"), ""},
		{"private versions", old, one("need-x86_64-private.so"), "WT201"},
		{"packed relocations", "manylinux_2_35_x86_64", one("need-x86_64-relr.so"), "WT201"},
		{"packed relocations, allowed", "manylinux_2_36_x86_64", one("need-x86_64-relr.so"), ""},
		{"a version of the loader", "manylinux_2_34_x86_64", one("need-x86_64-rseq.so"), "WT201"},
		{"a version of the loader, allowed", "manylinux_2_35_x86_64", one("need-x86_64-rseq.so"), ""},
		{"a weak version", old, one("need-x86_64-glibc2.99-weakflag.so"), ""},
		{"a version of a foreign library", old, one("need-x86_64-openssl.so"), "WT202"},
		{"an old library", "manylinux_2_5_x86_64", one("lib-x86_64-expat.so"), "WT202"},
		{"an old library, allowed", "manylinux_2_12_x86_64", one("lib-x86_64-expat.so"), ""},
		{"the allowed part of zlib", old, one("lib-x86_64-inflate.so"), ""},
		{"internals of zlib", old, one("lib-x86_64-inflate_fast.so"), "WT203"},
		{"weak internals of zlib", old, one("lib-x86_64-inflate_fast-weak.so"), ""},
		{"x86-64-v1", old, one("isa-x86_64-v1.so"), ""},
		{"x86-64-v2", old, one("isa-x86_64-v2.so"), "WT207"},
		{"free-threaded libpython", old, one("lib-x86_64-libpythont.so"), "WT202 WT212"},
		{"a stack by default", old, one("hard-x86_64-nostackheader.so"), "WT208"},
		{"found by RUNPATH", old, libs("bundle-x86_64-runpath.so", "libbundled-abc123.so.1"), ""},
		{"found by RPATH", old, libs("bundle-x86_64-rpath.so", "libbundled-abc123.so.1"), ""},
		{"no run path", old, libs("bundle-x86_64-nopath.so", "libbundled-abc123.so.1"), "WT214"},
		{"the wrong folder", old, libs("bundle-x86_64-wrongdir.so", "libbundled-abc123.so.1"), "WT214"},
		{
			"no run path, but another file finds it", old,
			map[string]string{"demo.so": "bundle-x86_64-nopath.so", "other.so": "bundle-x86_64-runpath.so", "demo.libs/libbundled-abc123.so.1": "libbundled-abc123.so.1"}, "WT221",
		},
		{
			"versions that the bundled library defines", old,
			map[string]string{"demo.so": "bundle-x86_64-versions.so", "demo.libs/libdemoxx-abc123.so.6": "libdemoxx-abc123.so.6"}, "",
		},
		{
			"a version that the bundled library lacks", old,
			map[string]string{"demo.so": "bundle-x86_64-versions.so", "demo.libs/libdemoxx-abc123.so.6": "libdemoxx-older.so.6"}, "WT218",
		},
		{
			"a bundled library without versions", old, // the loader warns, and loads
			map[string]string{"demo.so": "bundle-x86_64-versions.so", "demo.libs/libdemoxx-abc123.so.6": "libbundled-abc123.so.1"}, "",
		},
		{"a weak reference alone", old, one("need-x86_64-glibc2.99-weak.so"), "WT201"}, // the version itself is strong
		{"an executable stack", old, one("hard-x86_64-execstack.so"), "WT208"},
		{"lazy binding alone", old, one("hard-x86_64-lazy.so"), ""},
		{"no RELRO", old, one("hard-x86_64-norelro.so"), "WT217"},
		{"writable and executable memory", old, one("hard-x86_64-wx.so"), "WT217"},
		{"text relocations", "manylinux_2_5_i686", one("hard-i686-textrel.so"), "WT217"},
		{"an empty run path", old, one("path-x86_64-empty.so"), "WT216"},
		{"a run path into the system", old, one("path-x86_64-opt.so"), "WT216"},
		{"the same as RPATH", old, one("path-x86_64-rpath-opt.so"), "WT216"},
		{"a relative run path", old, one("path-x86_64-relative.so"), "WT216"},
		{"a run path upwards", old, one("path-x86_64-up.so"), "WT216"},
		{"a run path upwards, from below", old, map[string]string{"a/b/c/demo.so": "path-x86_64-up.so"}, ""},
		{"a version need without a library", old, one("need-x86_64-orphan.so"), "WT213"},
		{"no symbols", old, one("nosyms-x86_64.so"), ""},
		{"DT_HASH alone", old, one("hash-x86_64-sysv.so"), ""},
		{"an object file for the linker", old, map[string]string{"demo.so": "ext-x86_64-gnu2.5.so", "demo.o": "obj-x86_64.o"}, ""},
		{"x32", old, one("arch-x32.so"), "WT204"},
		{"an unknown machine", old, one("arch-mips64el.so"), "WT204 WT217"},
		{"ARMv6 code", "manylinux_2_17_armv7l", one("arch-armv6l.so"), ""}, // runs on ARMv7
		{"ARMv7 code", "linux_armv6l", one("ext-armv7l-gnu2.17.so"), "WT204"},
		{"a static program", "manylinux_2_5_x86_64.musllinux_1_1_x86_64", map[string]string{"demo-1.0.data/scripts/demo": "exe-x86_64-static"}, ""},
		{"a dynamic program", "manylinux_2_5_x86_64.musllinux_1_1_x86_64", map[string]string{"demo-1.0.data/scripts/demo": "exe-x86_64-dynamic"}, "WT205"},
		{"purelib", old, map[string]string{"demo-1.0.data/purelib/demo.so": "ext-x86_64-gnu2.5.so"}, "WT209"},
		{"platlib", old, map[string]string{"demo-1.0.data/platlib/demo.so": "ext-x86_64-gnu2.5.so"}, ""},
		{"a lower policy would do", "manylinux_2_28_x86_64", one("ext-x86_64-gnu2.5.so"), "WT210"},
		{"no measured policy lies between", "manylinux_2_28_x86_64", one("ext-x86_64-gnu2.28.so"), ""},
		{"musl for any release", "musllinux_1_1_x86_64", one("musl-x86_64-alpine.so"), ""},
		{"a function of glibc", "musllinux_1_2_x86_64", one("musl-x86_64-atexit.so"), "WT211"},
		{"the same, weak", "musllinux_1_2_x86_64", one("musl-x86_64-atexit-weak.so"), ""},
		{"libgcc from outside", "musllinux_1_2_x86_64", one("musl-x86_64-libgcc.so"), "WT202"},
		{"pages of 64 KiB", "manylinux_2_17_aarch64", one("page-aarch64-64k.so"), ""},
		{"pages of 4 KiB", "manylinux_2_17_aarch64", one("page-aarch64-4k.so"), "WT215"},
	} {
		missing := false
		for _, fixture := range c.files {
			if _, err := os.Stat(filepath.Join(fixtures, "elf", fixture)); err != nil {
				t.Errorf("%s: %v", c.what, err)
				missing = true
			}
		}
		if missing {
			continue
		}
		if got := strings.Join(findings(t, c.tag, c.files), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestPackedAndNested: what hides machine code is said, and near misses are not.
func TestPackedAndNested(t *testing.T) {
	static, err := os.ReadFile(filepath.Join(fixtures, "elf", "exe-x86_64-static"))
	if err != nil {
		t.Fatal(err)
	}
	zipOf := func(name string, content []byte) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, c := range []struct {
		what    string
		content []byte
		rule    string
		verdict finding.Verdict
	}{
		{"a static program", static, "", finding.Pass},
		{"the same with the mark of UPX", append(slices.Clone(static), "UPX!"...), "WT206", finding.Unknown},
		{"an archive of text", zipOf("a.txt", []byte("text")), "", finding.Pass},
		{"an archive of machine code", zipOf("lib/a.so", static), "WT219", finding.Pass},
		{"an archive cut short", zipOf("lib/a.so", static)[:60], "", finding.Pass},
	} {
		w := wheelOf(t, map[string][]byte{"demo/data.bin": c.content})
		r, err := New(loading).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-manylinux_2_5_x86_64.whl")
		if err != nil {
			t.Fatal(err)
		}
		rule := ""
		if len(r.Findings) > 0 {
			rule = r.Findings[0].Rule
		}
		if rule != c.rule || r.Verdict != c.verdict {
			t.Errorf("%s: %s, %+v", c.what, r.Verdict, r.Findings)
		}
	}
}

// TestLongNested: an archive in a wheel that is longer than what is kept in
// memory, with machine code at both ends.
func TestLongNested(t *testing.T) {
	static, err := os.ReadFile(filepath.Join(fixtures, "elf", "exe-x86_64-static"))
	if err != nil {
		t.Fatal(err)
	}
	noise := randomBytes(5 << 20)
	inner := wheelOf(t, map[string][]byte{"a/first": static, "noise": noise, "z/last": static})
	w := wheelOf(t, map[string][]byte{"demo/data.bin": inner, "demo/random": noise})
	for _, verify := range []bool{false, true} {
		auditor := New(Options{Memory: 1 << 20, Verify: verify, Selection: withoutInfo})
		r, err := auditor.Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), fuzzName)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Findings) != 1 || r.Findings[0].Rule != "WT219" || !strings.Contains(r.Findings[0].Message, "a/first") || !strings.Contains(r.Findings[0].Message, "z/last") {
			t.Errorf("verify %v: %+v", verify, r.Findings)
		}
	}
}

// TestLoadedEarlier: a library that only another file finds is a note, no fault.
func TestLoadedEarlier(t *testing.T) {
	w := pack(t, map[string]string{"demo.so": "bundle-x86_64-nopath.so", "other.so": "bundle-x86_64-runpath.so", "demo.libs/libbundled-abc123.so.1": "libbundled-abc123.so.1"})
	r, err := New(loading).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-manylinux_2_5_x86_64.whl")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) != 1 || r.Findings[0].Severity != finding.Note || r.Findings[0].File != "demo.so" || r.Verdict != finding.Pass {
		t.Errorf("%s, %+v", r.Verdict, r.Findings)
	}
}

// TestBadName: the content is audited all the same.
func TestBadName(t *testing.T) {
	w := pack(t, map[string]string{"demo.so": "ext-x86_64-gnu2.34.so"})
	for name, want := range map[string]string{"demo-1.0.whl": "WT101", "demo-1.0-cp311-cp311-manylinux_2_34_x86_64.whl": ""} {
		r, err := New(loading).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), name)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(r.Findings) > 0 {
			got = r.Findings[0].Rule
		}
		if got != want || r.PlatformTag != "manylinux_2_34_x86_64" {
			t.Errorf("%s: %q, %s", name, got, r.PlatformTag)
		}
	}
}
