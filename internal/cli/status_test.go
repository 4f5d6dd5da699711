package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestStatusOfFormats: every command line of the page of messages, and some more of
// coverage, has the same exit status in every format of its command.
func TestStatusOfFormats(t *testing.T) {
	text, err := os.ReadFile(messagesFile)
	if err != nil {
		t.Fatal(err)
	}
	work := messageFiles(t)
	t.Chdir(fixtureFolder)
	lines := []string{
		" coverage -t debian:12/amd64 locks/uv.lock", " coverage -t debian:12/amd64 --require build locks/uv.lock",
		" coverage -t debian:11/amd64 locks/uv.lock", " coverage -t api WORK/blank.txt", " coverage -t api nothere locks/uv.lock",
		" coverage -t debian:11/amd64 --explain newdemo locks/uv.lock", " coverage -t debian:11/amd64 --build-list locks/uv.lock",
	}
	for line := range strings.Lines(string(text)) {
		if command, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "$ wheeltag"); ok {
			lines = append(lines, command)
		}
	}
	compared := map[string]int{} // by command
	for _, line := range lines {
		command, file, _ := strings.Cut(strings.ReplaceAll(line, "WORK", work), " < ")
		words := strings.Fields(command)
		if slices.Contains(words, "--format") || len(words) == 0 || slices.Contains(withoutResults, words[0]) {
			continue
		}
		var stdin []byte
		if file != "" {
			if stdin, err = os.ReadFile(file); err != nil {
				t.Fatal(err)
			}
		}
		status := func(more ...string) int {
			var out, messages bytes.Buffer
			all := slices.Concat(words, more)
			if at := slices.Index(all, "--out"); at >= 0 && !strings.Contains(command, "/no/") && all[at+1] != "wheels" {
				all = slices.Clone(all)
				all[at+1] = filepath.Join(t.TempDir(), "site")
			}
			return run(context.Background(), all, streams{in: bytes.NewReader(stdin), out: &out, err: &messages})
		}
		want := status()
		for _, format := range formatsFor(words) {
			if got := status("--format", format); got != want {
				t.Errorf("wheeltag%s: status %d, with --format %s %d", line, want, format, got)
			}
			compared[words[0]]++
		}
	}
	for _, cmd := range Command().Commands() {
		if !slices.Contains(withoutResults, cmd.Name()) && compared[cmd.Name()] == 0 {
			t.Errorf("no line of %s", cmd.Name())
		}
	}
}

// formatsFor lists the formats that a command line may have.
func formatsFor(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	for _, cmd := range Command().Commands() {
		if cmd.Name() != words[0] {
			continue
		}
		for _, form := range []string{"--build-list", "--explain", "--print-constraints", "--baseline", "--baseline-target"} {
			if slices.Contains(words, form) && cmd.Name() == "coverage" {
				return []string{"text", "json"} // the others are wrong usage
			}
		}
		return formats(cmd)
	}
	return nil
}

// withoutResults are commands whose output has one form.
var withoutResults = []string{"help", "completion"}
