package pep440

import "iter"

// Version is a parsed version. It is a small value that refers to the text it
// was read from. The zero Version means "no version", sorts before every other one
// and satisfies no specifier.
type Version struct {
	src string
	// Byte ranges of src. An absent part is an empty range; pre, post and dev
	// are digits only and may be empty while the part itself is present.
	epoch, release, pre, post, dev, local span
	phase                                 phase
	hasPost, hasDev                       bool
}

// span is a half-open byte range. 32 bits keep Version at 72 bytes.
type span struct{ lo, hi uint32 }

// phase is the kind of a pre-release, in sorting order.
type phase uint8

const (
	noPhase phase = iota
	alpha
	beta
	candidate
)

var phaseNames = [...]string{noPhase: "", alpha: "a", beta: "b", candidate: "rc"}

// Parse reads one version, by the grammar of PEP 440 appendix B including the
// relaxed spellings. White space around the version is ignored. The error,
// if any, is an [*Error].
func Parse(s string) (Version, error) {
	var v Version
	if f := scan(s, &v); f.reason != "" {
		return Version{}, f.versionError(s)
	}
	return v, nil
}

// IsZero reports whether v is the zero Version, which Parse never returns.
func (v Version) IsZero() bool { return v.release.hi == 0 }

// Source returns the text given to [Parse], unchanged.
func (v Version) Source() string { return v.src }

// Epoch returns the epoch in decimal, "0" when none is written.
func (v Version) Epoch() string { return number(v.text(v.epoch)) }

// Release yields the numbers of the release segment in order, in decimal
// without leading zeros. Trailing zeros of the segment are kept: "1.0" yields
// 1 and 0.
func (v Version) Release() iter.Seq[string] {
	return func(yield func(string) bool) {
		rest := v.text(v.release)
		for rest != "" {
			var n string
			n, rest = cutComponent(rest)
			if !yield(number(n)) {
				return
			}
		}
	}
}

// Pre returns the pre-release segment: its kind, "a", "b" or "rc", and its
// number in decimal. ok is false if there is none.
func (v Version) Pre() (kind, num string, ok bool) {
	if v.phase == noPhase {
		return "", "", false
	}
	return phaseNames[v.phase], number(v.text(v.pre)), true
}

// Post returns the number of the post-release segment in decimal; ok is false if
// there is none.
func (v Version) Post() (num string, ok bool) {
	if !v.hasPost {
		return "", false
	}
	return number(v.text(v.post)), true
}

// Dev returns the number of the development segment in decimal; ok is false if
// there is none.
func (v Version) Dev() (num string, ok bool) {
	if !v.hasDev {
		return "", false
	}
	return number(v.text(v.dev)), true
}

// IsPrerelease reports whether v has a pre-release or a development segment.
func (v Version) IsPrerelease() bool { return v.phase != noPhase || v.hasDev }

// IsPostrelease reports whether v has a post-release segment.
func (v Version) IsPostrelease() bool { return v.hasPost }

// IsDevrelease reports whether v has a development segment.
func (v Version) IsDevrelease() bool { return v.hasDev }

func (v *Version) text(s span) string { return v.src[s.lo:s.hi] }

// number writes a run of digits as a decimal number. Segments may omit theirs,
// so an empty run is zero.
func number(digits string) string {
	if digits = trimZeros(digits); digits == "" {
		return "0"
	}
	return digits
}

// trimZeros removes leading zeros; zero itself becomes the empty string.
func trimZeros(digits string) string {
	i := 0
	for i < len(digits) && digits[i] == '0' {
		i++
	}
	return digits[i:]
}

// cutComponent splits "1.2.3" into "1" and "2.3". Empty text results in two empty
// strings, which compare like the number zero.
func cutComponent(s string) (first, rest string) {
	for i := 0; i < len(s); i++ {
		if s[i] == '.' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}
