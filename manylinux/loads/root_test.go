package loads

import (
	"bytes"
	"debug/elf"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags/detect"
)

const (
	glibcLoader = "/lib64/ld-linux-x86-64.so.2"
	muslLoader  = "/lib/ld-musl-x86_64.so.1"
)

// glibcRoot and muslRoot are small systems; their C libraries have three symbols.
func glibcRoot(more map[string]elftest.Spec) fstest.MapFS {
	libc := elftest.Spec{Soname: "libc.so.6", Needed: []string{"ld-linux-x86-64.so.2"}, Defines: []string{"libc.so.6", "GLIBC_2.17"}, Exported: []string{"puts@GLIBC_2.17", "exit", "free"}}.Bytes()
	root := fstest.MapFS{
		glibcLoader[1:]:            {Data: elftest.Spec{Soname: "ld-linux-x86-64.so.2", Exported: []string{"_dl_x"}}.Bytes(), Mode: 0o755},
		"lib64/libc.so.6":          {Data: append(libc, "GNU C Library (X) stable release version 2.36.\n"...), Mode: 0o755},
		"usr/bin/python3.11":       {Data: elftest.Spec{Loader: glibcLoader, Needed: []string{"libc.so.6"}, Exported: []string{"PyLong_New", "_Py_None"}}.Bytes(), Mode: 0o755},
		"usr/lib/python3.11/os.py": {Data: []byte("#")},
	}
	return with(root, more)
}

func muslRoot(more map[string]elftest.Spec) fstest.MapFS {
	loader := elftest.Spec{Soname: "libc.musl-x86_64.so.1", Exported: []string{"puts", "exit", "free"}}.Bytes()
	root := fstest.MapFS{
		muslLoader[1:]:             {Data: append(loader, "\x00musl libc (x86_64)\nVersion 1.2.3\n\x001.2.3\x00"...), Mode: 0o755},
		"usr/bin/python3.11":       {Data: elftest.Spec{Loader: muslLoader, Needed: []string{"libc.musl-x86_64.so.1"}}.Bytes(), Mode: 0o755},
		"usr/lib/python3.11/os.py": {Data: []byte("#")},
	}
	return with(root, more)
}

func with(root fstest.MapFS, more map[string]elftest.Spec) fstest.MapFS {
	for name, spec := range more {
		root[name] = &fstest.MapFile{Data: spec.Bytes(), Mode: 0o755}
	}
	return root
}

// wheelSet is the files of a wheel.
func wheelSet(t *testing.T, files map[string]elftest.Spec) *linkset.Set {
	t.Helper()
	var list []*linkset.File
	for name, spec := range files {
		data := spec.Bytes()
		f, err := elfaudit.Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, linkset.NewFile(name, f, nil))
	}
	slices.SortFunc(list, func(a, b *linkset.File) int { return strings.Compare(a.Path, b.Path) })
	return linkset.New(list)
}

// short is a result in a line.
func short(r Result) string {
	return strings.TrimSpace(string(r.Loads) + " " + strings.Join(append(slices.Clone(r.Missing), r.NoData...), "; "))
}

