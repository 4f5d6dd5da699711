package lockfile

import (
	"time"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// Lock is the content of a lock file. It is not changed after reading and is safe
// for concurrent use as long as the caller does not change it either.
type Lock struct {
	File           string // the name given to Read
	Format         Format
	Version        string      // of the format, as written; empty for requirements
	RequiresPython PythonRange // of the project
	// Environments are the markers of the environments that the file was made
	// for; empty if it is for all.
	Environments []pep508.Marker
	// RequiredEnvironments and MinimumLibc are what a uv.lock says of its targets; see
	// [Lock.Fleet].
	RequiredEnvironments []pep508.Marker
	MinimumLibc          MinimumLibc

	Extras        []string // that can be chosen, normalised and sorted
	Groups        []string // dependency groups that can be chosen, likewise
	DefaultGroups []string // the groups that the tool installs unless told otherwise, likewise
	Packages      []Package
	Constraints   *Constraints // from -c lines of requirements files; else nil
	Binary        Binary       // from --no-binary and --only-binary of requirements files
	RequireHashes bool         // the option --require-hashes of requirements files
	Problems      []Problem    // in the order of reading

	graph graph // of uv; of Poetry and PDM, what pyproject.toml requires
	// inherits is set if each package records which groups and environments need
	// it. Otherwise that depends on the project's own requirements, which are in
	// pyproject.toml.
	inherits bool
	// rooted is set if those were read.
	rooted bool
	// alternatives are the environments of pixi.lock, by group.
	alternatives map[string]alternative
}

// Package is one locked package.
type Package struct {
	Name           string // normalised; empty for a requirement by path or URL without a name
	Version        string // as written; empty if the file does not pin one
	Source         Source
	Project        bool                // a project that the file locks, not one it depends on
	RequiresPython PythonRange         // of the package
	Marker         pep508.Marker       // zero if there is none, or if it cannot be read
	Specifiers     pep440.SpecifierSet // requirements files only
	Extras         []string            // of the package itself that the entry is for
	Groups         []string            // groups of the project that need it (Poetry, PDM)
	Optional       bool                // Poetry: only needed for an extra
	Files          []File
	Hashes         []Hash // requirements files only, where hashes are not those of a named file
	Dependencies   []Dependency
	Variants       *wheel.ReleaseVariants // pylock.toml with packages.variants-json only
	File           string                 // that has the entry; requirements may come from several
	Line           int

	markerBad    bool
	groupMarkers map[string]pep508.Marker // Poetry: if they differ by group
	forks        []pep508.Marker          // uv: the resolution forks that use the entry
}

// SourceKind is the kind of place that a package comes from.
type SourceKind string

// The kinds of sources.
const (
	FromIndex     SourceKind = "index"     // a package index; URL is the index where known
	FromURL       SourceKind = "url"       // one file at URL
	FromVCS       SourceKind = "vcs"       // a repository at URL, VCS names the system
	FromPath      SourceKind = "path"      // one local file at Path
	FromDirectory SourceKind = "directory" // a local project at Path
	FromEditable  SourceKind = "editable"  // the same, installed as a link
	FromVirtual   SourceKind = "virtual"   // the same, not installed itself
)

// Source is where a package comes from.
type Source struct {
	Kind         SourceKind
	URL          string
	Path         string
	VCS          string // "git", "hg", "svn", "bzr"
	Revision     string // commit
	Subdirectory string
}

// FileKind is the kind of a file, by its name.
type FileKind string

// The kinds of files.
const (
	Wheel FileKind = "wheel"
	Sdist FileKind = "sdist"
	Other FileKind = "other" // neither, or a name that cannot be read
)

// File is a file that a package may be installed from.
type File struct {
	Name     string // base name, decoded if it comes from a URL
	Kind     FileKind
	URL      string // empty if the lock file has none
	Path     string // of a local file
	Size     int64  // bytes, -1 if unknown
	Hashes   []Hash
	Uploaded time.Time // zero if unknown
	Line     int
}

// Hash is the digest of a file.
type Hash struct {
	Algorithm string // as hashlib names it: "sha256"
	Digest    string // hexadecimal, in lower case
}

// Dependency is an edge from one package to another.
type Dependency struct {
	Name    string   // normalised
	Version string   // uv only, and only if the name alone is ambiguous
	Source  Source   // likewise
	Extras  []string // of the other package that are asked for
	Marker  pep508.Marker
	Extra   string // the package's extra that adds the dependency; empty for always
	Group   string // the project's group that adds it; empty for always
	Line    int

	markerBad bool
	versions  string      // Poetry, PDM: those that it allows
	python    PythonRange // Poetry: for which it is needed
}
