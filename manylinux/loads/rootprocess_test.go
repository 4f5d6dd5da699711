package loads

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags/detect"
)

const (
	glibcSo = "libc.so.6"
	muslSo  = "libc.musl-x86_64.so.1"
)

// TestRootSymbolVersions: on glibc a symbol must be there with the version that is asked
// for, unless its library has none; musl asks for names alone.
func TestRootSymbolVersions(t *testing.T) {
	wants := func(libc string, symbols ...string) map[string]elftest.Spec {
		return map[string]elftest.Spec{"m.so": {
			Needed: []string{libc, "liba.so"}, Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_1", "A_2"}}}, Undefined: symbols,
		}}
	}
	versioned := map[string]elftest.Spec{"usr/lib/liba.so": {Defines: []string{"liba.so", "A_1", "A_2"}, Exported: []string{"one@A_1", "two@A_2"}}}
	plain := map[string]elftest.Spec{"usr/lib/liba.so": {Exported: []string{"one", "two"}}}
	for _, c := range []struct {
		what  string
		root  fstest.MapFS
		files map[string]elftest.Spec
		want  string
	}{
		{"the right versions", glibcRoot(versioned), wants(glibcSo, "one@A_1", "two@A_2"), "yes"},
		{"the wrong version", glibcRoot(versioned), wants(glibcSo, "one@A_2"), "no the symbol one with the version A_2, which no library here has"},
		{"no version is asked for", glibcRoot(versioned), wants(glibcSo, "one", "two"), "yes"},
		{"a library without versions", glibcRoot(plain), wants(glibcSo, "one@A_2"), "yes"},
		{"the wrong version on musl", muslRoot(versioned), wants(muslSo, "one@A_2"), "yes"},
		{"no such symbol on musl", muslRoot(versioned), wants(muslSo, "three@A_2"), "no the symbol three, which no library here has"},
		{"a symbol of the wheel's own library", glibcRoot(nil), map[string]elftest.Spec{
			"m.so":    {Needed: []string{glibcSo, "libw.so"}, RunPath: "$ORIGIN", Undefined: []string{"w@W_1", "x@W_1"}, Needs: []elftest.Need{{Library: "libw.so", Versions: []string{"W_1"}}}},
			"libw.so": {Defines: []string{"libw.so", "W_1", "W_2"}, Exported: []string{"w@W_1", "x@W_2"}},
		}, "no the symbol x with the version W_1, which no library here has"},
	} {
		if got := short(inRoot(t, c.root, c.files, nil, true)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// TestRootBases: the name that a library gives itself among its versions is none of
// them.
func TestRootBases(t *testing.T) {
	root := glibcRoot(map[string]elftest.Spec{"usr/lib/liba.so": {Defines: []string{"liba.so", "A_1"}}})
	system, err := detect.Root(root, detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := wheelSet(t, map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo, "liba.so"}, Needs: []elftest.Need{{Library: "liba.so", Versions: []string{"A_1"}}}}})
	set.Files[0].ELF.VersionNeeds = append(set.Files[0].ELF.VersionNeeds,
		elfaudit.VersionNeed{Library: "libgone.so", Versions: []elfaudit.Version{{Name: "G"}}},
		elfaudit.VersionNeed{Library: "liba.so", Versions: []elfaudit.Version{{Name: "A_8", Weak: true}, {Name: "A_9"}}})
	r := InRoot(Code{Needs: manylinux.Known().Needs(set, nil), Files: 1, Readable: true}, set, system, system.Default())
	if got := strings.Join(r.Missing, "; "); !strings.HasPrefix(got, "A_9 in liba.so") || strings.Contains(got, "A_8") {
		t.Errorf("%s", got)
	}
}

// TestRootProcesses: modules are loaded into the interpreter, programs by themselves.
func TestRootProcesses(t *testing.T) {
	module := map[string]elftest.Spec{"m.so": {Needed: []string{"libextra.so"}}}
	program := map[string]elftest.Spec{"demo-1.0.data/scripts/tool": {Loader: glibcLoader, Needed: []string{glibcSo, "libextra.so"}}}
	// The interpreter has the library already, from a directory that only its own run path names.
	withExtra := glibcRoot(map[string]elftest.Spec{
		"usr/bin/python3.11":     {Loader: glibcLoader, Needed: []string{glibcSo, "libextra.so"}, RunPath: "/opt/python"},
		"opt/python/libextra.so": {Soname: "libextra.so"},
	})
	for _, c := range []struct {
		what   string
		root   fstest.MapFS
		files  map[string]elftest.Spec
		python bool
		want   string
	}{
		{"a module finds what the interpreter has", withExtra, module, true, "yes"},
		{"a program does not", withExtra, program, true, "no libextra.so"},
		{"a module without the interpreter", withExtra, map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo, "libextra.so"}}}, false, "no libextra.so"},
	} {
		for name := range c.files {
			if name == "m.so" && c.python {
				c.files[name] = elftest.Spec{Needed: []string{glibcSo, "libextra.so"}}
			}
		}
		if got := short(inRoot(t, c.root, c.files, nil, c.python)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// TestRootLibpython: the library with the interpreter opens modules, so that its DT_RPATH
// serves them.
func TestRootLibpython(t *testing.T) {
	root := glibcRoot(map[string]elftest.Spec{
		"usr/bin/python3.11":           {Loader: glibcLoader, Needed: []string{"libpython3.11.so.1.0", glibcSo}},
		"usr/lib/libpython3.11.so.1.0": {Soname: "libpython3.11.so.1.0", Needed: []string{glibcSo}, RPath: "/opt/extra"},
		"opt/extra/libextra.so":        {},
	})
	r := inRoot(t, root, map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo, "libextra.so"}}}, nil, true)
	if got := short(r); got != "yes" || r.Libraries["libextra.so"] != "/opt/extra/libextra.so" {
		t.Errorf("%s: %v", got, r.Libraries)
	}
}

