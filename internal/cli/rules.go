package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

func newRules(c *invocation) *cobra.Command {
	cmd := &cobra.Command{
		Use: "rules [ID...]", Short: "what each finding of an audit means and how to mend it",
		Long: "Lists the rules of audit, or tells of some: what a finding means and what to do. An error fails an audit, a warning does with --strict, a note never.",
		Example: `  # all rules
  wheeltag rules
  # one of them
  wheeltag rules WT201`,
		RunE: func(_ *cobra.Command, ids []string) error {
			rules := slices.Collect(finding.Rules())
			if len(ids) > 0 {
				rules = rules[:0]
			}
			for _, id := range ids {
				r, ok := finding.Lookup(id)
				if !ok {
					return usagef("there is no rule %s; 'wheeltag rules' lists them", id)
				}
				rules = append(rules, r)
			}
			return c.showRules(rules, len(ids) > 0)
		},
	}
	c.addFlags(cmd, nil)
	return cmd
}

// ruleRecord is the JSON object of rules.
type ruleRecord struct {
	Schema   string           `json:"schema"`
	ID       string           `json:"id"`
	Severity finding.Severity `json:"severity"`
	Title    string           `json:"title"`
	Means    string           `json:"means"`
	Mend     string           `json:"mend"`
}

// showRules writes a line for each rule, or all about it.
func (c *invocation) showRules(rules []finding.Rule, whole bool) error {
	for _, r := range rules {
		switch {
		case c.json:
			if err := c.writeJSON(ruleRecord{"wheeltag.rules/v1", r.ID, r.Severity, r.Title, r.Why, r.Fix}); err != nil {
				return err
			}
		case whole:
			fmt.Fprintf(c.out, "%s (%s): %s\n%s\n%s\n", r.ID, r.Severity, r.Title,
				c.style.Wrap("What it means: "+r.Why, "  "), c.style.Wrap("What to do: "+r.Fix, "  "))
		default:
			fmt.Fprintln(c.out, c.style.Hang(fmt.Sprintf("%s  %-7s  ", r.ID, r.Severity), r.Title))
		}
	}
	return nil
}
