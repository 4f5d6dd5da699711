package pep440

import "strconv"

// RequiresPythonAllows reports whether Python major.minor.micro satisfies the
// Requires-Python value spec, by the rule of the installer pip (26.3,
// check_requires_python and _check_link_requires_python in
// pip._internal): the version, always of three numbers and never a
// pre-release, is tested against the specifier set with the default treatment
// of pre-releases. An empty value allows every version, and so does an invalid
// one, which pip ignores; use [ParseSpecifierSet] to learn of that.
//
// Negative numbers are no Python version and give false.
func RequiresPythonAllows(spec string, major, minor, micro int) bool {
	if major < 0 || minor < 0 || micro < 0 {
		return false
	}
	set, err := ParseSpecifierSet(spec)
	if err != nil {
		return true
	}
	b := strconv.AppendInt(make([]byte, 0, 32), int64(major), 10)
	b = append(b, '.')
	b = strconv.AppendInt(b, int64(minor), 10)
	b = append(b, '.')
	b = strconv.AppendInt(b, int64(micro), 10)
	return set.ContainsString(string(b), PrereleasesDefault)
}
