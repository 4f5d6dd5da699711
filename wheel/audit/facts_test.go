package audit

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// reported audits one file that is made of facts, and lists what is found, without
// the notes on hardening unless hardening is asked about.
func reported(f elfaudit.File, machine string) []string {
	f.Kind = elfaudit.KindSharedObject
	file := &linkset.File{Path: "demo.so", ELF: &f, Machine: machine, Libc: elfaudit.LibcGlibc, Needed: f.Needed}
	s := Subject{Filename: "demo.so", Bare: true, policies: manylinux.Known(), ELF: linkset.New([]*linkset.File{file})}
	s.work()
	var list []string
	for _, found := range s.check() {
		rule, _ := finding.Lookup(found.Rule)
		list = append(list, found.Severity.String()+" "+rule.Name+": "+found.File+" "+found.Message)
	}
	return list
}

// TestFacts has for the rules about single facts of a file the last value that is
// right and the first that is not, with the message.
func TestFacts(t *testing.T) {
	needs := func(library, version string) []elfaudit.VersionNeed {
		return []elfaudit.VersionNeed{{Library: library, Versions: []elfaudit.Version{{Name: version}}}}
	}
	safe := elfaudit.File{RELRO: true, BindNow: true, LoadAlign: 64 << 10}
	with := func(change func(*elfaudit.File)) elfaudit.File {
		f := safe
		change(&f)
		return f
	}
	for _, c := range []struct {
		what, machine string
		file          elfaudit.File
		want          []string
	}{
		{"nothing", "x86_64", safe, nil},
		{"a version of a library that it names", "x86_64", with(func(f *elfaudit.File) {
			f.Needed, f.VersionNeeds = []string{"libfoo.so.1"}, needs("libfoo.so.1", "FOO_1")
		}), nil},
		{"of one that it does not", "x86_64", with(func(f *elfaudit.File) { f.VersionNeeds = needs("libfoo.so.1", "FOO_1") }),
			[]string{"error orphan-version: demo.so needs FOO_1 of libfoo.so.1, but does not name that library in DT_NEEDED"}},
		{"of the loader, which is always there", "x86_64", with(func(f *elfaudit.File) { f.VersionNeeds = needs("ld-linux-x86-64.so.2", "GLIBC_2.3") }), nil},
		{"without a version", "x86_64", with(func(f *elfaudit.File) { f.VersionNeeds = []elfaudit.VersionNeed{{Library: "libfoo.so.1"}} }), nil},
		{"libpython", "x86_64", with(func(f *elfaudit.File) { f.Needed = []string{"libpython3.11.so.1.0"} }),
			[]string{"warning libpython: demo.so is linked to libpython3.11.so.1.0; a module takes Python's symbols from the program that loads it"}},
		{"nearly libpython", "x86_64", with(func(f *elfaudit.File) { f.Needed = []string{"libpython_helper.so", "xlibpython3.11.so"} }), nil},
		{"an executable stack", "x86_64", with(func(f *elfaudit.File) { f.Stack = elfaudit.StackExec }),
			[]string{"error executable-stack: demo.so asks for an executable stack, which glibc 2.41 and later refuse to give"}},
		{"a plain stack", "x86_64", with(func(f *elfaudit.File) { f.Stack = elfaudit.StackNoExec }), nil},
		{"pages of 64 KiB", "aarch64", safe, nil},
		{"pages of 32 KiB", "aarch64", with(func(f *elfaudit.File) { f.LoadAlign = 32 << 10 }),
			[]string{"warning page-size: demo.so is aligned to pages of 32 KiB; aarch64 systems with pages of 64 KiB cannot load it"}},
		{"pages of 4 KiB where no larger are common", "x86_64", with(func(f *elfaudit.File) { f.LoadAlign = 4 << 10 }), nil},
		{"no alignment", "aarch64", with(func(f *elfaudit.File) { f.LoadAlign = 0 }), nil},
		{"lazy binding alone", "x86_64", with(func(f *elfaudit.File) { f.BindNow = false }), nil},
		{"no RELRO", "x86_64", with(func(f *elfaudit.File) { f.RELRO = false }), []string{"note hardening: demo.so has no RELRO"}},
		{"several", "x86_64", elfaudit.File{TextRel: true, WritableExec: true}, []string{"note hardening: demo.so has text relocations, no RELRO, lazy binding, a segment both writable and executable"}},
		{"a static program has nothing to harden", "x86_64", elfaudit.File{TextRel: true, Static: true}, nil},
		{"an empty run path", "x86_64", with(func(f *elfaudit.File) { f.RunPath = []string{""} }),
			[]string{"warning outside-run-path: demo.so has an empty run path, which means the current directory"}},
		{"RUNPATH replaces RPATH", "x86_64", with(func(f *elfaudit.File) { f.RPath, f.RunPath = []string{"/opt"}, []string{"$ORIGIN"} }), nil},
		{"up and out", "x86_64", with(func(f *elfaudit.File) { f.RunPath = []string{"$ORIGIN/.."} }),
			[]string{`warning outside-run-path: demo.so has the run path "$ORIGIN/..", which leads out of the wheel`}},
	} {
		if diff := cmp.Diff(c.want, reported(c.file, c.machine)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestNestedBounds: archives in the wheel are looked into up to a size and a number
// of members.
func TestNestedBounds(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"data.txt", "lib/x.so", "short"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		text := elfMagic + strings.Repeat("x", 10)
		switch name {
		case "data.txt":
			text = "text"
		case "short":
			text = elfMagic[:3]
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r := bytes.NewReader(b.Bytes())
	if diff := cmp.Diff([]string{"lib/x.so"}, nestedCode(r, r.Size())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The same bytes at the end of something larger are not looked at.
	for size, want := range map[int64]int{maxNested: 1, maxNested + 1: 0} {
		if got := nestedCode(padded{r, size}, size); len(got) != want {
			t.Errorf("%d bytes: %q", size, got)
		}
	}
}

// padded is an archive after so many zero bytes that it has a size.
type padded struct {
	r    *bytes.Reader
	size int64
}

func (p padded) ReadAt(b []byte, off int64) (int, error) {
	skip := p.size - p.r.Size()
	for i := range b {
		b[i] = 0
	}
	if off+int64(len(b)) <= skip {
		return len(b), nil
	}
	if off >= skip {
		return p.r.ReadAt(b, off-skip)
	}
	n, err := p.r.ReadAt(b[skip-off:], 0)
	return n + int(skip-off), err
}
