package loads

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/tags/detect"
)

var errNoLoader = errors.New("the root has no dynamic loader")

// siteOf is where an interpreter has its packages; without one any place will do.
func siteOf(p *detect.Python) string {
	if p == nil || p.Prefix == "" {
		return site
	}
	return path.Join(p.Prefix, fmt.Sprintf("lib/python%d.%d/site-packages", p.Python.Major, p.Python.Minor))
}

// walkRoot returns a walk over a wheel that is installed in a root, by the root's loader.
// Modules are loaded by the interpreter, if there is one, whose own process is returned.
func walkRoot(set *linkset.Set, at *loader.Loader, s *detect.System, p *detect.Python, dir string) (*walk, *loader.Process, error) {
	t := loader.Over(s.Tree())
	l, err := lay(set, t, dir)
	if err != nil {
		return nil, nil, err
	}
	at = at.In(t)
	w := newWalk(l, MaxSteps)
	w.loaderOf = func(*linkset.File) *loader.Loader { return at }
	if p == nil {
		return w, nil, nil
	}
	python := at.Start()
	program, err := python.Open(p.Program, nil)
	if err != nil {
		return w, nil, nil
	}
	w.left = at.Left()
	// dlopen is called by the library with the interpreter, where there is one.
	caller := program
	if i := slices.IndexFunc(python.Objects, func(o *loader.Object) bool { return strings.HasPrefix(path.Base(o.Place), "libpython") }); i >= 0 {
		caller = python.Objects[i]
	}
	w.start = func(f *linkset.File, l *loader.Loader) (*loader.Process, *loader.Object) {
		if f.IsProgram() {
			return l.Start(), nil // a program by itself
		}
		return python.Fork(), caller
	}
	return w, python, nil
}

// loading is the work of a loader on one wheel in one root.
type loading struct {
	*walk
	set      *linkset.Set
	musl     bool
	python   bool // an interpreter is among the loaded
	seen     map[*loader.Object]bool
	order    []*elfaudit.File // the loaded files of the root
	versions map[*elfaudit.File]map[string]bool
	missed   map[string]bool
	lost     map[demandKey]bool // libraries of the wheel without a run path; see InRoot
	answer   *Result
	excluded []string // libraries that something provides which is not in the root
	blind    bool     // one of those is needed, and any symbol may be in it
}

// load loads files of the wheel, and collects what they lack.
func (l *loading) load(native []*linkset.File, at *loader.Loader, s *detect.System, p *detect.Python) error {
	w, python, err := walkRoot(l.set, at, s, p, siteOf(p))
	if err != nil {
		return err
	}
	l.walk, l.musl, l.python = w, at.Musl, python != nil
	l.seen = map[*loader.Object]bool{}
	if python != nil {
		l.visit(python)
	}
	w.each(native, func(_ *linkset.File, p *loader.Process, _ *loader.Object) { l.visit(p) })
	if w.left < 0 {
		l.answer.NoData = append(l.answer.NoData, "files that need each other in too many ways")
	}
	if len(l.answer.Missing) > 0 || l.blind {
		return nil // a library that is not there explains all the rest
	}
	has := exportsOf(l.order, l.set, l.musl)
	for _, f := range native {
		l.bind(f, has)
	}
	return nil
}

// visit looks at the objects of a process that were not in one before.
func (l *loading) visit(p *loader.Process) {
	for _, o := range p.Objects {
		if l.seen[o] {
			continue
		}
		l.seen[o] = true
		f := l.file(o)
		switch {
		case f == nil && o.File != nil:
			if !slices.Contains(l.order, o.File) {
				l.order = append(l.order, o.File)
			}
		case f == nil:
			l.unknown(o.Place + ", which cannot be read")
		}
		for i := range o.Needs {
			l.need(&o.Needs[i], o, f)
		}
		if o.File != nil && !l.musl {
			l.checkVersions(p, o, f)
		}
	}
}

