package pep508

import (
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// Environment describes a Python to evaluate markers for, by the variables of
// the dependency specifiers standard. Empty text means that Python itself does not
// know the value; there is no other default.
type Environment struct {
	ImplementationName           string // "cpython", "pypy"
	ImplementationVersion        string // "3.11.4"; for PyPy its own version
	OSName                       string // "posix", "nt"
	PlatformMachine              string // "x86_64", "aarch64", "arm64", "AMD64"
	PlatformRelease              string // "5.10.0-8-amd64"
	PlatformSystem               string // "Linux", "Darwin", "Windows"
	PlatformVersion              string // "#1 SMP ..."
	PythonFullVersion            string // "3.11.4"
	PlatformPythonImplementation string // "CPython", "PyPy"
	PythonVersion                string // "3.11"
	SysPlatform                  string // "linux", "darwin", "win32"

	// AnyPatch reports that only PythonVersion is known, and the third number of
	// PythonFullVersion is assumed. Markers see it as given. The Python range of a
	// lock file then allows the environment if it allows some patch release.
	AnyPatch bool

	Extra  string   // the one extra that Metadata knows; usually empty
	Extras []string // the chosen extras that LockFile and ExtraSet know
	Groups []string // the chosen dependency groups that LockFile knows

	// What Variants knows of the wheel that has the marker: the label, empty for a
	// wheel that is no variant, and its properties that the environment supports, as
	// "namespace :: feature :: value".
	VariantLabel      string
	VariantProperties []string
}

// Context is the kind of document that has the marker. It decides which variables
// exist in addition to the eleven of [Environment].
type Context uint8

const (
	Metadata Context = iota // package metadata: extra
	LockFile                // lock files (PEP 751): extras and dependency_groups, which are sets
	Other                   // anywhere else: none of them
	// ExtraSet is for the lock files of uv and Poetry. There extra is compared
	// with a name by == or != and means all of Extras: extra == "x" is true if x
	// is one of them. packaging has no such context.
	ExtraSet
	// Variants is for the metadata of variant wheels (PEP 825): extra, variant_label,
	// and the sets variant_properties, variant_features and variant_namespaces.
	// packaging 26.4 has no such context. Only [ParseMarkerIn] and
	// [ParseRequirementIn] read these variables.
	Variants
)

// value is the value of a variable: a text, or a set of names if set is not nil.
type value struct {
	text string
	set  *nameSet
}

// lookup returns the value of a variable and whether it exists.
func (ev *evaluation) lookup(name string) (value, bool) {
	e := ev.env
	switch {
	case name == "extra" && (ev.ctx == Metadata || ev.ctx == Variants):
		return value{text: normalizeName(e.Extra)}, true
	case name == "extras" && ev.ctx == LockFile, name == "extra" && ev.ctx == ExtraSet:
		return value{set: &ev.extras}, true
	case name == "dependency_groups" && ev.ctx == LockFile:
		return value{set: &ev.groups}, true
	case name == "python_full_version":
		// Python built from a checkout reports 3.12.0+, which is not a version.
		if strings.HasSuffix(e.PythonFullVersion, "+") {
			return value{text: e.PythonFullVersion + "local"}, true
		}
	}
	if ev.ctx == Variants {
		if v, ok := ev.variant(name); ok {
			return v, true
		}
	}
	if field := e.field(name); field != nil {
		return value{text: *field}, true
	}
	return value{}, false
}

func (e *Environment) field(name string) *string {
	switch name {
	case "implementation_name":
		return &e.ImplementationName
	case "implementation_version":
		return &e.ImplementationVersion
	case "os_name":
		return &e.OSName
	case "platform_machine":
		return &e.PlatformMachine
	case "platform_release":
		return &e.PlatformRelease
	case "platform_system":
		return &e.PlatformSystem
	case "platform_version":
		return &e.PlatformVersion
	case "python_full_version":
		return &e.PythonFullVersion
	case "platform_python_implementation":
		return &e.PlatformPythonImplementation
	case "python_version":
		return &e.PythonVersion
	case "sys_platform":
		return &e.SysPlatform
	}
	return nil
}

// normalizeName is the normal form of PEP 503: lower case, and each run of
// dashes, dots and underscores as one dash. Any text is accepted.
func normalizeName(name string) string {
	name = pystr.Lower(name)
	if !strings.ContainsAny(name, "._") && !strings.Contains(name, "--") {
		return name
	}
	b := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '.' || c == '_' {
			c = '-'
		}
		if c != '-' || len(b) == 0 || b[len(b)-1] != '-' {
			b = append(b, c)
		}
	}
	return string(b)
}
