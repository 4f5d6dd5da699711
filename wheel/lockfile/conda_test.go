package lockfile

import (
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	condaEnvironmentText = `name: demo
channels: [conda-forge]
dependencies:
- python=3.11
- numpy >=1.20
- pip
- pip:
  - Requests==2.31.0
  - "winonly>1 ; sys_platform == 'win32'"
  - -r more.txt
  - ./local
  - https://h/direct-1.0-py3-none-any.whl  # comment
  - --no-binary requests
`
	condaLockText = `version: 1
metadata:
  content_hash: {linux-64: "00", osx-arm64: "11"}
  channels: [{url: conda-forge, used_env_vars: []}]
  platforms: [linux-64, osx-arm64]
  sources: [environment.yml]
package:
- {name: python, version: 3.11.6, manager: conda, platform: linux-64, dependencies: {}, url: "https://c/linux-64/python-3.11.6-h0_cpython.conda", hash: {md5: "00"}, category: main, optional: false}
- {name: python, version: 3.11.4, manager: conda, platform: osx-arm64, dependencies: {}, url: "https://c/osx-arm64/python-3.11.4-h0_cpython.conda", hash: {md5: "00"}, category: main, optional: false}
- name: pure_one
  version: '1.0'
  manager: pip
  platform: linux-64
  dependencies: {}
  url: https://h/pure_one-1.0-py3-none-any.whl
  hash: {sha256: aa, md5: bb}
  category: main
  optional: false
- name: pure-one
  version: 1.0
  manager: pip
  platform: osx-arm64
  url: https://h/pure_one-1.0-py3-none-any.whl
  hash: {sha256: aa}
  category: main
- {name: native, version: 2.0.1, manager: pip, platform: linux-64, url: "https://h/native-2.0.1-cp311-cp311-manylinux_2_17_x86_64.whl", hash: {sha256: cc}, category: main}
- {name: tool, version: '3', manager: pip, platform: linux-64, url: "https://h/tool-3.tar.gz", hash: {sha256: dd}, category: dev}
- {name: docs, version: '4', manager: pip, platform: osx-arm64, url: "https://h/docs-4-py3-none-any.whl", hash: {sha256: ee}, category: docs}
- {name: repo, version: '5', manager: pip, platform: linux-64, url: "https://h/ignored", hash: {}, source: {type: url, url: "git+https://h/repo.git@abc"}}
`
	pixiText = `version: 6
environments:
  default:
    channels: [{url: "https://c/conda-forge/"}]
    indexes: ["https://h/simple"]
    packages:
      linux-64:
      - conda: https://c/linux-64/python-3.12.2-h26_0_cpython.conda
      - pypi: https://h/native-1.0-cp312-cp312-manylinux_2_28_x86_64.whl
      - pypi: https://h/pure-1.0-py3-none-any.whl
      - pypi: ./here
      - pypi: git+https://h/repo.git@abc#abc
      win-64:
      - conda: https://c/win-64/python-3.12.1-h26_0_cpython.conda
      - pypi: https://h/pure-1.0-py3-none-any.whl
  old_py:
    packages:
      linux-64:
      - conda: https://c/linux-64/python-3.9.18-h26_0_cpython.conda
      - conda: https://c/noarch/python-dateutil-2.8-pyh_0.conda
      - pypi: https://h/pure-0.9-py3-none-any.whl
packages:
- {conda: "https://c/linux-64/python-3.12.2-h26_0_cpython.conda", sha256: "00"}
- {conda: "https://c/win-64/python-3.12.1-h26_0_cpython.conda", sha256: "00"}
- {conda: "https://c/linux-64/python-3.9.18-h26_0_cpython.conda", sha256: "00"}
- {conda: "https://c/noarch/python-dateutil-2.8-pyh_0.conda", sha256: "00"}
- pypi: https://h/native-1.0-cp312-cp312-manylinux_2_28_x86_64.whl
  name: Native
  version: '1.0'
  sha256: aa
  requires_dist: [pure]
  requires_python: '>=3.10'
- {pypi: "https://h/pure-1.0-py3-none-any.whl", name: pure, version: '1.0', sha256: bb}
- {pypi: "https://h/pure-0.9-py3-none-any.whl", name: pure, version: '0.9', sha256: cc}
- {pypi: "https://h/spare-1.0-py3-none-any.whl", name: spare, version: '1.0', sha256: cc}
- {pypi: ./here, name: here, version: '0.1', editable: true}
- {pypi: "git+https://h/repo.git@abc#abc", name: repo, version: '7'}
`
)