// need notes whether one library is there. Those of the wheel are looked at by the
// rules for bundled libraries.
func (l *loading) need(n *loader.Need, o *loader.Object, f *linkset.File) {
	if f != nil && l.set.Provides(f, n.Name) {
		key := demandKey{f.Path, n.Name}
		if _, lost := l.lost[key]; !lost || n.Rule == "" {
			return
		}
		l.lost[key] = true
	}
	switch {
	case n.Missing() && slices.Contains(l.excluded, n.Name):
		l.blind = true
		l.unknown(n.Name + ", which something else has to provide")
	case n.Missing() && f == nil:
		l.miss(n.Name + ", which " + o.Place + " needs")
	case n.Missing():
		l.miss(n.Name)
	case f != nil && n.Object != nil && l.file(n.Object) == nil:
		l.answer.Libraries[n.Name] = n.Object.Place
	}
}

// checkVersions compares the version needs of an object with the libraries that it
// gets. A library without any versions satisfies all of them: glibc only warns.
func (l *loading) checkVersions(p *loader.Process, o *loader.Object, f *linkset.File) {
	for _, n := range o.File.VersionNeeds {
		lib := p.Find(n.Library)
		if lib == nil || lib.File == nil || len(lib.File.VersionDefs) == 0 || f != nil && l.file(lib) != nil {
			continue // of two files of the wheel, the demands say it
		}
		defined := l.versionsOf(lib.File)
		for _, v := range n.Versions {
			if defined[v.Name] || v.Weak {
				continue
			}
			text := v.Name + " in " + n.Library
			if f == nil {
				text += ", which " + o.Place + " needs"
			}
			l.miss(text)
		}
	}
}

// versionsOf are the versions that a library defines for symbols.
func (l *loading) versionsOf(f *elfaudit.File) map[string]bool {
	defined := l.versions[f]
	if defined == nil {
		defined = map[string]bool{}
		for _, d := range f.VersionDefs {
			if !d.Base {
				defined[d.Name] = true
			}
		}
		l.versions[f] = defined
	}
	return defined
}

// bind looks for the symbols that the loader wants at once.
func (l *loading) bind(o *linkset.File, has exports) {
	if o.ELF.Kind == elfaudit.KindExecutable && !l.musl && !o.ELF.BindNow {
		return
	}
	for symbol := range o.ELF.Undefined() {
		ofPython := strings.HasPrefix(symbol.Name, "Py") || strings.HasPrefix(symbol.Name, "_Py")
		if symbol.Weak || !l.python && ofPython {
			continue
		}
		switch known, fits := has.provide(symbol); {
		case !known:
			l.miss("the symbol " + symbol.Name + ", which no library here has")
		case !fits:
			l.miss("the symbol " + symbol.Name + " with the version " + symbol.Version + ", which no library here has")
		}
	}
}

// exports are the symbols of all objects of a process.
type exports struct {
	any       map[string]bool    // by name
	versioned map[[2]string]bool // by name and version
	plain     map[string]bool    // in libraries without versions, which satisfy any
	musl      bool               // versions do not count
}

func exportsOf(root []*elfaudit.File, set *linkset.Set, musl bool) exports {
	e := exports{any: map[string]bool{}, versioned: map[[2]string]bool{}, plain: map[string]bool{}, musl: musl}
	for _, f := range root {
		e.add(f)
	}
	for _, f := range set.Files {
		if f.Loads() {
			e.add(f.ELF)
		}
	}
	return e
}

func (e *exports) add(f *elfaudit.File) {
	for symbol := range f.Exported() {
		switch {
		case e.musl && symbol.Hidden: // musl finds default versions only
			continue
		case symbol.Version == "":
			e.plain[symbol.Name] = true
		case !e.musl:
			e.versioned[[2]string{symbol.Name, symbol.Version}] = true
		}
		e.any[symbol.Name] = true
	}
}

// provide reports whether a symbol is there, and with the version that is asked for.
func (e *exports) provide(s elfaudit.Symbol) (known, fits bool) {
	if !e.any[s.Name] {
		return false, false
	}
	fits = e.musl || s.Version == "" || e.plain[s.Name] || e.versioned[[2]string{s.Name, s.Version}]
	return true, fits
}

func (l *loading) miss(text string) {
	if !l.missed[text] {
		l.missed[text] = true
		l.answer.Missing = append(l.answer.Missing, text)
	}
}

func (l *loading) unknown(text string) {
	if !l.missed[text] {
		l.missed[text] = true
		l.answer.NoData = append(l.answer.NoData, text)
	}
}
