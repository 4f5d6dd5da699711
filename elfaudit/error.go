package elfaudit

import (
	"errors"
	"fmt"
)

// ErrNotELF reports input that does not start with the ELF magic number.
// Test for it with [errors.Is].
var ErrNotELF = errors.New("not an ELF file")

// Codes of a [FormatError]. They are stable, so programs may compare them.
const (
	CodeTruncated = "truncated" // a range extends past the end of the file
	CodeRead      = "read"      // the reader failed; see Cause
	CodeHeader    = "header"    // an invalid field of the ELF header
	CodeSegment   = "segment"   // a program header that contradicts itself or another
	CodeUnmapped  = "unmapped"  // an address outside the file contents of the loadable segments
	CodeDynamic   = "dynamic"   // the dynamic table lacks an entry or contradicts itself
	CodeString    = "string"    // a name outside the string table or without an end
	CodeSymbol    = "symbol"    // symbols that cannot be counted or decoded
	CodeVersion   = "version"   // symbol version tables that contradict themselves
	CodeLimit     = "limit"     // larger than this package reads
)

// FormatError reports an ELF file that cannot be read far enough to state its
// facts.
type FormatError struct {
	Code   string // one of the Code constants
	Offset int64  // file offset of the value at fault, -1 when there is none
	Field  string // the header field, table or tag at fault, such as "DT_STRTAB"
	Reason string // what is wrong with it, in words
	Cause  error  // the error of the underlying reader, if any
}

// Error says what is wrong and where.
func (e *FormatError) Error() string {
	s := e.Field + ": " + e.Reason
	if e.Offset >= 0 {
		s += fmt.Sprintf(" (at offset %#x)", e.Offset)
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the error of the underlying reader, or nil.
func (e *FormatError) Unwrap() error { return e.Cause }

// bad builds a FormatError without a cause.
func bad(code string, offset int64, field, reason string) error {
	return &FormatError{Code: code, Offset: offset, Field: field, Reason: reason}
}
