package finding

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// upload is a rule about uploads.
var upload = Rule{ID: "WT501", Name: "some-upload", Severity: Error}

// decided is a decision in words: "off" with what silences, or the severity.
func decided(t *testing.T, s Selection, id, file, project string) string {
	t.Helper()
	r, ok := Lookup(id)
	if id == upload.ID {
		r = upload
	} else if !ok {
		t.Fatalf("no rule %s", id)
	}
	d := s.Decide(r, file, project)
	if d.By != "" {
		return "off: " + d.By
	}
	return d.Severity.String()
}

// TestDecide: what decides within one selection, and of several over each other.
func TestDecide(t *testing.T) {
	over := func(list ...Selection) Selection {
		s := list[0]
		s.Over = list[1:]
		return s
	}
	severe := func(entry string, s Severity) map[string]Severity { return map[string]Severity{entry: s} }
	for _, c := range []struct {
		what     string
		s        Selection
		id, want string
	}{
		{"nothing", Selection{}, "WT202", "error"},
		{"ignored", Selection{Ignore: []string{"WT2"}}, "WT202", "off: ignore WT2"},
		{"the longest entry is named", Selection{Ignore: []string{"WT2", "WT202", "WT20"}}, "WT202", "off: ignore WT202"},
		{"of entries as long the first is named", Selection{Ignore: []string{"WT217", "hardening"}}, "WT217", "off: ignore WT217"},
		{"with the name of the list", Selection{Ignore: []string{"WT2"}, From: map[string]string{"ignore": "--ignore"}}, "WT202", "off: --ignore WT2"},
		{"not selected", Selection{Select: []string{"WT4", "WT1"}}, "WT202", "off: select WT4,WT1"},
		{"selected more exactly than ignored", Selection{Select: []string{"WT202"}, Ignore: []string{"WT2"}}, "WT202", "error"},
		{"ignored as exactly as selected", Selection{Select: []string{"WT2"}, Ignore: []string{"WT2"}}, "WT202", "off: ignore WT2"},
		{"a severity more exact than the ignoring", Selection{Ignore: []string{"WT2"}, Severity: severe("WT202", Warning)}, "WT202", "warning"},
		{"a severity as exact", Selection{Ignore: []string{"WT2"}, Severity: severe("WT2", Warning)}, "WT202", "off: ignore WT2"},
		{"a severity does not select", Selection{Select: []string{"WT4"}, Severity: severe("WT202", Warning)}, "WT202", "off: select WT4"},
		{"of two severities as exact the higher", Selection{Severity: map[string]Severity{"WT217": Warning, "hardening": Error}}, "WT217", "error"},
		{"of two severities the more exact", Selection{Severity: map[string]Severity{"WT2": Error, "WT21": Warning}}, "WT217", "warning"},
		{"what cannot be read is reported as it is", Selection{Select: []string{"WT4"}, Ignore: []string{"WT206"}, Severity: severe("WT2", Note)}, "WT206", "error"},

		{"ignored above", over(Selection{Select: []string{"WT202"}}, Selection{Ignore: []string{"WT2"}}), "WT202", "off: ignore WT2"},
		{"selected above what was ignored", over(Selection{Ignore: []string{"WT202"}}, Selection{Select: []string{"WT2"}}), "WT202", "error"},
		{"selected above what was selected", over(Selection{Select: []string{"WT202"}}, Selection{Select: []string{"WT4"}}), "WT202", "off: select WT4"},
		{"a severity above brings back", over(Selection{Ignore: []string{"WT202"}}, Selection{Severity: severe("WT202", Error)}), "WT202", "error"},
		{"one for more rules does not", over(Selection{Ignore: []string{"WT202"}}, Selection{Severity: severe("WT2", Error)}), "WT202", "off: ignore WT202"},
		{"but counts when another brings back", over(Selection{Ignore: []string{"WT2"}}, Selection{Severity: severe("WT2", Note)}), "WT202", "note"},
		{"the last severity counts", over(Selection{Severity: severe("WT202", Note)}, Selection{Severity: severe("WT", Warning)}), "WT202", "warning"},
		{"an ignoring that was lifted has no length left", over(Selection{Ignore: []string{"WT202"}}, Selection{Select: []string{"WT2"}}, Selection{Ignore: []string{"WT2"}}, Selection{Severity: severe("WT2", Error)}), "WT202", "error"},

		{"for this file", over(Selection{}, Selection{File: "a-*.whl", Ignore: []string{"WT2"}}), "WT202", "off: ignore WT2"},
		{"for another file", over(Selection{}, Selection{File: "b-*.whl", Ignore: []string{"WT2"}}), "WT202", "error"},
		{"for this project", over(Selection{}, Selection{Project: "p*", Ignore: []string{"WT2"}}), "WT202", "off: ignore WT2"},
		{"for another project", over(Selection{}, Selection{Project: "q", Ignore: []string{"WT2"}}), "WT202", "error"},
		{"for this file of another project", over(Selection{}, Selection{Project: "q", File: "a-*", Ignore: []string{"WT2"}}), "WT202", "error"},
		{"inside of what is for another project", over(Selection{}, over(Selection{Project: "q"}, Selection{Ignore: []string{"WT2"}})), "WT202", "error"},

		{"uploads count", Selection{}, "WT501", "error"},
		{"uploads to PyPI", Selection{Index: PyPI()}, "WT501", "error"},
		{"no uploads", Selection{Index: NoIndex()}, "WT501", "off: index none"},
		{"no uploads, but other rules", Selection{Index: NoIndex()}, "WT202", "error"},
		{"uploads to an index without the rule", Selection{Index: Index{"acme", []string{"WT502"}}, From: map[string]string{"index": "--index"}}, "WT501", "off: --index acme"},
		{"uploads to an index with the rule", Selection{Index: Index{"acme", []string{"wt501"}}}, "WT501", "error"},
		{"an index above", over(Selection{Index: NoIndex()}, Selection{Index: PyPI()}), "WT501", "error"},
		{"no uploads above", over(Selection{Index: PyPI()}, Selection{Index: NoIndex()}), "WT501", "off: index none"},
		{"all rules is not about uploads", Selection{Index: NoIndex(), Select: []string{"WT"}}, "WT501", "off: index none"},
		{"all rules above is not either", over(Selection{Index: NoIndex()}, Selection{Select: []string{"WT"}, Severity: severe("WT", Error)}), "WT501", "off: index none"},
		{"all about uploads is", Selection{Index: NoIndex(), Select: []string{"WT5"}}, "WT501", "error"},
		{"a severity of the rule is", over(Selection{Index: NoIndex()}, Selection{Severity: severe("some-upload", Warning)}), "WT501", "warning"},
		{"no uploads above what is selected", over(Selection{Select: []string{"WT501"}}, Selection{Index: NoIndex()}), "WT501", "off: index none"},
		{"an ignored rule of the index", Selection{Index: PyPI(), Ignore: []string{"WT501"}}, "WT501", "off: ignore WT501"},
	} {
		for range 20 { // severities are in no order
			if got := decided(t, c.s, c.id, "a-1.whl", "pro"); got != c.want {
				t.Errorf("%s: %s is %q, want %q", c.what, c.id, got, c.want)
				break
			}
		}
	}
}

