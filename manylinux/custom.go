package manylinux

import (
	"path"
	"slices"
)

// Custom is a policy that allows more than a known one.
type Custom struct {
	Name     string
	Base     string              // the known policy that it extends, such as "manylinux_2_28"
	Extends  *Custom             // the custom policy in between, or nil
	Library  []string            // allowed sonames, as globs of package path
	Versions []string            // allowed symbol versions, such as "GLIBCXX_3.4.25"
	Unban    map[string][]string // by library, the symbols that may be taken after all
}

// Allows reports whether the policy meets a demand that its base does not.
func (c *Custom) Allows(d Demand) bool {
	for ; c != nil; c = c.Extends {
		if c.allows(d) {
			return true
		}
	}
	return false
}

func (c *Custom) allows(d Demand) bool {
	switch d.Kind {
	case KindLibrary:
		return slices.ContainsFunc(c.Library, func(glob string) bool {
			ok, err := path.Match(glob, d.Library)
			return ok && err == nil
		})
	case KindVersion:
		return slices.Contains(c.Versions, d.Version)
	case KindBan:
		return len(d.Symbols) > 0 && !slices.ContainsFunc(d.Symbols, func(s Symbol) bool {
			return !slices.Contains(c.Unban[d.Library], s.Name)
		})
	}
	return false
}

// Qualifies is [Policies.Qualifies] for a custom policy.
func (c *Custom) Qualifies(p *Policies, n Needs) (Answer, []Demand, error) {
	answer, unmet, err := p.Qualifies(n, c.Base)
	left := slices.DeleteFunc(slices.Clone(unmet), c.Allows)
	if answer == No && len(unmet) > 0 && len(left) == 0 {
		answer = Yes
	}
	return answer, left, err
}
