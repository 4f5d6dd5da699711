package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/wheel/audit"
)

// TestStoppedDirectory: nothing more is yielded to a reader that has had enough, at files
// and at errors.
func TestStoppedDirectory(t *testing.T) {
	writeFiles(t, map[string]string{"d/a.whl": "", "d/b.whl": "", "e/x": ""})
	if err := errors.Join(os.Symlink("../d", "e/a.whl"), os.Symlink("..", "e/b.whl")); err != nil {
		t.Skip(err)
	}
	for dir, want := range map[string]string{"d": "d/a.whl", "e": "e/a.whl: not a regular file or directory", "nowhere": "no such file or directory"} {
		count := 0
		directory(dir, acceptFiles, func(in input, err error) bool {
			count++
			if text := in.path; err == nil && text != want || err != nil && !strings.HasSuffix(err.Error(), want) {
				t.Errorf("%s: %q, %v", dir, text, err)
			}
			return false
		})
		if count != 1 {
			t.Errorf("%s: %d", dir, count)
		}
	}
	// A directory that cannot be read may well have wheels.
	var problems []string
	directory("nowhere", acceptFiles, func(_ input, err error) bool {
		problems = append(problems, err.Error())
		return true
	})
	if len(problems) != 1 || !strings.HasSuffix(problems[0], "no such file or directory") {
		t.Errorf("%q", problems)
	}
	if got := strings.Count(said("audit e", ""), "| wheeltag: e/"); got != 2 {
		t.Errorf("%d problems of a directory with two links", got)
	}
}

// TestStatistics: --stats counts what was read now, not what an earlier run knew.
func TestStatistics(t *testing.T) {
	t.Chdir(fixtureFolder)
	cache := t.TempDir()
	line := "audit --stats --verify --cache " + cache + " wheels wheels-bad"
	for run, want := range []string{"| wheeltag: decompressed 0.2 MiB from 0.1 MiB of archives; ", "| wheeltag: decompressed 0.0 MiB from 0.0 MiB of archives; "} {
		if got := said(line, ""); !strings.Contains(got, want) {
			t.Errorf("run %d: %s", run+1, got)
		}
	}
}

// TestTreeAnswers: what is wrong with one file does not hide the others.
func TestTreeAnswers(t *testing.T) {
	t.Chdir(fixtureFolder)
	const bundled = "wheels/demo_bundled-1.0-cp311-cp311-manylinux1_x86_64.manylinux_2_5_x86_64.whl"
	for line, wants := range map[string][]string{
		"nowhere.whl " + bundled:                {"demo_bundled", "| wheeltag: nowhere.whl: no such file or directory", "exit 3\n"},
		"https://example.org/x.whl":             {"tree takes files; download https://example.org/x.whl first", "exit 2\n"},
		"-t debian:12/arm64 " + bundled:         {"exit 1\n"},
		"-t nix " + bundled:                     {`"nix"`, "exit 2\n"},
		"--arch arm64 " + bundled:               {"--arch describes a target", "exit 2\n"},
		"--target root:roots/debian " + bundled: {"exit "},
		bundled:                                 {"exit 0\n"},
	} {
		got := said("tree "+line, "")
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in %s", line, want, got)
			}
		}
	}
	if got, err := directoryIn("roots/debian", "roots/debian/opt/x.so"); err != nil || got != "/opt" {
		t.Errorf("%q, %v", got, err)
	}
	here, err := filepath.Abs("elf")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := directoryIn("roots/debian", "elf/x.so"); err != nil || got != filepath.ToSlash(here) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestUncheckedDemand: a requirement that is not a tag is a mistake for each wheel too.
func TestUncheckedDemand(t *testing.T) {
	a := auditRun{auditOptions: &auditOptions{require: []string{"nix"}}, config: &config.Config{}}
	var usage *usageError
	if record, err := a.demands(answer{report: &audit.Report{}}, ""); record != nil || !errors.As(err, &usage) || !strings.Contains(err.Error(), `"nix"`) {
		t.Errorf("%v, %v", record, err)
	}
}

