package finding

import (
	"fmt"
	"path"
	"slices"
	"time"
)

// Allowance accepts findings of a rule, for a reason and, if it has a last day, until
// then.
type Allowance struct {
	Rule string // its id
	// Globs as in package path; empty fits everything. Project is matched
	// with the normalised project name, Symbol with every symbol of a finding.
	Project, Library, Symbol, File string
	Reason                         string
	Expires                        time.Time // the last day, UTC; zero for none
	From                           string    // where it is written, such as "wheeltag.toml:3"
}

// grace is how long a finding is a warning after its allowance expired.
const grace = 30 * 24 * time.Hour

// Allowed is an accepted finding and the reason.
type Allowed struct {
	Finding
	Reason  string `json:"reason"`
	Expires string `json:"expires,omitempty"` // the last day, if there is one
}

// Apply splits the findings of a wheel of a project into those that stay and
// those that allowances accept. A finding with an expired allowance stays, as a
// warning for thirty days, and says so.
func Apply(allowances []Allowance, findings []Finding, project string, today time.Time) (kept []Finding, allowed []Allowed) {
	for _, f := range findings {
		a, ok := covering(allowances, f, project)
		if !ok {
			kept = append(kept, f)
			continue
		}
		if a.Expires.IsZero() {
			allowed = append(allowed, Allowed{Finding: f, Reason: a.Reason})
			continue
		}
		day, after := a.Expires.Format(time.DateOnly), a.after(today)
		if after < 0 {
			allowed = append(allowed, Allowed{f, a.Reason, day})
			continue
		}
		f.Message += fmt.Sprintf(" (its allowance expired on %s)", day)
		if after < grace {
			f.Severity = min(f.Severity, Warning)
		}
		kept = append(kept, f)
	}
	return kept, allowed
}

// after returns how long ago the last day ended; negative before that.
func (a *Allowance) after(now time.Time) time.Duration { return now.Sub(a.Expires.AddDate(0, 0, 1)) }

// Expired reports whether the last day is over.
func (a *Allowance) Expired(now time.Time) bool { return !a.Expires.IsZero() && a.after(now) >= 0 }

// IsAbout reports whether an allowance is for a project.
func (a *Allowance) IsAbout(project string) bool { return matches(a.Project, project) }

// covering finds, of the allowances for a finding, the one that expires last.
func covering(allowances []Allowance, f Finding, project string) (best Allowance, ok bool) {
	if rule, _ := Lookup(f.Rule); rule.Undecided {
		return best, false
	}
	for _, a := range allowances {
		if !a.Covers(f, project) {
			continue
		}
		if !ok || !best.Expires.IsZero() && (a.Expires.IsZero() || a.Expires.After(best.Expires)) {
			best, ok = a, true
		}
	}
	return best, ok
}

// Covers reports whether an allowance is for a finding in a wheel of a project, whatever
// the day.
func (a *Allowance) Covers(f Finding, project string) bool {
	if a.Rule != f.Rule || !matches(a.Project, project) || !matches(a.Library, f.Library) || !matches(a.File, f.File) {
		return false
	}
	if a.Symbol == "" {
		return true
	}
	return len(f.Symbols) > 0 && !slices.ContainsFunc(f.Symbols, func(s string) bool { return !matches(a.Symbol, s) })
}

// matches reports whether a glob, empty for everything, matches.
func matches(glob, text string) bool {
	if glob == "" {
		return true
	}
	ok, _ := path.Match(glob, text)
	return ok
}
