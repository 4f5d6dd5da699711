package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// A mutant is one change of one place.
type mutant struct {
	id         int
	file       *source
	line, col  int
	function   string
	old, new   string
	start, end int // the span of the site in its file, in bytes
}

func (m *mutant) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s -> %s", m.file.name, m.line, m.col, m.function, m.old, m.new)
}

// A site is a place in the source together with the edits that make its mutants
// selectable. Edits only insert text or replace an operator, so that the edits of
// nested sites can be combined, and never add a line.
type site struct {
	start, end int // byte offsets
	edits      []edit
	mutants    []*mutant
	off        bool // its text does not compile
}

// An edit replaces size bytes at an offset.
type edit struct {
	offset, size int
	text         string
	closes       bool // goes behind what it encloses
}

// source is a file of the package.
type source struct {
	path, name string // absolute; relative to the root of the module
	text       []byte
	syntax     *ast.File
	sites      []*site
	lines      map[int]bool // lines to change, nil for all
}

// finder collects the sites of a package.
type finder struct {
	fset     *token.FileSet
	info     *types.Info
	pkg      *types.Package
	file     *source
	function string
	results  *types.Tuple
	next     int // the id of the next mutant
}

// add records a site that puts before and after around a node. The mutants are
// numbered from the number that before is formatted with.
func (f *finder) add(n ast.Node, before, after string, changes ...change) *site {
	start, end := f.offset(n.Pos()), f.offset(n.End())
	s := &site{start: start, end: end}
	pos := f.fset.Position(n.Pos())
	if f.file.lines != nil && !f.file.lines[pos.Line] {
		return s // outside of what is asked for: the edits are lost with it
	}
	for i, c := range changes {
		s.mutants = append(s.mutants, &mutant{
			id: f.next + i, file: f.file, line: pos.Line, col: pos.Column, function: f.function, old: c.old, new: c.new, start: start, end: end,
		})
	}
	s.edits = []edit{{offset: start, text: fmt.Sprintf(before, f.next)}, {offset: end, text: after, closes: true}}
	f.next += len(changes)
	f.file.sites = append(f.file.sites, s)
	return s
}

type change struct{ old, new string }

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

// text is the source of a node, on one line.
func (f *finder) text(n ast.Node) string {
	return oneLine(string(f.file.text[f.offset(n.Pos()):f.offset(n.End())]))
}

// value reports whether an expression is a constant.
func (f *finder) constant(e ast.Expr) bool { return f.info.Types[e].Value != nil }

func (f *finder) isInteger(e ast.Expr) bool { return basicInfo(f.info.TypeOf(e))&types.IsInteger != 0 }

func (f *finder) isBool(e ast.Expr) bool { return basicInfo(f.info.TypeOf(e))&types.IsBoolean != 0 }

func basicInfo(t types.Type) types.BasicInfo {
	if t == nil {
		return 0
	}
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()
	}
	return 0
}

// typeName writes a type as the file can: a predeclared one, or one of the package.
func (f *finder) typeName(t types.Type) (string, bool) {
	switch t := t.(type) {
	case *types.Basic:
		return types.Default(t).String(), t.Kind() != types.UntypedNil
	case *types.Named:
		if t.Obj().Pkg() == f.pkg && t.TypeArgs() == nil && t.Obj().Parent() == f.pkg.Scope() {
			return t.Obj().Name(), true
		}
	}
	return "", false
}
