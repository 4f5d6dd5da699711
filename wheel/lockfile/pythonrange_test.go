package lockfile

import (
	"testing"

	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// TestAllowsIn: where the patch release is only assumed, any may be in the range; a
// version that is not X.Y is taken as it is.
func TestAllowsIn(t *testing.T) {
	for _, c := range []struct {
		written       string
		parse         func(string) (PythonRange, error)
		version, full string
		any, want     bool
	}{
		{">=3.12.2", parsePythonRange, "3.12", "3.12.0", true, true},
		{">=3.12.2", parsePythonRange, "3.12", "3.12.0", false, false},
		{">=3.12.2", parsePythonRange, "3.12", "3.12.2", false, true},
		{">=3.13", parsePythonRange, "3.12", "3.12.0", true, false},
		{"", parsePythonRange, "3.12", "3.12.0", true, true},
		{">=3.12.2", parsePythonRange, "3", "3.12.0", true, false},
		{">=3.0.1,<3.1", parsePythonRange, "3", "3.12.0", true, false},
		{">=3.12.2", parsePythonRange, "x.12", "3.12.0", true, false},
		{"==0.12.*", parsePythonRange, "x.12", "3.12.0", true, false},
		{">=3.12.2", parsePythonRange, "", "3.12.2", true, true},
		{"^3.8.1", parsePoetryRange, "3.8", "3.8.0", true, true},
		{"<3.8 || ^3.12.5", parsePoetryRange, "3.12", "3.12.0", true, true},
		{"<3.8 || ^3.12.5", parsePoetryRange, "3.12", "3.12.0", false, false},
		{"<3.8 || ^3.12.5", parsePoetryRange, "3.9", "3.9.0", true, false},
	} {
		r, err := c.parse(c.written)
		if err != nil {
			t.Fatal(err)
		}
		env := pep508.Environment{PythonVersion: c.version, PythonFullVersion: c.full, AnyPatch: c.any}
		if got := r.allowsIn(&env); got != c.want {
			t.Errorf("%q in %s, %s, any %t: %t", c.written, c.version, c.full, c.any, got)
		}
	}
}
