package pep508

import (
	"strconv"
	"unicode/utf8"
)

// Code is a stable name for the reason of an [*Error] or [*EvalError].
type Code string

// Codes of an [*Error].
const (
	CodeName      Code = "name"      // no project name at the start
	CodeExtras    Code = "extras"    // a malformed list of extras
	CodeURL       Code = "url"       // nothing after @, or no space after the URL
	CodeSpecifier Code = "specifier" // a malformed version specifier; see Err
	CodeBracket   Code = "bracket"   // a parenthesis or bracket without its match
	CodeOperand   Code = "operand"   // neither a marker variable nor a quoted text
	CodeOperator  Code = "operator"  // no comparison operator between the operands
	CodeLiteral   Code = "literal"   // a quoted text that Python would not read
	CodeTrailing  Code = "trailing"  // text after the end
	CodeDepth     Code = "depth"     // parentheses nested deeper than MaxDepth
)

// Codes of an [*EvalError].
const (
	CodeComparison Code = "comparison" // the operator has no meaning for the operands
	CodeVariable   Code = "variable"   // the variable does not exist in this context
)

var advice = map[Code]string{
	CodeName:       "expected the name of a project, which starts with an ASCII letter or digit",
	CodeExtras:     "expected the names of extras, separated by commas, as in [a,b]",
	CodeURL:        "expected a URL after @; put a space before the semicolon that ends it",
	CodeSpecifier:  "not a version specifier; write an operator and a version, separated by commas, as in >=1.2,<2",
	CodeBracket:    "the bracket opened here is not closed",
	CodeOperand:    "expected a marker variable, such as python_version, or a quoted text",
	CodeOperator:   "expected one of < <= == != >= > ~= === in, not in",
	CodeLiteral:    "this quoted text is not a valid Python string; check backslashes and line ends",
	CodeTrailing:   "unexpected text; markers follow a semicolon and are joined by and, or",
	CodeDepth:      "parentheses are nested too deeply; remove unnecessary ones",
	CodeComparison: "this operator has no meaning for these operands",
	CodeVariable:   "this variable does not exist in this context",
}

// Error reports a text that is not a requirement or not a marker.
type Error struct {
	Input  string // the text given to the parse function
	Offset int    // byte offset of the error in Input
	Code   Code
	Err    error // for CodeSpecifier a *pep440.Error, else nil
}

// Error returns the input, the offset, and how to fix it. Long input is shortened
// around the offset.
func (e *Error) Error() string {
	return "invalid dependency specifier " + excerpt(e.Input, e.Offset) +
		" at byte " + strconv.Itoa(e.Offset) + ": " + advice[e.Code]
}

// Unwrap returns the cause, if there is one.
func (e *Error) Unwrap() error { return e.Err }

// EvalError reports a marker that cannot be evaluated.
type EvalError struct {
	Code Code
	Term string // the comparison at fault, in normal form
	Name string // the variable
}

// Error returns the comparison and what is wrong with it.
func (e *EvalError) Error() string {
	return "marker " + excerpt(e.Term, 0) + " cannot be evaluated: " + advice[e.Code] + " (" + strconv.Quote(e.Name) + ")"
}

// excerpt quotes s, or about 80 bytes of it around off, cut between runes.
func excerpt(s string, off int) string {
	const before, after = 50, 30
	lo, hi := max(off-before, 0), min(off+after, len(s))
	for lo > 0 && lo < hi && !utf8.RuneStart(s[lo]) {
		lo++
	}
	for hi < len(s) && hi > lo && !utf8.RuneStart(s[hi]) {
		hi--
	}
	q := strconv.Quote(s[lo:hi])
	if lo > 0 {
		q = "..." + q
	}
	if hi < len(s) {
		q += "..."
	}
	return q
}
