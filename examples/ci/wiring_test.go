package ci

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const (
	goodWheel = "wheels/demo-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
	badWheel  = "wheels-bad/toonew-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
	// The verdict of this wheel is unknown.
	garbageWheel = "wheels-bad/garbage-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
)

// verdicts are wheels and the exit status that each of them should have everywhere.
var verdicts = []struct {
	wheel  string
	status int
}{{goodWheel, 0}, {badWheel, 1}, {garbageWheel, 3}}

// programs is a directory with wheeltag, and with programs that do nothing in the
// place of those that build or install.
func programs(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the command")
	}
	if runtime.GOOS == "windows" {
		t.Skip("needs the shell of a runner")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash")
	}
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "wheeltag"), "../../cmd/wheeltag")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"go", "pip", "pipx", "python", "python3", "abi3audit"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shell runs a script as a runner does and gives its exit status and output.
func shell(t *testing.T, bin, dir, script string, env ...string) (int, string) {
	t.Helper()
	cmd := exec.Command("bash", "-e", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append(env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

func TestGitLab(t *testing.T) {
	bin := programs(t)
	var pipeline struct {
		Audit struct{ Script []string }
	}
	decode(t, read(t, "gitlab-ci.yml"), &pipeline)
	for _, v := range verdicts {
		dir := offer(t, v.wheel)
		script := strings.Join(pipeline.Audit.Script, "\n")
		if status, out := shell(t, bin, dir, script, "GOPATH="+dir); status != v.status || !strings.Contains(out, filepath.Base(v.wheel)) {
			t.Errorf("%s: exit status %d\n%s", v.wheel, status, out)
		}
		var issues []struct {
			Check, Fingerprint string
			Location           struct{ Path string }
		}
		if err := json.Unmarshal([]byte(read(t, dir, "gl-code-quality.json")), &issues); err != nil {
			t.Error(err)
		}
		if (len(issues) > 0) != (v.status > 0) {
			t.Errorf("%s: %d issues", v.wheel, len(issues))
		}
		for _, issue := range issues {
			if issue.Location.Path != "pyproject.toml" || issue.Fingerprint == "" {
				t.Errorf("%s: %+v", v.wheel, issue)
			}
		}
		var suites struct{ XMLName xml.Name }
		if err := xml.Unmarshal([]byte(read(t, dir, "wheeltag.xml")), &suites); err != nil || suites.XMLName.Local != "testsuites" {
			t.Errorf("junit: %v, %v", suites, err)
		}
	}
}

func TestZuul(t *testing.T) {
	bin := programs(t)
	var plays []struct {
		Tasks []struct{ Command struct{ Cmd string } }
	}
	decode(t, read(t, "zuul-playbook.yaml"), &plays)
	for _, v := range verdicts {
		dir := offer(t, v.wheel)
		var out string
		for _, task := range plays[0].Tasks {
			if !strings.HasPrefix(task.Command.Cmd, "wheeltag ") {
				continue
			}
			var status int
			if status, out = shell(t, bin, dir, task.Command.Cmd); status != v.status {
				t.Errorf("%s: %s: exit status %d\n%s", v.wheel, task.Command.Cmd, status, out)
			}
		}
		var returned struct {
			Zuul struct {
				Comments map[string][]any `json:"file_comments"`
			}
		}
		if err := json.Unmarshal([]byte(out), &returned); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		if got := len(returned.Zuul.Comments["pyproject.toml"]) > 0; got != (v.status > 0) {
			t.Errorf("%s: comments %v", v.wheel, got)
		}
	}
}

// invocation matches the command line of wheeltag in a file for another tool, also as
// the arguments of a Python call.
var invocation = regexp.MustCompile(`(?m)^[^#\n]*?\b(wheeltag[" ,]+audit\b[^#\n]*?)(?:, external=True\))?"?,?$`)

// TestLines runs the single lines of other tools with what those put into them.
func TestLines(t *testing.T) {
	bin := programs(t)
	for name, want := range map[string]int{"cibuildwheel.toml": 2, "tox.ini": 1, "noxfile.py": 1, "Makefile": 1} {
		found := invocation.FindAllStringSubmatch(read(t, name), -1)
		if len(found) != want {
			t.Errorf("%s: %d commands", name, len(found))
		}
		for _, v := range verdicts {
			dir := offer(t, v.wheel)
			fill := strings.NewReplacer(`"`, "", ",", "", "{wheel}", filepath.Join("dist", filepath.Base(v.wheel)), "{env_tmp_dir}/", "")
			for _, m := range found {
				if status, out := shell(t, bin, dir, fill.Replace(m[1])); status != v.status {
					t.Errorf("%s: %s: exit status %d\n%s", name, m[1], status, out)
				}
			}
		}
	}
}

func TestHooks(t *testing.T) {
	bin := programs(t)
	var hooks []struct {
		ID, Entry, Language string
		Args                []string
	}
	decode(t, read(t, "..", "..", ".pre-commit-hooks.yaml"), &hooks)
	if len(hooks) != 2 {
		t.Fatalf("%d hooks", len(hooks))
	}
	for _, hook := range hooks {
		args := hook.Args
		if len(args) == 0 {
			args = []string{"dist/*.whl"} // the files that pre-commit adds
		}
		for _, v := range verdicts {
			if status, out := shell(t, bin, offer(t, v.wheel), hook.Entry+" "+strings.Join(args, " ")); status != v.status || hook.Language != "golang" {
				t.Errorf("%s: exit status %d\n%s", hook.ID, status, out)
			}
		}
	}
}

// TestAction runs the scripts of the action as a runner would.
func TestAction(t *testing.T) {
	bin := programs(t)
	var action struct {
		Runs struct{ Steps []struct{ ID, Run string } }
	}
	text := read(t, "..", "..", "action.yml")
	decode(t, text, &action)
	i := slices.IndexFunc(action.Runs.Steps, func(s struct{ ID, Run string }) bool { return s.ID == "audit" })
	if i < 0 {
		t.Fatal("no step audit")
	}
	for _, step := range action.Runs.Steps {
		if strings.Contains(step.Run, "${{") {
			t.Errorf("%s: an expression in a script runs what its value says", step.ID)
		}
	}
	for _, v := range verdicts {
		dir := offer(t, v.wheel)
		summary, outputs := filepath.Join(dir, "summary"), filepath.Join(dir, "outputs")
		run := func(args string) (int, string) {
			return shell(t, bin, dir, action.Runs.Steps[i].Run, "DIR="+bin, "PATHS=dist\n", "ARGS="+args, "AT=pyproject.toml",
				"RUNNER_TEMP="+dir, "GITHUB_STEP_SUMMARY="+summary, "GITHUB_OUTPUT="+outputs)
		}
		status, out := run("--verify\n--strict\n")
		if status != v.status || strings.Contains(out, "::error file=pyproject.toml") != (v.status > 0) {
			t.Errorf("%s: exit status %d\n%s", v.wheel, status, out)
		}
		if !strings.Contains(read(t, summary), "### wheeltag audit: 1 file") {
			t.Errorf("%s: the summary is %s", v.wheel, read(t, summary))
		}
		var sarif struct{ Version string }
		if err := json.NewDecoder(bytes.NewReader([]byte(read(t, dir, "wheeltag.sarif")))).Decode(&sarif); err != nil || sarif.Version != "2.1.0" {
			t.Errorf("sarif: %v, %v", sarif, err)
		}
		if !strings.Contains(read(t, outputs), "sarif="+filepath.Join(dir, "wheeltag.sarif")) {
			t.Errorf("outputs: %s", read(t, outputs))
		}
		if status, _ := run("--no-such-flag"); status != 2 {
			t.Errorf("a wrong flag: exit status %d", status)
		}
	}
}
