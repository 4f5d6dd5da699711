package audit

import (
	_ "embed"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/metadata"
)

//go:embed data/commonnames.txt
var commonNameText string

// commonNames are names of directories of source trees.
var commonNames = sync.OnceValue(func() map[string]bool { return wordSet(commonNameText) })

// wordSet reads a data file with one word a line.
func wordSet(text string) map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(text) {
		if word := strings.TrimSpace(line); word != "" && word[0] != '#' {
			words[word] = true
		}
	}
	return words
}

// layoutRules are the rules that checkLayout reports.
var layoutRules = []string{
	"bytecode", "stray-file", "unimportable-module", "unimportable-package", "common-name", "top-level-init",
	"empty-wheel", "nothing-to-import", "several-top-levels", "shadowed-module", "compiled-twin",
}

// layout is what a wheel puts at the top of site-packages.
type layout struct {
	tops    []*topLevel // in the order of the wheel
	byName  map[string]*topLevel
	modules map[string]map[string]moduleKinds // by directory and name
}

// topLevel is a file or directory at the top of site-packages.
type topLevel struct {
	name      string
	path      string // of its first file in the wheel
	directory bool
	modules   bool // some file is a module by its name
	reachable bool // some module can be imported
}

// moduleKinds has the file of each kind that a module is there as.
type moduleKinds [stub + 1]string

// checkLayout reports what is odd about the places of files, from the view of Python
// code that imports them.
func checkLayout(s *Subject, report reporter) {
	if s.archiveOf == nil {
		return
	}
	files := s.library()
	if len(files) == 0 && !s.installsOther() {
		report("empty-wheel", finding.Finding{Message: "has no file outside the *.dist-info directory"})
		return
	}
	l := layout{byName: map[string]*topLevel{}, modules: map[string]map[string]moduleKinds{}}
	var unimportable, strays group
	for _, f := range files {
		stem, kind := l.add(f)
		switch top, _, nested := strings.Cut(f.place, "/"); {
		case kind == noModule || kind == stub:
			if !nested && !strings.HasSuffix(f.place, ".pth") && !strings.HasSuffix(f.place, ".start") {
				strays.add(f.path, "is installed at the top of site-packages, and is no module")
			}
		case kind == bytecode, isLibraryDirectory(top), isSharedLibrary(path.Base(f.place)):
		case !importable(f.place, stem):
			unimportable.add(f.path, "cannot be imported: its path has a part that is no name of Python")
		}
	}
	strays.report("stray-file", report)
	unimportable.report("unimportable-module", report)
	checkBytecode(s, &l, report)
	l.checkTops(s, report)
	l.checkShadows(report)
}

// installsOther reports whether the wheel has files for other directories than
// site-packages.
func (s *Subject) installsOther() bool {
	for m := range s.files() {
		if top, _, nested := strings.Cut(m.Name(), "/"); nested && !strings.HasSuffix(top, ".dist-info") {
			return true
		}
	}
	return false
}

// hasScripts reports whether the wheel installs programs. One that does is complete
// without a module.
func (s *Subject) hasScripts() bool {
	for m := range s.files() {
		if top, rest, _ := strings.Cut(m.Name(), "/"); strings.HasSuffix(top, ".data") && strings.HasPrefix(rest, "scripts/") {
			return true
		}
	}
	return false
}

// add notes a file and returns what it is as a module.
func (l *layout) add(f libraryFile) (stem string, kind moduleKind) {
	name, _, nested := strings.Cut(f.place, "/")
	top := l.byName[name]
	if top == nil {
		top = &topLevel{name: name, path: f.path, directory: nested}
		l.byName[name] = top
		l.tops = append(l.tops, top)
	}
	dir, base := path.Split(f.place)
	stem, kind = moduleOf(base)
	if kind == noModule || kind == bytecode && strings.HasSuffix(dir, "__pycache__/") {
		return stem, kind
	}
	top.modules = true
	if dir == "" && stem == "__init__" || strings.HasSuffix(base, ".pyo") {
		return stem, kind // Python imports neither
	}
	top.reachable = top.reachable || importable(f.place, stem) || kind == stub
	if l.modules[dir] == nil {
		l.modules[dir] = map[string]moduleKinds{}
	}
	kinds := l.modules[dir][stem]
	if kinds[kind] == "" {
		kinds[kind] = f.path
	}
	l.modules[dir][stem] = kinds
	return stem, kind
}

