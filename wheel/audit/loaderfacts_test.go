package audit

import (
	"bytes"
	"debug/elf"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// sound is a shared library in which nothing is wrong, with a change.
func sound(change func(*elfaudit.File)) *elfaudit.File {
	f := &elfaudit.File{
		Kind: elfaudit.KindSharedObject, RELRO: true, BindNow: true, LoadAlign: 64 << 10, Stack: elfaudit.StackNoExec,
		Type: elf.ET_DYN, Dynamic: true, DynamicSize: 1, Entries: map[elf.DynTag]uint64{elf.DT_GNU_HASH: 8},
	}
	if change != nil {
		change(f)
	}
	return f
}

// checkedFiles checks a wheel of files that are made of facts, and lists what is found.
func checkedFiles(claim string, files ...*linkset.File) []string {
	s := Subject{
		Filename: "demo.whl", rules: finding.Selection{Index: finding.NoIndex()}, policies: manylinux.Known(), ELF: linkset.New(files), today: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC),
		Claims: []tags.PlatformTag{tags.ParsePlatformTag(claim)}, record: record{Record: wheel.Record{Err: wheel.ErrNoMember}},
	}
	s.work()
	var list []string
	for _, found := range s.check() {
		rule, _ := finding.Lookup(found.Rule)
		list = append(list, found.Severity.String()+" "+rule.Name+": "+strings.TrimSpace(found.File+" "+found.Message))
	}
	return list
}

