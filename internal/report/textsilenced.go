package report

import (
	"fmt"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// silenced says how many findings the selection of rules took out, and what in it did: a
// paragraph for each of its entries.
func (t *text) silenced(list []finding.Silenced) {
	for i, s := range list {
		if i > 0 && bySame(list[:i], s.By) {
			continue
		}
		count, rules := 0, []string(nil)
		for _, other := range list[i:] {
			if other.By == s.By {
				count += other.Count
				rules = append(rules, other.Rule)
			}
		}
		what := "finding"
		if count > 1 {
			what = "findings"
		}
		t.print(column, fmt.Sprintf("%d %s (%s) silenced by %s", count, what, Some(rules), s.By))
	}
}

func bySame(list []finding.Silenced, by string) bool {
	for _, s := range list {
		if s.By == by {
			return true
		}
	}
	return false
}