// TestVariantsNextToWheel: the file next to a wheel says for which systems a variant is.
func TestVariantsNextToWheel(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(fixtureFolder, "wheels", "demo_pure-1.0-py3-none-any.whl"))
	if err != nil {
		t.Fatal(err)
	}
	const variants = `{"$schema":"https://variants-schema.wheelnext.dev/peps/850/v0.2.0.json","default-priorities":{"namespace":["x86_64"]},"providers":{"x86_64":{"requires":["x86-64-variant-provider"]}},"variants":{"null":{},"fast":{"x86_64":{"level":["v3"]}}}}`
	writeFiles(t, map[string]string{
		"demo_pure-1.0-py3-none-any-null.whl": string(data), "demo_pure-1.0-py3-none-any-fast.whl": string(data), "demo_pure-1.0-variants.json": variants,
		"alone/demo_pure-1.0-py3-none-any-null.whl": string(data),
	})
	for line, wants := range map[string][]string{
		"compat -t 3.11@debian:12/amd64+x86_64_v3 demo_pure-1.0-py3-none-any-null.whl demo_pure-1.0-py3-none-any-fast.whl": {"yes  demo_pure-1.0-py3-none-any-null.whl\n", "yes  demo_pure-1.0-py3-none-any-fast.whl\n", "exit 0\n"},
		"compat -t 3.11@debian:12/amd64+x86_64_v2 demo_pure-1.0-py3-none-any-null.whl demo_pure-1.0-py3-none-any-fast.whl": {"yes  demo_pure-1.0-py3-none-any-null.whl\n", "no   demo_pure-1.0-py3-none-any-fast.whl needs x86_64 :: level :: v3", "exit 1\n"},
		"compat -t 3.11@debian:12/amd64+x86_64_v3 alone/demo_pure-1.0-py3-none-any-null.whl":                               {"no   demo_pure", "demo_pure-1.0-variants.json is not here", "exit 1\n"},
		"select -t 3.11@debian:12/amd64+x86_64_v3 demo_pure-1.0-py3-none-any-null.whl demo_pure-1.0-py3-none-any-fast.whl": {"take demo_pure-1.0-py3-none-any-fast.whl", "exit 0\n"},
	} {
		got := strings.Join(strings.Split(said(line+" --profile uv+variants", ""), "\n       "), " ")
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in %s", line, want, got)
			}
		}
	}
}

// TestInterrupted: every command that reads files ends at an interrupt, and says so.
func TestInterrupted(t *testing.T) {
	t.Chdir(fixtureFolder)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var names []string
	for i := range 1100 {
		names = append(names, fmt.Sprintf("demo-%d.0-py3-none-any.whl", i))
	}
	many := "compat -t 3.11@debian:12/arm64 " + strings.Join(names, " ")
	for _, line := range []string{"audit wheels", "explain wheels", "tree wheels", "parse a-1-py3-none-any.whl", "select -t 3.11@debian:12/arm64 a-1-py3-none-any.whl", "coverage -t api locks/uv.lock", "select -t api locks/uv.lock", many} {
		var out, messages bytes.Buffer
		status := run(ctx, strings.Fields(line), streams{in: strings.NewReader(""), out: &out, err: &messages})
		if status != exitNoAnswer || messages.String() != "wheeltag: interrupted; partial results shown\n" {
			t.Errorf("%.80s: exit %d, says %s", line, status, messages.String())
		}
	}
	if got := said(many, ""); !strings.HasSuffix(got, "takes 1100 of 1100 wheels\nexit 0\n") {
		t.Errorf("%.300s", got)
	}
}

// TestExplainInput: each error is said with its path once, and with how to go on.
func TestExplainInput(t *testing.T) {
	for _, c := range []struct {
		in   input
		err  error
		want string
	}{
		{input{name: "a.whl", path: "d/a.whl"}, &fs.PathError{Op: "open", Path: "d/a.whl", Err: fs.ErrPermission}, "open d/a.whl: permission denied; check its permissions"},
		{input{name: "a.whl", path: "d/a.whl"}, errors.New("damaged"), "d/a.whl: damaged; build or download the wheel again"},
		{input{name: "a.so", path: "d/a.so"}, errors.New("damaged"), "d/a.so: damaged; audit takes wheels, source distributions, directories and ELF files"},
		{input{name: "a"}, errors.New("a: no such file"), "a: no such file; audit takes wheels, source distributions, directories and ELF files"},
		{input{name: "-"}, errors.New("standard input is empty"), "standard input is empty"},
	} {
		if got := explainInput("audit", c.in, c.err).Error(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	t.Chdir(fixtureFolder)
	if got := said("detect --root roots/alpine --image nowhere.tar", ""); !strings.Contains(got, "Alpine") || !strings.Contains(got, "nowhere.tar") || !strings.HasSuffix(got, "exit 3\n") {
		t.Error(got)
	}
	if got := said("parse --format json demo-1.0-py3-none-any.whl", ""); strings.Contains(got, `"build":`) {
		t.Error(got)
	}
}
