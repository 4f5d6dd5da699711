package coverage

import (
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// State is what an installer does with a package on a target.
type State uint8

// The states, from best to worst.
const (
	Excluded    State = iota // not needed there
	Unsupported              // the lock file as a whole is not for the target
	Pure                     // a wheel for every platform fits
	Wheel                    // a wheel for the platform fits
	Build                    // only source fits
	Unknown                  // nothing is known about its files
	Missing                  // nothing fits
)

// States lists all states from worst to best.
func States() []State {
	return []State{Missing, Unknown, Build, Wheel, Pure, Unsupported, Excluded}
}

var stateNames = [...]string{"excluded", "unsupported", "pure", "wheel", "build", "unknown", "missing"}

// String returns the name that every report uses.
func (s State) String() string { return stateNames[s] }

// Letter is what reports write where there is no room for the name.
func (s State) Letter() string { return "-/.wB?X"[s : s+1] }

// Offer is one file that an installer can choose.
type Offer struct {
	Name           string // of the file
	RequiresPython string
	Yanked         bool
	YankedReason   string
	Hashes         []index.Hash // as far as the source has them
	URL            string       // as the source has it, or ""
	Path           string       // of a local file, as the source has it, or ""
	Size           int64        // in bytes, -1 if unknown
	Line           int          // in the lock file or page, or 0
}

// Cell is the answer for one package and target.
type Cell struct {
	State State
	taken int32 // index into the offers, or -1
}

// Row is the answers for one package.
type Row struct {
	Package string // normalised
	Version string // pinned, or "" when the newest that fits is taken
	Line    int    // in the lock file, or 0
	Cells   []Cell // one for each target, in their order

	project *project
	targets []Target
	notes   []note // cells that do not depend on files; nil or one for each target
}

// note is a cell that does not depend on files.
type note struct {
	state  State
	set    bool
	reason tags.Reason
}

// Worst is the worst state of the row. A target that the lock file is not for
// counts less than any that needs the package.
func (r *Row) Worst() State {
	worst := Excluded
	for _, c := range r.Cells {
		worst = max(worst, c.State)
	}
	return worst
}

// Taken is the file that is taken for a target; there is none for a package that is
// missing, excluded, or built from something other than a file.
func (r *Row) Taken(target int) (Offer, bool) {
	at := r.Cells[target].taken
	if at < 0 {
		return Offer{}, false
	}
	return r.project.offers[at], true
}

// File is the file that is taken for a target, "" if there is none.
func (r *Row) File(target int) string {
	if at := r.Cells[target].taken; at >= 0 {
		return r.project.offers[at].Name
	}
	return ""
}

// Reason codes of this package, in addition to those of packages tags and wheel.
const (
	ReasonNotNeeded  tags.ReasonCode = "not-needed"  // excluded by markers, extras or groups
	ReasonLock       tags.ReasonCode = "lock"        // the lock file is not for the target
	ReasonSourceOnly tags.ReasonCode = "source-only" // it comes from a repository, directory or archive
	ReasonNoFiles    tags.ReasonCode = "no-files"    // the source does not list the files
	ReasonNoVersion  tags.ReasonCode = "no-version"  // the version is not allowed
	ReasonYanked     tags.ReasonCode = "yanked"      // withdrawn by its project
	ReasonNeed       tags.ReasonCode = "need"        // nothing fits, and it is unknown whether the package is needed
	ReasonBinary     tags.ReasonCode = "binary"      // --no-binary or --only-binary excludes files of its kind
	ReasonHash       tags.ReasonCode = "hash"        // none of the hashes of the requirement is its own
	ReasonSdist      tags.ReasonCode = "sdist"       // a wheel is preferred
)
