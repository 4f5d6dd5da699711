package detect

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/tags"
)

// build is what is gathered about one interpreter, from the best source on.
type build struct {
	candidate
	file           *elfaudit.File
	implementation string
	major, minor   int // 0, 0 while unknown
	version        string
	soabi          string // "cpython-313t-x86_64-linux-gnu"
	flags          string // ABI flags, once known
	flagsKnown     bool
	library        string // directory of the standard library
	facts          []Fact
}

func (b *build) fact(what, value, from string) {
	b.facts = append(b.facts, Fact{what, value, absolute(from)})
}

// python reads one interpreter. ok is false when not even its version can be
// told.
func (r *reader) python(c candidate, f *elfaudit.File) (p Python, ok bool) {
	b := &build{candidate: c, file: f}
	b.fromNames()
	r.findLibrary(b)
	if b.library != "" {
		r.buildDetails(b)
		r.sysconfig(b)
		r.suffixes(b)
	}
	r.patchRelease(b)
	libc := r.libcOf(f, c.program)
	p = Python{
		Path: c.best(), Names: c.names, Program: absolute(c.program), Libc: libc,
		Platform: platformOf(f, libc, r.options.Kernel), Facts: b.facts,
	}
	if c.venv != "" {
		p.Venv = absolute(c.venv)
		r.environment(b, &p)
	}
	if b.major == 0 || b.minor < 0 {
		r.root.warn(CodeVersion, c.names[0], "is a program, but no file states its version of Python")
		return p, false
	}
	p.Version = b.version
	if p.Version == "" {
		p.Version = fmt.Sprintf("%d.%d", b.major, b.minor)
	}
	p.Python = b.describe()
	if p.Python.FullVersion = b.version; !known(p.Python) {
		p.Python.FullVersion = ""
	}
	if b.library != "" {
		p.Prefix = absolute(path.Dir(path.Dir(b.library)))
		r.markers(b, &p)
	}
	r.loaders[p.Program] = r.loaderFor(f)
	p.Facts = append([]Fact{
		{"machine", p.Platform.Arch, p.Program},
		{"libc", libcFact(libc), libc.Path},
	}, b.facts...)
	return p, true
}

// known reports whether the patch release of an interpreter is known.
func known(p tags.Python) bool {
	_, ok := p.Patch()
	return ok
}

func libcFact(l Libc) string {
	if l.Version == "" {
		return l.Family.String()
	}
	return fmt.Sprintf("%s %s (%s)", l.Family, l.Version, l.From)
}

// describe gives what tags are made from.
func (b *build) describe() tags.Python {
	p := tags.Python{Major: b.major, Minor: b.minor}
	switch b.implementation {
	case "", "cpython":
		p.Threaded = strings.Contains(b.flags, "t")
		p.Debug = strings.Contains(b.flags, "d")
	default:
		p.Implementation = b.implementation
		parts := strings.Split(b.soabi, "-")
		// The ABI tag is the first two parts of the suffix, three for GraalPy.
		if n := 2 + len(b.implementation)/len("graalpy"); b.soabi != "" && len(parts) >= n {
			p.ABIs = []string{strings.Join(parts[:n], "_")}
		}
	}
	return p
}

// programName takes the version and the flags out of a name such as
// "python3.13t", "pypy3.10" or "libpython3.11d.so.1.0".
var programName = lazy(`^(?:lib)?(python|pypy|graalpy|platform-python)(?:([23])(?:\.(\d{1,2}))?)?(t?d?|-dbg|-debug)?(?:$|m?u?\.so|-c\.so|-intel64)`)

// fromNames reads the name of the program and of the libpython that it needs.
func (b *build) fromNames() {
	b.minor = -1
	type source struct{ name, from string }
	sources := []source{{path.Base(b.program), b.program}}
	for _, needed := range b.ownLibraries() {
		sources = append([]source{{needed, b.program + " (needs " + needed + ")"}}, sources...)
	}
	for _, full := range b.names {
		sources = append(sources, source{path.Base(full), full})
	}
	for _, s := range sources {
		m := programName().FindStringSubmatch(s.name)
		if m == nil {
			continue
		}
		if m[1] == "pypy" || m[1] == "graalpy" {
			b.implementation = m[1]
		}
		if b.minor < 0 && m[3] != "" {
			b.major, _ = strconv.Atoi(m[2])
			b.minor, _ = strconv.Atoi(m[3])
			b.fact("version", fmt.Sprintf("%d.%d", b.major, b.minor), s.from)
		}
		switch flags := strings.TrimPrefix(m[4], "-"); {
		case b.flagsKnown || flags == "":
		case flags == "dbg" || flags == "debug":
			b.flags, b.flagsKnown = "d", true
		default:
			b.flags, b.flagsKnown = flags, true
		}
	}
}

// ownLibraries are the libraries with the interpreter itself that its program
// needs: one, if any.
func (b *build) ownLibraries() []string {
	const most = 4
	var names []string
	for _, needed := range b.file.Needed {
		if len(names) < most && (strings.HasPrefix(needed, "libpython") || strings.HasPrefix(needed, "libpypy")) {
			names = append(names, needed)
		}
	}
	return names
}

