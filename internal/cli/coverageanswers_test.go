package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// TestCoverageMistakes: options that contradict each other, and sources that are none.
func TestCoverageMistakes(t *testing.T) {
	t.Chdir(fixtureFolder)
	for line, want := range map[string]string{
		"": "name a lock file, a directory of wheels or a saved index page", "--build-list --explain a locks/uv.lock": "--build-list and --explain cannot be combined", "--print-constraints --build-list": "--print-constraints and --build-list cannot be combined",
		"--explain a --format html locks/uv.lock": "--explain cannot be written as html; use --format text or json", "--build-list --format markdown locks/uv.lock": "--build-list cannot be written as markdown; use --format text or json",
		"--print-constraints": "--print-constraints needs a file, as in -c pins.txt", "--print-constraints -c nowhere.txt": "nowhere.txt", "-t debian:12/amd64 --explain newdmo locks/uv.lock": "no package newdmo in locks/uv.lock; did you mean newdemo?",
		"-t debian:12/amd64 --require sdist locks/uv.lock": "--require sdist: want wheel or build",
	} {
		got := said("coverage "+line, "")
		if !strings.Contains(got, want) || !strings.HasSuffix(got, "exit 2\n") {
			t.Errorf("%s: %s", line, got)
		}
	}
	for line, want := range map[string]string{
		"-t debian:12/amd64 nowhere": "nowhere: no such file or directory; coverage takes lock files, requirements files, directories of wheels, saved index pages and lists of file names", "-t debian:12/amd64 " + t.TempDir(): "no packages found in ",
	} {
		if got := said("coverage "+line, ""); !strings.Contains(got, want) || !strings.HasSuffix(got, "exit 3\n") {
			t.Errorf("%s: %s", line, got)
		}
	}
	for _, form := range []string{"text", "json"} {
		if err := (&coverageOptions{buildList: true}).contradiction(form); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
	if err := (&coverageOptions{printConstraints: true}).check("text", nil); err != nil {
		t.Error(err)
	}
}

// TestConstraintsAnswers: the constraints in effect, and where each is from.
func TestConstraintsAnswers(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"a.txt": "demo==1.0\n\nother>=2; python_version >= '3.9'\n", "b.txt": "demo==2.0\nthird\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := said("coverage --print-constraints -c a.txt -c b.txt", ""), "demo==1.0  # a.txt:1\nother>=2 ; python_version >= \"3.9\"  # a.txt:3\nthird  # b.txt:2\n| wheeltag: b.txt:1: demo: demo==2.0 is overridden by demo==1.0 in line 1 of a.txt\nexit 0\n"; got != want {
		t.Errorf("%s", got)
	}
	if got, want := said("coverage --format json --print-constraints -c b.txt", ""), `{"schema":"wheeltag.constraints/v1","package":"demo","requirement":"demo==2.0","file":"b.txt","line":1}`+"\n"+`{"schema":"wheeltag.constraints/v1","package":"third","requirement":"third","file":"b.txt","line":2}`+"\nexit 0\n"; got != want {
		t.Errorf("%s", got)
	}
}

// newRun is a run of coverage that writes into the buffers.
func newRun(out, messages *bytes.Buffer) *coverageRun {
	c := &invocation{streams: streams{in: strings.NewReader(""), out: out, err: messages}, ctx: context.Background(), out: bufio.NewWriter(out), format: "text"}
	return &coverageRun{invocation: c}
}

