package coverage

import (
	"fmt"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// limits are what a requirements file says of the files of a project, apart from
// their versions. The zero limits allow every file.
type limits struct {
	noWheels, noSdists bool                // by --no-binary and --only-binary
	hashes             map[index.Hash]bool // one of them must be the file's
	algorithms         map[string]bool     // of hashes
}

// hash adds the hashes of a requirement.
func (l *limits) hash(list []lockfile.Hash) {
	if len(list) == 0 {
		return
	}
	l.hashes, l.algorithms = make(map[index.Hash]bool, len(list)), make(map[string]bool)
	for _, h := range hashesOf(list) {
		l.hashes[h] = true
		l.algorithms[h.Algorithm] = true
	}
}

// hashesOf converts hashes to those of an index.
func hashesOf(list []lockfile.Hash) []index.Hash {
	var hashes []index.Hash
	for _, h := range list {
		hashes = append(hashes, index.Hash(h))
	}
	return hashes
}

// refuse reports whether a file must not be used, and why. A file without a hash
// that could be compared is not refused: an installer downloads it to find out.
func (l *limits) refuse(f *file, offer *Offer) (tags.Reason, bool) {
	switch {
	case f.isWheel && l.noWheels:
		return tags.Reason{Code: ReasonBinary, Message: "--no-binary excludes wheels of the project"}, true
	case !f.isWheel && l.noSdists:
		return tags.Reason{Code: ReasonBinary, Message: "--only-binary excludes source distributions of the project"}, true
	case l.hashes == nil:
		return tags.Reason{}, false
	}
	other := "" // an algorithm by which the file is a different one
	for _, h := range offer.Hashes {
		if l.hashes[h] {
			return tags.Reason{}, false
		}
		if l.algorithms[h.Algorithm] {
			other = h.Algorithm
		}
	}
	if other == "" {
		return tags.Reason{}, false
	}
	return tags.Reason{Code: ReasonHash, Message: fmt.Sprintf("its %s is not among the hashes of the requirement", other)}, true
}
