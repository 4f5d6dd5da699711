package loads

import (
	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/detect"
)

// InRoot says whether the code in a set of files loads in a real root file system:
// each needed library is looked up among those that lie there, with what they need
// themselves, and each symbol version in the file that would be loaded. Missing
// symbols count where the loader looks for them at once: on musl, and in files
// linked with BIND_NOW. p is the interpreter, or nil for a root that is asked
// without one. The result has no name.
func InRoot(c Code, set *linkset.Set, s *detect.System, p *detect.Python) Result {
	answer := Result{Loads: Yes}
	if len(set.Files) == 0 && len(c.Demands) == 0 {
		return answer
	}
	platform := platformOf(s, p)
	if other, ok := otherSystem(c, platform); ok {
		return other
	}
	c.Demands = forLibc(c, platform).Demands
	at, ok := s.Loader(p)
	lost := map[demandKey]bool{} // libraries of the wheel without a run path, true when they lie in the root
	for _, d := range c.Demands {
		if d.Kind == manylinux.KindPath {
			lost[demandKey{d.File, d.Library}] = false
		}
	}
	switch {
	case c.Libc == elfaudit.LibcNone:
	case !ok:
		answer.Missing = []string{"a loader"}
	default:
		answer.Libraries = map[string]string{}
		l := loading{excluded: c.Excluded, set: set, lost: lost, answer: &answer, missed: map[string]bool{}, versions: map[*elfaudit.File]map[string]bool{}}
		if err := l.load(c.Native(set.Files), at, s, p); err != nil {
			answer.NoData = append(answer.NoData, "where the wheel would be installed: "+err.Error())
		}
	}
	offer := readOffer(platform, nil)
	version := s.Libc.Version
	if p != nil {
		version = p.Libc.Version
	}
	if exact, err := manylinux.ParseMuslRelease(version); err == nil {
		offer.musl, offer.exact = exact, true
	}
	notes := notesFor(&answer)
	for _, d := range c.Heaviest(-1) {
		switch d.Kind {
		case manylinux.KindVersion, manylinux.KindLibrary, manylinux.KindBan, manylinux.KindMusl:
			continue // looked up in the libraries themselves
		case manylinux.KindPath:
			if lost[demandKey{d.File, d.Library}] {
				continue
			}
		}
		notes.add(offer.lacks(d))
	}
	answer.settle(c.Readable)
	return answer
}

// platformOf describes a root with an interpreter, or with nil without one.
func platformOf(s *detect.System, p *detect.Python) tags.Platform {
	if p == nil {
		return tags.Platform{OS: tags.Linux, Arch: s.Machine, Libc: s.Libc.Libc}
	}
	platform := p.Platform
	platform.Libc = p.Libc.Libc
	return platform
}

// demandKey is a file of the wheel and a library that it needs.
type demandKey struct{ file, library string }
