package audit

import (
	"path"
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/auditwheel"
	"github.com/wheeltag/wheeltag/internal/pystr"
	"github.com/wheeltag/wheeltag/manylinux"
)

// Outside is a library from outside a wheel that was found in the directories of
// [Options.LibraryPath]: what bundling it would bring along.
type Outside struct {
	Library string `json:"library"` // as the wheel names it
	Path    string `json:"path"`    // without links
	// External are the libraries that it needs in turn and that no policy allows.
	External []string `json:"external"`
	// FloorTag is the lowest tag that the file itself meets, without regard to what is
	// external; "" when there is none.
	FloorTag string `json:"floor_tag"`
}

// elsewhere is what the options say of libraries that no wheel has.
type elsewhere struct {
	globs []pystr.Glob
	path  *libraryPath // nil without directories
}

func newElsewhere(exclude, dirs []string) elsewhere {
	var o elsewhere
	for _, pattern := range exclude {
		o.globs = append(o.globs, pystr.ParseGlob(pattern))
	}
	if dirs != nil {
		o.path = newLibraryPath(dirs)
	}
	return o
}

// excludes reports whether a pattern fits the name of a library or the path of its file.
func (o elsewhere) excludes(nameOrPath string) bool {
	return slices.ContainsFunc(o.globs, func(g pystr.Glob) bool { return g.Match(nameOrPath) })
}

func (o elsewhere) find(like *linkset.File, name string) *linkset.File {
	if o.path == nil {
		return nil
	}
	return o.path.find(like, name)
}

// options are the same for the model of auditwheel.
func (o elsewhere) options() auditwheel.Options {
	var options auditwheel.Options
	if o.globs != nil {
		options.Exclude = o.excludes
	}
	if o.path != nil {
		options.Find = o.path.find
	}
	return options
}

// exclude finds the libraries that the files of a wheel need and that are excluded.
func (s *Subject) exclude() {
	s.excluded = nil
	if s.elsewhere.globs == nil {
		return
	}
	for _, f := range s.ELF.Files {
		if f.ELF == nil {
			continue
		}
		for _, name := range f.Needed {
			if slices.Contains(s.excluded, name) {
				continue
			}
			found := (*linkset.File)(nil)
			if !s.ELF.Provides(f, name) {
				found = s.elsewhere.find(f, name)
			}
			if s.elsewhere.excludes(name) || found != nil && s.elsewhere.excludes(found.Path) {
				s.excluded = append(s.excluded, name)
			}
		}
	}
	for _, f := range s.content.binaries {
		if f.facts == nil {
			continue
		}
		for i := range f.facts.Slices {
			for _, name := range f.facts.Slices[i].Needed {
				if s.elsewhere.excludes(path.Base(name)) {
					s.excluded = append(s.excluded, name)
				}
			}
		}
	}
	slices.Sort(s.excluded)
	s.excluded = slices.Compact(s.excluded)
}

// withoutExcluded leaves out what is asked of excluded libraries, as something else
// provides them. The symbol versions that files need of them still count, as they do for
// auditwheel: they say which release of a library the code was built with.
func (s *Subject) withoutExcluded(demands []manylinux.Demand) []manylinux.Demand {
	if s.excluded == nil {
		return demands
	}
	return slices.DeleteFunc(demands, func(d manylinux.Demand) bool {
		switch d.Kind {
		case manylinux.KindLibrary, manylinux.KindBan, manylinux.KindPath, manylinux.KindBundled:
			return slices.Contains(s.excluded, d.Library)
		}
		return false
	})
}

// external reports whether a demand is for a library that no policy allows.
func external(d manylinux.Demand) bool {
	return d.Kind == manylinux.KindLibrary && d.Floor >= manylinux.NoPolicy
}

// findOutside looks for the libraries from outside the wheel, and for those that they
// need.
func (s *Subject) findOutside() []Outside {
	if s.elsewhere.path == nil {
		return nil
	}
	var found []*linkset.File
	var list []Outside
	seen := map[string]bool{}
	add := func(like *linkset.File, name string) {
		if f := s.elsewhere.find(like, name); f != nil && !seen[name] {
			seen[name] = true
			found = append(found, f)
			list = append(list, Outside{Library: name, Path: f.Path, External: []string{}})
		}
	}
	for _, d := range s.Needs.Demands {
		if external(d) {
			add(s.native[slices.IndexFunc(s.native, func(f *linkset.File) bool { return f.Path == d.File })], d.Library)
		}
	}
	for i := 0; i < len(found); i++ {
		n := manylinux.Needs{Machine: s.Needs.Machine, Libc: s.Needs.Libc}
		alone := linkset.New(slices.Concat(s.ELF.Files, found[i:i+1]))
		for _, d := range s.withoutExcluded(s.policies.Demands(alone, found[i], n.Libc, n.Machine)) {
			if !external(d) {
				n.Demands = append(n.Demands, d)
			} else if !s.elsewhere.excludes(d.Library) {
				list[i].External = append(list[i].External, d.Library)
				add(found[i], d.Library)
			}
		}
		list[i].FloorTag = n.Preferred(s.policies.Tags(n).Exact)
	}
	return list
}
