package finding

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/spelling"
)

// EntryError is an entry of a list of rules that cannot count.
type EntryError struct {
	List    string // select, ignore, severity or index
	Entry   string
	Message string
}

func (e *EntryError) Error() string { return e.Message }

// Check reports the entries that fit no rule, and those that try to silence or soften
// a rule that leaves verdicts open. The error joins an [*EntryError] for each.
func (s *Selection) Check() error {
	var faults []error
	for _, list := range []struct {
		name    string
		entries []string
	}{{"select", s.Select}, {"ignore", s.Ignore}, {"severity", slices.Sorted(maps.Keys(s.Severity))}, {"index", s.Index.Rules}} {
		for _, entry := range list.entries {
			if message := s.fault(list.name, entry); message != "" {
				faults = append(faults, &EntryError{list.name, entry, message})
			}
		}
	}
	for i := range s.Over {
		faults = append(faults, s.Over[i].Check())
	}
	return errors.Join(faults...)
}

// fault says what is wrong with an entry, "" if nothing is.
func (s *Selection) fault(list, entry string) string {
	r, _ := Lookup(entry)
	ofIndex := r.IsOfIndex() || strings.HasPrefix(strings.ToUpper(entry), indexGroup)
	switch {
	case list == "index" && strings.EqualFold(entry, indexGroup): // of PyPI
		return ""
	case !fitsAny(entry):
		message := fmt.Sprintf("no rule is called %q and no rule id starts with it", entry)
		if near := spelling.Suggest(strings.ToLower(entry), names()); near != "" {
			message += "; did you mean " + near + "?"
		}
		return message + "; 'wheeltag rules' lists them"
	case r.Undecided && list == "ignore":
		return r.ID + " cannot be ignored: what cannot be read cannot be judged"
	case r.Undecided && list == "severity" && s.Severity[entry] < r.Severity:
		return fmt.Sprintf("%s cannot be made a %s: what cannot be read cannot be judged", r.ID, s.Severity[entry])
	case list == "index" && !ofIndex:
		return fmt.Sprintf("%s is no rule about uploads, so that it holds for every index; choose from those of %s, or use select, ignore or severity", entry, indexGroup)
	}
	return ""
}

func names() []string {
	var list []string
	for r := range Rules() {
		list = append(list, r.Name)
	}
	return list
}

func fitsAny(entry string) bool {
	for r := range Rules() {
		if r.fits(entry) > 0 {
			return true
		}
	}
	return false
}

// Canonical returns an entry of a list of rules in its one form: the id for the name of
// a rule, and a prefix in upper case. What is neither stays as it is.
func Canonical(entry string) string {
	r, ok := Lookup(entry)
	switch {
	case ok:
		return r.ID
	case fitsAny(entry):
		return strings.ToUpper(entry)
	}
	return entry
}
