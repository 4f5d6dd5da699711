package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

func newRules(c *invocation) *cobra.Command {
	cmd := &cobra.Command{
		Use: "rules [ID...]", Short: "explain the rules of audit and index",
		Long: "Lists the rules of audit and index, or explains some of them: what a finding means and how to fix it. An error fails an audit, a warning only with --strict, a note never.",
		Example: `  # all rules
  wheeltag rules
  # one of them
  wheeltag rules WT201
  # the page about all of them, docs/rules.md of this project
  wheeltag rules --format markdown`,
		RunE: func(_ *cobra.Command, ids []string) error {
			rules := slices.Collect(finding.Rules())
			if len(ids) > 0 {
				rules = rules[:0]
			}
			for _, id := range ids {
				r, ok := finding.Lookup(id)
				if !ok {
					return usagef("unknown rule %s; 'wheeltag rules' lists all rules", id)
				}
				rules = append(rules, r)
			}
			if c.format == "markdown" {
				_, err := c.out.WriteString(report.RulesPage(rules))
				return err
			}
			return c.showRules(rules, len(ids) > 0)
		},
	}
	c.addFlags(cmd, nil, "text", "json", "markdown")
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
				c.style.Wrap("What it means: "+r.Why, "  "), c.style.Wrap("How to fix: "+r.Fix, "  "))
		default:
			fmt.Fprintln(c.out, c.style.Hang(fmt.Sprintf("%s  %-7s  ", r.ID, r.Severity), r.Title))
		}
	}
	return nil
}
