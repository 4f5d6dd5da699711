package cli

import (
	"fmt"
	"slices"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

func rulesCommand() *command {
	return &command{
		name: "rules", summary: "what each finding of an audit means and how to mend it", usage: "[ID...]",
		about: "Lists the rules of audit, or tells of some: what a finding means and what to do. An error fails an audit, a warning does with --strict, a note never.",
		examples: []example{
			{line: "rules", says: "all rules"},
			{line: "rules WT201", says: "one of them"},
		},
		run: func(c *call) error {
			rules := slices.Collect(finding.Rules())
			if len(c.args) > 0 {
				rules = rules[:0]
				for _, id := range c.args {
					r, ok := finding.Lookup(id)
					if !ok {
						return usagef("there is no rule %s; 'wheeltag rules' lists them", id)
					}
					rules = append(rules, r)
				}
			}
			for _, r := range rules {
				if c.json {
					if err := c.writeJSON(struct {
						Schema   string           `json:"schema"`
						ID       string           `json:"id"`
						Severity finding.Severity `json:"severity"`
						Title    string           `json:"title"`
						Means    string           `json:"means"`
						Mend     string           `json:"mend"`
					}{"wheeltag.rules/v1", r.ID, r.Severity, r.Title, r.Why, r.Fix}); err != nil {
						return err
					}
					continue
				}
				if len(c.args) == 0 {
					fmt.Fprintln(c.out, hang(fmt.Sprintf("%s  %-7s  ", r.ID, r.Severity), r.Title))
					continue
				}
				fmt.Fprintf(c.out, "%s (%s): %s\n%s\n%s\n", r.ID, r.Severity, r.Title,
					wrap("What it means: "+r.Why, 80, "  "), wrap("What to do: "+r.Fix, 80, "  "))
			}
			return nil
		},
	}
}
