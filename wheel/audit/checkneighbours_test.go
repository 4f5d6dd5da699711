package audit

import (
	"bytes"
	"debug/elf"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

const neighbourTags = "cp312-cp312-manylinux_2_17_x86_64.whl"

// metadataOf makes the METADATA of a project with requirements.
func metadataOf(project string, lines ...string) []byte {
	text := "Metadata-Version: 2.1\nName: " + project + "\nVersion: 1.0\n"
	for _, line := range lines {
		if strings.HasPrefix(line, "extra ") {
			text += "Provides-Extra: " + line[6:] + "\n"
		} else {
			text += "Requires-Dist: " + line + "\n"
		}
	}
	return []byte(text + "\n")
}

// withNeighbours audits a wheel of files and requirements next to others.
func withNeighbours(t *testing.T, files map[string][]byte, requires []string, others map[string]map[string][]byte) *Report {
	t.Helper()
	dir := t.TempDir()
	o := Options{Selection: finding.Selection{Select: []string{"WT202", "WT24", "WT201"}}}
	for name, files := range others {
		place := filepath.Join(dir, name)
		if err := os.WriteFile(place, wheelOf(t, files), 0o644); err != nil {
			t.Fatal(err)
		}
		o.Neighbours = append(o.Neighbours, place)
	}
	slices.Sort(o.Neighbours)
	files = maps.Clone(files)
	files["demo-1.0.dist-info/METADATA"] = metadataOf("demo", requires...)
	w := wheelOf(t, files)
	r, err := New(o).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-"+neighbourTags)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// coreLibrary is the library of another project: it exports a symbol of a version and one
// without.
func coreLibrary(needed ...string) []byte {
	return elftest.Spec{
		Soname: "libcore.so.1", Needed: append([]string{"libc.so.6"}, needed...), Exported: []string{"core_open", "core_read@CORE_1"},
		Defines: []string{"libcore.so.1", "CORE_1"}, Needs: []elftest.Need{{Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}}},
	}.Bytes()
}

// coreUser makes a module that uses that library.
func coreUser(runPath string, more elftest.Spec) []byte {
	more.Needed = append([]string{"libcore.so.1", "libc.so.6"}, more.Needed...)
	more.RunPath = runPath
	more.Exported = append(more.Exported, "PyInit_m")
	more.Undefined = append(more.Undefined, "PyList_New", "__cxa_finalize?")
	more.Needs = append(more.Needs, elftest.Need{Library: "libc.so.6", Versions: []string{"GLIBC_2.17"}})
	return more.Bytes()
}

// TestNeighbours: what is said of a library that other wheels have, or nearly have.
func TestNeighbours(t *testing.T) {
	const there = "$ORIGIN/../core/lib"
	core := map[string]map[string][]byte{"core-1.0-" + neighbourTags: {"core/lib/libcore.so.1": coreLibrary(), "core/__init__.py": nil}}
	renamed := func(name string, more ...string) map[string]map[string][]byte {
		files := maps.Clone(core["core-1.0-"+neighbourTags])
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = []byte(more[i+1])
		}
		return map[string]map[string][]byte{name: files}
	}
	user := func(s elftest.Spec) map[string][]byte { return map[string][]byte{"demo/m.so": coreUser(there, s)} }
	version := func(name string) elftest.Spec {
		return elftest.Spec{Needs: []elftest.Need{{Library: "libcore.so.1", Versions: []string{name}}}}
	}
	driver := map[string]map[string][]byte{"core-1.0-" + neighbourTags: {"core/lib/libcore.so.1": coreLibrary("libdriver.so.1")}}
	for _, c := range []struct {
		what     string
		files    map[string][]byte
		requires string // separated by commas
		others   map[string]map[string][]byte
		want     string
	}{
		{"declared and reached", user(elftest.Spec{}), "core", core, "WT240"},
		{"no wheel has it", user(elftest.Spec{}), "core", nil, "WT202"},
		{"not declared", user(elftest.Spec{}), "", core, "WT241"},
		{"another project is declared", user(elftest.Spec{}), "other", core, "WT241"},
		{"declared for Windows", user(elftest.Spec{}), `core; sys_platform == "win32"`, core, "WT241"},
		{"declared for the machine", user(elftest.Spec{}), `core>=1; platform_machine == "x86_64" and python_version >= "3.12"`, core, "WT240"},
		{"declared for an extra", user(elftest.Spec{}), `extra fast,core; extra == "fast"`, core, "WT240"},
		{"another version is declared", user(elftest.Spec{}), "core==2.0", core, "WT202"},
		{"of a project that core stands behind", user(elftest.Spec{}), "front", map[string]map[string][]byte{
			"core-1.0-" + neighbourTags:  core["core-1.0-"+neighbourTags],
			"front-1.0-py3-none-any.whl": {"front.py": nil, "demo-1.0.dist-info/METADATA": metadataOf("front", "core")},
		}, "WT240"},
		{"for another interpreter", user(elftest.Spec{}), "core", renamed("core-1.0-cp313-cp313-manylinux_2_17_x86_64.whl"), "WT202"},
		{"for any Python", user(elftest.Spec{}), "core", renamed("core-1.0-py3-none-manylinux_2_17_x86_64.whl"), "WT240"},
		{"for the stable ABI", user(elftest.Spec{}), "core", renamed("core-1.0-cp39-abi3-manylinux_2_28_x86_64.whl"), "WT240"},
		{"for a later stable ABI", user(elftest.Spec{}), "core", renamed("core-1.0-cp313-abi3-manylinux_2_28_x86_64.whl"), "WT202"},
		{"for another machine", user(elftest.Spec{}), "core", renamed("core-1.0-cp312-cp312-manylinux_2_17_aarch64.whl"), "WT202"},
		{"for musl", user(elftest.Spec{}), "core", renamed("core-1.0-cp312-cp312-musllinux_1_2_x86_64.whl"), "WT202"},
		{"code for another machine", user(elftest.Spec{}), "core", map[string]map[string][]byte{"core-1.0-" + neighbourTags: {"core/lib/libcore.so.1": elftest.Spec{Machine: elf.EM_AARCH64}.Bytes()}}, "WT202"},
		{"no run path", map[string][]byte{"demo/m.so": coreUser("", elftest.Spec{})}, "core", core, "WT240 WT242"},
		{"a run path to elsewhere", map[string][]byte{"demo/m.so": coreUser("$ORIGIN/../core/lib64", elftest.Spec{})}, "core", core, "WT240 WT242"},
		{"no run path but an import", map[string][]byte{"demo/m.so": coreUser("", elftest.Spec{}), "demo/__init__.py": []byte("import os\nimport core.lib as c\n")}, "core", core, "WT240"},
		{"no run path and no such import", map[string][]byte{"demo/m.so": coreUser("", elftest.Spec{}), "demo/__init__.py": []byte("import corelib\n# import core\n")}, "core", core, "WT240 WT242"},
		{"loaded by another file", map[string][]byte{
			"demo/m.so":      coreUser(there+":$ORIGIN", elftest.Spec{Needed: []string{"libown.so"}}),
			"demo/libown.so": elftest.Spec{Needed: []string{"libcore.so.1"}}.Bytes(),
		}, "core", core, "WT240 WT240"},
		{"an import by what is imported", map[string][]byte{"demo/m.so": coreUser("", elftest.Spec{Needed: []string{"libfront.so"}}), "demo/__init__.py": []byte("from front import x\n")}, "front", map[string]map[string][]byte{
			"core-1.0-" + neighbourTags:  core["core-1.0-"+neighbourTags],
			"front-1.0-" + neighbourTags: {"front/__init__.py": []byte("try:\n    import core\nexcept: pass\n"), "front/libfront.so": elftest.Spec{}.Bytes(), "demo-1.0.dist-info/METADATA": metadataOf("front", "core")},
		}, "WT240 WT240"},
		{"no import by what is not imported", map[string][]byte{"demo/m.so": coreUser("", elftest.Spec{Needed: []string{"libfront.so"}})}, "front", map[string]map[string][]byte{
			"core-1.0-" + neighbourTags:  core["core-1.0-"+neighbourTags],
			"front-1.0-" + neighbourTags: {"front/__init__.py": []byte("import core\n"), "front/libfront.so": elftest.Spec{}.Bytes(), "demo-1.0.dist-info/METADATA": metadataOf("front", "core")},
		}, "WT240 WT240 WT242 WT242"},
		{"a version that is defined", user(version("CORE_1")), "core", core, "WT240"},
		{"a version that is not", user(version("CORE_2")), "core", core, "WT240 WT243"},
		{"a weak version that is not", user(version("CORE_2?")), "core", core, "WT240"},
		{"a library without versions", user(version("CORE_2")), "core", map[string]map[string][]byte{"core-1.0-" + neighbourTags: {"core/lib/libcore.so.1": elftest.Spec{Soname: "libcore.so.1"}.Bytes()}}, "WT240"},
		{"a symbol that is exported", user(elftest.Spec{Undefined: []string{"core_open"}}), "core", core, "WT240"},
		{"a symbol that is not", user(elftest.Spec{Undefined: []string{"core_close"}}), "core", core, "WT240 WT244"},
		{"a weak symbol that is not", user(elftest.Spec{Undefined: []string{"core_close?"}}), "core", core, "WT240"},
		{"a symbol of the wheel itself", map[string][]byte{"demo/m.so": coreUser(there, elftest.Spec{Undefined: []string{"core_close"}}), "demo/n.so": elftest.Spec{Exported: []string{"core_close"}}.Bytes()}, "core", core, "WT240"},
		{"a symbol of glibc without its version", user(elftest.Spec{Undefined: []string{"strlen"}}), "core", core, "WT240"},
		{"a symbol that a driver may have", user(elftest.Spec{Undefined: []string{"core_close"}}), "core", driver, "WT240 WT245"},
		{"a symbol that another library of the system may have", user(elftest.Spec{Needed: []string{"libX11.so.6"}, Undefined: []string{"core_close"}}), "core", core, "WT240 WT245"},
		{"a symbol next to libraries that give versions", user(elftest.Spec{Needed: []string{"libgomp.so.1"}, Undefined: []string{"core_close"}}), "core", core, "WT202 WT240 WT244"},
		{"a symbol of a library behind it", user(elftest.Spec{Undefined: []string{"core_close"}}), "core", map[string]map[string][]byte{
			"core-1.0-" + neighbourTags: {"core/lib/libcore.so.1": coreLibrary("libdeep.so"), "demo-1.0.dist-info/METADATA": metadataOf("core", "deep")},
			"deep-1.0-" + neighbourTags: {"deep/libdeep.so": elftest.Spec{Exported: []string{"core_close"}}.Bytes()},
		}, "WT240"},
		{"a newer release is taken", user(elftest.Spec{Undefined: []string{"core_open"}}), "core", map[string]map[string][]byte{
			"core-1.0-" + neighbourTags: {"core/lib/libcore.so.1": coreLibrary()},
			"core-2.0-" + neighbourTags: {"core/lib/libcore.so.1": elftest.Spec{Soname: "libcore.so.1"}.Bytes()},
		}, "WT240 WT244"},
		{"unless the requirement forbids it", user(elftest.Spec{Undefined: []string{"core_open"}}), "core<2", map[string]map[string][]byte{
			"core-1.0-" + neighbourTags: {"core/lib/libcore.so.1": coreLibrary()},
			"core-2.0-" + neighbourTags: {"core/lib/libcore.so.1": elftest.Spec{Soname: "libcore.so.1"}.Bytes()},
		}, "WT240"},
	} {
		var requires []string
		if c.requires != "" {
			requires = strings.Split(c.requires, ",")
		}
		r := withNeighbours(t, c.files, requires, c.others)
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Rule)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %s; %+v", c.what, said(r), c.want, r.Provided)
		}
		if r.PlatformTag != "linux_x86_64" {
			t.Errorf("%s: the tag is %s", c.what, r.PlatformTag)
		}
	}
}

