package audit

import (
	_ "embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

//go:embed data/windows.txt
var windowsText string

// windowsLibraries are the libraries that Windows itself has.
var windowsLibraries = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(windowsText) {
		if name := strings.TrimSpace(line); name != "" && name[0] != '#' {
			names[name] = true
		}
	}
	return names
})

// pythonDLL matches what lies next to python.exe: the interpreter and the runtime of
// Visual C++ that it brings along.
var pythonDLL = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(python\d+t?(_d)?|libpypy[\d.]*-c|vcruntime140(_1)?)\.dll$`)
})

// redistributable matches the libraries that Microsoft distributes apart from Windows.
var redistributable = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(msvcp\d|msvcr\d|vcruntime\d|vcomp\d|vcamp\d|concrt\d|vccorlib\d|mfc\d|atl\d)`)
})

// outsideNeed is a library that a Mach-O or PE file needs, and that neither its system
// nor Python has.
type outsideNeed struct {
	name    string // as in the file
	rule    string // "" when the wheel has it where the loader looks
	message string
}

// neighbours are the Mach-O or PE files of a wheel, for those that need them.
type neighbours struct {
	places map[string]bool     // where they are installed
	bases  map[string]string   // the path of a file by its name; of PE in lower case
	shared map[string][]string // run paths of all files by machine, as directories
	needed map[string]bool     // the names of files that others need

	excludes func(name string) bool
}

func (s *Subject) neighbours() neighbours {
	n := neighbours{places: map[string]bool{}, bases: map[string]string{}, shared: map[string][]string{}, needed: map[string]bool{}, excludes: s.elsewhere.excludes}
	for _, f := range s.content.binaries {
		if f.facts == nil {
			continue
		}
		n.places[installedAt(f.path)] = true
		base := path.Base(f.path)
		if f.facts.Format == binfile.PE {
			base = strings.ToLower(base)
		}
		if n.bases[base] == "" {
			n.bases[base] = f.path
		}
		for i := range f.facts.Slices {
			part := &f.facts.Slices[i]
			for _, name := range part.Needed {
				n.needed[path.Base(name)] = true
			}
			n.shared[part.Machine] = append(n.shared[part.Machine], runDirectories(part, f.path)...)
		}
	}
	return n
}

// installedAt is the place of a file as seen from site-packages.
func installedAt(name string) string {
	top, rest, _ := strings.Cut(path.Clean("/" + name)[1:], "/")
	if strings.HasSuffix(top, ".data") {
		for _, scheme := range []string{"purelib/", "platlib/"} {
			if inner, ok := strings.CutPrefix(rest, scheme); ok {
				return inner
			}
		}
	}
	return path.Join(top, rest)
}

// runDirectories are the run paths of a slice that start at its file.
func runDirectories(part *binfile.Slice, file string) []string {
	var dirs []string
	for _, entry := range part.RunPaths {
		if rest, ok := strings.CutPrefix(entry, "@loader_path"); ok && (rest == "" || rest[0] == '/') {
			dirs = append(dirs, path.Join(path.Dir(installedAt(file)), rest))
		}
	}
	return dirs
}

// outsideNeeds lists what a file needs from outside its system, Python and the wheel, or
// does not find in the wheel.
func (n neighbours) outsideNeeds(f binaryFile) []outsideNeed {
	var needs []outsideNeed
	seen := map[string]bool{}
	for i := range f.facts.Slices {
		part := &f.facts.Slices[i]
		if !part.Kind.Loads() {
			continue
		}
		for _, name := range part.Needed {
			if seen[name] || slices.Contains(part.Optional, name) || n.excludes(path.Base(name)) {
				continue
			}
			seen[name] = true
			var need outsideNeed
			if f.facts.Format == binfile.PE {
				need = n.dll(name)
			} else {
				need = n.dylib(name, part, f.path)
			}
			if need.rule != "" {
				need.name = name
				needs = append(needs, need)
			}
		}
	}
	return needs
}

