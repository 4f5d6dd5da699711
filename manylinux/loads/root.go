package loads

import (
	"fmt"
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
)

// InRoot says whether the code in a set of files loads in a real root file system:
// each needed library is looked up among those that lie there, with what they need
// themselves, and each symbol version in the file that would be loaded. Missing
// symbols count where the loader looks for them at once: on musl, and in files
// linked with BIND_NOW. p is the interpreter, or nil for a root that is asked
// without one. The result has no name.
func InRoot(c Code, set *linkset.Set, s *detect.System, p *detect.Python) Result {
	answer := Result{Loads: Yes}
	if len(set.Files) == 0 {
		return answer
	}
	platform := tags.Platform{OS: tags.Linux, Arch: s.Machine, Libc: s.Libc.Libc}
	if p != nil {
		platform = p.Platform
		platform.Libc = p.Libc.Libc
	}
	if other, ok := otherSystem(c, platform); ok {
		return other
	}
	libraries, ok := s.Libraries(p)
	lost := map[demandKey]bool{} // libraries of the wheel without a run path, true when they lie in the root
	for _, d := range c.Demands {
		if d.Kind == manylinux.KindPath {
			lost[demandKey{d.File, d.Library}] = false
		}
	}
	switch {
	case c.Libc == elfaudit.LibcNone:
	case !ok:
		answer.Missing = []string{"a loader"}
	default:
		l := loading{
			libraries: libraries, set: set, machine: c.Machine, at: map[string]*detect.Library{},
			defined: map[*detect.Library]map[string]bool{}, missed: map[string]bool{}, answer: &answer, lost: lost,
		}
		answer.Libraries = map[string]string{}
		l.start(p)
		native := c.Native(set.Files)
		for _, f := range native {
			l.load(f)
		}
		for _, f := range native {
			l.bind(f, libraries.Musl())
		}
	}
	offer := readOffer(platform, nil)
	version := s.Libc.Version
	if p != nil {
		version = p.Libc.Version
	}
	if exact, err := manylinux.ParseMuslRelease(version); err == nil {
		offer.musl, offer.exact = exact, true
	}
	notes := notesFor(&answer)
	for _, d := range c.Heaviest(-1) {
		switch d.Kind {
		case manylinux.KindVersion, manylinux.KindLibrary, manylinux.KindBan, manylinux.KindMusl:
			continue // looked up in the libraries themselves
		case manylinux.KindPath:
			if lost[demandKey{d.File, d.Library}] {
				continue
			}
		}
		notes.add(offer.lacks(d))
	}
	answer.settle(c.Readable)
	return answer
}

// demandKey is a file of the wheel and a library that it needs.
type demandKey struct{ file, library string }

// loading is the work of a loader on one wheel in one root.
type loading struct {
	libraries *detect.Libraries
	set       *linkset.Set
	machine   string                              // of the wheel
	site      string                              // where the wheel would be installed
	at        map[string]*detect.Library          // loaded, by path
	order     []*detect.Library                   // the same in order
	exports   map[string]bool                     // all symbols that can be found; made when asked for
	python    bool                                // an interpreter is among the loaded
	defined   map[*detect.Library]map[string]bool // versions, of those asked for
	missed    map[string]bool
	lost      map[demandKey]bool // see InRoot
	answer    *Result
}

// start loads the interpreter, whose symbols and libraries are there already.
func (l *loading) start(p *detect.Python) {
	if p == nil {
		return
	}
	l.site = path.Join(p.Prefix, fmt.Sprintf("lib/python%d.%d/site-packages", p.Python.Major, p.Python.Minor))
	if program, ok := l.libraries.Program(p); ok {
		l.python = true
		l.take(program)
	}
}

