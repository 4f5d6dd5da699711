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
		{9, ">=3.7,!=3.9.0,!=3.9.1", "3.9", ""},
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
		// A version of another Python says nothing about this one's patch.
		{9, ">=3.9.2", "3.90.1", ""},
		{9, ">=3.9.2", "3.9.x", ""},
		{9, ">=3.9.2", "3.9.99999999999999999999", ""},
		// pip ignores what it cannot read.
		{9, ">=3.10;huh", "", ""},
		{9, "3.10", "", ""},
		// An open minor version is X.0.0.
		{-1, ">=3.7", "", "3.0"},
		{-1, ">=3", "", ""},
		{-1, "!=3.0.0", "", "3.0"},
	} {
		platform := tags.Platform{OS: tags.Windows, Arch: "amd64"}
		target, err := tags.New(tags.Python{Major: 3, Minor: c.minor}, platform, tags.Packaging)
		if err != nil {
			t.Fatal(err)
		}
		reason, refused := CheckPython(target.WithName("T"), c.requires, c.version)
		switch {
		case refused != (c.have != "") || reason.Have != c.have:
			t.Errorf("3.%d, %q, %q: refused %t, have %q; want %q", c.minor, c.requires, c.version, refused, reason.Have, c.have)
		case refused && (reason.Code != tags.ReasonRequiresPython || reason.Need != c.requires || !strings.HasSuffix(reason.Message, "; T has "+c.have)):
			t.Errorf("3.%d, %q: reason %+v", c.minor, c.requires, reason)
		}
	}
}
