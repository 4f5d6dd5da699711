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

	"github.com/wheeltag/wheeltag/internal/config"
)

// blocks matches the examples of docs/config.md: configurations, and commands with what
// they print.
var blocks = regexp.MustCompile("(?s)```(toml|console)\n(.*?)```")

// mistaken begins the configuration that the page shows for its mistakes.
const mistaken = "ignor = "

// TestConfigPage: each configuration on the page can be read, and each command prints what
// the page shows, with the configuration above it in wheeltag.toml. With -u the page is rewritten.
func TestConfigPage(t *testing.T) {
	path, err := filepath.Abs(filepath.Join("..", "..", "docs", "config.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, dir := range []string{"wheels", "wheels-bad"} {
		if err := os.Symlink(filepath.Join(fixtureFolder, dir), dir); err != nil {
			t.Skip(err)
		}
	}
	configs, commands := 0, 0
	got := blocks.ReplaceAllFunc(text, func(block []byte) []byte {
		m := blocks.FindSubmatch(block)
		if string(m[1]) == "toml" {
			configs++
			name := "wheeltag.toml"
			if bytes.Contains(m[2], []byte("tool.wheeltag")) {
				name = "pyproject.toml"
			}
			if _, err := config.Parse(m[2], name, "v0.5.0"); (err != nil) != strings.HasPrefix(string(m[2]), mistaken) {
				t.Errorf("%s\n%v", m[2], err)
			}
			if err := os.WriteFile(config.Name, m[2], 0o644); err != nil {
				t.Fatal(err)
			}
			return block
		}
		commands++
		line, _, _ := strings.Cut(string(m[2]), "\n")
		var out bytes.Buffer
		run(context.Background(), strings.Fields(line)[2:], streams{in: strings.NewReader(""), out: &out, err: &out})
		return []byte("```console\n" + line + "\n" + out.String() + "```")
	})
	if configs < 10 || commands < 5 {
		t.Errorf("only %d configurations and %d commands", configs, commands)
	}
	if diff := cmp.Diff(string(text), string(got)); diff != "" {
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Errorf("the page is not what the commands print (run with -u):\n%s", diff)
	}
}
