package distro

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed data/debian-libraries.tsv
var debianLibrariesTSV string

//go:embed data/libraries.tsv
var librariesTSV string

// What a release is installed with; see [Release.With].
const (
	withPython3 = "python3"          // the release's own Python
	withImage   = "python"           // the official image of Python
	withSlim    = "python:slim"      // its slim variant
	withOldSlim = "python:3.12-slim" // that of Python 3.12 and before
	withOther   = "other"            // an image that is not on record
)

// place is a release, what it is installed with, and a machine.
type place struct{ name, with, machine string }

// libraryTables say which libraries are installed where.
type libraryTables struct {
	// complete are all libraries of a place. A place with something added has
	// what that adds.
	complete map[place]map[string]bool
	// some are the libraries of which it is known whether every machine of a
	// release has them; the name may be a distribution or a family of libcs.
	some map[string]map[string]bool
}

var loadLibraries = sync.OnceValue(func() *libraryTables {
	t := &libraryTables{complete: map[place]map[string]bool{}, some: map[string]map[string]bool{}}
	for _, row := range rows(debianLibrariesTSV) {
		name, with, _ := strings.Cut(row[0], "+")
		for machine := range strings.SplitSeq(row[1], ",") {
			at := place{name, with, machine}
			if t.complete[at] == nil {
				t.complete[at] = map[string]bool{}
			}
			for library := range strings.SplitSeq(row[2], ",") {
				t.complete[at][library] = true
			}
		}
	}
	for _, row := range rows(librariesTSV) {
		known := map[string]bool{}
		for i, list := range row[1:3] {
			if list = cell(list); list != "" {
				for library := range strings.SplitSeq(list, ",") {
					known[library] = i == 0
				}
			}
		}
		t.some[row[0]] = known
	}
	return t
})

// HasLibrary reports whether a shared library lies in the directories that the
// dynamic loader searches, on a machine with the release and what With says; known is
// false where that is not on record. A wheel can need a library that every policy
// allows and that nevertheless has to be installed first, such as libatomic.so.1.
func (r *Release) HasLibrary(machine, library string) (has, known bool) {
	t := loadLibraries()
	machine = userland(machine)
	base, complete := t.complete[place{r.Name(), "", machine}]
	added, listed := t.complete[place{r.Name(), r.With, machine}]
	switch {
	case base[library] || added[library]:
		return true, true
	case complete && listed:
		return false, true
	}
	for _, name := range [...]string{r.Name(), r.Distro, r.Libc.Family.String()} {
		// More may be installed in an image that is not on record.
		if has, known := t.some[name][library]; known && (has || r.With != withOther) {
			return has, true
		}
	}
	return false, false
}

// variant is what the official images are installed with.
func variant(repository string, minor int, parts []string) string {
	switch {
	case repository != "python":
		return withOther
	case slices.Contains(parts, "slim") && minor < 13:
		return withOldSlim
	case slices.Contains(parts, "slim"):
		return withSlim
	}
	return withImage
}
