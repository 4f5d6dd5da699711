package pep440

import "strconv"

// RequiresPythonAllows reports whether Python major.minor.micro satisfies the
// Requires-Python value spec, by the rule of the installer pip (26.3,
// check_requires_python and _check_link_requires_python in
// pip._internal): the version, always of three numbers and never a
// pre-release, is tested against the specifier set with the default treatment
// of pre-releases. An empty value allows every version, and so does an invalid
// one, which pip ignores; use [ParseSpecifierSet] to detect that.
//
// The result is false for negative numbers.
func RequiresPythonAllows(spec string, major, minor, micro int) bool {
	if major < 0 || minor < 0 || micro < 0 {
		return false
	}
	set, err := ParseSpecifierSet(spec)
	return err != nil || set.AllowsPython(major, minor, micro)
}

// maxMicro is the highest patch release that is considered if it is not known. No
// Python version has reached 30.
const maxMicro = 99

// AllowsPython reports whether the set allows Python major.minor.micro, as
// [RequiresPythonAllows] does. A negative micro means that the patch release is
// not known: the set then allows the Python if it allows some patch release of
// it, so that ">=3.12.2" and "!=3.12.0" do not exclude a Python 3.12.
func (s SpecifierSet) AllowsPython(major, minor, micro int) bool {
	first, last := micro, micro
	if micro < 0 {
		first, last = 0, maxMicro
	}
	line := strconv.Itoa(major) + "." + strconv.Itoa(minor) + "."
	for ; first <= last; first++ {
		if s.ContainsString(line+strconv.Itoa(first), PrereleasesDefault) {
			return true
		}
	}
	return false
}
