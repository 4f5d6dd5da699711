package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// operators are the functions that stand in for an operator on integers, and what
// each one does when it is switched.
var operators = map[token.Token]struct {
	name  string
	other []string
}{
	token.LSS: {"Lt", []string{"<="}}, token.LEQ: {"Le", []string{"<"}}, token.GTR: {"Gt", []string{">="}}, token.GEQ: {"Ge", []string{">"}},
	token.ADD: {"Add", []string{"-"}}, token.SUB: {"Sub", []string{"+"}}, token.MUL: {"Mul", []string{"+"}}, token.QUO: {"Quo", []string{"*"}},
	token.REM: {"Rem", []string{"*"}}, token.AND: {"And", []string{"|"}}, token.OR: {"Or", []string{"&"}}, token.XOR: {"Xor", []string{"&"}},
	token.AND_NOT: {"AndNot", []string{"&"}}, token.SHL: {"Shl", []string{">>"}}, token.SHR: {"Shr", []string{"<<"}},
}

// expr visits an expression that is part of another one.
func (f *finder) expr(e ast.Expr) {
	if e == nil || f.constant(e) {
		return
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		f.expr(e.X)
	case *ast.BinaryExpr:
		f.binary(e)
	case *ast.UnaryExpr:
		f.expr(e.X)
	case *ast.StarExpr:
		f.expr(e.X)
	case *ast.SelectorExpr:
		f.expr(e.X)
	case *ast.TypeAssertExpr:
		f.expr(e.X)
	case *ast.KeyValueExpr:
		f.value(e.Value)
	case *ast.CompositeLit:
		for _, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				f.value(kv.Value)
			} else {
				f.value(el)
			}
		}
	case *ast.CallExpr:
		f.call(e)
	case *ast.IndexExpr:
		if tv := f.info.Types[e.Index]; tv.IsType() {
			return
		}
		f.expr(e.X)
		f.bound(e.Index, "- 1")
	case *ast.SliceExpr:
		f.expr(e.X)
		f.bound(e.Low, "+ 1")
		f.bound(e.High, "- 1")
	case *ast.FuncLit:
		results := f.results
		f.results = nil
		if sig, ok := f.info.TypeOf(e).(*types.Signature); ok {
			f.results = sig.Results()
		}
		f.block(e.Body.List, false)
		f.results = results
	}
}

// binary adds another operator, and visits the operands.
func (f *finder) binary(e *ast.BinaryExpr) {
	if f.isLogical(e) {
		f.condition(e)
		return
	}
	op, ok := operators[e.Op]
	shift := e.Op == token.SHL || e.Op == token.SHR
	if ok && f.isInteger(e.X) && f.isInteger(e.Y) && !(shift && f.constant(e.X)) {
		s := f.add(e, "mutant__"+op.name+"(%d, ", ")", change{f.text(e), f.text(e.X) + " " + op.other[0] + " " + f.text(e.Y)})
		s.edits = append(s.edits, edit{offset: f.offset(e.OpPos), size: len(e.Op.String()), text: ","})
	}
	f.expr(e.X)
	f.expr(e.Y)
}

// bound visits an index or the bound of a slice, which may be off by one.
func (f *finder) bound(e ast.Expr, by string) {
	if e == nil {
		return
	}
	if tv := f.info.Types[e]; basicInfo(tv.Type)&types.IsInteger != 0 {
		if name, ok := f.typeName(tv.Type); ok {
			f.add(e, "mutant__"+map[string]string{"+ 1": "Next", "- 1": "Prev"}[by]+"["+name+"](%d, ", ")", change{f.text(e), f.text(e) + " " + by})
		}
	}
	f.expr(e)
}

// call visits the arguments of a call, but not those of a text for people.
func (f *finder) call(e *ast.CallExpr) {
	if tv := f.info.Types[e.Fun]; tv.IsType() {
		f.exprs(e.Args)
		return
	}
	if f.isMessage(e.Fun) {
		return
	}
	f.expr(e.Fun)
	builtin := f.info.Types[e.Fun].IsBuiltin()
	for i, a := range e.Args {
		if isNamed(e.Fun, "make") && i == len(e.Args)-1 && !f.isSlice(e.Args[0], i) {
			break // a capacity changes nothing but the speed
		}
		if builtin || f.info.Types[a].IsType() || isFormat(e.Fun) && basicInfo(f.info.TypeOf(a))&types.IsString != 0 {
			f.expr(a)
		} else {
			f.value(a)
		}
	}
}

// isSlice reports whether argument i of make gives the length of a slice.
func (f *finder) isSlice(t ast.Expr, i int) bool {
	_, ok := f.info.TypeOf(t).Underlying().(*types.Slice)
	return ok && i == 1
}

// isFormat reports whether a function is called like one that takes a format.
func isFormat(fun ast.Expr) bool {
	name := ""
	switch fun := fun.(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	}
	return len(name) > 1 && name[len(name)-1] == 'f'
}

// isMessage reports whether a function makes an error or a text from a format.
func (f *finder) isMessage(fun ast.Expr) bool {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	obj := f.info.Uses[sel.Sel]
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	path := obj.Pkg().Path()
	return path == "fmt" || path == "errors" && obj.Name() == "New" || path == "log"
}
