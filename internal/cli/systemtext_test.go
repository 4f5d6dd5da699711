package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/resolver"
)

// twoMachines is a system for x86-64 with an environment, and a Python for another
// machine.
func twoMachines() *resolver.System {
	glibc := detect.Libc{Libc: tags.Libc{Family: tags.Glibc, Major: 2, Minor: 36}, Version: "2.36", Path: "/lib/libc.so.6", From: "/lib/libc.so.6"}
	musl := detect.Libc{Libc: tags.Libc{Family: tags.Musl, Major: 1, Minor: 2}, Version: "1.2.5", Path: "/lib/ld-musl-aarch64.so.1"}
	on := func(arch string, libc detect.Libc) tags.Platform {
		return tags.Platform{OS: tags.Linux, Arch: arch, Libc: libc.Libc}
	}
	cp311 := tags.Python{Major: 3, Minor: 11}
	return &resolver.System{Source: "roots/x", System: &detect.System{
		Machine: "x86_64", Libc: glibc, Searched: []string{"/usr/bin"},
		Pythons: []detect.Python{
			{Path: "/usr/bin/python3.11", Names: []string{"python3"}, Program: "/usr/bin/python3.11", Prefix: "/usr", Version: "3.11.2", Python: cp311, Platform: on("x86_64", glibc), Libc: glibc, ExternallyManaged: "/usr/lib/python3.11/EXTERNALLY-MANAGED"},
			{Path: "/venv/bin/python", Version: "3.11.2", Venv: "/venv", Python: cp311, Platform: on("x86_64", glibc), Libc: glibc},
			{Path: "/opt/bin/python3.14t", Version: "3.14.1", Python: tags.Python{Major: 3, Minor: 14, Threaded: true, Debug: true}, Platform: on("aarch64", musl), Libc: musl},
		},
	}}
}

