package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A target is a package whose code is changed.
type target struct {
	path, dir, name string
	files           []*source
	fset            *token.FileSet
	exports         map[string]string // export data by import path
	mutants         []*mutant
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles, TestGoFiles          []string
	XTestGoFiles                  []string
	Module                        *struct{ Dir string }
}

// list asks go list for packages.
func list(args ...string) ([]listed, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,Name,Export,GoFiles,TestGoFiles,XTestGoFiles,Module"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// load reads and checks the package p and finds its mutants. lines says which
// lines of a file to change; nil is all of them.
func load(p listed, changed map[string]map[int]bool) (*target, error) {
	deps, err := list("-export", "-deps", p.ImportPath, "os", "strconv", "strings", "sync/atomic") // the last are those of the added file
	if err != nil {
		return nil, err
	}
	t := &target{path: p.ImportPath, dir: p.Dir, name: p.Name, fset: token.NewFileSet(), exports: map[string]string{}}
	for _, d := range deps {
		t.exports[d.ImportPath] = d.Export
	}
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		shown, err := filepath.Rel(p.Module.Dir, path)
		if err != nil {
			return nil, err
		}
		syntax, err := parser.ParseFile(t.fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		src := &source{path: path, name: filepath.ToSlash(shown), text: text, syntax: syntax}
		if changed != nil {
			src.lines = changed[src.name]
			if src.lines == nil {
				src.lines = map[int]bool{}
			}
		}
		t.files = append(t.files, src)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	pkg, problems := t.check(t.fset, syntaxOf(t.files), info)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	f := &finder{fset: t.fset, info: info, pkg: pkg}
	for _, src := range t.files {
		if !ast.IsGenerated(src.syntax) {
			f.find(src)
		}
	}
	return t, t.settle()
}

func syntaxOf(files []*source) []*ast.File {
	var all []*ast.File
	for _, f := range files {
		all = append(all, f.syntax)
	}
	return all
}

// check type-checks files as the package and gives what is wrong with them.
func (t *target) check(fset *token.FileSet, files []*ast.File, info *types.Info) (*types.Package, []types.Error) {
	var problems []types.Error
	conf := types.Config{
		Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
			for _, p := range []string{path, "vendor/" + path} {
				if export := t.exports[p]; export != "" {
					return os.Open(export)
				}
			}
			return nil, fmt.Errorf("no export data for %s", path)
		}),
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) && !e.Soft {
				problems = append(problems, e)
			} else if errors.As(err, &e) && strings.Contains(e.Msg, "missing return") {
				problems = append(problems, e)
			}
		},
	}
	pkg, _ := conf.Check(t.path, fset, files, info) // the errors are those that were collected
	return pkg, problems
}
