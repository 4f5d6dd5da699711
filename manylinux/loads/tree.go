package loads

import (
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/tags/distro"
)

// Tree says where a dynamic loader finds what the files of a wheel need.
type Tree struct {
	Machine string `json:"machine"`
	Libc    string `json:"libc"`
	// Loader is the path of the dynamic loader in the root, empty without one.
	Loader string `json:"loader,omitempty"`
	// Processes are what is loaded for each module and program by itself. In a root
	// with an interpreter that comes first, and the processes of modules have its
	// objects too.
	Processes []Process `json:"processes"`
	// Missing are the libraries that are not found, in the order of the processes.
	Missing []Missing `json:"missing"`
	// Other is what the place lacks to load code of this kind at all: the machine or
	// the libc. Then nothing was looked for.
	Other string `json:"other_system,omitempty"`
	// Unknown says why the answer is not complete.
	Unknown []string `json:"unknown,omitempty"`
}

// Process is the objects that are loaded for one file, in their order.
type Process struct {
	File    string   `json:"file"`
	Objects []Object `json:"objects"`
}

// Object is one loaded file: of the wheel by its path in it, of the root by its
// absolute path.
type Object struct {
	Path  string `json:"path"`
	Place string `json:"place,omitempty"`     // where links lead from Path
	By    string `json:"loaded_by,omitempty"` // the object that it was loaded for
	Needs []Need `json:"needs"`
	Error string `json:"error,omitempty"` // why the needs are not known
}

// Need is a library that an object names, and what the loader makes of it.
type Need struct {
	Name  string     `json:"name"`
	Tag   loader.Tag `json:"tag"`
	State State      `json:"state"`
	Path  string     `json:"path,omitempty"` // of the object that was found
	// Rule says why there. For "loaded", the object is in the process already.
	Rule    loader.Rule `json:"rule,omitempty"`
	Entry   string      `json:"entry,omitempty"` // of the run path, as written
	Of      string      `json:"of,omitempty"`    // the object whose run path that is
	Levels  []Level     `json:"levels,omitempty"`
	Skipped string      `json:"skipped,omitempty"` // a file for another machine
	Stopped string      `json:"stopped,omitempty"` // why the search ended early
}

// Level is a copy of a library for processors of a level.
type Level struct {
	Level string `json:"level"`
	Path  string `json:"path"`
}

// State is what becomes of a need. The words are stable.
type State string

// The states. StateOutside is a library that is not the wheel's, where no root says whether
// it is there.
const (
	StateFound    State = "found"
	StateMissing  State = "missing"
	StateOptional State = "optional" // missing, which the loader accepts
	StateOutside  State = "outside"
	// StateInstalled is a library that a described release is known to have, of which
	// the place is not known.
	StateInstalled State = "installed"
)

// Missing is a library that is not found.
type Missing struct {
	Library string `json:"library"`
	File    string `json:"file"`  // the first file that needs it
	For     string `json:"first"` // the file that was loaded first
}

// Place is where a file or wheel is for [TreeOf]: in a root, on a platform that is
// described, or nowhere.
type Place struct {
	// Platform is the described platform, and Release the one that it is of, if known.
	Platform *tags.Platform
	Release  *distro.Release

	System *detect.System
	Python *detect.Python // may be nil
	// Directory is that of the file in the root; "" means where the interpreter has
	// its packages.
	Directory string
	// IsMusl says which files musl loads, without a root.
	IsMusl func(*linkset.File) bool
}

// TreeOf loads the files of a set, which are for one machine and libc.
func TreeOf(c Code, set *linkset.Set, at Place) (Tree, error) {
	t := Tree{Machine: c.Machine, Libc: c.Libc.String(), Processes: []Process{}, Missing: []Missing{}}
	if platform := at.platform(); platform != nil {
		if other, ok := otherSystem(c, *platform); ok {
			t.Other = strings.Join(slices.Concat(other.Missing, other.NoData), ", ")
			return t, nil
		}
	}
	w, python, err := at.walk(set)
	if err != nil {
		return t, err
	}
	d := describer{walk: w, tree: &t, bare: at.System == nil, release: at.Release, machine: c.Machine, seen: map[Missing]bool{}}
	before := 0
	if at.System != nil {
		l, _ := at.System.Loader(at.Python)
		t.Loader = l.Path
	}
	if python != nil {
		before = len(python.Objects)
		d.process(python.Objects[0].Path, python.Objects)
	}
	native := c.Native(set.Files)
	for _, f := range set.Files {
		if f.Err != nil {
			t.Unknown = append(t.Unknown, f.Path+" cannot be read: "+f.Err.Error())
		}
	}
	w.each(native, func(f *linkset.File, p *loader.Process, opened *loader.Object) {
		d.process(f.Path, p.Objects[min(before, slices.Index(p.Objects, opened)):])
	})
	if w.left < 0 {
		t.Unknown = append(t.Unknown, "its files need each other in too many ways")
	}
	return t, nil
}

