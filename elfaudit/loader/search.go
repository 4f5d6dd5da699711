package loader

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// Rule is why a library was found where it was. The words are stable.
type Rule string

// The rules.
const (
	RuleLoaded      Rule = "loaded"          // an object of the process has the name
	RuleLoader      Rule = "loader"          // it is the loader itself
	RulePath        Rule = "path"            // the name is a path
	RuleRPath       Rule = "rpath"           // DT_RPATH, or for musl either run path
	RuleRunPath     Rule = "runpath"         // DT_RUNPATH
	RuleLibraryPath Rule = "ld_library_path" // LD_LIBRARY_PATH
	RuleConfigured  Rule = "ld.so.conf"      // a configured directory
	RuleDefault     Rule = "default"         // a default directory
)

// Copy is a library below glibc-hwcaps that processors of a level get in place of
// another.
type Copy struct {
	Level string // such as "x86-64-v3"
	Path  string
}

// location is where a search ended: at a file, or with a reason why it ended.
type location struct {
	path   string // as the loader would call it
	place  string // without links
	file   *elfaudit.File
	err    error // why file is nil
	rule   Rule
	entry  string  // of the run path
	of     *Object // whose run path it is
	copies []Copy

	skipped string // a file for another machine, which was not taken
	stopped string // why no further directory was searched
}

// ends reports whether the search is over.
func (w *location) ends() bool { return w.path != "" || w.stopped != "" }

// directoryOf is a directory of a run path.
type directoryOf struct {
	path  string // as written, with its tokens replaced
	place string
	entry string
}

// find looks a library up for an object. What is loaded already is the affair of the
// process.
func (l *Loader) find(name string, o *Object) location {
	var w location
	if strings.Contains(name, "/") {
		if path.IsAbs(name) { // others depend on the working directory
			l.try(&w, name, RulePath)
		}
		return w
	}
	if l.tree.lacks(name) {
		return w
	}
	if l.Musl {
		l.listed(&w, name, l.LibraryPath, RuleLibraryPath)
		for p := o; p != nil && !w.ends(); p = p.By {
			l.ofObject(&w, name, p, RuleRPath)
		}
	} else {
		if o.File.RunPath == nil {
			for p := o; p != nil && !w.ends(); p = p.By {
				if p.File != nil && p.File.RunPath == nil {
					l.ofObject(&w, name, p, RuleRPath)
				}
			}
		}
		l.listed(&w, name, l.LibraryPath, RuleLibraryPath)
		if o.File.RunPath != nil && !w.ends() {
			l.ofObject(&w, name, o, RuleRunPath)
		}
	}
	if !w.ends() {
		l.inSystem(&w, name)
	}
	return w
}

// inSystem searches the directories that are the same for all objects.
func (l *Loader) inSystem(w *location, name string) {
	fixed, ok := l.fixed[name]
	if !ok {
		l.listed(&fixed, name, l.Configured, RuleConfigured)
		l.listed(&fixed, name, l.Default, RuleDefault)
		l.fixed[name] = fixed
	}
	skipped := w.skipped
	if *w = fixed; w.skipped == "" {
		w.skipped = skipped
	}
}

// listed searches directories in order.
func (l *Loader) listed(w *location, name string, dirs []string, rule Rule) {
	for _, dir := range dirs {
		if w.ends() {
			return
		}
		if place := l.directory(dir); place != "" {
			l.inDirectory(w, name, directoryOf{path: dir, place: place}, rule)
		}
	}
}

// ofObject searches the directories of an object's run path.
func (l *Loader) ofObject(w *location, name string, o *Object, rule Rule) {
	l.left--
	for _, dir := range l.runPath(o) {
		l.inDirectory(w, name, dir, rule)
		if w.path != "" {
			w.of, w.entry = o, dir.entry
		}
		if w.ends() {
			return
		}
	}
}

