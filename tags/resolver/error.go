package resolver

// Code tells the kinds of [Error] apart for programs; the codes are stable.
type Code string

// The codes of [Error].
const (
	CodeWord    Code = "word"     // no word that is known; Err says more
	CodePath    Code = "path"     // root: or image: without a path
	CodeOption  Code = "option"   // an option that does not go with the word
	CodeNoFleet Code = "no-fleet" // @fleet, but the configuration has no targets
	CodePython  Code = "python"   // a root whose Python must be named, or has none
)

// Error is a word that means no target.
type Error struct {
	Word   string // as given
	Code   Code
	Detail string // what is wrong with it; "" when Err says all
	Err    error  // of tags/distro, tags/fleet or tags, or nil
}

func (e *Error) Error() string {
	if e.Detail == "" && e.Err != nil {
		return e.Err.Error()
	}
	return e.Word + ": " + e.Detail
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }
