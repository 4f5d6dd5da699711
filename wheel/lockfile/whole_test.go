package lockfile

import (
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("u", false, "write what is read of whole lock files into the expected texts")

// pyprojectText is the project of a lock file that does not say what it needs itself.
const pyprojectText = `[project]
name = "app"
dynamic = ["dependencies"]

[project.optional-dependencies]
Web = [3, "?", "flask>=3 ; python_version > '3.9'"]

[dependency-groups]
Lint = ["ruff", { include-group = "types" }]
types = ["mypy==1.*", "gone", { include-group = "Lint" }]
text = "flask"

[tool.poetry.dependencies]
python = ">=3.8"
click = { version = "^8", optional = true }
attrs = [{ version = "<2", platform = "win32" }, { version = ">=2", markers = "os_name == 'posix'", platform = "linux" }]
pinned = "1.0"
doubt = { version = "*", markers = "moon" }
"of.docs" = { version = "*", platform = "'" }

[tool.poetry.extras]
cli = ["click"]
All = ["click", "flask"]

[tool.poetry.dev-dependencies]
old = "*"

[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = { version = "*", python = "^3.10" }

[tool.pdm.dev-dependencies]
dev = ["?", "-e ./dir", "pytest>=8", "-e file:///srv/local#egg=local"]
text = "flask"

[tool.uv]
default-groups = ["Lint", "gone"]
`

// oldLock has packages of one version each, as a file of Poetry or PDM that leaves the
// requirements of the project to pyproject.toml.
func oldLock(metadata string, names ...string) string {
	var b strings.Builder
	for _, name := range names {
		name, version, _ := strings.Cut(name, " ")
		fmt.Fprintf(&b, "[[package]]\nname = '%s'\nversion = '%s'\nfiles = [{ file = '%s-%[2]s.tar.gz', hash = 'sha256:aa', url = 'https://h/%[1]s-%[2]s.tar.gz' }]\n", name, version, name)
		switch name {
		case "sphinx":
			b.WriteString("python-versions = '>=3.10'\n[package.dependencies]\ndocutils = { version = '>=1', extras = ['Fast'] }\n")
		case "flask":
			b.WriteString("dependencies = ['click>=8; os_name == \"posix\"', 'docutils[fast]==1']\n")
		}
	}
	return b.String() + metadata
}

// wholes are lock files, each with what is next to it; the first line of the name is
// that of the lock file.
var wholes = map[string]map[string]string{
	"uv": {"uv.lock": strings.Replace(uvText, "requires-python = \">=3.10\"\n", `requires-python = ">=3.10"
supported-markers = ["sys_platform == 'linux'", "sys_platform == 'win32'"]
required-markers = ["sys_platform == 'linux'", "sys_platform == 'win32' and platform_machine == 'x86'", "moon"]
conflicts = [[{ package = "app", extra = "web" }, { package = "app", group = "dev" }]]
[options.minimum-libc-version]
glibc = "2.28"
musl = "1.2"
[manifest]
requirements = [{ name = "tomli", extras = ["A"], marker = "os_name == 'nt'" }]
[manifest.dependency-groups]
Top = [{ name = "pytest" }]
`, 1), "pyproject.toml": pyprojectText},
	"uv members": {"uv.lock": `version = 1
requires-python = ">=3.11"
[options.minimum-libc-version]
glibc = "2.17"
[manifest]
members = ["a", "b"]
[[package]]
name = "a"
source = { editable = "." }
dependencies = [{ name = "c" }]
[package.dev-dependencies]
dev = [{ name = "d" }]
lint = [{ name = "e", marker = "sys_platform == 'win32'" }]
[[package]]
name = "b"
source = { virtual = "sub/b" }
dependencies = [{ name = "d", extra = ["x", "y"] }]
[package.dev-dependencies]
lint = [{ name = "f" }]
[[package]]
name = "c"
version = "1"
source = { registry = "https://h" }
resolution-markers = ["os_name == 'posix'"]
wheels = [{ filename = "c-1-py3-none-any.whl", size = 5 }]
[[package]]
name = "d"
version = "1"
source = { url = "https://h/d-1.zip", subdirectory = "s" }
sdist = { hash = "sha256:aa" }
[package.optional-dependencies]
x = [{ name = "e" }]
[[package]]
name = "e"
version = "1"
source = { git = "https://h/e?rev=1#abc", subdirectory = "s" }
dependencies = [{ name = "f" }]
[[package]]
name = "f"
version = "1"
source = { path = "f-1.zip" }
`, "sub/b/pyproject.toml": "[tool.uv]\ndefault-groups = 'all'\n"},
	"poetry":        {"poetry.lock": poetryText, "pyproject.toml": pyprojectText},
	"poetry alone":  {"poetry.lock": poetryText},
	"poetry rooted": {"poetry.lock": oldLock("[metadata]\nlock-version = '2.0'\npython-versions = '>=3.8'\n", "attrs 1", "attrs 2", "click 8.1", "docutils 1", "doubt 1", "flask 3.1", "mypy 1.2", "of-docs 1", "old 1", "pinned 1.0", "ruff 1", "sphinx 7"), "pyproject.toml": pyprojectText},
	"pdm":           {"pdm.lock": pdmText, "pyproject.toml": pyprojectText},
	"pdm rooted":    {"pdm.lock": oldLock("[metadata]\nlock_version = '4.5'\nstrategy = []\ngroups = ['default', 'Web', 'dev']\n", "click 8.1", "docutils 1", "flask 3.1", "mypy 1.2", "pytest 8", "ruff 1", "local 1"), "pyproject.toml": pyprojectText},
	"pylock": {"pylock.toml": pylockText + `
[[packages]]
name = "many"
version = "1.0"
dependencies = [{ name = "Always", version = "1.0" }, { name = "in-web" }]
archive = { path = "many-1.tar.gz", upload-time = 2024-01-02, hashes = { sha512 = "` + strings.Repeat("0F", 64) + `", sha256 = "", "" = "aa", md5 = "` + strings.Repeat("0f", 65) + `" } }
[packages.variants-json]
"$schema" = "x"
[packages.variants-json.default-priorities]
namespace = ["a", "b"]
[packages.variants-json.providers.a]
requires = ["x"]
[packages.variants-json.providers.b]
requires = ["y ; python_version > '3'"]
[packages.variants-json.variants]
null = {}

[[packages]]
name = "times"
version = "1.0"
wheels = [
  { url = "https://h/times-1.0.0-py3-none-any.whl", upload-time = "2024-01-02 03:04:05.5Z", hashes = { sha256 = "aa" } },
  { url = "times-1.0-py2-none-any.whl", upload-time = "2024-01-02T03:04", hashes = { sha256 = "aa" } },
  { url = "/times-1.1-py2-none-any.whl", upload-time = 20240102, hashes = { sha256 = "aa" } },
]

[[packages]]
name = 3
version = "1.0"
directory = { path = "x" }
`},
	"pylock of a new version": {"pylock.toml": "lock-version = '2.0'\n"},
	"uv by content":           {"other": "version = 1\nresolution-markers = []\nrequires-python = '>=3.12'\nrequired-markers = [\"os_name == 'nt' and sys_platform == 'linux'\", \"os_name == 'posix' and sys_platform == 'win32'\", \"os_name == 'nt' and platform_machine == 'ARM64'\"]\n[options.minimum-libc-version]\nglibc = '2.a'\nmusl = '1'\n"},
	"uv by markers":           {"other": "version = 1\nresolution-markers = []\n"},
	"uv by sources":           {"other": "version = 1\n[[package]]\nname = 'a'\nsource = { virtual = '.' }\n"},
	"uv of before":            {"other": "version = 1\n[[distribution]]\nname = 'a'\nsource = { virtual = '.' }\n"},
	"requirements by content": {"other": "\n# comment\nA-b == 1.0\n"},
	"text":                    {"other": "\n# comment\nhello, this is a letter\n"},
	"report of a new version": {"report.json": `{"version": "2", "pip_version": "29", "install": []}`},
	"conda environment":       {"environment.yml": condaEnvironmentText}, "conda lock": {"conda-lock.yml": condaLockText}, "pixi": {"pixi.lock": pixiText},
	"Python in commas":   {"poetry.lock": "[metadata]\nlock-version = '2.1'\npython-versions = '>=3.8, <3.12,\t!=3.10.*'\n"},
	"a conflict of many": {"uv.lock": "version = 1\nrequires-python = '>=3.9'\nconflicts = [[{ package = 'a', extra = 'x' }, { package = 'a', group = 'g' }, 1]]\n[[package]]\nname = 'a'\nversion = '1'\nsource = { virtual = '.' }\n[package.optional-dependencies]\nx = [{ name = 'b', extra = ['y'] }]\n[package.dev-dependencies]\ng = [{ name = 'b' }]\n[[package]]\nname = 'b'\nversion = '1'\nsource = { registry = 'https://h' }\nresolution-markers = [\"os_name == 'posix'\"]\nsdist = { url = 'https://h/b-1.zip' }\n[[package]]\nname = 'b'\nversion = '2'\nsource = { registry = 'https://h' }\nresolution-markers = [\"os_name == 'nt'\"]\nsdist = { url = 'https://h/b-2.egg' }\n"},
	"Cargo":              {"other": "version = 1\n[[package]]\nname = 'a'\nsource = 'registry+https://h'\n"},
	"pipfile": {"Pipfile.lock": strings.Replace(pipfileText, `"both": {"version": "==3"}
  },`, `"both": {"version": "==3"}, "text": "==1", "svn": {"svn": "https://h/svn", "ref": "7"}, "bzr": {"bzr": "https://h/bzr"}, "hg": {"hg": "https://h/x", "ref": "r", "subdirectory": "s"},
    "relative": {"path": "./dir"}, "zip": {"file": "file:///x/zip-1.zip"}, "any": {"version": "*"}
  },
  "a-section": {"Both": {"version": "==3"}},`, 1)},
	"requirements": {"requirements.txt": "-c constraints.txt\n--no-binary numpy\n--require-hashes\n-r more.txt\nA_b[X,y]==1.0 ; os_name == 'nt' --hash=sha256:AA\n-e git+https://h/r.git@v1#egg=r&subdirectory=s\n./dir\n..\n.\nx\\\\y\nx/y.whl\n" +
		"http://h/e.bin\nhttps://h/e_f-1.0.zip\nFILE:///x/g-1.0.tar.gz\nsvn+http://h/x\nh==${VERSION_1}\ni==$VERSION\nj --hash=sha256:aa -- more\n-r gone.txt\n-r deep/0.txt\n--only-binary=:all: --no-binary c\n\"k\"==1\n", "deep/0.txt": "-r 0.txt\nl\n", "more.txt": "c>=2,<3\nhttps://h/d-1.0-py3-none-any.whl#sha256=bb\n", "constraints.txt": "c==2.5 ; python_version > '3'\n"},
	"pip report":     {"report.json": pipReportText},
	"pip inspection": {"inspect.json": pipInspectText},
}

const pipReportText = `{"version": "1", "pip_version": "26.3", "install": [
 {"download_info": {"url": "https://h/demo-1.0-cp311-cp311-linux_x86_64.whl", "archive_info": {"hashes": {"sha512": "BB", "sha256": "aa", "md5": "xx"}}}, "is_direct": false,
  "metadata": {"name": "Demo", "version": "1.0", "requires_python": ">=3.9"}},
 {"download_info": {"url": "https://h/r.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}, "is_direct": true, "metadata": {"name": "repo", "version": "2"}},
 {"download_info": {"url": "file:///x/local", "dir_info": {}}, "is_direct": true, "metadata": {"name": "local", "version": "3"}},
 {"download_info": {"url": "https://h/v1.0.zip", "archive_info": {}}, "is_direct": true, "metadata": {"name": "zip", "version": "1.0"}},
 {"download_info": {}}
]}`

const pipInspectText = `{"version": "1", "pip_version": "26.3", "installed": [
 {"metadata": {"name": "Demo", "version": "1.0", "requires_python": ">=3.9"}},
 {"metadata": {"name": "repo", "version": "2"}, "direct_url": {"url": "https://h/r.git", "vcs_info": {"vcs": "hg", "commit_id": "abc"}}},
 {"metadata": {"name": "local", "version": "3"}, "direct_url": {"url": "file:///x/local", "dir_info": {}}},
 {"metadata": {"name": "zip", "version": "4"}, "direct_url": {"url": "https://h/other-1.0.zip", "archive_info": {}}},
 {"metadata": {"name": "file", "version": "5"}, "direct_url": {"url": "file:///x/file-5-py3-none-any.whl", "archive_info": {}}}
]}`

// TestWhole: everything that is read of a lock file, and for which selections and
// environments each package is needed, and why not.
func TestWhole(t *testing.T) {
	for what, texts := range wholes {
		t.Run(what, func(t *testing.T) {
			name := slices.SortedFunc(maps.Keys(texts), func(a, b string) int { return strings.Compare(rank(a)+a, rank(b)+b) })[0]
			l, err := ReadOpen(name, files(texts))
			got := ""
			if err == nil {
				got = whole(l)
			} else {
				got = err.Error() + "\n"
			}
			golden := filepath.Join("testdata", "whole", strings.ReplaceAll(what, " ", "-")+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestProjectFiles: a pyproject.toml that cannot be opened or read is a note, and none is
// needed.
func TestProjectFiles(t *testing.T) {
	lock := oldLock("[metadata]\nlock-version = '2.0'\npython-versions = '*'\n", "click 8.1")
	for text, want := range map[string]string{"denied": "poetry.lock:1: pyproject.toml is not read: permission denied", "[": "poetry.lock:1: not read: pyproject.toml:1: ", "": "", "absent": ""} {
		l, err := ReadOpen("poetry.lock", func(name string) (io.ReadCloser, error) {
			switch {
			case name == "poetry.lock":
				return io.NopCloser(strings.NewReader(lock)), nil
			case text == "denied":
				return nil, fs.ErrPermission
			case text == "absent":
				return nil, fs.ErrNotExist
			}
			return io.NopCloser(strings.NewReader(text)), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if want == "" && len(l.Problems) > 0 || want != "" && (len(l.Problems) != 1 || !l.Problems[0].Note || l.Problems[0].Code != CodeInclude || !strings.HasPrefix(l.Problems[0].String(), want)) {
			t.Errorf("%q: %v, want %s", text, l.Problems, want)
		}
	}
}

// rank puts the lock file before what is next to it.
func rank(name string) string {
	if strings.HasSuffix(name, "pyproject.toml") || name == "more.txt" || name == "deep/0.txt" || name == "constraints.txt" {
		return "1"
	}
	return "0"
}

// whole writes a lock as a person can read it. What is not there is left out.
func whole(l *Lock) string {
	var b strings.Builder
	line := func(indent, what string, value any) {
		if text := fmt.Sprint(value); text != "" && text != "[]" && text != "{ }" && text != "false" && text != "<nil>" {
			fmt.Fprintf(&b, "%s%s: %s\n", indent, what, text)
		}
	}
	line("", "format", fmt.Sprint(l.Format, " ", l.Version, " of ", l.File))
	line("", "python", l.RequiresPython)
	line("", "environments", l.Environments)
	line("", "required environments", l.RequiredEnvironments)
	line("", "libc", l.MinimumLibc)
	line("", "fleet", l.Fleet())
	line("", "extras", l.Extras)
	line("", "groups", l.Groups)
	line("", "default groups", l.DefaultGroups)
	line("", "hashes required", l.RequireHashes)
	line("", "hashes required by pip and uv", fmt.Sprint(l.HashesRequired(false), l.HashesRequired(true)))
	line("", "files elsewhere", l.Unlisted())
	for i := range l.Packages {
		p := &l.Packages[i]
		fmt.Fprintf(&b, "\n%s %s, %s:%d\n", p.Name, p.Version, p.File, p.Line)
		writeSource(line, "  ", p.Source)
		line("  ", "project", p.Project)
		line("  ", "optional", p.Optional)
		line("  ", "python", p.RequiresPython)
		line("  ", "marker", p.Marker)
		line("  ", "specifiers", p.Specifiers)
		line("  ", "extras", p.Extras)
		line("  ", "groups", p.Groups)
		line("  ", "hashes", p.Hashes)
		for _, f := range p.Files {
			line("  ", "file", strings.TrimSpace(fmt.Sprint(f.Name, " ", f.Kind, " ", f.URL, " ", f.Path, " ", f.Size, " ", f.Hashes, " ", f.Line)))
			if !f.Uploaded.IsZero() {
				line("    ", "uploaded", f.Uploaded.Format(time.RFC3339Nano))
			}
		}
		for _, d := range p.Dependencies {
			line("  ", "needs", strings.TrimSpace(fmt.Sprint(d.Name, " ", d.Version, d.versions, " ", d.Extras, " ", d.Line)))
			line("    ", "for the extra", d.Extra)
			line("    ", "for the group", d.Group)
			line("    ", "marker", d.Marker)
			line("    ", "python", d.python)
			writeSource(line, "    ", d.Source)
		}
		if p.Variants != nil {
			line("  ", "variants", fmt.Sprintf("%+v %v", p.Variants.Metadata, p.Variants.Err))
		}
		if l.Constraints != nil {
			for _, c := range l.Constraints.For(p.Name) {
				line("  ", "constrained to", fmt.Sprint(c.Specifiers, " ", c.Marker, " ", c.File, ":", c.Line))
			}
		}
		if wheels, sdists := l.Binary.For(p.Name); !wheels || !sdists {
			line("  ", "wheels, sdists", fmt.Sprint(wheels, sdists))
		}
	}
	b.WriteByte('\n')
	for _, p := range l.Problems {
		note := "problem"
		if p.Note {
			note = "note"
		}
		line("", note, p.String())
	}
	first := ""
	for _, c := range []struct {
		python, system, machine string
		sel                     Selection
	}{
		{"3.11.4", "linux", "x86_64", Selection{}},
		{"3.11.4", "linux", "x86_64", Selection{NoDefaultGroups: true}},
		{"3.9.1", "win32", "AMD64", Selection{Extras: l.Extras, Groups: l.Groups}},
		{"3.12.0", "win32", "AMD64", Selection{Extras: l.Extras, NoDefaultGroups: true}},
		{"3.11.4", "linux", "x86_64", Selection{Extras: l.Extras[:min(1, len(l.Extras))]}},
		{"3.11.4", "linux", "x86_64", Selection{Groups: l.Groups[:min(1, len(l.Groups))], OnlyGroups: true}},
		{"3.11.4", "linux", "x86_64", Selection{AllPackages: true}},
		{"3.11.4", "linux", "x86_64", Selection{Packages: l.members()[max(0, len(l.members())-1):]}},
		{"3.11.4", "linux", "x86_64", Selection{Extras: l.Extras[max(0, len(l.Extras)-1):], Packages: l.members()[:min(1, len(l.members()))], NoDefaultGroups: true}},
		{"3.11.4", "linux", "x86_64", Selection{Groups: []string{"nothing"}}},
	} {
		fmt.Fprintf(&b, "\n%s %s, extras %v, groups %v", c.python, c.system, c.sel.Extras, c.sel.Groups)
		for what, set := range map[string]bool{", no default groups": c.sel.NoDefaultGroups, ", only groups": c.sel.OnlyGroups, ", all packages": c.sel.AllPackages} {
			if set {
				b.WriteString(what)
			}
		}
		fmt.Fprintf(&b, " %v\n", c.sel.Packages)
		var answer strings.Builder
		needed, err := l.Needed(environment(c.python, c.system, c.machine), c.sel)
		if err != nil {
			fmt.Fprintf(&answer, "  %v\n", err)
		}
		for _, n := range needed {
			fmt.Fprintf(&answer, "  %s %s: %s\n", n.Package.Name, n.Package.Version, strings.TrimSuffix(string(n.State)+", "+n.Reason.String(), ", "))
			if n.Reason.Line > 0 {
				fmt.Fprintf(&answer, "    line: %d\n", n.Reason.Line)
			}
		}
		if first == "" {
			first = answer.String()
		} else if answer.String() == first {
			b.WriteString("  as for the first\n")
			continue
		}
		b.WriteString(answer.String())
	}
	return b.String()
}

func writeSource(line func(indent, what string, value any), indent string, s Source) {
	if s != (Source{}) {
		line(indent, "from", strings.Join(strings.Fields(fmt.Sprint(s.Kind, " ", s.URL, " ", s.Path, " ", s.VCS, " ", s.Revision, " ", s.Subdirectory)), " "))
	}
}