// TestManyProblems: of one kind in one file five are written, the others counted; notes
// change no status.
func TestManyProblems(t *testing.T) {
	problem := func(file string, code lockfile.Code, note bool) lockfile.Problem {
		return lockfile.Problem{File: file, Code: code, Note: note, Line: 1, Message: "bad"}
	}
	for _, c := range []struct {
		what     string
		problems []lockfile.Problem
		lines    int
		last     string
		status   int
	}{
		{"five", []lockfile.Problem{problem("a", "x", false), problem("a", "x", false), problem("a", "x", false), problem("a", "x", false), problem("a", "x", false)}, 5, "a:1: bad", exitNoAnswer},
		{"seven", append([]lockfile.Problem{problem("a", "x", false), problem("a", "x", false)}, make5(problem("a", "x", false))...), 6, "a: 2 more of this kind (x)", exitNoAnswer},
		{"of two kinds", append([]lockfile.Problem{problem("a", "y", false)}, make5(problem("a", "x", false))...), 6, "a:1: bad", exitNoAnswer},
		{"of two files", append([]lockfile.Problem{problem("b", "x", false)}, make5(problem("a", "x", false))...), 6, "a:1: bad", exitNoAnswer},
		{"notes", append([]lockfile.Problem{problem("a", "x", true)}, make5(problem("a", "x", true))...), 6, "a: 1 more of this kind (x)", exitYes},
	} {
		var out, messages bytes.Buffer
		r := newRun(&out, &messages)
		r.report(c.problems)
		lines := strings.Split(strings.TrimSpace(messages.String()), "\n")
		if len(lines) != c.lines || lines[len(lines)-1] != "wheeltag: "+c.last || r.status != c.status {
			t.Errorf("%s: status %d, %q", c.what, r.status, lines)
		}
	}
	files := func(bad int) iter.Seq2[index.File, error] {
		return func(yield func(index.File, error) bool) {
			for i := range bad {
				if !yield(index.File{}, fmt.Errorf("bad %d", i)) {
					return
				}
			}
			yield(index.File{Name: "demo-1.0-py3-none-any.whl"}, nil)
		}
	}
	for bad, want := range map[int]string{0: "", 1: "bad 0", 5: "bad 4", 6: "1 more files or lines with errors", 8: "3 more files or lines with errors"} {
		var out, messages bytes.Buffer
		r := newRun(&out, &messages)
		r.addFiles(files(bad))
		lines := strings.Split(strings.TrimSpace(messages.String()), "\n")
		if got := strings.TrimPrefix(lines[len(lines)-1], "wheeltag: "); got != want || len(r.files) != 1 || len(lines) != min(max(bad, 1), 6) || (r.status == exitNoAnswer) != (bad > 0) {
			t.Errorf("%d bad files: %q, status %d", bad, lines, r.status)
		}
	}
}

func make5(p lockfile.Problem) []lockfile.Problem { return []lockfile.Problem{p, p, p, p, p} }

