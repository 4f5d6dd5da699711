package loader

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// Tree is a file system as a process in it sees it: links are followed inside it, an
// absolute one from its root, and ".." at the root stays there. Paths have slashes;
// whether they begin with one makes no difference. A Tree is not safe for concurrent
// use.
type Tree struct {
	fsys  fs.ReadLinkFS // nil for a tree with nothing but what was put there
	below *Tree         // has what this one has not; may be nil
	known map[string]node
	names map[string]bool // file names of what was put here
	files map[string]read // ELF files by place
}

// node is what is known about one place.
type node struct {
	info fs.FileInfo
	link string // where a link leads
}

// read is an ELF file or why there is none.
type read struct {
	file *elfaudit.File
	err  error
}

// NewTree returns the tree of a file system, or with nil an empty one.
func NewTree(fsys fs.ReadLinkFS) *Tree {
	return &Tree{fsys: fsys, known: map[string]node{}, names: map[string]bool{}, files: map[string]read{}}
}

// Over returns an empty tree on top of another, which does not change.
func Over(below *Tree) *Tree {
	t := NewTree(nil)
	t.below = below
	return t
}

// maxLinks is how many links Linux follows in one path.
const maxLinks = 40

// ErrLinks reports a path that leads through more links than Linux follows.
var ErrLinks = errors.New("too many links")

var (
	errRegular = errors.New("not a regular file")
	errLarge   = errors.New("too large to be kept in memory")
)

// look reads one place of which the directories are no links.
func (t *Tree) look(place string) (node, error) {
	if n, ok := t.known[place]; ok {
		return n, nil
	}
	if t.fsys == nil {
		if t.below != nil {
			return t.below.look(place)
		}
		if place == "." {
			return node{info: directory}, nil
		}
		return node{}, fs.ErrNotExist
	}
	var n node
	var err error
	n.info, err = t.fsys.Lstat(place)
	if err == nil && n.info.Mode()&fs.ModeSymlink != 0 {
		n.link, err = t.fsys.ReadLink(place)
	}
	if err == nil { // names that do not exist would fill memory
		t.known[place] = n
	}
	return n, err
}

// Resolve follows every link of a path. The place is relative to the root, which is
// "."; with an error it is as far as the path leads. As in the kernel, "x/.." exists
// only where the directory x does.
func (t *Tree) Resolve(name string) (place string, info fs.FileInfo, err error) {
	return t.resolve(name, nil)
}

// resolve calls create, unless it is nil, for a place that does not exist.
func (t *Tree) resolve(name string, create func(place string) node) (string, fs.FileInfo, error) {
	rest := strings.Split(name, "/")
	at, links := ".", 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			at = path.Dir(at)
			continue
		}
		next := path.Join(at, part)
		n, err := t.look(next)
		if errors.Is(err, fs.ErrNotExist) && create != nil {
			n, err = create(next), nil
		}
		if err != nil {
			return next, nil, err
		}
		if n.info.Mode()&fs.ModeSymlink == 0 {
			if !n.info.IsDir() && len(rest) > 0 {
				return next, nil, &fs.PathError{Op: "resolve", Path: name, Err: fs.ErrNotExist}
			}
			at = next
			continue
		}
		if links++; links > maxLinks {
			return next, nil, &fs.PathError{Op: "resolve", Path: name, Err: ErrLinks}
		}
		if strings.HasPrefix(n.link, "/") {
			at = "."
		}
		rest = append(strings.Split(n.link, "/"), rest...)
	}
	n, err := t.look(at)
	return at, n.info, err
}

// PutDirectory adds a directory and those that lead to it.
func (t *Tree) PutDirectory(name string) error {
	_, err := t.putDirectory(name)
	return err
}

// putDirectory also returns the place of the directory.
func (t *Tree) putDirectory(name string) (string, error) {
	place, info, err := t.resolve(name, func(place string) node {
		n := node{info: directory}
		t.known[place] = n
		return n
	})
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
	}
	return place, err
}

// Put adds an ELF file, or what [elfaudit.Read] returned in its place, and the
// directories that lead to it. It replaces what is there, as installing a file does.
func (t *Tree) Put(name string, f *elfaudit.File, err error) error {
	place, putErr := t.putDirectory(path.Dir(name))
	if putErr != nil {
		return putErr
	}
	place = path.Join(place, path.Base(name))
	t.known[place] = node{info: regular}
	t.files[place] = read{f, err}
	t.names[path.Base(name)] = true
	return nil
}

// simple returns the place of a directory, "" for none, without following a path of
// which no part can be a link; known is false for others.
func (t *Tree) simple(name string) (place string, known bool) {
	if t.fsys != nil || t.below != nil || strings.Contains(name, "..") {
		return "", false
	}
	if place = strings.TrimPrefix(path.Clean(name), "/"); place == "" {
		return ".", true
	}
	if n, ok := t.known[place]; !ok || !n.info.IsDir() {
		return "", true
	}
	return place, true
}

// lacks reports that no file of the tree has a name, without looking for it.
func (t *Tree) lacks(name string) bool {
	return t.fsys == nil && t.below == nil && !t.names[name]
}

// put has the facts of what was put into a tree.
type put fs.FileMode

const (
	directory = put(fs.ModeDir | 0o755)
	regular   = put(0o755)
)

func (p put) Name() string       { return "" }
func (p put) Size() int64        { return 0 }
func (p put) Mode() fs.FileMode  { return fs.FileMode(p) }
func (p put) ModTime() time.Time { return time.Time{} }
func (p put) IsDir() bool        { return fs.FileMode(p).IsDir() }
func (p put) Sys() any           { return nil }

// ELF reads the ELF file at a place, once. The error is that of [elfaudit.Read] or of
// reading the file.
func (t *Tree) ELF(place string) (*elfaudit.File, error) {
	if r, ok := t.files[place]; ok {
		return r.file, r.err
	}
	if t.below != nil {
		return t.below.ELF(place)
	}
	var r read
	content, size, done, err := t.Open(place)
	if r.err = err; err == nil {
		r.file, r.err = elfaudit.Read(content, size)
		done()
	}
	t.files[place] = r
	return r.file, r.err
}

// maxMemory bounds a file that can only be read from its start to its end.
const maxMemory = 64 << 20

// Open gives random access to the regular file at a place of the file system: the file
// itself where it can, its content in memory otherwise. The caller calls done.
func (t *Tree) Open(place string) (r io.ReaderAt, size int64, done func(), err error) {
	if t.fsys == nil {
		if t.below != nil {
			return t.below.Open(place)
		}
		return nil, 0, nil, &fs.PathError{Op: "open", Path: place, Err: fs.ErrNotExist}
	}
	n, err := t.look(place)
	if err != nil {
		return nil, 0, nil, err
	}
	if !n.info.Mode().IsRegular() {
		return nil, 0, nil, &fs.PathError{Op: "open", Path: place, Err: errRegular}
	}
	f, err := t.fsys.Open(place)
	if err != nil {
		return nil, 0, nil, err
	}
	size = n.info.Size()
	if at, ok := f.(io.ReaderAt); ok {
		return at, size, func() { f.Close() }, nil
	}
	defer f.Close()
	if size > maxMemory {
		return nil, 0, nil, &fs.PathError{Op: "read", Path: place, Err: errLarge}
	}
	data, err := io.ReadAll(io.LimitReader(f, maxMemory))
	return bytes.NewReader(data), int64(len(data)), func() {}, err
}
