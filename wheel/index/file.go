package index

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
)

// File is a file that a project offers.
type File struct {
	Name    string // base name, decoded
	Project string // normalised, from the name
	Version string // as written in the name
	IsWheel bool   // otherwise a source distribution

	URL  string // as the page has it, without the fragment; "" for local files
	Path string // of a local file

	Size           int64 // in bytes, -1 if unknown
	Hashes         []Hash
	RequiresPython string
	Yanked         bool
	YankedReason   string
	Line           int // in the page or list, 0 for local files
}

// Hash is a digest, in lower-case hexadecimal, by an algorithm as Python's
// hashlib names it.
type Hash struct{ Algorithm, Digest string }

// Error is a file or a page that cannot be read.
type Error struct {
	Source string // page, list or path
	Line   int    // 0 if it is about the whole file
	Code   string // one of the Code constants
	Err    error
}

// The codes of errors. They are stable.
const (
	CodeName   = "name"   // not the file name of a wheel or source distribution
	CodeSyntax = "syntax" // not a page of a simple index
	CodeRead   = "read"   // a file or directory that cannot be read
	CodeLimit  = "limit"  // too large
	CodeStatus = "status" // the status of a project that cannot be read
)

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %v", e.Source, e.Line, e.Err)
	}
	var failed *fs.PathError
	if errors.As(e.Err, &failed) && failed.Path == e.Source {
		return fmt.Sprintf("%s: %v", e.Source, failed.Err)
	}
	return e.Source + ": " + strings.TrimPrefix(e.Err.Error(), e.Source+": ") // the cause may name it too
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// identify sets project, version and kind by the name; project, if known, helps
// with old names. It is not ok for files that are not distributions: signatures,
// metadata, installers, archives of other kinds.
func (f *File) identify(project string) (ok bool, err error) {
	if strings.HasSuffix(f.Name, ".whl") {
		n, err := wheel.ParseName(f.Name)
		if err != nil {
			return false, err
		}
		f.Project, f.Version, f.IsWheel = n.NormalizedName(), n.Version.Source(), true
		return true, nil
	}
	if _, is := wheel.SdistStem(f.Name); !is {
		return false, nil
	}
	n, err := wheel.ParseSdistName(f.Name, project)
	if err != nil {
		return false, err
	}
	f.Project, f.Version = n.Name, n.Version.Source()
	return true, nil
}