// TestEntries: what is wrong with entries, each by itself and with its list.
func TestEntries(t *testing.T) {
	s := Selection{
		Select: []string{"WT2", "WT9"}, Ignore: []string{"hardning", "wt410", "WT4"}, Severity: map[string]Severity{"WT206": Warning, "WT410": Error, "": Note, "WT202": Note},
		Index: Index{"acme", []string{"WT5", "wt5", "WT201", "WT", "wt2", "hardening"}}, Over: []Selection{{Ignore: []string{"unreadable-binary"}}},
	}
	var got []string
	joined, ok := s.Check().(interface{ Unwrap() []error })
	if !ok {
		t.Fatal(s.Check())
	}
	for _, err := range joined.Unwrap() {
		var bad *EntryError
		if errors.As(err, &bad) {
			got = append(got, bad.List+" "+bad.Entry+": "+err.Error())
		}
	}
	want := []string{
		`select WT9: no rule is called "WT9" and no rule id starts with it; 'wheeltag rules' lists them`,
		`ignore hardning: no rule is called "hardning" and no rule id starts with it; did you mean hardening?; 'wheeltag rules' lists them`,
		`ignore wt410: WT410 cannot be ignored: what cannot be read cannot be judged`,
		`severity : no rule is called "" and no rule id starts with it; 'wheeltag rules' lists them`,
		`severity WT206: WT206 cannot be made a warning: what cannot be read cannot be judged`,
		`index WT201: WT201 is no rule about uploads, so that it holds for every index; choose from those of WT5, or use select, ignore or severity`,
		`index WT: WT is no rule about uploads, so that it holds for every index; choose from those of WT5, or use select, ignore or severity`,
		`index wt2: wt2 is no rule about uploads, so that it holds for every index; choose from those of WT5, or use select, ignore or severity`,
		`index hardening: hardening is no rule about uploads, so that it holds for every index; choose from those of WT5, or use select, ignore or severity`,
		`ignore unreadable-binary: WT206 cannot be ignored: what cannot be read cannot be judged`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for entry, want := range map[string]string{"hardening": "WT217", "wt217": "WT217", "wt4": "WT4", "Harden": "Harden", "": ""} {
		if got := Canonical(entry); got != want {
			t.Errorf("%q is %q, want %q", entry, got, want)
		}
	}
}

// TestEndlessAllowance: an allowance need not expire, and then counts before all others.
func TestEndlessAllowance(t *testing.T) {
	day := time.Date(2027, 1, 9, 0, 0, 0, 0, time.UTC)
	endless, dated, other := Allowance{Rule: "WT202", Reason: "endless"}, Allowance{Rule: "WT202", Reason: "dated", Expires: day}, Allowance{Rule: "WT202", Reason: "other", Expires: day.AddDate(9, 0, 0)}
	for _, list := range [][]Allowance{{endless}, {endless, dated}, {dated, endless}, {dated, endless, other}, {other, dated, endless}} {
		kept, allowed := Apply(list, []Finding{{Rule: "WT202", Severity: Error}}, "demo", day.AddDate(100, 0, 0))
		if len(kept) != 0 || len(allowed) != 1 || allowed[0].Reason != "endless" || allowed[0].Expires != "" {
			t.Errorf("%+v: %+v, %+v", list, kept, allowed)
		}
	}
	more := []Finding{{Rule: "WT202"}, {Rule: "WT203"}, {Rule: "WT202", File: "b"}}
	if kept, allowed := Apply([]Allowance{endless}, more, "demo", day); len(kept) != 1 || len(allowed) != 2 {
		t.Errorf("%+v, %+v", kept, allowed)
	}
	if endless.Expired(day.AddDate(100, 0, 0)) || dated.Expired(day.AddDate(0, 0, 1).Add(-1)) || !dated.Expired(day.AddDate(0, 0, 1)) {
		t.Error("expired too early or too late")
	}
	about := Allowance{Project: "torch*"}
	if !endless.IsAbout("") || !about.IsAbout("torchvision") || about.IsAbout("numpy") {
		t.Error("an allowance is about another project")
	}
}

// TestRuleSeverity: a finding keeps what the catalogue says.
func TestRuleSeverity(t *testing.T) {
	var f Finding
	if f.Set("hardening"); f.Severity != Note || f.RuleSeverity != Note || f.Rule != "WT217" {
		t.Errorf("%+v", f)
	}
}
