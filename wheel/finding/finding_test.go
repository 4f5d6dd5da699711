package finding

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestCatalogue: each rule is complete, the ids ascend, and no name is there twice.
func TestCatalogue(t *testing.T) {
	last, names := "", map[string]bool{}
	for r := range Rules() {
		if r.ID <= last || names[r.Name] {
			t.Errorf("%s %s: out of order or there twice", r.ID, r.Name)
		}
		last, names[r.Name] = r.ID, true
		if r.Title == "" || r.Why == "" || r.Fix == "" || r.Severity == 0 || r.Since == "" {
			t.Errorf("%s is incomplete: %+v", r.ID, r)
		}
		if !slices.Contains([]Category{CategoryName, CategoryLoading, CategoryArchive, CategoryMetadata, CategoryUpload, CategoryIndex, CategoryRelease}, r.Category) {
			t.Errorf("%s: unknown category %q", r.ID, r.Category)
		}
		if r.Undecided != slices.Contains([]string{"WT206", "WT410"}, r.ID) {
			t.Errorf("%s: undecided %v", r.ID, r.Undecided)
		}
		for _, word := range []string{r.ID, strings.ToLower(r.ID), r.Name} {
			if found, ok := Lookup(word); !ok || found.ID != r.ID {
				t.Errorf("Lookup(%q): %v, %v", word, found.ID, ok)
			}
		}
	}
	if _, ok := Lookup("WT2"); ok {
		t.Error("a prefix is taken for a rule")
	}
}

