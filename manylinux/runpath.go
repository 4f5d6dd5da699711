package manylinux

import (
	"path"
	"slices"
	"strings"
)

// resolver finds the libraries of a wheel as a loader would after installation.
type resolver struct {
	at map[string]*object // installed path to object
}

func newResolver(objects []*object) resolver {
	r := resolver{at: make(map[string]*object, len(objects))}
	for _, o := range objects {
		if o.loads() {
			r.at[installed(o.path)] = o
		}
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

// find gives the file that a library name resolves to by run paths, those of
// the file first, then those handed down; nil when none is in the wheel.
func (r resolver) find(o *object, library string, handedDown []string) *object {
	if strings.Contains(library, "/") {
		return nil
	}
	for _, entry := range slices.Concat(o.searchPaths(), handedDown) {
		entries := []string{entry}
		if strings.Contains(entry, "$LIB") || strings.Contains(entry, "${LIB}") {
			entries = entries[:0]
			for _, lib := range libraryFolders {
				entries = append(entries, strings.NewReplacer("${LIB}", lib, "$LIB", lib).Replace(entry))
			}
		}
		for _, e := range entries {
			dir, inside := expand(o, e)
			if !inside {
				continue
			}
			if p := r.at[path.Join(dir, library)]; p != nil && fit(p, o) {
				return p
			}
		}
	}
	return nil
}
