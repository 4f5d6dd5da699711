package cli

import (
	"cmp"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/retag"
)

// retagOptions are what retag was asked for.
type retagOptions struct {
	retag.Options
	build  string
	out    string
	config string
}

func newRetag(c *invocation) *cobra.Command {
	var o retagOptions
	cmd := &cobra.Command{
		Use: "retag WHEEL...", Short: "give wheels other tags, or repair them",
		Long: `Writes a wheel with other tags: in its file name, and in the Tag and Build fields of WHEEL. It also repairs what can be repaired without a guess: the rows and hashes of RECORD, data descriptors, and bytes before, after and between the members of the archive. All other files keep their compressed bytes. The wheel itself stays as it is, and the same wheel makes the same bytes. Without a flag for tags, only repairs are made; a wheel that needs none is copied.

TAGS are separated by dots and replace those of the file name. With a plus sign in front they are added, with a minus sign removed, as in --platform=-linux_x86_64. --platform auto takes those that the native code qualifies for, with their older names.

The result is audited, with all hashes, before it gets its name. One with errors is refused, such as a tag that promises more than the native code keeps; --force accepts all errors but those about the archive and RECORD. Archives in which tools see different files are never repaired. The exit status is 1 if a wheel is refused.

WHEEL and RECORD keep their times, unless SOURCE_DATE_EPOCH gives another.`,
		Example: `  # what the native code qualifies for, and what would change
  wheeltag retag --dry-run --platform auto wheels-bad/toonew-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl
  # a pure wheel for one version of Python
  wheeltag retag --dry-run --python py312 wheels/demo_pure-1.0-py3-none-any.whl
  # repair RECORD
  wheeltag retag --dry-run --out fixed wheels-bad/unrecorded-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl`,
		Args: needArguments("name a wheel or a directory of wheels"),
	}
	cmd.RunE = func(*cobra.Command, []string) error {
		if cmd.Flags().Changed("build") {
			o.Build = &o.build
		}
		return c.retagAll(&o)
	}
	c.addFlags(cmd, o.add, report.Formats(&report.Retag{})...)
	return cmd
}

func (o *retagOptions) add(f *pflag.FlagSet) {
	f.StringVar(&o.Python, "python", "", "use the interpreter tags `TAGS`, such as py3 or cp311.cp312")
	f.StringVar(&o.ABI, "abi", "", "use the ABI tags `TAGS`, such as abi3 or none")
	f.StringVar(&o.Platform, "platform", "", "use the platform tags `TAGS`, such as manylinux_2_28_x86_64, or auto")
	f.StringVar(&o.build, "build", "", "use the build tag `BUILD`, such as 1; '' removes it")
	f.StringVarP(&o.out, "out", "o", "", "write into `DIR` instead of the directory of each wheel")
	f.BoolVar(&o.DryRun, "dry-run", false, "show what would change, and write nothing")
	f.BoolVar(&o.Force, "force", false, "accept errors, and replace files with other content")
	f.StringVar(&o.config, "config", "", "read `FILE` instead of the nearest wheeltag.toml")
}

// retagAll changes each wheel.
func (c *invocation) retagAll(o *retagOptions) error {
	if err := o.Check(); err != nil {
		return usagef("%v", err)
	}
	own, err := readConfig(o.config)
	if err != nil {
		return err
	}
	o.Audit.Selection, o.Allowances = own.Selection(), own.Allowances
	if o.Modified, err = sourceDate(); err != nil {
		return err
	}
	handler, err := c.newHandler(report.Matrix{})
	if err != nil {
		return err
	}
	for in, err := range c.inputs(acceptFiles) {
		if in.url {
			return cmp.Or(handler.Close(), usagef("retag takes files; download %s first", in.path))
		}
		var out *retag.Outcome
		if err == nil {
			out, err = retag.File(c.ctx, in.path, o.out, o.Options)
		}
		if cancelled := c.ctx.Err(); cancelled != nil {
			return cmp.Or(handler.Close(), cancelled)
		}
		if err = c.reportRetag(handler, in, out, err); err != nil {
			return err
		}
	}
	return handler.Close()
}

// reportRetag reports what became of one wheel.
func (c *invocation) reportRetag(handler report.Handler, in input, out *retag.Outcome, err error) error {
	r := report.NewRetag(in.name, out, err)
	if r == nil {
		c.status = exitNoAnswer
		return handler.Problem(problemOf(report.RetagSchema, in, explainRetag(in, err)))
	}
	var refusal *retag.Refusal
	if errors.As(err, &refusal) {
		c.fail()
		r.Reason.Message += whatNow(refusal)
	}
	return handler.Report(r)
}

// whatNow says how to go on after a refusal.
func whatNow(r *retag.Refusal) string {
	switch r.Code {
	case retag.CodeExists:
		return "; use --force to replace it, or --out for another directory"
	case retag.CodeTags:
		return "; name other tags with --platform, --python or --abi"
	case retag.CodeArchive, retag.CodeWheel:
		return "; build the wheel again"
	}
	return ""
}

// explainRetag says what to do about a wheel that cannot be read. What cannot be written
// explains itself.
func explainRetag(in input, err error) error {
	var failed *os.PathError
	if errors.As(err, &failed) && failed.Path != in.path || !strings.HasSuffix(in.path, ".whl") {
		return err
	}
	return explainInput("retag", in, err)
}

// sourceDate is the time in SOURCE_DATE_EPOCH, the zero time without one. Source:
// reproducible-builds.org, SOURCE_DATE_EPOCH specification 1.1.
func sourceDate() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < 0 {
		return time.Time{}, usagef("SOURCE_DATE_EPOCH is %q; want the seconds since 1970", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
