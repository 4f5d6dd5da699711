package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
)

const (
	maxSmall     = 1 << 20 // a member of a compressed archive kept while passing it
	maxSmallSum  = 8 << 20
	maxMemberLen = 1024 // of one name
)

// Nothing at the beginning of a tar tells an image archive from a root file
// system: manifest.json mostly comes last, and a root file system may have a
// file of that name. The directories that every system has settle it at once.

// rootDirs are the directories that some entry of a root file system is in,
// and that no image archive has.
var rootDirs = map[string]bool{
	"bin": true, "boot": true, "dev": true, "etc": true, "home": true, "lib": true, "lib64": true,
	"media": true, "mnt": true, "opt": true, "proc": true, "root": true, "run": true, "sbin": true,
	"srv": true, "sys": true, "tmp": true, "usr": true, "var": true, ".dockerenv": true,
}

// clean makes the name of a tar member one key, whatever it was written as:
// "./a", "/a" and "b/../a" are all "a".
func clean(name string) string {
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// openTar opens a tar and, unless it is that of a root file system, indexes
// its members. members is nil for a root file system.
func openTar(path string, file io.ReaderAt, size int64, l limits) (*store, error) {
	file = source{file}
	s := &store{path: path, file: file, size: size, limits: l}
	first := make([]byte, sniffSize)
	n, err := file.ReadAt(first, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if s.codec, err = sniff(first[:n]); err != nil {
		return nil, err
	}
	var in reader
	if s.codec == plain {
		in = newSection(file, 0, size)
	} else {
		d, err := s.decoder()
		if err != nil {
			return nil, err
		}
		defer d.Close()
		in = newStream(d) // to its end, and again for the layers
	}
	if err := s.index(in); err != nil {
		return nil, err
	}
	return s, nil
}

// index lists the members, until one shows that this is a root file system.
// The latter have a hundred thousand, and are not listed here.
func (s *store) index(in reader) error {
	x, t := archiveIndex{s: s}, newTarReader(in)
	s.members, s.small = map[string]member{}, map[string][]byte{}
	for {
		e, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			if x.entries == 0 {
				return notTar(err) // the very first header
			}
			return err
		}
		x.entries++
		isRoot, err := x.add(t, e)
		if err != nil {
			return err
		}
		if isRoot {
			s.members, s.small = nil, nil
			return nil
		}
	}
	if err := drain(in); err != nil {
		return err
	}
	return x.verdict(t.marked)
}

// notTar words the error for a file of another format altogether. Errors of the
// decoder and of the disk stay what they are.
func notTar(err error) error {
	var e *Error
	isTarFault := errors.As(err, &e) && e.Code == CodeDamaged || errors.Is(err, io.ErrUnexpectedEOF)
	if !isTarFault {
		return err
	}
	return &Error{
		Code:   CodeFormat,
		Detail: "is not a container image: neither a tar (docker save, an OCI layout, a root file system) nor a layout directory",
		Err:    err,
	}
}

// archiveIndex gathers what the members of a tar say about what it is.
type archiveIndex struct {
	s       *store
	entries int
	names   int  // bytes of the members' names
	kept    int  // bytes in store.small
	archive bool // a manifest or an index was seen
	shards  bool // layers or blobs were seen
}

// add lists a member, or reports that the tar is that of a root file system.
func (x *archiveIndex) add(in *tarReader, e *entry) (isRoot bool, err error) {
	if len(e.name) > maxMemberLen || len(e.link) > maxMemberLen {
		return !x.archive, nil // no tool names parts of images like this
	}
	name := clean(e.name)
	top, _, nested := strings.Cut(name, "/")
	if rootDirs[top] {
		return true, nil
	}
	m := member{off: e.off, size: e.size}
	switch {
	case e.kind == tar.TypeLink:
		m.link = clean(e.link)
	case e.kind == tar.TypeSymlink: // old versions of docker linked equal layers
		m.link = clean(path.Join(path.Dir("/"+name), e.link))
	case e.kind != tar.TypeReg || e.sparse:
		return false, nil
	}
	x.names += len(name) + len(m.link)
	if len(x.s.members) >= x.s.limits.members || x.names > x.s.limits.names {
		if x.archive {
			return false, fault(CodeLimit, "has more than %d members with its manifest; save one image alone", x.s.limits.members)
		}
		return true, nil
	}
	x.s.members[name] = m // of two members of one name the last one counts
	delete(x.s.small, name)
	x.archive = x.archive || name == "manifest.json" || name == "index.json" || name == "oci-layout"
	x.shards = x.shards || path.Base(name) == "layer.tar" || strings.Contains("/"+name, "/blobs/sha256/") || name == "repositories"
	if x.s.codec != plain && (!nested || top == "blobs") && m.link == "" {
		return false, x.keep(in, name, e.size)
	}
	return false, nil
}

// keep holds on to a member that looks like JSON, so that reading it does not
// mean to decompress everything before it again.
func (x *archiveIndex) keep(in *tarReader, name string, size int64) error {
	if size == 0 || size > maxSmall || x.kept+int(size) > maxSmallSum {
		return nil
	}
	first := make([]byte, 1)
	if err := in.read(first); err != nil {
		return err
	}
	if !bytes.ContainsAny(first, "{[ \n") {
		return nil
	}
	data := bytes.NewBuffer(first)
	for left := size - 1; left > 0; {
		step := make([]byte, min(left, 16<<10))
		if err := in.read(step); err != nil {
			return err
		}
		data.Write(step)
		left -= int64(len(step))
	}
	x.kept += int(size)
	x.s.small[name] = data.Bytes()
	return nil
}

// verdict tells a root file system from an image archive when the names of
// the former's directories have not.
func (x *archiveIndex) verdict(marked bool) error {
	s := x.s
	switch {
	case x.archive && s.codec == plain && !marked:
		return fault(CodeTruncated, "has no end-of-archive mark: it was cut off; fetch or save it again")
	case x.archive:
		return nil
	case x.shards:
		return fault(CodeFormat, "has layers but neither manifest.json nor index.json at its top; save or export the image again, or pack the contents of its directory")
	case x.entries == 0:
		return fault(CodeFormat, "is an empty tar; save or export the image again")
	}
	s.members, s.small = nil, nil
	return nil
}
