package wheel

import (
	"errors"
	"fmt"
)

// Error is something wrong in a wheel's archive, or in a file of its *.dist-info
// directory.
type Error struct {
	Path   string // of the member; empty for the archive as a whole
	Offset int64  // in the archive, or for a parsed file in its content
	Code   Code
	Err    error // says it in words
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Code says what is wrong; the strings are stable. [NameCode] has those of file names.
type Code string

// What can be wrong with the directory of an archive. [Archive.Problems] finds these.
const (
	CodeTwoDirectories Code = "two-directories" // another directory is where the archive states it to be
	CodeZip64Unasked   Code = "zip64-unasked"   // a ZIP64 end record differs from the end record, which does not refer to it
	CodeZip64Locator   Code = "zip64-locator"   // the ZIP64 end record is not where its locator states it to be
	CodeZip64Missing   Code = "zip64-missing"   // there is no ZIP64 end record although one is referred to
	CodeZip64Size      Code = "zip64-size"      // the ZIP64 end record has not the usual size
	CodeEntryCount     Code = "entry-count"     // the directory has more or fewer members than stated
	CodeDirectorySize  Code = "directory-size"  // the last entry of the directory goes beyond its end
	CodeDisk           Code = "disk"            // the archive claims to be in several parts
	CodePrefix         Code = "prefix"          // bytes before the archive
	CodeTrailing       Code = "trailing-data"   // bytes behind the archive
	CodeComment        Code = "comment-length"  // the comment of the archive is cut short
	CodeUnicodeName    Code = "unicode-name"    // an extra field has another name for the member
	CodeNameNUL        Code = "name-nul"        // a NUL in the name, where Python ends it
	CodeNameEncoding   Code = "name-encoding"   // the name is flagged to be UTF-8 and is not
	CodeNameCharset    Code = "name-charset"    // the name is not ASCII and not flagged to be UTF-8
	CodeExtraField     Code = "extra-field"     // an extra field is malformed or repeated
	CodeDuplicateName  Code = "duplicate-name"  // two members have one name
	CodeMemberComment  Code = "member-comment"  // a member has a comment
	CodeVersionNeeded  Code = "version-needed"  // a version of the format that readers refuse
	CodeEncrypted      Code = "encrypted"       // the member is encrypted
	CodeMethod         Code = "method"          // the member is neither stored nor deflated
	CodeOverlap        Code = "overlap"         // the member reaches into another or into the directory
)

// What can be wrong between the members of an archive. [Archive.CheckFraming] finds
// these.
const (
	CodeEndRecord       Code = "end-record"       // another end record that fits the end of the file
	CodeLocalMissing    Code = "local-missing"    // no local header where the directory says
	CodeLocalName       Code = "local-name"       // the local header has another name
	CodeLocalHeader     Code = "local-header"     // the local header differs in method, flags, size or checksum
	CodeLocalExtra      Code = "local-extra"      // an extra field of the local header is malformed, repeated or another name
	CodeDescriptor      Code = "data-descriptor"  // sizes and checksum follow the data
	CodeDescriptorValue Code = "descriptor-value" // and differ from the directory, or are not there
	CodeHiddenData      Code = "hidden-data"      // bytes that belong to no member
	CodeHiddenMember    Code = "hidden-member"    // a local header that the directory does not list
)

// Ambiguous reports whether a fault makes one reader of archives see other files
// than the next, so that what was checked need not be what is installed.
func (c Code) Ambiguous() bool {
	switch c {
	case CodeTwoDirectories, CodeZip64Unasked, CodeZip64Locator, CodeEntryCount, CodeUnicodeName, CodeNameNUL, CodeOverlap, CodeEndRecord, CodeLocalName, CodeHiddenMember:
		return true
	}
	return false
}

// ErrNotZip reports input that is not a zip archive, or one cut short.
var ErrNotZip = errors.New("not a zip archive, or one that was cut short")

// ErrDirectory reports a zip archive whose directory is malformed, so that no member can
// be found. It is an [ErrNotZip] too.
var ErrDirectory error = directoryError{}

type directoryError struct{}

func (directoryError) Error() string {
	return "the directory of the zip archive is malformed; no tool can read the files"
}

func (directoryError) Is(target error) bool { return target == ErrNotZip }

// ErrNoMember reports a file that the archive should have and lacks.
var ErrNoMember = errors.New("no such file in the archive")

// ErrAmbiguous reports an archive that readers of zip files understand differently.
// The *[Error] that wraps it says why.
var ErrAmbiguous = errors.New("tools that read zip archives see different files")

// maxProblems bounds the lists of problems.
const maxProblems = 1000

// problems collects what is wrong.
type problems []*Error

func (p *problems) add(path string, offset int64, code Code, format string, args ...any) {
	if len(*p) < maxProblems {
		*p = append(*p, &Error{path, offset, code, fmt.Errorf(format, args...)})
	}
}
