package loads

import (
	"debug/elf"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
)

// pathDemands lists the demands of the files of a set for run paths: who lacks what, and
// whether that is sure.
func pathDemands(set *linkset.Set) []string {
	b := NewBundled(set, func(*linkset.File) bool { return false }, MaxSteps)
	n := manylinux.Needs{Machine: "x86_64", Libc: elfaudit.LibcGlibc}
	var list []string
	for _, d := range b.Demands(manylinux.Known(), n, n.Native(set.Files)) {
		text := d.File + ">" + d.Library
		if d.Unsure {
			text += "?"
		}
		list = append(list, text)
	}
	return list
}

// TestImported: what a module or program asks for, directly or through others, is needed
// for certain.
func TestImported(t *testing.T) {
	init := []string{"PyInit_m"}
	for _, c := range []struct {
		what  string
		files map[string]elftest.Spec
		want  []string
	}{
		{"through two others", map[string]elftest.Spec{
			"m.so": {Needed: []string{glibcSo, "a"}, RunPath: "$ORIGIN/l", Exported: init}, "l/a": {Needed: []string{glibcSo, "b"}, RunPath: "$ORIGIN"}, "l/b": {Needed: []string{"c"}}, "x/c": {},
		}, []string{"l/b>c"}},
		{"of a program", map[string]elftest.Spec{
			"tool": {Loader: glibcLoader, Needed: []string{glibcSo, "a"}, RunPath: "$ORIGIN/l"}, "l/a": {Needed: []string{"b"}}, "x/b": {},
		}, []string{"l/a>b"}},
		{"of a file that nobody asks for", map[string]elftest.Spec{"p.so": {Needed: []string{"a"}, RunPath: "$ORIGIN/l"}, "l/a": {Needed: []string{"b"}}, "x/b": {}}, []string{"l/a>b?"}},
		{"two of one file", map[string]elftest.Spec{"m.so": {Needed: []string{"a", "b", "c"}, RunPath: "$ORIGIN/l", Exported: init}, "x/a": {}, "l/b": {}, "x/c": {}}, []string{"m.so>a", "m.so>c"}},
		{"a circle", map[string]elftest.Spec{"m.so": {Needed: []string{"a"}, RunPath: "$ORIGIN/l", Exported: init}, "l/a": {Needed: []string{"b"}, RunPath: "$ORIGIN"}, "l/b": {Needed: []string{"a", "c"}, RunPath: "$ORIGIN"}, "x/c": {}}, []string{"l/b>c"}},
		{"by soname", map[string]elftest.Spec{"m.so": {Needed: []string{"a.so.1"}, Exported: init}, "x/a-1234.so": {Soname: "a.so.1"}}, []string{"m.so>a.so.1"}},
	} {
		if diff := cmp.Diff(c.want, pathDemands(wheelSet(t, c.files))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
	// A library that may be missing is no demand.
	set := wheelSet(t, map[string]elftest.Spec{"m.so": {Needed: []string{"a"}, Exported: init, RunPath: "$ORIGIN/l"}, "l/a": {}, "x/aux": {}})
	for _, f := range set.Files {
		if f.Path == "m.so" {
			f.ELF.Auxiliaries = []string{"aux"}
		}
	}
	if got := pathDemands(set); got != nil {
		t.Errorf("DT_AUXILIARY: %q", got)
	}
	if got := pathDemands(linkset.New([]*linkset.File{{Path: "m.so", Err: errors.New("cut")}})); got != nil {
		t.Errorf("a file that cannot be read: %q", got)
	}
}

// TestTreeDetails: what is said of objects that cannot be read, may be missing, are for
// another machine, or lie behind a link.
func TestTreeDetails(t *testing.T) {
	root := glibcRoot(map[string]elftest.Spec{"opt/real/liba.so.1.2": {}, "opt/arm/libarm.so": {Machine: elf.EM_AARCH64}})
	root["usr/lib/liba.so"] = &fstest.MapFile{Data: []byte("/opt/real/liba.so.1.2"), Mode: 0o777 | 1<<27} // a symbolic link
	cut := elftest.Spec{Needed: []string{"libgone.so"}}.Bytes()
	root["usr/lib/libcut.so"] = &fstest.MapFile{Data: cut[:len(cut)-100], Mode: 0o755}
	system, err := detect.Root(root, detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := wheelSet(t, map[string]elftest.Spec{
		"m.so": {Needed: []string{glibcSo, "liba.so", "libcut.so", "libarm.so", "libwarm.so"}, RunPath: "/opt/arm:$ORIGIN/arm", Exported: []string{"PyInit_m"}},
		"n.so": {Needed: []string{"libcut.so"}, Exported: []string{"PyInit_n"}}, "arm/libwarm.so": {Machine: elf.EM_AARCH64},
	})
	for _, f := range set.Files {
		if f.Path == "m.so" {
			f.ELF.Auxiliaries = []string{"libaux.so"}
		}
	}
	set.Files = append(set.Files, &linkset.File{Path: "bad.so", Err: errors.New("cut short")})
	code := Code{Needs: manylinux.Known().Needs(set, nil), Files: 4}
	tree, err := TreeOf(code, set, Place{System: system, Directory: "/srv/app"})
	if err != nil {
		t.Fatal(err)
	}
	m := tree.Processes[slices.IndexFunc(tree.Processes, func(p Process) bool { return p.File == "m.so" })]
	needs := map[string]Need{}
	for _, n := range m.Objects[0].Needs {
		needs[n.Name] = n
	}
	if n := needs["libaux.so"]; n.State != StateOptional {
		t.Errorf("%+v", n)
	}
	if n := needs["libarm.so"]; n.State != StateMissing || n.Skipped != "/opt/arm/libarm.so" {
		t.Errorf("%+v", n)
	}
	if n := needs["libwarm.so"]; n.State != StateMissing || n.Skipped != "arm/libwarm.so" {
		t.Errorf("%+v", n)
	}
	i := slices.IndexFunc(m.Objects, func(o Object) bool { return o.Path == "/usr/lib/liba.so" })
	if i < 0 || m.Objects[i].Place != "/opt/real/liba.so.1.2" || m.Objects[i].By != "m.so" {
		t.Errorf("%+v", m.Objects)
	}
	if m.Objects[0].Place != "" {
		t.Errorf("%+v", m.Objects[0])
	}
	i = slices.IndexFunc(m.Objects, func(o Object) bool { return o.Path == "/usr/lib/libcut.so" })
	if i < 0 || m.Objects[i].Error == "" || m.Objects[i].Place != "" {
		t.Errorf("%+v", m.Objects)
	}
	if len(tree.Unknown) != 2 || tree.Unknown[0] != "bad.so cannot be read: cut short" || !strings.HasPrefix(tree.Unknown[1], "/usr/lib/libcut.so cannot be read: ") {
		t.Errorf("%q", tree.Unknown)
	}
}

// TestTreeDirectory: a file is where it is said to be, or where the interpreter has its
// packages.
func TestTreeDirectory(t *testing.T) {
	system, err := detect.Root(glibcRoot(map[string]elftest.Spec{"srv/libs/liba.so": {}, "usr/lib/python3.11/site-packages/../libs/libb.so": {}, "usr/lib/python3.11/libs/libb.so": {}}), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := wheelSet(t, map[string]elftest.Spec{"m.so": {Needed: []string{"liba.so", "libb.so"}, RunPath: "$ORIGIN/../libs", Exported: []string{"PyInit_m"}}})
	code := Code{Needs: manylinux.Needs{Machine: "x86_64", Libc: elfaudit.LibcNone}, Files: 1}
	for directory, want := range map[string]string{"/srv/app": "libb.so", "": "liba.so"} {
		tree, err := TreeOf(code, set, Place{System: system, Python: system.Default(), Directory: directory})
		if err != nil {
			t.Fatal(err)
		}
		if len(tree.Missing) != 1 || tree.Missing[0].Library != want {
			t.Errorf("in %q: %+v", directory, tree.Missing)
		}
	}
}

// TestRootReasons: a library that is not there explains all the rest, and the
// interpreter's own libraries count.
func TestRootReasons(t *testing.T) {
	for _, c := range []struct {
		what  string
		root  fstest.MapFS
		files map[string]elftest.Spec
		want  string
	}{
		{"no library, and so no symbol", glibcRoot(nil), map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo, "libgone.so"}, Undefined: []string{"gone"}}}, "no libgone.so"},
		{"what the interpreter lacks", glibcRoot(map[string]elftest.Spec{"usr/bin/python3.11": {Loader: glibcLoader, Needed: []string{glibcSo, "libgone.so"}}}), map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo}}}, "no libgone.so, which /usr/bin/python3.11 needs"},
		{"versions on musl", muslRoot(map[string]elftest.Spec{"usr/lib/liba.so": {Defines: []string{"A_1"}}}), map[string]elftest.Spec{"m.so": {Needed: []string{muslSo, "liba.so"}, Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_9"}}}}}, "yes"},
		{"the base is no version", glibcRoot(map[string]elftest.Spec{"usr/lib/liba.so": {Soname: "liba.so", Defines: []string{"liba.so", "A_1"}}}), map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo, "liba.so"}, Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_1", "liba.so"}}}}}, "no liba.so in liba.so"},
		{"versions of two files of the wheel", glibcRoot(nil), map[string]elftest.Spec{
			"m.so": {Needed: []string{glibcSo, "liba.so"}, RunPath: "$ORIGIN", Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_9"}}}}, "liba.so": {Soname: "liba.so", Defines: []string{"liba.so", "A_1"}},
		}, "yes"},
		{"versions of a library of the root, of two files", glibcRoot(map[string]elftest.Spec{"usr/lib/liba.so": {Soname: "liba.so", Defines: []string{"liba.so", "A_1"}}}), map[string]elftest.Spec{
			"m.so": {Needed: []string{glibcSo, "liba.so"}, Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_1"}}}}, "n.so": {Needed: []string{glibcSo, "liba.so"}, Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_2"}}}},
		}, "no A_2 in liba.so"},
	} {
		if got := short(inRoot(t, c.root, c.files, nil, true)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// TestRootLooked: what is looked up in the libraries themselves is not asked of their
// releases.
func TestRootLooked(t *testing.T) {
	for _, kind := range []manylinux.Kind{manylinux.KindVersion, manylinux.KindLibrary, manylinux.KindBan, manylinux.KindMusl} {
		d := manylinux.Demand{Kind: kind, Library: "libx.so", Version: "GLIBC_2.99", Floor: manylinux.NoPolicy}
		if got := short(inRoot(t, glibcRoot(nil), map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo}}}, []manylinux.Demand{d}, true)); got != "yes" {
			t.Errorf("%s: %s", kind, got)
		}
	}
	for kind, want := range map[manylinux.Kind]string{
		manylinux.KindOrphan: "no libx.so, which m.so does not name", manylinux.KindBundled: "no V in the libx.so of the wheel", manylinux.KindPath: "no libx.so on a run path of m.so",
	} {
		d := manylinux.Demand{Kind: kind, File: "m.so", Library: "libx.so", Version: "V", Floor: manylinux.NoPolicy}
		if got := short(inRoot(t, glibcRoot(nil), map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo}}}, []manylinux.Demand{d}, true)); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

