package audit

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wheeltag/wheeltag/internal/elftest"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// check returns the findings of a subject alone.
func (s *Subject) check() []finding.Finding { return s.ask().findings }

// TestSilenced: what a selection takes out is counted with what took it out, changes no
// other part of the report, and is chosen by the name of the file and the project.
func TestSilenced(t *testing.T) {
	files := map[string][]byte{
		"a.so": elftest.Spec{Needed: []string{"libfoo.so.1", "libc.so.6"}}.Bytes(),
		"b.so": elftest.Spec{Needed: []string{"libfoo.so.1", "libbar.so.1"}}.Bytes(),
	}
	ignore := finding.Selection{Ignore: []string{"WT202"}}
	inTable := func(table finding.Selection) finding.Selection {
		table.Ignore = []string{"WT202"}
		return finding.Selection{Over: []finding.Selection{table}}
	}
	// external is about the libraries from outside alone.
	external := func(r *Report) (shown int, silenced []finding.Silenced) {
		for _, f := range r.Findings {
			if f.Rule == "WT202" {
				shown++
			}
		}
		for _, one := range r.Silenced {
			if one.Rule == "WT202" {
				silenced = append(silenced, one)
			}
		}
		return shown, silenced
	}
	base := audited(t, "manylinux_2_17_x86_64", Options{}, files)
	if shown, silenced := external(base); shown != 3 || silenced != nil {
		t.Fatalf("%d findings, %+v", shown, silenced)
	}
	facts := func(r *Report) string {
		plain := *r
		plain.Findings, plain.Silenced, plain.Verdict = nil, nil, ""
		text, err := json.Marshal(plain)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for what, c := range map[string]struct {
		s      finding.Selection
		reason string // "" for a selection that is for other files
	}{
		"the rule":        {ignore, "ignore WT202"},
		"this file":       {inTable(finding.Selection{File: "demo-1.0-*x86_64.whl"}), "ignore WT202"},
		"this project":    {inTable(finding.Selection{Project: "demo"}), "ignore WT202"},
		"another file":    {inTable(finding.Selection{File: "*aarch64.whl"}), ""},
		"another project": {inTable(finding.Selection{Project: "other"}), ""},
	} {
		r := audited(t, "manylinux_2_17_x86_64", Options{Selection: c.s}, files)
		var want []finding.Silenced
		if c.reason != "" {
			want = []finding.Silenced{{Rule: "WT202", Count: 3, By: c.reason}}
		}
		shown, silenced := external(r)
		if diff := cmp.Diff(want, silenced); diff != "" || shown != 3-3*len(want) {
			t.Errorf("%s: %d findings, silenced (-want +got):\n%s", what, shown, diff)
		}
		if diff := cmp.Diff(facts(base), facts(r)); diff != "" {
			t.Errorf("%s changes what the code needs:\n%s", what, diff)
		}
	}
	r := audited(t, "manylinux_2_17_x86_64", Options{Selection: finding.Selection{Severity: map[string]finding.Severity{"WT202": finding.Note}}}, files)
	for _, f := range r.Findings {
		if f.Rule == "WT202" && (f.Severity != finding.Note || f.RuleSeverity != finding.Error) {
			t.Errorf("%+v", f)
		}
	}
}
