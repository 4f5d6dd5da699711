package pep440

import (
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// Contains reports whether v satisfies the specifier alone. With
// [PrereleasesExcluded] a pre-release never does.
//
// The operator === compares the normal form of v with the text of the
// specifier, ignoring letter case; [SpecifierSet.ContainsString] compares
// the string as given.
func (sp Specifier) Contains(v Version, pre Prereleases) bool {
	if v.IsZero() || pre == PrereleasesExcluded && v.IsPrerelease() {
		return false
	}
	return sp.match(&v)
}

// match decides by operator, ignoring any policy on pre-releases. PEP 440
// compares the public parts unless the specifier itself names a local one,
// which only == and != can.
func (sp *Specifier) match(v *Version) bool {
	w := &sp.version
	switch sp.op {
	case OpEqual:
		return sp.matchEqual(v)
	case OpNotEqual:
		return !sp.matchEqual(v)
	case OpCompatible:
		release := w.text(w.release)
		prefix := release[:strings.LastIndexByte(release, '.')]
		return comparePublic(v, w) >= 0 && hasPrefix(v, w, prefix)
	case OpLessEqual:
		return comparePublic(v, w) <= 0
	case OpGreaterEqual:
		return comparePublic(v, w) >= 0
	case OpLess:
		return matchLess(v, w)
	case OpGreater:
		return matchGreater(v, w)
	case OpArbitrary:
		var buf [64]byte
		return pystr.Lower(string(v.AppendString(buf[:0]))) == pystr.Lower(sp.text)
	}
	return false
}

func (sp *Specifier) matchEqual(v *Version) bool {
	w := &sp.version
	switch {
	case sp.wildcard:
		return hasPrefix(v, w, w.text(w.release))
	case w.local.hi != 0:
		return v.Compare(*w) == 0
	}
	return comparePublic(v, w) == 0
}

// matchLess decides v < w as a specifier. Unless w is a pre-release, those of
// w itself do not count as smaller: 1.0rc1 does not satisfy <1.0, and
// 1.0.post1.dev2 does not satisfy <1.0.post1.
func matchLess(v, w *Version) bool {
	switch {
	case w.IsPrerelease():
		return comparePublic(v, w) < 0
	case !w.hasPost:
		return compareBase(v, w) < 0
	}
	return comparePublic(v, w) < 0 && !(sameStage(v, w) &&
		compareSegment(v.hasPost, w.hasPost, v.text(v.post), w.text(w.post)) == 0)
}

// matchGreater decides v > w as a specifier. Unless w is a post-release or a
// development release, the post-releases of w do not count as greater:
// 1.0.post1 does not satisfy >1.0.
func matchGreater(v, w *Version) bool {
	if comparePublic(v, w) <= 0 {
		return false
	}
	return w.hasPost || w.hasDev || !sameStage(v, w)
}

// sameStage reports whether v and w agree in epoch, release and pre-release.
func sameStage(v, w *Version) bool {
	return compareBase(v, w) == 0 && comparePre(v, w) == 0
}

// hasPrefix reports whether v has the epoch of w and its release starts with
// the numbers of prefix; a release that is too short is continued by zeros.
func hasPrefix(v, w *Version, prefix string) bool {
	if compareNumbers(v.text(v.epoch), w.text(w.epoch)) != 0 {
		return false
	}
	release := v.text(v.release)
	for prefix != "" {
		var x, y string
		x, prefix = cutComponent(prefix)
		y, release = cutComponent(release)
		if compareNumbers(x, y) != 0 {
			return false
		}
	}
	return true
}