// processesOf lists the files that come first into a process, in order.
func processesOf(t *testing.T, files map[string]elftest.Spec) string {
	t.Helper()
	set := wheelSet(t, files)
	tree, err := TreeOf(Code{Needs: manylinux.Known().Needs(set, nil), Files: len(set.Files)}, set, Place{IsMusl: func(*linkset.File) bool { return false }})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range tree.Processes {
		list = append(list, p.File)
	}
	return strings.Join(list, " ")
}

// TestProcessOrder: modules and programs come first, then what none of them leads to.
func TestProcessOrder(t *testing.T) {
	for want, files := range map[string]map[string]elftest.Spec{
		"m.so far/x-1.so": {"m.so": {Needed: []string{"x.so", glibcSo}}, "far/x-1.so": {Soname: "x.so", Needed: []string{glibcSo}}},
		"m.so far/x.so":   {"m.so": {Needed: []string{"x.so", glibcSo}}, "far/x.so": {Needed: []string{glibcSo}}},
		"n.so":            {"n.so": {Needed: []string{"x.so", glibcSo}, RunPath: "$ORIGIN/far"}, "far/x.so": {Needed: []string{glibcSo}}},
		"a.so b.so":       {"a.so": {Needed: []string{glibcSo}, Exported: []string{"PyInit_a"}}, "b.so": {Needed: []string{"a.so", glibcSo}, RunPath: "$ORIGIN", Exported: []string{"PyInit_b"}}},
	} {
		if got := processesOf(t, files); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	// A file that no loader takes is not there.
	set := wheelSet(t, map[string]elftest.Spec{"m.so": {Needed: []string{"x.so", glibcSo}, RunPath: "$ORIGIN"}, "x.so": {}})
	for _, f := range set.Files {
		if f.Path == "x.so" {
			f.ELF.Kind = elfaudit.KindRelocatable
		}
	}
	set = linkset.New(set.Files)
	tree, err := TreeOf(Code{Needs: manylinux.Known().Needs(set, nil), Files: 2}, set, Place{IsMusl: func(*linkset.File) bool { return false }})
	if err != nil || len(tree.Processes) != 1 || tree.Processes[0].Objects[0].Needs[0].State != StateOutside {
		t.Errorf("%+v, %v", tree, err)
	}
}

// TestSites: where the packages of an interpreter are.
func TestSites(t *testing.T) {
	for want, p := range map[string]*detect.Python{
		"/usr/lib/python3.11/site-packages": {Prefix: "/usr", Python: tags.Python{Major: 3, Minor: 11}}, site: {Python: tags.Python{Major: 3, Minor: 11}},
	} {
		if got := siteOf(p); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if siteOf(nil) != site || site == "" {
		t.Error("no interpreter")
	}
}

// TestTreeLevels: copies of a library for processors of a level.
func TestTreeLevels(t *testing.T) {
	system, err := detect.Root(glibcRoot(map[string]elftest.Spec{"usr/lib/liba.so": {}, "usr/lib/glibc-hwcaps/x86-64-v3/liba.so": {}}), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := wheelSet(t, map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo, "liba.so"}, Exported: []string{"PyInit_m"}}})
	tree, err := TreeOf(Code{Needs: manylinux.Known().Needs(set, nil), Files: 1}, set, Place{System: system})
	if err != nil {
		t.Fatal(err)
	}
	want := []Level{{"x86-64-v3", "/usr/lib/glibc-hwcaps/x86-64-v3/liba.so"}}
	if n := tree.Processes[0].Objects[0].Needs[1]; n.Path != "/usr/lib/liba.so" || !slices.Equal(n.Levels, want) {
		t.Errorf("%+v", n)
	}
}
