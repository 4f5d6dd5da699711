package audit

import (
	"bytes"
	"strings"
	"testing"
)

// TestDataSchemes: files below *.data have a place or are an error.
func TestDataSchemes(t *testing.T) {
	const none = " is in none of the directories purelib, platlib, headers, scripts, data of demo-1.0.data"
	for name, want := range map[string]string{
		"demo-1.0.data/purelib/a.py": "", "demo-1.0.data/platlib/a.py": "", "demo-1.0.data/headers/a.h": "", "demo-1.0.data/scripts/a": "",
		"demo-1.0.data/data/share/a": "", "demo/x.data/lib/a": "", "demo-1.0.data.txt": "",
		"demo-1.0.data/lib/a":      "WT436 demo-1.0.data/lib/a" + none,
		"demo-1.0.data/purelib2/a": "WT436 demo-1.0.data/purelib2/a" + none,
		"demo-1.0.data/scripts":    "WT436 demo-1.0.data/scripts" + none,
		"demo-1.1.data/data/a":     "WT436 demo-1.1.data/data/a is below demo-1.1.data; the directory of this wheel is demo-1.0.data",
	} {
		files := []string{name, "x"}
		data := stored(t, name, "x", "demo-1.0.dist-info/RECORD", recordOf(files...))
		if got := found(t, data, true); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestGroups: a fault of many files is one finding, but native code that RECORD leaves
// out is named file by file.
func TestGroups(t *testing.T) {
	data := stored(t, "a.py", "", "b.py", "", "c.py", "", "demo-1.0.dist-info/RECORD", recordOf("c.py", ""))
	r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), "demo-1.0-py3-none-any.whl")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Rule == "WT401" && (f.File != "a.py" || len(f.Others) != 1 || f.Others[0] != "b.py" || f.Message != "is not listed in RECORD (and 1 more like this)") {
			t.Errorf("%+v", f)
		}
	}
}

// TestAbsentBesideTwice: a member that is there twice does not make up for a row without
// a file.
func TestAbsentBesideTwice(t *testing.T) {
	record := recordOf("a.py", "x") + "gone.py,,\n"
	data := stored(t, "a.py", "x", "a.py", "x", "demo-1.0.dist-info/RECORD", record)
	if got := found(t, data, false); !strings.Contains(got, "WT437 gone.py is listed in RECORD, but the wheel does not have it") {
		t.Error(got)
	}
}
