package pep440

import "strconv"

// maxMicro is the highest patch release that is considered if it is not known. No
// Python version has reached 30.
const maxMicro = 99

// AllowsPython reports whether a set from a Requires-Python field allows Python
// major.minor.micro, by the rule of pip (26.3, check_requires_python): the version,
// always of three numbers and never a pre-release, is tested with the default
// treatment of pre-releases. pip ignores a field that [ParseSpecifierSet] rejects.
//
// A negative micro means that the patch release is not known: the set then allows
// the Python if it allows some patch release of it, so that ">=3.12.2" and
// "!=3.12.0" do not exclude a Python 3.12. With a negative major or minor the
// result is false.
func (s SpecifierSet) AllowsPython(major, minor, micro int) bool {
	if major < 0 || minor < 0 {
		return false
	}
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