// take loads a library of the root and what it needs.
func (l *loading) take(lib *detect.Library) {
	if l.at[lib.Path] != nil {
		return
	}
	l.at[lib.Path] = lib
	l.order = append(l.order, lib)
	for _, needed := range lib.File.Needed {
		if next, ok := l.libraries.Find(l.expandName(needed, path.Dir(lib.Path)), lib.RunPath()); ok {
			l.take(next)
		} else {
			l.miss(needed + ", which " + lib.Path + " needs")
		}
	}
	l.versions(lib.File, lib.RunPath(), lib.Path)
}

// expandName replaces $ORIGIN in a name of DT_NEEDED by a directory, as glibc does and
// musl does not.
func (l *loading) expandName(name, origin string) string {
	if rest, ok := cutOrigin(name); ok && !l.libraries.Musl() {
		return path.Join(origin, rest)
	}
	return name
}

// load looks up what one file of the wheel needs. Files of the wheel itself are
// looked at by the rules for bundled libraries.
func (l *loading) load(o *linkset.File) {
	origin := path.Join("/", l.site, path.Dir(installed(o.Path)))
	runPath := detect.Expand(o.RunPaths(), origin)
	for _, needed := range o.Needed {
		key := demandKey{o.Path, needed}
		_, lost := l.lost[key]
		if l.set.Provides(o, needed) && !lost {
			continue
		}
		lib, ok := l.libraries.Find(l.expandName(needed, origin), runPath)
		switch {
		case lost && !ok:
			continue
		case lost:
			l.lost[key] = true
		case !ok:
			l.miss(needed)
			continue
		}
		l.answer.Libraries[needed] = lib.Path
		l.take(lib)
	}
	l.versions(o.ELF, runPath, "")
}

// versions holds the version needs of a file against the libraries that it would
// get. A library without any versions satisfies all of them: loaders only warn.
func (l *loading) versions(f *elfaudit.File, runPath []string, needer string) {
	for _, n := range f.VersionNeeds {
		lib, ok := l.libraries.Find(n.Library, runPath)
		if !ok || len(lib.File.VersionDefs) == 0 || l.set.Library(l.machine, n.Library) != nil {
			continue
		}
		defined := l.versionsOf(lib)
		for _, v := range n.Versions {
			if defined[v.Name] || v.Weak {
				continue
			}
			text := v.Name + " in " + n.Library
			if needer != "" {
				text += ", which " + needer + " needs"
			}
			l.miss(text)
		}
	}
}

// versionsOf are the versions that a library defines for symbols.
func (l *loading) versionsOf(lib *detect.Library) map[string]bool {
	defined := l.defined[lib]
	if defined == nil {
		defined = map[string]bool{}
		for _, d := range lib.File.VersionDefs {
			if !d.Base {
				defined[d.Name] = true
			}
		}
		l.defined[lib] = defined
	}
	return defined
}

// bind looks for the symbols that the loader wants at once.
func (l *loading) bind(o *linkset.File, musl bool) {
	lazy := o.ELF.Kind == elfaudit.KindExecutable && !musl && !o.ELF.BindNow
	if lazy || len(l.answer.Missing) > 0 && l.exports == nil {
		return // a library that is not there explains all the rest
	}
	if l.exports == nil {
		l.collect()
	}
	for symbol := range o.ELF.Undefined() {
		ofPython := strings.HasPrefix(symbol.Name, "Py") || strings.HasPrefix(symbol.Name, "_Py")
		if !symbol.Weak && !l.exports[symbol.Name] && (l.python || !ofPython) {
			l.miss("the symbol " + symbol.Name + ", which no library here has")
		}
	}
}

// collect gathers the names of all symbols in the process.
func (l *loading) collect() {
	l.exports = map[string]bool{}
	for _, lib := range l.order {
		for symbol := range lib.File.Exported() {
			l.exports[symbol.Name] = true
		}
	}
	for _, o := range l.set.Files {
		if o.Loads() {
			for symbol := range o.ELF.Exported() {
				l.exports[symbol.Name] = true
			}
		}
	}
}

func (l *loading) miss(text string) {
	if !l.missed[text] {
		l.missed[text] = true
		l.answer.Missing = append(l.answer.Missing, text)
	}
}
