package auditwheel

import (
	"errors"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// unpacked is a wheel as auditwheel unpacks it, for looking libraries up. It
// follows the rules of its own search, which is no loader's: each name is
// resolved once for a file at the top, where it is first met, with the run paths
// of that file before those of the file that needs it.
type unpacked struct {
	at      map[string]*linkset.File // by path
	folders map[string]bool
	paths   map[*linkset.File]runPaths
	left    int // steps that may still be taken
	Options
}

// tree is what a file at the top leads to.
type tree struct {
	libs    map[string]*linkset.File          // by name; nil for those that are not found
	dropped map[*linkset.File]map[string]bool // the needs that are excluded
}

// runPaths are the folders of the wheel that a file's run paths lead to.
type runPaths struct{ rpath, runpath []string }

// maxSteps bounds the names that are looked at, over all files at the top, each of
// which is followed by itself. The largest wheels take some ten thousand.
const maxSteps = 5_000_000

var errSteps = errors.New("not worked out: its files need each other in too many ways")

func newUnpacked(files []*linkset.File, options Options) *unpacked {
	u := &unpacked{at: map[string]*linkset.File{}, folders: map[string]bool{".": true}, paths: map[*linkset.File]runPaths{}, left: maxSteps, Options: options}
	for _, o := range files {
		place := path.Clean(o.Path)
		u.at[place] = o
		for dir := path.Dir(place); !u.folders[dir]; dir = path.Dir(dir) {
			u.folders[dir] = true
		}
	}
	return u
}

// runPaths reads the run paths of a file. DT_RPATH counts only where
// DT_RUNPATH leads to no folder.
func (u *unpacked) runPaths(o *linkset.File) runPaths {
	p, known := u.paths[o]
	if !known {
		if p.runpath = u.expand(o, o.ELF.RunPath); len(p.runpath) == 0 {
			p.rpath = u.expand(o, o.ELF.RPath)
		}
		u.paths[o] = p
	}
	return p
}

// expand gives the folders of a run path that are there. An empty entry is the
// working directory, which is the root of the wheel; "$LIB" is not expanded.
func (u *unpacked) expand(o *linkset.File, entries []string) []string {
	if len(entries) == 1 && entries[0] == "" {
		return nil
	}
	// The name of the folder that auditwheel unpacks to cannot be foreseen, and
	// no entry can hold a zero byte.
	const root = "/\x00"
	origin := path.Join(root, path.Dir(o.Path))
	var dirs []string
	seen := map[string]bool{}
	for _, entry := range entries {
		dir := root
		if entry != "" {
			dir = path.Clean("/" + strings.NewReplacer("$ORIGIN", origin, "${ORIGIN}", origin).Replace(entry))
		}
		inside, ok := strings.CutPrefix(dir+"/", root+"/")
		inside = path.Clean(inside)
		if ok && u.folders[inside] && !seen[inside] {
			seen[inside] = true
			dirs = append(dirs, inside)
		}
	}
	return dirs
}

// libpython matches what auditwheel manylinux.NoPolicy looks for.
// Most wheels need none, so it is compiled when one is met.
var libpython = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^libpython\d+\.\d+m?.so(\.\d)*$`) })

// libraries resolves every name that a file at the top leads to: to a file of the
// wheel or of the directories of --ldpaths, or to nil.
func (u *unpacked) libraries(top *linkset.File) (tree, error) {
	libs, dropped := map[string]*linkset.File{}, map[*linkset.File]map[string]bool{}
	drop := func(o *linkset.File, name string) {
		if dropped[o] == nil {
			dropped[o] = map[string]bool{}
		}
		dropped[o][name] = true
	}
	first := u.runPaths(top)
	var follow func(o *linkset.File)
	follow = func(o *linkset.File) {
		own := u.runPaths(o)
		for _, name := range o.Needed {
			if u.left--; u.left < 0 {
				return
			}
			if _, known := libs[name]; known {
				continue
			}
			if u.excludes(name) {
				drop(o, name)
				continue
			}
			if strings.HasPrefix(name, "libpython") && libpython().MatchString(name) {
				libs[name] = nil
				continue
			}
			found := u.find(o, name, first.rpath, own.rpath, own.runpath, first.runpath)
			if found != nil && u.excludes(u.realPath(found)) {
				drop(o, name)
				continue
			}
			if libs[name] = nil; found != nil {
				libs[name] = found
				follow(found)
			}
		}
	}
	follow(top)
	if u.left < 0 {
		return tree{}, errSteps
	}
	return tree{libs, dropped}, nil
}

func (u *unpacked) excludes(nameOrPath string) bool {
	return u.Exclude != nil && u.Exclude(nameOrPath)
}

// realPath is where a file is on disk. auditwheel unpacks wheels to a directory with
// another name every time.
func (u *unpacked) realPath(o *linkset.File) string {
	if u.at[path.Clean(o.Path)] == o {
		return path.Join("/tmp/wheel", o.Path)
	}
	return o.Path
}

// find looks a library up in lists of folders.
func (u *unpacked) find(o *linkset.File, name string, lists ...[]string) *linkset.File {
	for _, dirs := range lists {
		for _, dir := range dirs {
			u.left--
			if p := u.at[path.Join(dir, name)]; p != nil && !path.IsAbs(name) && Compatible(o, p) {
				return p
			}
		}
	}
	if u.Find != nil {
		return u.Find(o, name)
	}
	return nil
}

// Compatible reports whether one file can serve another, by their headers alone.
func Compatible(a, b *linkset.File) bool {
	if a.ELF == nil || b.ELF == nil {
		return false
	}
	const gnu = 3 // as good as 0, System V
	same := a.ELF.OSABI == b.ELF.OSABI || a.ELF.OSABI|b.ELF.OSABI == gnu
	return same && a.ELF.Class == b.ELF.Class && a.ELF.Order == b.ELF.Order && a.ELF.Machine == b.ELF.Machine
}

// external lists, for each policy by what it allows, the libraries outside the
// wheel that the files at the top lead to.
//
// The value is the file of --ldpaths, or nil.
func (m *model) external(allows []func(name string) bool) ([]map[string]*linkset.File, error) {
	found := make([]map[string]*linkset.File, len(allows))
	for i := range found {
		found[i] = map[string]*linkset.File{}
	}
	u := newUnpacked(m.all, m.Options)
	inside := map[*linkset.File]bool{nil: true}
	for _, o := range m.all {
		inside[o] = true
	}
	for _, top := range m.top {
		tree, err := u.libraries(top)
		if err != nil {
			return nil, err
		}
		for i, allowed := range allows {
			seen := map[*linkset.File]bool{}
			var follow func(o *linkset.File)
			follow = func(o *linkset.File) {
				seen[o] = true
				for _, name := range o.Needed {
					if isLoader(name) || allowed(name) || tree.dropped[o][name] {
						continue
					}
					next := tree.libs[name]
					if next == nil || !inside[next] {
						found[i][name] = next
					}
					if next != nil && !seen[next] {
						follow(next)
					}
				}
			}
			follow(top)
		}
	}
	return found, nil
}

// exclude finds the needs of each file that --exclude takes away. What is left decides
// which files are at the top.
func (m *model) exclude() error {
	if m.Exclude == nil {
		return nil
	}
	u := newUnpacked(m.all, m.Options)
	for _, o := range m.files {
		tree, err := u.libraries(o)
		if err != nil {
			return err
		}
		m.excluded[o] = tree.dropped[o]
	}
	return nil
}

func isLoader(name string) bool {
	return strings.Contains(name, "ld-linux") || name == "ld64.so.1" || name == "ld64.so.2"
}
