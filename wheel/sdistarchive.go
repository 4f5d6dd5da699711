package wheel

import (
	"archive/tar"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// What can be wrong with a source distribution besides the codes of archives. Rules of
// package finding have the same names.
const (
	CodeNoPkgInfo      Code = "no-pkg-info"     // no PKG-INFO in the directory at the top
	CodeMismatch       Code = "mismatch"        // PKG-INFO has another project or version than the file name
	CodeSdistName      Code = "bad-sdist-name"  // not the file name of a source distribution
	CodeSdistForm      Code = "not-normal"      // not the file name that PEP 625 demands
	CodeSdistDirectory Code = "sdist-directory" // files outside the directory NAME-VERSION
)

// Sdist is what is read of a source distribution.
type Sdist struct {
	PkgInfo  string    // path of PKG-INFO in the archive; "" without it
	Metadata *Metadata // what it says; nil without it

	// Problems are paths and links that lead out of the directory, files that are no
	// files, a second PKG-INFO, files outside the directory NAME-VERSION, and what makes
	// a zip file ambiguous; up to 1,000.
	Problems []*Error
}

// ReadSdist reads the source distribution in the first size bytes of r to its end;
// filename says which kind of archive it is. The error means that it cannot be read, or
// is larger than 2 GiB when unpacked; [ErrSdistArchive] that this kind of archive is not
// read. Of a zip file only the directory and PKG-INFO are read.
func ReadSdist(r io.ReaderAt, size int64, filename string) (*Sdist, error) {
	return readSdist(r, size, filename, true)
}

// sdistReader gathers what the members of an archive are.
type sdistReader struct {
	whole    bool
	pkgInfo  string // the path of the first
	text     []byte // of it
	problems problems
	tops     []string // the first directories or files at the top, up to two
	seen     bool     // a PKG-INFO was found
}

// isPkgInfo reports whether a member is the PKG-INFO that counts, and notes others.
func (s *sdistReader) isPkgInfo(name string) bool {
	if !isPkgInfo(name) {
		return false
	}
	if !s.seen {
		s.seen, s.pkgInfo = true, name
		return true
	}
	if strings.TrimPrefix(name, "./") == strings.TrimPrefix(s.pkgInfo, "./") {
		s.problems.add(name, 0, CodeDuplicateName, "another member of the archive has this name")
	}
	return false
}

// member notes the element at the top of a path.
func (s *sdistReader) member(name string) {
	top, _, _ := strings.Cut(strings.TrimPrefix(name, "./"), "/")
	if top == "" || top == "." || len(s.tops) == 2 || len(s.tops) == 1 && s.tops[0] == top {
		return
	}
	s.tops = append(s.tops, top)
}

// tarMember judges the path and the kind of a member of a tar archive.
func (s *sdistReader) tarMember(h *tar.Header) {
	if h.Typeflag == tar.TypeXGlobalHeader {
		return // a comment of git, not a file
	}
	if leaves := leaving(h.Name); leaves != "" {
		s.problems.add(h.Name, 0, CodePathLeaves, "%s", leaves)
		return
	}
	s.member(h.Name)
	switch h.Typeflag {
	case tar.TypeSymlink:
		if leaving(h.Linkname) != "" && !within(path.Dir(path.Clean(h.Name)), h.Linkname) {
			s.problems.add(h.Name, 0, CodePathLeaves, "is a symbolic link to %q, which is not in its directory at the top", clip(h.Linkname))
		}
	case tar.TypeLink:
		if leaves := leaving(h.Linkname); leaves != "" {
			s.problems.add(h.Name, 0, CodePathLeaves, "is a hard link to %q: %s", clip(h.Linkname), leaves)
		}
	case tar.TypeChar, tar.TypeBlock:
		s.problems.add(h.Name, 0, CodeSpecialFile, "is a device, not a file")
	case tar.TypeFifo:
		s.problems.add(h.Name, 0, CodeSpecialFile, "is a pipe, not a file")
	}
}

// within reports whether a relative target of a link in dir is in the directory at the
// top, by its text alone. pip drops that directory when it unpacks.
func within(dir, target string) bool {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") || hasDrive(target) {
		return false
	}
	top, _, _ := strings.Cut(dir, "/")
	full := path.Join(dir, target)
	if top == "." {
		return full != ".." && !strings.HasPrefix(full, "../")
	}
	return full == top || strings.HasPrefix(full, top+"/")
}

// zipProblems keeps those problems of a zip file that are about where files come to be.
func (s *sdistReader) zipProblems(a *Archive) {
	for _, p := range a.Problems() {
		if p.Code == CodePathLeaves || p.Code == CodeSpecialFile || p.Code.Ambiguous() {
			s.problems = append(s.problems, p)
		}
	}
}

// sdist is the result for a file of this name.
func (s *sdistReader) sdist(filename string) (*Sdist, error) {
	d := &Sdist{PkgInfo: s.pkgInfo}
	if s.seen {
		var err error
		if d.Metadata, err = ParseMetadata(s.pkgInfo, s.text); err != nil {
			return nil, err
		}
	}
	if n, err := ParseSdistName(filename, ""); err == nil && s.whole {
		s.directories(n)
	}
	d.Problems = s.problems
	return d, nil
}

// directories compares what is at the top of the archive with the file name. Another
// spelling of the same name and version is none of another project.
func (s *sdistReader) directories(n SdistName) {
	stem, _ := SdistStem(n.Filename)
	for _, top := range s.tops {
		if top == stem {
			continue
		}
		if d, err := ParseSdistName(top+sdistExtensions[0], n.Name); err != nil || d.Name != n.Name || !d.Version.Equal(n.Version) {
			s.problems.add(top, 0, CodeSdistDirectory, "is at the top of the archive; all files belong in the directory %s", clip(stem))
			return
		}
	}
	if len(s.tops) > 1 {
		s.problems.add(s.tops[1], 0, CodeSdistDirectory, "is at the top of the archive next to %s; all files belong in one directory", clip(s.tops[0]))
	}
}

// CheckSdistName reads the file name of a source distribution. The second result is what
// is wrong with it, or nil: it is not the name of one, so that the first result is zero,
// or PEP 625 demands another spelling or another kind of archive.
func CheckSdistName(filename string) (SdistName, *Error) {
	n, err := ParseSdistName(filename, "")
	if err != nil {
		return SdistName{}, &Error{Code: CodeSdistName, Err: err}
	}
	want := strings.ReplaceAll(n.Name, "-", "_") + "-" + n.Version.String() + sdistExtensions[0]
	if filename != want {
		return n, &Error{Code: CodeSdistForm, Err: fmt.Errorf("the name of a source distribution must be %s", want)}
	}
	return n, nil
}

// Compare compares the file name with the project and the version in PKG-INFO; found is
// false where there is none.
func (n SdistName) Compare(found bool, project, version string) []*Error {
	if !found {
		return []*Error{{Code: CodeNoPkgInfo, Err: fmt.Errorf("has no PKG-INFO in a directory at the top")}}
	}
	var p problems
	if NormalizeName(project) != n.Name {
		p.add("", 0, CodeMismatch, "PKG-INFO has the project %q", clip(project))
	}
	if v, err := pep440.Parse(version); err != nil || !v.Equal(n.Version) {
		p.add("", 0, CodeMismatch, "PKG-INFO has the version %q", clip(version))
	}
	return p
}
