package binfile

import (
	"errors"
	"fmt"
)

// ErrNotBinary reports content that is neither Mach-O nor PE, whatever its
// first letters. Test for it with [errors.Is].
var ErrNotBinary = errors.New("binfile: neither a Mach-O nor a PE file")

// Codes of a [FormatError]. They are stable, so programs may compare them.
const (
	CodeTruncated = "truncated" // a range reaches past the end of the file
	CodeHeader    = "header"    // a header field that has no meaning
	CodeString    = "string"    // a name without an end
	CodeUnmapped  = "unmapped"  // an address that no section has
	CodeLimit     = "limit"     // more than this package is prepared to read
	CodeRead      = "read"      // the reader failed
)

// FormatError reports a file that has the marks of its format but cannot be
// read far enough to state its facts.
type FormatError struct {
	Format string // [MachO] or [PE], "" when not even that could be read
	Code   string // one of the Code constants
	Offset int64  // in the content, of the value at fault; -1 when it has only an address
	Field  string // the header field or table at fault, such as "sizeofcmds"
	Reason string // what is wrong with it, in words
	Cause  error  // of the reader, or nil
}

// Unwrap gives the error of the reader.
func (e *FormatError) Unwrap() error { return e.Cause }

// Error says what is wrong and where.
func (e *FormatError) Error() string {
	s := "binfile: "
	if e.Format != "" {
		s += e.Format + ": "
	}
	s += e.Field + ": " + e.Reason
	if e.Offset >= 0 {
		s += fmt.Sprintf(" (at offset %#x)", e.Offset)
	}
	return s
}
