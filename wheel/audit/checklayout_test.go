package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// layoutFindings audits the demo wheel with changed files, and gives the findings of the
// rules about contents.
func layoutFindings(t *testing.T, filename string, change map[string]string) string {
	t.Helper()
	files := wheelFiles()
	files["demo-1.0.dist-info/WHEEL"] = demoWheel
	for name, content := range change {
		if files[name] = content; content == "-" {
			delete(files, name)
		}
	}
	if change["demo/__init__.py"] == "-" {
		delete(files, "demo/cli.py")
	}
	var lines []string
	for _, line := range findingsOf(t, filename, files) {
		if strings.HasPrefix(line, "WT48") || strings.HasPrefix(line, "WT49") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// TestLayout: each rule about the places of files, and what comes close to breaking it.
func TestLayout(t *testing.T) {
	const name = "demo-1.0-py3-none-any.whl"
	const stray = "WT482 warning %s is installed at the top of site-packages, and is no module"
	unimportable := func(file string) string {
		return "WT483 note " + file + " cannot be imported: its path has a part that is no name of Python"
	}
	common := func(file, name string) string {
		return "WT484 warning " + file + " installs " + name + " at the top of site-packages, a name that other projects install by mistake too"
	}
	several := func(names string) string {
		return "WT488 note  installs several names at the top of site-packages: " + names
	}
	for _, c := range []struct {
		what  string
		files map[string]string
		want  []string
	}{
		{"nothing", nil, nil},
		{"bytecode in its directory", map[string]string{"demo/__pycache__/cli.cpython-312.pyc": "x"}, []string{"WT480 warning demo/__pycache__/cli.cpython-312.pyc is bytecode of a module that is in the wheel"}},
		{"bytecode next to the source", map[string]string{"demo/cli.pyo": "x"}, []string{"WT480 warning demo/cli.pyo is bytecode of a module that is in the wheel"}},
		{"bytecode alone", map[string]string{"demo/other.pyc": "x", "demo/other.pyd.txt": "x"}, []string{"WT480 warning demo/other.pyc is bytecode, which one version of Python reads, without its source"}},
		{"bytecode of another directory", map[string]string{"demo/sub/cli.pyc": "x"}, []string{"WT480 warning demo/sub/cli.pyc is bytecode, which one version of Python reads, without its source"}},
		{"the letters pyc elsewhere", map[string]string{"demo/cli.pyc.txt": "x", "demo/pyc": "x"}, nil},

		{"a license at the top", map[string]string{"LICENSE": "x"}, []string{strings.Replace(stray, "%s", "LICENSE", 1), several("LICENSE, demo")}},
		{"stubs at the top", map[string]string{"demo.pyi": "x", "py.typed": ""}, []string{strings.Replace(stray, "%s", "demo.pyi", 1) + " (and 1 more like this)", several("demo, demo.pyi, py.typed")}},
		{"a license below purelib", map[string]string{"demo-1.0.data/platlib/LICENSE": "x"}, []string{strings.Replace(stray, "%s", "demo-1.0.data/platlib/LICENSE", 1), several("LICENSE, demo")}},
		{"files that site reads", map[string]string{"demo.pth": "demo\n", "demo.start": "#\n"}, nil},
		{"files elsewhere", map[string]string{"demo/LICENSE": "x", "demo-1.0.data/data/LICENSE": "x", "demo-1.0.dist-info/LICENSE": "x"}, nil},

		{"a script with a dash", map[string]string{"demo/my-script.py": "x"}, []string{unimportable("demo/my-script.py")}},
		{"a keyword", map[string]string{"demo/class/x.py": "x"}, []string{unimportable("demo/class/x.py")}},
		{"a template", map[string]string{"demo/{{name}}/x.cpython-312-x86_64-linux-gnu.so": "x"}, []string{unimportable("demo/{{name}}/x.cpython-312-x86_64-linux-gnu.so")}},
		{"a module for macOS with a dash", map[string]string{"demo/a-b.pyd": "x"}, []string{unimportable("demo/a-b.pyd")}},
		{"a shared library", map[string]string{"demo/libx-1.so": "x", "demo.libs/y-0a1b2c3d.so": "x", "demo/a-b.txt": "x", "demo/a-b.pyi": "x"}, nil},
		{"letters of other scripts", map[string]string{"demo/\u00fc.py": "x"}, []string{"WT497 note demo/\u00fc.py has characters outside ASCII in its path"}},

		{"tests", map[string]string{"tests/__init__.py": "x"}, []string{common("tests/__init__.py", "tests"), several("demo, tests")}},
		{"a setup script", map[string]string{"setup.py": "x"}, []string{common("setup.py", "setup"), several("demo, setup.py")}},
		{"a file called build", map[string]string{"build": "x"}, []string{strings.Replace(stray, "%s", "build", 1), common("build", "build"), several("build, demo")}},
		{"tests of the package", map[string]string{"demo/tests/__init__.py": "x", "demo-1.0.data/data/tests/x": "x"}, nil},
		{"nearly a common name", map[string]string{"_test.py": "x", "_tests/x.py": "x"}, nil},

		{"the content of a package", map[string]string{"__init__.py": "x"}, []string{"WT485 warning __init__.py is at the top of site-packages, which is no package"}},
		{"the content of a package alone", map[string]string{"demo/__init__.py": "-", "__init__.py": "x"}, []string{"WT485 warning __init__.py is at the top of site-packages, which is no package", "WT487 note  installs no module that Python can import"}},
		{"a program and data", map[string]string{"demo/__init__.py": "-", "demo/x.txt": "x", "demo-1.0.data/scripts/demo": "x"}, []string{"WT487 note  installs no module that Python can import"}},
		{"nothing but metadata", map[string]string{"demo/__init__.py": "-"}, []string{"WT486 warning  has no file outside the *.dist-info directory"}},
		{"a program alone", map[string]string{"demo/__init__.py": "-", "demo-1.0.data/scripts/demo": "x"}, nil},
		{"data of the system alone", map[string]string{"demo/__init__.py": "-", "demo-1.0.data/data/share/demo": "x"}, []string{"WT487 note  installs no module that Python can import"}},
		{"data alone", map[string]string{"demo/__init__.py": "-", "demo/x.txt": "x"}, []string{"WT487 note  installs no module that Python can import"}},
		{"stubs alone", map[string]string{"demo/__init__.py": "-", "demo-stubs/__init__.pyi": "x"}, nil},
		{"a module alone", map[string]string{"demo/__init__.py": "-", "demo.py": "x"}, nil},

		{"two packages and data", map[string]string{"other/__init__.py": "x", "share/x.txt": "x"}, []string{several("demo, other, share (without modules)")}},
		{"what does not count", map[string]string{"_demo.py": "x", "demo.libs/libx.so.1": "x", "demo.dylibs/libx.dylib": "x"}, nil},

		{"a package with a dash", map[string]string{"my-demo/__init__.py": "x"}, []string{unimportable("my-demo/__init__.py"), several("demo, my-demo"), "WT489 warning my-demo/__init__.py is in my-demo, from which nothing can be imported: that is no name of Python"}},
		{"a directory of data with a dash", map[string]string{"_my-demo/x.txt": "x"}, nil},

		{"a package and a module", map[string]string{"demo.py": "x"}, []string{several("demo, demo.py"), "WT491 warning demo.py is never imported: the package demo has the same name"}},
		{"a package and an extension module", map[string]string{"demo/a/__init__.py": "x", "demo/a.cpython-312-x86_64-linux-gnu.so": "x"}, []string{"WT491 warning demo/a.cpython-312-x86_64-linux-gnu.so is never imported: the package demo/a has the same name"}},
		{"a directory and a module", map[string]string{"demo/a/x.txt": "x", "demo/a.py": "x"}, nil},
		{"a package and a stub", map[string]string{"demo/a/__init__.py": "x", "demo/a.pyi": "x"}, nil},
		{"a module twice", map[string]string{"demo/cli.abi3.so": "x", "demo/__init__.cpython-312-x86_64-linux-gnu.so": "x"}, []string{"WT492 note demo/__init__.py is not imported where Python takes demo/__init__.cpython-312-x86_64-linux-gnu.so (and 1 more like this)"}},
		{"a module and the source of an extension", map[string]string{"demo/x.so": "x", "demo/x.pyx": "x", "demo/x.pyi": "x"}, nil},
	} {
		got := strings.Split(layoutFindings(t, name, c.files), "\n")
		if got[0] == "" {
			got = nil
		}
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}

// TestOwnCommonName: a project may install what it is called.
func TestOwnCommonName(t *testing.T) {
	l := layout{byName: map[string]*topLevel{}, modules: map[string]map[string]moduleKinds{}}
	l.add(libraryFile{"build/__init__.py", "build/__init__.py"})
	for name, want := range map[string]int{"build": 1, "Build": 1, "builder": 2} {
		s := &Subject{}
		s.name.Distribution = name
		if got := len(collect(func(r reporter) { l.checkTops(s, r) })); got != want-1 {
			t.Errorf("%s: %d findings", name, got)
		}
	}
}

// TestModuleOf: the name of a module by that of its file.
func TestModuleOf(t *testing.T) {
	for base, want := range map[string]string{
		"a.py": "a 1", "a.b.py": "a.b 1", "a.so": "a 2", "a.pyd": "a 2", "a.abi3.so": "a 2", "a.cp312-win_amd64.pyd": "a 2", "a.b c.so": "a.b c 2", "a.pyc": "a 3", "a.pyo": "a 3", "a.pyi": "a 4",
		".py": " 0", "a": " 0", "a.txt": " 0", "a.py.txt": " 0", ".abi3.so": ".abi3 2", "a..so": "a. 2",
	} {
		stem, kind := moduleOf(base)
		if got := stem + " " + string('0'+byte(kind)); got != want {
			t.Errorf("%s: %q, want %q", base, got, want)
		}
	}
}
