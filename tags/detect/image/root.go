package image

import (
	"io/fs"
	"slices"
	"strings"
)

// Root is the root file system of an image. It implements [fs.ReadLinkFS],
// [fs.ReadDirFS] and [fs.StatFS], is safe for concurrent use, and is of use
// until its [File] is closed.
//
// # Links are not followed
//
// Links of a root file system lead to places that only the caller can know the
// right answer for. So no method follows a symbolic link: Stat is the same as
// Lstat, Open of a link is an error of [CodeSymlink], and so is any path that
// passes through one. Resolve paths with Lstat and ReadLink, taking absolute
// targets from the root. Hard links have been resolved: they are files.
//
// # Names
//
// Names are bytes and need not be UTF-8, unlike [fs.ValidPath] has it. Names
// that differ in case are different files.
//
// # Information
//
// Of an entry's metadata there are the name, mode and size. Modification times
// are not kept: ModTime is the zero time.
type Root struct {
	s        *store
	tree     *tree
	layers   []layer
	retained map[place]content
	config   *Config
}

var (
	_ fs.ReadLinkFS = (*Root)(nil)
	_ fs.ReadDirFS  = (*Root)(nil)
	_ fs.StatFS     = (*Root)(nil)
)

// Config gives the environment and labels of the image, or nil for the tar of
// a root file system. The caller may not change it.
func (r *Root) Config() *Config { return r.config }

// Lstat describes a file, directory or link.
func (r *Root) Lstat(name string) (fs.FileInfo, error) {
	n, err := r.lookup("lstat", name)
	if err != nil {
		return nil, err
	}
	return n.info(), nil
}

// Stat is the same as [Root.Lstat]: it does not follow links.
func (r *Root) Stat(name string) (fs.FileInfo, error) {
	n, err := r.lookup("stat", name)
	if err != nil {
		return nil, err
	}
	return n.info(), nil
}

// ReadLink gives the target of a symbolic link as the image has it.
func (r *Root) ReadLink(name string) (string, error) {
	n, err := r.lookup("readlink", name)
	if err != nil {
		return "", err
	}
	if n.kind != symlink {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	return n.target, nil
}

// ReadDir lists a directory, sorted by name.
func (r *Root) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := r.lookup("readdir", name)
	if err != nil {
		return nil, err
	}
	if n.kind != directory {
		return nil, r.fail("readdir", name, fault(CodeNotDir, "is not a directory"))
	}
	var list []fs.DirEntry
	for _, c := range n.children {
		list = append(list, c.info())
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// Open opens a regular file or a directory. A file whose content is in memory,
// or can be read where it lies, is also an [io.ReaderAt] and an [io.Seeker];
// any other can only be read from its beginning, and opening it takes the time
// to decompress its layer up to it.
func (r *Root) Open(name string) (fs.File, error) {
	n, err := r.lookup("open", name)
	if err != nil {
		return nil, err
	}
	switch n.kind {
	case directory:
		return &dirFile{r: r, name: name, n: n}, nil
	case regular:
	case symlink:
		return nil, r.fail("open", name, fault(CodeSymlink, "is a symbolic link to %q; open what it leads to", shorten(n.target)))
	case sparseFile:
		return nil, r.fail("open", name, fault(CodeSparse, "is stored as a sparse file, which is not read; make the tar without --sparse"))
	default:
		return nil, r.fail("open", name, fault(CodeSpecial, "is a device or a pipe, which has no content here"))
	}
	c, ok := r.retained[place{n.src, n.off}]
	switch {
	case n.size == 0:
		return newRandomFile(n.info(), content{}), nil
	case ok:
		return newRandomFile(n.info(), c), nil
	}
	l := r.layers[n.src-1]
	if l.direct() {
		return newRandomFile(n.info(), extent{r, l, n.off, n.size}), nil
	}
	f, err := r.stream(l, n)
	if err != nil {
		return nil, r.fail("open", name, within(err, r.s.path, l.where()))
	}
	return f, nil
}

func (r *Root) fail(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: within(err, r.s.path, "")}
}

// lookup finds a path without following links.
func (r *Root) lookup(op, name string) (*node, error) {
	at := r.tree.root
	if name == "." {
		return at, nil
	}
	for rest := name; ; {
		part, after, more := strings.Cut(rest, "/")
		if part == "" || part == "." || part == ".." {
			return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
		}
		n := at.children[part]
		if n == nil {
			return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
		if !more {
			return n, nil
		}
		switch n.kind {
		case directory:
		case symlink:
			dir := strings.TrimSuffix(name, "/"+after)
			return nil, r.fail(op, name, fault(CodeSymlink, "passes %q, a symbolic link to %q; follow that first", shorten(dir), shorten(n.target)))
		default:
			return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
		at, rest = n, after
	}
}
