package lockfile

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
)

// Code is a stable name of an error or problem.
type Code string

// Codes of an [*Error]: nothing can be reported.
const (
	CodeRead           Code = "read"            // the file cannot be read; see Err
	CodeTooLarge       Code = "too-large"       // more than MaxSize bytes
	CodeFormat         Code = "format"          // not one of the known formats
	CodeSyntax         Code = "syntax"          // invalid or truncated TOML
	CodeLockVersion    Code = "lock-version"    // a version of the format that is not known
	CodeRequiresPython Code = "requires-python" // the file is not for that Python
	CodeEnvironment    Code = "environment"     // the file is not for that environment
	CodeSelection      Code = "selection"       // an extra or group that the file does not have
	CodeConflict       Code = "conflict"        // extras or groups that exclude each other
)

// Codes of a [Problem]: the rest of the file is used. CodeLockVersion is also used for
// a newer minor version, as a note.
const (
	CodeType       Code = "type"       // a value of the wrong type
	CodeMissing    Code = "missing"    // a required value is missing
	CodeName       Code = "name"       // not the name of a project
	CodeVersion    Code = "version"    // not a version
	CodeMarker     Code = "marker"     // not an environment marker
	CodePython     Code = "python"     // not a range of Python versions
	CodeFilename   Code = "filename"   // a file name that is not that of a wheel or sdist
	CodeMismatch   Code = "mismatch"   // a file of another project or version
	CodeHash       Code = "hash"       // a missing or malformed hash
	CodeDuplicate  Code = "duplicate"  // the same package twice
	CodeNoFiles    Code = "no-files"   // a package from an index without any file
	CodeDependency Code = "dependency" // a dependency that is not in the file
	CodeVariants   Code = "variants"   // variants-json that cannot be read
	CodeLine       Code = "line"       // a line that cannot be read
	CodeOption     Code = "option"     // an option without effect here; a note
	CodeInclude    Code = "include"    // an included file that was not read
	CodeCycle      Code = "cycle"      // a file that includes itself
	CodeEnvVar     Code = "env-var"    // an environment variable, which is not expanded; a note
	CodeConstraint Code = "constraint" // a constraint that an earlier one overrides; a note
	CodePlatform   Code = "platform"   // a platform of conda that is not known
	CodeConda      Code = "conda"      // packages that conda installs; a note
	CodeTarget     Code = "target"     // a platform that the file is limited to; a note
)

// Problem is something in a lock file that could not be used, or that the user
// should know. The rest of the file is used all the same.
type Problem struct {
	Code    Code
	Note    bool // for information: nothing is wrong
	File    string
	Line    int    // 1-based
	Package string // normalised name; empty if it is not about a package
	Message string // what is wrong and what to do
}

// String gives file, line and message in the form that editors understand.
func (p Problem) String() string {
	s := p.File + ":" + strconv.Itoa(p.Line) + ": "
	if p.Package != "" {
		s += p.Package + ": "
	}
	return s + p.Message
}

// Error reports that there is no answer at all.
type Error struct {
	Code   Code
	File   string
	Line   int    // 1-based; 0 if the error belongs to no line
	Detail string // what is wrong and what to do
	Err    error  // cause, or nil
}

// Error says where it went wrong, what was found and what to do.
func (e *Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s += ":" + strconv.Itoa(e.Line)
	}
	s += ": " + e.Detail
	var inner *Error
	var failed *fs.PathError
	switch {
	case e.Err == nil:
	case errors.As(e.Err, &inner) && inner.File == e.File:
		s += ": " + inner.Detail // the place was named above
		if inner.Err != nil {
			s += ": " + inner.Err.Error()
		}
	case errors.As(e.Err, &failed) && failed.Path == e.File:
		s += ": " + failed.Err.Error()
	default:
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// maxQuoted is how much of a text of the file a message repeats, in bytes. A text
// may be as long as the file, and be what very many messages are about.
const maxQuoted = 1000

// clip shortens a text for a message.
func clip(s string) string {
	if len(s) <= maxQuoted {
		return s
	}
	return strings.ToValidUTF8(s[:maxQuoted], "") + "..."
}

// clipped shortens the texts among the arguments of a message.
func clipped(args []any) []any {
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = clip(s)
		}
	}
	return args
}
