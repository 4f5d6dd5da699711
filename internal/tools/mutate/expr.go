package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

func (f *finder) exprs(list []ast.Expr) {
	for _, e := range list {
		f.expr(e)
	}
}

// condition visits a boolean expression that decides. The outcomes are the values
// that it may be fixed to; an operand of && and || is fixed to the value that
// leaves the decision to the other operand.
func (f *finder) condition(e ast.Expr, outcomes ...string) {
	switch x := e.(type) {
	case *ast.ParenExpr:
		f.condition(x.X, outcomes...)
		return
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			opposite := map[string]string{"true": "false", "false": "true"}
			var turned []string
			for _, o := range outcomes {
				turned = append(turned, opposite[o])
			}
			f.condition(x.X, turned...)
			return
		}
	case *ast.BinaryExpr:
		neutral := map[token.Token]string{token.LAND: "true", token.LOR: "false"}[x.Op]
		if neutral != "" {
			if whole := slices.DeleteFunc(slices.Clone(outcomes), func(o string) bool { return o == neutral }); len(whole) > 0 {
				f.fix(e, whole)
			}
			f.condition(x.X, neutral)
			f.condition(x.Y, neutral)
			return
		}
	}
	if !f.constant(e) {
		f.fix(e, outcomes)
	}
	f.expr(e)
}

// fix adds the replacement of a boolean expression by constants.
func (f *finder) fix(e ast.Expr, outcomes []string) {
	var changes []change
	for _, o := range outcomes {
		changes = append(changes, change{f.text(e), o})
	}
	switch fmt.Sprint(outcomes) {
	case "[true false]":
		f.add(e, "mutant__TrueFalse(%d, ", ")", changes...)
	case "[false true]":
		f.add(e, "mutant__FalseTrue(%d, ", ")", changes...)
	case "[true]":
		f.add(e, "mutant__True(%d, ", ")", changes...)
	case "[false]":
		f.add(e, "mutant__False(%d, ", ")", changes...)
	}
}

// value visits an expression that is kept or handed on.
func (f *finder) value(e ast.Expr) {
	if f.swapConstant(e) {
		return
	}
	if f.isBool(e) && !f.isLogical(e) && isBasic(f.info.TypeOf(e)) {
		f.add(e, "mutant__Not(%d, ", ")", change{f.text(e), "!(" + f.text(e) + ")"})
	}
	if f.isLogical(e) {
		f.condition(e, "true", "false")
		return
	}
	f.expr(e)
}

func isBasic(t types.Type) bool { _, ok := t.(*types.Basic); return ok }

// isLogical reports whether an expression joins conditions.
func (f *finder) isLogical(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && (b.Op == token.LAND || b.Op == token.LOR)
}

// swapConstant adds other values for a constant and reports whether it is one.
func (f *finder) swapConstant(e ast.Expr) bool {
	tv := f.info.Types[e]
	if tv.Value == nil {
		return false
	}
	if other, ok := f.sibling(e); ok {
		f.add(e, "mutant__Swap(%d, ", ", "+other+")", change{f.text(e), other})
		return true
	}
	name, ok := f.typeName(tv.Type)
	if !ok {
		return true
	}
	switch tv.Value.Kind() {
	case constant.Bool:
		f.add(e, "mutant__Not(%d, ", ")", change{f.text(e), "!" + f.text(e)})
	case constant.Int:
		if basicInfo(tv.Type)&types.IsInteger != 0 {
			f.add(e, "mutant__Next["+name+"](%d, ", ")", change{f.text(e), f.text(e) + " + 1"})
		}
	case constant.String:
		if constant.StringVal(tv.Value) != "" {
			f.add(e, "mutant__Empty["+name+"](%d, ", ")", change{f.text(e), `""`})
		}
	}
	return true
}

// sibling names another constant of the same enumeration: the next one of its
// type, in the order of names.
func (f *finder) sibling(e ast.Expr) (string, bool) {
	id, prefix := (*ast.Ident)(nil), ""
	switch e := e.(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id, prefix = e.Sel, f.text(e.X)+"."
	default:
		return "", false
	}
	c, ok := f.info.Uses[id].(*types.Const)
	if !ok || c.Pkg() == nil || c.Parent() != c.Pkg().Scope() {
		return "", false
	}
	if _, named := c.Type().(*types.Named); !named {
		return "", false
	}
	var first, next string
	for _, name := range c.Pkg().Scope().Names() {
		other, ok := c.Pkg().Scope().Lookup(name).(*types.Const)
		if !ok || !types.Identical(other.Type(), c.Type()) || constant.Compare(other.Val(), token.EQL, c.Val()) || prefix != "" && !other.Exported() {
			continue
		}
		if first == "" {
			first = name
		}
		if name > c.Name() && next == "" {
			next = name
		}
	}
	if next == "" {
		next = first
	}
	return prefix + next, next != ""
}

// zero adds the zero value in place of a result.
func (f *finder) zero(e ast.Expr, i, n int) {
	if f.constant(e) || f.isBool(e) || isNamed(e, "nil") {
		return
	}
	t := f.info.TypeOf(e)
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Basic:
	default:
		return
	}
	if f.results == nil || f.results.Len() != n || !types.Identical(f.results.At(i).Type(), t) {
		return
	}
	f.add(e, "mutant__Zero(%d, ", ")", change{"return " + f.text(e), "the zero value"})
}
