package image

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// File is an image file that is open for reading. It is safe for concurrent
// use.
type File struct {
	s      *store
	file   *os.File // to be closed, or nil
	list   []candidate
	absent []candidate
}

// Open opens an image file: what docker save or podman save wrote, an OCI
// layout as a directory or as a tar, or a tar of a root file system. A tar may
// be compressed as a whole. The kind of file is told from its content alone.
//
// An OCI layout wins over the manifest.json that docker writes beside it. A
// file with several images is an error of [CodeAmbiguous] that lists their
// names, unless an index tells them apart by platform.
//
// Errors are of the type [*Error].
func Open(path string) (*File, error) {
	info, err := os.Stat(path) // before opening: a pipe would wait
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{Code: CodeRead, Image: path, Detail: "does not exist; name an image file or a layout directory", Err: err}
	case err != nil:
		return nil, within(err, path, "")
	case info.IsDir():
		s, err := openDir(path, defaultLimits())
		if err != nil {
			return nil, within(err, path, "")
		}
		return newFile(s, nil)
	case !info.Mode().IsRegular():
		return nil, within(fault(CodeFormat, "is neither a file nor a directory; save the image to a file first"), path, "")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, within(err, path, "")
	}
	s, err := openTar(path, file, info.Size(), defaultLimits())
	if err != nil {
		file.Close()
		return nil, within(err, path, "")
	}
	return newFile(s, file)
}

// NewFile is [Open] for a tar of size bytes that is not a file, or already open.
// Closing the File does not close r. Errors do not name it.
func NewFile(r io.ReaderAt, size int64) (*File, error) {
	return newFileLimits(r, size, defaultLimits())
}

func newFileLimits(r io.ReaderAt, size int64, l limits) (*File, error) {
	s, err := openTar("", r, size, l)
	if err != nil {
		return nil, within(err, "", "")
	}
	return newFile(s, nil)
}

func newFile(s *store, file *os.File) (*File, error) {
	f := &File{s: s, file: file}
	if err := f.identify(); err != nil {
		f.Close()
		return nil, within(err, s.path, "")
	}
	return f, nil
}

// identify finds out which images the file holds.
func (f *File) identify() (err error) {
	s := f.s
	if s.dir == nil && s.members == nil {
		f.list = []candidate{{whole: true}}
		return nil
	}
	docker := s.dir == nil && s.has("manifest.json")
	switch {
	case s.has("index.json"):
		if docker {
			// The index lists the tags of one image as if they were several
			// images; the manifest knows how many there are.
			if _, err := s.dockerImages(); err != nil {
				return err
			}
		}
		f.list, f.absent, err = s.ociCandidates()
		return err
	case docker:
		f.list, err = s.dockerCandidates()
		return err
	case s.dir != nil:
		return fault(CodeFormat, "is a directory without index.json, so not an OCI layout; read an unpacked root file system with root:DIR instead")
	}
	return fault(CodeManifest, "has neither index.json nor manifest.json; export the image again")
}

// Platforms lists the platforms that the file holds an image for, in the order
// of its index. Attestations, signatures, and platforms that the index names
// without the file holding them, are left out. For the tar of a root file
// system it is one platform of empty fields.
func (f *File) Platforms() []Platform {
	var list []Platform
	for _, c := range f.list {
		list = append(list, c.platform)
	}
	return list
}

// Root gives the root file system of the image for p: its layers, in order,
// each applied to the ones below. An empty p is the only platform of the
// file. A p without OSVersion fits any version, and arm64/v8 is arm64.
//
// The layers are read once, from beginning to end. Of layers that are not
// compressed, in a tar that is not compressed, only the headers are read: their
// files can be read at any later time. Of the files in other layers, those for
// which want(path) is true are retained in memory, as long as there is room: at
// most 12 MiB each, 32 MiB together. path is written as for [fs.FS], symbolic
// links of directories resolved: "usr/lib/libc.so.6". A nil want retains nothing.
// Files that were not retained can be opened too, but that decompresses their
// layer again, up to them.
//
// A layer that comes before a lower one of the same image, in a tar that is
// compressed as a whole, costs another pass over that tar.
//
// A compressed layer without the digest that the image states is an error of
// [CodeDigest].
func (f *File) Root(p Platform, want func(path string) bool) (*Root, error) {
	c, why := choose(f.list, p)
	if why != nil {
		for _, a := range f.absent {
			if a.platform.normal() == p.normal() {
				why = fault(CodeMissing, "lists an image for %v but does not contain it; save or export the image again with that platform", p)
			}
		}
		return nil, within(why, f.s.path, "")
	}
	parts, err := f.parts(c)
	if err != nil {
		return nil, err
	}
	b, err := build(f.s, parts.layers, want)
	if err != nil {
		return nil, err
	}
	return &Root{s: f.s, tree: b.b.tree, layers: b.layers, retained: b.retained.content, config: parts.config}, nil
}

func (f *File) parts(c candidate) (*parts, error) {
	switch {
	case c.whole:
		return &parts{layers: []blob{{size: f.s.size, at: f.s.file}}}, nil
	case c.docker != nil:
		return f.s.dockerParts(c.docker)
	}
	return f.s.ociParts(c.oci)
}

// Close closes the file. A [Root] of it then only has the content that it
// retains in memory.
func (f *File) Close() error {
	err := f.s.close()
	if f.file != nil {
		err = f.file.Close()
	}
	return err
}
