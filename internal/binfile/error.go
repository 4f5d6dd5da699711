package binfile

import (
	"errors"
	"fmt"
)

// ErrNotBinary reports content that is neither Mach-O nor PE, whatever its
// first letters. Test for it with [errors.Is].
var ErrNotBinary = errors.New("neither a Mach-O nor a PE file")

// Codes of a [FormatError]. They are stable, so programs may compare them.
const (
	CodeTruncated = "truncated" // a range extends past the end of the file
	CodeHeader    = "header"    // an invalid header field
	CodeString    = "string"    // a name without an end
	CodeUnmapped  = "unmapped"  // an address outside all sections
	CodeLimit     = "limit"     // more than this package reads
	CodeRead      = "read"      // the reader failed
)

// FormatError reports a Mach-O or PE file that cannot be read far enough to state
// its facts.
type FormatError struct {
	Format string // [MachO] or [PE], "" if not even that could be read
	Code   string // one of the Code constants
	Offset int64  // in the content, of the value at fault; -1 if only an address is known
	Field  string // the header field or table at fault, such as "sizeofcmds"
	Reason string // what is wrong with it, in words
	Cause  error  // of the reader, or nil
}

// Unwrap returns the error of the reader.
func (e *FormatError) Unwrap() error { return e.Cause }

// Error returns the field, what is wrong with it, and the offset.
func (e *FormatError) Error() string {
	s := e.Field + ": " + e.Reason
	if e.Format != "" {
		s = e.Format + ": " + s
	}
	if e.Offset >= 0 {
		s += fmt.Sprintf(" (at offset %#x)", e.Offset)
	}
	return s
}