// runPath returns the directories of an object's run path that exist, each once.
func (l *Loader) runPath(o *Object) []directoryOf {
	if o.File == nil || o.File.RPath == nil && o.File.RunPath == nil {
		return nil
	}
	dirs, ok := l.paths[o.Path]
	if ok {
		return dirs
	}
	entries := o.File.RunPath
	if entries == nil {
		entries = o.File.RPath
	}
	seen := map[string]bool{}
	for _, entry := range entries {
		var paths []string
		if l.Musl {
			dir, ok := expandMusl(entry, o.origin())
			if !ok {
				dirs = nil
				break
			}
			paths = []string{dir}
		} else {
			paths = l.expand(entry, o.origin())
		}
		for _, p := range paths {
			if place := l.directory(p); place != "" && !seen[place] {
				seen[place] = true
				if !l.Musl {
					p = strings.TrimRight(p, "/")
				}
				dirs = append(dirs, directoryOf{p, place, entry})
			}
		}
	}
	l.paths[o.Path] = dirs
	return dirs
}

// directory returns the place of a directory, "" when there is none or it depends on
// the working directory.
func (l *Loader) directory(name string) string {
	place, known := l.dirs[name]
	if known {
		return place
	}
	if l.left--; l.left < 0 || !path.IsAbs(name) {
		return ""
	}
	if at, known := l.tree.simple(name); known {
		place = at
	} else if at, info, err := l.tree.Resolve(name); err == nil && info.IsDir() {
		place = at
	}
	if len(l.dirs) < maxDirectories { // hostile names would fill memory
		l.dirs[name] = place
	}
	return place
}

// maxDirectories is how many names of directories are remembered.
const maxDirectories = 100_000

// inDirectory looks for a name in one directory and those below its glibc-hwcaps.
func (l *Loader) inDirectory(w *location, name string, dir directoryOf, rule Rule) {
	var copies []Copy
	if hwcaps := path.Join(dir.place, "glibc-hwcaps"); !l.Musl && len(l.all) > 0 && l.directory("/"+hwcaps) != "" {
		for _, level := range l.all {
			place := path.Join(hwcaps, level)
			if l.directory("/"+place) == "" {
				continue
			}
			full := dir.path + "/glibc-hwcaps/" + level + "/" + name
			if l.takes(level) {
				if l.try(w, full, rule); w.ends() {
					return
				}
			} else if l.isLibrary(place + "/" + name) {
				copies = append(copies, Copy{level, full})
			}
		}
	}
	l.tryAt(w, dir.path+"/"+name, dir.place+"/"+name, rule)
	w.copies = copies
}

// takes reports whether the processor is known to run a level.
func (l *Loader) takes(level string) bool {
	for _, has := range l.Levels {
		if has == level {
			return true
		}
	}
	return false
}

// isLibrary reports whether there is a library for the machine at a path.
func (l *Loader) isLibrary(name string) bool {
	var w location
	l.try(&w, name, "")
	return w.path != ""
}

func (l *Loader) try(w *location, name string, rule Rule) { l.tryAt(w, name, name, rule) }

// tryAt looks at one file, which the loader would call name and which is at a path
// that may be shorter.
func (l *Loader) tryAt(w *location, name, at string, rule Rule) {
	if l.left--; l.left < 0 {
		return
	}
	place, info, err := l.tree.Resolve(at)
	if errors.Is(err, ErrLinks) {
		w.stopped = fmt.Sprintf("%s leads through too many links", name)
		return
	}
	if err != nil {
		return
	}
	if info.IsDir() {
		w.stopped = name + " is a directory"
		return
	}
	if !info.Mode().IsRegular() {
		w.stopped = name + " is not a regular file"
		return
	}
	f, err := l.tree.ELF(place)
	switch {
	case errors.Is(err, elfaudit.ErrNotELF):
		w.stopped = name + " is not an ELF file"
		return
	case errors.Is(err, fs.ErrPermission):
		return
	case err != nil: // it may be what the loader wants
	case !l.Fits(f) && l.Musl:
		w.stopped = name + " is for another machine"
		return
	case !l.Fits(f):
		if w.skipped == "" {
			w.skipped = name
		}
		return
	}
	w.path, w.place, w.file, w.err, w.rule = name, place, f, err, rule
}
