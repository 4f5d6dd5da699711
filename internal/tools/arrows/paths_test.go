package arrows

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var pathPattern = regexp.MustCompile(`\b(?:internal|wheel|tags|elfaudit|manylinux|testdata|docs|cmd|examples)(?:/[A-Za-z0-9_.-]+)+`)

// TestPathsExist: what the pages for contributors and the scripts name is there.
func TestPathsExist(t *testing.T) {
	for _, file := range []string{
		"CONTRIBUTING.md", "docs/architecture.md", "SECURITY.md", "Makefile", ".ci/run", ".github/workflows/ci.yml", "testdata/README.md",
		"internal/tools/data/README.md", "internal/tools/oracle/README.md",
	} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, path := range pathPattern.FindAllString(string(text), -1) {
			path = strings.TrimRight(path, ".")
			at := filepath.Join(root, filepath.FromSlash(path))
			if matches, err := filepath.Glob(at + "*"); err != nil || len(matches) == 0 {
				t.Errorf("%s names %s, which does not exist", file, path)
			}
		}
	}
}
