package audit

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
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
	safe := elfaudit.File{RELRO: true, BindNow: true, LoadAlign: 64 << 10, Stack: elfaudit.StackNoExec, Type: elf.ET_DYN, Dynamic: true, DynamicSize: 1}
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
		{"a stack by default where that is executable", "s390x", with(func(f *elfaudit.File) { f.Stack = elfaudit.StackDefault }),
			[]string{"error executable-stack: demo.so has no PT_GNU_STACK header, which means an executable stack on s390x; glibc 2.41 and later refuse to give one"}},
		{"a stack by default where it is not", "ppc64le", with(func(f *elfaudit.File) { f.Stack = elfaudit.StackDefault }), nil},
		{"packed relocations and no version", "x86_64", with(func(f *elfaudit.File) { f.Relr = true }), nil},
		{"packed relocations with their version", "x86_64", with(func(f *elfaudit.File) {
			f.Relr, f.Needed, f.VersionNeeds = true, []string{"libc.so.6"}, needs("libc.so.6", "GLIBC_ABI_DT_RELR")
		}), nil},
		{"packed relocations without it", "x86_64", with(func(f *elfaudit.File) {
			f.Relr, f.Needed, f.VersionNeeds = true, []string{"libc.so.6"}, needs("libc.so.6", "GLIBC_2.2.5")
		}), []string{"error packed-relocations: demo.so has packed relocations (DT_RELR) but does not need GLIBC_ABI_DT_RELR: glibc 2.36 and later refuse it, earlier ones skip the relocations"}},
		{"no dynamic section", "x86_64", with(func(f *elfaudit.File) { f.Dynamic = false }), []string{"error loader-refusal: demo.so has no dynamic section; glibc cannot load it"}},
		{"an empty one", "x86_64", with(func(f *elfaudit.File) { f.DynamicSize = 0 }), []string{"error loader-refusal: demo.so has a dynamic section of size 0; glibc cannot load it"}},
		{"for FreeBSD", "x86_64", with(func(f *elfaudit.File) { f.OSABI = elf.ELFOSABI_FREEBSD }),
			[]string{"error loader-refusal: demo.so names an operating system (EI_OSABI) other than System V and GNU; glibc cannot load it"}},
		{"for ARM on another machine", "x86_64", with(func(f *elfaudit.File) { f.OSABI = elf.ELFOSABI_ARM }),
			[]string{"error loader-refusal: demo.so names an operating system (EI_OSABI) other than System V and GNU; glibc cannot load it"}},
		{"for ARM on ARM", "armv7l", with(func(f *elfaudit.File) { f.OSABI, f.Machine = elf.ELFOSABI_ARM, elf.EM_ARM }), nil},
		{"segments in no order", "x86_64", with(func(f *elfaudit.File) {
			f.Loads = []elfaudit.Load{{Addr: 0x5000, Offset: 0x5000}, {Addr: 0x1000, Offset: 0x1000}}
		}),
			[]string{"error loader-refusal: demo.so has loadable segments that are not in the order of their addresses; glibc cannot load it"}},
		{"relocations of text", "x86_64", with(func(f *elfaudit.File) { f.Relocations.Text = true }),
			[]string{"error loader-refusal: demo.so has relocations in a segment that is not writable and does not say so (DT_TEXTREL); glibc cannot load it"}},
		{"relocations of text that are told", "x86_64", with(func(f *elfaudit.File) { f.Relocations.Text, f.TextRel = true, true }), []string{"note hardening: demo.so has text relocations"}},
		{"for GNU, with its version", "x86_64", with(func(f *elfaudit.File) { f.OSABI, f.ABIVersion = elf.ELFOSABI_LINUX, 1 }), nil},
		{"a version without GNU", "x86_64", with(func(f *elfaudit.File) { f.ABIVersion = 1 }), []string{"error loader-refusal: demo.so has an unknown EI_ABIVERSION; glibc cannot load it"}},
		{"padding", "x86_64", with(func(f *elfaudit.File) { f.Padded = true }), []string{"error loader-refusal: demo.so has bytes other than 0 at the end of e_ident; glibc cannot load it"}},
		{"a program as a library", "x86_64", with(func(f *elfaudit.File) { f.PIE = true }),
			[]string{"error loader-refusal: demo.so is a position-independent program (DF_1_PIE), not a library; glibc 2.30 and later cannot load it"}},
		{"DF_1_NOOPEN of what is no module", "x86_64", with(func(f *elfaudit.File) { f.NoOpen = true }), nil},
		{"segments in line", "x86_64", with(func(f *elfaudit.File) {
			f.Loads = []elfaudit.Load{{Offset: 0x1234, Addr: 0x5234, MemSize: 1, Flags: elf.PF_R}}
		}), nil},
		{"a segment out of line", "x86_64", with(func(f *elfaudit.File) {
			f.Loads = []elfaudit.Load{{Offset: 0x1234, Addr: 0x5235, MemSize: 1, Flags: elf.PF_R}}
		}),
			[]string{"error loader-refusal: demo.so has a segment whose address and offset differ within a page; glibc cannot load it"}},
		{"more memory than there is", "x86_64", with(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{MemSize: 1<<46 + 1, Flags: elf.PF_R}} }),
			[]string{"error loader-refusal: demo.so asks for more memory than a process can have; glibc cannot load it"}},
		{"a segment for nothing", "x86_64", with(func(f *elfaudit.File) { f.Loads = []elfaudit.Load{{MemSize: 1}} }),
			[]string{"warning doubtful-header: demo.so has a segment that may not be read, written or run; whether glibc loads it depends on the kernel, the processor or the emulator"}},
		{"an address for which there may be no room", "s390x", with(func(f *elfaudit.File) {
			f.Class, f.Machine, f.Loads = 64, elf.EM_S390, []elfaudit.Load{{MemSize: 1, Flags: elf.PF_R, Align: 1 << 40}}
		}),
			[]string{"warning doubtful-header: demo.so asks for an address that is a multiple of 1024 GiB (p_align); whether glibc 2.35 and later load it depends on the kernel, the processor or the emulator"}},
		{"functions that are no code", "x86_64", with(func(f *elfaudit.File) { f.Misplaced = []elf.DynTag{elf.DT_FINI} }),
			[]string{"error loader-refusal: demo.so has functions that run when the process ends and are not in executable memory (DT_FINI, DT_FINI_ARRAY), so that it crashes then; glibc cannot load it"}},
		{"DT_PLTREL of another machine", "x86_64", with(func(f *elfaudit.File) {
			f.Class, f.Entries = 64, map[elf.DynTag]uint64{elf.DT_PLTREL: uint64(elf.DT_REL), elf.DT_JMPREL: 8, elf.DT_PLTRELSZ: 24}
		}),
			[]string{"error loader-refusal: demo.so has relocations of a kind that the machine does not have (DT_PLTREL); glibc cannot load it"}},
		{"its own DT_PLTREL", "x86_64", with(func(f *elfaudit.File) {
			f.Class, f.Entries = 64, map[elf.DynTag]uint64{elf.DT_PLTREL: uint64(elf.DT_RELA), elf.DT_JMPREL: 8, elf.DT_PLTRELSZ: 24}
		}), nil},
		{"static TLS that just fits", "x86_64", with(func(f *elfaudit.File) { f.TLS, f.StaticTLS.Flag = &elfaudit.TLS{MemSize: 1664}, true }), nil},
		{"static TLS that does not", "x86_64", with(func(f *elfaudit.File) { f.TLS, f.StaticTLS.Own = &elfaudit.TLS{MemSize: 1665}, true }),
			[]string{"warning static-tls-size: demo.so needs 1665 bytes of static thread-local storage; glibc keeps 1664 for all libraries that are loaded later"}},
		{"the flag without a relocation, and more than any release has", "x86_64", with(func(f *elfaudit.File) { f.TLS, f.StaticTLS.Flag = &elfaudit.TLS{MemSize: 4096}, true }),
			[]string{"warning static-tls-size: demo.so needs 4096 bytes of static thread-local storage; glibc keeps 1664 for all libraries that are loaded later"}},
		{"the most that a release may have", "x86_64", with(func(f *elfaudit.File) { f.TLS, f.StaticTLS.Own = &elfaudit.TLS{MemSize: 1727}, true }),
			[]string{"warning static-tls-size: demo.so needs 1727 bytes of static thread-local storage; glibc keeps 1664 for all libraries that are loaded later"}},
		{"more than any release has", "x86_64", with(func(f *elfaudit.File) { f.TLS, f.StaticTLS.Own = &elfaudit.TLS{MemSize: 1728}, true }),
			[]string{"error static-tls-room: demo.so needs 1728 bytes of static thread-local storage; glibc keeps 1664 for all libraries that are loaded later"}},
		{"static TLS with the alignment of a thread", "x86_64", with(func(f *elfaudit.File) { f.TLS, f.StaticTLS.Own = &elfaudit.TLS{MemSize: 64, Align: 64}, true }), nil},
		{"with a larger one", "x86_64", with(func(f *elfaudit.File) { f.TLS, f.StaticTLS.Own = &elfaudit.TLS{MemSize: 64, Align: 128}, true }),
			[]string{"warning static-tls-size: demo.so needs static thread-local storage aligned to 128 bytes; for libraries that are loaded later glibc has none aligned to more than 64"}},
		{"much TLS of the other kind", "x86_64", with(func(f *elfaudit.File) { f.TLS = &elfaudit.TLS{MemSize: 1 << 20} }), nil},
		{"pages of 64 KiB", "aarch64", safe, nil},
		{"pages of 32 KiB", "aarch64", with(func(f *elfaudit.File) { f.LoadAlign = 32 << 10 }),
			[]string{"warning page-size: demo.so is aligned to pages of 32 KiB; aarch64 systems with pages of 64 KiB cannot load it"}},
		{"pages of 4 KiB where no larger are common", "x86_64", with(func(f *elfaudit.File) { f.LoadAlign = 4 << 10 }), nil},
		{"no alignment", "aarch64", with(func(f *elfaudit.File) { f.LoadAlign = 0 }), nil},
		{"lazy binding alone", "x86_64", with(func(f *elfaudit.File) { f.BindNow = false }), nil},
		{"no RELRO", "x86_64", with(func(f *elfaudit.File) { f.RELRO = false }), []string{"note hardening: demo.so has no RELRO"}},
		{"a flag for relocations of text that are not there", "x86_64", with(func(f *elfaudit.File) { f.TextRel = true }), nil},
		{"the flag on MIPS, whose relocations are not read", "mips64", with(func(f *elfaudit.File) { f.TextRel, f.Machine = true, elf.EM_MIPS }), []string{"note hardening: demo.so has text relocations"}},
		{"several", "x86_64", elfaudit.File{TextRel: true, Relocations: elfaudit.Relocations{Text: true}, WritableExec: true, Stack: elfaudit.StackNoExec, Type: elf.ET_DYN, Dynamic: true, DynamicSize: 1}, []string{"note hardening: demo.so has text relocations, no RELRO, lazy binding, a segment both writable and executable"}},
		{"a static program has nothing to harden", "x86_64", elfaudit.File{TextRel: true, Static: true, Stack: elfaudit.StackNoExec}, nil},
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

