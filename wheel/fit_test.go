package wheel

import (
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/tags"
)

func TestCheckPython(t *testing.T) {
	for _, c := range []struct {
		minor             int
		requires, version string
		have              string // empty when the wheel is allowed
	}{
		{9, "", "", ""},
		{9, " , ", "", ""},
		{9, ">=3.9", "", ""},
		{9, ">=3.10", "", "3.9"},
		{9, "<3.9", "", "3.9"},
		{9, "<4", "", ""},
		// What depends on the patch release is no reason against an unknown one.
		{9, ">=3.7,!=3.9.0,!=3.9.1", "", ""},
		{9, ">=3.7,!=3.9.0,!=3.9.1", "3.9.2", ""},
		{9, ">=3.7,!=3.9.0,!=3.9.1", "3.9.1", "3.9.1"},
		{9, ">=3.9.2", "", ""},
		{9, ">=3.9.2", "3.9.2", ""},
		{9, ">=3.9.2", "3.9.1", "3.9.1"},
		{9, "<3.9.1", "", ""},
		{9, "<=3.9", "3.9.0", ""},
		{9, "<=3.9", "3.9.1", "3.9.1"},
		{9, "==3.9.7", "", ""},
		{9, "!=3.9.*", "", "3.9"},
		{9, ">3.9", "", ""},
		{9, "~=3.8", "", ""},
		{9, "~=3.8.0", "", "3.9"},
		// A pre-release counts as its release, as it does to pip.
		{15, ">=3.15", "3.15.0rc1", ""},
		{15, ">=3.15.1", "3.15.0rc1", "3.15.0"},
		// pip ignores what it cannot read.
		{9, ">=3.10;huh", "", ""},
		{9, "3.10", "", ""},
		// An open minor version is X.0.0.
		{-1, ">=3.7", "", "3.0"},
		{-1, ">=3", "", ""},
		{-1, "!=3.0.0", "", "3.0"},
	} {
		platform := tags.Platform{OS: tags.Windows, Arch: "amd64"}
		target, err := tags.New(tags.Python{Major: 3, Minor: c.minor, FullVersion: c.version}, platform, tags.Packaging)
		if err != nil {
			t.Fatal(err)
		}
		reason := CheckPython(target.WithName("T"), c.requires)
		refused, have := reason != nil, ""
		if refused {
			have = reason.Have
		}
		switch {
		case have != c.have:
			t.Errorf("3.%d, %q, %q: refused %t, have %q; want %q", c.minor, c.requires, c.version, refused, have, c.have)
		case refused && (reason.Code != tags.ReasonRequiresPython || reason.Need != c.requires || !strings.HasSuffix(reason.Message, "; T has "+c.have)):
			t.Errorf("3.%d, %q: reason %+v", c.minor, c.requires, reason)
		}
	}
}

// TestFit has a reason exactly where a Fitter has no rank, and that of the tags
// before that of Requires-Python.
func TestFit(t *testing.T) {
	target, err := tags.New(tags.Python{Major: 3, Minor: 11, FullVersion: "3.11.4"}, tags.Platform{OS: tags.Windows, Arch: "amd64"}, tags.Pip)
	if err != nil {
		t.Fatal(err)
	}
	fitter := NewFitter(target)
	for range 2 { // the second time from memory
		for _, c := range []struct {
			name, requires string
			code           tags.ReasonCode // "" when it fits
		}{
			{"a-1-py3-none-any.whl", "", ""},
			{"a-1-py3-none-any.whl", ">=3.11", ""},
			{"a-1-py3-none-any.whl", ">=3.11.5", tags.ReasonRequiresPython},
			{"a-1-py3-none-any.whl", ">=3.11.4", ""},
			{"a-1-py3-none-any.whl", "nonsense", ""},
			{"a-1-cp311-cp311-win_amd64.whl", ">=3.12", tags.ReasonRequiresPython},
			{"a-1-cp312-cp312-win_amd64.whl", ">=3.12", tags.ReasonPythonVersion},
			{"a-1-cp311-cp311-win32.whl", "", tags.ReasonMachine},
		} {
			name, err := ParseName(c.name)
			if err != nil {
				t.Fatal(err)
			}
			reason := Fit(target, &name, c.requires)
			if (reason != nil) != (c.code != "") || reason != nil && reason.Code != c.code {
				t.Errorf("%s, %q: %v, want %q", c.name, c.requires, reason, c.code)
			}
			rank, ok := fitter.Rank(&name, c.requires)
			want, _ := target.Rank(&name.Tags)
			if ok != (reason == nil) || ok && rank != want || !ok && rank != 0 {
				t.Errorf("%s, %q: rank %d %t, want %d", c.name, c.requires, rank, ok, want)
			}
			if fitter.AllowsPython(c.requires) != (CheckPython(target, c.requires) == nil) {
				t.Errorf("%q: the Fitter and CheckPython disagree", c.requires)
			}
		}
	}
	if reason := Fit(target, &Name{}, ""); reason == nil || reason.Code != tags.ReasonNever {
		t.Errorf("a name without tags: %v", reason)
	}
}
