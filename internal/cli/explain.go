package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
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
			handler, err := c.newHandler()
			if err != nil {
				return err
			}
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
					c.status = exitNoAnswer
					if err := handler.Problem(problemOf(report.ExplainSchema, in, explainPath("explain", in.path, err))); err != nil {
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
				if err := handler.Explain(&report.Explain{Schema: report.ExplainSchema, Explanation: e}); err != nil {
					return err
				}
			}
			return handler.Close()
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
		e.Releases = append(e.Releases, loadsOn(t, r, subject))
	}
	return nil
}

// loadsOn asks whether a file's machine code loads on the target.
func loadsOn(t target, r *audit.Report, subject *audit.Subject) loads.Result {
	var answer loads.Result
	switch {
	case t.System == nil:
		answer = loads.OnRelease(r.Code(), t.Platform(), t.Release)
	case subject == nil: // of a wheel behind an address the files are gone
		answer = loads.Result{Loads: loads.Unknown, NoData: []string{"which files lie there"}}
	default:
		answer = subject.LoadsIn(r, t.System.System, t.Interpreter)
	}
	if answer.Release = t.Name(); t.Release != nil {
		answer.EndOfLife = t.Release.EndOfLife
	}
	return answer
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