// dll says what is wrong with a library that a PE file needs.
func (n neighbours) dll(name string) outsideNeed {
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(lower, "api-ms-win-"), strings.HasPrefix(lower, "ext-ms-"), windowsLibraries()[lower], pythonDLL().MatchString(lower), n.bases[lower] != "":
		return outsideNeed{}
	case redistributable().MatchString(lower):
		return outsideNeed{rule: "foreign-library", message: fmt.Sprintf("needs %s of the Visual C++ Redistributable, which neither Windows nor Python brings along; it is not in the wheel", name)}
	}
	return outsideNeed{rule: "foreign-library", message: fmt.Sprintf("needs %s, which neither Windows, Python nor the wheel has", name)}
}

// dylib says what is wrong with a library that a Mach-O slice needs. What dyld finds by
// the run paths of any file of the wheel counts as found: a file of that may have been
// loaded for it.
func (n neighbours) dylib(name string, part *binfile.Slice, file string) outsideNeed {
	base := path.Base(name)
	where := n.bases[base]
	var dirs []string
	switch {
	case strings.HasPrefix(name, "/usr/lib/"), strings.HasPrefix(name, "/System/"):
		return outsideNeed{}
	case strings.Contains(name, "Python.framework/") || strings.HasPrefix(base, "libpython") || strings.HasPrefix(base, "libpypy"):
		return outsideNeed{rule: "libpython", message: "is linked to " + name + "; a module takes Python's symbols from the program that loads it"}
	case strings.HasPrefix(name, "@rpath/"):
		name = strings.TrimPrefix(name, "@rpath/")
		dirs = append(runDirectories(part, file), n.shared[part.Machine]...)
	case strings.HasPrefix(name, "@loader_path/"):
		name = strings.TrimPrefix(name, "@loader_path/")
		dirs = []string{path.Dir(installedAt(file))}
	case path.IsAbs(name) && where == "" && !strings.HasSuffix(file, ".so") && !n.needed[path.Base(file)]:
		// A plug-in that the package loads when it is asked for.
		return outsideNeed{rule: "foreign-library", message: fmt.Sprintf("needs %s, a path that only the machine that built it is sure to have", name)}
	case path.IsAbs(name) && where == "":
		return outsideNeed{rule: "external-library", message: fmt.Sprintf("needs %s, a path that only the machine that built it is sure to have", name)}
	case path.IsAbs(name):
		return outsideNeed{rule: "unreachable-library", message: fmt.Sprintf("needs %s by that path, though the wheel has the library as %s", name, where)}
	}
	for _, dir := range dirs {
		if n.places[path.Join(dir, name)] {
			return outsideNeed{}
		}
	}
	if where != "" {
		return outsideNeed{rule: "unreachable-library", message: fmt.Sprintf("needs %s, which the wheel has as %s, but no run path leads there", base, where)}
	}
	return outsideNeed{rule: "foreign-library", message: fmt.Sprintf("needs %s, which neither macOS nor the wheel has", base)}
}

// ownSystem reports whether the platform tags are for the system of a file.
func (s *Subject) ownSystem(f binaryFile) bool {
	if f.facts == nil || !f.facts.Loads() {
		return false
	}
	return slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool {
		return f.facts.Format == binfile.PE && c.OS == tags.Windows || f.facts.Format == binfile.MachO && c.OS == tags.MacOS && !isIOS(f.facts)
	})
}

// checkOtherNeeds reports the libraries that Mach-O and PE files need and may not find.
func checkOtherNeeds(s *Subject, report reporter) {
	n := s.neighbours()
	for _, f := range s.content.binaries {
		if !s.ownSystem(f) {
			continue
		}
		for _, need := range n.outsideNeeds(f) {
			report(need.rule, finding.Finding{File: f.path, Library: need.name, Message: need.message})
		}
	}
}
