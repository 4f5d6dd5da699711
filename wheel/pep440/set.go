package pep440

import (
	"iter"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/pystr"
)

// Prereleases is the treatment of pre-releases. It corresponds to the prereleases
// argument of the packaging functions.
type Prereleases uint8

const (
	// PrereleasesDefault (None) lets a pre-release satisfy a specifier like
	// any other version. Filter drops it if a final release satisfies the set
	// too, unless the set asks for pre-releases by naming one, as >=1.0rc1
	// does.
	PrereleasesDefault Prereleases = iota
	// PrereleasesAllowed (True) treats pre-releases like final releases.
	PrereleasesAllowed
	// PrereleasesExcluded (False) rejects every pre-release.
	PrereleasesExcluded
)

// SpecifierSet is a list of specifiers that must all be satisfied. The zero
// SpecifierSet is empty and therefore satisfied by every version. A
// SpecifierSet is immutable and safe for concurrent use.
type SpecifierSet struct {
	specs []Specifier
}

// ParseSpecifierSet reads specifiers separated by commas, in the form of the
// Requires-Python field. Empty items and white space around items are
// ignored, so empty text is the empty set. The error, if any, is an
// [*Error] that describes the first bad specifier.
func ParseSpecifierSet(s string) (SpecifierSet, error) {
	if f := checkLength(len(s)); f.reason != "" {
		return SpecifierSet{}, f.specifierError(s)
	}
	// Room for the usual count; input of many commas must not cost memory.
	set := SpecifierSet{specs: make([]Specifier, 0, min(1+strings.Count(s, ","), 8))}
	for start := 0; start < len(s); {
		end := len(s)
		if n := strings.IndexByte(s[start:], ','); n >= 0 {
			end = start + n
		}
		lo, hi := trimmed(s[start:end])
		if lo < hi {
			var sp Specifier
			if f := scanSpecifier(s, start+lo, start+hi, &sp); f.reason != "" {
				return SpecifierSet{}, f.specifierError(s)
			}
			set.specs = append(set.specs, sp)
		}
		start = end + 1
	}
	return set, nil
}

// Len returns the number of specifiers, repeated ones included.
func (s SpecifierSet) Len() int { return len(s.specs) }

// All yields the specifiers in the order they were written.
func (s SpecifierSet) All() iter.Seq[Specifier] { return slices.Values(s.specs) }

// String returns the specifiers as written, sorted as text and joined by
// commas. Of specifiers that mean the same, such as ==1 and ==1.0, the first
// in that order remains.
func (s SpecifierSet) String() string {
	if len(s.specs) == 1 {
		return s.specs[0].String()
	}
	type entry struct{ text, key string }
	entries := make([]entry, len(s.specs))
	for i := range s.specs {
		entries[i] = entry{s.specs[i].String(), s.specs[i].canonical()}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.text, b.text) })
	var b strings.Builder
	seen := make(map[string]bool, len(entries))
	for _, e := range entries {
		if seen[e.key] {
			continue
		}
		seen[e.key] = true
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(e.text)
	}
	return b.String()
}

// Contains reports whether v satisfies every specifier of the set. A zero
// Version satisfies none, not even the empty set.
func (s SpecifierSet) Contains(v Version, pre Prereleases) bool {
	if v.IsZero() || pre == PrereleasesExcluded && v.IsPrerelease() {
		return false
	}
	for i := range s.specs {
		if !s.specs[i].match(&v) {
			return false
		}
	}
	return true
}

// ContainsString reports whether text satisfies every specifier of the set.
// Text that is not a version can satisfy only === and the empty set. With === the
// text is compared as written, not in normal form: "1.0.0" satisfies
// ===1.0.0 but " 1.0.0" does not.
func (s SpecifierSet) ContainsString(text string, pre Prereleases) bool {
	return s.judge(text, pre).matched
}

// verdict is the result of a set for one candidate.
type verdict struct{ matched, prerelease, final bool }

func (s SpecifierSet) judge(text string, pre Prereleases) verdict {
	var v Version
	if f := scan(text, &v); f.reason != "" {
		v = Version{} // a failed scan leaves some parts set
	}
	d := verdict{prerelease: v.IsPrerelease(), final: !v.IsZero() && !v.IsPrerelease()}
	if pre == PrereleasesExcluded && d.prerelease {
		return d
	}
	for i := range s.specs {
		sp := &s.specs[i]
		if sp.op == OpArbitrary {
			if pystr.Lower(text) != pystr.Lower(sp.text) {
				return d
			}
		} else if v.IsZero() || !sp.match(&v) {
			return d
		}
	}
	d.matched = true
	return d
}

// mentionsPrerelease reports whether the set asks for pre-releases.
func (s SpecifierSet) mentionsPrerelease() bool {
	for i := range s.specs {
		if s.specs[i].mentionsPrerelease() {
			return true
		}
	}
	return false
}
