package audit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestStartupCode: lines of .pth and .start files that Python runs when it starts, and
// those next to them that it does not.
func TestStartupCode(t *testing.T) {
	const says = ": runs code at every start of Python: "
	for _, c := range []struct{ name, text, want string }{
		{"a.pth", "import os; os.abort()\n", "a.pth" + says + "import os; os.abort()"},
		{"a.pth", "import\tos", "a.pth" + says + "import\tos"},
		{"a.pth", "\ufeffimport os", "a.pth" + says + "import os"},
		{"a.pth", "lib\r\n# plain\r\nimport os\r\n", "a.pth" + says + "import os"},
		{"a.pth", "lib\vimport os", "a.pth" + says + "import os"},
		{"a.pth", "lib\u2028import os", "a.pth" + says + "import os"},
		{"a.pth", "l\xefb\x85import os", "a.pth" + says + "import os"},
		{"a.pth", "import os\nimport sys\n", "a.pth" + says + "import os"},
		{".a.pth", "import os", ".a.pth" + says + "import os"}, // older releases read hidden files
		{"demo-1.0.data/purelib/a.pth", "import os", "demo-1.0.data/purelib/a.pth" + says + "import os"},
		{"demo-1.0.data/platlib/a.pth", "import os", "demo-1.0.data/platlib/a.pth" + says + "import os"},
		{"demo-1.0.data/data/lib/python3.12/site-packages/a.pth", "import os", "demo-1.0.data/data/lib/python3.12/site-packages/a.pth" + says + "import os"},
		{"demo-1.0.data/data/lib/python3/dist-packages/a.pth", "import os", "demo-1.0.data/data/lib/python3/dist-packages/a.pth" + says + "import os"},
		{"a.pth", "import " + strings.Repeat("x", 200), "a.pth" + says + "import " + strings.Repeat("x", 93) + "..."},
		{"a.start", "demo.boot:run\n", "a.start" + says + "demo.boot:run"},
		{"a.start", "# first\n\n  demo:run  \n", "a.start" + says + "demo:run"},
		{"a.pth", strings.Repeat("lib\n", maxStartup/4+1), "a.pth: is read at every start of Python, and could not be read here"},

		{"a.pth", "lib\nlib/more\n# import os\n", ""},
		{"a.pth", " import os\n", ""}, // a directory with a space in front
		{"a.pth", "imports/lib\nimport", ""},
		{"a.pth", "l\u0105import os", ""}, // U+0105 ends with the byte 0x85
		{"a.pth", strings.Repeat("lib\n", maxStartup/4), ""},
		{"a.pth.txt", "import os", ""},
		{"a.PTH", "import os", ""},
		{"demo/a.pth", "import os", ""},
		{"demo-1.0.data/scripts/a.pth", "import os", ""},
		{"demo-1.0.data/purelib/demo/a.pth", "import os", ""},
		{"demo-1.0.data/data/share/a.pth", "import os", ""},
		{"demo-1.0.data/scripts/site-packages/a.pth", "import os", ""},
		{"a.start", "# demo:run\n\n", ""},
		{"a.start", "demo.boot\n", ""},
		{"demo/a.start", "demo:run", ""},
	} {
		got := strings.Join(startupFindings(t, plainEntry(c.name, c.text, true)), "\n")
		if got != c.want {
			t.Errorf("%s with %.40q: %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

// TestStartupBound: files beyond the bound are one finding, and those before are read.
func TestStartupBound(t *testing.T) {
	large := strings.Repeat("lib\n", maxStartup/8+1)
	got := startupFindings(t, plainEntry("a.pth", large, true), plainEntry("b.pth", large, true), plainEntry("c.pth", large, true), plainEntry("d.pth", "import os", true))
	want := []string{
		"d.pth: runs code at every start of Python: import os",
		"b.pth: is read at every start of Python, and could not be read here (and 1 more like this)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// startupFindings gives the findings about startup code in a wheel with some members
// more.
func startupFindings(t *testing.T, more ...entry) []string {
	t.Helper()
	a := demoArchive()
	a.entries = append(a.entries, more...)
	data := a.bytes()
	r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), "demo-1.0-py3-none-any.whl")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range r.Findings {
		if rule, _ := finding.Lookup(f.Rule); rule.Name == "startup-code" {
			if f.Severity != finding.Warning {
				t.Errorf("%s: %v", f.File, f.Severity)
			}
			lines = append(lines, f.File+": "+f.Message)
		}
	}
	return lines
}
