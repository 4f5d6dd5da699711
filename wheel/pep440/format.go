package pep440

// String returns the normal form of v, which parses to an equal version. It
// returns the source text, without copying, if that is already normal. The zero
// Version is the empty string.
func (v Version) String() string {
	var buf [64]byte
	b := v.AppendString(buf[:0])
	if string(b) == v.src {
		return v.src
	}
	return string(b)
}

// AppendString appends the normal form of v to dst and returns the result.
// It allocates only to grow dst.
func (v Version) AppendString(dst []byte) []byte {
	if v.IsZero() {
		return dst
	}
	return v.appendLocal(v.appendSuffix(v.appendBase(dst)))
}

// Public returns the normal form without the local segment.
func (v Version) Public() string {
	if v.IsZero() {
		return ""
	}
	return string(v.appendSuffix(v.appendBase(nil)))
}

// Base returns epoch and release alone in normal form: "1!2.0" for
// "1!2.0rc1.post2+x".
func (v Version) Base() string {
	if v.IsZero() {
		return ""
	}
	return string(v.appendBase(nil))
}

// Local returns the local segment in normal form without the plus sign, or
// the empty string: lower case, joined by dots, numbers without leading zeros.
func (v Version) Local() string {
	if v.local.hi == 0 {
		return ""
	}
	return string(v.appendLocal(nil)[1:])
}

func (v *Version) appendBase(dst []byte) []byte {
	return v.appendRelease(dst, v.text(v.release))
}

// appendRelease writes the epoch, unless it is zero, and the given release.
func (v *Version) appendRelease(dst []byte, release string) []byte {
	if e := trimZeros(v.text(v.epoch)); e != "" {
		dst = append(dst, e...)
		dst = append(dst, '!')
	}
	for sep := false; release != ""; sep = true {
		var n string
		n, release = cutComponent(release)
		if sep {
			dst = append(dst, '.')
		}
		dst = append(dst, number(n)...)
	}
	return dst
}

func (v *Version) appendSuffix(dst []byte) []byte {
	if v.phase != noPhase {
		dst = append(dst, phaseNames[v.phase]...)
		dst = append(dst, number(v.text(v.pre))...)
	}
	if v.hasPost {
		dst = append(dst, ".post"...)
		dst = append(dst, number(v.text(v.post))...)
	}
	if v.hasDev {
		dst = append(dst, ".dev"...)
		dst = append(dst, number(v.text(v.dev))...)
	}
	return dst
}

func (v *Version) appendLocal(dst []byte) []byte {
	sep := byte('+')
	for rest := v.text(v.local); rest != ""; sep = '.' {
		var seg string
		seg, rest = cutLocal(rest)
		dst = append(dst, sep)
		if isNumber(seg) {
			dst = append(dst, number(seg)...)
			continue
		}
		for i := 0; i < len(seg); i++ {
			dst = append(dst, lower(seg[i]))
		}
	}
	return dst
}

// appendTrimmed appends the normal form without trailing zeros in the
// release, so that equal versions give equal bytes.
func (v *Version) appendTrimmed(dst []byte) []byte {
	release := v.text(v.release)
	for end := len(release); end > 0; {
		// Step back over one component; stop unless it is all zeros.
		start := end
		for start > 0 && release[start-1] != '.' {
			start--
		}
		if start == 0 || trimZeros(release[start:end]) != "" {
			release = release[:end]
			break
		}
		end = start - 1
	}
	return v.appendLocal(v.appendSuffix(v.appendRelease(dst, release)))
}
