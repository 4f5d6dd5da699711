package config

import (
	"github.com/Masterminds/semver/v3"

	"github.com/wheeltag/wheeltag/internal/tomltree"
)

// readVersion reads which versions of this program the file is for, and checks that
// version is one of them, unless it is "". A release candidate counts as well if what it
// is a candidate for does.
func (r *reader) readVersion(t *tomltree.Table, version string) {
	n := t.Get("required-version")
	if n == nil {
		return
	}
	if n.Kind != tomltree.String {
		r.fault(n.Line, "required-version is not a string; put it in quotes")
		return
	}
	r.config.RequiredVersion = n.Text
	wanted, err := semver.NewConstraint(n.Text)
	if err != nil {
		r.fault(n.Line, "required-version %q is not a range of versions such as \">=0.3, <1\"", n.Text)
		return
	}
	v, err := semver.NewVersion(version)
	if err != nil {
		return // there is none to compare with
	}
	wanted.IncludePrerelease = true
	release, err := v.SetPrerelease("")
	if err != nil || !wanted.Check(v) || !wanted.Check(&release) {
		r.fault(n.Line, "needs wheeltag %s, but this is %s; install a version in that range, or change required-version", n.Text, v)
	}
}
