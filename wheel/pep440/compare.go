package pep440

import (
	"cmp"
	"strings"
)

// Compare returns -1, 0 or +1 as v sorts before, equal to or after w in the
// order of PEP 440:
//
//	1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0rc1 < 1.0 < 1.0+local < 1.0.post1
//
// Spelling and trailing zeros of the release do not matter: 1.0-ALPHA equals
// 1a0.
func (v Version) Compare(w Version) int {
	if c := comparePublic(&v, &w); c != 0 {
		return c
	}
	if v.local == w.local && v.local.hi == 0 {
		return 0
	}
	return compareLocals(v.text(v.local), w.text(w.local))
}

// Equal reports whether v and w are the same version, however spelled.
func (v Version) Equal(w Version) bool { return v.Compare(w) == 0 }

// comparePublic is Compare without the local segments.
func comparePublic(v, w *Version) int {
	if v.IsZero() || w.IsZero() {
		return cmp.Compare(v.release.hi, w.release.hi)
	}
	if c := compareBase(v, w); c != 0 {
		return c
	}
	if c := comparePre(v, w); c != 0 {
		return c
	}
	if c := compareSegment(v.hasPost, w.hasPost, v.text(v.post), w.text(w.post)); c != 0 {
		return c
	}
	// A development release comes before the release it leads to, so here
	// presence counts the other way round.
	if v.hasDev != w.hasDev {
		if v.hasDev {
			return -1
		}
		return +1
	}
	return compareNumbers(v.text(v.dev), w.text(w.dev))
}

// compareBase compares epoch and release.
func compareBase(v, w *Version) int {
	if c := compareNumbers(v.text(v.epoch), w.text(w.epoch)); c != 0 {
		return c
	}
	a, b := v.text(v.release), w.text(w.release)
	for a != "" || b != "" {
		var x, y string
		x, a = cutComponent(a)
		y, b = cutComponent(b)
		if c := compareNumbers(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// comparePre compares the pre-release segments. A version without one ranks
// above every candidate, unless it is a bare development release, which ranks
// below every alpha.
func comparePre(v, w *Version) int {
	if c := cmp.Compare(preRank(v), preRank(w)); c != 0 {
		return c
	}
	return compareNumbers(v.text(v.pre), w.text(w.pre))
}

func preRank(v *Version) int {
	switch {
	case v.phase != noPhase:
		return int(v.phase)
	case v.hasDev && !v.hasPost:
		return 0
	}
	return int(candidate) + 1
}

// compareSegment compares optional numbers; an absent one comes first.
func compareSegment(hasA, hasB bool, a, b string) int {
	if hasA != hasB {
		if hasA {
			return +1
		}
		return -1
	}
	return compareNumbers(a, b)
}

// compareNumbers compares runs of digits by value, whatever their length.
func compareNumbers(a, b string) int {
	if len(a) == 1 && len(b) == 1 { // by far the most frequent case
		return cmp.Compare(a[0], b[0])
	}
	a, b = trimZeros(a), trimZeros(b)
	if len(a) != len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return strings.Compare(a, b)
}

// compareLocals compares local versions segment by segment: none before any,
// words before numbers, and a prefix before its continuations.
func compareLocals(a, b string) int {
	for a != "" && b != "" {
		var x, y string
		x, a = cutLocal(a)
		y, b = cutLocal(b)
		if c := compareLocalSegments(x, y); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func compareLocalSegments(x, y string) int {
	xn, yn := isNumber(x), isNumber(y)
	switch {
	case xn && yn:
		return compareNumbers(x, y)
	case xn:
		return +1
	case yn:
		return -1
	}
	for i := 0; i < len(x) && i < len(y); i++ {
		if c := cmp.Compare(lower(x[i]), lower(y[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(x), len(y))
}

// cutLocal splits off the first segment of a local version.
func cutLocal(s string) (first, rest string) {
	for i := 0; i < len(s); i++ {
		if isSeparator(s[i]) {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func isNumber(s string) bool { return digits(s, 0, len(s)) == len(s) }

func lower(c byte) byte {
	if c-'A' < 26 {
		c |= 0x20
	}
	return c
}
