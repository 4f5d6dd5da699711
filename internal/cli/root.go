package cli

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
)

// The groups of commands in the overview, in its order.
const (
	groupCheck  = "check"
	groupMatch  = "match"
	groupTarget = "target"
	groupOther  = "other"
)

// newRoot builds the command line; its commands read and write through c.
func newRoot(c *invocation) *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:           "wheeltag",
		Short:         "answers questions about Python wheels",
		Long:          `wheeltag answers three questions about Python wheels, without Python, a container or an emulator: does a wheel install on a given target, does its native code match its platform tags, and which wheel would an installer choose?`,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version {
				return c.showVersion()
			}
			c.overview(c.err, cmd)
			c.status = exitUsage
			return nil
		},
		PersistentPreRun: func(cmd *cobra.Command, args []string) {
			c.ctx, c.args, c.json = cmd.Context(), args, c.format == "json"
			if c.colour != "auto" {
				c.style.Colour = c.colour == "always"
			}
		},
	}
	c.flags = map[*cobra.Command]func(*pflag.FlagSet){}
	c.addFlags(root, func(f *pflag.FlagSet) {
		f.BoolVar(&version, "version", false, "show the version of wheeltag")
	})
	c.ready(root)
	root.AddGroup(
		&cobra.Group{ID: groupCheck, Title: "Check wheels"},
		&cobra.Group{ID: groupMatch, Title: "Match wheels with targets"},
		&cobra.Group{ID: groupTarget, Title: "Describe targets"},
		&cobra.Group{ID: groupOther, Title: "Other"},
	)
	for group, commands := range map[string][]*cobra.Command{
		groupCheck:  {newAudit(c), newExplain(c), newIndex(c), newReport(c), newRetag(c), newRules(c), newTree(c)},
		groupMatch:  {newCompat(c), newCoverage(c), newParse(c), newSelect(c), newTags(c)},
		groupTarget: {newDetect(c), newTargets(c)},
		groupOther:  {newCompletion(c), newHelp(c), newVersion(c)},
	} {
		for _, cmd := range commands {
			cmd.GroupID = group
			root.AddCommand(cmd)
			if cmd.Name() == "help" {
				root.SetHelpCommand(cmd)
			}
		}
	}
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(c.flagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { c.describe(cmd) })
	return root
}

// Command returns the whole command line with the flags of every command, for what
// is made from it, such as man pages.
func Command() *cobra.Command {
	c := &invocation{out: bufio.NewWriter(io.Discard)}
	root := newRoot(c)
	c.ready(root.Commands()...)
	root.Long += "\n\n" + exitStatus
	return root
}

// run carries out one command line and returns the exit status.
func run(ctx context.Context, args []string, s streams) int {
	s.style.Width = cmp.Or(s.style.Width, report.DefaultWidth)
	c := &invocation{streams: s, ctx: ctx, out: bufio.NewWriterSize(s.out, 1<<16)}
	root := newRoot(c)
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		c.ready(root.Commands()...)
		addCompletions(root)
	}
	if cmd, _, err := root.Find(args); err == nil {
		c.ready(cmd)
	}
	cmd, err := root.ExecuteContextC(ctx)
	if flushed := c.out.Flush(); err == nil {
		err = flushed
	}
	return c.finish(cmd, err)
}

// unknownCommand suggests the commands that a word may have meant.
func unknownCommand(cmd *cobra.Command, word string) error {
	root := cmd.Root()
	root.SuggestionsMinimumDistance = 2
	near := root.SuggestionsFor(word)
	if len(near) == 0 {
		return usagef("unknown command %q", word)
	}
	return usagef("unknown command %q; did you mean %s?", word, orList(near))
}

// noArguments is the check of a command that takes none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no arguments", cmd.Name())
	}
	return nil
}

// needArguments is the check of a command that takes some; the message says which.
func needArguments(message string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usagef("%s", message)
		}
		return nil
	}
}

// needWheels is the check of the commands that take wheels by name.
var needWheels = needArguments("name at least one wheel, or - for standard input")
