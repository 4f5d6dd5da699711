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

// console matches a block of the README that shows a command and its output.
var console = regexp.MustCompile("(?s)```console\n\\$ wheeltag ([^\n]*)\n(.*?)```")

// TestReadme runs each command that the README shows, in the folder of test
// wheels, and compares what it prints. With -u the README is rewritten.
func TestReadme(t *testing.T) {
	path, err := filepath.Abs(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join("..", "..", "testdata"))
	shown := 0
	got := console.ReplaceAllFunc(text, func(block []byte) []byte {
		shown++
		line := string(console.FindSubmatch(block)[1])
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
	})
	if shown < 8 {
		t.Errorf("the README shows only %d commands", shown)
	}
	if diff := cmp.Diff(string(text), string(got)); diff != "" {
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Errorf("the README is not what the commands print (run with -u):\n%s", diff)
	}
}