func TestParseRulesRefuses(t *testing.T) {
	for _, text := range []string{"WT999", "WT999 dire consequences", "WT999 error", "why: nothing", "noise", "WT999 error x\ncolour: red"} {
		if _, err := parseRules(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestSeverity(t *testing.T) {
	if !(Note < Warning && Warning < Error) {
		t.Error("severities are out of order")
	}
	for _, s := range []Severity{Note, Warning, Error} {
		text, err := json.Marshal(Finding{Severity: s})
		var f Finding
		if err != nil || json.Unmarshal(text, &f) != nil || f.Severity != s || !strings.Contains(string(text), `"`+s.String()+`"`) {
			t.Errorf("%v through JSON: %s, %v", s, text, f.Severity)
		}
	}
	if s, err := ParseSeverity("fatal"); s != 0 || err == nil || err.Error() != `unknown severity "fatal"; want note, warning or error` {
		t.Errorf("fatal: %v, %v", s, err)
	}
	if err := json.Unmarshal([]byte(`{"severity":"fatal"}`), new(Finding)); err == nil {
		t.Error("fatal is read as a severity")
	}
}

// TestJudge: unknown outranks fail, wherever it comes in the list.
func TestJudge(t *testing.T) {
	note, warning, fault, open := Finding{Rule: "WT210", Severity: Note}, Finding{Rule: "WT212", Severity: Warning}, Finding{Rule: "WT201", Severity: Error}, Finding{Rule: "WT206", Severity: Error}
	for _, c := range []struct {
		findings []Finding
		failing  Severity
		want     Verdict
	}{
		{nil, Error, Pass}, {[]Finding{note, warning}, Error, Pass}, {[]Finding{note, warning}, Warning, Fail}, {[]Finding{note}, Warning, Pass},
		{[]Finding{warning, fault}, Error, Fail}, {[]Finding{fault, open}, Error, Unknown}, {[]Finding{open, fault}, Error, Unknown}, {[]Finding{open}, Error, Unknown},
	} {
		if got := Judge(c.findings, c.failing); got != c.want {
			t.Errorf("%+v at %v: %s, want %s", c.findings, c.failing, got, c.want)
		}
	}
}

func TestSelection(t *testing.T) {
	for _, c := range []struct {
		what      string
		selection Selection
		on, off   string
	}{
		{"everything by default", Selection{}, "WT101 WT201 WT401", ""},
		{"only a group", Selection{Select: []string{"WT4"}}, "WT401 WT402 WT206", "WT101 WT201"},
		{"all but a group", Selection{Ignore: []string{"WT4"}}, "WT101 WT201", "WT401 WT402"},
		{"all but one of a group", Selection{Select: []string{"wt4"}, Ignore: []string{"WT402"}}, "WT401", "WT402 WT201"},
		{"one of an ignored group", Selection{Select: []string{"WT402"}, Ignore: []string{"WT4"}}, "WT402", "WT401 WT201"},
		{"the same entry twice", Selection{Select: []string{"WT402"}, Ignore: []string{"WT402"}}, "", "WT402"},
		{"by name", Selection{Ignore: []string{"hardening"}}, "WT216", "WT217"},
		{"nothing silences what leaves a verdict open", Selection{Ignore: []string{"WT"}}, "WT206", "WT201 WT101"},
	} {
		for want, ids := range map[bool]string{true: c.on, false: c.off} {
			for _, id := range strings.Fields(ids) {
				r, _ := Lookup(id)
				if got := c.selection.Decide(r, "", "").By == ""; got != want {
					t.Errorf("%s: %s is enabled: %v", c.what, id, got)
				}
			}
		}
	}
	s := Selection{Severity: map[string]Severity{"WT4": Note, "WT402": Error, "hardening": Warning, "WT2": Warning, "WT206": Note}}
	for id, want := range map[string]Severity{"WT401": Note, "WT402": Error, "WT217": Warning, "WT201": Warning, "WT206": Error, "WT101": Error} {
		r, _ := Lookup(id)
		if got := s.Decide(r, "", "").Severity; got != want {
			t.Errorf("%s is %v, want %v", id, got, want)
		}
	}
}

func TestSelectionCheck(t *testing.T) {
	for _, s := range []Selection{{}, {Select: []string{"WT", "wt201", "WT4", "hardening"}}, {Ignore: []string{"WT2", "WT217", "Bad-Name"}}, {Severity: map[string]Severity{"WT217": Error}}} {
		if err := s.Check(); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for want, s := range map[string]Selection{
		`no rule is called "WT9" and no rule id starts with it; 'wheeltag rules' lists them`:                             {Select: []string{"WT9"}},
		`no rule is called "harden" and no rule id starts with it; did you mean hardening?; 'wheeltag rules' lists them`: {Ignore: []string{"harden"}},
		`no rule is called "W" and no rule id starts with it; 'wheeltag rules' lists them`:                               {Severity: map[string]Severity{"W": Note}},
		"WT206 cannot be ignored: what cannot be read cannot be judged":                                                  {Ignore: []string{"WT4", "unreadable-binary"}},
	} {
		if err := s.Check(); err == nil || err.Error() != want {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestApply(t *testing.T) {
	allowances := []Allowance{
		{Rule: "WT202", Project: "torch*", Library: "libcuda.so.*", Reason: "the driver comes with the machine", Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)},
		{Rule: "WT206", Reason: "never read", Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)},
		{Rule: "WT201", File: "[", Reason: "not a pattern", Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)},
		{Rule: "WT203", Symbol: "inflate_*", File: "demo/*", Reason: "tested", Expires: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)},
	}
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateTime, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	cuda := Finding{Rule: "WT202", Severity: Error, File: "torch/lib/x.so", Library: "libcuda.so.1", Message: "m"}
	zlib := Finding{Rule: "WT203", Severity: Error, File: "demo/x.so", Symbols: []string{"inflate_fast"}, Message: "m"}
	for _, c := range []struct {
		what, project, today string
		finding              Finding
		allowed              bool
		severity             Severity
		expired              bool
	}{
		{"in time", "torch", "2026-11-21 00:00:00", cuda, true, 0, false},
		{"on the last day", "torch", "2027-01-31 23:59:59", cuda, true, 0, false},
		{"the day after", "torch", "2027-02-01 00:00:00", cuda, false, Warning, true},
		{"within a month", "torch", "2027-03-02 23:59:59", cuda, false, Warning, true},
		{"after a month", "torch", "2027-03-03 00:00:00", cuda, false, Error, true},
		{"another project", "numpy", "2026-11-21 00:00:00", cuda, false, Error, false},
		{"symbols, long expired", "demo", "2026-11-21 00:00:00", zlib, false, Error, true},
		{"symbols, in time", "demo", "2026-01-01 00:00:00", zlib, true, 0, false},
	} {
		kept, allowed := Apply(allowances, []Finding{c.finding}, c.project, day(c.today))
		if (len(allowed) == 1) != c.allowed || len(kept)+len(allowed) != 1 {
			t.Errorf("%s: kept %d, allowed %d", c.what, len(kept), len(allowed))
			continue
		}
		if !c.allowed && (kept[0].Severity != c.severity || strings.Contains(kept[0].Message, "expired") != c.expired) {
			t.Errorf("%s: %+v", c.what, kept[0])
		}
	}
	for what, f := range map[string]Finding{
		"another rule":       {Rule: "WT201", Library: "libcuda.so.1"},
		"another library":    {Rule: "WT202", Library: "libfoo.so.1"},
		"another file":       {Rule: "WT203", File: "x.so", Symbols: []string{"inflate_fast"}},
		"one symbol is not":  {Rule: "WT203", File: "demo/x.so", Symbols: []string{"inflate_fast", "other"}},
		"no symbols":         {Rule: "WT203", File: "demo/x.so"},
		"an unreadable file": {Rule: "WT206", File: "demo/x.so"},
	} {
		if kept, _ := Apply(allowances, []Finding{f}, "torch", day("2026-01-01 00:00:00")); len(kept) != 1 || strings.Contains(kept[0].Message, "expired") {
			t.Errorf("%s is allowed", what)
		}
	}
}

// TestApplyAll: each finding is judged for itself, and the order stays.
func TestApplyAll(t *testing.T) {
	day := time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC)
	list := []Allowance{{Rule: "WT202", File: "*.so", Reason: "known", Expires: day}, {Rule: "WT203", Expires: day.AddDate(0, 0, -1)}}
	kept, allowed := Apply(list, []Finding{
		{Rule: "WT201", Message: "a"}, {Rule: "WT202", File: "b.so", Message: "b"}, {Rule: "WT203", Severity: Error, Message: "c"}, {Rule: "WT202", File: "d.so", Message: "d"}, {Rule: "WT202", Message: "e"},
	}, "demo", day)
	if len(kept) != 3 || kept[0].Message != "a" || kept[1].Message != "c (its allowance expired on 2027-01-04)" || kept[1].Severity != Warning || kept[2].Message != "e" {
		t.Errorf("kept %+v", kept)
	}
	if len(allowed) != 2 || allowed[0].Message != "b" || allowed[1].Message != "d" || allowed[1].Reason != "known" || allowed[1].Expires != "2027-01-05" {
		t.Errorf("allowed %+v", allowed)
	}
}

// TestSet: a check names its rule by id or name, and a wrong one is its fault.
func TestSet(t *testing.T) {
	f := Finding{Message: "m", Severity: Error}
	if f.Set("hardening"); f.Rule != "WT217" || f.Severity != Note || f.Message != "m" {
		t.Errorf("%+v", f)
	}
	defer func() {
		if got := recover(); got != "finding: no rule is called WT2" {
			t.Errorf("%v", got)
		}
	}()
	f.Set("WT2")
}

// TestLongestAllowance: of several allowances for a finding the one that expires
// last counts, wherever it is in the list.
func TestLongestAllowance(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2027, 1, n, 0, 0, 0, 0, time.UTC) }
	short, long := Allowance{Rule: "WT202", Reason: "short", Expires: day(1)}, Allowance{Rule: "WT202", Reason: "long", Expires: day(9)}
	for _, list := range [][]Allowance{{short, long}, {long, short}} {
		_, allowed := Apply(list, []Finding{{Rule: "WT202", Severity: Error}}, "demo", day(5))
		if len(allowed) != 1 || allowed[0].Reason != "long" || allowed[0].Expires != "2027-01-09" {
			t.Errorf("%+v", allowed)
		}
	}
}

// TestExpiredNote: an expired allowance never makes a finding more severe.
func TestExpiredNote(t *testing.T) {
	list := []Allowance{{Rule: "WT217", Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}}
	kept, _ := Apply(list, []Finding{{Rule: "WT217", Severity: Note}}, "demo", time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC))
	if len(kept) != 1 || kept[0].Severity != Note {
		t.Errorf("%+v", kept)
	}
}
