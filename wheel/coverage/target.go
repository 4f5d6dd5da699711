package coverage

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// Target is a target with the values that markers see there. Make one with
// [NewTarget].
type Target struct {
	*tags.Target
	Environment pep508.Environment
}

// NewTarget adds the marker values to a target. If the patch release of its Python
// is not known, markers see X.Y.0, as in uv. Values that a description does not
// have, such as platform_release, are empty.
func NewTarget(t *tags.Target) Target {
	py, p := t.Python(), t.Platform()
	short := fmt.Sprintf("%d.%d", py.Major, max(py.Minor, 0))
	full := py.FullVersion
	if full == "" {
		full = short + ".0"
	}
	name := py.Implementation
	if name == "" {
		name = "cpython"
	}
	e := pep508.Environment{
		ImplementationName: name, ImplementationVersion: full, PythonFullVersion: full, PythonVersion: short,
		PlatformPythonImplementation: implementations[name], OSName: "posix", AnyPatch: py.FullVersion == "" && py.Minor >= 0,
	}
	if e.PlatformPythonImplementation == "" {
		e.PlatformPythonImplementation = name
	}
	e.PlatformMachine = p.Arch
	if m, ok := machine.Find(p.OS.String(), p.Arch); ok {
		e.PlatformMachine = m.Reports
	}
	switch p.OS {
	case tags.Linux:
		e.SysPlatform, e.PlatformSystem = "linux", "Linux"
	case tags.MacOS:
		e.SysPlatform, e.PlatformSystem = "darwin", "Darwin"
	case tags.Windows:
		e.OSName, e.SysPlatform, e.PlatformSystem = "nt", "win32", "Windows"
	case tags.IOS:
		e.SysPlatform, e.PlatformSystem = "ios", "iOS"
		e.PlatformMachine, _, _ = strings.Cut(p.Arch, "_")
	case tags.Android:
		e.SysPlatform, e.PlatformSystem = "android", "Android"
	case tags.Emscripten:
		e.SysPlatform, e.PlatformSystem = "emscripten", "Emscripten"
	}
	return Target{t, e}
}

// implementations gives platform_python_implementation for the usual names.
var implementations = map[string]string{"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalVM"}
