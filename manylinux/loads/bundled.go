package loads

import (
	"path"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
)

// Bundled is what comes out when each file of a wheel that can come first into a
// process is loaded by itself, with the libraries that the wheel brings along.
type Bundled struct {
	// Incomplete is set when the files need each other in more ways than the
	// steps allowed; then nothing else is certain.
	Incomplete bool

	set      *linkset.Set
	resolver *resolver
	missing  map[needKey]bool
	finders  map[string]string // by library, the first file that leads to it
	reached  map[*linkset.File]bool
	imported map[*linkset.File]bool // that a module or program needs, itself included
	left     int                    // names that may still be looked at
}

// needKey is a file and a library that it names.
type needKey struct {
	file    *linkset.File
	library string
}

// loaded is a file in a process, and the one that it was first loaded for.
type loaded struct {
	file *linkset.File
	by   *loaded
}

// MaxSteps is a good bound for [NewBundled]: the largest wheels take some ten
// thousand steps.
const MaxSteps = 5_000_000

// NewBundled loads the modules and programs of a wheel, and every other file that
// none of those leads to. It does nothing in a wheel that brings no library along,
// and gives up after a number of steps. isMusl says by which loader's rules a file
// is loaded.
func NewBundled(set *linkset.Set, isMusl func(*linkset.File) bool, steps int) *Bundled {
	b := &Bundled{set: set, missing: map[needKey]bool{}, finders: map[string]string{}, reached: map[*linkset.File]bool{}, left: steps}
	needed := map[string]bool{}
	some := false
	for _, f := range set.Files {
		for _, name := range f.Needed {
			needed[name] = true
			some = some || set.Provides(f, name)
		}
	}
	if !some {
		return b
	}
	b.resolver = newResolver(set.Files)
	b.markImported()
	for _, f := range set.Files {
		if f.Loads() && (!needed[path.Base(f.Path)] && !needed[f.ELF.Soname] || f.IsModule()) {
			b.load(f, isMusl(f))
		}
	}
	for _, f := range set.Files {
		if f.Loads() && !b.reached[f] {
			b.load(f, isMusl(f))
		}
	}
	b.Incomplete = b.left < 0
	return b
}

// Missing reports whether a file does not find a library of the wheel that it
// names. finder is another file that does find it, and that may have been loaded
// by then.
func (b *Bundled) Missing(f *linkset.File, library string) (finder string, missing bool) {
	return b.finders[library], b.missing[needKey{f, library}]
}

// markImported finds the files that a module or a program asks for by name, directly or
// through others. What is left is loaded by the code of the package itself, if at all.
func (b *Bundled) markImported() {
	b.imported = map[*linkset.File]bool{}
	var queue []*linkset.File
	for _, f := range b.set.Files {
		if f.Loads() && (f.IsProgram() || f.IsModule() || linkset.HasModuleName(f.Path)) {
			b.imported[f] = true
			queue = append(queue, f)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, name := range queue[0].Needed {
			l := b.set.Library(queue[0].Machine, name)
			if b.left--; b.left < 0 {
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

// load loads a file into an empty process, breadth first as loaders do. A library
// that is there already satisfies its name and its soname.
func (b *Bundled) load(first *linkset.File, musl bool) {
	there := map[string]bool{}
	in := map[*linkset.File]bool{first: true}
	queue := []*loaded{{file: first}}
	for len(queue) > 0 {
		l := queue[0]
		queue = queue[1:]
		b.reached[l.file] = true
		for _, name := range l.file.Needed {
			if b.left--; b.left < 0 {
				return
			}
			if there[name] || !b.set.Provides(l.file, name) {
				continue
			}
			found := b.find(l, name, musl)
			if found == nil {
				b.missing[needKey{l.file, name}] = true
				continue
			}
			there[name] = true
			if b.finders[name] == "" {
				b.finders[name] = first.Path
			}
			if !in[found] {
				in[found] = true
				there[found.ELF.Soname] = true
				queue = append(queue, &loaded{found, l})
			}
		}
	}
}

// find looks a library up as glibc does, or as musl does. In glibc the DT_RPATH of
// a file also serves everything that is loaded for it, except files with a
// DT_RUNPATH, which serves its own file alone. In musl the two are the same, and
// serve everything that is loaded for the file.
func (b *Bundled) find(l *loaded, name string, musl bool) *linkset.File {
	if dir, ok := expand(l.file, path.Dir(name)); ok {
		if musl {
			return nil // it takes $ORIGIN in a name literally
		}
		return b.resolver.in(l.file, path.Base(name), dir)
	}
	if !musl && l.file.ELF.RunPath != nil {
		return b.resolver.find(l.file, name, l.file)
	}
	for p := l; p != nil; p = p.by {
		if !musl && p.file.ELF.RunPath != nil {
			continue
		}
		b.left--
		if found := b.resolver.find(l.file, name, p.file); found != nil {
			return found
		}
	}
	return nil
}
