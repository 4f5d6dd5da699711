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
}

// runPaths are the folders of the wheel that a file's run paths lead to.
type runPaths struct{ rpath, runpath []string }

// maxSteps bounds the names that are looked at, over all files at the top, each of
// which is followed by itself. The largest wheels take some ten thousand.
const maxSteps = 5_000_000

var errSteps = errors.New("not worked out: its files need each other in too many ways")

func newUnpacked(files []*linkset.File) *unpacked {
	u := &unpacked{at: map[string]*linkset.File{}, folders: map[string]bool{".": true}, paths: map[*linkset.File]runPaths{}, left: maxSteps}
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
// wheel, or to nil.
func (u *unpacked) libraries(top *linkset.File) (map[string]*linkset.File, error) {
	libs := map[string]*linkset.File{}
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
			libs[name] = nil
			if strings.HasPrefix(name, "libpython") && libpython().MatchString(name) {
				continue
			}
			if found := u.find(o, name, first.rpath, own.rpath, own.runpath, first.runpath); found != nil {
				libs[name] = found
				follow(found)
			}
		}
	}
	follow(top)
	if u.left < 0 {
		return nil, errSteps
	}
	return libs, nil
}

// find looks a library up in lists of folders.
func (u *unpacked) find(o *linkset.File, name string, lists ...[]string) *linkset.File {
	for _, dirs := range lists {
		for _, dir := range dirs {
			u.left--
			if p := u.at[path.Join(dir, name)]; p != nil && !path.IsAbs(name) && compatible(o, p) {
				return p
			}
		}
	}
	return nil
}

// compatible goes by the header alone.
func compatible(a, b *linkset.File) bool {
	if a.ELF == nil || b.ELF == nil {
		return false
	}
	const gnu = 3 // as good as 0, System V
	same := a.ELF.OSABI == b.ELF.OSABI || a.ELF.OSABI|b.ELF.OSABI == gnu
	return same && a.ELF.Class == b.ELF.Class && a.ELF.Order == b.ELF.Order && a.ELF.Machine == b.ELF.Machine
}

// external lists, for each policy by what it allows, the libraries outside the
// wheel that the files at the top lead to.
func (m *model) external(allows []func(name string) bool) ([]map[string]bool, error) {
	found := make([]map[string]bool, len(allows))
	for i := range found {
		found[i] = map[string]bool{}
	}
	u := newUnpacked(m.all)
	for _, top := range m.top {
		libs, err := u.libraries(top)
		if err != nil {
			return nil, err
		}
		for i, allowed := range allows {
			seen := map[*linkset.File]bool{}
			var follow func(o *linkset.File)
			follow = func(o *linkset.File) {
				seen[o] = true
				for _, name := range o.Needed {
					if isLoader(name) || allowed(name) {
						continue
					}
					if next := libs[name]; next == nil {
						found[i][name] = true
					} else if !seen[next] {
						follow(next)
					}
				}
			}
			follow(top)
		}
	}
	return found, nil
}

func isLoader(name string) bool {
	return strings.Contains(name, "ld-linux") || name == "ld64.so.1" || name == "ld64.so.2"
}
