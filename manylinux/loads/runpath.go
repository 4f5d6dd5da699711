package loads

import (
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// resolver finds the libraries of a wheel as a loader would after installation.
type resolver struct {
	named   map[string][]*linkset.File       // by file name
	folders map[*linkset.File]map[string]int // that run paths lead to
}

func newResolver(files []*linkset.File) *resolver {
	at := make(map[string]*linkset.File, len(files)) // the last of one place is installed
	for _, o := range files {
		if o.Loads() {
			at[installed(o.Path)] = o
		}
	}
	r := &resolver{named: map[string][]*linkset.File{}, folders: map[*linkset.File]map[string]int{}}
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

// Expand turns an entry of a file's DT_RPATH or DT_RUNPATH into a directory below
// site-packages. inside is false for one that leads out of it; such an entry
// cannot find a bundled file.
func Expand(f *linkset.File, entry string) (dir string, inside bool) {
	rest, ok := cutOrigin(entry)
	if !ok {
		return entry, false
	}
	dir = path.Join(path.Dir(installed(f.Path)), rest)
	if dir == ".." || strings.HasPrefix(dir, "../") {
		return dir, false
	}
	return dir, true
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
func (r *resolver) find(o *linkset.File, library string, of *linkset.File) *linkset.File {
	if len(r.named[library]) == 0 {
		return nil
	}
	folders := r.search(of)
	var found *linkset.File
	best := len(folders)
	for _, p := range r.named[library] {
		if rank, ok := folders[path.Dir(installed(p.Path))]; ok && rank < best && linkset.Share(p, o) {
			found, best = p, rank
		}
	}
	return found
}

// search ranks the folders that the run paths of a file lead to, the first to be
// searched lowest.
func (r *resolver) search(o *linkset.File) map[string]int {
	folders, ok := r.folders[o]
	if ok {
		return folders
	}
	folders = map[string]int{}
	add := func(entry string) {
		if dir, inside := Expand(o, entry); inside {
			if _, twice := folders[dir]; !twice {
				folders[dir] = len(folders)
			}
		}
	}
	for _, entry := range o.RunPaths() {
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
