package manylinux

import "path"

// world is all the ELF files of one wheel, and tables over them that are made
// when they are first asked for. A file may hold hundreds of thousands of names,
// so rules look things up and never search for each name in turn.
type world struct {
	objects []*object
	by      map[libraryKey]*library
	defined map[string]bool // symbols that some file defines
	uses    map[*object]map[boundKey][]string
}

// libraryKey is a library by soname or file name, on one kind of machine.
type libraryKey struct{ name, machine string }

// library is all the files of a wheel that go by one name on one machine.
type library struct {
	files    []*object
	versions map[string]bool // that one of them defines
	exports  map[string]bool // symbols that one of them defines
}

// boundKey is a version of a library that symbols are bound to.
type boundKey struct{ library, version string }

func newWorld(objects []*object) *world {
	w := &world{objects: objects, by: map[libraryKey]*library{}, uses: map[*object]map[boundKey][]string{}}
	for _, o := range objects {
		if !o.loads() || o.machine == "" {
			continue
		}
		base := path.Base(o.path)
		w.add(o, base)
		if s := o.file.Soname; s != "" && s != base {
			w.add(o, s)
		}
	}
	return w
}

func (w *world) add(o *object, name string) {
	key := libraryKey{name, processOf(o.machine)}
	if w.by[key] == nil {
		w.by[key] = &library{}
	}
	w.by[key].files = append(w.by[key].files, o)
}

// processOf is one name for the machines whose code may share a process.
func processOf(machine string) string {
	if machine == "armv6l" {
		return "armv7l"
	}
	return machine
}

// library is the library of the wheel that a file for a machine names, nil if
// there is none.
func (w *world) library(machine, name string) *library {
	return w.by[libraryKey{name, processOf(machine)}]
}

// provides reports whether another file of the wheel, for the same machine, is
// the library that o names.
func (w *world) provides(o *object, name string) bool {
	return w.library(o.machine, name) != nil
}

// defines reports whether a file of the library defines a version. A library
// that defines none at all takes part in no versioning.
func (l *library) defines(version string) bool {
	l.readVersions()
	return l.versions[version]
}

// versioned reports whether the library defines any version.
func (l *library) versioned() bool {
	l.readVersions()
	return len(l.versions) > 0
}

func (l *library) readVersions() {
	if l.versions != nil {
		return
	}
	l.versions = map[string]bool{}
	for _, o := range l.files {
		for _, d := range o.file.VersionDefs {
			l.versions[d.Name] = true
		}
	}
}

// has reports whether a file of the library defines a symbol.
func (l *library) has(symbol string) bool {
	if l.exports == nil {
		l.exports = map[string]bool{}
		for _, o := range l.files {
			for s := range o.file.Exported() {
				l.exports[s.Name] = true
			}
		}
	}
	return l.exports[symbol]
}

// defines reports whether a library of the wheel that o needs has a symbol.
func (w *world) defines(o *object, symbol string) bool {
	for _, name := range o.needed {
		if l := w.library(o.machine, name); l != nil && l.has(symbol) {
			return true
		}
	}
	return false
}

// exports reports whether any file of the wheel defines a symbol.
func (w *world) exports(symbol string) bool {
	if w.defined == nil {
		w.defined = map[string]bool{}
		for _, o := range w.objects {
			if !o.loads() {
				continue
			}
			for s := range o.file.Exported() {
				w.defined[s.Name] = true
			}
		}
	}
	return w.defined[symbol]
}

// symbolsOf lists the undefined symbols that a file takes from a library at a
// version, in the order of its table.
func (w *world) symbolsOf(o *object, library, version string) []string {
	bound := w.uses[o]
	if bound == nil {
		bound = map[boundKey][]string{}
		for s := range o.file.Undefined() {
			if s.Library != "" {
				key := boundKey{s.Library, s.Version}
				bound[key] = append(bound[key], s.Name)
			}
		}
		w.uses[o] = bound
	}
	return bound[boundKey{library, version}]
}
