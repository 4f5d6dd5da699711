package lockfile

import (
	"strconv"

	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// MinimumLibc is the oldest C libraries that a uv.lock is for, such as 2.28 and 1.2;
// empty where it does not say.
type MinimumLibc struct{ Glibc, Musl string }

// uvFleet reads the environments that uv requires wheels for, and minimum-libc-version
// in the options.
func (r *reader) uvFleet(doc *tomltree.Table) {
	r.lock.RequiredEnvironments = r.markers(doc, "required-markers")
	libc := r.inTable(doc, "options", "minimum-libc-version")
	r.lock.MinimumLibc = MinimumLibc{r.text(libc, "glibc"), r.text(libc, "musl")}
}

// platform is one that has a triple in uv, with what markers see there.
type platform struct{ triple, system, machine string }

// platforms lists those of Linux by machine and then the others. A platform of Linux
// with a libc of its own version is a platform tag instead of a triple.
func platforms() []platform {
	var list []platform
	for _, m := range machine.On("linux") {
		if m.GlibcMinor != machine.NoTag {
			list = append(list, platform{m.Name + "-unknown-linux-gnu", "linux", m.Name})
		}
	}
	return append(list,
		platform{"aarch64-apple-darwin", "darwin", "arm64"}, platform{"x86_64-apple-darwin", "darwin", "x86_64"},
		platform{"x86_64-pc-windows-msvc", "win32", "AMD64"}, platform{"aarch64-pc-windows-msvc", "win32", "ARM64"}, platform{"i686-pc-windows-msvc", "win32", "x86"})
}

// Fleet lists, as target words, the targets that a uv.lock says it is for: the
// environments of required-environments with the oldest libc of
// minimum-libc-version, each with the oldest Python of requires-python. It is empty
// for a file that says neither. A required environment for every machine, such as
// sys_platform == 'linux', stands for x86_64 and aarch64.
func (l *Lock) Fleet() []string {
	if len(l.RequiredEnvironments) == 0 && l.MinimumLibc == (MinimumLibc{}) {
		return nil
	}
	python := l.oldestPython()
	if python == "" {
		return nil
	}
	var words []string
	for at, d := range platforms() {
		env := pep508.Environment{
			ImplementationName: "cpython", PlatformPythonImplementation: "CPython", PythonVersion: python, PythonFullVersion: python + ".0",
			ImplementationVersion: python + ".0", SysPlatform: d.system, PlatformMachine: d.machine, OSName: "posix", AnyPatch: true,
			PlatformSystem: map[string]string{"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[d.system],
		}
		if d.system == "win32" {
			env.OSName = "nt"
		}
		if !l.requires(&env, at) {
			continue
		}
		if d.system != "linux" || l.MinimumLibc == (MinimumLibc{}) {
			words = append(words, python+"@"+d.triple)
			continue
		}
		for _, libc := range [...]struct{ family, version string }{{"manylinux", l.MinimumLibc.Glibc}, {"musllinux", l.MinimumLibc.Musl}} {
			if major, minor, ok := cutVersion(libc.version); ok {
				words = append(words, python+"@"+libc.family+"_"+major+"_"+minor+"_"+d.machine)
			}
		}
	}
	return words
}

// requires reports whether the file is for one of the described platforms.
func (l *Lock) requires(env *pep508.Environment, at int) bool {
	if len(l.RequiredEnvironments) == 0 {
		return at == 0 // a libc alone, of the machine that is meant everywhere
	}
	for _, m := range l.RequiredEnvironments {
		if holds, err := m.EvalIn(pep508.Other, env); err != nil || !holds {
			continue
		}
		named := false
		for variable := range m.Comparisons() {
			named = named || variable == "platform_machine"
		}
		if named || env.PlatformMachine == "x86_64" && env.SysPlatform == "linux" || env.PlatformMachine == "aarch64" || env.PlatformMachine == "arm64" || env.PlatformMachine == "AMD64" {
			return true
		}
	}
	return false
}

// oldestPython is the lowest X.Y that requires-python allows, or "" if none of the
// known ones is allowed.
func (l *Lock) oldestPython() string {
	for minor := 6; minor <= 20; minor++ {
		version := "3." + strconv.Itoa(minor)
		env := pep508.Environment{PythonVersion: version, PythonFullVersion: version + ".0", AnyPatch: true}
		if l.RequiresPython.allowsIn(&env) && !l.RequiresPython.IsZero() {
			return version
		}
	}
	return ""
}

// cutVersion splits X.Y of digits.
func cutVersion(text string) (major, minor string, ok bool) {
	for i := range len(text) {
		if text[i] == '.' {
			major, minor = text[:i], text[i+1:]
			_, err := strconv.ParseUint(major, 10, 8)
			_, err2 := strconv.ParseUint(minor, 10, 8)
			return major, minor, err == nil && err2 == nil
		}
	}
	return "", "", false
}