// checkBytecode reports compiled modules. One without its source is imported by a single
// version of Python.
func checkBytecode(s *Subject, l *layout, report reporter) {
	var cached, alone group
	for m := range s.files() {
		name := m.Name()
		if !strings.HasSuffix(name, ".pyc") && !strings.HasSuffix(name, ".pyo") {
			continue
		}
		dir, base := path.Split(installedAt(name))
		stem, _ := moduleOf(base)
		if outer, in := strings.CutSuffix(dir, "__pycache__/"); in {
			dir = outer
			stem, _, _ = strings.Cut(stem, ".")
		}
		if l.modules[dir][stem][source] != "" {
			cached.add(name, "is bytecode of a module that is in the wheel")
		} else {
			alone.add(name, "is bytecode, which one version of Python reads, without its source")
		}
	}
	cached.report("bytecode", report)
	alone.report("bytecode", report)
}

// checkTops reports what is at the top of site-packages.
func (l *layout) checkTops(s *Subject, report reporter) {
	own := ""
	if s.NameErr == nil {
		own = s.name.NormalizedName()
	}
	var several []*topLevel
	found := false // something to import
	for _, top := range l.tops {
		stem, kind := top.name, noModule
		if !top.directory {
			stem, kind = moduleOf(top.name)
		}
		found = found || top.reachable
		switch {
		case !top.directory && kind == noModule:
			stem = top.name
		case stem == "__init__":
			report("top-level-init", finding.Finding{File: top.path, Message: "is at the top of site-packages, which is no package"})
		case top.directory && top.modules && !top.reachable && !isLibraryDirectory(top.name) && !metadata.IsIdentifier(strings.TrimSuffix(top.name, "-stubs")):
			report("unimportable-package", finding.Finding{File: top.path, Message: "is in " + clip(top.name) + ", from which nothing can be imported: that is no name of Python"})
		}
		if commonNames()[stem] && wheel.NormalizeName(stem) != own {
			report("common-name", finding.Finding{File: top.path, Message: "installs " + stem + " at the top of site-packages, a name that other projects install by mistake too"})
		}
		if !strings.HasPrefix(top.name, "_") && !isLibraryDirectory(top.name) && !strings.HasSuffix(top.name, ".pth") && !strings.HasSuffix(top.name, ".start") {
			several = append(several, top)
		}
	}
	if !found && (len(l.tops) > 0 || !s.hasScripts()) {
		report("nothing-to-import", finding.Finding{Message: "installs no module that Python can import"})
	}
	reportSeveral(several, report)
}

func reportSeveral(tops []*topLevel, report reporter) {
	if len(tops) < 2 {
		return
	}
	var names []string
	for _, top := range tops {
		name := top.name
		if top.directory && !top.modules {
			name += " (without modules)"
		}
		names = append(names, clip(name))
	}
	slices.Sort(names)
	const most = 8
	text := strings.Join(first(names, most), ", ")
	if len(names) > most {
		text += ", ..."
	}
	report("several-top-levels", finding.Finding{Message: "installs several names at the top of site-packages: " + text})
}

// checkShadows reports modules that Python never imports, because another file with the
// name comes first: a package before everything, an extension module before source.
func (l *layout) checkShadows(report reporter) {
	var shadowed, twins group
	for _, dir := range slices.Sorted(maps.Keys(l.modules)) {
		for _, stem := range slices.Sorted(maps.Keys(l.modules[dir])) {
			kinds := l.modules[dir][stem]
			inner := l.modules[dir+stem+"/"]["__init__"]
			isPackage := inner[source] != "" || inner[extension] != ""
			for _, kind := range []moduleKind{source, extension} {
				if isPackage && kinds[kind] != "" {
					shadowed.add(kinds[kind], "is never imported: the package %s has the same name", clip(dir+stem))
				}
			}
			if kinds[source] != "" && kinds[extension] != "" {
				twins.add(kinds[source], "is not imported where Python takes %s", kinds[extension])
			}
		}
	}
	shadowed.report("shadowed-module", report)
	twins.report("compiled-twin", report)
}
