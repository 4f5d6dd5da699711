package metadata

import (
	"slices"
	"strings"
	"testing"
)

func TestReadEntryPoints(t *testing.T) {
	points, faults := ReadEntryPoints("e", []byte("# comment\n[console_scripts]\ndemo = demo.cli:main\nd-2 = demo : a.b [x, y]\n\n[demo.plugins]\nx = demo\nany name! = demo.async:X\n"))
	if len(faults) > 0 || len(points) != 4 || points[0].Name != "demo" ||
		points[0].Module != "demo.cli" || points[0].Object != "main" || points[1].Object != "a.b" || !slices.Equal(points[1].Extras, []string{"x", "y"}) || points[2].Group != "demo.plugins" || points[3].Name != "any name!" {
		t.Errorf("%+v %v", points, faults)
	}
	for text, want := range map[string]string{
		"x = a:b\n":                              `line 1: "x = a:b" is in no group`,
		"[g]\nx\n":                               `line 2: "x" has not the form NAME = MODULE:OBJECT`,
		"[g]\nx = a:b\nx = c:d\n":                `line 3: the entry "x" is there twice`,
		"[g]\n[h]\n[g]\n":                        `line 3: the group "g" is there twice`,
		"[console_scripts]\nx = demo\n":          `line 2: the script "x" has no function: "demo" is a module`,
		"[console_scripts]\nx y = demo:main\n":   `line 2: the script "x y" has a name with other characters`,
		"[console_scripts]\nx = demo/cli:main\n": `line 2: "demo/cli:main" is not MODULE:OBJECT`,
		"[g]\nx = a:b [c\n":                      `line 2: "a:b [c" has no end of its extras`,
		"[g]\n= a:b\n":                           `line 2: "= a:b" has not the form NAME = MODULE:OBJECT`,
		"[g]\n[h\n":                              `line 2: "[h" has not the form NAME = MODULE:OBJECT`,
		"[g]\nx = a:b.\n":                        `line 2: "a:b." is not MODULE:OBJECT`,
		"[g]\nx = a:b:c\n":                       `line 2: "a:b:c" is not MODULE:OBJECT`,
		"[gui_scripts]\nx = demo\n":              `line 2: the script "x" has no function: "demo" is a module`,
		"# a\r\n[g]\r\nx\r\n":                    `line 3: "x" has not the form NAME = MODULE:OBJECT`,
		"; a\r[g]\rx\ry = a\r":                   `line 3: "x" has not the form NAME = MODULE:OBJECT`,
		"\xff":                                   "line 1: is not UTF-8",
	} {
		if _, faults := ReadEntryPoints("e", []byte(text)); len(faults) != 1 || !strings.HasPrefix(faults[0].Err.Error(), want) || faults[0].Code != CodeEntryPoints || faults[0].Path != "e" {
			t.Errorf("%q: %v, want %s", text, faults, want)
		}
	}
	points, faults = ReadEntryPoints("e", []byte("[g]\nx = a b\ny = c\n"))
	if len(faults) != 1 || len(points) != 1 || points[0].Name != "y" {
		t.Errorf("behind a faulty entry: %+v %v", points, faults)
	}
	if _, faults = ReadEntryPoints("e", []byte(strings.Repeat("x\n", maxFaults+1))); len(faults) != maxFaults {
		t.Errorf("%d faults, want %d", len(faults), maxFaults)
	}
}