// TestNeighbourFacts looks at the whole answer for one wheel.
func TestNeighbourFacts(t *testing.T) {
	core := "core-1.0-" + neighbourTags
	others := map[string]map[string][]byte{core: {"core/lib/libcore.so.1": coreLibrary(), "core/__init__.py": nil}}
	files := map[string][]byte{
		"demo/m.so": coreUser("$ORIGIN/../core/lib", elftest.Spec{Undefined: []string{"core_close", "core_read@CORE_2"}, Needs: []elftest.Need{{Library: "libcore.so.1", Versions: []string{"CORE_2"}}}}),
		"demo/n.so": coreUser("", elftest.Spec{}),
	}
	r := withNeighbours(t, files, []string{"core >= 0.5"}, others)
	provided := []Provided{
		{File: "demo/m.so", Library: "libcore.so.1", Wheel: core, Path: "core/lib/libcore.so.1", Requires: "core>=0.5", By: "demo", Reached: "run path", Way: "$ORIGIN/../core/lib"},
		{File: "demo/n.so", Library: "libcore.so.1", Wheel: core, Path: "core/lib/libcore.so.1", Requires: "core>=0.5", By: "demo"},
	}
	if diff := cmp.Diff(provided, r.Provided); diff != "" {
		t.Errorf("provided (-want +got):\n%s", diff)
	}
	want := []string{
		"error dependency-version: demo/m.so needs CORE_2 of libcore.so.1, which " + core + " has, but not with that version",
		"error dependency-symbol: demo/m.so takes core_close, which neither " + core + " nor another library here has",
		"warning dependency-library: demo/m.so needs libcore.so.1, which manylinux_2_17_x86_64 does not promise; " + core + " has it as core/lib/libcore.so.1, required by demo; the run path $ORIGIN/../core/lib leads there",
		"warning dependency-library: demo/n.so needs libcore.so.1, which manylinux_2_17_x86_64 does not promise; " + core + " has it as core/lib/libcore.so.1, required by demo",
		"warning unreached-dependency: demo/n.so needs libcore.so.1, which " + core + " has, but no run path leads there; the package must load it first",
	}
	if diff := cmp.Diff(want, said(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if r.Verdict != finding.Fail || strings.Join(r.External, " ") != "libcore.so.1" {
		t.Errorf("%s, external %q", r.Verdict, r.External)
	}
	on, err := distro.Parse("debian:12", distro.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := loads.OnRelease(r.Code(), on.Platform, on.Release); got.Loads != loads.No || !slices.Contains(got.Missing, "CORE_2 in the libcore.so.1 of "+core) || !slices.Contains(got.Missing, "core_close in "+core) {
		t.Errorf("%+v", got)
	}
	delete(files, "demo/n.so")
	files["demo/m.so"] = coreUser("$ORIGIN/../core/lib", elftest.Spec{})
	r = withNeighbours(t, files, []string{"core"}, others)
	if got := loads.OnRelease(r.Code(), on.Platform, on.Release); got.Loads != loads.Conditional || fmt.Sprint(got.Install) != "["+core+"]" {
		t.Errorf("%+v", got)
	}
	if r.Verdict != finding.Pass {
		t.Errorf("%s: %q", r.Verdict, said(r))
	}
}
