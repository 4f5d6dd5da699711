package arrows

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestStability: the comment of each public package says whether it may change.
func TestStability(t *testing.T) {
	const (
		stable       = "The package is part of the stable core: what it exports stays compatible from v0.1.0 on."
		experimental = "The package is experimental: it may change in a minor release."
	)
	core := map[string]bool{"tags": true, "wheel": true, "wheel/pep440": true, "wheel/finding": true}
	for dir := range imports(t, false) {
		first, _, _ := strings.Cut(dir, "/")
		if first == "internal" || first == "cmd" || first == "examples" || first == "." {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "..", dir, "doc.go"), nil, parser.ParseComments)
		if err != nil {
			t.Errorf("%s: %v", dir, err)
			continue
		}
		text := strings.Join(strings.Fields(file.Doc.Text()), " ")
		if strings.Contains(text, stable) != core[dir] || strings.Contains(text, experimental) == core[dir] {
			t.Errorf("%s: the package comment must say %q or %q", dir, stable, experimental)
		}
		if want := "Package " + file.Name.Name + " "; !strings.HasPrefix(text, want) {
			t.Errorf("%s: the package comment begins with %q", dir, text)
		}
	}
}
