package audit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// TestFreeStableABI: names and modules for abi3t, and those next to them.
func TestFreeStableABI(t *testing.T) {
	exporting := func(names ...string) []byte {
		return elftest.Spec{Exported: names, BindNow: true}.Bytes()
	}
	const early = " the stable ABI abi3t begins with CPython 3.15; the name is for older ones"
	const lacks = " does not export PyModExport_m, by which modules for abi3t are loaded"
	for _, c := range []struct {
		what, tag, file string
		content         []byte
		want            string
	}{
		{"as it should be", "cp315-abi3.abi3t", "demo/m.abi3t.so", exporting("PyModExport_m"), ""},
		{"abi3t alone", "cp315-abi3t", "demo/m.abi3t.so", exporting("PyInit_m", "PyModExport_m"), ""},
		{"a later Python", "cp316-abi3t", "demo/m.abi3t.so", exporting("PyModExport_m"), ""},
		{"two Pythons", "cp314.cp315-abi3.abi3t", "demo/m.abi3t.so", exporting("PyModExport_m"), ""},
		{"letters of other scripts", "cp315-abi3t", "demo/m\u00fcnchen.abi3t.so", exporting("PyModExportU_mnchen_3ya"), ""},
		{"for an older Python", "cp314-abi3t", "demo/m.abi3t.so", exporting("PyModExport_m"), early},
		{"with abi3, for an older Python", "cp312-abi3.abi3t", "demo/m.abi3.so", exporting("PyInit_m"), early},
		{"only the older function", "cp315-abi3t", "demo/m.abi3t.so", exporting("PyInit_m"), "demo/m.abi3t.so" + lacks},
		{"of another name", "cp315-abi3t", "demo/m.abi3t.so", exporting("PyModExport_n"), "demo/m.abi3t.so" + lacks},
		{"the older ABI", "cp315-abi3", "demo/m.abi3.so", exporting("PyInit_m"), ""},
		{"a library next to it", "cp315-abi3t", "demo.libs/libm.so.1", exporting("f"), ""},
	} {
		w := wheelOf(t, map[string][]byte{c.file: c.content})
		o := Options{Selection: finding.Selection{Select: []string{"WT304"}}}
		r, err := New(o).Wheel(t.Context(), bytes.NewReader(w), int64(len(w)), "demo-1.0-"+c.tag+"-linux_x86_64.whl")
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, f := range r.Findings {
			if f.Rule == "WT304" {
				lines = append(lines, f.File+" "+f.Message)
			}
		}
		if got := strings.Join(lines, "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestUnreadableDirectory: an archive with an end record and without a directory is one
// whose verdict is unknown; what is no archive has no answer.
func TestUnreadableDirectory(t *testing.T) {
	data := demoArchive().bytes()
	at := bytes.Index(data, []byte("PK\x01\x02"))
	damaged := bytes.Clone(data)
	damaged[at] = 'x'
	r, err := New(Options{Selection: finding.Selection{Ignore: []string{"WT"}}}).Wheel(t.Context(), bytes.NewReader(damaged), int64(len(damaged)), "demo-1.0-py3-none-any.whl")
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict != finding.Unknown || len(r.Findings) != 1 || r.Findings[0].Rule != "WT410" || r.PlatformTag != "" || len(r.Claimed) != 1 || r.Auditwheel != nil {
		t.Errorf("%+v", r)
	}
	if answer, _, err := r.Qualifies("manylinux_2_28", nil); answer != manylinux.Unknown || err != nil {
		t.Errorf("%s, %v", answer, err)
	}
	if r, err := New(Options{}).Wheel(t.Context(), bytes.NewReader(data), int64(len(data)), "demo-1.0-py3-none-any.whl"); err != nil || r.Verdict != finding.Pass {
		t.Errorf("not damaged: %+v, %v", r, err)
	}
	for _, text := range []string{"", "text", string(data[:at])} {
		if r, err := New(Options{}).Wheel(t.Context(), strings.NewReader(text), int64(len(text)), "demo-1.0-py3-none-any.whl"); err == nil {
			t.Errorf("%.10q: %+v", text, r)
		}
	}
}
