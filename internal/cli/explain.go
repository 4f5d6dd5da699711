package cli

import (
	"cmp"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// explainOptions are what explain was asked for.
type explainOptions struct {
	described targetFlags
	policy    string // keep to this one, unless it is empty
	timeout   time.Duration
	elsewhere elsewhereFlags
}

func newExplain(c *invocation) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use: "explain WHEEL...", Short: "explain what determines a wheel's platform tag",
		Long: "Shows for each wheel or ELF file the verdict; the files, symbols, symbol versions and libraries that determine it; what would have to be removed to reach each lower policy; and the releases on which the native code loads, according to the symbol versions that were measured in their libraries.\n\n--policy shows one policy only, --target only the targets given.",
		Example: `  # why 2.34, and where it loads
  wheeltag explain wheels/demo_new-1.0-cp311-cp311-manylinux_2_34_x86_64.whl
  # what one policy would require
  wheeltag explain --policy manylinux_2_17 wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl
  # whether it loads on one target
  wheeltag explain --target debian:10/arm64 wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl`,
		Args: needArguments("name a wheel or an ELF file"),
		RunE: func(*cobra.Command, []string) error { return c.explainAll(&o) },
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		o.described.add(f)
		o.elsewhere.add(f)
		addTimeout(f, &o.timeout)
		f.StringVar(&o.policy, "policy", "", "show only `POLICY`, such as manylinux_2_17")
	}, report.Formats(&report.Explain{})...)
	return cmd
}

func (o *explainOptions) options() audit.Options {
	return audit.Options{Exclude: o.elsewhere.exclude, LibraryPath: o.elsewhere.directories()}
}

// explainAll explains each input.
func (c *invocation) explainAll(o *explainOptions) error {
	if o.policy != "" {
		if err := audit.CheckTag(o.policy); err != nil {
			return usagef("--policy: %v", err)
		}
	}
	targets, err := o.described.readAny(c)
	if err != nil {
		return err
	}
	handler, err := c.newHandler(report.Matrix{})
	if err != nil {
		return err
	}
	auditor := audit.New(o.options())
	for in, err := range c.inputs(acceptFiles) {
		var e *audit.Explanation
		if err == nil {
			e, err = c.explainOne(auditor, in, o, targets)
		}
		if cancelled := c.ctx.Err(); cancelled != nil {
			return cmp.Or(handler.Close(), cancelled)
		}
		if err != nil {
			c.status = exitNoAnswer
			err = handler.Problem(problemOf(report.ExplainSchema, in, explainInput("explain", in, err)))
		} else {
			err = handler.Report(&report.Explain{Schema: report.ExplainSchema, Explanation: e})
		}
		if err != nil {
			return err
		}
	}
	return handler.Close()
}

// explainOne explains one file.
func (c *invocation) explainOne(auditor *audit.Auditor, in input, o *explainOptions, targets []target) (*audit.Explanation, error) {
	var r *audit.Report
	var subject *audit.Subject
	var err error
	if in.url {
		r, err = auditURL(c.ctx, in.path, o.timeout, o.options())
	} else if subject, err = auditor.Open(c.ctx, in.path); err == nil {
		if err := subject.Unread(); err != nil {
			return nil, err
		}
		r = subject.Report()
	}
	if err == nil && r.Sdist {
		err = errSdist
	}
	if err != nil {
		return nil, err
	}
	if r.Verdict == finding.Unknown {
		c.status = exitNoAnswer
	}
	e := audit.Explain(r)
	return e, narrow(e, r, subject, o.policy, targets)
}

// narrow keeps to one policy and to the targets, where they were given.
func narrow(e *audit.Explanation, r *audit.Report, subject *audit.Subject, policy string, targets []target) error {
	if policy != "" {
		answer, causes, err := r.Qualifies(policy, nil)
		if err != nil {
			return err
		}
		e.Steps = []manylinux.Step{}
		switch answer {
		case manylinux.No:
			e.Steps = append(e.Steps, manylinux.Step{PlatformTag: policy, Remove: causes})
		case manylinux.Yes:
			e.Sentence += " It qualifies for " + policy + "."
		case manylinux.NotApplicable:
			e.Sentence += " " + policy + " does not apply: it is for another system, C library or machine."
		default:
			e.Sentence += " Whether it qualifies for " + policy + " cannot be determined."
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
		answer = loads.OnRelease(r.CodeOn(t.Platform().Arch), t.Platform(), t.Release)
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
