package policyfile

import (
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/wheeltag/wheeltag/manylinux"
)

// Policy is a known policy and what is allowed beyond it.
type Policy struct {
	Name string
	Base string // the known policy at the bottom, such as "manylinux_2_28"

	extends   *Policy
	libraries []string
	versions  []string
	unban     map[string][]string
}

// Policy finds a policy of the file by name.
func (f *File) Policy(name string) (Policy, bool) {
	for _, p := range f.policies {
		if p.Name == name {
			return p, true
		}
	}
	return Policy{}, false
}

// Allows reports whether the policy allows what its base does not.
func (p *Policy) Allows(c manylinux.Cause) bool {
	for ; p != nil; p = p.extends {
		if p.allows(c) {
			return true
		}
	}
	return false
}

func (p *Policy) allows(c manylinux.Cause) bool {
	switch c.Kind {
	case "library":
		return slices.ContainsFunc(p.libraries, func(g string) bool { return matches(g, c.Library) })
	case "version":
		return slices.Contains(p.versions, c.Version)
	case "ban":
		return len(c.Symbols) > 0 && !slices.ContainsFunc(c.Symbols, func(s manylinux.Symbol) bool {
			return !slices.Contains(p.unban[c.Library], s.Name)
		})
	}
	return false
}

// Allowance takes findings out of a report, for a reason and until a day.
type Allowance struct {
	Rule                           string
	Project, Library, Symbol, File string // globs; empty for all
	Reason                         string
	Expires                        time.Time // the last day that it holds
}

// grace is how long findings of an expired allowance are warnings.
const grace = 30 * 24 * time.Hour

// Allowed is a finding that was taken out, and why.
type Allowed struct {
	manylinux.Finding
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

// Apply parts the findings of a wheel. What an allowance covers is allowed; what
// an expired one covered is kept, as a warning at first, and says so.
func (f *File) Apply(findings []manylinux.Finding, project string, today time.Time) (kept []manylinux.Finding, allowed []Allowed) {
	for _, finding := range findings {
		a, ok := f.covering(finding, project)
		if !ok {
			kept = append(kept, finding)
			continue
		}
		day := a.Expires.Format(time.DateOnly)
		after := today.Sub(a.Expires.AddDate(0, 0, 1))
		if after < 0 {
			allowed = append(allowed, Allowed{finding, a.Reason, day})
			continue
		}
		finding.Message += fmt.Sprintf(" (its allowance expired on %s)", day)
		if after < grace && finding.Severity == manylinux.Error {
			finding.Severity = manylinux.Warning
		}
		kept = append(kept, finding)
	}
	return kept, allowed
}

// covering finds the allowance for a finding that holds longest.
func (f *File) covering(finding manylinux.Finding, project string) (best Allowance, ok bool) {
	for _, a := range f.allowances {
		if a.covers(finding, project) && (!ok || a.Expires.After(best.Expires)) {
			best, ok = a, true
		}
	}
	return best, ok && finding.Rule != "WT206"
}

func (a *Allowance) covers(f manylinux.Finding, project string) bool {
	if a.Rule != f.Rule || !matches(a.Project, project) || !matches(a.Library, f.Library) || !matches(a.File, f.File) {
		return false
	}
	if a.Symbol == "" {
		return true
	}
	return len(f.Symbols) > 0 && !slices.ContainsFunc(f.Symbols, func(s string) bool { return !matches(a.Symbol, s) })
}

// matches reports whether a glob, empty for all, matches.
func matches(glob, text string) bool {
	if glob == "" {
		return true
	}
	ok, err := path.Match(glob, text)
	return ok && err == nil
}
