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

	// Libraries are the libraries from outside the wheel and where they were
	// found, when a real root was asked.
	Libraries map[string]string `json:"libraries,omitempty"`
}

// Status is whether native code loads.
type Status string

// The statuses. Unknown means that nothing is known to be missing, but that
// something which matters was not measured.
const (
	Yes     Status = "yes"
	No      Status = "no"
	Unknown Status = "unknown"
)

// settle sets the status by what is missing. readable is false when a file of the
// wheel could not be read.
func (r *Result) settle(readable bool) {
	switch {
	case len(r.Missing) > 0:
		r.Loads = No
	case len(r.NoData) > 0 || !readable:
		r.Loads = Unknown
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
}

// otherSystem names what a platform lacks of the kind that code was built for: the
// system, the machine or the libc; "" when it is of that kind.
func otherSystem(n manylinux.Needs, p tags.Platform) string {
	switch {
	case p.OS != tags.Linux:
		return "Linux"
	case !linkset.RunsOn(n.Machine, p.Arch) && (p.Arch != "armv8l" || n.Machine != "armv7l"):
		if n.Machine == "" {
			return "a machine that runs this code"
		}
		return "a machine that runs " + n.Machine
	case n.Libc == elfaudit.LibcGlibc && p.Libc.Family != tags.Glibc:
		return "glibc"
	case n.Libc == elfaudit.LibcMusl && p.Libc.Family != tags.Musl:
		return "musl"
	}
	return ""
}
