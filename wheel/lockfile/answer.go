package lockfile

import "strconv"

// Selection is the part of a project to install. The zero Selection is the project
// with its unconditional dependencies.
//
// Default groups are recorded in pyproject.toml and not in lock files, except for
// pylock.toml: there, they are part of the zero Selection. uv and Poetry add a
// group named dev if there is one; name it in Groups to get the same.
type Selection struct {
	Extras []string
	Groups []string
	// OnlyGroups leaves out what the zero Selection has.
	OnlyGroups bool
}

// State is whether a package is needed.
type State string

// The states. A search for missing files treats Unknown like Required.
const (
	Required State = "required"
	Excluded State = "excluded"
	Unknown  State = "unknown"
)

// ReasonCode is a stable name for the reason of a state.
type ReasonCode string

// The reasons.
const (
	ReasonMarker         ReasonCode = "marker"          // a marker is false
	ReasonExtra          ReasonCode = "extra"           // needed for an extra that was not chosen
	ReasonGroup          ReasonCode = "group"           // needed for a group that was not chosen
	ReasonUnreachable    ReasonCode = "unreachable"     // no needed package depends on it
	ReasonRequiresPython ReasonCode = "requires-python" // the package is not for that Python
	ReasonNoRoots        ReasonCode = "no-roots"        // the file does not record what the project itself needs
	ReasonNoAnswer       ReasonCode = "no-answer"       // a marker that cannot be read or evaluated
	ReasonConflict       ReasonCode = "conflict"        // two entries of the package are needed
)

// Reason explains a state.
type Reason struct {
	Code   ReasonCode // empty for a required package that needs no explanation
	Marker string
	Extra  string
	Group  string
	By     string // the package that has the dependency in question; empty for the project
	File   string // of the other package of a conflict
	Line   int    // of that dependency, or of the other package
}

// tomltree.String gives the reason in words. Long markers and names are shortened.
func (r Reason) String() string {
	by, of := "", ""
	if r.By != "" {
		by, of = " of a dependency of "+clip(r.By), " of "+clip(r.By)
	}
	switch r.Code {
	case ReasonMarker:
		return "the marker" + by + " is false: " + clip(r.Marker)
	case ReasonExtra:
		return "not reachable without the extra " + clip(r.Extra) + of
	case ReasonGroup:
		return "not reachable without the group " + clip(r.Group)
	case ReasonUnreachable:
		return "no needed package depends on it"
	case ReasonRequiresPython:
		return "needed, but the package is not for this Python"
	case ReasonNoRoots:
		return "the lock file does not record what the project itself needs"
	case ReasonNoAnswer:
		return "a marker" + by + " cannot be evaluated: " + clip(r.Marker)
	case ReasonConflict:
		return "another entry of the package is needed too, see " + r.File + ":" + strconv.Itoa(r.Line)
	}
	return ""
}

// Needed is whether the environment needs a package.
type Needed struct {
	Package *Package // of Lock.Packages
	State   State
	Reason  Reason
}
