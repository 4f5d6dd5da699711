package manylinux

import (
	"path"
	"strings"
)

// resolver finds the libraries of a wheel as a loader would after installation.
type resolver struct {
	named   map[string][]*object       // by file name
	folders map[*object]map[string]int // that run paths lead to
}

func newResolver(objects []*object) *resolver {
	at := make(map[string]*object, len(objects)) // the last of one place is installed
	for _, o := range objects {
		if o.loads() {
			at[installed(o.path)] = o
		}
	}
	r := &resolver{named: map[string][]*object{}, folders: map[*object]map[string]int{}}
	for place, o := range at {
		r.named[path.Base(place)] = append(r.named[path.Base(place)], o)
	}
	return r
}

// installed is the place of a file below site-packages. Files of the purelib
// and platlib folders of NAME.data land there too; others go elsewhere and keep
// their path.
func installed(name string) string {
	name = path.Clean("/" + name)[1:]
	top, rest, _ := strings.Cut(name, "/")
	if !strings.HasSuffix(top, ".data") {
		return name
	}
	for _, root := range []string{"purelib/", "platlib/"} {
		if inner, ok := strings.CutPrefix(rest, root); ok {
			return inner
		}
	}
	return name
}

// searchPaths are the run paths that the loader uses for a file's own needs:
// RUNPATH replaces RPATH.
func (o *object) searchPaths() []string {
	if o.file.RunPath != nil {
		return o.file.RunPath
	}
	return o.file.RPath
}

// expand turns a run-path entry into a folder below site-packages. inside is
// false for one that leads out of it; such an entry cannot find a bundled file.
func expand(o *object, entry string) (dir string, inside bool) {
	origin := path.Dir(installed(o.path))
	rest, ok := cutOrigin(entry)
	if !ok {
		return entry, false
	}
	// Enough folders above site-packages that ".." cannot wrap around.
	const above = "/a/b/c/d/e/f/g/h/site"
	full := path.Join(above, origin, rest)
	if full == above {
		return ".", true
	}
	return strings.CutPrefix(full, above+"/")
}

// cutOrigin removes a leading $ORIGIN or ${ORIGIN}.
func cutOrigin(entry string) (rest string, ok bool) {
	for _, name := range []string{"$ORIGIN", "${ORIGIN}"} {
		if rest, ok := strings.CutPrefix(entry, name); ok && (rest == "" || rest[0] == '/') {
			return rest, true
		}
	}
	return "", false
}

// libraryFolders are what $LIB stands for on different systems.
var libraryFolders = []string{"lib", "lib64", "lib32", "libx32"}

// find gives the file for o that a library name stands for in the folders that
// the run paths of a file lead to, nil when none is there.
func (r *resolver) find(o *object, library string, of *object) *object {
	if len(r.named[library]) == 0 {
		return nil
	}
	folders := r.search(of)
	var found *object
	best := len(folders)
	for _, p := range r.named[library] {
		if rank, ok := folders[path.Dir(installed(p.path))]; ok && rank < best && fit(p, o) {
			found, best = p, rank
		}
	}
	return found
}

// search ranks the folders that the run paths of a file lead to, the first to be
// searched lowest.
func (r *resolver) search(o *object) map[string]int {
	folders, ok := r.folders[o]
	if ok {
		return folders
	}
	folders = map[string]int{}
	add := func(entry string) {
		if dir, inside := expand(o, entry); inside {
			if _, twice := folders[dir]; !twice {
				folders[dir] = len(folders)
			}
		}
	}
	for _, entry := range o.searchPaths() {
		if !strings.Contains(entry, "$LIB") && !strings.Contains(entry, "${LIB}") {
			add(entry)
			continue
		}
		for _, lib := range libraryFolders {
			add(strings.NewReplacer("${LIB}", lib, "$LIB", lib).Replace(entry))
		}
	}
	r.folders[o] = folders
	return folders
}
