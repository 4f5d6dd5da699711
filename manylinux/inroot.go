package manylinux

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
)

// LoadsIn says whether the wheel's machine code loads in a real root file
// system: each needed library is looked up among those that are really there,
// with what they need themselves, and each symbol version in the file that would
// be loaded. Missing symbols count where the loader looks for them at once: on
// musl, and in files linked with BIND_NOW. p is the interpreter, or nil for a
// root that is asked without one. The answer has no name.
func (r *Report) LoadsIn(s *detect.System, p *detect.Python) ReleaseAnswer {
	answer := ReleaseAnswer{Loads: LoadsYes}
	if r.audit == nil || len(r.ELF) == 0 {
		return answer
	}
	j := &r.audit.judged
	platform := tags.Platform{OS: tags.Linux, Arch: s.Machine, Libc: s.Libc.Libc}
	if p != nil {
		platform = p.Platform
		platform.Libc = p.Libc.Libc
	}
	if missing := j.strange(platform); missing != "" {
		return ReleaseAnswer{Loads: LoadsNo, Missing: []string{missing}}
	}
	libraries, ok := s.Libraries(p)
	switch {
	case j.libc == elfaudit.LibcNone:
	case !ok:
		answer.Missing = []string{"a loader"}
	default:
		l := loading{
			libraries: libraries, world: r.audit.world, machine: j.machine, at: map[string]*detect.Library{},
			defined: map[*detect.Library]map[string]bool{}, missed: map[string]bool{}, answer: &answer,
		}
		answer.Libraries = map[string]string{}
		l.start(p)
		for _, o := range j.native {
			l.load(o)
		}
		for _, o := range j.native {
			l.bind(o, libraries.Musl())
		}
	}
	for _, n := range j.needs {
		if text, known := (offer{}).lacks(n); n.rule == "WT207" && !known && !slices.Contains(answer.Untold, text) {
			answer.Untold = append(answer.Untold, text)
		}
	}
	switch {
	case len(answer.Missing) > 0:
		answer.Loads = LoadsNo
	case len(answer.Untold) > 0 || r.Verdict == Unknown:
		answer.Loads = LoadsUnknown
	}
	return answer
}

// loading is the work of a loader on one wheel in one root.
type loading struct {
	libraries *detect.Libraries
	world     *world
	machine   string                              // of the wheel
	site      string                              // where the wheel would be installed
	at        map[string]*detect.Library          // loaded, by path
	order     []*detect.Library                   // the same in order
	exports   map[string]bool                     // all symbols that can be found; made when asked for
	python    bool                                // an interpreter is among the loaded
	defined   map[*detect.Library]map[string]bool // versions, of those asked for
	missed    map[string]bool
	answer    *ReleaseAnswer
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
		if next, ok := l.libraries.Find(needed, lib.RunPath()); ok {
			l.take(next)
		} else {
			l.miss(needed + ", which " + lib.Path + " needs")
		}
	}
	l.versions(lib.File, lib.RunPath(), lib.Path)
}

// load looks up what one file of the wheel needs. Files of the wheel itself are
// looked at by the rules for bundled libraries.
func (l *loading) load(o *object) {
	runPath := detect.Expand(o.searchPaths(), path.Join("/", l.site, path.Dir(installed(o.path))))
	for _, needed := range o.needed {
		if l.world.provides(o, needed) {
			continue
		}
		lib, ok := l.libraries.Find(needed, runPath)
		if !ok {
			l.miss(needed)
			continue
		}
		l.answer.Libraries[needed] = lib.Path
		l.take(lib)
	}
	l.versions(o.file, runPath, "")
}

// versions holds the version needs of a file against the libraries that it would
// get. A library without any versions satisfies all of them: loaders only warn.
func (l *loading) versions(f *elfaudit.File, runPath []string, needer string) {
	for _, n := range f.VersionNeeds {
		lib, ok := l.libraries.Find(n.Library, runPath)
		if !ok || len(lib.File.VersionDefs) == 0 || l.world.library(l.machine, n.Library) != nil {
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
func (l *loading) bind(o *object, musl bool) {
	lazy := o.file.Kind == elfaudit.KindExecutable && !musl && !o.file.BindNow
	if lazy || len(l.answer.Missing) > 0 && l.exports == nil {
		return // a library that is not there explains all the rest
	}
	if l.exports == nil {
		l.collect()
	}
	for symbol := range o.file.Undefined() {
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
	for _, o := range l.world.objects {
		if o.loads() {
			for symbol := range o.file.Exported() {
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
