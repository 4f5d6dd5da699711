package linkset

import (
	"path"
	"strings"
)

// Set is all the ELF files of one wheel and the tables over them.
type Set struct {
	Files []*File
	// Directories are those in which the wheel has any file, for loaders: a path
	// through a directory that does not exist leads nowhere.
	Directories []string

	by      map[libraryKey]*Library
	defined map[string]bool     // symbols that some file defines
	needed  map[libraryKey]bool // names that some file needs
	uses    map[*File]map[Bound][]string
	started map[*File]bool // programs and what they lead to
}

// libraryKey is a library by soname or file name, on one kind of machine.
type libraryKey struct{ name, machine string }

// Library is all the files of a set that go by one name on one machine.
type Library struct {
	Files    []*File
	versions map[string]bool // that one of them defines
	exports  map[string]bool // symbols that one of them defines
}

// Bound is a version of a library that symbols are bound to.
type Bound struct{ Library, Version string }

// New makes the set of some files.
func New(files []*File) *Set {
	w := &Set{Files: files, by: map[libraryKey]*Library{}, uses: map[*File]map[Bound][]string{}}
	for _, o := range files {
		if !o.Loads() || o.Machine == "" {
			continue
		}
		base := path.Base(o.Path)
		w.add(o, base)
		if s := o.ELF.Soname; s != "" && s != base {
			w.add(o, s)
		}
	}
	return w
}

func (w *Set) add(o *File, name string) {
	key := libraryKey{name, processOf(o.Machine)}
	if w.by[key] == nil {
		w.by[key] = &Library{}
	}
	w.by[key].Files = append(w.by[key].Files, o)
}

// processOf is one name for the machines whose code may share a process.
func processOf(machine string) string {
	if machine == "armv6l" {
		return "armv7l"
	}
	return machine
}

// Library returns the library that a file for a machine gets by a name, or nil.
//
// A name with $ORIGIN in front is that of a file next to the one that needs it.
func (w *Set) Library(machine, name string) *Library {
	if rest, ok := strings.CutPrefix(name, "$ORIGIN/"); ok {
		name = path.Base(rest)
	}
	return w.by[libraryKey{name, processOf(machine)}]
}

// Provides reports whether a file of the set, for the same machine, is the
// library that o names.
func (w *Set) Provides(o *File, name string) bool {
	return w.Library(o.Machine, name) != nil
}

// IsNeeded reports whether a file of the set, for the same machine, needs o by its
// file name or its soname.
func (w *Set) IsNeeded(o *File) bool {
	if w.needed == nil {
		w.needed = map[libraryKey]bool{}
		for _, f := range w.Files {
			if f.ELF == nil {
				continue
			}
			for _, name := range f.ELF.Needed {
				w.needed[libraryKey{name, processOf(f.Machine)}] = true
			}
		}
	}
	machine := processOf(o.Machine)
	return machine != "" && (w.needed[libraryKey{path.Base(o.Path), machine}] || o.ELF.Soname != "" && w.needed[libraryKey{o.ELF.Soname, machine}])
}

// InProgram reports whether a program of the set leads to o by the names that files need,
// so that both may be in its process from the start.
func (w *Set) InProgram(o *File) bool {
	if w.started == nil {
		w.started = map[*File]bool{}
		var queue []*File
		for _, f := range w.Files {
			if f.Loads() && f.IsProgram() {
				w.started[f] = true
				queue = append(queue, f)
			}
		}
		for ; len(queue) > 0; queue = queue[1:] {
			for _, name := range queue[0].Needed {
				l := w.Library(queue[0].Machine, name)
				if l == nil {
					continue
				}
				for _, f := range l.Files {
					if !w.started[f] {
						w.started[f] = true
						queue = append(queue, f)
					}
				}
			}
		}
	}
	return w.started[o]
}

// Defines reports whether a file of the library defines a symbol version. A
// library that defines none at all takes part in no versioning.
func (l *Library) Defines(version string) bool {
	l.readVersions()
	return l.versions[version]
}

// Versioned reports whether the library defines any symbol version.
func (l *Library) Versioned() bool {
	l.readVersions()
	return len(l.versions) > 0
}

func (l *Library) readVersions() {
	if l.versions != nil {
		return
	}
	l.versions = map[string]bool{}
	for _, o := range l.Files {
		for _, d := range o.ELF.VersionDefs {
			l.versions[d.Name] = true
		}
	}
}

// Exports reports whether a file of the library defines a symbol.
func (l *Library) Exports(symbol string) bool {
	if l.exports == nil {
		l.exports = map[string]bool{}
		for _, o := range l.Files {
			for s := range o.ELF.Exported() {
				l.exports[s.Name] = true
			}
		}
	}
	return l.exports[symbol]
}

// Links reports whether a library of the set that o needs defines a symbol.
func (w *Set) Links(o *File, symbol string) bool {
	for _, name := range o.Needed {
		if l := w.Library(o.Machine, name); l != nil && l.Exports(symbol) {
			return true
		}
	}
	return false
}

// Exports reports whether any file of the set defines a symbol.
func (w *Set) Exports(symbol string) bool {
	if w.defined == nil {
		w.defined = map[string]bool{}
		for _, o := range w.Files {
			if !o.Loads() {
				continue
			}
			for s := range o.ELF.Exported() {
				w.defined[s.Name] = true
			}
		}
	}
	return w.defined[symbol]
}

// SymbolsOf lists the undefined symbols that a file takes from a library at a
// version, in the order of its table.
func (w *Set) SymbolsOf(o *File, library, version string) []string {
	bound := w.uses[o]
	if bound == nil {
		bound = map[Bound][]string{}
		for s := range o.ELF.Undefined() {
			if s.Library != "" {
				key := Bound{s.Library, s.Version}
				bound[key] = append(bound[key], s.Name)
			}
		}
		w.uses[o] = bound
	}
	return bound[Bound{library, version}]
}
