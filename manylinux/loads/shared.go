package loads

import (
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
)

// Shared is what comes out when the files of a wheel are loaded next to those of other
// wheels, all installed in the same place.
type Shared struct {
	// Incomplete is set when the files need each other in more ways than the steps
	// allowed; then what was not found may be there.
	Incomplete bool

	found map[needKey]Found
}

// Found is where a loader finds a library that another wheel has.
type Found struct {
	Wheel int           // its place among the other wheels
	File  *linkset.File // of that wheel
	Rule  loader.Rule   // "loaded" where the process had it already
	Entry string        // of the run path, as in the file
	Of    string        // the path of the file in the wheel with that run path, "" if it is of another wheel
}

// NewShared installs other wheels and then the wheel of a set in one place, and loads the
// files of the set as [NewBundled] does. isMusl says by which loader's rules.
func NewShared(set *linkset.Set, others []*linkset.Set, isMusl func(*linkset.File) bool, steps int) *Shared {
	s := &Shared{found: map[needKey]Found{}}
	t := loader.NewTree(nil)
	type place struct {
		wheel int
		file  *linkset.File
	}
	places := map[string]place{}
	for i, other := range others {
		l, err := lay(other, t, site)
		if err != nil {
			s.Incomplete = true
			return s
		}
		for at, f := range l.byPlace {
			places[at] = place{i, f}
		}
	}
	own, err := lay(set, t, site)
	if err != nil {
		s.Incomplete = true
		return s
	}
	w := newWalk(own, steps)
	w.loaderOf = ownLoaders(t, isMusl)
	w.each(set.Files, func(_ *linkset.File, p *loader.Process, _ *loader.Object) {
		for _, o := range p.Objects {
			f := w.file(o)
			if f == nil {
				continue
			}
			for i := range o.Needs {
				n := &o.Needs[i]
				key := needKey{f, n.Name}
				if _, known := s.found[key]; known || n.Object == nil || w.file(n.Object) != nil {
					continue
				}
				at, ok := places[n.Object.Place]
				if !ok {
					continue
				}
				found := Found{Wheel: at.wheel, File: at.file, Rule: n.Rule, Entry: n.Entry}
				if n.Of != nil && w.file(n.Of) != nil {
					found.Of = w.file(n.Of).Path
				}
				s.found[key] = found
			}
		}
	})
	s.Incomplete = w.left < 0
	return s
}

// Find says where a file of the wheel finds a library in another wheel.
func (s *Shared) Find(f *linkset.File, library string) (Found, bool) {
	found, ok := s.found[needKey{f, library}]
	return found, ok
}
