package detect

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// lazy compiles a pattern when it is first used: most programs that import this
// package never do.
func lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// tree is a root with its links resolved inside it. Paths are slash-separated
// and relative to the root, "." being the root itself.
type tree struct {
	*loader.Tree
	fsys     fs.ReadLinkFS
	limits   limits
	lists    map[string][]entry
	warnings []Warning
	warned   map[Warning]bool

	// What was read so far. A root can lead to the same large file by very many
	// ways.
	texts, searched, listed int64
}

var errNotRegular = errors.New("not a regular file")

func newTree(fsys fs.ReadLinkFS, l limits) *tree {
	return &tree{Tree: loader.NewTree(fsys), fsys: fsys, limits: l, lists: map[string][]entry{}, warned: map[Warning]bool{}}
}

func absolute(place string) string { return path.Join("/", place) }

// resolve follows every link of a path, absolute or not, and gives the place
// that it leads to.
func (t *tree) resolve(name string) (string, fs.FileInfo, error) { return t.Resolve(name) }

// exists reports whether a path leads to anything.
func (t *tree) exists(name string) bool {
	_, _, err := t.resolve(name)
	return err == nil
}