// walk returns the walk over a set in a place, and the process of the interpreter.
func (at Place) walk(set *linkset.Set) (*walk, *loader.Process, error) {
	if at.System != nil {
		l, ok := at.System.Loader(at.Python)
		if !ok {
			return nil, nil, errNoLoader
		}
		dir := at.Directory
		if dir == "" {
			dir = siteOf(at.Python)
		}
		return walkRoot(set, l, at.System, at.Python, dir)
	}
	t := loader.NewTree(nil)
	l, err := lay(set, t, site)
	if err != nil {
		return nil, nil, err
	}
	w := newWalk(l, MaxSteps)
	musl := at.IsMusl
	if at.Platform != nil {
		musl = func(*linkset.File) bool { return at.Platform.Libc.Family == tags.Musl }
	}
	w.loaderOf = ownLoaders(t, musl)
	return w, nil, nil
}

// describer turns processes into plain data.
type describer struct {
	*walk
	tree *Tree
	bare bool // there is no root

	release *distro.Release
	machine string
	seen    map[Missing]bool
}

func (d *describer) process(first string, objects []*loader.Object) {
	p := Process{File: first, Objects: []Object{}}
	for _, o := range objects {
		p.Objects = append(p.Objects, d.object(o, first))
	}
	d.tree.Processes = append(d.tree.Processes, p)
}

// name is how an object is called in results.
func (d *describer) name(o *loader.Object) string {
	if o == nil {
		return ""
	}
	if f := d.file(o); f != nil {
		return f.Path
	}
	return path.Clean(o.Path)
}

func (d *describer) object(o *loader.Object, first string) Object {
	r := Object{Path: d.name(o), By: d.name(o.By), Needs: []Need{}}
	if d.file(o) == nil && r.Path != o.Place {
		r.Place = o.Place
	}
	if o.Err != nil {
		r.Error = o.Err.Error()
		if unknown := r.Path + " cannot be read: " + r.Error; !slices.Contains(d.tree.Unknown, unknown) {
			d.tree.Unknown = append(d.tree.Unknown, unknown)
		}
	}
	for i := range o.Needs {
		n := d.need(&o.Needs[i], o)
		if n.State == StateMissing {
			d.miss(Missing{Library: n.Name, File: r.Path, For: first})
		}
		r.Needs = append(r.Needs, n)
	}
	return r
}

func (d *describer) need(n *loader.Need, o *loader.Object) Need {
	r := Need{
		Name: n.Name, Tag: n.Tag, State: StateFound, Rule: n.Rule, Entry: n.Entry,
		Path: d.name(n.Object), Of: d.name(n.Of), Skipped: d.relative(n.Skipped), Stopped: d.relative(n.Stopped),
	}
	for _, c := range n.Copies {
		r.Levels = append(r.Levels, Level{c.Level, d.relative(path.Clean(c.Path))})
	}
	if n.Rule != "" {
		return r
	}
	f := d.file(o)
	switch {
	case n.Tag == loader.TagAuxiliary:
		r.State = StateOptional
	case d.bare && n.Stopped == "" && (f == nil || !d.set.Provides(f, n.Name)):
		r.State = d.outside(n.Name)
	default:
		r.State = StateMissing
	}
	return r
}

// outside is the state of a library that is not the wheel's, without a root.
func (d *describer) outside(library string) State {
	if d.release == nil {
		return StateOutside
	}
	switch has, known := d.release.HasLibrary(d.machine, library); {
	case !known:
		return StateOutside
	case has:
		return StateInstalled
	}
	return StateMissing
}

// platform describes the place, nil if it is nowhere.
func (at Place) platform() *tags.Platform {
	if at.System == nil {
		return at.Platform
	}
	p := platformOf(at.System, at.Python)
	return &p
}

// miss notes a library that a file does not find, once.
func (d *describer) miss(m Missing) {
	key := Missing{Library: m.Library, File: m.File}
	if !d.seen[key] {
		d.seen[key] = true
		d.tree.Missing = append(d.tree.Missing, m)
	}
}

// relative shortens the path of a file of the wheel.
func (d *describer) relative(text string) string { return strings.ReplaceAll(text, d.site+"/", "") }
