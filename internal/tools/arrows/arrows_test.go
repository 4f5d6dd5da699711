// Package arrows holds the rules about which package may import which. They are
// tests, so that a wrong import fails like any other fault.
package arrows

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/wheeltag/wheeltag"

// imports lists what the non-test files of each package below the root import.
func imports(t *testing.T, tests bool) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..", "..")
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") != tests {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		found[dir] = append(found[dir], "")
		for _, i := range file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			found[dir] = append(found[dir], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 5 {
		t.Fatalf("only %d packages found", len(found))
	}
	return found
}

func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// allowed are the packages of this module that a library package may import.
var allowed = map[string][]string{
	"tags":              {"internal/machine", "internal/pystr"},
	"tags/distro":       {"tags", "internal/machine", "internal/spelling"},
	"tags/detect":       {"tags", "elfaudit", "internal/machine"},
	"tags/fleet":        {"tags", "tags/distro", "internal/tomltree"},
	"tags/detect/image": {},
	"tags/resolver":     {"tags", "tags/distro", "tags/fleet", "tags/detect", "tags/detect/image"},
	"wheel":             {"tags", "wheel/pep440", "internal/pystr", "internal/inflate", "internal/unzip"},
	"wheel/pep440":      {"internal/pystr"},
	"wheel/pep508":      {"wheel/pep440", "internal/pystr"},
	"wheel/lockfile":    {"internal/tomltree", "wheel", "wheel/pep440", "wheel/pep508"},
	"wheel/index":       {"tags", "wheel", "wheel/finding", "wheel/pep440"},
	"wheel/remote":      {},
	"wheel/coverage":    {"tags", "wheel", "wheel/pep440", "wheel/pep508", "wheel/lockfile", "wheel/index", "internal/machine"},
	"elfaudit":          {},
	"elfaudit/linkset":  {"elfaudit"},
	"manylinux":         {"tags", "elfaudit", "elfaudit/linkset", "internal/machine"},
	"manylinux/loads":   {"tags", "tags/distro", "tags/detect", "elfaudit", "elfaudit/linkset", "manylinux"},
	"wheel/finding":     {},
	"wheel/audit": {
		"tags", "tags/detect", "tags/distro", "wheel", "wheel/finding", "elfaudit", "elfaudit/linkset", "manylinux", "manylinux/loads",
		"internal/binfile", "internal/auditwheel", "internal/machine", "internal/ordered", "internal/unzip",
	},

	"internal/ordered":    {},
	"internal/reference":  {},
	"internal/auditwheel": {"tags", "elfaudit", "elfaudit/linkset", "manylinux"},
	"internal/config":     {"tags", "tags/fleet", "manylinux", "wheel/finding", "internal/tomltree", "internal/spelling"},
	"internal/tomltree":   {},

	"internal/inflate":  {},
	"internal/machine":  {},
	"internal/unzip":    {"internal/inflate"},
	"internal/pystr":    {},
	"internal/spelling": {},
	"internal/binfile":  {},
}

// modules are the modules that a library package may import.
var modules = map[string][]string{
	"internal/tomltree": {"github.com/pelletier/go-toml/v2"},
	"wheel/index":       {"golang.org/x/net/html"},
	"tags/detect/image": {"github.com/google/go-containerregistry", "github.com/klauspost/compress", "github.com/therootcompany/xz"},
}

func TestLibraryImports(t *testing.T) {
	for dir, list := range imports(t, false) {
		may, library := allowed[dir]
		if !library {
			continue
		}
		for _, path := range list {
			inner, ours := strings.CutPrefix(path, module+"/")
			switch {
			case path == "":
			case ours && !slices.Contains(may, inner):
				t.Errorf("%s imports %s", dir, inner)
			case slices.ContainsFunc(modules[dir], func(m string) bool { return strings.HasPrefix(path+"/", m+"/") }):
			case !ours && !isStandard(path):
				t.Errorf("%s imports %s; library packages use the standard library", dir, path)
			case dir == "wheel/remote" && (path == "net" || strings.HasPrefix(path, "net/")):
			case path == "net" || strings.HasPrefix(path, "net/") || path == "flag" || path == "log" || path == "os/exec":
				t.Errorf("%s imports %s; libraries neither print nor talk nor run anything", dir, path)
			}
		}
	}
}

// TestEveryPackageIsListed: a new library package must be given its arrows.
func TestEveryPackageIsListed(t *testing.T) {
	for dir := range imports(t, false) {
		first, _, _ := strings.Cut(dir, "/")
		if _, ok := allowed[dir]; !ok && first != "cmd" && first != "examples" && first != "internal" {
			t.Errorf("package %s has no entry in the table of imports", dir)
		}
	}
}

// TestDependencies: the modules that this one needs, each named with its reason
// in the README.
func TestDependencies(t *testing.T) {
	want := []string{
		"github.com/google/go-cmp", "github.com/rogpeppe/go-internal",
		"github.com/pelletier/go-toml/v2", "github.com/spf13/cobra", "github.com/spf13/pflag",
		"github.com/google/go-containerregistry", "golang.org/x/net", "golang.org/x/term",
		"github.com/klauspost/compress", "github.com/therootcompany/xz",
	}
	for _, tests := range []bool{false, true} {
		for dir, list := range imports(t, tests) {
			for _, path := range list {
				if path == "" || isStandard(path) || strings.HasPrefix(path, module) {
					continue
				}
				if path == "github.com/spf13/cobra/doc" && dir != "internal/tools/man" {
					t.Errorf("%s imports %s, which would link it into the program", dir, path)
				}
				if !slices.ContainsFunc(want, func(m string) bool { return strings.HasPrefix(path+"/", m+"/") }) {
					t.Errorf("%s imports %s, which is not among the dependencies", dir, path)
				}
			}
		}
	}
}
