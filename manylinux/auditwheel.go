package manylinux

import (
	"slices"

	"github.com/wheeltag/wheeltag/tags"
)

// AuditwheelSays is what auditwheel 6.8.2 prints for the same wheel on a
// neutral host, by "show --json --ldpaths ”". It is worked out by its rules,
// the wrong ones too, so that verdicts can be compared one to one.
type AuditwheelSays struct {
	OverallTag string   `json:"overall_tag"`
	SymTag     string   `json:"sym_tag"`
	External   []string `json:"external"`
	Error      string   `json:"error,omitempty"` // its own refusal, then the tags are empty
	// Differs says by code why PlatformTag is another than OverallTag.
	Differs []string `json:"differs"`
}

// What auditwheel says instead of a verdict: of a wheel without ELF files of its
// own machine and libc, of machine code in a folder named purelib, of a file that
// names two libcs, and of a module when nothing so far has told the libc. What
// it does with a damaged file depends on the damage, so that is left open.
const (
	notPlatform     = "This does not look like a platform wheel"
	inPurelibFolder = "Invalid binary wheel, found the following shared library/libraries in purelib folder"
	notWorkedOut    = "not worked out: a file cannot be read"
	twoLibcs        = "found a dependency on %s but the libc is already set to %s"
	noLibc          = "couldn't detect libc for python extension %s"
)

// refusal is what auditwheel says instead of a verdict, as an error.
type refusal string

func (r refusal) Error() string { return string(r) }

// imitation is auditwheel's view of a wheel.
type imitation struct {
	policies *Policies
	all      []*object // of the wheel
	objects  []*object // that it looks at, in the order of RECORD
	modules  map[*object]bool
	top      []*object // of which it follows the needs
	machine  string
	musl     bool
	minors   []int // its policies for the machine
}

// imitate works out what auditwheel says. Files missing in RECORD it
// does not see.
func imitate(p *Policies, w *world, claims []tags.PlatformTag, recorded record) AuditwheelSays {
	says := AuditwheelSays{External: []string{}, Differs: []string{}}
	im := imitation{policies: p, all: w.objects}
	for _, o := range w.objects {
		if recorded.has(o.path) && o.err != nil {
			says.Error = notWorkedOut
			return says
		}
	}
	err := im.choose(claims, recorded.paths)
	if err == nil {
		im.readModules()
		say := im.sayGlibc
		if im.musl {
			say = im.sayMusl
		}
		err = say(&says)
	}
	if err != nil {
		return AuditwheelSays{External: []string{}, Differs: []string{}, Error: err.Error()}
	}
	slices.Sort(says.External)
	return says
}
