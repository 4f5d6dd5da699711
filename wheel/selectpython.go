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
// metadata refuses the target's Python, and false when it does not. Installers
// ask after they have looked at the tags.
//
// version is the target's Python with its patch release, such as "3.11.4". When
// it names none, because tags know none, the wheel is refused only if every
// patch release of the target's Python is: a wheel that requires
// ">=3.7,!=3.9.0,!=3.9.1" is good for a Python 3.9 of which no more is known. A
// target whose minor version is open too stands for X.0.0, as it does to pip.
//
// An empty field allows every Python. So does an invalid one, which pip
// ignores; use [pep440.ParseSpecifierSet] to learn of that.
func CheckPython(t *tags.Target, requires, version string) (tags.Reason, bool) {
	set, err := pep440.ParseSpecifierSet(requires)
	if err != nil || set.Len() == 0 {
		return tags.Reason{}, false
	}
	py := t.Python()
	have := strconv.Itoa(py.Major) + "." + strconv.Itoa(max(py.Minor, 0))
	first, last := 0, maxPatch
	if py.Minor < 0 {
		last = 0
	}
	text := have
	if patch, ok := patchRelease(version, have); ok {
		first, last = patch, patch
		text += "." + strconv.Itoa(patch)
	}
	for patch := first; patch <= last; patch++ {
		if set.ContainsString(have+"."+strconv.Itoa(patch), pep440.PrereleasesDefault) {
			return tags.Reason{}, false
		}
	}
	return tags.Reason{
		Code: tags.ReasonRequiresPython, Need: requires, Have: text,
		Message: fmt.Sprintf("its metadata requires Python %s; %s has %s", requires, t.Name(), text),
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
