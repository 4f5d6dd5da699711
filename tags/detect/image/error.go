package image

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Code tells the errors of this package apart for programs. Codes are stable.
type Code string

// The codes of [Error].
const (
	CodeRead        Code = "read"        // the operating system could not read the file
	CodeFormat      Code = "format"      // not a container image, nor a tar of a root file system
	CodeCompression Code = "compression" // compressed in a way this package does not read
	CodeTruncated   Code = "truncated"   // ends before its own headers say
	CodeDamaged     Code = "damaged"     // a tar header or compressed data that contradicts itself
	CodeManifest    Code = "manifest"    // a manifest, index or config that cannot be understood
	CodeMissing     Code = "missing"     // a part that the manifest names is not in the file
	CodeDigest      Code = "digest"      // a part is not the one its digest or size names
	CodeMediaType   Code = "media-type"  // a kind of image or layer this package does not know
	CodeForeign     Code = "foreign"     // a layer that has to be fetched from elsewhere
	CodeAmbiguous   Code = "ambiguous"   // several images, nothing to choose one by
	CodePlatform    Code = "platform"    // no image for the platform
	CodeName        Code = "name"        // an entry name that no Linux file system can hold
	CodeWhiteout    Code = "whiteout"    // a whiteout that names nothing
	CodeEntry       Code = "entry"       // a kind of tar entry that container runtimes refuse
	CodeHardLink    Code = "hard-link"   // a hard link to nothing, to a directory or to itself
	CodeNotDir      Code = "not-dir"     // an entry below something that is not a directory
	CodeLinkLoop    Code = "link-loop"   // an entry below symbolic links that lead in circles
	CodeLimit       Code = "limit"       // more than this package is prepared to read
	CodeSymlink     Code = "symlink"     // opened or passed a symbolic link; resolve it with ReadLink
	CodeSpecial     Code = "special"     // opened a device, pipe or socket
	CodeSparse      Code = "sparse"      // opened a sparse file, whose holes this package does not fill
)

// Error is an image, or a part of one, that cannot be read. Errors of the
// methods of [Root] carry it inside an [fs.PathError].
type Error struct {
	Code   Code
	Image  string // path of the image file, as given to Open
	Where  string // the part at fault: a member, a layer, an entry in one; "" for the whole
	Detail string // what is wrong and how to fix it
	Err    error  // the error underneath, or nil
}

// Error says what is wrong, where, and what to do.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("image")
	if e.Image != "" {
		b.WriteString(" " + shorten(e.Image))
	}
	if e.Where != "" {
		b.WriteString(": " + shorten(e.Where))
	}
	b.WriteString(": " + e.Detail)
	if e.Err != nil {
		fmt.Fprintf(&b, " (%v)", e.Err)
	}
	return b.String()
}

// Unwrap returns the error underneath, or nil.
func (e *Error) Unwrap() error { return e.Err }

// shorten keeps a hostile name from flooding a message.
func shorten(s string) string {
	const most = 300
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

// fault builds an error whose place is filled in by those who know it, with
// within.
func fault(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// ioFault turns an error met while reading into an [Error]. The three kinds
// ask for different remedies: fetch the file again, get an intact one, look at
// the disk.
func ioFault(err error) *Error {
	var known *Error
	var path *fs.PathError // of the system, when opening
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &path), errors.Is(err, fs.ErrClosed):
		return &Error{Code: CodeRead, Detail: "cannot be read", Err: err}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fault(CodeTruncated, "ends too early; fetch or save it again")
	}
	if e := codecFault(err); e != nil {
		return e
	}
	// The other errors of decoders have no type in common.
	return &Error{Code: CodeDamaged, Detail: "its compressed data is damaged; fetch or save it again", Err: err}
}

// within names the place of a fault, unless something nearer has named it.
func within(err error, image, where string) error {
	if err == nil {
		return nil
	}
	e := *ioFault(err) // a copy: the original may belong to a decoder
	if e.Image == "" {
		e.Image = image
	}
	// From the inside out: an entry, then its layer, then the file.
	switch {
	case e.Where == "":
		e.Where = where
	case where != "" && !strings.HasPrefix(e.Where, where):
		e.Where = where + ": " + e.Where
	}
	return &e
}
