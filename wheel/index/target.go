package index

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

// Fits reports whether an installer on the target may take the file. Every source
// distribution may be tried.
func (i *Item) Fits(t *tags.Target) bool {
	return !i.IsWheel || i.refusal(t) == nil
}

// refusal gives the reason why an installer refuses a wheel, or nil.
func (i *Item) refusal(t *tags.Target) *tags.Reason {
	if reason := wheel.Fit(t, &i.name, i.RequiresPython); reason != nil {
		return reason
	}
	_, reason := wheel.RankVariant(t, &i.name, i.release)
	return reason
}

// CheckTargets finds the offered wheels that none of the targets accepts.
func (c *Collection) CheckTargets(targets []*tags.Target) {
	for _, i := range c.Items {
		if !i.Offered || !i.IsWheel {
			continue
		}
		reasons := make([]tags.Reason, 0, len(targets))
		for t := range targets {
			reason := i.refusal(targets[t])
			if reason == nil {
				break
			}
			reasons = append(reasons, *reason)
		}
		if len(targets) > 0 && len(reasons) == len(targets) {
			i.find(FoundNoTarget, "%s", refusal(reasons))
		}
	}
}

// refusal summarises the reasons of all targets, the most common first.
func refusal(reasons []tags.Reason) string {
	if len(reasons) == 1 {
		return reasons[0].Message
	}
	count := map[string]int{}
	var codes []string
	for _, r := range reasons {
		code := string(r.Code)
		if count[code]++; count[code] == 1 {
			codes = append(codes, code)
		}
	}
	slices.SortStableFunc(codes, func(a, b string) int { return count[b] - count[a] })
	for at, code := range codes {
		codes[at] = fmt.Sprintf("%d for %s", count[code], code)
	}
	return fmt.Sprintf("not accepted by any of the %d targets: %s", len(reasons), strings.Join(codes, ", "))
}
