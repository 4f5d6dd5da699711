package loads

import (
	"encoding/binary"
	"path"
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// MaxSteps is a good bound for [NewBundled]: the largest wheels take some ten
// thousand steps.
const MaxSteps = loader.MaxSteps

// walk loads the files of a wheel, each that can come first into a process in one by
// itself, with what it needs.
type walk struct {
	*layout
	loaderOf func(*linkset.File) *loader.Loader
	start    func(*linkset.File, *loader.Loader) (p *loader.Process, by *loader.Object)
	left     int // steps
	reached  map[*linkset.File]bool
}

func newWalk(l *layout, steps int) *walk {
	return &walk{
		layout: l, left: steps, reached: map[*linkset.File]bool{},
		start: func(_ *linkset.File, l *loader.Loader) (*loader.Process, *loader.Object) { return l.Start(), nil },
	}
}

// each visits the processes of some files: modules and programs, then every other file
// that none of those leads to.
func (w *walk) each(files []*linkset.File, visit func(f *linkset.File, p *loader.Process, opened *loader.Object)) {
	needed := map[string]bool{}
	for _, f := range w.set.Files {
		for _, name := range f.Needed {
			needed[path.Base(name)] = true
		}
	}
	first := func(f *linkset.File) bool { return !needed[path.Base(f.Path)] && !needed[f.ELF.Soname] || f.IsModule() }
	for _, leading := range []bool{true, false} {
		for _, f := range files {
			if f.Loads() && (leading && first(f) || !leading && !w.reached[f]) {
				w.load(f, visit)
			}
		}
	}
}

// load loads one file.
func (w *walk) load(f *linkset.File, visit func(f *linkset.File, p *loader.Process, opened *loader.Object)) {
	if w.left < 0 {
		return
	}
	l := w.loaderOf(f)
	l.Limit(w.left)
	p, by := w.start(f, l)
	before := len(p.Objects)
	opened, err := p.Open(w.at(f.Path), by)
	w.left = l.Left()
	w.reached[f] = true
	if err != nil {
		return // another file of the wheel is installed there
	}
	for _, o := range p.Objects[before:] {
		if found := w.file(o); found != nil {
			w.reached[found] = true
		}
	}
	visit(f, p, opened)
}

// kind is what tells loaders in a wheel apart.
type kind struct {
	class    int
	machine  uint16
	bigOrder bool
	float    elfaudit.FloatABI
	musl     bool
}

// ownLoaders returns loaders for files in a tree without a system, one of each kind.
func ownLoaders(t *loader.Tree, isMusl func(*linkset.File) bool) func(*linkset.File) *loader.Loader {
	made := map[kind]*loader.Loader{}
	return func(f *linkset.File) *loader.Loader {
		k := kind{class: f.ELF.Class, machine: uint16(f.ELF.Machine), bigOrder: f.ELF.Order == binary.BigEndian, musl: isMusl(f)}
		if f.ELF.ARM != nil {
			k.float = f.ELF.ARM.Float
		}
		if made[k] == nil {
			made[k] = loader.New(t, f.ELF, k.musl, "")
		}
		return made[k]
	}
}

// providesAny reports whether a file of the set needs another.
func providesAny(set *linkset.Set) bool {
	return slices.ContainsFunc(set.Files, func(f *linkset.File) bool {
		return slices.ContainsFunc(f.Needed, func(name string) bool { return set.Provides(f, name) })
	})
}
