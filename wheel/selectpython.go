package wheel

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// maxPatch is the highest patch release that CheckPython thinks possible. No
// line of Python has come to 30.
const maxPatch = 99

// CheckPython gives the reason why the field Requires-Python of a wheel's
// metadata refuses the target's Python, and false when it does not.
//
// version is the target's Python with its patch release, such as "3.11.4". When
// it names none, because tags know none, the wheel is refused only if every
// patch release of the target's Python is: ">=3.7,!=3.9.0,!=3.9.1" is no reason
// against a Python 3.9 of which no more is known. A target whose minor version
// is open too is taken as X.0.0, as pip does.
//
// As in pip, an empty field allows every Python, and so does an invalid one.
func CheckPython(target *tags.Target, requires, version string) (tags.Reason, bool) {
	set, err := pep440.ParseSpecifierSet(requires)
	if requires == "" || err != nil {
		return tags.Reason{}, false
	}
	py := target.Python()
	have := strconv.Itoa(py.Major) + "." + strconv.Itoa(max(py.Minor, 0))
	first, last := 0, maxPatch
	if py.Minor < 0 {
		last = 0
	}
	if patch, ok := patchRelease(version, have); ok {
		first, last = patch, patch
		have += "." + strconv.Itoa(patch)
	}
	for patch := first; patch <= last; patch++ {
		text := fmt.Sprintf("%d.%d.%d", py.Major, max(py.Minor, 0), patch)
		if set.ContainsString(text, pep440.PrereleasesDefault) {
			return tags.Reason{}, false
		}
	}
	name := target.Name()
	return tags.Reason{
		Code: tags.ReasonRequiresPython, Need: requires, Have: have,
		Message: fmt.Sprintf("its metadata requires Python %s; %s has %s", requires, name, have),
	}, true
}

// patchRelease reads the third number of a version that begins with X.Y.
func patchRelease(version, minor string) (int, bool) {
	rest, ok := strings.CutPrefix(version, minor+".")
	if !ok {
		return 0, false
	}
	patch, err := strconv.ParseUint(rest, 10, 31)
	return int(patch), err == nil
}
