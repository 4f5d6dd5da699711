package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/manylinux"
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
				if err := manylinux.CheckPolicyTag(policy); err != nil {
					return usagef("--policy: %v", err)
				}
			}
			targets, err := described.readAny(c)
			if err != nil {
				return err
			}
			shown := 0
			for in, err := range c.inputs(false) {
				if err := c.ctx.Err(); err != nil {
					return err
				}
				var r *manylinux.Report
				switch {
				case err != nil:
				case in.url:
					r, err = auditURL(c.ctx, in.path)
				default:
					r, err = manylinux.AuditFile(in.path)
				}
				if err != nil {
					if err := c.refuse("explain", in, explainPath("explain", in.path, err)); err != nil {
						return err
					}
					continue
				}
				if r.Verdict == manylinux.Unknown {
					c.status = exitNoAnswer
				}
				e := r.Explain()
				if err := narrow(e, r, policy, targets); err != nil {
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
func narrow(e *manylinux.Explanation, r *manylinux.Report, policy string, targets []target) error {
	if policy != "" {
		carries, causes, err := r.Carries(policy)
		if err != nil {
			return usagef("%v", err)
		}
		e.Ladder = []manylinux.Rung{}
		if !carries {
			e.Ladder = append(e.Ladder, manylinux.Rung{PlatformTag: policy, Remove: causes})
		}
	}
	if targets == nil {
		return nil
	}
	e.Releases = e.Releases[:0]
	for _, t := range targets {
		e.Releases = append(e.Releases, t.loads(r))
	}
	return nil
}

// loads asks whether a file's machine code loads on the target.
func (t target) loads(r *manylinux.Report) manylinux.ReleaseAnswer {
	var answer manylinux.ReleaseAnswer
	if t.root != nil {
		answer = r.LoadsIn(t.root.system, t.root.python)
	} else {
		answer = r.LoadsOn(t.Platform(), t.release)
	}
	if answer.Release = t.Name(); t.release != nil {
		answer.EndOfLife = t.release.EndOfLife
	}
	return answer
}

func (c *call) showExplanation(e *manylinux.Explanation) error {
	if c.json {
		return c.writeJSON(struct {
			Schema string `json:"schema"`
			*manylinux.Explanation
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
	for _, rung := range e.Ladder {
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

func (c *call) listCauses(causes []manylinux.Cause, most int) {
	for i, cause := range causes {
		if i == most {
			fmt.Fprintf(c.out, "    and %d more\n", len(causes)-most)
			return
		}
		fmt.Fprintln(c.out, hang("    ", cause.File+": "+describeCause(cause)))
	}
}

func describeCause(c manylinux.Cause) string {
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
func (c *call) listReleases(answers []manylinux.ReleaseAnswer) {
	groups := map[string][]string{}
	var order []string
	for _, a := range answers {
		title := "Loads on:"
		switch a.Loads {
		case manylinux.LoadsNo:
			title = "Does not load, for want of " + some(a.Missing) + ":"
		case manylinux.LoadsUnknown:
			title = "Cannot be told, as " + some(a.Untold) + " was not measured:"
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
