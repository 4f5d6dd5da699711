package loads

import (
	"testing"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/elftest"
)

// TestInstalledPlaces: where installers put the files of a wheel, seen from site-packages.
func TestInstalledPlaces(t *testing.T) {
	for name, want := range map[string]string{
		"demo/m.so": "demo/m.so", "m.so": "m.so", "./a//b/../m.so": "a/m.so", "../../m.so": "m.so",
		"demo-1.0.data/purelib/a/m.so": "a/m.so", "demo-1.0.data/platlib/m.so": "m.so", "demo-1.0.data/data/share/x": "../../../share/x", "demo-1.0.data/scripts/tool": "../../../bin/tool",
		"demo-1.0.data/headers/x.h": "demo-1.0.data/headers/x.h", "demo-1.0.data/purelibs/x": "demo-1.0.data/purelibs/x", "demo.database/purelib/x": "demo.database/purelib/x", "purelib/x": "purelib/x",
		"demo-1.0.data/scripts": "../../../bin",
	} {
		if got := installed(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestOutside: entries of run paths that lead to where the wheel installs nothing.
func TestOutside(t *testing.T) {
	for _, c := range []struct {
		file, entry string
		want        bool
	}{
		{"demo/m.so", "$ORIGIN", false}, {"demo/m.so", "${ORIGIN}", false}, {"demo/m.so", "$ORIGIN/", false}, {"demo/m.so", "$ORIGIN/libs", false}, {"demo/m.so", "$ORIGIN/..", false}, {"demo/m.so", "$ORIGIN/../demo.libs", false},
		{"demo/m.so", "$ORIGIN/../..", true}, {"demo/m.so", "$ORIGIN/../../other", true}, {"m.so", "$ORIGIN/..", true}, {"m.so", "$ORIGIN/..x", false},
		{"demo/m.so", "/opt/lib", true}, {"demo/m.so", "", true}, {"demo/m.so", "lib", true}, {"demo/m.so", "$ORIGINX", true}, {"demo/m.so", "$ORIGIN.x", true}, {"demo/m.so", "${ORIGIN", true}, {"demo/m.so", "x$ORIGIN", true},
		{"demo/m.so", "$ORIGIN/../../../../lib/own", false}, {"demo/m.so", "$ORIGIN/../../../../lib/other", true}, {"demo-1.0.data/scripts/tool", "$ORIGIN", false}, {"demo-1.0.data/scripts/tool", "$ORIGIN/../lib/own", false},
	} {
		f := &linkset.File{Path: c.file}
		set := linkset.New([]*linkset.File{f, elftest.File("demo-1.0.data/data/lib/own/x.so:")})
		if got := Outside(set, f, c.entry); got != c.want {
			t.Errorf("%s with %q: %v", c.file, c.entry, got)
		}
	}
}
