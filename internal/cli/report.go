package cli

import (
	"cmp"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

func newReport(c *invocation) *cobra.Command {
	var at, file string
	cmd := &cobra.Command{
		Use: "report RUN.jsonl...", Short: "show saved results in another format",
		Long: "Reads results that were saved with --format json and writes them in another format, as the command that made them would have. RUN.jsonl is a file, or - for standard input; the results of several files become one report. The exit status is that of the run: 1 if a result is a no, 3 if an input has no answer.\n\nResults of audit have every format, those of explain, tree and index text and json.",
		Example: `  # the page for people, from the results that the gate saved
  wheeltag report --format html runs/audit.jsonl
  # the same results as a comment on a pull request
  wheeltag report --format markdown runs/audit.jsonl`,
		Args: needArguments("name a file with results of --format json, or - for standard input"),
		RunE: func(*cobra.Command, []string) error {
			out, err := c.openOutput(file)
			if err != nil {
				return err
			}
			handler, err := c.auditHandler(at)
			if err == nil {
				c.replayAll(&noting{handler, c})
				err = cmp.Or(handler.Close(), c.ctx.Err())
			}
			return out.finish(err)
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		addAt(f, &at)
		addOutput(f, &file)
	}, report.Formats(&report.Audit{})...)
	return cmd
}

// addAt adds the flag that says where code hosts show findings.
func addAt(f *pflag.FlagSet, at *string) {
	f.StringVar(at, "at", "", "in sarif, gitlab, github and zuul, place findings at `FILE` of the repository, such as pyproject.toml, in place of the wheels")
}

// replayAll gives the results of each file to a handler. A file that cannot be read
// does not keep the others from being shown.
func (c *invocation) replayAll(h report.Handler) {
	for _, arg := range c.args {
		if c.ctx.Err() != nil {
			return
		}
		if err := c.replay(arg, h); err != nil {
			c.reportError("%v", err)
		}
	}
}

func (c *invocation) replay(arg string, h report.Handler) error {
	if arg == "-" {
		if err := report.Replay(c.in, h); err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
		return nil
	}
	f, err := os.Open(arg)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := report.Replay(f, h); err != nil {
		return fmt.Errorf("%s: %w", arg, err)
	}
	return nil
}

// noting is a handler that also works out the exit status of a run from its results.
type noting struct {
	report.Handler
	*invocation
}

func (n *noting) Report(r report.Record) error {
	switch r := r.(type) {
	case *report.Audit:
		n.note(r.Verdict)
	case *report.Tree:
		n.noteTree(r)
	case *report.Index:
		var findings []finding.Finding
		for _, f := range r.Findings {
			findings = append(findings, finding.Finding{Rule: f.Rule, Severity: f.Severity})
		}
		n.note(finding.Judge(findings, finding.Error))
	}
	return n.Handler.Report(r)
}

// note has the status follow a verdict.
func (n *noting) note(v finding.Verdict) {
	switch v {
	case finding.Unknown:
		n.status = exitNoAnswer
	case finding.Fail:
		n.fail()
	}
}

func (n *noting) Problem(p *report.Problem) error {
	n.status = exitNoAnswer
	return n.Handler.Problem(p)
}

// auditHandler returns the handler of a run of audit or report.
func (c *invocation) auditHandler(at string) (report.Handler, error) {
	config := report.Config{Style: c.style, Version: buildVersion(), At: at, Quiet: c.quiet}
	if path := os.Getenv("GITHUB_STEP_SUMMARY"); c.format == "github" && path != "" {
		// Other steps add to the file as well. It is closed by the end of the process.
		summary, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			c.logf("warning: no summary of the job: %v", err)
		} else {
			config.Summary = summary
		}
	}
	return report.New(c.format, c.streams.out, c.err, config)
}
