package tags

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// Python describes an interpreter.
type Python struct {
	// Implementation is sys.implementation.name: "cpython", "pypy",
	// "graalpy" or any other. Empty means "cpython".
	Implementation string

	// Major and Minor are the version of the language, such as 3 and 11.
	// A Minor of -1 leaves the minor version open, as pip's
	// --python-version 3 does: only tags without one then fit.
	Major, Minor int

	// FullVersion is the version of the language with its patch release, as
	// the marker python_full_version has it: "3.12.7" or "3.15.0rc1". It is
	// empty when no more than Major and Minor are known. Tags do not depend on
	// it; Requires-Python and markers do.
	FullVersion string

	// Threaded marks a free-threaded build (PEP 703, "3.13t") and Debug a
	// build with Py_DEBUG ("3.13d"), both of CPython.
	Threaded, Debug bool

	// ABIs, most specific first, replaces the list that follows from the
	// fields above, as in "cp27m" for a narrow build of Python 2.7, or
	// "graalpy242_311_native". PyPy and GraalPy have a default for the
	// versions that were published; other implementations must state one to
	// accept compiled extensions.
	ABIs []string
}

// implementationTags are the short names of PEP 425; any other
// implementation's tag is its whole name.
var implementationTags = map[string]string{
	"cpython": "cp", "pypy": "pp", "python": "py", "ironpython": "ip", "jython": "jy",
}

func (p Python) isCPython() bool {
	return p.Implementation == "" || p.Implementation == "cpython"
}

// tag is the interpreter tag, such as "cp311".
func (p Python) tag() string {
	short, ok := implementationTags[p.Implementation]
	switch {
	case p.isCPython():
		short = "cp"
	case !ok:
		short = p.Implementation
	}
	return short + p.version()
}

// version is the language version without a dot.
func (p Python) version() string {
	if p.Minor < 0 {
		return strconv.Itoa(p.Major)
	}
	return strconv.Itoa(p.Major) + strconv.Itoa(p.Minor)
}

func (p Python) atLeast(major, minor int) bool {
	return p.Major > major || p.Major == major && p.Minor >= minor
}

// String names the interpreter as people do: "CPython 3.13t", "PyPy 3.10".
func (p Python) String() string {
	name := p.Implementation
	switch name {
	case "", "cpython":
		name = "CPython"
	case "pypy":
		name = "PyPy"
	case "graalpy":
		name = "GraalPy"
	}
	return name + " " + p.Version()
}

// Version gives the version of the language with the marks of a free-threaded or
// debug build, without the patch release: "3.11", "3.13t".
func (p Python) Version() string {
	v := p.language()
	if p.Threaded {
		v += "t"
	}
	if p.Debug {
		v += "d"
	}
	return v
}

// language is the version of the language, "3.11", or "3" when the minor version
// is open.
func (p Python) language() string {
	if p.Minor < 0 {
		return strconv.Itoa(p.Major)
	}
	return strconv.Itoa(p.Major) + "." + strconv.Itoa(p.Minor)
}

// Patch gives the third number of FullVersion, 7 for "3.12.7" and 0 for
// "3.15.0rc1", and false when it is not known.
func (p Python) Patch() (patch int, ok bool) {
	if p.FullVersion == "" {
		return 0, false
	}
	rest, ok := strings.CutPrefix(p.FullVersion, p.language()+".")
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	if !ok || p.Minor < 0 || digits == 0 || digits > maxPatchDigits {
		return 0, false
	}
	patch, err := strconv.Atoi(rest[:digits])
	return patch, err == nil
}

// maxPatchDigits bounds a patch release; python.org has come to two digits.
const maxPatchDigits = 8

// SameTags reports whether an installer accepts the same wheels by their tags
// for both Pythons, whatever the platform. Patch releases do not matter to it,
// nor does it whether ABIs are written out that follow from the version. Those of
// Python 2 are compared as on Linux.
func (p Python) SameTags(q Python) bool {
	return p.String() == q.String() && slices.Equal(p.abis(Packaging, true), q.abis(Packaging, true))
}

// check refuses what no tag can express.
func (p Python) check() error {
	if p.Major < 2 || p.Major > 9 {
		return fmt.Errorf("version %d.%d of Python: the major version must be 2 to 9, as tags write it in one digit", p.Major, p.Minor)
	}
	if p.Minor < -1 || p.Minor > 999 {
		return fmt.Errorf("version %d.%d of Python: the minor version must be 0 to 999", p.Major, p.Minor)
	}
	if !p.isCPython() && (p.Threaded || p.Debug) {
		return fmt.Errorf("%s: free-threaded and debug builds are CPython's only", p)
	}
	if !p.isCPython() && !pystr.IsIdentifier(p.Implementation) {
		return fmt.Errorf("implementation %q is not an identifier", p.Implementation)
	}
	if _, ok := p.Patch(); p.FullVersion != "" && !ok {
		return fmt.Errorf("full version %q is not a patch release of Python %s, such as %s.1", p.FullVersion, p.language(), p.language())
	}
	for _, abi := range p.ABIs {
		if abi == "" || strings.ContainsAny(abi, "-.") {
			return fmt.Errorf("ABI %q must not be empty nor hold a dash or a dot", abi)
		}
	}
	return nil
}

// abis is the ordered list of ABIs that the profile's tool would find in the
// interpreter. onLinux decides the width of Python 2's Unicode: wide there,
// narrow elsewhere, unless ABIs says otherwise.
func (p Python) abis(profile Profile, onLinux bool) []string {
	if p.ABIs != nil {
		abis := slices.Clone(p.ABIs)
		for i := range abis {
			abis[i] = pystr.Lower(abis[i])
		}
		return abis
	}
	switch {
	case p.isCPython():
		return p.cpythonABIs(profile, onLinux)
	case p.Implementation == "pypy" && p.Minor >= 0:
		return []string{"pypy" + p.version() + "_pp73"}
	case p.Implementation == "graalpy":
		if release, ok := graalReleases[[2]int{p.Major, p.Minor}]; ok {
			return []string{"graalpy" + release + "_" + p.version() + "_native"}
		}
	}
	return nil
}

// graalReleases is the newest GraalPy release line of each language version.
var graalReleases = map[[2]int]string{
	{3, 8}: "222", {3, 10}: "240", {3, 11}: "242", {3, 12}: "250",
}

func (p Python) cpythonABIs(profile Profile, onLinux bool) []string {
	if p.Minor < 0 {
		return nil
	}
	base := "cp" + p.version()
	// packaging believes the t flag from 3.13 on; uv copies it to any version.
	if p.Threaded && (p.atLeast(3, 13) || profile.Tool() == UV) {
		base += "t"
	}
	debug := ""
	if p.Debug {
		debug = "d"
	}
	if p.atLeast(3, 8) {
		if p.Debug {
			// A debug build loads extensions of release builds as well.
			return []string{base + debug, base}
		}
		return []string{base}
	}
	abi := base + debug + "m"
	if !p.atLeast(3, 3) && onLinux && profile.Tool() != UV {
		abi += "u"
	}
	return []string{abi}
}

// threaded reports whether the stable ABIs are those of abi3t. packaging
// decides that by a "t" anywhere after the digits of the first ABI.
func threaded(abis []string) bool {
	if len(abis) == 0 || !strings.HasPrefix(abis[0], "cp") {
		return false
	}
	rest := strings.TrimLeft(abis[0][2:], "0123456789")
	return len(rest) < len(abis[0])-2 && strings.Contains(rest, "t")
}
