package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// TestLargeInput: standard input has a limit, and what is over is not judged in part.
func TestLargeInput(t *testing.T) {
	for text, want := range map[string]string{"a==1.0\nb==1.0\n": "", "a==1.0\nb==1.00\n": "wheeltag: standard input: larger than 14 bytes\n"} {
		var out, messages bytes.Buffer
		r := newRun(&out, &messages)
		r.in = strings.NewReader(text)
		if err := r.readStandardInput(14); err != nil || messages.String() != want || (len(r.locks) == 0) != (want != "") || (r.status == exitNoAnswer) != (want != "") {
			t.Errorf("%q: %v, %d locks, status %d, says %q", text, err, len(r.locks), r.status, messages.String())
		}
	}
	broken := errors.New("broken")
	r := newRun(&bytes.Buffer{}, &bytes.Buffer{})
	r.in = brokenReader{broken}
	if err := r.readStandardInput(14); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// TestManyNotes: more notes than are written change no status, more problems do.
func TestManyNotes(t *testing.T) {
	for _, note := range []bool{true, false} {
		r := newRun(&bytes.Buffer{}, &bytes.Buffer{})
		r.report(slices.Repeat([]lockfile.Problem{{File: "a", Code: "x", Note: note}}, mostProblems+1))
		if (r.status == exitYes) != note {
			t.Errorf("notes %v: status %d", note, r.status)
		}
	}
}

// TestLocalFiles: files of directories are known as such, those that a page or list
// names are not.
func TestLocalFiles(t *testing.T) {
	r := newRun(&bytes.Buffer{}, &bytes.Buffer{})
	r.addFiles(func(yield func(index.File, error) bool) {
		_ = yield(index.File{Name: "a-1-py3-none-any.whl"}, nil) && yield(index.File{Name: "b-1-py3-none-any.whl", Path: "d/b-1-py3-none-any.whl"}, nil) &&
			yield(index.File{Name: "c-1-py3-none-any.whl", Path: "d/c-1-py3-none-any.whl"}, nil)
	})
	if diff := cmp.Diff(map[string]bool{"d/b-1-py3-none-any.whl": true, "d/c-1-py3-none-any.whl": true}, r.local); diff != "" || len(r.files) != 3 {
		t.Errorf("%d files, (-want +got):\n%s", len(r.files), diff)
	}
}

// TestInterruptedHashing: an interrupt while local files are read ends the run.
func TestInterruptedHashing(t *testing.T) {
	writeFiles(t, map[string]string{"demo-1.0-py3-none-any.whl": "abc"})
	r := newRun(&bytes.Buffer{}, &bytes.Buffer{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r.ctx = ctx
	r.described.words, r.described.profile = []string{"debian:12/arm64"}, "packaging"
	hashed := lockfile.Package{Name: "demo", Source: lockfile.Source{Kind: lockfile.FromIndex}, Hashes: []lockfile.Hash{{Algorithm: "sha256", Digest: strings.Repeat("0", 64)}}}
	r.locks = []*lockfile.Lock{{Packages: []lockfile.Package{hashed}}}
	r.files = []index.File{{Name: "demo-1.0-py3-none-any.whl", Project: "demo", Path: "demo-1.0-py3-none-any.whl"}}
	if err := r.collect(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestBaselineMistakes: what is asked of the lock file must be in the baseline too.
func TestBaselineMistakes(t *testing.T) {
	const before = "version = 1\nrequires-python = '>=3.11'\n[[package]]\nname = 'service'\nversion = '1.0'\nsource = { virtual = '.' }\n"
	writeFiles(t, map[string]string{"old/uv.lock": before, "new/uv.lock": before + "[package.optional-dependencies]\nfast = []\n", "bad/uv.lock": "version ="})
	for line, want := range map[string]string{
		"--extra fast --baseline old/uv.lock new/uv.lock": "--baseline: ", "--baseline nowhere.lock new/uv.lock": "--baseline: ", "--baseline bad/uv.lock new/uv.lock": "--baseline: ",
		"--baseline-target @opendev new/uv.lock": "--baseline-target @opendev means ", "--baseline-target nix new/uv.lock": `"nix"`, "--extra slow new/uv.lock": "slow",
	} {
		if got := said("coverage -t debian:12/arm64 "+line, ""); !strings.Contains(got, want) || !strings.HasSuffix(got, "exit 2\n") {
			t.Errorf("%s: %s", line, got)
		}
	}
}

// TestSelected: each of the flags about parts of a lock file is noticed.
func TestSelected(t *testing.T) {
	for _, s := range []lockfile.Selection{{Extras: []string{"a"}}, {Groups: []string{"a"}}, {Packages: []string{"a"}}, {NoDefaultGroups: true}, {AllPackages: true}} {
		if !selected(s) {
			t.Errorf("%+v", s)
		}
	}
	if selected(lockfile.Selection{}) {
		t.Error("nothing is selected")
	}
	for _, flag := range []string{"--extra a", "--group a", "--package a", "--no-default-groups", "--all-packages"} {
		if got := said("select -t 3.11@debian:12/arm64 "+flag+" demo-1.0-py3-none-any.whl", ""); !strings.Contains(got, "are for lock files; name one") || !strings.HasSuffix(got, "exit 2\n") {
			t.Errorf("%s: %s", flag, got)
		}
	}
}

// TestSelectFiles: Requires-Python of files that exist counts, damaged ones are named, and
// a file without a requirement is no answer.
func TestSelectFiles(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(fixtureFolder, "wheels", "demo_pure-1.0-py3-none-any.whl"))
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, map[string]string{"demo_pure-1.0-py3-none-any.whl": string(data), "broken-1.0-py3-none-any.whl": "x", "requirements.txt": "# nothing\n"})
	for line, wants := range map[string][]string{
		"-t 3.11@debian:12/arm64 demo_pure-1.0-py3-none-any.whl demo_pure-0.9-py3-none-any.whl":        {"take demo_pure-1.0-py3-none-any.whl", "exit 0\n"},
		"-t 3.11@debian:12/arm64 broken-1.0-py3-none-any.whl demo_pure-1.0-py3-none-any.whl":           {"take demo_pure-1.0-py3-none-any.whl", "| wheeltag: ", "broken-1.0-py3-none-any.whl", "exit 3\n"},
		"-t 3.11@debian:12/arm64 requirements.txt":                                                     {"3.11@debian:12/aarch64\n", "| wheeltag: no packages found in requirements.txt\n", "exit 3\n"},
		"-t 3.11@debian:12/arm64 --pre requirements.txt":                                               {"--pre is for wheels and names", "exit 2\n"},
		"-t nix demo-1.0-py3-none-any.whl":                                                             {`"nix"`, "exit 2\n"},
		"-t nix requirements.txt":                                                                      {`"nix"`, "exit 2\n"},
		"-t 3.11@debian:12/arm64 --format json --extra a requirements.txt broken-1.0-py3-none-any.whl": {"exit "},
	} {
		got := said("select "+line, "")
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in %s", line, want, got)
			}
		}
	}
}

// TestUnreadableFile: a local file that cannot be hashed is a problem of its own.
func TestUnreadableFile(t *testing.T) {
	var messages bytes.Buffer
	r := newRun(&bytes.Buffer{}, &messages)
	r.locks = []*lockfile.Lock{{Packages: []lockfile.Package{{Name: "demo", Source: lockfile.Source{Kind: lockfile.FromIndex}, Hashes: []lockfile.Hash{{Algorithm: "sha256"}}}}}}
	r.files = []index.File{{Name: "demo-1.0-py3-none-any.whl", Project: "demo", Path: "nowhere/demo-1.0-py3-none-any.whl"}, {Name: "other-1.0-py3-none-any.whl", Project: "other"}}
	if err := r.fillPool(); err != nil || r.status != exitNoAnswer || !strings.Contains(messages.String(), "nowhere") {
		t.Errorf("%v, status %d, says %s", err, r.status, messages.String())
	}
	var projects []string
	for row := range r.pool.Rows(nil, nil) {
		projects = append(projects, row.Package)
	}
	if diff := cmp.Diff([]string{"other"}, projects); diff != "" {
		t.Error(diff)
	}
}

// TestConstraintsOfRequirements: what a requirements file names as its constraints is in
// effect without --constraint too.
func TestConstraintsOfRequirements(t *testing.T) {
	writeFiles(t, map[string]string{"requirements.txt": "-c c.txt\ndemo\n", "c.txt": "demo==1.0\n", "names.txt": "demo-1.0-py3-none-any.whl\ndemo-2.0-py3-none-any.whl\n"})
	got := said("coverage -t 3.11@debian:12/amd64 --explain demo requirements.txt names.txt", "")
	if !strings.Contains(got, "take demo-1.0-py3-none-any.whl") || !strings.Contains(got, "not  demo-2.0-py3-none-any.whl") {
		t.Error(got)
	}
	if got := said("coverage -t 3.11@debian:12/amd64 --explain nonesuch requirements.txt names.txt", ""); !strings.Contains(got, "no package nonesuch in requirements.txt, names.txt\n") {
		t.Error(got)
	}
}

// TestTakenFile: an empty file has a size, an unknown size is left out.
func TestTakenFile(t *testing.T) {
	for size, want := range map[int64]bool{-1: false, 0: true, 7: true} {
		var record selectRecord
		target := coverage.Target{}
		if err := describeTaken(&record, &target, &coverage.Offer{Name: "demo-1.0.tar.gz", Size: size}, false); err != nil || (record.Size != nil) != want {
			t.Errorf("size %d: %v, %v", size, record.Size, err)
		}
	}
}

// TestDirectoryWithLock: a directory means its lock file only if nothing else is named.
func TestDirectoryWithLock(t *testing.T) {
	writeFiles(t, map[string]string{"d/requirements.txt": "demo==1.0\n", "d/uv.lock": "version = 1\n", "e/requirements.txt": "demo==1.0\n", "names.txt": "other-1.0-py3-none-any.whl\n"})
	for line, want := range map[string]string{
		"e": "demo,1.0,unknown\n", "e names.txt": "other,,pure\nexit 0\n", "names.txt/inner names.txt": "| wheeltag: stat names.txt/inner: not a directory; coverage takes lock files",
	} {
		got := said("coverage -t 3.11@debian:12/amd64 --format csv "+line, "")
		if !strings.Contains(got, want) || strings.Contains(got, "reading e/requirements.txt") != (line == "e") {
			t.Errorf("%s: %s", line, got)
		}
	}
}
