// Package arrows says which package of the module may import which. The rules are
// in its tests, so that a wrong import fails like any other fault; the drawing of
// the packages is made from the same imports.
package arrows

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is the path of the module.
const Module = "github.com/wheeltag/wheeltag"

// Imports lists what each package below root imports, sorted: its test files alone,
// or all others. Packages are named by directory.
func Imports(root string, tests bool) (map[string][]string, error) {
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
		if found[dir] == nil {
			found[dir] = []string{}
		}
		for _, i := range file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			found[dir] = append(found[dir], name)
		}
		return nil
	})
	for dir := range found {
		slices.Sort(found[dir])
		found[dir] = slices.Compact(found[dir])
	}
	if err == nil && len(found) < 5 {
		err = fmt.Errorf("only %d packages below %s", len(found), root)
	}
	return found, err
}

// Inner gives the directory of a package of the module.
func Inner(path string) (dir string, ok bool) { return strings.CutPrefix(path, Module+"/") }
