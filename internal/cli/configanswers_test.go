package cli

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// writeFiles writes files into a new working directory.
func writeFiles(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNearestConfig: the file is named as seen from the working directory, and its
// targets are used there.
func TestNearestConfig(t *testing.T) {
	const own = "[[targets]]\nname = \"mine\"\nplatform = \"debian:12\"\narch = \"arm64\"\n"
	writeFiles(t, map[string]string{"a/wheeltag.toml": own, "a/b/c/x": "", "d/x": ""})
	top, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{"a": "wheeltag.toml", "a/b": filepath.Join("..", "wheeltag.toml"), "a/b/c": filepath.Join("..", "..", "wheeltag.toml"), "d": ""} {
		t.Chdir(filepath.Join(top, dir))
		if got := nearestConfig(); got != want {
			t.Errorf("in %s: %q, want %q", dir, got, want)
		}
		got := said("tags --limit 1 -t mine", "")
		if found := strings.HasSuffix(got, "exit 0\n"); found != (want != "") {
			t.Errorf("in %s: %s", dir, got)
		}
	}
}

// TestHostOptions: this machine is searched as its environment says.
func TestHostOptions(t *testing.T) {
	t.Setenv("PATH", "/a:/b")
	t.Setenv("LD_LIBRARY_PATH", "/c")
	if diff := cmp.Diff(detect.Options{Path: "/a:/b", LibraryPath: "/c"}, hostOptions()); diff != "" {
		t.Error(diff)
	}
}

// TestBadConfig: a configuration that cannot be read is a mistake for every command that
// needs it, wherever it is.
func TestBadConfig(t *testing.T) {
	writeFiles(t, map[string]string{
		"bad.toml": "[[targets", "lock/requirements.txt": "demo==1.0\n", "lock/wheeltag.toml": "[[targets]]\nname = 3\n",
		"good/requirements.txt": "demo==1.0\n", "good/wheeltag.toml": "[[targets]]\nname = \"mine\"\nplatform = \"debian:12\"\narch = \"arm64\"\n",
	})
	for line, want := range map[string]string{
		"tags --config bad.toml -t debian:12/arm64": "bad.toml", "targets --config bad.toml": "bad.toml", "audit --config bad.toml x.whl": "bad.toml", "index --config bad.toml .": "bad.toml",
		"coverage --config bad.toml good/requirements.txt": "bad.toml", "coverage lock/requirements.txt": "wheeltag.toml", "coverage --config nowhere.toml good/requirements.txt": "--config: ",
		"coverage -":                   "name a target, as in --target debian:11/arm64, or put your targets into wheeltag.toml",
		"coverage - good":              "name a target, as in",
		"tags -t @fleet":               "@fleet means the targets of wheeltag.toml, but there is none in this directory or above",
		"coverage -t debian:12 -t nix": `"nix"`,
	} {
		if strings.HasPrefix(line, "coverage -t") {
			line += " good/requirements.txt"
		}
		if got := said(line, "demo==1.0\n"); !strings.Contains(got, want) || !strings.HasSuffix(got, "exit 2\n") {
			t.Errorf("%s: %s", line, got)
		}
	}
	for _, line := range []string{"coverage good/requirements.txt", "coverage good", "coverage good/requirements.txt lock/requirements.txt"} {
		if got := said(line, ""); !strings.Contains(got, "| wheeltag: no target named; using the targets of ") || !strings.Contains(got, "good/wheeltag.toml\n") || !strings.HasSuffix(got, "exit 3\n") {
			t.Errorf("%s: %s", line, got)
		}
	}
}

// TestWholeCommand: what man pages are made from has every flag and the exit statuses.
func TestWholeCommand(t *testing.T) {
	root := Command()
	if !strings.HasSuffix(root.Long, "\n\n"+exitStatus) {
		t.Errorf("%s", root.Long)
	}
	for _, cmd := range root.Commands() {
		if cmd.Flags().Lookup("format") == nil {
			t.Errorf("%s has no --format", cmd.Name())
		}
	}
}

// TestMachinesOf: those of a release or image, and Pythons of either.
func TestMachinesOf(t *testing.T) {
	for i := range distro.Images() {
		if i.Release.Distro != "debian" || len(i.Release.Machines) == 0 {
			continue
		}
		for _, name := range []string{i.Name, strings.Replace(i.Name, "-", "-slim-", 1)} {
			if diff := cmp.Diff(i.Release.Machines, machinesOf(name)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
	if diff := cmp.Diff(allMachines(), machinesOf("nonesuch")); diff != "" {
		t.Error(diff)
	}
	pythons := allPythons()
	for r := range distro.Releases() {
		if r.Python != "" && !slices.Contains(pythons, r.Python) {
			t.Errorf("Python %s of %s is missing", r.Python, r.Name())
		}
	}
}

// TestTagLimits: a limit at the end of the list, and none.
func TestTagLimits(t *testing.T) {
	t.Chdir(fixtureFolder)
	if got := said("tags --format json --limit 1 -t 3.11@debian:12/arm64 -t edge", ""); strings.Count(got, `{"schema":"wheeltag.tags/v1"`) != 2 {
		t.Error(got)
	}
	if got := said("targets 12release", ""); got != "| wheeltag: no target matches 12release\nexit 1\n" { // of two fields
		t.Error(got)
	}
	for limit, want := range map[string]int{"1": 1, "2": 2, "563": 563, "564": 564, "565": 564, "0": 564} {
		if got := strings.Count(said("tags -t 3.11@debian:12/arm64 --limit "+limit, ""), "\n") - 1; got != want {
			t.Errorf("--limit %s: %d", limit, got)
		}
	}
}

// TestDetectWarnings: what is odd about a root is said next to what was found.
func TestDetectWarnings(t *testing.T) {
	root := t.TempDir()
	if err := errors.Join(os.CopyFS(root, os.DirFS(filepath.Join(fixtureFolder, "roots", "alpine"))), os.WriteFile(filepath.Join(root, "usr", "lib", "python3.12", "build-details.json"), []byte("x"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if got := said("detect --root "+root, ""); !strings.Contains(got, "/usr/lib/python3.12/build-details.json is not the JSON of PEP 739: ") || !strings.Contains(got, "Alpine") || !strings.HasSuffix(got, "exit 0\n") {
		t.Errorf("%s", got)
	}
}

// TestVersionOfBuild: the version of the program and of Go.
func TestVersionOfBuild(t *testing.T) {
	if got := said("version --format json", ""); !strings.Contains(got, `"go":"`+runtime.Version()) {
		t.Error(got)
	}
	info, ok := debug.ReadBuildInfo()
	revision := ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "vcs.revision" })
	if got := said("version --format json", ""); strings.Contains(got, `"revision":`) != revision {
		t.Error(got)
	}
	if got := programVersion(); !strings.HasPrefix(got, "wheeltag ") || strings.Contains(got, runtime.Compiler) {
		t.Error(got)
	}
	if got, want := said("parse --strict x.txt demo-1.0-py3-none-any-null.whl", ""), "the name must end in .whl"; !strings.Contains(got, want) || strings.Contains(got, "normal form") {
		t.Error(got)
	}
}
