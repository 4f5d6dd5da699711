package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// find collects the sites of a file: in the bodies of functions, where no constant
// is required.
func (f *finder) find(src *source) {
	f.file = src
	for _, d := range src.syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body == nil {
				continue
			}
			f.function = d.Name.Name
			if d.Recv != nil && len(d.Recv.List) == 1 {
				f.function = receiver(d.Recv.List[0].Type) + "." + f.function
			}
			f.results = nil
			if sig, ok := f.info.TypeOf(d.Name).(*types.Signature); ok {
				f.results = sig.Results()
			}
			f.block(d.Body.List, false)
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				f.literals(d)
			}
		}
	}
}

// literals visits the function literals of a package-level declaration.
func (f *finder) literals(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		spec := spec.(*ast.ValueSpec)
		f.function = spec.Names[0].Name
		for _, v := range spec.Values {
			ast.Inspect(v, func(n ast.Node) bool {
				lit, ok := n.(*ast.FuncLit)
				if ok {
					f.expr(lit)
				}
				return !ok
			})
		}
	}
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return "?"
}

// block visits statements. alone says that removing a single one changes no more
// than turning off the branch does.
func (f *finder) block(list []ast.Stmt, alone bool) {
	for _, s := range list {
		f.removable(s, alone && len(list) == 1)
		f.stmt(s)
	}
}

// removable adds the removal of a statement, or its counterpart.
func (f *finder) removable(s ast.Stmt, alone bool) {
	remove := func() {
		if !alone {
			f.add(s, "if !mutant__at(%d) { ", " }", change{f.text(s), "(removed)"})
		}
	}
	swap := func(other string) {
		f.add(s, "if mutant__at(%d) { "+escape(other)+" } else { ", " }", change{f.text(s), other})
	}
	switch s := s.(type) {
	case *ast.ExprStmt:
		if call, ok := s.X.(*ast.CallExpr); ok && !isNamed(call.Fun, "panic") && !isGrow(call.Fun) {
			remove()
		}
	case *ast.IncDecStmt:
		if s.Tok == token.INC {
			swap(f.text(s.X) + "--")
		} else {
			swap(f.text(s.X) + "++")
		}
	case *ast.AssignStmt:
		other, ok := map[token.Token]string{token.ADD_ASSIGN: "-=", token.SUB_ASSIGN: "+=", token.OR_ASSIGN: "&=", token.AND_ASSIGN: "|="}[s.Tok]
		switch {
		case ok && f.isInteger(s.Lhs[0]) && f.fset.Position(s.Pos()).Line == f.fset.Position(s.End()).Line:
			swap(f.text(s.Lhs[0]) + " " + other + " " + f.text(s.Rhs[0]))
		case s.Tok != token.DEFINE && !(len(s.Lhs) == 1 && isNamed(s.Lhs[0], "_")):
			remove()
		}
	case *ast.DeferStmt, *ast.SendStmt:
		remove()
	case *ast.BranchStmt:
		if s.Label == nil && s.Tok == token.CONTINUE {
			f.add(s, "if mutant__at(%d) { break }; ", "", change{"continue", "break"})
		}
	}
}

// stmt visits the expressions and blocks of a statement.
func (f *finder) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		f.block(s.List, false)
	case *ast.LabeledStmt:
		f.stmt(s.Stmt)
	case *ast.IfStmt:
		f.optional(s.Init)
		f.condition(s.Cond, "true", "false")
		f.block(s.Body.List, s.Else == nil)
		f.optional(s.Else)
	case *ast.ForStmt:
		f.optional(s.Init)
		if s.Cond != nil {
			f.condition(s.Cond, "false")
		}
		f.block(s.Body.List, false)
	case *ast.RangeStmt:
		f.expr(s.X)
		f.block(s.Body.List, false)
	case *ast.SwitchStmt:
		f.optional(s.Init)
		if s.Tag != nil {
			f.expr(s.Tag)
		}
		f.cases(s)
	case *ast.TypeSwitchStmt:
		for _, c := range s.Body.List {
			f.block(c.(*ast.CaseClause).Body, false)
		}
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			f.block(c.(*ast.CommClause).Body, false)
		}
	case *ast.ReturnStmt:
		f.returned(s)
	case *ast.AssignStmt:
		f.exprs(s.Lhs)
		for _, e := range s.Rhs {
			f.value(e)
		}
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				for _, e := range spec.(*ast.ValueSpec).Values {
					f.value(e)
				}
			}
		}
	case *ast.ExprStmt:
		f.expr(s.X)
	case *ast.DeferStmt:
		f.expr(s.Call)
	case *ast.GoStmt:
		f.expr(s.Call)
	case *ast.SendStmt:
		f.value(s.Value)
	}
}

// optional visits a statement that may be missing.
func (f *finder) optional(s ast.Stmt) {
	switch s.(type) {
	case nil:
	default:
		f.stmt(s)
	}
}

// cases visits the clauses of a switch: conditions where it has no tag, values else.
func (f *finder) cases(s *ast.SwitchStmt) {
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		for _, e := range clause.List {
			if s.Tag == nil {
				f.condition(e, "true", "false")
			} else {
				f.value(e)
			}
		}
		f.block(clause.Body, false)
	}
}

// returned visits what a return statement gives.
func (f *finder) returned(s *ast.ReturnStmt) {
	for i, e := range s.Results {
		f.zero(e, i, len(s.Results))
		f.value(e)
	}
}

// isGrow reports whether a call only allocates ahead.
func isGrow(fun ast.Expr) bool {
	sel, ok := fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Grow"
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
