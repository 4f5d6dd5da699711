package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

func explainCommand() *command {
	var described targetFlags
	var policy string
	return &command{
		name: "explain", summary: "what sets a wheel's platform tag, and what a lower one would take", usage: "WHEEL...",
		about: "Tells of each wheel or ELF file, in this order: the verdict; what sets it, down to file, symbol, version and library; what would have to go to reach each lower policy; and on which releases the code loads, by the symbol versions that their libraries were measured to have.\n\n--policy keeps to one policy, --target to one target.",
		examples: []example{
			{line: "explain wheels/demo_new-1.0-cp311-cp311-manylinux_2_34_x86_64.whl", says: "why 2.34, and where it runs"},
			{line: "explain --policy manylinux_2_17 wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl", says: "what one policy would take"},
			{line: "explain --target debian:10/arm64 wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl", says: "whether it loads on one target"},
		},
		flags: func(f *pflag.FlagSet) {
			f.StringVar(&policy, "policy", "", "keep to one `POLICY`, such as manylinux_2_17")
			described.add(f)
		},
		run: func(c *call) error {
			if len(c.args) == 0 {
				return usagef("name a wheel or an ELF file")
			}
			if policy != "" {
				if err := manylinux.CheckTag(policy); err != nil {
					return usagef("--policy: %v", err)
				}
			}
			targets, err := described.readAny(c)
			if err != nil {
				return err
			}
			shown := 0
			auditor := audit.New(audit.Options{})
			for in, err := range c.inputs(false) {
				if err := c.ctx.Err(); err != nil {
					return err
				}
				var r *audit.Report
				var subject *audit.Subject
				switch {
				case err != nil:
				case in.url:
					r, err = auditURL(c.ctx, in.path)
				default:
					if subject, err = auditor.Open(c.ctx, in.path); err == nil {
						r = subject.Report()
					}
				}
				if err != nil {
					if err := c.refuse("explain", in, explainPath("explain", in.path, err)); err != nil {
						return err
					}
					continue
				}
				if r.Verdict == finding.Unknown {
					c.status = exitNoAnswer
				}
				e := audit.Explain(r)
				if err := narrow(e, r, subject, policy, targets); err != nil {
					return err
				}
				if shown++; shown > 1 && !c.json {
					fmt.Fprintln(c.out)
				}
				if err := c.showExplanation(e); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// narrow keeps to one policy and to the targets, where they were given.
func narrow(e *audit.Explanation, r *audit.Report, subject *audit.Subject, policy string, targets []target) error {
	if policy != "" {
		carries, causes, err := r.Qualifies(policy, nil)
		if err != nil {
			return usagef("%v", err)
		}
		e.Steps = []manylinux.Step{}
		if !carries {
			e.Steps = append(e.Steps, manylinux.Step{PlatformTag: policy, Remove: causes})
		}
	}
	if targets == nil {
		return nil
	}
	e.Releases = e.Releases[:0]
	for _, t := range targets {
		e.Releases = append(e.Releases, t.loads(r, subject))
	}
	return nil
}

// loads asks whether a file's machine code loads on the target.
func (t target) loads(r *audit.Report, subject *audit.Subject) loads.Result {
	var answer loads.Result
	switch {
	case t.root == nil:
		answer = loads.OnRelease(r.Code(), t.Platform(), t.release)
	case subject == nil: // of a wheel behind an address the files are gone
		answer = loads.Result{Loads: loads.Unknown, NoData: []string{"which files lie there"}}
	default:
		answer = subject.LoadsIn(r, t.root.system, t.root.python)
	}
	if answer.Release = t.Name(); t.release != nil {
		answer.EndOfLife = t.release.EndOfLife
	}
	return answer
}

func (c *call) showExplanation(e *audit.Explanation) error {
	if c.json {
		return c.writeJSON(struct {
			Schema string `json:"schema"`
			*audit.Explanation
		}{"wheeltag.explain/v1", e})
	}
	fmt.Fprintf(c.out, "%s\n%s\n", plain(e.File), wrap(e.Sentence, 80, "  "))
	const most = 10
	if len(e.Floor) > 0 {
		fmt.Fprintln(c.out, "\n  What sets the tag:")
		c.listCauses(e.Floor, most)
		if e.Below > 0 {
			fmt.Fprintf(c.out, "    below that: %d more\n", e.Below)
		}
	}
	gone := 0
	for _, rung := range e.Steps {
		what := "this would have to go"
		if gone > 0 {
			what = "this as well"
		}
		fmt.Fprintf(c.out, "\n  For %s, %s:\n", rung.PlatformTag, what)
		c.listCauses(rung.Remove[gone:], most)
		gone = len(rung.Remove)
	}
	c.listReleases(e.Releases)
	if e.Filename != "" {
		fmt.Fprintf(c.out, "\n  True name: %s\n", plain(e.Filename))
	}
	return nil
}

func (c *call) listCauses(causes []manylinux.Demand, most int) {
	for i, cause := range causes {
		if i == most {
			fmt.Fprintf(c.out, "    and %d more\n", len(causes)-most)
			return
		}
		fmt.Fprintln(c.out, hang("    ", cause.File+": "+describeCause(cause)))
	}
}

func describeCause(c manylinux.Demand) string {
	var names []string
	const most = 3
	for i, s := range c.Symbols {
		if i == most {
			names = append(names, fmt.Sprintf("%d more", len(c.Symbols)-most))
			break
		}
		name := s.Name
		if s.Weak {
			name += " (weak)"
		}
		names = append(names, name)
	}
	symbols := strings.Join(names, ", ")
	text := ""
	switch c.Kind {
	case "version":
		text = fmt.Sprintf("%s of %s", c.Version, c.Library)
	case "library":
		text = "the library " + c.Library
	case "ban":
		return fmt.Sprintf("%s of %s, which the policy bans", symbols, c.Library)
	case "musl":
		if c.Version == "" {
			return symbols + ", which musl does not have"
		}
		return fmt.Sprintf("%s, which musl has from %s on", symbols, c.Version)
	default:
		return "a processor above the baseline"
	}
	if symbols != "" {
		text += ": " + symbols
	}
	return text
}

// listReleases writes where the code loads, where it does not and where that
// cannot be told, releases with the same reason together.
func (c *call) listReleases(answers []loads.Result) {
	groups := map[string][]string{}
	var order []string
	for _, a := range answers {
		title := "Loads on:"
		switch a.Loads {
		case loads.No:
			title = "Does not load, for want of " + some(a.Missing) + ":"
		case loads.Unknown:
			title = "Cannot be told, as " + some(a.NoData) + " was not measured:"
		}
		if groups[title] == nil {
			order = append(order, title)
		}
		name := a.Release
		if a.EndOfLife != "" {
			name += "(" + a.EndOfLife + ")"
		}
		groups[title] = append(groups[title], name)
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(len(groups[b]), len(groups[a])) })
	slices.SortStableFunc(order, func(a, b string) int { return -cmp.Compare(strings.Index(a, "Loads"), strings.Index(b, "Loads")) })
	for _, title := range order {
		fmt.Fprintf(c.out, "\n%s\n%s\n", wrap(title, 80, "  "), wrap(strings.Join(groups[title], " "), 80, "    "))
	}
	if len(answers) > 1 {
		fmt.Fprintln(c.out, "\n  In brackets: the end of the release's support.")
	}
}

// some joins the first few of a list.
func some(list []string) string {
	const most = 3
	text := strings.Join(list[:min(most, len(list))], ", ")
	if n := len(list) - most; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}
