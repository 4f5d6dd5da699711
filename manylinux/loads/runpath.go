package loads

import (
	"path"
	"slices"
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

// installed is the place of a file as seen from site-packages, which is
// PREFIX/lib/pythonX.Y/site-packages in the schemes of POSIX systems. Files of the
// purelib and platlib directories of NAME.data land there too, those of data below
// PREFIX and scripts in PREFIX/bin; others keep their path.
func installed(name string) string {
	name = path.Clean("/" + name)[1:]
	top, rest, _ := strings.Cut(name, "/")
	if !strings.HasSuffix(top, ".data") {
		return name
	}
	for _, scheme := range []struct{ dir, place string }{
		{"purelib/", ""}, {"platlib/", ""}, {"data/", prefix}, {"scripts/", prefix + "/bin"},
	} {
		if inner, ok := strings.CutPrefix(rest, scheme.dir); ok {
			return path.Join(scheme.place, inner)
		}
	}
	return name
}

// prefix is PREFIX as seen from site-packages.
const prefix = "../../.."

// expand turns an entry of a file's DT_RPATH or DT_RUNPATH into a directory as seen
// from site-packages. ok is false for one that does not start at the file.
func expand(f *linkset.File, entry string) (dir string, ok bool) {
	rest, ok := cutOrigin(entry)
	if !ok {
		return entry, false
	}
	return path.Join(path.Dir(installed(f.Path)), rest), true
}

// Outside reports whether an entry of a file's DT_RPATH or DT_RUNPATH leads to where
// the wheel installs nothing: out of site-packages, and to no directory that a file
// of the set is installed in.
func Outside(set *linkset.Set, f *linkset.File, entry string) bool {
	dir, ok := expand(f, entry)
	if !ok || dir != ".." && !strings.HasPrefix(dir, "../") {
		return !ok
	}
	return !slices.ContainsFunc(set.Files, func(f *linkset.File) bool { return path.Dir(installed(f.Path)) == dir })
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

// in returns the file for o with a name in one directory, or nil.
func (r *resolver) in(o *linkset.File, name, dir string) *linkset.File {
	for _, p := range r.named[name] {
		if path.Dir(installed(p.Path)) == dir && linkset.Share(p, o) {
			return p
		}
	}
	return nil
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
		if dir, ok := expand(o, entry); ok {
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
