package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWordsOfMistakes: what is said of a mistake names what was written, and no more.
func TestWordsOfMistakes(t *testing.T) {
	t.Chdir(fixtureFolder)
	folder := t.TempDir()
	// A folder is no wheel, whatever a link to it is called.
	if err := os.Symlink(folder, filepath.Join(folder, "demo-1.0-py3-none-any.whl")); err != nil {
		t.Skip(err)
	}
	for line, want := range map[string]string{
		"index --variant x wheels":                                            "--variant describes a target; add one",
		"compat -t 3.11@linux --profile uw demo-1.0-py3-none-any.whl":         "want packaging, pip, uv or uv+variants",
		"compat -t 3.11@linux --profile uv+variant demo-1.0-py3-none-any.whl": "uv+variants?",
		"compat -t 3.11@linux demo":                                           "no such file or directory",
		"audit " + folder:                                                     folder + "/demo-1.0-py3-none-any.whl: not a regular file or directory",
		"rules --format json":                                                 `{"schema":"wheeltag.rules/v1",`,
	} {
		if got := said(line, ""); !strings.Contains(got, want) {
			t.Errorf("%s: %s", line, got)
		}
	}
	if got := said("compat -t 3.11@linux demo-1.0-py3-none.whl", ""); strings.Contains(got, "no such file") {
		t.Error(got)
	}
	if n := strings.Count(said("rules --format json", ""), "\n"); n < 30 {
		t.Errorf("%d lines of rules", n)
	}
	for name, want := range map[string]bool{"uv.lock": true, "none/pylock.toml": true, "none/demo-1.0-py3-none-any.whl": false, "none/x.txt": false} {
		if got := hasLock([]string{name}); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