// TestFactsWithoutLibc: of code that needs no C library the claims say whose loader takes
// it, and each says what that one refuses.
func TestFactsWithoutLibc(t *testing.T) {
	const (
		stack     = "error executable-stack: asks for an executable stack, which glibc 2.41 and later refuse to give"
		ignored   = "note hardening: has a flag for an executable stack, which musl ignores"
		padded    = "has bytes other than 0 at the end of e_ident"
		noDynamic = "error loader-refusal: has no dynamic section; %s cannot load it"
		tls       = "error musl-static-tls: keeps thread-local variables of the wheel with the initial-exec model; musl has no room for those in a running process and refuses to load it"
	)
	for _, c := range []struct {
		what, tag, best string
		change          func(*elfaudit.File)
		want            []string
	}{
		{"a stack for glibc", "manylinux_2_17_x86_64", "musllinux_1_1_x86_64", func(f *elfaudit.File) { f.Stack = elfaudit.StackExec }, []string{stack}},
		{"a stack for musl", "musllinux_1_2_x86_64", "musllinux_1_1_x86_64", func(f *elfaudit.File) { f.Stack = elfaudit.StackExec }, []string{ignored}},
		{"a stack for both", "manylinux_2_17_x86_64.musllinux_1_2_x86_64", "musllinux_1_1_x86_64", func(f *elfaudit.File) { f.Stack = elfaudit.StackExec }, []string{stack}},
		{"a stack for linux", "linux_x86_64", "musllinux_1_1_x86_64", func(f *elfaudit.File) { f.Stack = elfaudit.StackExec }, []string{stack}},
		{"what glibc alone refuses", "musllinux_1_2_x86_64", "musllinux_1_1_x86_64", func(f *elfaudit.File) { f.Padded = true }, nil},
		{"the same for glibc", "manylinux_2_17_x86_64", "musllinux_1_1_x86_64", func(f *elfaudit.File) { f.Padded = true }, []string{"error loader-refusal: " + padded + "; glibc cannot load it"}},
		{"what both refuse, for musl", "musllinux_1_2_x86_64", "linux_x86_64", func(f *elfaudit.File) { f.Dynamic = false }, []string{strings.Replace(noDynamic, "%s", "musl", 1)}},
		{"storage that musl refuses", "musllinux_1_2_x86_64", "manylinux_2_5_x86_64", func(f *elfaudit.File) { f.StaticTLS.Own = true }, []string{tls}},
		{"the same for glibc", "manylinux_2_5_x86_64", "manylinux_2_5_x86_64", func(f *elfaudit.File) { f.StaticTLS.Own = true }, nil},
		{"packed relocations for musl", "musllinux_1_1_x86_64", "musllinux_1_2_x86_64", func(f *elfaudit.File) { f.Relr = true },
			[]string{"error packed-relocations: has packed relocations (DT_RELR), which systems of musllinux_1_1_x86_64 may not read; allowed from musllinux_1_2_x86_64"}},
		{"packed relocations for a musl that reads them, mostly", "musllinux_1_2_x86_64", "musllinux_1_2_x86_64", func(f *elfaudit.File) { f.Relr = true },
			[]string{"warning ended-release: has packed relocations (DT_RELR), which musl has from 1.2.4 on; only alpine:3.13, alpine:3.14, alpine:3.15, alpine:3.16, alpine:3.17, past their end of life, have an older one"}},
		{"packed relocations for glibc", "manylinux_2_17_x86_64", "manylinux_2_36_x86_64", func(f *elfaudit.File) { f.Relr = true },
			[]string{"error packed-relocations: has packed relocations (DT_RELR), which systems of manylinux_2_17_x86_64 may not read; allowed from manylinux_2_36_x86_64"}},
	} {
		f := elfaudit.File{
			Kind: elfaudit.KindSharedObject, RELRO: true, BindNow: true, LoadAlign: 64 << 10, Stack: elfaudit.StackNoExec,
			Type: elf.ET_DYN, Dynamic: true, DynamicSize: 1, Entries: map[elf.DynTag]uint64{elf.DT_GNU_HASH: 8},
		}
		c.change(&f)
		file := &linkset.File{Path: "demo.cpython-310-x86_64-linux-gnu.so", ELF: &f, Machine: "x86_64", Libc: elfaudit.LibcNone}
		s := Subject{
			Filename: "demo.whl", rules: finding.Selection{Index: finding.NoIndex()}, policies: manylinux.Known(), ELF: linkset.New([]*linkset.File{file}), today: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC),
			record: record{Record: *wheel.ParseRecord("RECORD", []byte(file.Path+",,\n")), paths: []string{file.Path}},
		}
		for tag := range strings.SplitSeq(c.tag, ".") {
			s.Claims = append(s.Claims, tags.ParsePlatformTag(tag))
		}
		s.work()
		var got []string
		for _, found := range s.check() {
			if rule, _ := finding.Lookup(found.Rule); rule.Name != "lower-policy" {
				got = append(got, found.Severity.String()+" "+rule.Name+": "+found.Message)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
		if best := s.Needs.Preferred(s.policies.Tags(s.Needs).Best); best != c.best {
			t.Errorf("%s: %s, want %s", c.what, best, c.best)
		}
	}
}

// TestClaimedAlignment: a p_align that glibc before 2.35 refuses is an error where the
// name includes such releases.
func TestClaimedAlignment(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(fixtures, "elf", "ext-x86_64-gnu2.17.so"))
	if err != nil {
		t.Fatal(err)
	}
	const alignOf = 64 + 56 + 48 // p_align of the second header, a PT_LOAD
	data[alignOf], data[alignOf+1] = 16, 0
	w := wheelOf(t, map[string][]byte{"demo.cpython-311-x86_64-linux-gnu.so": data})
	for tag, want := range map[string]string{
		"manylinux_2_34_x86_64": "has a segment that is not aligned to pages, or whose address and offset differ by what is not a multiple of its p_align; glibc before 2.35 cannot load it, which manylinux_2_34_x86_64 includes; allowed from manylinux_2_35_x86_64",
		"manylinux_2_35_x86_64": "",
	} {
		r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-cp311-cp311-"+tag+".whl")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range r.Findings {
			if f.Rule == "WT228" {
				got += f.Message
			}
		}
		if got != want || r.PlatformTag != "manylinux_2_35_x86_64" {
			t.Errorf("%s: %q, %s", tag, got, r.PlatformTag)
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

// TestMuslFacts: what musl's loader refuses, and which releases of its series are too
// old.
func TestMuslFacts(t *testing.T) {
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	const today = "2026-11-27"
	for _, c := range []struct {
		what, tag, today string
		file             elfaudit.File
		want             []string
	}{
		{"nothing", "musllinux_1_2_x86_64", today, elfaudit.File{}, nil},
		{"an executable stack", "musllinux_1_2_x86_64", today, elfaudit.File{Stack: elfaudit.StackExec}, []string{"note hardening: has a flag for an executable stack, which musl ignores"}},
		{"no stack header", "musllinux_1_2_x86_64", today, elfaudit.File{Stack: elfaudit.StackDefault}, nil},
		{"initial-exec variables of its own", "musllinux_1_2_x86_64", today, elfaudit.File{StaticTLS: elfaudit.StaticTLS{Own: true}},
			[]string{"error musl-static-tls: keeps thread-local variables of the wheel with the initial-exec model; musl has no room for those in a running process and refuses to load it"}},
		{"the flag alone", "musllinux_1_2_x86_64", today, elfaudit.File{StaticTLS: elfaudit.StaticTLS{Flag: true}}, nil},
		{"a variable of another library", "musllinux_1_2_x86_64", today, elfaudit.File{StaticTLS: elfaudit.StaticTLS{Symbols: []string{"errno"}}}, nil},
		{"packed relocations", "musllinux_1_2_x86_64", today, elfaudit.File{Relr: true},
			[]string{"warning ended-release: has packed relocations (DT_RELR), which musl has from 1.2.4 on; only alpine:3.13, alpine:3.14, alpine:3.15, alpine:3.16, alpine:3.17, past their end of life, have an older one"}},
		{"packed relocations while a release that lacks them has support", "musllinux_1_2_x86_64", "2024-11-22", elfaudit.File{Relr: true},
			[]string{"error musl-symbol: has packed relocations (DT_RELR), which musl has from 1.2.4 on; alpine:3.17 may have that tag and have an older one"}},
		{"packed relocations in an older series", "musllinux_1_1_x86_64", today, elfaudit.File{Relr: true},
			[]string{"error packed-relocations: has packed relocations (DT_RELR), which systems of musllinux_1_1_x86_64 may not read; allowed from musllinux_1_2_x86_64"}},
	} {
		f := c.file
		f.Kind, f.RELRO, f.BindNow, f.LoadAlign = elfaudit.KindSharedObject, true, true, 64<<10
		f.Type, f.Dynamic, f.DynamicSize = elf.ET_DYN, true, 1
		f.Entries = map[elf.DynTag]uint64{elf.DT_GNU_HASH: 8}
		if f.Stack == elfaudit.StackDefault && c.what != "no stack header" {
			f.Stack = elfaudit.StackNoExec
		}
		file := &linkset.File{Path: "demo.so", ELF: &f, Machine: "x86_64", Libc: elfaudit.LibcMusl}
		s := Subject{
			Filename: "demo.whl", rules: finding.Selection{Index: finding.NoIndex()}, policies: manylinux.Known(), ELF: linkset.New([]*linkset.File{file}), today: day(c.today),
			Claims: []tags.PlatformTag{tags.ParsePlatformTag(c.tag)}, record: record{Record: *wheel.ParseRecord("RECORD", []byte("demo.so,,\n")), paths: []string{"demo.so"}},
		}
		s.work()
		var got []string
		for _, found := range s.check() {
			rule, _ := finding.Lookup(found.Rule)
			got = append(got, found.Severity.String()+" "+rule.Name+": "+found.Message)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}
