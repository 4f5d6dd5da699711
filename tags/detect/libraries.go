package detect

import (
	"errors"
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// Tree returns the files of the root.
func (s *System) Tree() *loader.Tree { return s.root.Tree }

// Loader returns the dynamic loader of an interpreter, or with nil that of the root's
// other programs. ok is false when there is none.
func (s *System) Loader(p *Python) (l *loader.Loader, ok bool) {
	key := system
	if p != nil {
		key = p.Program
	}
	l, ok = s.loaders[key]
	return l, ok
}

// loaderFor returns the loader of programs like f.
func (r *reader) loaderFor(f *elfaudit.File) *loader.Loader {
	key := "loader " + f.Interpreter + " " + machineOf(f)
	if l, ok := r.loaders[key]; ok {
		return l
	}
	var l *loader.Loader
	if r.count++; r.count > maxLoaders {
		r.root.warn(CodeLimit, f.Interpreter, "is one of more than %d loaders; libraries are not looked up for the others", maxLoaders)
		l = loader.New(loader.NewTree(nil), f, false, "")
	} else {
		l = loader.For(r.root.Tree, f, machineOf(f))
		l.LibraryPath = splitPath(r.options.LibraryPath)
	}
	for _, p := range l.Problems {
		var limit *loader.LimitError
		if errors.As(p.Err, &limit) {
			r.root.warn(CodeLimit, p.Path, "%s", limit.Message)
		} else {
			r.root.unreadable(p.Path, p.Err)
		}
	}
	r.loaders[key] = l
	return l
}

func splitPath(text string) []string {
	var dirs []string
	for dir := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ':' || c == ';' }) {
		if len(dirs) == maxDirs {
			break
		}
		if path.IsAbs(dir) { // others depend on the working directory
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// find looks a library up, for a program with a run path or with nil for any.
func (r *reader) find(l *loader.Loader, name string, program *loader.Object) (*loader.Object, bool) {
	o := l.Find(name, program)
	if o == nil {
		return nil, false
	}
	if o.Err != nil {
		r.root.warn(CodeDamaged, o.Place, "%v", o.Err)
	}
	return o, o.Err == nil
}
