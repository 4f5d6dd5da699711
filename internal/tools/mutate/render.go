package main

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

//go:embed runtime.go.txt
var runtimeFile string

// runtimeText is the file that is added to a package: the switch of its mutants.
func (t *target) runtimeText() string {
	return strings.Replace(runtimeFile, "package PACKAGE", "package "+t.name, 1)
}

// rendered is the text of a file with the edits of its sites, and where each line
// of it begins.
func (s *source) rendered() string {
	var edits []edit
	for _, site := range s.sites {
		if site.off {
			continue
		}
		edits = append(edits, site.edits...)
	}
	// At one offset the closing texts come first, the inner ones before the outer
	// ones; then the opening texts, the outer ones first. Sites are in the order of
	// a walk from the outside to the inside.
	order := make([]int, 0, len(edits))
	for i := range edits {
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := edits[a], edits[b]
		switch {
		case x.offset != y.offset:
			return x.offset - y.offset
		case x.closes != y.closes && x.closes:
			return -1
		case x.closes != y.closes:
			return 1
		case x.closes:
			return b - a
		}
		return a - b
	})
	var out strings.Builder
	done := 0
	for _, i := range order {
		e := edits[i]
		out.Write(s.text[done:e.offset])
		out.WriteString(e.text)
		done = e.offset + e.size
	}
	out.Write(s.text[done:])
	return out.String()
}

// settle turns off the sites whose text does not compile, until the rest does, and
// collects the mutants of the others.
func (t *target) settle() error {
	for round := 0; ; round++ {
		problems := t.problems()
		if len(problems) == 0 {
			break
		}
		if round == 20 {
			return fmt.Errorf("%s: still does not compile with the changes in it: %v", t.path, problems[0].msg)
		}
		for _, p := range problems {
			if !t.turnOff(p) {
				return fmt.Errorf("%s:%d: %s", p.file.name, p.line, p.msg)
			}
		}
	}
	for _, f := range t.files {
		for _, s := range f.sites {
			if !s.off {
				t.mutants = append(t.mutants, s.mutants...)
			}
		}
	}
	return nil
}

// A problem is what the compiler says of a line; edits add no lines.
type problem struct {
	file *source
	line int
	msg  string
}

// problems parses and checks the package with all edits.
func (t *target) problems() []problem {
	var out []problem
	fset := token.NewFileSet()
	byPath := map[string]*source{}
	var files []*ast.File
	for _, f := range t.files {
		byPath[f.path] = f
		syntax, err := parser.ParseFile(fset, f.path, f.rendered(), parser.SkipObjectResolution|parser.AllErrors)
		if list, ok := err.(scanner.ErrorList); ok {
			for _, e := range list {
				out = append(out, problem{f, e.Pos.Line, e.Msg})
			}
		}
		files = append(files, syntax)
	}
	if len(out) > 0 {
		return out
	}
	added, err := parser.ParseFile(fset, "runtime", t.runtimeText(), parser.SkipObjectResolution)
	if err != nil {
		panic(err) // the file is embedded
	}
	_, wrong := t.check(fset, append(files, added), nil)
	for _, e := range wrong {
		pos := fset.Position(e.Pos)
		if byPath[pos.Filename] == nil {
			panic(e) // the added file is to suit any package
		}
		out = append(out, problem{byPath[pos.Filename], pos.Line, e.Msg})
	}
	return out
}

// turnOff turns off the sites of a line, or, where a return is missing, those of
// the function that ends there.
func (t *target) turnOff(p problem) bool {
	found := false
	for _, s := range p.file.sites {
		first, last := t.line(p.file, s.start), t.line(p.file, s.end)
		if s.off || p.line < first || p.line > last && !strings.Contains(p.msg, "missing return") {
			continue
		}
		if strings.Contains(p.msg, "missing return") {
			if first < t.functionStart(p.file, p.line) || s.mutants[0].new != "(removed)" && s.mutants[0].new != "break" {
				continue
			}
		} else if first != p.line && last != p.line {
			continue
		}
		s.off, found = true, true
	}
	return found
}

func (t *target) line(f *source, offset int) int {
	return t.fset.File(f.syntax.Pos()).Line(t.fset.File(f.syntax.Pos()).Pos(offset))
}

// functionStart is the first line of the function that a line is part of.
func (t *target) functionStart(f *source, line int) int {
	first := 1
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			if start := t.fset.Position(n.Pos()).Line; start <= line && line <= t.fset.Position(n.End()).Line {
				first = start
			}
		}
		return true
	})
	return first
}

// oneLine folds white space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// escape protects a text in a format.
func escape(s string) string { return strings.ReplaceAll(s, "%", "%%") }