// mustConda is must for a file with packages of conda, of which a note says how many.
func mustConda(t *testing.T, name, text string, codes ...Code) *Lock {
	t.Helper()
	return must(t, name, text, append(codes, CodeConda)...)
}

// notes lists the messages of a lock's problems.
func notes(l *Lock) []string {
	var list []string
	for _, p := range l.Problems {
		list = append(list, p.String())
	}
	return list
}

// TestCondaPlatforms: platforms of conda as markers of Python.
func TestCondaPlatforms(t *testing.T) {
	for name, want := range map[string]string{
		"linux-64": "linux x86_64", "linux-32": "linux i686", "linux-aarch64": "linux aarch64", "linux-ppc64le": "linux ppc64le", "linux-armv7l": "linux armv7l",
		"linux-s390x": "linux s390x", "linux-loongarch64": "linux loongarch64", "osx-64": "darwin x86_64", "osx-arm64": "darwin arm64",
		"win-64": "win32 AMD64", "win-32": "win32 x86", "win-arm64": "win32 ARM64", "emscripten-wasm32": "emscripten wasm32",
		"noarch": "", "": "", "linux": "", "linux-": "", "linux-vax": "", "freebsd-64": "", "zos-z": "",
	} {
		if want != "" {
			system, machine, _ := strings.Cut(want, " ")
			want = "sys_platform == '" + system + "' and platform_machine == '" + machine + "'"
		}
		if got := condaPlatform(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

// TestCondaEnvironment: the list under pip: is a requirements file.
func TestCondaEnvironment(t *testing.T) {
	open := func(name string) (io.ReadCloser, error) {
		text, ok := map[string]string{"x/environment.yml": condaEnvironmentText, "x/more.txt": "more>=1\n"}[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
	l, err := ReadOpen("x/environment.yml", open)
	if err != nil {
		t.Fatal(err)
	}
	linux := environment("3.11.4", "linux", "x86_64")
	if got, want := states(t, l, linux, Selection{}), "requests-2.31.0:r winonly-:e(marker) more-:r -:r direct-1.0:r"; got != want || !l.Unlisted() || l.Format != CondaEnvironment {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if diff := cmp.Diff([]string{"x/environment.yml:1: 3 packages of conda are not judged"}, notes(l)); diff != "" {
		t.Error(diff)
	}
	if wheels, sdists := l.Binary.For("requests"); wheels || !sdists {
		t.Error("--no-binary is ignored")
	}
	if p := l.Packages[0]; p.Line != 8 || p.Specifiers.String() != "==2.31.0" || l.Packages[2].File != "x/more.txt" || l.Packages[3].Source.Kind != FromDirectory {
		t.Errorf("%+v", l.Packages)
	}
	for text, want := range map[string]string{
		"dependencies: [pip: [a]]\n":                           "a-:r",
		"name: x\ndependencies:\n- pip:\n  - a\n  - a\n":       "a-:r a-:r",
		"dependencies:\n- {pip: [\"a --hash=sha256:00\", b]}":  "a-:r b-:r",
		"dependencies:\n- {pip: null}\n- {pixi: 1}\nname: x\n": "",
	} {
		if got := states(t, must(t, "environment.yaml", text), linux, Selection{}); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if !must(t, "environment.yml", "dependencies:\n- pip: [\"a==1 --hash=sha256:00\", b]\n").HashesRequired(false) {
		t.Error("pip would ask for all hashes")
	}
	one := mustConda(t, "x.yml", "dependencies: [a, 7, pip: 8]\n", CodeType, CodeType)
	if got := notes(one); len(got) != 3 || !strings.Contains(got[0], `an element of "dependencies" is neither a string nor a table`) || !strings.Contains(got[2], ": 1 package of conda is not judged") {
		t.Errorf("%q", got)
	}
}

// TestCondaLock: the file of each platform, categories as groups, the Python of conda.
func TestCondaLock(t *testing.T) {
	l := mustConda(t, "conda-lock.yml", condaLockText)
	linux, mac := environment("3.11.4", "linux", "x86_64"), environment("3.11.9", "darwin", "arm64")
	for _, test := range []struct {
		sel        Selection
		linux, mac string
	}{
		{Selection{}, "pure-one-1.0:r native-2.0.1:r tool-3:r docs-4:e(group) repo-5:r", "pure-one-1.0:r native-2.0.1:e(marker) tool-3:e(marker) docs-4:e(group) repo-5:e(marker)"},
		{Selection{NoDefaultGroups: true}, "pure-one-1.0:r native-2.0.1:r tool-3:e(group) docs-4:e(group) repo-5:r", "pure-one-1.0:r native-2.0.1:e(marker) tool-3:e(group) docs-4:e(group) repo-5:e(marker)"},
		{Selection{Extras: []string{"docs"}}, "pure-one-1.0:r native-2.0.1:r tool-3:r docs-4:e(marker) repo-5:r", "pure-one-1.0:r native-2.0.1:e(marker) tool-3:e(marker) docs-4:r repo-5:e(marker)"},
	} {
		if got := states(t, l, linux, test.sel); got != test.linux {
			t.Errorf("%+v on Linux: got %s\nwant %s", test.sel, got, test.linux)
		}
		if got := states(t, l, mac, test.sel); got != test.mac {
			t.Errorf("%+v on macOS: got %s\nwant %s", test.sel, got, test.mac)
		}
	}
	p := l.Packages
	if f := p[0].Files; len(f) != 1 || f[0].URL != "https://h/pure_one-1.0-py3-none-any.whl" || f[0].Kind != Wheel || f[0].Line != 10 ||
		!cmp.Equal(f[0].Hashes, []Hash{{"sha256", "aa"}, {"md5", "bb"}}) || p[0].Source.Kind != FromIndex {
		t.Errorf("%+v", p[0])
	}
	if p[4].Source.Kind != FromVCS || p[4].Source.Revision != "abc" || p[2].Files[0].Kind != Sdist || l.Unlisted() {
		t.Errorf("%+v", p[4])
	}
	if diff := cmp.Diff([]string{"conda-lock.yml:1: 1 package of conda is not judged"}, notes(l)); diff != "" {
		t.Error(diff)
	}
	for _, other := range []struct{ version, system, machine string }{{"3.12.1", "linux", "x86_64"}, {"3.11.4", "linux", "aarch64"}, {"3.11.4", "darwin", "x86_64"}, {"3.11.4", "win32", "AMD64"}} {
		if _, err := l.Needed(environment(other.version, other.system, other.machine), Selection{}); code(err) != CodeRequiresPython && code(err) != CodeEnvironment {
			t.Errorf("%v: error %v", other, err)
		}
	}
	// A Python for each platform is part of what the file is for.
	two := mustConda(t, "x.yaml", strings.Replace(condaLockText, "version: 3.11.4", "version: 3.12.4", 1))
	for version, want := range map[string]Code{"3.12.1": "", "3.11.1": CodeEnvironment} {
		if _, err := two.Needed(environment(version, "darwin", "arm64"), Selection{}); code(err) != want {
			t.Errorf("%s: error %v", version, err)
		}
	}
	for _, c := range []struct {
		old, new string
		want     Code
	}{{"version: 1\n", "version: 2\n", CodeLockVersion}, {"version: 1\n", "version: '1'\n", CodeLockVersion}, {"package:\n", "package: 1\nx:\n", ""}} {
		if _, err := Read(strings.NewReader(strings.Replace(condaLockText, c.old, c.new, 1)), "conda-lock.yml"); code(err) != c.want {
			t.Errorf("%s: error %v", c.new, err)
		}
	}
}

// TestCondaProblems: what is wrong with a package has its place, and the others are read.
func TestCondaProblems(t *testing.T) {
	for _, c := range []struct {
		old, new, want string
		codes          []Code
	}{
		{"name: native,", "x: native,", "conda-lock.yml:26: the package has no name", []Code{CodeMissing}},
		{"version: 2.0.1", "version: 2!x", `conda-lock.yml:26: native: invalid version "2!x"`, []Code{CodeVersion, CodeMismatch}},
		{"version: 2.0.1", "version: 2.1", "conda-lock.yml:26: native: the file \"native-2.0.1-cp311-cp311-manylinux_2_17_x86_64.whl\" is not of native 2.1", []Code{CodeMismatch}},
		{"native-2.0.1-cp311-cp311", "native-2.0.1-cp311", `conda-lock.yml:26: native: "native-2.0.1-cp311-manylinux_2_17_x86_64.whl"`, []Code{CodeFilename}},
		{"manager: pip, platform: linux-64, url: \"https://h/tool", "manager: pip, platform: plan-9, url: \"https://h/tool", `conda-lock.yml:27: tool: the platform "plan-9" is not known; what is for it is ignored`, []Code{CodePlatform}},
		{"platforms: [linux-64, ", "platforms: [linux-64, plan-9, ", `conda-lock.yml:5: the platform "plan-9" is not known`, []Code{CodePlatform}},
	} {
		l := mustConda(t, "conda-lock.yml", strings.Replace(condaLockText, c.old, c.new, 1), c.codes...)
		if got := notes(l); len(got) != len(c.codes)+1 || !strings.HasPrefix(got[0], c.want) || len(l.Packages) < 4 {
			t.Errorf("%s: %q", c.new, got)
		}
	}
}

// TestPixi: environments are alternatives, each with its platforms and its Python.
func TestPixi(t *testing.T) {
	l := mustConda(t, "pixi.lock", pixiText)
	linux, windows, old := environment("3.12.9", "linux", "x86_64"), environment("3.12.9", "win32", "AMD64"), environment("3.9.1", "linux", "x86_64")
	for _, test := range []struct {
		what, got, want string
	}{
		{"linux", states(t, l, linux, Selection{}), "native-1.0:r pure-1.0:r here-0.1:r repo-7:r pure-0.9:e(group)"},
		{"windows", states(t, l, windows, Selection{}), "native-1.0:e(marker) pure-1.0:r here-0.1:e(marker) repo-7:e(marker) pure-0.9:e(group)"},
		{"old", states(t, l, old, Selection{Groups: []string{"old-py"}}), "native-1.0:e(group) pure-1.0:e(group) here-0.1:e(group) repo-7:e(group) pure-0.9:r"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %s\nwant %s", test.what, test.got, test.want)
		}
	}
	for _, test := range []struct {
		sel     Selection
		version string
		machine string
		want    Code
		python  string
	}{
		{Selection{}, "3.9.1", "x86_64", CodeRequiresPython, "==3.12.*"},
		{Selection{}, "3.12.1", "aarch64", CodeEnvironment, "==3.12.*"},
		{Selection{Groups: []string{"Old.Py"}}, "3.12.1", "x86_64", CodeRequiresPython, "==3.9.*"},
		{Selection{Groups: []string{"none"}}, "3.12.1", "x86_64", CodeSelection, ""},
	} {
		if _, err := l.Needed(environment(test.version, "linux", test.machine), test.sel); code(err) != test.want {
			t.Errorf("%+v: error %v", test, err)
		}
		if got := l.PythonFor(test.sel).String(); got != test.python {
			t.Errorf("%+v: Python %s", test, got)
		}
	}
	if diff := cmp.Diff([]string{"pixi.lock:1: 4 packages of conda are not judged"}, notes(l)); diff != "" {
		t.Error(diff)
	}
	p := l.Packages
	if p[0].RequiresPython.String() != ">=3.10" || p[0].Files[0].Hashes[0] != (Hash{"sha256", "aa"}) || p[0].Line != 27 || p[2].Source.Kind != FromEditable || p[3].Source.Kind != FromVCS || p[3].Name != "repo" {
		t.Errorf("%+v", p)
	}
	// Other versions of the format.
	const version5 = "version: 5\nenvironments:\n  default:\n    packages:\n      osx-64:\n      - conda: https://c/noarch/x-1-0.conda\n      - pypi: https://h/a-1.0-py3-none-any.whl\n      - pypi: ./links/b-2.0-py3-none-any.whl\n      - pypi: direct+https://h/c-3.0-py3-none-any.whl\npackages:\n" +
		"- {kind: conda, name: x, version: '1', url: 'https://c/noarch/x-1-0.conda'}\n- {kind: pypi, name: a, version: '1.0', url: 'https://h/a-1.0-py3-none-any.whl', sha256: aa}\n" +
		"- {kind: pypi, name: b, version: '2.0', path: ./links/b-2.0-py3-none-any.whl, sha256: bb}\n- {kind: pypi, name: c, version: '3.0', url: 'direct+https://h/c-3.0-py3-none-any.whl'}\n"
	five := mustConda(t, "x.lock", version5)
	if got := states(t, five, environment("3.13.1", "darwin", "x86_64"), Selection{}); got != "a-1.0:r b-2.0:r c-3.0:r" || five.Packages[1].Source.Kind != FromPath || five.Packages[2].Source.Kind != FromURL || len(five.Packages[1].Files[0].Hashes) != 1 {
		t.Errorf("%s %+v", got, five.Packages)
	}
	seven := must(t, "pixi.lock", "version: 7\nplatforms:\n- {name: gpu, subdir: linux-64}\nenvironments:\n  test:\n    packages:\n      gpu:\n      - pypi: https://h/a-1.0-py3-none-any.whl\n      - pypi: https://h/lost\npackages:\n- {pypi: 'https://h/a-1.0-py3-none-any.whl', name: a, version: '1.0'}\n", CodeDependency)
	if got := states(t, seven, linux, Selection{Groups: []string{"test"}}); got != "a-1.0:r" {
		t.Error(got)
	}
	if _, err := seven.Needed(linux, Selection{}); code(err) != CodeSelection || !strings.Contains(err.Error(), "there is no environment default; select one as a group: test") {
		t.Error(err)
	}
	for _, version := range []string{"3", "8", "'6'"} {
		if _, err := Read(strings.NewReader("version: "+version+"\nenvironments: {}\npackages: []\n"), "pixi.lock"); code(err) != CodeLockVersion {
			t.Errorf("version %s: error %v", version, err)
		}
	}
}

// TestYAMLFormats: each is found by its name and by its keys.
func TestYAMLFormats(t *testing.T) {
	for name, text := range map[Format]string{CondaEnvironment: strings.Replace(condaEnvironmentText, "-r more.txt", "more", 1), CondaLock: condaLockText, Pixi: pixiText} {
		for _, file := range []string{"x.yml", "x.yaml", "standard input"} {
			if l := mustConda(t, file, text); l.Format != name {
				t.Errorf("%s: %s, want %s", file, l.Format, name)
			}
		}
	}
	for name, want := range map[string]Format{"environment.yml": CondaEnvironment, "a/environment.yaml": CondaEnvironment, "conda-lock.yaml": CondaLock, "dev.conda-lock.yml": CondaLock, "a/pixi.lock": Pixi, "compose.yml": ""} {
		if got := nameOf(formatOf(name)); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	for name, text := range map[string]string{"compose.yml": "services: {}\n", "x.yml": "- a\n", "pixi.lock": "a: [\n"} {
		_, err := Read(strings.NewReader(text), name)
		if c := code(err); c != CodeFormat && c != CodeSyntax {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := Read(strings.NewReader("services: {}\n"), "compose.yml"); err == nil || !strings.Contains(err.Error(), "unknown format: YAML, but not from conda, conda-lock or pixi") {
		t.Error(err)
	}
}
