package lockfile

import "strconv"

// Selection is the part of a project to install. The zero Selection is the project
// with its unconditional dependencies.
//
// The default groups of the tool are part of it, see [Lock.DefaultGroups]. pylock.toml
// records them. For the others they are in pyproject.toml, which [ReadFile] and
// [ReadOpen] look for next to the lock file: uv's default-groups, Poetry's groups that
// are not optional, PDM's dev groups. Where it is not found, uv has the group dev,
// Poetry all groups of the file, PDM the group dev.
//
// Of a workspace of uv, the zero Selection has the project in the directory of the
// lock file, or all members if there is none, as uv sync does.
type Selection struct {
	Extras []string
	Groups []string
	// Packages are the members of a workspace to install instead, AllPackages stands
	// for all of them.
	Packages    []string
	AllPackages bool
	// NoDefaultGroups leaves out the default groups.
	NoDefaultGroups bool
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
	ReasonMember         ReasonCode = "member"          // needed by a member of the workspace that was not chosen
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

// String gives the reason in words. Long markers and names are shortened.
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
	case ReasonMember:
		return "only needed by " + clip(r.By) + ", a member of the workspace that is not selected"
	case ReasonUnreachable:
		return "no needed package depends on it"
	case ReasonRequiresPython:
		return "needed, but the package is not for this Python"
	case ReasonNoRoots:
		return "the lock file does not record what the project itself needs"
	case ReasonNoAnswer:
		if r.Marker == "" {
			return "a marker" + by + " cannot be read"
		}
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
