package pep440

import "math"

// checkLength refuses input whose offsets might not fit a span or, on 32-bit
// machines, an int.
func checkLength(n int) fault {
	if n > math.MaxInt32-1 {
		return fault{ReasonTooLong, 0}
	}
	return fault{}
}

// MaxLength is the longest text of one version, in bytes, including white space
// around it. Real versions stay under 100. The limit keeps the work for a list of
// versions linear: the longest of them may have to be compared with each of the
// others.
const MaxLength = 1 << 14

// scan reads one version from s into v. It makes a single pass without
// backtracking: at every point the next byte decides which part may follow,
// and a separator consumed by one part is never needed by the next, because every
// part's leading separator is optional.
func scan(s string, v *Version) fault {
	if len(s) > MaxLength {
		return fault{ReasonTooLong, 0}
	}
	lo, hi := trimmed(s)
	return scanRange(s, lo, hi, v)
}

// scanRange reads s[lo:hi], which must be one version without white space
// around it. Offsets in v and in the fault count from the start of s.
func scanRange(s string, lo, hi int, v *Version) fault {
	v.src = s
	i := lo
	if i < hi && s[i]|0x20 == 'v' {
		i++
	}
	end := digits(s, i, hi)
	if end < hi && s[end] == '!' && end > i {
		v.epoch = makeSpan(i, end)
		i = end + 1
		end = digits(s, i, hi)
	}
	if end == i {
		if lo == hi {
			return fault{ReasonEmpty, lo}
		}
		return fault{ReasonRelease, i}
	}
	for end+1 < hi && s[end] == '.' && isDigit(s[end+1]) {
		end = digits(s, end+2, hi)
	}
	v.release = makeSpan(i, end)
	if end == hi {
		return fault{}
	}
	return scanSuffix(s, end, hi, v)
}

// scanSuffix reads what may follow the release: pre, post, dev and local segments.
func scanSuffix(s string, i, hi int, v *Version) fault {
	if ph, end := preWord(s, separator(s, i, hi), hi); ph != noPhase {
		v.phase = ph
		v.pre, i = segmentNumber(s, end, hi)
	}
	if i+1 < hi && s[i] == '-' && isDigit(s[i+1]) {
		v.hasPost = true
		v.post = makeSpan(i+1, digits(s, i+1, hi))
		i = int(v.post.hi)
	} else if end := postWord(s, separator(s, i, hi), hi); end > 0 {
		v.hasPost = true
		v.post, i = segmentNumber(s, end, hi)
	}
	if end := word(s, separator(s, i, hi), hi, "dev"); end > 0 {
		v.hasDev = true
		v.dev, i = segmentNumber(s, end, hi)
	}
	if i < hi && s[i] == '+' {
		return scanLocal(s, i+1, hi, v)
	}
	if i < hi {
		return explain(s, i, hi)
	}
	return fault{}
}

// scanLocal reads alphanumeric runs joined by single separators up to hi.
func scanLocal(s string, start, hi int, v *Version) fault {
	i := start
	for {
		run := i
		for i < hi && isAlnum(s[i]) {
			i++
		}
		if i == run {
			return fault{ReasonLocal, i}
		}
		if i == hi {
			v.local = makeSpan(start, hi)
			return fault{}
		}
		if !isSeparator(s[i]) {
			return fault{ReasonLocal, i}
		}
		i++
	}
}

// segmentNumber reads the optional separator and the optional digits that may
// follow a segment's word.
func segmentNumber(s string, i, hi int) (span, int) {
	i = separator(s, i, hi)
	end := digits(s, i, hi)
	return makeSpan(i, end), end
}

// preWord matches one of the spellings of a pre-release at i.
func preWord(s string, i, hi int) (phase, int) {
	if i >= hi {
		return noPhase, i
	}
	switch s[i] | 0x20 {
	case 'a':
		if end := word(s, i, hi, "alpha"); end > 0 {
			return alpha, end
		}
		return alpha, i + 1
	case 'b':
		if end := word(s, i, hi, "beta"); end > 0 {
			return beta, end
		}
		return beta, i + 1
	case 'c':
		return candidate, i + 1
	case 'r':
		if end := word(s, i, hi, "rc"); end > 0 {
			return candidate, end
		}
	case 'p':
		if end := word(s, i, hi, "preview"); end > 0 {
			return candidate, end
		}
		if end := word(s, i, hi, "pre"); end > 0 {
			return candidate, end
		}
	}
	return noPhase, i
}

// postWord matches one of the spellings of a post-release at i and returns
// the offset after it, or 0.
func postWord(s string, i, hi int) int {
	if i >= hi {
		return 0
	}
	switch s[i] | 0x20 {
	case 'p':
		return word(s, i, hi, "post")
	case 'r':
		if end := word(s, i, hi, "rev"); end > 0 {
			return end
		}
		return i + 1
	}
	return 0
}

// word matches the lower-case ASCII word w at i in any letter case and
// returns the offset after it, or 0. Setting bit 5 maps only the two cases of
// an ASCII letter onto that letter, so no other byte can match.
func word(s string, i, hi int, w string) int {
	if hi-i < len(w) {
		return 0
	}
	for j := 0; j < len(w); j++ {
		if s[i+j]|0x20 != w[j] {
			return 0
		}
	}
	return i + len(w)
}

// explain finds the reason why s[i:hi] cannot continue a version.
func explain(s string, i, hi int) fault {
	at := i
	if isSeparator(s[i]) {
		at++
	}
	switch {
	case at == hi:
		return fault{ReasonSeparator, i}
	case s[at] == '*':
		return fault{ReasonWildcard, at}
	case spaceAt(s, at) > 0:
		return fault{ReasonSpace, at}
	case isDigit(s[at]), isSeparator(s[at]), s[at] == '+':
		return fault{ReasonSeparator, i}
	case isAlnum(s[at]):
		return fault{ReasonWord, at}
	}
	return fault{ReasonCharacter, at}
}

// digits returns the offset after the run of ASCII digits that starts at i.
func digits(s string, i, hi int) int {
	for i < hi && isDigit(s[i]) {
		i++
	}
	return i
}

// separator skips one separator at i, if there is one.
func separator(s string, i, hi int) int {
	if i < hi && isSeparator(s[i]) {
		i++
	}
	return i
}

func makeSpan(lo, hi int) span { return span{uint32(lo), uint32(hi)} }

func isDigit(c byte) bool     { return c-'0' < 10 }
func isSeparator(c byte) bool { return c == '.' || c == '-' || c == '_' }
func isAlnum(c byte) bool     { return isDigit(c) || c|0x20-'a' < 26 }
