package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// TestProfiles: the words for the tools whose tags are listed.
func TestProfiles(t *testing.T) {
	for text, want := range map[string]string{
		"packaging": "packaging", "packaging@26.3": "packaging", "packaging@27": "packaging", "packaging@26.2": "packaging@26.2", "packaging@25.0": "packaging@26.2",
		"pip": "pip", "pip@26.3": "pip", "pip@27.1": "pip", "uv": "uv", "uv@0.13": "uv", "uv+variants": "uv+variants",
		"pip@26.2": `profile "pip@26.2": only pip 26.3 and newer is known; packaging@26.2 has the older order`,
		"pip@x":    `profile "pip@x": "x" is not a version such as 26.2`, "uv@": `profile "uv@": "" is not a version such as 26.2`,
		"nix": `unknown profile "nix"; want packaging, pip, uv or uv+variants`, "packagin": `unknown profile "packagin"; want packaging, pip, uv or uv+variants; did you mean packaging?`, "": `unknown profile ""; want packaging, pip, uv or uv+variants`,
	} {
		p, err := readProfile(text)
		got := p.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if p, _ := readProfile("packaging@26.2"); p != tags.Packaging262 {
		t.Errorf("%v", p)
	}
}

// TestTargetMistakes: what is wrong with the words and flags for targets, and how to go
// on.
func TestTargetMistakes(t *testing.T) {
	const usage = "| Run 'wheeltag help %s' for usage and examples.\nexit 2\n"
	for line, want := range map[string]string{
		"tags": "name a target, as in --target debian:11/arm64", "tags -t debian:99": `"debian:99"`, "tags -t nonesuch": `(wheeltag.toml has api, `, "tags -t @nonesuch": "and @fleet for those of wheeltag.toml",
		"audit --python 3.12 wheels": "--python describes a target; add one, as in --target debian:11/arm64", "audit --arch arm64 wheels": "--arch describes a target", "audit --glibc 2.17 wheels": "--glibc describes a target",
		"audit --musl 1.2 wheels": "--musl describes a target", "index --profile uv wheels": "--profile describes a target", "explain --config wheeltag.toml wheels": "--config describes a target",
		"tags -t debian:12 --profile nix": "unknown profile", "tags -t root:": "root:",
	} {
		t.Chdir(fixtureFolder)
		got := said(line, "")
		if !strings.Contains(got, want) || !strings.HasSuffix(got, strings.Replace(usage, "%s", strings.Fields(line)[0], 1)) {
			t.Errorf("%s: %s", line, got)
		}
	}
	// Flags that have another use are no mistake.
	for _, line := range []string{"audit --config wheeltag.toml wheels/demo_pure-1.0-py3-none-any.whl", "audit wheels/demo_pure-1.0-py3-none-any.whl", "explain wheels/demo_pure-1.0-py3-none-any.whl"} {
		if got := said(line, ""); !strings.HasSuffix(got, "exit 0\n") {
			t.Errorf("%s: %s", line, got)
		}
	}
	t.Chdir(t.TempDir())
	if got := said("tags -t @fleet", ""); !strings.Contains(got, "@fleet means the targets of wheeltag.toml, but there is none in this directory or above; create one, or use --config") {
		t.Errorf("%s", got)
	}
	if err := os.WriteFile("wheeltag.toml", []byte("select = [\"WT201\"]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := said("tags -t @fleet", ""); !strings.Contains(got, "@fleet means the targets of wheeltag.toml, which has none; add a [[targets]] row with a platform") {
		t.Errorf("%s", got)
	}
	if got := said("tags -t nonesuch", ""); strings.Contains(got, "wheeltag.toml has") || !strings.HasSuffix(got, "exit 2\n") {
		t.Errorf("%s", got)
	}
}

// TestAssumed: what was taken for granted is said, but for a release's own Python.
func TestAssumed(t *testing.T) {
	for line, want := range map[string]string{
		"tags -t debian:12 --limit 1":              "cp311-cp311-linux_x86_64\n| wheeltag: debian:12: no machine named, assuming x86_64 (write debian:12/arm64, or --arch)\nexit 0\n",
		"tags -t debian:12/arm64 --limit 1":        "cp311-cp311-linux_aarch64\nexit 0\n",
		"tags -t debian:12 --arch arm64 --limit 1": "cp311-cp311-linux_aarch64\nexit 0\n",
		"tags -t 3.12@debian:12/arm64 --limit 1":   "cp312-cp312-linux_aarch64\nexit 0\n",
	} {
		if got := said(line, ""); got != want && strings.ReplaceAll(got, "| wheeltag: debian:12: no machine named, assuming x86_64 (write debian:12/arm64, or --arch)\n", "") == got {
			t.Errorf("%s: %q", line, got)
		}
	}
	got := said("tags -t debian:12 --limit 1", "")
	if !strings.Contains(got, "assuming x86_64") || !strings.Contains(got, "/arm64, or --arch)") {
		t.Errorf("%s", got)
	}
	if got := said("tags -t 3.13@gentoo:latest/arm64 --limit 1", ""); strings.Count(got, "| wheeltag: ") != 1 || strings.Contains(got, "--arch") {
		t.Errorf("%s", got)
	}
}

// completed returns what may follow a target as it is typed, and whether more is to come
// in the same word.
func completed(typed string) ([]string, bool) {
	cmd := &cobra.Command{}
	cmd.Flags().String("config", "", "")
	list, directive := completeTargets(cmd, nil, typed)
	return list, directive&cobra.ShellCompDirectiveNoSpace != 0
}

// TestCompleteTargets: releases, images, names, Pythons, machines and paths.
func TestCompleteTargets(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"ab", "ac/inner"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"af", "ac/x.tar"} {
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		typed string
		want  string
		more  bool
	}{
		{"root:a", "root:ab/ root:ac/", true}, {"root:ac/", "root:ac/inner/", true}, {"image:a", "image:ab/ image:ac/ image:af", false}, {"image:ac/", "image:ac/inner/ image:ac/x.tar", false}, {"root:x/", "", false},
		{"3.12@root:a", "3.12@root:ab/ 3.12@root:ac/", true}, {"debian:12/aa", "debian:12/aarch64", false}, {"3.12@debian:12/aa", "3.12@debian:12/aarch64", false}, {"hos", "host", false}, {"@fl", "@fleet", false}, {"3.12@@fl", "", false}, {"3.12@hos", "3.12@host", false},
		{"roo", "root:", true}, {"root", "root:", true}, {"image", "image:", true}, {"alpine:3.2", strings.Join(named("alpine:3.2"), " "), false}, {"@fleet/x8", "@fleet/x86_64", false}, {"pypy3.1", "pypy3.10@ pypy3.11@", true}, {"3.12@3.1", "", false},
		{"python:3.11-slim-bookw", "python:3.11-slim-bookworm", false}, {"python:3.11-bookw", "python:3.11-bookworm", false}, {"python:3.11-slim-alp", "", false},
	} {
		got, more := completed(c.typed)
		if c.typed == "pypy3.1" { // which ones depends on the images that are known
			if len(got) == 0 || !more || slices.ContainsFunc(got, func(w string) bool { return !strings.HasPrefix(w, "pypy3.1") || !strings.HasSuffix(w, "@") }) {
				t.Errorf("%s: %q", c.typed, got)
			}
			continue
		}
		if strings.Join(got, " ") != c.want || more != c.more {
			t.Errorf("%s: %q, more %v; want %s", c.typed, got, more, c.want)
		}
	}
	for r := range distro.Releases() {
		if r.Name() != "debian:8" {
			continue
		}
		var want []string
		for _, m := range r.Machines {
			want = append(want, "debian:8/"+m)
		}
		if got, _ := completed("debian:8/"); !slices.Equal(got, want) || slices.Contains(got, "debian:8/riscv64") {
			t.Errorf("machines of debian:8: %q", got)
		}
	}
	if got, _ := completed("nonesuch/"); !slices.Contains(got, "nonesuch/arm64") || !slices.Contains(got, "nonesuch/riscv64") {
		t.Errorf("machines of any: %q", got)
	}
	image, _ := completed("python:3.11-bookworm/")
	if slim, _ := completed("python:3.11-slim-bookworm/"); len(image) == 0 || strings.ReplaceAll(strings.Join(slim, " "), "-slim", "") != strings.Join(image, " ") || len(image) == len(allMachines()) {
		t.Errorf("machines of an image: %q, slim %q", image, slim)
	}
	words, directive := completeTargetWords(&cobra.Command{}, nil, "debi")
	if len(words) < 3 || words[0] != "debian" || !slices.Contains(words, "debian:12") || directive != cobra.ShellCompDirectiveNoFileComp || len(slices.Compact(slices.Clone(words))) != len(words) {
		t.Errorf("%q", words)
	}
}

// named lists the releases with a prefix.
func named(prefix string) []string {
	var list []string
	for r := range distro.Releases() {
		if strings.HasPrefix(r.Name(), prefix) {
			list = append(list, r.Name())
		}
	}
	return list
}

func TestDistinct(t *testing.T) {
	if diff := cmp.Diff([]string{"b", "2.5", "2.17", "2.31"}, distinct([]string{"2.31", "", "2.5", "b", "2.17", "2.5", ""})); diff != "" {
		t.Error(diff)
	}
	glibc, musl := libcVersions("glibc"), libcVersions("musl")
	if !slices.Contains(glibc, "2.36") || slices.Contains(glibc, "1.2.5") || !slices.Contains(musl, "1.2.5") || slices.Contains(musl, "2.36") {
		t.Errorf("%q, %q", glibc, musl)
	}
	pythons := allPythons()
	if !slices.Contains(pythons, "3.11") || !slices.ContainsFunc(pythons, func(p string) bool { return strings.HasPrefix(p, "pypy") }) || slices.Contains(pythons, "") {
		t.Errorf("%q", pythons)
	}
	machines := allMachines()
	if !slices.Contains(machines, "amd64") || !slices.Contains(machines, "arm64") || !slices.Contains(machines, "s390x") {
		t.Errorf("%q", machines)
	}
}

// TestInputs: what an argument or line means.
func TestInputs(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"here.whl", "d/b.whl", "d/a.whl", "d/e/c.whl", "d/x.txt", "empty/x.txt", "mixed/here.whl", "mixed/b-1.0.zip", "mixed/a-1.0.tar.gz", "mixed/notes.zip", "mixed/c-1.0.exe"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("d", "link"); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir("d/dir.whl", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		arg          string
		names, paths string
	}{
		{"here.whl", "here.whl=here.whl", "here.whl=here.whl"}, {"./here.whl", "here.whl=./here.whl", "here.whl=./here.whl"}, {"gone.whl", "gone.whl", "! gone.whl: no such file or directory"},
		{"x/gone.whl", "! x/gone.whl: no such file or directory", "! x/gone.whl: no such file or directory"}, {`x\gone.whl`, `! x\gone.whl: no such file or directory`, `! x\gone.whl: no such file or directory`},
		{"here.whl/inner", "! stat here.whl/inner: not a directory", "! stat here.whl/inner: not a directory"}, {"d", "a.whl=d/a.whl b.whl=d/b.whl c.whl=d/e/c.whl", "a.whl=d/a.whl b.whl=d/b.whl c.whl=d/e/c.whl"}, {"d/", "a.whl=d/a.whl b.whl=d/b.whl c.whl=d/e/c.whl", "a.whl=d/a.whl b.whl=d/b.whl c.whl=d/e/c.whl"}, {"link", "a.whl=link/a.whl b.whl=link/b.whl c.whl=link/e/c.whl", "a.whl=link/a.whl b.whl=link/b.whl c.whl=link/e/c.whl"},
		{"empty", "! empty: no *.whl files in this directory", "! empty: no *.whl files in this directory"}, {"..", "", ""}, {os.DevNull, "! /dev/null: not a regular file or directory", "! /dev/null: not a regular file or directory"},
		{"https://example.org/a/demo.whl?x=1#y", "demo.whl", "demo.whl@https://example.org/a/demo.whl?x=1#y"}, {"http://example.org/demo.whl", "demo.whl", "demo.whl@http://example.org/demo.whl"}, {"http://%zz", "http://%zz", "http://%zz@http://%zz"}, {"ftp://example.org/x.whl", "! ftp://example.org/x.whl: no such file or directory", "! ftp://example.org/x.whl: no such file or directory"},
	} {
		if c.arg == ".." {
			continue
		}
		for takes, want := range map[accepted]string{acceptNames: c.names, acceptFiles: c.paths} {
			for _, here := range []folder{workingFolder(), nil} {
				var got []string
				for in, err := range expand(c.arg, here, takes) {
					switch {
					case err != nil:
						got = append(got, "! "+err.Error())
					case in.url:
						got = append(got, in.name+"@"+in.path)
					case in.path != "":
						got = append(got, in.name+"="+filepath.ToSlash(in.path))
					default:
						got = append(got, in.name)
					}
				}
				if text := strings.Join(got, " "); text != want {
					t.Errorf("%s, names %v, listing %v: %s, want %s", c.arg, takes, here != nil, text, want)
				}
			}
		}
	}
	for word, want := range map[string]bool{".": true, "..": true, "a/b": true, `a\b`: true, `\a`: true, "/": true, "...": false, "a.whl": false, "": false} {
		if isPath(word) != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
	if got := said("parse -", "\n\r\n"); got != "| wheeltag: standard input is empty\nexit 3\n" {
		t.Errorf("%q", got)
	}
	if got := said("parse -", "here.whl\ndemo-1.0-py3-none-any.whl\r\n\nx/y.whl\n"); !strings.Contains(got, "demo-1.0-py3-none-any.whl\n") || !strings.Contains(got, `| wheeltag: "here.whl": `) || !strings.HasSuffix(got, "| wheeltag: x/y.whl: no such file or directory\nexit 3\n") {
		t.Errorf("%q", got)
	}
	if in, err := takenOf("mixed", acceptSdists); in != "mixed/a-1.0.tar.gz mixed/b-1.0.zip mixed/here.whl" || err != nil {
		t.Errorf("%s, %v", in, err)
	}
	if in, err := takenOf("mixed", acceptFiles|acceptNames); in != "mixed/here.whl" || err != nil {
		t.Errorf("%s, %v", in, err)
	}
	if in, err := takenOf("empty", acceptSdists); in != "" || err == nil || err.Error() != "empty: no wheels or source distributions in this directory" {
		t.Errorf("%s, %v", in, err)
	}
	got := 0
	for range expand("d", workingFolder(), acceptNames) {
		if got++; got == 2 {
			break
		}
	}
	if got != 2 {
		t.Errorf("%d after the end", got)
	}
}

// takenOf lists the files that a directory means, up to the first error.
func takenOf(dir string, takes accepted) (string, error) {
	var got []string
	for in, err := range expand(dir, nil, takes) {
		if err != nil {
			return strings.Join(got, " "), err
		}
		got = append(got, filepath.ToSlash(in.path))
	}
	return strings.Join(got, " "), nil
}

// TestTargetsOfServices: a word that no release, image or set has finds services and
// runners, each by its shortest spelling, and each is a target.
func TestTargetsOfServices(t *testing.T) {
	t.Chdir(t.TempDir())
	got := said("targets lambda", "")
	if !strings.Contains(got, "lambda:3.12 ") || strings.Contains(got, "public.ecr.aws") || !strings.Contains(got, "exit 0") {
		t.Error(got)
	}
	for line := range strings.Lines(got) {
		if name, _, _ := strings.Cut(line, " "); strings.HasPrefix(name, "lambda") {
			if tagged := said("tags --limit 1 -t "+name, ""); !strings.Contains(tagged, "exit 0") {
				t.Errorf("%s: %s", name, tagged)
			}
		}
	}
	if got := said("targets heroku", ""); !strings.Contains(got, "heroku-24 ") || !strings.Contains(got, "exit 0") {
		t.Error(got)
	}
	if got := said("targets lambda debian", ""); !strings.Contains(got, "no target matches lambda and debian") || !strings.Contains(got, "exit 1") {
		t.Error(got)
	}
	if got := said("targets debian", ""); strings.Contains(got, "distroless") || !strings.Contains(got, "debian:12 ") {
		t.Error(got)
	}
}
