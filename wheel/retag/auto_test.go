package retag

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// fixture is a wheel of this repository.
func fixture(t *testing.T, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "testdata", pattern))
	if err != nil || len(paths) != 1 {
		t.Fatal(pattern, paths, err)
	}
	return paths[0]
}

// TestAuto: the tags that the native code qualifies for, with their older names.
func TestAuto(t *testing.T) {
	for pattern, want := range map[string]string{
		"wheels-bad/toonew-*_x86_64.whl":        "toonew-1.0-cp311-cp311-manylinux_2_34_x86_64.whl",
		"wheels-bad/glibcinmusl-*.whl":          "glibcinmusl-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
		"wheels-bad/anyelf-*.whl":               "anyelf-1.0-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
		"wheels-bad/external-*.whl":             "external-1.0-cp311-cp311-linux_x86_64.whl",
		"wheels/demo_exe-*.whl":                 "demo_exe-1.0-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.musllinux_1_1_x86_64.whl",
		"wheels/demo_new-*_2_34_x86_64.whl":     "demo_new-1.0-cp311-cp311-manylinux_2_34_x86_64.whl",
		"wheels/demo_pure-1.0-py3-none-any.whl": pure[:4] + "_pure" + pure[4:],
		"wheels-bad/garbage-*.whl":              "",
		"wheels-bad/softfloat-*.whl":            "",
	} {
		out, err := File(t.Context(), fixture(t, pattern), t.TempDir(), Options{Platform: Auto})
		var refusal *Refusal
		switch {
		case want == "":
			if !errors.As(err, &refusal) || refusal.Code != CodeTags {
				t.Errorf("%s: %v", pattern, err)
			}
		case err != nil || out.Filename != want:
			t.Errorf("%s: %v, %v; want %s", pattern, out, err, want)
		}
	}
}

// TestUnsupported: tags that the code does not keep, each refused without force.
func TestUnsupported(t *testing.T) {
	for _, c := range []struct {
		pattern, rule string
		o             Options
	}{
		{"wheels/demo_new-*_2_34_x86_64.whl", "WT201", Options{Platform: "manylinux_2_33_x86_64"}},
		{"wheels/demo_new-*_2_34_x86_64.whl", "", Options{Platform: "manylinux_2_35_x86_64"}},
		{"wheels/demo_new-*_2_34_x86_64.whl", "WT204", Options{Platform: "manylinux_2_34_aarch64"}},
		{"wheels/demo_new-*_2_34_x86_64.whl", "WT205", Options{Platform: "musllinux_1_2_x86_64"}},
		{"wheels/demo_new-*_2_34_x86_64.whl", "WT209", Options{Platform: "any"}},
		{"wheels/demo_new-*_2_34_x86_64.whl", "WT301", Options{Python: "cp312", ABI: "cp312"}},
		{"wheels/demo_abi3-*.whl", "", Options{Python: "cp39"}},
	} {
		out, err := File(t.Context(), fixture(t, c.pattern), t.TempDir(), c.o)
		var refusal *Refusal
		if c.rule == "" {
			if err != nil {
				t.Errorf("%+v: %v", c.o, err)
			}
			continue
		}
		if !errors.As(err, &refusal) || refusal.Code != CodeAudit || !slices.ContainsFunc(refusal.Findings, func(f finding.Finding) bool { return f.Rule == c.rule }) || !strings.Contains(err.Error(), refusal.Findings[0].Rule) {
			t.Errorf("%+v: %v, %v; want %s", c.o, out, err, c.rule)
		}
		c.o.Force = true
		if _, err := File(t.Context(), fixture(t, c.pattern), t.TempDir(), c.o); err != nil {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}

// TestAllowances: errors that an allowance accepts until a day, and rules that are ignored.
func TestAllowances(t *testing.T) {
	path := fixture(t, "wheels-bad/execstack-*.whl")
	allowed := []finding.Allowance{{Rule: "WT208", Reason: "tested", Expires: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}}
	for _, c := range []struct {
		o    Options
		want bool
	}{
		{Options{}, false},
		{Options{Audit: audit.Options{Selection: finding.Selection{Ignore: []string{"WT208"}}}}, true},
		{Options{Allowances: allowed, Audit: audit.Options{Today: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)}}, true},
		{Options{Allowances: allowed, Audit: audit.Options{Today: time.Date(2027, 2, 3, 0, 0, 0, 0, time.UTC)}}, false},
	} {
		if _, err := File(t.Context(), path, t.TempDir(), c.o); (err == nil) != c.want {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}

// TestRepairsOf: which tags a repair gives, by what an audit found.
func TestRepairsOf(t *testing.T) {
	for pattern, want := range map[string]string{
		"wheels-bad/toonew-*_x86_64.whl":    "manylinux_2_34_x86_64",
		"wheels-bad/wrongmachine-*.whl":     "manylinux2014_aarch64.manylinux_2_17_aarch64",
		"wheels-bad/external-*.whl":         "", // linux_x86_64 is no repair
		"wheels-bad/execstack-*.whl":        "",
		"wheels-bad/tagmismatch-*.whl":      "",
		"wheels-bad/garbage-*.whl":          "",
		"wheels/demo_new-*_2_34_x86_64.whl": "",
	} {
		r, err := audit.File(t.Context(), fixture(t, pattern))
		if err != nil {
			t.Fatal(err)
		}
		if got := Repairs(r); got.Platform != want {
			t.Errorf("%s: %q; want %q", pattern, got.Platform, want)
		}
	}
	if Repaired([]Change{{Kind: KindName}}) || !Repaired([]Change{{Kind: KindName}, {Kind: KindRecord}}) || Repaired(nil) {
		t.Error("Repaired")
	}
}
