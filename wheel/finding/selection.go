package finding

import (
	"cmp"
	"strings"
)

// Selection says which rules a run reports and how severe each one is. The zero
// value reports every rule with the severity of the catalogue.
//
// Each entry of a list is the id or name of a rule, or a prefix of ids such as "WT4".
// Within one Selection the longest entry that fits a rule decides, and Ignore wins over
// the others of the same length. Over has further selections, each of which wins over
// what comes before it.
type Selection struct {
	// Project and File are globs as in package path, on the normalised project name
	// and the file name of a wheel; the selection counts for those. "" fits everything.
	Project, File string

	Select   []string            // only these, whatever was selected or ignored below; empty leaves that
	Ignore   []string            // not these
	Severity map[string]Severity // in place of the catalogue's
	Index    Index               // whose rules count; the zero value leaves that

	// From names the lists in [Silenced], such as "ignore" to "--ignore". A list that
	// is not there has its own name.
	From map[string]string

	Over []Selection
}

// Decision is what a selection makes of a rule.
type Decision struct {
	Severity Severity
	By       string // the entry that silences the rule, "" for a rule that is reported
}

// Decide returns what the selection makes of a rule for a file of a project. Rules that
// leave verdicts open are always reported as they are.
func (s *Selection) Decide(r Rule, file, project string) Decision {
	t := trial{rule: r, file: file, project: project, severity: r.Severity}
	if !r.Undecided {
		t.hear(s)
	}
	return Decision{t.severity, cmp.Or(t.ignored, t.unselected, t.offIndex)}
}

// IsFor reports whether the selection counts for a file of a project.
func (s *Selection) IsFor(file, project string) bool {
	return matches(s.File, file) && matches(s.Project, project)
}

// trial is the way to a decision.
type trial struct {
	rule          Rule
	file, project string
	severity      Severity

	// The entries that silence the rule so far.
	ignored, unselected, offIndex string
	// weight is the length of the entry that ignores it.
	weight int
}

// hear takes in one selection and those over it.
func (t *trial) hear(s *Selection) {
	if !s.IsFor(t.file, t.project) {
		return
	}
	if s.Index.Name != "" && t.rule.IsOfIndex() {
		t.offIndex = ""
		if !s.Index.has(t.rule) {
			t.offIndex = s.by("index", s.Index.Name)
		}
	}
	selected, _ := longest(t.rule, s.Select)
	if len(s.Select) > 0 {
		t.ignored, t.unselected, t.weight = "", "", 0
		if selected == 0 {
			t.unselected = s.by("select", strings.Join(s.Select, ","))
		}
	}
	judged, severity := s.severity(t.rule)
	if judged > 0 {
		t.severity = severity
	}
	asked := max(selected, judged)
	if asked >= len(indexGroup) { // not merely because everything was asked for
		t.offIndex = ""
	}
	ignored, entry := longest(t.rule, s.Ignore)
	switch {
	case ignored > 0 && ignored >= asked:
		t.ignored, t.weight = s.by("ignore", entry), ignored
	case judged > 0 && judged >= t.weight: // who calls a rule an error wants to see it
		t.ignored = ""
	}
	for i := range s.Over {
		t.hear(&s.Over[i])
	}
}

// severity returns the severity that the longest entry gives to a rule, the highest of
// several, and its length. A length of 0 means that no entry fits.
func (s *Selection) severity(r Rule) (length int, severity Severity) {
	for entry, chosen := range s.Severity {
		if n := r.fits(entry); n > length || n == length && chosen > severity {
			length, severity = n, chosen
		}
	}
	return length, severity
}

func (s *Selection) by(list, entry string) string {
	return cmp.Or(s.From[list], list) + " " + entry
}

// fits returns how much of the rule's id an entry fixes, 0 when it is another
// rule's.
func (r Rule) fits(entry string) int {
	switch {
	case strings.EqualFold(entry, r.Name):
		return len(r.ID)
	case len(entry) >= len("WT") && len(entry) <= len(r.ID) && strings.EqualFold(entry, r.ID[:len(entry)]):
		return len(entry)
	}
	return 0
}

// longest returns the entry that fixes most of the rule's id.
func longest(r Rule, entries []string) (length int, best string) {
	for _, entry := range entries {
		if n := r.fits(entry); n > length {
			length, best = n, entry
		}
	}
	return length, best
}
