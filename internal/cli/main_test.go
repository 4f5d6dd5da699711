package cli

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("u", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wheeltag": func() { os.Exit(Main()) }})
}

// TestScripts runs the commands as a user would; FIXTURES is the folder of test
// wheels.
func TestScripts(t *testing.T) {
	fixtures, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"), UpdateScripts: *update, RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("FIXTURES", fixtures)
			if filepath.Base(env.WorkDir) != "script-input" {
				return nil
			}
			return inputFiles(env.WorkDir)
		},
	})
}

// inputFiles makes what the script input.txtar reads: lines with CRLF, which a
// script cannot contain, and a wheel for Python 3.8 and newer under two names.
func inputFiles(dir string) error {
	var wheel bytes.Buffer
	z := zip.NewWriter(&wheel)
	w, err := z.Create("demo_pure-1.0.dist-info/METADATA")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "Metadata-Version: 2.1\nName: demo-pure\nVersion: 1.0\nRequires-Python: >=3.8\n")
	return errors.Join(err, z.Close(),
		os.WriteFile(filepath.Join(dir, "crlf"), []byte("demo-1.0-py3-none-any.whl\r\n\r\n\ndemo-1.1-py3-none-any.whl\r"), 0o644),
		os.WriteFile(filepath.Join(dir, "demo_pure-1.0-py2.py3-none-any.whl"), wheel.Bytes(), 0o644),
		os.WriteFile(filepath.Join(dir, "demo_pure-1.0-cp37-cp37m-win32.whl"), wheel.Bytes(), 0o644))
}

// fixtureFolder is where the test wheels are, from the folder of this package.
var fixtureFolder = func() string {
	path, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		panic(err)
	}
	return path
}()

// inFixtures runs a command line in the folder of test wheels.
func inFixtures(t *testing.T, args []string, stdin string) (status int, stdout, stderr string) {
	t.Helper()
	t.Chdir(fixtureFolder)
	var out, err bytes.Buffer
	status = run(context.Background(), args, streams{in: strings.NewReader(stdin), out: &out, err: &err})
	return status, out.String(), err.String()
}

// exampleLines lists the command lines that the help of a command shows.
func exampleLines(cmd *cobra.Command) []string {
	var lines []string
	for line := range strings.SplitSeq(cmd.Example, "\n") {
		if rest, ok := strings.CutPrefix(line, "  wheeltag "); ok {
			lines = append(lines, rest)
		}
	}
	return lines
}

// sayNo are the examples whose answer is a definite no: exit status 1.
var sayNo = []string{
	"parse --strict ", "compat ", "coverage ", "audit wheels-bad/", "report --format", "select -t api -t edge ",
}

// TestExamples runs every example that help shows, in the folder of fixtures.
func TestExamples(t *testing.T) {
	for _, cmd := range Command().Commands() {
		lines := exampleLines(cmd)
		if len(lines) == 0 || cmd.Long == "" || cmd.Short == "" {
			t.Errorf("%s: help lacks something", cmd.Name())
		}
		for _, line := range lines {
			t.Run(line, func(t *testing.T) {
				want := exitYes
				if slices.ContainsFunc(sayNo, func(begin string) bool { return strings.HasPrefix(line, begin) }) {
					want = exitNo
				}
				status, out, errs := inFixtures(t, strings.Fields(line), "")
				if status != want {
					t.Errorf("exit %d, want %d; it says %s", status, want, errs)
				}
				if out+errs == "" {
					t.Error("prints nothing")
				}
				for text := range strings.Lines(out) {
					if len(strings.TrimSuffix(text, "\n")) > 80 && !strings.Contains(line, "json") && !strings.Contains(line, "html") && !strings.Contains(line, "markdown") && !strings.HasPrefix(line, "completion") && !strings.Contains(text, ".whl") {
						t.Errorf("a line of %d columns: %s", len(text), text)
					}
				}
			})
		}
	}
}

