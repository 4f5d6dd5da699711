package arrows

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var pathPattern = regexp.MustCompile(`(?:^|[^/\w-])((?:internal|wheel|tags|elfaudit|manylinux|testdata|docs|cmd|examples)(?:/[A-Za-z0-9_.-]+)+)`)

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
		for _, m := range pathPattern.FindAllStringSubmatch(string(text), -1) {
			path := strings.TrimRight(m[1], ".")
			if !exists(path) && !exists(filepath.Join(filepath.Dir(file), path)) {
				t.Errorf("%s names %s, which does not exist", file, path)
			}
		}
	}
}

// exists reports whether there is a file whose path from the root begins like that:
// a star may follow.
func exists(path string) bool {
	found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(path)) + "*")
	return err == nil && len(found) > 0
}
