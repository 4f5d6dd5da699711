// Package tomltree reads TOML, and JSON, into a tree that knows the line of every key and value,
// for files in which a fault must be shown where it is. It stands on the parser of
// go-toml, whose API for this is called unstable: no other package uses that.
package tomltree

import "fmt"

// Error is a fault in a document.
type Error struct {
	Line    int // 1-based
	Message string
	Err     error // of the parser, or nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("line %d: %s: %v", e.Line, e.Message, e.Err)
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Message)
}

// Unwrap returns the error of the parser.
func (e *Error) Unwrap() error { return e.Err }