// TestHelpFits: help stays within 80 columns and names every flag.
func TestHelpFits(t *testing.T) {
	for _, cmd := range Command().Commands() {
		var b bytes.Buffer
		if status := run(context.Background(), []string{"help", cmd.Name()}, streams{out: &b, err: io.Discard}); status != exitYes {
			t.Errorf("help %s: exit %d", cmd.Name(), status)
		}
		for line := range strings.Lines(b.String()) {
			if len(line) > 81 && !strings.HasPrefix(line, "  wheeltag ") {
				t.Errorf("help %s has a line of %d columns: %s", cmd.Name(), len(line), line)
			}
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(b.String(), "--"+f.Name+" ") {
				t.Errorf("help %s does not name --%s", cmd.Name(), f.Name)
			}
		})
	}
}

// TestPipeClosed: a reader that has seen enough is no error.
func TestPipeClosed(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	var errs bytes.Buffer
	status := run(context.Background(), []string{"tags", "--target", "debian:11/arm64"}, streams{in: strings.NewReader(""), out: w, err: &errs})
	if status != exitYes || errs.Len() > 0 {
		t.Errorf("exit %d, says %s", status, errs.String())
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 1<<17)
	endless := strings.Repeat("x", maxLine*2)
	for text, want := range map[string]string{
		"": "", "a": "a|", "a\n": "a|", "a\nb": "a|b|", "\n\n": "||", long + "\ny": long + "|y|",
		// A line that is too long is an error of its own.
		"a\n" + endless + "\nb\n": "a|!|b|", endless: "!|",
	} {
		c := invocation{streams: streams{in: strings.NewReader(text)}, ctx: context.Background(), out: bufio.NewWriter(io.Discard)}
		var got strings.Builder
		for line, err := range c.lines() {
			if err != nil {
				line = "!"
			}
			got.WriteString(line + "|")
		}
		if got.String() != want {
			t.Errorf("%.20q: %.60q", text, got.String())
		}
	}
}

// TestWaitingForInput: an interrupt ends the wait, and what is done is shown.
func TestWaitingForInput(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	shown := make(chan string, 8)
	status := make(chan int)
	go func() {
		status <- run(ctx, []string{"compat", "-t", "debian:11/arm64", "-"}, streams{in: r, out: writerFunc(func(p []byte) { shown <- string(p) }), err: io.Discard})
	}()
	io.WriteString(w, "demo-1.0-py3-none-any.whl\n")
	if text := <-shown; !strings.Contains(text, "debian:11") {
		t.Errorf("shown: %q", text)
	}
	cancel()
	if got := <-status; got != exitNoAnswer {
		t.Errorf("exit %d", got)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

// TestAuditStopsAtOnce: a demand that makes no sense ends an audit of many
// wheels instead of waiting for the rest.
func TestAuditStopsAtOnce(t *testing.T) {
	status, _, errs := inFixtures(t, []string{"audit", "--jobs", "1", "--require", "el8", "wheels", "wheels-bad", "wheels-differ"}, "")
	if status != exitUsage || !strings.Contains(errs, "el8") {
		t.Errorf("exit %d, says %s", status, errs)
	}
}

func TestJSONEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain": `"plain"`, "a\"b\\c": `"a\"b\\c"`, "tab\t": `"tab\t"`, "é<&>": `"é<&>"`, "bad\xff": `"bad\ufffd"`, "\x7f": "\"\x7f\"", "\x1f": `"\u001f"`,
	} {
		if got := `"` + jsonEscape(in) + `"`; got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

// dribble gives its lines one by one, each after a pause in which the results of
// those before are written.
type dribble struct{ lines []string }

func (d *dribble) Read(b []byte) (int, error) {
	if len(d.lines) == 0 {
		return 0, io.EOF
	}
	time.Sleep(2 * time.Millisecond)
	n := copy(b, d.lines[0]+"\n")
	d.lines = d.lines[1:]
	return n, nil
}

// Reading names and writing results are two goroutines of audit; with -race this
// shows whether they keep apart.
func TestAuditSlowInput(t *testing.T) {
	t.Chdir(fixtureFolder)
	wheels, err := filepath.Glob("wheels/*.whl")
	if err != nil || len(wheels) == 0 {
		t.Fatal(wheels, err)
	}
	var out, messages bytes.Buffer
	status := run(context.Background(), []string{"audit", "-"}, streams{in: &dribble{wheels}, out: &out, err: &messages})
	if got := strings.Count(out.String(), "pass    "); status != exitYes || got != len(wheels) {
		t.Errorf("status %d, %d of %d pass; %s", status, got, len(wheels), messages.String())
	}
}
