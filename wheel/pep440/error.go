package pep440

import (
	"errors"
	"strconv"
	"unicode/utf8"
)

// Causes of an [*Error], for use with errors.Is.
var (
	ErrInvalidVersion   = errors.New("invalid version")
	ErrInvalidSpecifier = errors.New("invalid version specifier")
)

// Reason is a stable code for what is wrong with a text.
type Reason string

// The reasons an [*Error] may carry.
const (
	ReasonEmpty     Reason = "empty"     // nothing but white space
	ReasonTooLong   Reason = "too-long"  // a version of over MaxLength bytes, or a set of 2 GiB
	ReasonRelease   Reason = "release"   // no number where the release must start
	ReasonSeparator Reason = "separator" // a separator without a segment after it
	ReasonWord      Reason = "word"      // letters that do not name a segment
	ReasonLocal     Reason = "local"     // an empty or malformed local segment
	ReasonWildcard  Reason = "wildcard"  // ".*" where it is not allowed
	ReasonSpace     Reason = "space"     // white space inside
	ReasonCharacter Reason = "character" // any other byte that is not allowed
	ReasonOperator  Reason = "operator"  // no comparison operator at the start
	ReasonNoLocal   Reason = "no-local"  // a local segment after an ordering operator
	ReasonShort     Reason = "short"     // ~= with a single release number
)

// advice completes the message of an error: what is wrong and how to fix it.
func (r Reason) advice() string {
	switch r {
	case ReasonEmpty:
		return "nothing to read; write at least one number, such as 1.0"
	case ReasonTooLong:
		return "longer than any version; check that this is the right text"
	case ReasonRelease:
		return "expected a digit; a version starts with numbers, such as 1.2.3 or 1!2.0"
	case ReasonSeparator:
		return "no segment follows this separator; write . between release numbers or remove it"
	case ReasonWord:
		return "unknown segment; after the numbers only a, b, rc, post, dev or +local may follow"
	case ReasonLocal:
		return "malformed local version; after + write ASCII letters and digits joined by single dots, such as +cu118.1"
	case ReasonWildcard:
		return "a trailing .* is allowed only in a specifier with == or !=, directly after the release numbers"
	case ReasonSpace:
		return "white space inside; separate specifiers with commas and remove other spaces"
	case ReasonCharacter:
		return "this character is not allowed here; remove it"
	case ReasonOperator:
		return "expected one of ~= == != <= >= < > ===; to require one exact version write == before it"
	case ReasonNoLocal:
		return "a local version is allowed only after == or !=; remove the part from + on"
	case ReasonShort:
		return "~= needs at least two release numbers; write ~=1.0 or >=1"
	}
	return "cannot be read; check its spelling"
}

// Error reports a text that is not a version or not a specifier.
type Error struct {
	Input  string // the whole text given to the parse function
	Offset int    // byte offset in Input at which reading stopped
	Reason Reason // stable code
	Err    error  // ErrInvalidVersion or ErrInvalidSpecifier
}

// Error returns the input, the offset, and how to fix it. Long input is shortened
// around the offset.
func (e *Error) Error() string {
	return e.Err.Error() + " " + excerpt(e.Input, e.Offset) +
		" at byte " + strconv.Itoa(e.Offset) + ": " + e.Reason.advice()
}

// Unwrap returns ErrInvalidVersion or ErrInvalidSpecifier.
func (e *Error) Unwrap() error { return e.Err }

// excerpt quotes s, or about 80 bytes of it around off. Cuts are moved to
// rune boundaries so that a quoted excerpt shows no broken characters.
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

// fault is the scanner's cheap form of an Error: a zero Reason means success.
type fault struct {
	reason Reason
	off    int
}

func (f fault) versionError(input string) error {
	return &Error{Input: input, Offset: f.off, Reason: f.reason, Err: ErrInvalidVersion}
}

func (f fault) specifierError(input string) error {
	return &Error{Input: input, Offset: f.off, Reason: f.reason, Err: ErrInvalidSpecifier}
}