// TestPythonRows: what is said of each interpreter.
func TestPythonRows(t *testing.T) {
	s := twoMachines()
	var got []string
	for i := range s.Pythons {
		got = append(got, strings.Join(pythonRow(s, &s.Pythons[i])[1:], ": "))
	}
	for i, want := range []string{
		"/usr/bin/python3.11: CPython 3.11.2, externally managed", "/venv/bin/python: CPython 3.11.2, environment",
		"/opt/bin/python3.14t: CPython 3.14.1, free-threaded, debug build, aarch64, musl 1.2.5",
	} {
		if strings.TrimSuffix(got[i], ", default") != want {
			t.Errorf("%s, want %s", got[i], want)
		}
	}
	if n := strings.Count(strings.Join(got, "\n"), ", default"); n > 1 {
		t.Errorf("%d defaults: %q", n, got)
	}
	// The same machine with another C library is another system, too.
	s.Pythons[2].Platform.Arch, s.Pythons[2].Libc.Path = "x86_64", "/lib/ld-musl-x86_64.so.1"
	if row := pythonRow(s, &s.Pythons[2]); !strings.HasSuffix(row[2], "x86_64, musl 1.2.5") {
		t.Errorf("%q", row)
	}
	s.Pythons[2].Platform.Arch, s.Pythons[2].Libc = "aarch64", s.Libc
	if row := pythonRow(s, &s.Pythons[2]); !strings.HasSuffix(row[2], "aarch64, glibc 2.36") {
		t.Errorf("%q", row)
	}
	for _, c := range []struct {
		machine string
		libc    detect.Libc
		want    string
	}{
		{"x86_64", s.Libc, "x86_64, glibc 2.36"}, {"", s.Libc, "unknown machine, glibc 2.36"}, {"x86_64", detect.Libc{}, "x86_64, no C library"},
		{"x86_64", detect.Libc{Libc: tags.Libc{Family: tags.Musl}}, "x86_64, musl of unknown version"}, {"", detect.Libc{}, "unknown machine, no C library"},
	} {
		if got := describeLibc(c.machine, c.libc); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// TestSystemRecord: the object of detect.
func TestSystemRecord(t *testing.T) {
	s := twoMachines()
	s.Release = detect.Release{ID: "debian", VersionID: "12", Name: "Debian 12", Path: "/etc/os-release"}
	s.Pythons[0].Python.Implementation = "pypy"
	r := systemRecordOf(s)
	if r.Searched != nil || r.Release == nil || *r.Release != (releaseRecord{ID: "debian", VersionID: "12", Name: "Debian 12", Path: "/etc/os-release"}) {
		t.Errorf("%+v, %+v", r, r.Release)
	}
	want := pythonRecord{
		Target: s.Word(&s.Pythons[1]), Path: "/venv/bin/python", Environment: "/venv", Implementation: "cpython", Version: "3.11.2", Python: "3.11", Arch: "x86_64",
		Libc: libcRecord{"glibc", "2.36", "/lib/libc.so.6", "/lib/libc.so.6"}, Default: r.Pythons[1].Default,
	}
	if diff := cmp.Diff(want, r.Pythons[1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Pythons[0].Implementation != "pypy" || r.Schema != "wheeltag.detect/v1" || r.Root != "roots/x" || r.Machine != "x86_64" {
		t.Errorf("%+v", r)
	}
	s.Pythons, s.Release.Path = nil, ""
	if r = systemRecordOf(s); len(r.Searched) != 1 || r.Pythons == nil || r.Release != nil {
		t.Errorf("without Pythons: %+v", r)
	}
	if got := noPython(s); got != "no Python found in /usr/bin, nor in a search of 0 directories; if there is one, name it with --python PATH" {
		t.Error(got)
	}
	s.Searched, s.Walked = nil, 9
	if got := noPython(s); got != "no Python found, nor in a search of 9 directories; if there is one, name it with --python PATH" {
		t.Error(got)
	}
}

// TestDetectAnswers: what is read, in order, and what is wrong with the command line.
func TestDetectAnswers(t *testing.T) {
	sayings(t, "", `$ detect --arch arm64 --root roots/debian
| wheeltag: --arch selects a machine of an --image
| Run 'wheeltag help detect' for usage and examples.
exit 2
$ detect
| wheeltag: say what to read: --root DIR, --image FILE or --host
| Run 'wheeltag help detect' for usage and examples.
exit 2
$ detect x
| wheeltag: "x": write --root x or --image x
| Run 'wheeltag help detect' for usage and examples.
exit 2
$ detect --root roots/alpine
roots/alpine: Alpine Linux v3.20, aarch64, musl 1.2.5
  alpine:3.20/aarch64  /usr/bin/python3.12  CPython 3.12.7, externally managed
exit 0
`)
	if got := said("detect --root nothere --root roots/alpine", ""); !strings.HasPrefix(got, "roots/alpine: ") || !strings.Contains(got, "\n| wheeltag: ") || !strings.HasSuffix(got, "no such file or directory\nexit 3\n") {
		if !strings.Contains(got, "roots/alpine: Alpine") || !strings.HasSuffix(got, "exit 3\n") {
			t.Errorf("%s", got)
		}
	}
	o := detectOptions{roots: []string{"a", "b"}, images: []string{"c"}, host: true}
	if diff := cmp.Diff([]string{"root:a", "root:b", "image:c", "host"}, o.words()); diff != "" {
		t.Error(diff)
	}
	if (detectOptions{roots: []string{"a"}}).words()[0] != "root:a" || len(detectOptions{}.words()) != 0 {
		t.Error("words of one root and of nothing")
	}
}

// TestExplainPolicy: the sentence and the steps of one policy, and targets in place of
// releases.
func TestExplainPolicy(t *testing.T) {
	t.Chdir(fixtureFolder)
	const file = "wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl"
	for line, wants := range map[string][]string{
		"--policy manylinux_2_17 " + file:        {"as it claims.", "To reach manylinux_2_17, remove:", "exit 0"},
		"--policy manylinux_2_34 " + file:        {"It qualifies for manylinux_2_34.", "exit 0"},
		"--policy musllinux_1_2 " + file:         {"musllinux_1_2 does not apply: it is for another system, C library or machine.", "exit 0"},
		"--policy manylinux_2_17_x86_64 " + file: {"manylinux_2_17_x86_64 does not apply", "exit 0"},
		"--policy manylinux_2_17 wheels-bad/truncated-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl": {"Whether it qualifies for manylinux_2_17 cannot be determined.", "exit 3"},
		"--policy el8 " + file: {`--policy: "el8" is not a tag for Linux, macOS, iOS or Windows such as manylinux_2_28, macosx_11_0_arm64 or win_amd64`, "exit 2"},
		"nowhere.whl":          {"| wheeltag: nowhere.whl: no such file or directory", "exit 3"},
		"-t debian:10/arm64 -t debian:9/arm64 " + file: {"debian:10/aarch64", "debian:9/aarch64", "exit 0"},
	} {
		got := strings.Join(strings.Fields(said("explain "+line, "")), " ")
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in %s", line, want, got)
			}
		}
		if strings.HasPrefix(line, "-t") && strings.Contains(got, "ubuntu") {
			t.Errorf("%s: other releases in %s", line, got)
		}
	}
	if got := said("explain --format json --policy manylinux_2_34 "+file, ""); !strings.Contains(got, `"ladder":[]`) {
		t.Errorf("%s", got)
	}
	if got := said("explain --format json --policy manylinux_2_17 -t debian:9/arm64 "+file, ""); !strings.Contains(got, `"ladder":[{"platform_tag":"manylinux_2_17","remove":[{`) || !strings.Contains(got, `"releases":[{"release":"3.5@debian:9/aarch64"`) && !strings.Contains(got, `"releases":[{"release":"debian:9/aarch64","end_of_life":"20`) {
		t.Errorf("%s", got)
	}
}

// TestAuditMistakes: flags that make no sense, and files that are none.
func TestAuditMistakes(t *testing.T) {
	t.Chdir(fixtureFolder)
	const pure = "wheels/demo_pure-1.0-py3-none-any.whl"
	const numbers = "--jobs must be 1 or more, --memory, --cache-size and --timeout 0 or more"
	for line, want := range map[string]string{
		"": "name a wheel, a directory of wheels or an ELF file, as in 'wheeltag audit dist'", "--jobs 0 " + pure: numbers, "--memory -1 " + pure: numbers, "--cache-size -1 " + pure: numbers, "--timeout -1s " + pure: numbers,
		"--require el8 " + pure: `--require: "el8" is not a tag for Linux, macOS, iOS or Windows such as manylinux_2_28, macosx_11_0_arm64 or win_amd64`, "--format xml " + pure: "--format xml: want text", "--jobs x " + pure: "--jobs x: want a whole number", "--strict=x " + pure: "--strict=x: the flag takes no value",
		"--jobs": "--jobs needs a value", "--strickt " + pure: "; did you mean --strict?", "--json " + pure: "; did you mean --format json?", "--limit 3 " + pure: "; only tags has it", "--policy x " + pure: "; only explain has it", "--pre " + pure: "; only select has it",
		"--color blue " + pure: "--color blue: want auto, always or never", "--timeout x " + pure: "--timeout x: ", "-x " + pure: "unknown shorthand flag",
	} {
		got := said("audit "+line, "")
		if !strings.Contains(got, want) || !strings.HasSuffix(got, "| Run 'wheeltag help audit' for usage and examples.\nexit 2\n") {
			t.Errorf("%s: %s", line, got)
		}
	}
	for line, want := range map[string]string{
		"README.md": "README.md: not an ELF file", "wheels/nowhere.whl": "wheels/nowhere.whl: no such file or directory", "--jobs 1 --memory 0 --cache-size 0 --timeout 0 " + pure: "exit 0\n",
	} {
		if got := said("audit "+line, ""); !strings.Contains(got, want) && !strings.Contains(got, "takes wheels, directories and ELF files") {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := said("audit --strict --strickt", ""); !strings.HasSuffix(got, "exit 2\n") {
		t.Errorf("%s", got)
	}
	for line, want := range map[string]string{
		"": "Usage: wheeltag COMMAND [flags] ARGS\n", "audi": `| wheeltag: unknown command "audi"; did you mean audit?` + "\n| Run 'wheeltag help' for the list of commands.\nexit 2\n", "zzzzzz": `| wheeltag: unknown command "zzzzzz"` + "\n| Run 'wheeltag help' for the list of commands.\nexit 2\n",
		"help nonesuch": `unknown command "nonesuch"`, "help a b": "help takes at most one command", "version x": "version takes no arguments", "--nonesuch": "unknown flag", "zzzzzz --flag": `unknown command "zzzzzz"`, "completion": "name one shell: bash, zsh, fish or powershell", "completion tcsh": `unknown shell "tcsh"; want bash, zsh, fish or powershell`,
		"parse": "name at least one wheel, or - for standard input", "explain": "name a wheel or an ELF file",
	} {
		if got := said(line, ""); !strings.Contains(got, want) || !strings.HasSuffix(got, "exit 2\n") {
			t.Errorf("%q: %s", line, got)
		}
	}
	for line, want := range map[string]string{"--version": "wheeltag ", "help": "Usage: wheeltag COMMAND [flags] ARGS\n", "--help": "Usage: wheeltag COMMAND [flags] ARGS\n", "help tags": "List", "tags --help": "Usage: wheeltag tags [flags] --target T..."} {
		if got := said(line, ""); !strings.Contains(got, want) && !strings.Contains(got, "Usage: wheeltag tags") || !strings.HasSuffix(got, "exit 0\n") {
			t.Errorf("%q: %s", line, got)
		}
	}
}

// TestIndexAnswers: what a directory holds, and what was written.
func TestIndexAnswers(t *testing.T) {
	t.Chdir(fixtureFolder)
	site := filepath.Join(t.TempDir(), "site")
	one := t.TempDir()
	data, err := os.ReadFile("wheels/demo_pure-1.0-py3-none-any.whl")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(one, "demo_pure-1.0-py3-none-any.whl"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, want := said("index "+one, ""), "| wheeltag: 1 file of 1 project: no findings\nexit 0\n"; got != want {
		t.Errorf("%s", got)
	}
	if got, want := said("index --out "+site+" "+one, ""), "| wheeltag: 1 file of 1 project: no findings\n| wheeltag: "+site+": 1 file of 1 project; 1 read, 0 known from before"; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "exit 0\n") {
		t.Errorf("%s", got)
	}
	if got, want := said("index --views -t debian:12/arm64 -t debian:12/arm64 --out "+site+" "+one, ""), "| wheeltag: "+site+": 1 file of 1 project; 0 read, 1 known from before"; !strings.Contains(got, want) || strings.Count(got, "1 file for ") != 1 {
		t.Errorf("%s", got)
	}
	for line, want := range map[string]string{
		"index": "name a directory of wheels, as in 'wheeltag index dist'", "index --views wheels": "--views needs a site to write; add --out SITE", "index --views --out x wheels": "--views needs targets, as in --target debian:12/arm64",
		"index -": "index takes directories, not -; write ./- for a directory of that name", "index --out wheels wheels": "wheels",
	} {
		if got := said(line, ""); !strings.Contains(got, want) || !strings.HasSuffix(got, "exit 2\n") {
			t.Errorf("%s: %s", line, got)
		}
	}
	got := said("index --target 2.7@win32 wheels", "")
	if !strings.Contains(got, "(no-target)") || !strings.Contains(got, " warnings") {
		t.Errorf("%s", got)
	}
	if got := said("index --format json wheels-bad", ""); strings.Count(got, `{"schema":"wheeltag.index/v1","file":"`) < 20 {
		t.Errorf("%s", got)
	}
	if got := said("index wheels-bad", ""); !strings.Contains(got, "| wheeltag: ") || strings.HasSuffix(got, "exit 0\n") && strings.Contains(got, " error") {
		t.Errorf("%s", got)
	}
	if got := said("index "+t.TempDir(), ""); strings.Contains(got, "no findings") || !strings.HasSuffix(got, "exit 3\n") {
		t.Errorf("%s", got)
	}
	for n, want := range map[int]string{0: "0 files", 1: "1 file", 2: "2 files"} {
		if got := plural(n, "file"); got != want {
			t.Error(got)
		}
	}
}
