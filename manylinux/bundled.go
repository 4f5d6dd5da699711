package manylinux

import (
	"fmt"
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// bundled is what comes out when each file of a wheel that can come first into a
// process is loaded by itself, with the libraries that the wheel brings along.
type bundled struct {
	world    *world
	resolver *resolver
	missing  map[needKey]bool
	finders  map[string]string // by library, the first file that leads to it
	reached  map[*object]bool
	left     int // names that may still be looked at
}

// needKey is a file and a library that it names.
type needKey struct {
	o       *object
	library string
}

// loaded is a file in a process, and the one that it was first loaded for.
type loaded struct {
	o  *object
	by *loaded
}

// loadEach loads the modules and programs of the wheel, and every other file that
// none of those leads to. It does nothing in a wheel that brings no library along,
// and gives up after a number of steps.
func (a *audit) loadEach(steps int) *bundled {
	b := &bundled{world: a.world, missing: map[needKey]bool{}, finders: map[string]string{}, reached: map[*object]bool{}, left: steps}
	needed := map[string]bool{}
	some := false
	for _, o := range a.world.objects {
		for _, name := range o.needed {
			needed[name] = true
			some = some || a.world.provides(o, name)
		}
	}
	if !some {
		return b
	}
	b.resolver = newResolver(a.world.objects)
	for _, o := range a.world.objects {
		if o.loads() && (!needed[path.Base(o.path)] && !needed[o.file.Soname] || isExtension(o)) {
			b.load(o, a.isMusl(o))
		}
	}
	for _, o := range a.world.objects {
		if o.loads() && !b.reached[o] {
			b.load(o, a.isMusl(o))
		}
	}
	if b.left < 0 {
		a.find("WT206", Finding{Message: "cannot be judged: its files need each other in too many ways"})
	}
	return b
}

// isMusl reports whether musl loads a file.
func (a *audit) isMusl(o *object) bool {
	if o.libc == elfaudit.LibcMusl || o.libc == elfaudit.LibcGlibc {
		return o.libc == elfaudit.LibcMusl
	}
	return a.judged.libc == elfaudit.LibcMusl
}

// load loads a file into an empty process, breadth first as loaders do. A library
// that is there already satisfies its name and its soname.
func (b *bundled) load(first *object, musl bool) {
	there := map[string]bool{}
	in := map[*object]bool{first: true}
	queue := []*loaded{{o: first}}
	for len(queue) > 0 {
		l := queue[0]
		queue = queue[1:]
		b.reached[l.o] = true
		for _, name := range l.o.needed {
			if b.left--; b.left < 0 {
				return
			}
			if there[name] || !b.world.provides(l.o, name) {
				continue
			}
			found := b.find(l, name, musl)
			if found == nil {
				b.missing[needKey{l.o, name}] = true
				continue
			}
			there[name] = true
			if b.finders[name] == "" {
				b.finders[name] = first.path
			}
			if !in[found] {
				in[found] = true
				there[found.file.Soname] = true
				queue = append(queue, &loaded{found, l})
			}
		}
	}
}

// find looks a library up as glibc does, or as musl does. In glibc the DT_RPATH of a
// file serves all that is loaded for it as well, but for files with a
// DT_RUNPATH, which serves its own file alone. To musl the two are the same, and
// serve all that is loaded for the file.
func (b *bundled) find(l *loaded, name string, musl bool) *object {
	if !musl && l.o.file.RunPath != nil {
		return b.resolver.find(l.o, name, l.o)
	}
	for p := l; p != nil; p = p.by {
		if !musl && p.o.file.RunPath != nil {
			continue
		}
		b.left--
		if found := b.resolver.find(l.o, name, p.o); found != nil {
			return found
		}
	}
	return nil
}

// checkBundled finds libraries of the wheel that no run path leads to. One that
// another file finds may be loaded by the time it matters, which is only a note.
func (a *audit) checkBundled(o *object, b *bundled) {
	for _, name := range o.needed {
		if !b.missing[needKey{o, name}] {
			continue
		}
		at := a.world.library(o.machine, name).files[0].path
		if finder := b.finders[name]; finder != "" {
			a.find("WT214", Finding{
				File: o.path, Severity: Note, Library: name, Need: at,
				Message: fmt.Sprintf("needs %s, to which only files such as %s lead; one of them must be loaded first", name, finder),
			})
			continue
		}
		message := fmt.Sprintf("needs %s, which the wheel has as %s, but no run path leads there", name, at)
		if paths := o.searchPaths(); len(paths) > 0 {
			message += fmt.Sprintf(" (it has %s)", strings.Join(paths, ":"))
		}
		a.find("WT214", Finding{File: o.path, Library: name, Need: at, Message: message})
	}
}
