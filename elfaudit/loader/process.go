package loader

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// Process is the objects that a loader has loaded, in their order.
type Process struct {
	Objects []*Object

	loader  *Loader
	byPlace map[string]*Object
	byName  map[string]*Object
	main    *Object // the program
}

// Object is a file in a process.
type Object struct {
	Path  string // as the loader calls it, with $ORIGIN and links in it
	Place string // the file that it leads to, absolute, without links
	File  *elfaudit.File
	Err   error // why File is nil: the file is there and cannot be judged
	By    *Object
	Needs []Need
}

// Need is a library that an object names.
type Need struct {
	Name string // as in the file
	Tag  Tag

	Object *Object // nil when it is missing, or is a loader that is not in the tree
	Rule   Rule    // by which the object was found, "" when it is missing
	Entry  string  // of the run path, as in the file, for RuleRPath and RuleRunPath
	Of     *Object // whose run path that is
	Copies []Copy  // that processors of some levels get in place of it, best first

	Skipped string // the first file of the name that is for another machine
	Stopped string // what ended the search before it was done
}

// Tag is the dynamic tag that names a library.
type Tag string

// The tags.
const (
	TagNeeded    Tag = "needed"
	TagFilter    Tag = "filter"    // DT_FILTER: as needed, for glibc
	TagAuxiliary Tag = "auxiliary" // DT_AUXILIARY: may be missing, for glibc
)

// Missing reports whether the loader fails for the need.
func (n *Need) Missing() bool { return n.Rule == "" && n.Tag != TagAuxiliary }

// origin is what $ORIGIN means.
func (o *Object) origin() string {
	if i := strings.LastIndexByte(o.Path, '/'); i > 0 {
		return o.Path[:i]
	}
	return "/"
}

// Start begins a process without any object.
func (l *Loader) Start() *Process {
	return &Process{loader: l, byPlace: map[string]*Object{}, byName: map[string]*Object{}}
}

// Fork returns a process with the same objects, to which others can be added.
func (p *Process) Fork() *Process {
	return &Process{Objects: slices.Clone(p.Objects), loader: p.loader, byPlace: maps.Clone(p.byPlace), byName: maps.Clone(p.byName), main: p.main}
}

// Open loads the file at an absolute path and all that it needs, breadth first as
// loaders do. The first file is the program. by is the object that calls dlopen; the
// run path of the program serves what that loads, in glibc also those of others between
// the two. It may be nil. The error says why nothing was loaded: no file is there, or
// it is no ELF file for the machine. What is missing is in [Object.Needs].
func (p *Process) Open(name string, by *Object) (*Object, error) {
	if p.loader.Musl && by != nil {
		by = p.main
	}
	var w location
	if p.loader.try(&w, name, RulePath); w.path == "" {
		switch {
		case w.stopped != "":
			return nil, fmt.Errorf("%s", w.stopped)
		case w.skipped != "":
			return nil, fmt.Errorf("%s is for another machine", name)
		}
		place, _, err := p.loader.tree.Resolve(name)
		if err == nil {
			_, err = p.loader.tree.ELF(place)
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if o := p.byPlace[w.place]; o != nil {
		return o, nil
	}
	o := p.add(w, by)
	if p.main == nil {
		p.main = o
	}
	for i := slices.Index(p.Objects, o); i < len(p.Objects) && p.loader.left >= 0; i++ {
		p.satisfy(p.Objects[i])
	}
	return o, nil
}

// add makes an object of a file.
func (p *Process) add(w location, by *Object) *Object {
	o := &Object{Path: w.path, Place: path.Join("/", w.place), File: w.file, Err: w.err, By: by}
	p.Objects = append(p.Objects, o)
	p.byPlace[w.place] = o
	if !p.loader.Musl {
		p.name(w.path, o)
		if o.File != nil && o.File.Soname != "" {
			p.name(o.File.Soname, o)
		}
	}
	return o
}

// name gives an object a name, unless one before it has that.
func (p *Process) name(name string, o *Object) {
	if p.byName[name] == nil {
		p.byName[name] = o
	}
}

// satisfy looks up everything that an object needs.
func (p *Process) satisfy(o *Object) {
	if o.File == nil {
		return
	}
	lists := []struct {
		names []string
		tag   Tag
	}{{o.File.Needed, TagNeeded}, {o.File.Filters, TagFilter}, {o.File.Auxiliaries, TagAuxiliary}}
	if p.loader.Musl {
		lists = lists[:1]
	}
	for _, list := range lists {
		for _, name := range list.names {
			if p.loader.left--; p.loader.left < 0 {
				return
			}
			n := Need{Name: name, Tag: list.tag}
			p.lookUp(&n, o)
			o.Needs = append(o.Needs, n)
		}
	}
}

// lookUp looks for one library.
func (p *Process) lookUp(n *Need, o *Object) {
	if p.loader.isSelf(n.Name) {
		n.Rule, n.Object = RuleLoader, p.self()
		return
	}
	names := []string{n.Name}
	if !p.loader.Musl {
		names = p.loader.expand(n.Name, o.origin())
	}
	for _, name := range names {
		if p.lookUpAs(name, n, o); n.Object != nil {
			return
		}
	}
}

func (p *Process) lookUpAs(name string, n *Need, o *Object) {
	if already := p.byName[name]; already != nil {
		n.Object, n.Rule = already, RuleLoaded
		return
	}
	w := p.loader.find(name, o)
	if n.Skipped == "" {
		n.Skipped = w.skipped
	}
	if n.Stopped == "" {
		n.Stopped = w.stopped
	}
	if w.path == "" {
		return
	}
	n.Rule, n.Entry, n.Of, n.Copies = w.rule, w.entry, w.of, w.copies
	if n.Object = p.byPlace[w.place]; n.Object == nil {
		n.Object = p.add(w, o)
	}
	if !p.loader.Musl || !strings.Contains(name, "/") {
		p.name(name, n.Object)
	}
}

// Find looks a library up for an object that nothing was loaded for, or with nil for
// any that has no run path. It is nil when nothing is found.
func (l *Loader) Find(name string, of *Object) *Object {
	if l.isSelf(name) {
		return l.Start().self()
	}
	if of == nil {
		of = &Object{File: &elfaudit.File{}}
	}
	w := l.find(name, of)
	if w.path == "" {
		return nil
	}
	return &Object{Path: w.path, Place: path.Join("/", w.place), File: w.file, Err: w.err}
}

// reserved begin the names that musl takes for itself.
var reserved = []string{"libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."}

// isSelf reports whether a name is that of the loader itself.
func (l *Loader) isSelf(name string) bool {
	if l.Path != "" && (name == path.Base(l.Path) || name == l.Path) {
		return true
	}
	return l.Musl && slices.ContainsFunc(reserved, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// self returns the object of the loader, which needs nothing.
func (p *Process) self() *Object {
	place, _, err := p.loader.tree.Resolve(p.loader.Path)
	if err != nil || p.loader.Path == "" {
		return nil
	}
	if o := p.byPlace[place]; o != nil {
		return o
	}
	f, err := p.loader.tree.ELF(place)
	o := &Object{Path: p.loader.Path, Place: path.Join("/", place), File: f, Err: err}
	p.Objects = append(p.Objects, o)
	p.byPlace[place] = o
	return o
}

// Find returns the object that has a name in the process, or nil.
func (p *Process) Find(name string) *Object {
	if p.loader.isSelf(name) {
		return p.self()
	}
	return p.byName[name]
}
