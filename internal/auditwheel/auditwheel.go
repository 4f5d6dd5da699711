package auditwheel

import (
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
)

// Result is what auditwheel prints for a wheel.
type Result struct {
	OverallTag string
	SymTag     string
	External   []string // sorted
	Error      string   // its own refusal; then the tags are empty
}

// What auditwheel says instead of a verdict: of a wheel without ELF files of its
// own machine and libc, of native code in a directory named purelib, of a file
// that names two libcs, and of a module when nothing so far showed the libc. What
// it does with a damaged file depends on the damage, so that is left open.
const (
	notPlatform     = "This does not look like a platform wheel"
	inPurelib       = "Invalid binary wheel, found the following shared library/libraries in purelib folder"
	notWorkedOut    = "not worked out: a file cannot be read"
	twoLibcs        = "found a dependency on %s but the libc is already set to %s"
	noLibc          = "couldn't detect libc for python extension %s"
	lastMinor       = 5                // manylinux_2_5, whose bans count for musl too
	newestMusllinux = "musllinux_1_2_" // what it gives any musl file
)

// refusal is what auditwheel says instead of a verdict, as an error.
type refusal string

func (r refusal) Error() string { return string(r) }

// model is auditwheel's view of a wheel.
type model struct {
	Options
	policies *manylinux.Policies
	all      []*linkset.File // of the wheel
	files    []*linkset.File // that it looks at, in the order of RECORD
	modules  map[*linkset.File]bool
	top      []*linkset.File // of which it follows the needs
	machine  string
	musl     bool
	minors   []manylinux.Floor // its policies for the machine
	excluded map[*linkset.File]map[string]bool
}

// Options are options of auditwheel. The zero value is a host that has no libraries.
type Options struct {
	// Exclude reports whether --exclude names a library, or the path of one that was
	// found; nil excludes none. "auditwheel show" has no such option, but "auditwheel
	// repair" judges wheels in the same way with it.
	Exclude func(nameOrPath string) bool
	// Find looks a library up in the directories of --ldpaths, for a file of the same
	// kind; nil finds none. The Path of the file is the place without links.
	Find func(like *linkset.File, name string) *linkset.File
}

// Show works out what auditwheel prints for the ELF files of a wheel. recorded are
// the paths of RECORD in its order: auditwheel sees no other file.
func Show(p *manylinux.Policies, files []*linkset.File, claims []tags.PlatformTag, recorded []string, o Options) Result {
	listed := make(map[string]bool, len(recorded))
	for _, path := range recorded {
		listed[path] = true
	}
	for _, f := range files {
		if listed[f.Path] && f.Err != nil {
			return Result{External: []string{}, Error: notWorkedOut}
		}
	}
	m := model{Options: o, policies: p, all: files, excluded: map[*linkset.File]map[string]bool{}}
	r := Result{External: []string{}}
	err := m.choose(claims, recorded)
	if err == nil {
		err = m.exclude()
	}
	if err == nil {
		m.readModules()
		show := m.showGlibc
		if m.musl {
			show = m.showMusl
		}
		err = show(&r)
	}
	if err != nil {
		return Result{External: []string{}, Error: err.Error()}
	}
	slices.Sort(r.External)
	return r
}
