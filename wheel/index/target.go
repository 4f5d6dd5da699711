package index

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
)

// Target is a target with its Python's patch release, where that is known
// ("3.11.4"), for the sake of Requires-Python.
type Target struct {
	*tags.Target
	PythonVersion string
}

// why gives the reason why a target's installer refuses a wheel, and false when
// it does not.
func (t *Target) why(i *Item) (tags.Reason, bool) {
	if _, fits := t.Rank(&i.name.Tags); !fits {
		reason, _ := t.Explain(&i.name.Tags)
		return reason, true
	}
	return wheel.CheckPython(t.Target, i.RequiresPython, t.PythonVersion)
}

// Takes reports whether an installer on the target may take a file. Every source
// distribution may be tried.
func (t *Target) Takes(i *Item) bool {
	if !i.IsWheel {
		return true
	}
	_, refused := t.why(i)
	return !refused
}

// CheckTargets finds the wheels on offer that none of the targets accepts.
func (c *Collection) CheckTargets(targets []Target) {
	for _, i := range c.Items {
		if !i.Offered || !i.IsWheel {
			continue
		}
		reasons := make([]tags.Reason, 0, len(targets))
		for t := range targets {
			reason, refused := targets[t].why(i)
			if !refused {
				break
			}
			reasons = append(reasons, reason)
		}
		if len(targets) > 0 && len(reasons) == len(targets) {
			i.find(FoundNoTarget, "%s", refusal(reasons))
		}
	}
}

// refusal sums up the reasons of all targets, the most common first.
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
	return fmt.Sprintf("none of the %d targets takes it: %s", len(reasons), strings.Join(codes, ", "))
}
