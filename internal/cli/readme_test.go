package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// console matches a block of a page that shows a command and its output.
var console = regexp.MustCompile("(?s)```console\n\\$ wheeltag ([^\n]*)\n(.*?)```")

// TestPages runs each command that the README and the pages in docs show, in the
// directory of test wheels, and compares what it prints. With -u they are rewritten.
func TestPages(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(root, "testdata"))
	shown := 0
	for _, path := range append(pages, filepath.Join(root, "README.md")) {
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(name) == "config.md" {
			continue // its commands have configurations; see TestConfigPage
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := console.ReplaceAllFunc(text, func(block []byte) []byte {
			shown++
			return showCommand(t, string(console.FindSubmatch(block)[1]))
		})
		diff := cmp.Diff(string(text), string(got))
		if diff == "" {
			continue
		}
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s does not show what the commands print (run with -u):\n%s", name, diff)
	}
	if shown < 18 {
		t.Errorf("the pages show only %d commands", shown)
	}
}

// showCommand is the block of a page for a command line, which may end with "< FILE"
// for its standard input.
func showCommand(t *testing.T, line string) []byte {
	words, stdin := strings.Fields(line), ""
	if before, file, ok := strings.Cut(line, " < "); ok {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		words, stdin = strings.Fields(before), string(content)
	}
	var out bytes.Buffer
	run(context.Background(), words, streams{in: strings.NewReader(stdin), out: &out, err: &out})
	return []byte("```console\n$ wheeltag " + line + "\n" + out.String() + "```")
}

// TestReadmeLength: the README is a page that a stranger reads whole.
func TestReadmeLength(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines > 160 {
		t.Errorf("the README has %d lines, more than 160; move what is long to docs", lines)
	}
}
