package finding

import (
	"fmt"
	"strings"
)

// Selection says which rules a run reports and how severe each one is. The zero
// value reports every rule with the severity of the catalogue.
//
// Each entry is the id or name of a rule, or a prefix of ids such as "WT4". Of
// several entries that fit a rule the longest one decides.
type Selection struct {
	Select   []string            // only these; empty means all
	Ignore   []string            // not these
	Severity map[string]Severity // in place of the default
}

// Check reports an entry that fits no rule, or that tries to silence a rule that
// leaves verdicts open.
func (s Selection) Check() error {
	for _, list := range [][]string{s.Select, s.Ignore} {
		for _, entry := range list {
			if !fitsAny(entry) {
				return fmt.Errorf("no rule is called %q and no rule id starts with it; 'wheeltag rules' lists them", entry)
			}
		}
	}
	for entry := range s.Severity {
		if !fitsAny(entry) {
			return fmt.Errorf("no rule is called %q and no rule id starts with it; 'wheeltag rules' lists them", entry)
		}
	}
	for _, entry := range s.Ignore {
		if r, ok := Lookup(entry); ok && r.Undecided {
			return fmt.Errorf("%s cannot be ignored: what cannot be read cannot be judged", r.ID)
		}
	}
	return nil
}

func fitsAny(entry string) bool {
	for r := range Rules() {
		if r.fits(entry) > 0 {
			return true
		}
	}
	return false
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

func longest(r Rule, entries []string) int {
	best := 0
	for _, entry := range entries {
		best = max(best, r.fits(entry))
	}
	return best
}

// Enabled reports whether a run looks at a rule. Rules that leave verdicts open
// are always on.
func (s Selection) Enabled(r Rule) bool {
	if r.Undecided {
		return true
	}
	on, off := longest(r, s.Select), longest(r, s.Ignore)
	return off < on || off == 0 && len(s.Select) == 0
}

// SeverityOf returns the severity of a rule in this run.
func (s Selection) SeverityOf(r Rule) Severity {
	best, severity := 0, r.Severity
	for entry, chosen := range s.Severity {
		if n := r.fits(entry); n > best && !r.Undecided {
			best, severity = n, chosen
		}
	}
	return severity
}
