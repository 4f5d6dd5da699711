package detect

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

// lazy compiles a pattern when it is first used: most programs that import this
// package never do.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// tree is a root with its links resolved inside it. Paths are slash-separated
// and relative to the root, "." being the root itself.
type tree struct {
	fsys     fs.ReadLinkFS
	limits   limits
	known    map[string]node
	lists    map[string][]entry
	warnings []Warning
	warned   map[Warning]bool

	// What was read so far. A root can lead to the same large file by very many
	// ways.
	texts, searched, listed int64
}

// node is what is known about one resolved place.
type node struct {
	info fs.FileInfo
	link string // the target, for a link
	err  error
}

var (
	errLinks      = errors.New("too many links")
	errNotRegular = errors.New("not a regular file")
)

func newTree(fsys fs.ReadLinkFS, l limits) *tree {
	return &tree{fsys: fsys, limits: l, known: map[string]node{}, lists: map[string][]entry{}, warned: map[Warning]bool{}}
}

func absolute(place string) string { return path.Join("/", place) }

// look reads one place whose parents are directories, not links.
func (t *tree) look(place string) node {
	n, ok := t.known[place]
	if ok {
		return n
	}
	n.info, n.err = t.fsys.Lstat(place)
	if n.err == nil && n.info.Mode()&fs.ModeSymlink != 0 {
		n.link, n.err = t.fsys.ReadLink(place)
	}
	if n.err == nil { // names that do not exist would fill memory
		t.known[place] = n
	}
	return n
}

// resolve follows every link of a path, absolute or not, and gives the place
// that it leads to.
func (t *tree) resolve(name string) (string, fs.FileInfo, error) {
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
		n := t.look(next)
		if n.err != nil {
			return next, nil, n.err
		}
		if n.info.Mode()&fs.ModeSymlink == 0 {
			if !n.info.IsDir() && len(rest) > 0 {
				return next, nil, &fs.PathError{Op: "resolve", Path: name, Err: fs.ErrNotExist}
			}
			at = next
			continue
		}
		if links++; links > maxLinks {
			return next, nil, &fs.PathError{Op: "resolve", Path: name, Err: errLinks}
		}
		if strings.HasPrefix(n.link, "/") {
			at = "."
		}
		rest = append(strings.Split(n.link, "/"), rest...)
	}
	n := t.look(at)
	return at, n.info, n.err
}

// exists reports whether a path leads to anything.
func (t *tree) exists(name string) bool {
	_, _, err := t.resolve(name)
	return err == nil
}
