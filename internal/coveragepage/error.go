package coveragepage

import "fmt"

// Code is the kind of an [Error]; the values are stable.
type Code string

// The codes of [Error].
const (
	CodeTargets Code = "no-targets" // the page has no column
	CodeCells   Code = "cell-count" // a row has more or fewer cells than there are targets
	CodeState   Code = "state"      // a cell has an unknown state
	CodeWrite   Code = "write"      // the writer failed; see Cause
)

// Error reports why a page could not be written.
type Error struct {
	Code  Code
	What  string // what is wrong and what to do
	Where string // the row, with its package, or ""
	Cause error  // of the writer, or nil
}

func (e *Error) Error() string {
	s := "coverage page: "
	if e.Where != "" {
		s += e.Where + ": "
	}
	s += e.What
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the error of the writer, or nil.
func (e *Error) Unwrap() error { return e.Cause }

func whereRow(n int, r *Row) string {
	return fmt.Sprintf("row %d, package %q", n+1, r.Package)
}