// TestLockIn: which lock file a directory means.
func TestLockIn(t *testing.T) {
	for _, c := range []struct {
		files string
		want  string
	}{
		{"", ""}, {"uv.lock", "uv.lock"}, {"uv.lock a-1-py3-none-any.whl", "uv.lock"}, {"requirements.txt", "requirements.txt"}, {"requirements.txt x.txt", "requirements.txt"},
		{"requirements.txt a-1-py3-none-any.whl", ""}, {"requirements.txt a-1.tar.gz", ""}, {"x.txt", ""}, {"uv.lock/", ""}, {"requirements.txt/", ""}, {"poetry.lock requirements.txt", "poetry.lock"},
	} {
		dir := t.TempDir()
		for name := range strings.FieldsSeq(c.files) {
			path := filepath.Join(dir, name)
			var err error
			if strings.HasSuffix(name, "/") {
				err = os.Mkdir(path, 0o755)
			} else {
				err = os.WriteFile(path, nil, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		want := ""
		if c.want != "" {
			want = filepath.Join(dir, c.want)
		}
		if got := lockIn(dir); got != want {
			t.Errorf("%s: %q, want %q", c.files, got, want)
		}
	}
	if got := lockIn("nowhere"); got != "" {
		t.Error(got)
	}
	for line, want := range map[string]bool{"a-1-py3-none-any.whl": true, "x/a-1.tar.gz": true, "a-1.zip": true, "a b.whl": false, "a @ x.whl": false, "a.txt": false, "": false} {
		if isFileName(line) != want {
			t.Errorf("%q: %v", line, !want)
		}
	}
}

// TestHashedFiles: local files of which a requirement has hashes are read for theirs, once
// for all algorithms.
func TestHashedFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("demo-1.0-py3-none-any.whl", []byte("abc"), 0o644); err != nil {
		t.Fatal(err)
	}
	hashes, err := hashFile("demo-1.0-py3-none-any.whl", []string{"sha256", "sha512"})
	want := []index.Hash{
		{Algorithm: "sha256", Digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{Algorithm: "sha512", Digest: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
	}
	if diff := cmp.Diff(want, hashes); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := hashFile("nowhere", []string{"sha256"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	data, err := os.ReadFile(filepath.Join(fixtureFolder, "wheels", "demo_pure-1.0-py3-none-any.whl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Mkdir("dist", 0o755), os.WriteFile("dist/demo_pure-1.0-py3-none-any.whl", data, 0o644)); err != nil {
		t.Fatal(err)
	}
	for hash, want := range map[string]string{
		fmt.Sprintf("sha256:%x", sha256.Sum256(data)): "\ndemo-pure,1.0,pure\nexit 0\n", fmt.Sprintf("sha384:%x", sha512.Sum384(data)): "\ndemo-pure,1.0,pure\nexit 0\n",
		"sha256:" + strings.Repeat("0", 64): "demo-pure,1.0,missing", fmt.Sprintf("md5:%x", md5.Sum(data)): "exit ",
	} {
		if err := os.WriteFile("requirements.txt", []byte("demo-pure==1.0 --hash="+hash+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := said("coverage -t 3.11@debian:12/amd64 --format csv requirements.txt dist", ""); !strings.Contains(got, want) {
			t.Errorf("%s: %s", hash, got)
		}
	}
}

// TestHoles: which states fail.
func TestHoles(t *testing.T) {
	for _, c := range []struct {
		state        coverage.State
		wheel, build bool
	}{{coverage.Pure, false, false}, {coverage.Wheel, false, false}, {coverage.Build, true, false}, {coverage.Missing, true, true}, {coverage.Unknown, true, true}} {
		for require, want := range map[string]bool{"wheel": c.wheel, "build": c.build} {
			r := coverageRun{coverageOptions: coverageOptions{require: require}}
			if r.hole(c.state) != want {
				t.Errorf("%v with --require %s: %v", c.state, require, !want)
			}
		}
	}
}

// TestCoverageSources: what standard input is taken for, and that others add to it.
func TestCoverageSources(t *testing.T) {
	t.Chdir(t.TempDir())
	for stdin, want := range map[string]string{
		"a-1-py3-none-any.whl\n":                 "\na,,pure\nexit 0\n",
		"<a href='a-1-py3-none-any.whl'>a</a>\n": "a,,pure\n",
		"a==1\n":                                 "a,1,unknown\n| wheeltag: files unknown for a; give --index-url URL to read the pages of an index, add a directory, a saved page or a list of file names, or use a lock file\nexit 3\n",
		"":                                       "| wheeltag: standard input is empty\n",
		" \n\n":                                  "| wheeltag: standard input is empty\n",
	} {
		if got := said("coverage -t 3.11@debian:12/amd64 --format csv -", stdin); !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", stdin, got, want)
		}
	}
}

// TestLongLines: a line that is longer than what is looked at is no name; a page has the
// names of all sources as its title.
func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 1<<17)
	for text, want := range map[string]string{long: "lock", `{"meta":` + long: "page", "# c\n" + long: "lock", long + "\n<a>": "lock", "a-1-py3-none-any.whl\n" + long: "names", "x/a-1-py3-none-any.whl\n" + long: "lock", "x/a-1-py3-none-any.whl\n<a>": "lock", "x/a-1-py3-none-any.whl\n{}": "lock"} {
		kind, err := sourceKind("x", strings.NewReader(text))
		if err != nil || kind != want && !(want == "lock" && kind == "names" && strings.HasPrefix(text, "x/")) {
			t.Errorf("%.30q: %s, %v", text, kind, err)
		}
	}
	broken := errors.New("broken")
	if _, err := sourceKind("x", brokenReader{broken}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	t.Chdir(t.TempDir())
	for _, name := range []string{"a.txt", "b.txt"} {
		if err := os.WriteFile(name, []byte(name[:1]+"-1-py3-none-any.whl\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := said("coverage -t 3.11@debian:12/amd64 --format html a.txt b.txt", ""); !strings.Contains(got, "a.txt, b.txt") {
		t.Errorf("%.300s", got)
	}
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }
