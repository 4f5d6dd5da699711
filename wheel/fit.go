package wheel

import (
	"fmt"
	"strconv"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// ReasonVariant is the reason of a variant wheel that the installer ignores, or with
// properties that the target does not support.
const ReasonVariant tags.ReasonCode = "variant"

// Fit gives the reason why an installer on the target refuses a wheel, and nil
// when it takes it. As pip and uv do, it looks at the tags of the name first and
// then at requires, the field Requires-Python of the wheel's metadata as written;
// an empty one allows every Python. Which tag is the best is for
// [tags.Target.Best].
//
// A variant wheel is refused whatever its tags, unless the target's profile knows
// variants; its properties are then for [Select].
//
// [Fitter] answers the same for many wheels.
func Fit(t *tags.Target, name *Name, requires string) *tags.Reason {
	if ignoresVariant(t, name) {
		return &tags.Reason{Code: ReasonVariant, Need: name.Variant, Message: ignoredVariant(t.Profile())}
	}
	if reason := t.Explain(&name.Tags); reason != nil {
		return reason
	}
	return CheckPython(t, requires)
}

// ignoresVariant reports whether a wheel is a variant and the installer takes none.
func ignoresVariant(t *tags.Target, name *Name) bool {
	return name.Variant != "" && !t.Profile().Variants()
}

// ignoredVariant says why an installer ignores a variant wheel.
func ignoredVariant(p tags.Profile) string {
	switch p {
	case tags.UV:
		return "it is a wheel variant, which uv takes only with --preview-features wheel-variants"
	case tags.Pip:
		return "it is a wheel variant: pip 26.3 cannot read its name and ignores the file"
	}
	return "it is a wheel variant: packaging 26.4 and pip 26.3 cannot read its name, and pip ignores the file"
}

// Fitter answers for one target which of many wheels fit, as [Fit] does, without
// the reasons. It keeps the answers for the texts of Requires-Python: there are
// few of them, and they are slow to evaluate. A Fitter is for one goroutine at a
// time.
type Fitter struct {
	target *tags.Target
	python map[string]bool // by Requires-Python
}

// NewFitter readies a Fitter.
func NewFitter(t *tags.Target) *Fitter {
	return &Fitter{target: t, python: map[string]bool{}}
}

// Rank gives the place of the wheel's best tag in the target's list, counted
// from 0, and false when the wheel does not fit.
func (f *Fitter) Rank(name *Name, requires string) (rank int, ok bool) {
	if ignoresVariant(f.target, name) {
		return 0, false
	}
	if rank, ok = f.target.Rank(&name.Tags); !ok || !f.AllowsPython(requires) {
		return 0, false
	}
	return rank, true
}

// AllowsPython reports whether a Requires-Python allows the target's Python. It is
// all that there is to ask about a source distribution.
func (f *Fitter) AllowsPython(requires string) bool {
	if requires == "" {
		return true
	}
	ok, known := f.python[requires]
	if !known {
		ok = CheckPython(f.target, requires) == nil
		f.python[requires] = ok
	}
	return ok
}

// CheckPython gives the reason why the field Requires-Python of a wheel's or source
// distribution's metadata refuses the target's Python, and nil when it does not.
//
// When the target's patch release is not known, see [tags.Python.FullVersion], the
// file is refused only if every patch release of its Python is: a wheel that
// requires ">=3.7,!=3.9.0,!=3.9.1" is good for a Python 3.9 of which no more is
// known. A target whose minor version is open too means X.0.0, as it does to pip.
//
// An empty field allows every Python. So does an invalid one, which pip ignores;
// use [pep440.ParseSpecifierSet] to learn of that.
func CheckPython(t *tags.Target, requires string) *tags.Reason {
	set, err := pep440.ParseSpecifierSet(requires)
	if err != nil || allowsPython(set, t.Python()) {
		return nil
	}
	have := pythonText(t.Python())
	return &tags.Reason{
		Code: tags.ReasonRequiresPython, Need: requires, Have: have,
		Message: fmt.Sprintf("its metadata requires Python %s; %s has %s", requires, t.Name(), have),
	}
}

// allowsPython asks for the target's patch release where that is known, else for
// any. An open minor version is X.0.0.
func allowsPython(set pep440.SpecifierSet, py tags.Python) bool {
	patch, known := py.Patch()
	switch {
	case py.Minor < 0:
		return set.AllowsPython(py.Major, 0, 0)
	case !known:
		patch = -1
	}
	return set.AllowsPython(py.Major, py.Minor, patch)
}

// pythonText is the version as far as it is known.
func pythonText(py tags.Python) string {
	text := strconv.Itoa(py.Major) + "." + strconv.Itoa(max(py.Minor, 0))
	if patch, ok := py.Patch(); ok {
		text += "." + strconv.Itoa(patch)
	}
	return text
}