// TestRootUnreadable: a library of the root that cannot be read leaves the answer open.
func TestRootUnreadable(t *testing.T) {
	root := glibcRoot(nil)
	cut := elftest.Spec{Needed: []string{"libgone.so"}}.Bytes()
	root["usr/lib/liba.so"] = &fstest.MapFile{Data: cut[:len(cut)-100], Mode: 0o755}
	got := short(inRoot(t, root, map[string]elftest.Spec{"a.so": {Needed: []string{glibcSo, "liba.so"}}, "b.so": {Needed: []string{glibcSo, "liba.so"}}}, nil, true))
	if !strings.HasPrefix(got, "unknown /usr/lib/liba.so, which cannot be read") || strings.Count(got, "cannot be read") != 1 {
		t.Errorf("%s", got)
	}
}

// TestRootPaths: a library of the wheel to which no run path leads may lie in the root.
func TestRootPaths(t *testing.T) {
	files := map[string]elftest.Spec{
		"m.cpython-311-x86_64-linux-gnu.so": {Needed: []string{glibcSo, "libown.so"}, Exported: []string{"PyInit_m"}},
		"libs/libown.so":                    {},
	}
	path := manylinux.Demand{Kind: manylinux.KindPath, File: "m.cpython-311-x86_64-linux-gnu.so", Library: "libown.so", Floor: manylinux.NoPolicy}
	other := manylinux.Demand{Kind: manylinux.KindProcessor, Floor: manylinux.NoPolicy}
	for _, c := range []struct {
		what string
		more map[string]elftest.Spec
		want string
	}{
		{"not in the root", nil, "no libown.so on a run path of m.cpython-311-x86_64-linux-gnu.so; the level of its processors"},
		{"in the root", map[string]elftest.Spec{"usr/lib/libown.so": {}}, "unknown the level of its processors"},
	} {
		r := inRoot(t, glibcRoot(c.more), files, []manylinux.Demand{path, other}, true)
		if got := short(r); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
		if c.more != nil && r.Libraries["libown.so"] != "/usr/lib/libown.so" {
			t.Errorf("%s: %v", c.what, r.Libraries)
		}
	}
}