// findLibrary finds the standard library as the interpreter does: by its
// landmark os.py, upwards from the program.
func (r *reader) findLibrary(b *build) {
	for dir := path.Dir(b.program); ; dir = path.Dir(dir) {
		for _, lib := range []string{"lib", "lib64"} {
			for _, name := range r.libraryNames(b, path.Join(dir, lib)) {
				library := path.Join(dir, lib, name)
				landmark := path.Join(library, "os.py")
				if !r.root.exists(landmark) {
					landmark += "c"
				}
				if r.root.exists(landmark) {
					b.library = library
					b.fact("library", absolute(library), landmark)
					b.fromLibrary(name)
					return
				}
			}
		}
		if dir == "." {
			return
		}
	}
}

var libraryName = lazy(`^(python|pypy)([23])\.(\d{1,2})(t?)$`)

// libraryNames lists the directories below lib that may be the interpreter's.
func (r *reader) libraryNames(b *build, lib string) []string {
	family := "python"
	if b.implementation == "pypy" {
		family = "pypy"
	}
	if b.minor >= 0 {
		name := fmt.Sprintf("%s%d.%d", family, b.major, b.minor)
		if strings.Contains(b.flags, "t") {
			return []string{name + "t", name}
		}
		if !b.flagsKnown {
			return []string{name, name + "t"}
		}
		return []string{name}
	}
	var names []string
	for _, name := range r.root.names(lib) {
		if m := libraryName().FindStringSubmatch(name); m != nil && (m[1] == family || b.implementation == "") {
			names = append(names, name)
		}
	}
	// Several versions in one prefix: the program's name would have told.
	if len(names) > 1 {
		return nil
	}
	return names
}

// fromLibrary takes what the directory's name tells.
func (b *build) fromLibrary(name string) {
	m := libraryName().FindStringSubmatch(name)
	if m == nil {
		return
	}
	if m[1] == "pypy" {
		b.implementation = "pypy"
	}
	if b.minor < 0 {
		b.major, _ = strconv.Atoi(m[2])
		b.minor, _ = strconv.Atoi(m[3])
	}
	if m[4] == "t" && !b.flagsKnown {
		b.flags, b.flagsKnown = "t", true
	}
}

// is reports whether a source speaks of this interpreter's version.
func (b *build) is(version string) bool {
	return b.minor < 0 || version == fmt.Sprintf("%d.%d", b.major, b.minor)
}

// markers finds the files that change how installers treat the interpreter.
func (r *reader) markers(b *build, p *Python) {
	if marker := path.Join(b.library, "EXTERNALLY-MANAGED"); r.root.exists(marker) && p.Venv == "" {
		p.ExternallyManaged = absolute(marker)
	}
	name := path.Base(b.library)
	prefix := path.Dir(path.Dir(b.library))
	dirs := []string{b.library}
	for _, base := range []string{p.Venv, absolute(prefix), absolute(path.Join(prefix, "local"))} {
		if base == "" || p.Venv != "" && base != p.Venv {
			continue
		}
		for _, lib := range []string{"lib", "lib64"} {
			dirs = append(dirs, path.Join(base, lib, name, "site-packages"), path.Join(base, lib, name, "dist-packages"))
		}
		dirs = append(dirs, path.Join(base, "lib/python3/dist-packages"))
	}
	var found []string
	for _, dir := range dirs {
		module := path.Join(dir, "_manylinux.py")
		if place, _, err := r.root.resolve(module); err == nil && !slices.Contains(found, place) {
			found = append(found, place)
			p.Manylinux = append(p.Manylinux, absolute(module))
			r.root.warn(CodeManylinux, module, "%s", r.root.vetoes(module))
		}
	}
}

// veto is an assignment of a constant that packaging looks at.
var veto = lazy(`(?m)^(manylinux(?:1|2010|2014)_compatible)\s*=\s*(True|False)\b`)

// vetoes says what a _manylinux module seems to answer.
func (t *tree) vetoes(name string) string {
	text, _ := t.text(name)
	if strings.Contains(text, "def manylinux_compatible") {
		return "decides in a function which manylinux tags fit; it is not run, and the target has all of them"
	}
	var says []string
	for _, m := range veto().FindAllStringSubmatch(text, -1) {
		says = append(says, m[1]+" = "+m[2])
	}
	if says == nil {
		return "may reject manylinux tags; it is not run, and the target has all of them"
	}
	return "says " + strings.Join(says, ", ") + "; it is not run, and the target has all manylinux tags"
}

// machineMatches reports whether a suffix such as
// "cpython-311-x86_64-linux-gnu" is for the program's own machine, as far as it
// says.
func machineMatches(soabi string, f *elfaudit.File) bool {
	own, _ := machine.Find(tags.Linux.String(), machineOf(f))
	if own.Triplet == "" {
		return true
	}
	cpu, _, _ := strings.Cut(own.Triplet, "-")
	for _, m := range machine.On(tags.Linux.String()) {
		other, _, _ := strings.Cut(m.Triplet, "-")
		if other != "" && other != cpu && strings.Contains(soabi, "-"+other+"-") {
			return false
		}
	}
	return true
}

// Python is one interpreter of the root, or one environment of it.
type Python struct {
	Path     string // "/usr/bin/python3.11", "/opt/venv/bin/python3"
	Names    []string
	Program  string // the ELF file that Path leads to
	Prefix   string // where its library is, "/usr"
	Venv     string // the directory of the environment, or ""
	Version  string // "3.11.2", or "3.11" when the patch release is not told
	Python   tags.Python
	Platform tags.Platform
	Libc     Libc

	ExternallyManaged string   // path of the marker of PEP 668, or ""
	Manylinux         []string // paths of _manylinux modules, which can veto manylinux tags

	Facts []Fact
}
