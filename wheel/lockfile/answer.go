package lockfile

import "strconv"

// Selection says what of a project is wanted. The zero Selection is the project
// with the dependencies that it always has.
//
// Which groups a tool installs without being asked stands in pyproject.toml, so
// it is not in the lock file, but for pylock.toml: there, the default groups are
// part of the zero Selection. uv and Poetry add a group named dev if there is
// one; name it in Groups to get the same.
type Selection struct {
	Extras []string
	Groups []string
	// OnlyGroups leaves out what the zero Selection has.
	OnlyGroups bool
}

// State says whether a package is needed.
type State string

// The states. Who looks for holes treats Unknown like Required.
const (
	Required State = "required"
	Excluded State = "excluded"
	Unknown  State = "unknown"
)

// ReasonCode is a stable name for the reason of a state.
type ReasonCode string

// The reasons.
const (
	ReasonMarker         ReasonCode = "marker"          // a marker that does not hold
	ReasonExtra          ReasonCode = "extra"           // needed for an extra that was not chosen
	ReasonGroup          ReasonCode = "group"           // needed for a group that was not chosen
	ReasonUnreachable    ReasonCode = "unreachable"     // nothing that is needed depends on it
	ReasonRequiresPython ReasonCode = "requires-python" // the package is not for that Python
	ReasonNoRoots        ReasonCode = "no-roots"        // the file does not say what the project itself needs
	ReasonNoAnswer       ReasonCode = "no-answer"       // a marker that cannot be read or evaluated
	ReasonConflict       ReasonCode = "conflict"        // two entries of the package are needed
)

// Reason explains a state.
type Reason struct {
	Code   ReasonCode // empty for a required package that needs no explanation
	Marker string
	Extra  string
	Group  string
	By     string // the package whose dependency it is about; empty for the project
	File   string // of the other package of a conflict
	Line   int    // of that dependency, or of the other package
}

// String gives the reason in words. Long markers and names are shortened.
func (r Reason) String() string {
	by, of := "", ""
	if r.By != "" {
		by, of = " of a dependency of "+clip(r.By), " of "+clip(r.By)
	}
	switch r.Code {
	case ReasonMarker:
		return "the marker" + by + " does not hold: " + clip(r.Marker)
	case ReasonExtra:
		return "not reachable without the extra " + clip(r.Extra) + of
	case ReasonGroup:
		return "not reachable without the group " + clip(r.Group)
	case ReasonUnreachable:
		return "nothing that is needed depends on it"
	case ReasonRequiresPython:
		return "needed, but the package is not for this Python"
	case ReasonNoRoots:
		return "the lock file does not say what the project itself needs"
	case ReasonNoAnswer:
		return "a marker" + by + " has no answer: " + clip(r.Marker)
	case ReasonConflict:
		return "another entry of the package is needed, too, see " + r.File + ":" + strconv.Itoa(r.Line)
	}
	return ""
}

// Needed says of a package whether the environment needs it.
type Needed struct {
	Package *Package // of Lock.Packages
	State   State
	Reason  Reason
}