// TestRootNoLoader: code that needs no libc loads where there is no loader, other code
// does not.
func TestRootNoLoader(t *testing.T) {
	system, err := detect.Root(glibcRoot(nil), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := wheelSet(t, map[string]elftest.Spec{"m.so": {}})
	n := manylinux.Needs{Machine: "x86_64", Libc: elfaudit.LibcNone}
	if r := InRoot(Code{Needs: n, Files: 1, Readable: true}, set, system, nil); r.Loads != Yes || r.Libraries != nil {
		t.Errorf("no libc: %+v", r)
	}
	ghost := &detect.Python{Program: "nowhere", Platform: system.Default().Platform, Libc: system.Libc}
	n.Libc = elfaudit.LibcGlibc
	if r := InRoot(Code{Needs: n, Files: 1, Readable: true}, set, system, ghost); short(r) != "no a loader" {
		t.Errorf("no loader: %s", short(r))
	}
}

// needsOf lists the needs of a tree: process, object, library, state, where and by what
// rule.
func needsOf(tree Tree) []string {
	var list []string
	for _, p := range tree.Processes {
		for _, o := range p.Objects {
			if len(o.Needs) == 0 {
				list = append(list, p.File+": "+o.Path+" by "+o.By)
			}
			for _, n := range o.Needs {
				list = append(list, strings.TrimSpace(p.File+": "+o.Path+" needs "+n.Name+": "+string(n.State)+" "+n.Path+" "+string(n.Rule)))
			}
		}
	}
	return list
}

// TestTreeWithoutRoot: the libraries of the wheel are found or missing, all others are
// outside.
func TestTreeWithoutRoot(t *testing.T) {
	set := wheelSet(t, map[string]elftest.Spec{
		"a.so":         {Needed: []string{glibcSo, "libx.so", "liby.so"}, RunPath: "$ORIGIN/libs", Exported: []string{"PyInit_a"}},
		"b.so":         {Needed: []string{"libx.so"}, Exported: []string{"PyInit_b"}},
		"libs/libx.so": {Soname: "libx.so"}, "far/liby.so": {Soname: "liby.so"},
	})
	code := Code{Needs: manylinux.Known().Needs(set, nil), Files: 4, Readable: true}
	tree, err := TreeOf(code, set, Place{IsMusl: func(*linkset.File) bool { return false }})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"a.so: a.so needs libc.so.6: outside", "a.so: a.so needs libx.so: found libs/libx.so runpath", "a.so: a.so needs liby.so: missing",
		"a.so: libs/libx.so by a.so", "b.so: b.so needs libx.so: missing", "far/liby.so: far/liby.so by",
	}
	got := needsOf(tree)
	for i := range got {
		got[i] = strings.TrimSpace(got[i])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	missing := []Missing{{"liby.so", "a.so", "a.so"}, {"libx.so", "b.so", "b.so"}}
	if diff := cmp.Diff(missing, tree.Missing); diff != "" || tree.Loader != "" || tree.Machine != "x86_64" || tree.Libc != "glibc" || tree.Other != "" || tree.Unknown != nil {
		t.Errorf("%+v (-want +got):\n%s", tree, diff)
	}
}

// TestTreeInRoot: libraries of the root are found where its loader looks, those of the
// interpreter first.
func TestTreeInRoot(t *testing.T) {
	system, err := detect.Root(glibcRoot(map[string]elftest.Spec{"usr/lib/liba.so": {Needed: []string{"libgone.so"}}}), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := wheelSet(t, map[string]elftest.Spec{"m.so": {Needed: []string{glibcSo, "liba.so"}, Exported: []string{"PyInit_m"}}, "n.so": {Needed: []string{"liba.so"}, Exported: []string{"PyInit_n"}}})
	code := Code{Needs: manylinux.Known().Needs(set, nil), Files: 2, Readable: true}
	for _, python := range []bool{true, false} {
		place := Place{System: system}
		processes := []string{"m.so", "n.so"}
		if python {
			place.Python = system.Default()
			processes = []string{"/usr/bin/python3.11", "m.so", "n.so"}
		}
		tree, err := TreeOf(code, set, place)
		if err != nil {
			t.Fatal(err)
		}
		var files []string
		for _, p := range tree.Processes {
			files = append(files, p.File)
		}
		if diff := cmp.Diff(processes, files); diff != "" || tree.Loader != glibcLoader {
			t.Errorf("python %v: loader %s, processes (-want +got):\n%s", python, tree.Loader, diff)
		}
		missing := []Missing{{"libgone.so", "/usr/lib/liba.so", "m.so"}}
		if diff := cmp.Diff(missing, tree.Missing); diff != "" {
			t.Errorf("python %v: missing (-want +got):\n%s", python, diff)
		}
		last := tree.Processes[len(tree.Processes)-2]
		if last.Objects[0].Path != "m.so" || last.Objects[0].Needs[1].Path != "/usr/lib/liba.so" || last.Objects[0].Needs[1].State != StateFound {
			t.Errorf("python %v: %+v", python, last)
		}
	}
	musl := code
	musl.Libc = elfaudit.LibcMusl
	if tree, err := TreeOf(musl, set, Place{System: system}); err != nil || tree.Other != "musl" || len(tree.Processes) > 0 {
		t.Errorf("code for musl: %+v, %v", tree, err)
	}
	ghost := &detect.Python{Program: "nowhere", Platform: system.Default().Platform, Libc: system.Libc}
	if _, err := TreeOf(code, set, Place{System: system, Python: ghost}); err != errNoLoader {
		t.Errorf("no loader: %v", err)
	}
}
