package cli

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// messagesFile shows what the command says, as a page to be read: the lines that
// begin with a dollar sign are run, and what follows each is what it prints. With
// -u the page is written anew; a new message gets a place by a line that shows it.
var messagesFile = filepath.Join("testdata", "messages.golden")

// TestMessages: the page is what the commands print.
func TestMessages(t *testing.T) {
	path, err := filepath.Abs(messagesFile)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	work := messageFiles(t)
	t.Chdir(fixtureFolder)
	var page strings.Builder
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		switch command, isCommand := strings.CutPrefix(line, "$ wheeltag"); {
		case isCommand:
			fmt.Fprintf(&page, "%s\n%s\n", line, showRun(t, strings.ReplaceAll(command, "WORK", work), work))
		case strings.HasPrefix(line, "#"):
			fmt.Fprintf(&page, "%s\n\n", line)
		}
	}
	if page.String() == string(text) {
		return
	}
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s is not what the commands print (run with -u):\n%s", messagesFile, cmp.Diff(string(text), page.String()))
}

// showRun runs a command line and returns what it prints, indented, messages after
// results, and the exit status unless it is 0.
func showRun(t *testing.T, command, work string) string {
	t.Helper()
	command, file, _ := strings.Cut(command, " < ")
	var stdin []byte
	if file != "" {
		var err error
		if stdin, err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	var out, messages bytes.Buffer
	status := run(context.Background(), strings.Fields(command), streams{in: bytes.NewReader(stdin), out: &out, err: &messages})
	var b strings.Builder
	for line := range strings.Lines(strings.NewReplacer(work, "WORK", fixtureFolder+string(filepath.Separator), "").Replace(out.String() + messages.String())) {
		if line != "\n" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	if status != exitYes {
		fmt.Fprintf(&b, "    (exit status %d)\n", status)
	}
	return b.String()
}

// rulesFile is a configuration of the rules.
const rulesFile = `required-version = ">=0.3, <1"
warn = ["WT215"]
require = { linux = "manylinux_2_17", musl = "musllinux_1_2" }

[per-project."ext*"]
error = ["WT210"]

[[allow]]
rule = "WT202"
library = "libbar.so.*"
reason = "the machines have it"

[[allow]]
rule = "WT203"
project = "ext*"
reason = "until the next release"
expires = 2020-01-01
`

// messageFiles makes the files that the page speaks of, in a directory that it
// calls WORK.
func messageFiles(t *testing.T) string {
	t.Helper()
	work := t.TempDir()
	policy, err := os.ReadFile(filepath.Join("testdata", "policy.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"policy.toml": string(policy), "empty.toml": "", "broken.toml": "[[", "rules.toml": rulesFile,
		"broken-1.0-py3-none-any.whl": "this is text", "ambiguous/demo-1.0-py3-none-any.whl": twoNames(t), "empty/note.txt": "", "long.txt": strings.Repeat("x", maxLine+1),
		"requirements.txt": "demo==1.0\nnowhere==2.0\n", "pins.txt": "newdemo<2\n", "names.txt": "demo-1.0-py3-none-any.whl\ndemo-1.0.tar.gz\n",
		"sdists/demo-1.0.tar.gz": sdist(t, "demo-1.0/PKG-INFO"), "sdists/Demo-1.1.tar.gz": sdist(t, "demo-1.0/PKG-INFO", "../a"), "sdists/notes.tar.gz": "x", "cut-1.0.tar.gz": "x", "held/demo-1.0.tar.gz": sdist(t, "demo-1.0/PKG-INFO"), "held/demo.project-status": "quarantined\n", "demo-1.0.tar.xz": "x",
		"blank.txt": "\n\n", "many.txt": "demo==1.0\n" + strings.Repeat("!\n", 7), "names.lst": strings.Repeat("x.whl\n", 7),
		"fleet.lock": "version = 1\nrequires-python = '>=3.11'\nrequired-markers = [\"sys_platform == 'win32' and platform_machine == 'AMD64'\"]\n[[package]]\nname = 'demo'\nversion = '1'\nsource = { virtual = '.' }\n",
		"poetry.lock": "[[package]]\nname = 'top'\nversion = '1.0'\npython-versions = '*'\nfiles = [{file = 'top-1.0-cp311-cp311-win_amd64.whl', hash = 'sha256:aa'}]\n" +
			"dependencies = {win = {version = '*', markers = \"sys_platform == 'win32'\"}}\n[[package]]\nname = 'win'\nversion = '1.0'\npython-versions = '*'\n" +
			"files = [{file = 'win-1.0-cp311-cp311-win_amd64.whl', hash = 'sha256:aa'}]\n[metadata]\nlock-version = '2.0'\npython-versions = '*'\n",
	} {
		path := filepath.Join(work, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return work
}

// twoNames makes an archive with a name twice.
func twoNames(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for range 2 {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: "demo.py"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sdist makes a source distribution of files, all with the text of a PKG-INFO.
func sdist(t *testing.T, files ...string) string {
	t.Helper()
	const text = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, name := range files {
		err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg})
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// notShown are the messages that no command line brings about.
var notShown = []string{
	"SOURCE_DATE_EPOCH is %q; want the seconds since 1970", // of the environment
	"interrupted; partial results shown",                   // after an interrupt
	"interrupted; %s was not written",                      // the same
	"%s: not a regular file or directory",                  // of pipes and devices
	"%s; check its permissions",                            // root reads everything
	"%s: larger than %d bytes",                             // of standard input

	"no files in %s", // of a page of an index that has none

	// Of an index that answers.
	"the index does not answer; %d more packages are not asked for",
	"%s: %d files ignored, with names that are not those of its wheels or source distributions",
	"warning: --cache: %v; pages are not kept",

	"warning: no summary of the job: %v", // by an environment variable
	"@fleet means the targets of %s, but there is none in this directory or above; create one, or use --config", // here is one
}

// TestMessagesComplete: the page has the help of every command, all about every
// rule, and every message in the source of this package.
func TestMessagesComplete(t *testing.T) {
	text, err := os.ReadFile(messagesFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range Command().Commands() {
		if !strings.Contains(string(text), "\n$ wheeltag help "+cmd.Name()+"\n") {
			t.Errorf("no help of %s", cmd.Name())
		}
	}
	for r := range finding.Rules() {
		if !regexp.MustCompile(`(?m)^\$ wheeltag rules .*\b` + r.ID + `\b`).Match(text) {
			t.Errorf("no rule %s", r.ID)
		}
	}
	verb := regexp.MustCompile(`%[-+.0-9]*[a-z]`)
	for _, format := range messageFormats(t) {
		parts := verb.Split(format, -1)
		if len(strings.TrimSpace(strings.Join(parts, ""))) < 4 || slices.Contains(notShown, format) {
			continue
		}
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		pattern := strings.Join(parts, "(?s:.*?)")
		if !regexp.MustCompile(pattern).Match(text) {
			t.Errorf("no line that shows %q", format)
		}
	}
}

// messageFormats lists the first argument of every call that says something, of
// this package.
func messageFormats(t *testing.T) []string {
	t.Helper()
	saying := []string{"usagef", "logf", "reportError", "needArguments", "Errorf"}
	var formats []string
	files := token.NewFileSet()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			name := ""
			switch f := call.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			if text, ok := call.Args[0].(*ast.BasicLit); ok && slices.Contains(saying, name) {
				format, err := strconv.Unquote(text.Value)
				if err != nil {
					t.Error(err)
				}
				formats = append(formats, format)
			}
			return true
		})
	}
	if len(formats) < 50 {
		t.Fatalf("only %d found", len(formats))
	}
	return formats
}
