package detect

import (
	"errors"
	"fmt"
	"io/fs"
)

// Warning is a reason to doubt the result, or something that it leaves out.
type Warning struct {
	Code    string `json:"code"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

// The codes of warnings. They never change.
const (
	CodeUnreadable  = "unreadable"   // a file or directory that could not be read
	CodeDamaged     = "damaged"      // a file that is not what it should be
	CodeLimit       = "limit"        // more than is looked at
	CodeTwoLibcs    = "two-libcs"    // glibc and musl side by side
	CodeNoLibc      = "no-libc"      // the loader that a program names does not exist
	CodeLibcVersion = "libc-version" // the version could not be read
	CodeDisagree    = "disagree"     // two sources say different things
	CodeVersion     = "version"      // a Python whose version could not be read
	CodeLink        = "broken-link"  // a Python that is a dangling link
	CodeScript      = "script"       // a Python that is a script, not a program
	CodeManylinux   = "manylinux"    // a _manylinux module is installed
)

// warn notes something that the reader of the result should know.
func (t *tree) warn(code, place, format string, args ...any) {
	w := Warning{Code: code, Path: absolute(place), Message: fmt.Sprintf(format, args...)}
	if t.warned[w] || len(t.warnings) > t.limits.warnings {
		return
	}
	if len(t.warnings) == t.limits.warnings {
		w = Warning{CodeLimit, "/", fmt.Sprintf("leads to more than %d warnings; the others are not shown", t.limits.warnings)}
	}
	t.warned[w] = true
	t.warnings = append(t.warnings, w)
}

// spend counts work. When its limit is reached it warns and returns false.
func (t *tree) spend(counter *int64, n, limit int64, what string) bool {
	if *counter += n; *counter > limit {
		t.warn(CodeLimit, "/", "leads to more than %d %s to look at; the others are skipped", limit, what)
		return false
	}
	return true
}

// unreadable notes an error that is not the plain absence of a file.
func (t *tree) unreadable(place string, err error) {
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotRegular) {
		return
	}
	t.warn(CodeUnreadable, place, "cannot be read: %v", cause(err))
}

// cause is the error without the path, which the warning has already.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
