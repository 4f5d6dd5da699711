package loads

import (
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/manylinux"
)

// Bundled is what comes out when each file of a wheel that can come first into a
// process is loaded by itself, with the libraries that the wheel brings along.
type Bundled struct {
	// Incomplete is set when the files need each other in more ways than the
	// steps allowed; then nothing else is certain.
	Incomplete bool

	missing  map[needKey]bool
	finders  map[string]string      // by library, the first file that leads to it
	imported map[*linkset.File]bool // that a module or program needs, itself included
}

// needKey is a file and a library that it names.
type needKey struct {
	file    *linkset.File
	library string
}

// NewBundled loads the modules and programs of a wheel, and every other file that
// none of those leads to. It does nothing in a wheel that brings no library along,
// and gives up after a number of steps. isMusl says by which loader's rules a file
// is loaded.
func NewBundled(set *linkset.Set, isMusl func(*linkset.File) bool, steps int) *Bundled {
	b := &Bundled{missing: map[needKey]bool{}, finders: map[string]string{}}
	if !providesAny(set) {
		return b
	}
	b.markImported(set, steps)
	t := loader.NewTree(nil)
	l, err := lay(set, t, site)
	if err != nil {
		b.Incomplete = true
		return b
	}
	w := newWalk(l, steps)
	w.loaderOf = ownLoaders(t, isMusl)
	w.each(set.Files, func(first *linkset.File, p *loader.Process, _ *loader.Object) {
		for _, o := range p.Objects {
			if f := w.file(o); f != nil {
				b.note(set, first, f, o.Needs)
			}
		}
	})
	b.Incomplete = w.left < 0
	return b
}

// note notes which libraries of the wheel one of its files finds.
func (b *Bundled) note(set *linkset.Set, first, f *linkset.File, needs []loader.Need) {
	for i := range needs {
		n := &needs[i]
		if n.Tag != loader.TagNeeded || !set.Provides(f, n.Name) {
			continue
		}
		if n.Rule == "" {
			b.missing[needKey{f, n.Name}] = true
		} else if n.Rule != loader.RuleLoader && b.finders[n.Name] == "" {
			b.finders[n.Name] = first.Path
		}
	}
}

// Missing reports whether a file does not find a library of the wheel that it
// names. finder is another file that does find it, and that may have been loaded
// by then.
func (b *Bundled) Missing(f *linkset.File, library string) (finder string, missing bool) {
	return b.finders[library], b.missing[needKey{f, library}]
}

// markImported finds the files that a module or a program asks for by name, directly or
// through others. What is left is loaded by the code of the package itself, if at all.
func (b *Bundled) markImported(set *linkset.Set, left int) {
	b.imported = map[*linkset.File]bool{}
	var queue []*linkset.File
	for _, f := range set.Files {
		if f.Loads() && (f.IsProgram() || f.IsModule() || linkset.HasModuleName(f.Path)) {
			b.imported[f] = true
			queue = append(queue, f)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, name := range queue[0].Needed {
			l := set.Library(queue[0].Machine, name)
			if left--; left < 0 {
				return
			}
			if l == nil {
				continue
			}
			for _, f := range l.Files {
				if !b.imported[f] {
					b.imported[f] = true
					queue = append(queue, f)
				}
			}
		}
	}
}

// Demands returns the run paths that files of a wheel lack to its own libraries. Where
// another file leads to the library, or where the package itself loads the file, it may
// be in the process by then; nothing is in that of a program.
func (b *Bundled) Demands(p *manylinux.Policies, n manylinux.Needs, files []*linkset.File) []manylinux.Demand {
	var demands []manylinux.Demand
	for _, f := range files {
		for _, name := range f.Needed {
			finder, missing := b.Missing(f, name)
			if !missing {
				continue
			}
			d := manylinux.Demand{Kind: manylinux.KindPath, File: f.Path, Library: name}
			if !f.IsProgram() {
				d.By = finder
				d.Unsure = finder != "" || !b.imported[f]
			}
			if !d.Unsure {
				d.Floor = manylinux.NoPolicy
			}
			demands = append(demands, p.Complete(d, n.Libc, n.Machine))
		}
	}
	return demands
}