// TestLoaderFacts: facts that count for one libc, machine or kind of file and not for
// another.
func TestLoaderFacts(t *testing.T) {
	const glibc, musl, bionic, none = elfaudit.LibcGlibc, elfaudit.LibcMusl, elfaudit.LibcBionic, elfaudit.LibcNone
	tls := func(f *elfaudit.File) { f.TLS, f.StaticTLS.Flag = &elfaudit.TLS{MemSize: 1 << 20}, true }
	const tooMuchTLS = "warning static-tls-size: m.so needs 1048576 bytes of static thread-local storage; glibc keeps 1664 for all libraries that are loaded later"
	python := func(f *elfaudit.File) { f.Needed = []string{"libpython3.13.so"} }
	align := func(f *elfaudit.File) { f.LoadAlign = 4 << 10 }
	page := func(machine string, kib string) string {
		return "warning page-size: m.so is aligned to pages of 4 KiB; " + machine + " systems with pages of " + kib + " KiB cannot load it"
	}
	for _, c := range []struct {
		what, claim, machine string
		libc                 elfaudit.Libc
		elf                  *elfaudit.File
		want                 []string
	}{
		{"much TLS on glibc", "linux_x86_64", "x86_64", glibc, sound(tls), []string{tooMuchTLS}},
		{"much TLS on musl", "musllinux_1_2_x86_64", "x86_64", musl, sound(tls), nil},
		{"much TLS of a file for either, on musl", "musllinux_1_2_x86_64", "x86_64", none, sound(tls), nil},
		{"much TLS of a file for either, on glibc", "manylinux_2_5_x86_64", "x86_64", none, sound(tls), []string{tooMuchTLS}},
		{"much TLS of its own", "linux_x86_64", "x86_64", glibc, sound(func(f *elfaudit.File) { f.TLS, f.StaticTLS.Own = &elfaudit.TLS{MemSize: 1 << 20}, true }),
			[]string{strings.Replace(tooMuchTLS, "warning static-tls-size", "error static-tls-room", 1)}},
		{"the flag without any", "linux_x86_64", "x86_64", glibc, sound(func(f *elfaudit.File) { f.StaticTLS.Flag = true }), nil},
		{"much TLS of a program", "linux_x86_64", "x86_64", glibc, sound(func(f *elfaudit.File) {
			tls(f)
			f.Kind, f.Interpreter = elfaudit.KindExecutable, "/lib64/ld-linux-x86-64.so.2"
		}), nil},
		{"libpython on Android", "android_24_arm64_v8a", "aarch64", bionic, sound(python), nil},
		{"libpython on Linux", "linux_aarch64", "aarch64", glibc, sound(python), []string{"warning libpython: m.so is linked to libpython3.13.so; a module takes Python's symbols from the program that loads it"}},
		{"small pages on Android", "android_24_arm64_v8a", "aarch64", bionic, sound(align), []string{page("aarch64", "16")}},
		{"small pages on Android's emulator", "android_24_x86_64", "x86_64", bionic, sound(align), []string{page("x86_64", "16")}},
		{"small pages on old Android", "android_24_armeabi_v7a", "armv7l", bionic, sound(align), nil},
		{"small pages on Linux", "linux_aarch64", "aarch64", glibc, sound(align), []string{page("aarch64", "64")}},
		{"no section for the loader of musl", "musllinux_1_2_x86_64", "x86_64", musl, sound(func(f *elfaudit.File) { f.Dynamic = false }), []string{"error loader-refusal: m.so has no dynamic section; musl cannot load it"}},
		{"lazy binding and more", "linux_x86_64", "x86_64", glibc, sound(func(f *elfaudit.File) { f.BindNow, f.WritableExec = false, true }), []string{"note hardening: m.so has lazy binding, a segment both writable and executable"}},
		{"text relocations of a lazy file", "linux_x86_64", "x86_64", glibc, sound(func(f *elfaudit.File) { f.BindNow, f.TextRel, f.Relocations.Text = false, true, true }), []string{"note hardening: m.so has text relocations, lazy binding"}},
		{"lazy without RELRO", "linux_x86_64", "x86_64", glibc, sound(func(f *elfaudit.File) { f.BindNow, f.RELRO = false, false }), []string{"note hardening: m.so has no RELRO, lazy binding"}},
		{"an executable stack on musl", "musllinux_1_2_x86_64", "x86_64", musl, sound(func(f *elfaudit.File) { f.Stack = elfaudit.StackExec }), []string{"note hardening: m.so has a flag for an executable stack, which musl ignores"}},
		{"a stack by default", "linux_s390x", "s390x", glibc, sound(func(f *elfaudit.File) { f.Stack = elfaudit.StackDefault }), []string{
			"error executable-stack: m.so has no PT_GNU_STACK header, which means an executable stack on s390x; glibc 2.41 and later refuse to give one",
		}},
	} {
		f := &linkset.File{Path: "m.so", ELF: c.elf, Machine: c.machine, Libc: c.libc, Needed: c.elf.Needed}
		got := checkedFiles(c.claim, f)
		for i := range got { // libpython comes from outside, too
			if strings.Contains(got[i], "unreadable") || strings.Contains(got[i], "external-library") {
				t.Errorf("%s: %s", c.what, got[i])
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestStackOfEachFile: of two files each has the message that is its own.
func TestStackOfEachFile(t *testing.T) {
	file := func(path string, stack elfaudit.Stack) *linkset.File {
		return &linkset.File{Path: path, ELF: sound(func(f *elfaudit.File) { f.Stack = stack }), Machine: "x86_64", Libc: elfaudit.LibcGlibc}
	}
	got := checkedFiles("linux_x86_64", file("a.so", elfaudit.StackExec), file("b.so", elfaudit.StackDefault))
	want := []string{
		"error executable-stack: a.so asks for an executable stack, which glibc 2.41 and later refuse to give",
		"error executable-stack: b.so has no PT_GNU_STACK header, which means an executable stack on x86_64; glibc 2.41 and later refuse to give one",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestObjectAsModule: a file that no loader takes is a fault where Python would import
// it, and nowhere else.
func TestObjectAsModule(t *testing.T) {
	object := fixture(t, "obj-x86_64.o")
	r := audited(t, "linux_x86_64", Options{}, map[string][]byte{moduleName311: object, "demo/data.o": object, "demo/data.so": object})
	want := []string{"error loader-refusal: " + moduleName311 + ` is named as an extension module but is of the kind "relocatable object", which no loader takes`}
	if diff := cmp.Diff(want, said(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPatchReleases: what a patch release of musl brought is missing on systems that may
// carry the tag.
func TestPatchReleases(t *testing.T) {
	const musl = "libc.musl-x86_64.so.1"
	for _, c := range []struct {
		what, claim string
		symbols     []string
		want        []string
	}{
		{"a function of 1.2.3", "musllinux_1_2_x86_64", []string{"qsort_r"}, []string{
			"ended-release 1.2.3 musllinux_1_2_x86_64 [qsort_r]: m.so takes qsort_r, which musl has from 1.2.3 on; only alpine:3.13, alpine:3.14, alpine:3.15, past their end of life, have an older one",
		}},
		{"a function that any release of the series has", "musllinux_1_2_x86_64", []string{"reallocarray"}, nil},
		{"a function that none has, and one of 1.2.3", "musllinux_1_2_x86_64", []string{"__cxa_thread_atexit_impl", "qsort_r"}, []string{
			"musl-symbol  musllinux_1_2_x86_64 [__cxa_thread_atexit_impl]: m.so takes __cxa_thread_atexit_impl, which neither musl nor a file of the wheel has; importing fails",
			"ended-release 1.2.3 musllinux_1_2_x86_64 [qsort_r]: m.so takes qsort_r, which musl has from 1.2.3 on; only alpine:3.13, alpine:3.14, alpine:3.15, past their end of life, have an older one",
		}},
		{"a function of a newer series", "musllinux_1_1_x86_64", []string{"qsort_r", "strchr"}, []string{
			"musl-symbol 1.2.3 musllinux_1_1_x86_64 [qsort_r]: m.so takes qsort_r, which musl has from 1.2.3 on; systems of musllinux_1_1_x86_64 may be older",
		}},
		{"no claim for musl", "linux_x86_64", []string{"qsort_r"}, nil},
	} {
		data := elftest.Spec{Needed: []string{musl}, BindNow: true, Undefined: c.symbols}.Bytes()
		w := wheelOf(t, map[string][]byte{"m.so": data})
		r, err := New(Options{Today: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-"+c.claim+".whl")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range r.Findings {
			if rule, _ := finding.Lookup(f.Rule); rule.Name == "musl-symbol" || rule.Name == "ended-release" {
				got = append(got, rule.Name+" "+f.Version+" "+f.Claimed+" ["+strings.Join(f.Symbols, ",")+"]: "+f.File+" "+f.Message)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestEndOfLife: a release counts as supported until the day after its end of life.
func TestEndOfLife(t *testing.T) {
	for day, want := range map[string]string{ // alpine:3.15 ended on 2023-11-01
		"2023-10-31": "alpine:3.15", "2023-11-01": "alpine:3.15", "2023-11-02": "",
	} {
		today, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		s := Subject{today: today}
		since, err := manylinux.ParseMuslRelease("1.2.3")
		if err != nil {
			t.Fatal(err)
		}
		supported, ended := s.olderReleases(tags.ParsePlatformTag("musllinux_1_2_x86_64"), since)
		if got := strings.Join(supported, " "); got != want || len(supported)+len(ended) != 3 {
			t.Errorf("%s: supported %q, ended %q", day, supported, ended)
		}
	}
}

// TestWeakVersionOfBundled: a version that is marked weak may be missing.
func TestWeakVersionOfBundled(t *testing.T) {
	library := &linkset.File{Path: "libs/liba.so", Machine: "x86_64", Libc: elfaudit.LibcGlibc, ELF: sound(func(f *elfaudit.File) {
		f.Soname, f.VersionDefs = "liba.so", []elfaudit.VersionDef{{Name: "A_1"}}
	})}
	for weak, want := range map[bool][]string{true: nil, false: {"error bundled-version: m.so needs A_2 of liba.so, which the wheel has, but not with that version"}} {
		m := &linkset.File{Path: "m.so", Machine: "x86_64", Libc: elfaudit.LibcGlibc, Needed: []string{"liba.so"}, ELF: sound(func(f *elfaudit.File) {
			f.Needed, f.RunPath = []string{"liba.so"}, []string{"$ORIGIN/libs"}
			f.VersionNeeds = []elfaudit.VersionNeed{{Library: "liba.so", Versions: []elfaudit.Version{{Name: "A_1"}, {Name: "A_2", Weak: weak}}}}
		})}
		if diff := cmp.Diff(want, checkedFiles("linux_x86_64", m, library)); diff != "" {
			t.Errorf("weak %v (-want +got):\n%s", weak, diff)
		}
	}
}