// inRoot asks about a wheel in a root, with its interpreter or without one.
func inRoot(t *testing.T, root fstest.MapFS, files map[string]elftest.Spec, demands []manylinux.Demand, python bool) Result {
	t.Helper()
	system, err := detect.Root(root, detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var interpreter *detect.Python
	if python {
		if interpreter = system.Default(); interpreter == nil {
			t.Fatal("no interpreter")
		}
	}
	set := wheelSet(t, files)
	needs := manylinux.Known().Needs(set, nil)
	needs.Demands = demands
	return InRoot(Code{Needs: needs, Files: len(set.Files), Readable: true}, set, system, interpreter)
}

// TestRootSymbols: musl looks for every symbol at once, also for those of a program that
// would be bound lazily elsewhere.
func TestRootSymbols(t *testing.T) {
	program := func(loader, libc string, now bool) map[string]elftest.Spec {
		return map[string]elftest.Spec{"demo-1.0.data/scripts/tool": {Loader: loader, Needed: []string{libc}, BindNow: now, Undefined: []string{"puts", "gone"}}}
	}
	module := func(libc string, symbols ...string) map[string]elftest.Spec {
		return map[string]elftest.Spec{"demo.so": {Needed: []string{libc}, Undefined: symbols, Exported: []string{"PyInit_demo"}}}
	}
	const gone = "no the symbol gone, which no library here has"
	const glibc, musl = "libc.so.6", "libc.musl-x86_64.so.1"
	for _, c := range []struct {
		what  string
		root  fstest.MapFS
		files map[string]elftest.Spec
		want  string
	}{
		{"a program on musl", muslRoot(nil), program(muslLoader, musl, false), gone},
		{"a lazy program on glibc", glibcRoot(nil), program(glibcLoader, glibc, false), "yes"},
		{"a program that asks for all at once", glibcRoot(nil), program(glibcLoader, glibc, true), gone},
		{"a module on musl", muslRoot(nil), module(musl, "puts", "gone"), gone},
		{"a lazy module on glibc", glibcRoot(nil), module(glibc, "puts", "gone"), gone},
		{"a module that misses nothing", glibcRoot(nil), module(glibc, "puts", "_dl_x"), "yes"},
		{"a weak symbol", muslRoot(nil), module(musl, "gone?"), "yes"},
		{"two symbols", muslRoot(nil), module(musl, "gone", "lost"), gone + "; the symbol lost, which no library here has"},
		{"a symbol of the interpreter", glibcRoot(nil), module(glibc, "PyLong_New", "_Py_None"), "yes"},
		{"a newer one", glibcRoot(nil), module(glibc, "PyLong_Newer"), "no the symbol PyLong_Newer, which no library here has"},
		{"a symbol of another file of the wheel", glibcRoot(nil), map[string]elftest.Spec{
			"a.so": {Needed: []string{glibc}, Undefined: []string{"own"}}, "b.so": {Needed: []string{glibc}, Exported: []string{"own"}},
		}, "yes"},
	} {
		if got := short(inRoot(t, c.root, c.files, nil, true)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	// Without an interpreter nobody knows what it would have.
	if got := short(inRoot(t, glibcRoot(nil), module(glibc, "PyLong_Newer", "_Py_Newer"), nil, false)); got != "yes" {
		t.Errorf("without an interpreter: %s", got)
	}
	if got := short(inRoot(t, glibcRoot(nil), module(glibc, "PyLong_Newer", "XPy"), nil, false)); got != "no the symbol XPy, which no library here has" {
		t.Errorf("without an interpreter: %s", got)
	}
}

// TestRootLibraries: each library is looked up where the loader would, with what it
// needs itself.
func TestRootLibraries(t *testing.T) {
	needs := func(libraries ...string) map[string]elftest.Spec {
		return map[string]elftest.Spec{"demo/m.so": {Needed: libraries}}
	}
	lib := func(needed ...string) elftest.Spec { return elftest.Spec{Needed: needed} }
	site := "usr/lib/python3.11/site-packages/"
	for _, c := range []struct {
		what   string
		more   map[string]elftest.Spec // in the root
		files  map[string]elftest.Spec
		want   string
		places map[string]string
	}{
		{"there", map[string]elftest.Spec{"usr/lib/liba.so": lib()}, needs("liba.so"), "yes", map[string]string{"liba.so": "/usr/lib/liba.so"}},
		{"not there", nil, needs("liba.so", "libc.so.6"), "no liba.so", map[string]string{"libc.so.6": "/lib64/libc.so.6"}},
		{"twice", nil, map[string]elftest.Spec{"a.so": {Needed: []string{"liba.so"}}, "b.so": {Needed: []string{"liba.so"}}}, "no liba.so", map[string]string{}},
		{"of the wheel", nil, map[string]elftest.Spec{"a.so": {Needed: []string{"liba.so"}}, "libs/liba.so": {}}, "yes", map[string]string{}},
		{"one that needs another", map[string]elftest.Spec{"usr/lib/liba.so": lib("libb.so")}, needs("liba.so"), "no libb.so, which /usr/lib/liba.so needs", map[string]string{"liba.so": "/usr/lib/liba.so"}},
		{"a circle", map[string]elftest.Spec{"usr/lib/liba.so": lib("libb.so"), "usr/lib/libb.so": lib("liba.so")}, needs("liba.so"), "yes", map[string]string{"liba.so": "/usr/lib/liba.so"}},
		{"in a run path of the file", map[string]elftest.Spec{"opt/liba.so": lib()}, map[string]elftest.Spec{"demo/m.so": {Needed: []string{"liba.so"}, RunPath: "/opt"}}, "yes", map[string]string{"liba.so": "/opt/liba.so"}},
		{"next to the file", map[string]elftest.Spec{site + "other/liba.so": lib()}, map[string]elftest.Spec{"demo/m.so": {Needed: []string{"liba.so"}, RunPath: "$ORIGIN/../other"}}, "yes", map[string]string{"liba.so": "/" + site + "other/liba.so"}},
		{"by a name with $ORIGIN", map[string]elftest.Spec{site + "demo/liba.so": lib()}, needs("$ORIGIN/liba.so"), "yes", map[string]string{"$ORIGIN/liba.so": "/" + site + "demo/liba.so"}},
		{"in a run path of the library", map[string]elftest.Spec{"usr/lib/liba.so": {Needed: []string{"libb.so"}, RunPath: "$ORIGIN/b"}, "usr/lib/b/libb.so": lib()}, needs("liba.so"), "yes", map[string]string{"liba.so": "/usr/lib/liba.so"}},
		{"by a name with $ORIGIN of the library", map[string]elftest.Spec{"usr/lib/liba.so": lib("${ORIGIN}/b/libb.so"), "usr/lib/b/libb.so": lib()}, needs("liba.so"), "yes", map[string]string{"liba.so": "/usr/lib/liba.so"}},
		{"for another machine", map[string]elftest.Spec{"usr/lib/liba.so": {Machine: elf.EM_AARCH64}}, needs("liba.so"), "no liba.so", map[string]string{}},
	} {
		r := inRoot(t, glibcRoot(c.more), c.files, nil, true)
		if got := short(r); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
		if len(r.Libraries) != len(c.places) {
			t.Errorf("%s: %v", c.what, r.Libraries)
		}
		for name, place := range c.places {
			if r.Libraries[name] != place {
				t.Errorf("%s: %s at %q, want %s", c.what, name, r.Libraries[name], place)
			}
		}
	}
	// musl takes $ORIGIN in a name literally.
	r := inRoot(t, muslRoot(map[string]elftest.Spec{site + "demo/liba.so": lib()}), map[string]elftest.Spec{"demo/m.so": {Needed: []string{"libc.musl-x86_64.so.1", "$ORIGIN/liba.so"}}}, nil, true)
	if got := short(r); got != "no $ORIGIN/liba.so" {
		t.Errorf("musl: %s", got)
	}
}

// TestRootVersions: a library must define the versions that are needed of it, unless it
// defines none at all.
func TestRootVersions(t *testing.T) {
	module := func(library string, versions ...string) map[string]elftest.Spec {
		return map[string]elftest.Spec{"m.so": {Needed: []string{library}, Needs: []elftest.Need{{Library: library, Versions: versions}}}}
	}
	versioned := elftest.Spec{Defines: []string{"liba.so", "A_1", "A_2"}}
	for _, c := range []struct {
		what  string
		more  map[string]elftest.Spec
		files map[string]elftest.Spec
		want  string
	}{
		{"defined", map[string]elftest.Spec{"usr/lib/liba.so": versioned}, module("liba.so", "A_1", "A_2"), "yes"},
		{"not defined", map[string]elftest.Spec{"usr/lib/liba.so": versioned}, module("liba.so", "A_1", "A_3", "A_4"), "no A_3 in liba.so; A_4 in liba.so"},
		{"no versions at all", map[string]elftest.Spec{"usr/lib/liba.so": {}}, module("liba.so", "A_1"), "yes"},
		{"of the C library", nil, module("libc.so.6", "GLIBC_2.99"), "no GLIBC_2.99 in libc.so.6"},
		{"of a library that the wheel has itself", map[string]elftest.Spec{"usr/lib/liba.so": versioned}, map[string]elftest.Spec{
			"m.so": {Needed: []string{"liba.so"}, RunPath: "$ORIGIN/libs", Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_9"}}}}, "libs/liba.so": {},
		}, "yes"},
		{"of a library that the wheel has itself, in a place that no run path leads to", map[string]elftest.Spec{"usr/lib/liba.so": versioned}, map[string]elftest.Spec{
			"m.so": {Needed: []string{"liba.so"}, Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_9"}}}}, "libs/liba.so": {},
		}, "no A_9 in liba.so"},
		{"of a library for another", map[string]elftest.Spec{
			"usr/lib/liba.so": versioned, "usr/lib/libb.so": {Needed: []string{"liba.so"}, Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_2", "A_9"}}}},
		}, map[string]elftest.Spec{"m.so": {Needed: []string{"libb.so"}}}, "no A_9 in liba.so, which /usr/lib/libb.so needs"},
	} {
		if got := short(inRoot(t, glibcRoot(c.more), c.files, nil, true)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// TestRootDemands: what no look at a library answers is compared with the release of the
// root's libc.
func TestRootDemands(t *testing.T) {
	module := func(libc string) map[string]elftest.Spec {
		return map[string]elftest.Spec{"m.so": {Needed: []string{libc}}}
	}
	for _, c := range []struct {
		what   string
		root   fstest.MapFS
		libc   string
		demand manylinux.Demand
		want   string
	}{
		{"a level of the processor", glibcRoot(nil), "libc.so.6", manylinux.Demand{Kind: manylinux.KindProcessor}, "unknown the level of its processors"},
		{"packed relocations", glibcRoot(nil), "libc.so.6", manylinux.Demand{Kind: manylinux.KindRelocations, From: "2.36"}, "yes"},
		{"newer ones", glibcRoot(nil), "libc.so.6", manylinux.Demand{Kind: manylinux.KindRelocations, From: "2.37"}, "no packed relocations (DT_RELR)"},
		{"packed relocations on an old musl", muslRoot(nil), "libc.musl-x86_64.so.1", manylinux.Demand{Kind: manylinux.KindRelocations, From: "1.2.4"}, "no packed relocations (DT_RELR)"},
		{"an executable stack that 2.36 gives", glibcRoot(nil), "libc.so.6", manylinux.Demand{Kind: manylinux.KindStack, Before: "2.41"}, "yes"},
		{"a header", glibcRoot(nil), "libc.so.6", manylinux.Demand{Kind: manylinux.KindHeader, Reason: "has no name"}, "no a loader for a file that has no name"},
		{"a header that 2.36 took", glibcRoot(nil), "libc.so.6", manylinux.Demand{Kind: manylinux.KindHeader, Reason: "has no name", Before: "2.37"}, "yes"},
		{"static TLS", muslRoot(nil), "libc.musl-x86_64.so.1", manylinux.Demand{Kind: manylinux.KindTLS}, "no room for initial-exec thread-local storage"},
		{"a library, which was looked up already", glibcRoot(nil), "libc.so.6", manylinux.Demand{Kind: manylinux.KindLibrary, Library: "libx.so", Floor: manylinux.NoPolicy}, "yes"},
	} {
		for _, python := range []bool{false, true} {
			if got := short(inRoot(t, c.root, module(c.libc), []manylinux.Demand{c.demand}, python)); got != c.want {
				t.Errorf("%s, interpreter %v: %s, want %s", c.what, python, got, c.want)
			}
		}
	}
}

// TestRootWithout: roots that lack something, and wheels that need nothing.
func TestRootWithout(t *testing.T) {
	system, err := detect.Root(glibcRoot(nil), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r := InRoot(Code{}, linkset.New(nil), system, nil); r.Loads != Yes || r.Libraries != nil {
		t.Errorf("no native code: %+v", r)
	}
	musl := map[string]elftest.Spec{"m.so": {Needed: []string{"libc.musl-x86_64.so.1"}}}
	if got := short(inRoot(t, glibcRoot(nil), musl, nil, true)); got != "no musl" {
		t.Errorf("code for musl: %s", got)
	}
	if got := short(inRoot(t, glibcRoot(nil), map[string]elftest.Spec{"m.so": {Machine: elf.EM_AARCH64, Needed: []string{"libc.so.6"}}}, nil, false)); got != "no a machine that runs aarch64" {
		t.Errorf("code for another machine: %s", got)
	}
	// A file that cannot be read leaves the answer open.
	set := wheelSet(t, map[string]elftest.Spec{"m.so": {Needed: []string{"libc.so.6"}}})
	if got := short(InRoot(Code{Needs: manylinux.Known().Needs(set, nil), Files: 1}, set, system, system.Default())); got != "unknown" {
		t.Errorf("an unreadable file: %s", got)
	}
}
