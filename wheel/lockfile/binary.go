package lockfile

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
)

// Binary is what the options --no-binary and --only-binary of a requirements file
// allow. Each adds projects to a list of its own and takes them from the list of
// the other option, so the last option that names a project decides. ":all:" stands
// for every project without an option of its own, ":none:" empties the list. The
// zero Binary allows everything.
//
// Both are about files of an index. A requirement by URL or path is not affected.
//
// Source: pip's documentation of both options; compared with pip 26.3, which also
// reads them on the line of a requirement and in constraints files.
type Binary struct {
	never, only map[string]bool // normalised names, or ":all:"
}

// For reports whether wheels and source distributions of a project, by its
// normalised name, may be used. It is never false for both.
func (b *Binary) For(name string) (wheels, sdists bool) {
	const all = ":all:"
	switch {
	case b.only[name]:
		return true, false
	case b.never[name]:
		return false, true
	case b.only[all]:
		return true, false
	}
	return !b.never[all], true
}

// apply changes the lists as an option does.
func (b *Binary) apply(o option) {
	if b.never == nil {
		b.never, b.only = make(map[string]bool), make(map[string]bool)
	}
	list, other := b.never, b.only
	if o.name == "--only-binary" {
		list, other = other, list
	}
	names := strings.Split(o.value, ",")
	if at := lastIndex(names, ":all:"); at >= 0 {
		clear(list)
		clear(other)
		list[":all:"] = true
		// Names after :all: say nothing more, unless :none: takes it back.
		if names = names[at+1:]; !slices.Contains(names, ":none:") {
			return
		}
	}
	for _, name := range names {
		if name == ":none:" {
			clear(list)
			continue
		}
		name = wheel.NormalizeName(name)
		delete(other, name)
		list[name] = true
	}
}

// lastIndex is the place of the last element that is text, or -1.
func lastIndex(list []string, text string) int {
	for i, s := range slices.Backward(list) {
		if s == text {
			return i
		}
	}
	return -1
}
