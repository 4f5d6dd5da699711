package loads

import (
	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
)

// Result says whether native code loads in one place.
type Result struct {
	Release   string   `json:"release"` // the place, as a target word
	EndOfLife string   `json:"end_of_life,omitempty"`
	Loads     Status   `json:"loads"`
	Missing   []string `json:"missing,omitempty"` // what the place lacks, heaviest first
	NoData    []string `json:"untold,omitempty"`  // what was not measured there
	Install   []string `json:"install,omitempty"` // libraries that policies allow and that have to be installed there first

	// Libraries are the libraries from outside the wheel and where they were
	// found, when a real root was asked.
	Libraries map[string]string `json:"libraries,omitempty"`
}

// Status is whether native code loads.
type Status string

// The statuses. Conditional means that the code loads once the libraries in Install
// are installed; Unknown that nothing else is known to be missing, but that something
// which matters was not measured.
const (
	Yes         Status = "yes"
	Conditional Status = "conditional"
	No          Status = "no"
	Unknown     Status = "unknown"
)

// settle sets the status by what is missing. readable is false when a file of the
// wheel could not be read.
func (r *Result) settle(readable bool) {
	switch {
	case len(r.Missing) > 0:
		r.Loads = No
	case len(r.NoData) > 0 || !readable:
		r.Loads = Unknown
	case len(r.Install) > 0:
		r.Loads = Conditional
	default:
		r.Loads = Yes
	}
}

// notes collects what is missing or not known, the same thing once.
type notes struct {
	result *Result
	seen   map[string]bool
}

func notesFor(r *Result) notes { return notes{r, map[string]bool{"": true}} }

// add notes what is missing, or with known false what was not measured; text "" is
// nothing.
func (n notes) add(text string, known bool) {
	if n.seen[text] {
		return
	}
	n.seen[text] = true
	if known {
		n.result.Missing = append(n.result.Missing, text)
	} else {
		n.result.NoData = append(n.result.NoData, text)
	}
}

// Code is the native code that is asked about.
type Code struct {
	manylinux.Needs
	Files    int  // how many ELF files there are
	Readable bool // all of them could be read
	// Excluded are libraries that something provides which is not described.
	Excluded []string
}

// otherSystem is the answer where a platform is of another kind than code was built
// for: the system, the machine or the libc; or where nothing says for which. ok is false
// when it is of that kind.
func otherSystem(c Code, p tags.Platform) (r Result, ok bool) {
	missing := ""
	switch {
	case c.Machine == "" && !c.Readable:
		return Result{Loads: Unknown, NoData: []string{"files that cannot be read"}}, true
	case p.OS != tags.Linux:
		missing = "Linux"
	case c.Machine == "" && c.Files == 0: // what its demands say
		return r, false
	case c.Machine == "":
		missing = "a machine that runs this code"
	case !linkset.RunsOn(c.Machine, p.Arch) && (p.Arch != "armv8l" || c.Machine != "armv7l"):
		missing = "a machine that runs " + c.Machine
	case c.Libc == elfaudit.LibcGlibc && p.Libc.Family != tags.Glibc:
		missing = "glibc"
	case c.Libc == elfaudit.LibcMusl && p.Libc.Family != tags.Musl:
		missing = "musl"
	default:
		return r, false
	}
	return Result{Loads: No, Missing: []string{missing}}, true
}
