package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

func newHelp(c *invocation) *cobra.Command {
	cmd := &cobra.Command{
		Use: "help [COMMAND]", Short: "show the help of a command",
		Long: "Lists the commands, or shows the usage, flags and examples of one.",
		Example: `  # how to ask what fits
  wheeltag help compat`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("help takes at most one command")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				c.overview(c.out, cmd.Root())
				return nil
			}
			for _, other := range cmd.Root().Commands() {
				if other.Name() == args[0] {
					c.describe(other)
					return nil
				}
			}
			return unknownCommand(cmd, args[0])
		},
	}
	c.addFlags(cmd, nil)
	return cmd
}

const exitStatus = "Exit status: 0 yes, 1 a definite no, 2 wrong usage, 3 no answer for some input."

// overview lists the commands.
func (c *invocation) overview(w io.Writer, root *cobra.Command) {
	fmt.Fprintf(w, "%s\n\nUsage: wheeltag COMMAND [flags] ARGS\n", c.style.Wrap(root.Long, ""))
	for _, group := range root.Groups() {
		fmt.Fprintf(w, "\n%s:\n", group.Title)
		for _, cmd := range root.Commands() {
			if cmd.GroupID == group.ID {
				fmt.Fprintf(w, "  %-11s %s\n", cmd.Name(), cmd.Short)
			}
		}
	}
	fmt.Fprintf(w, "\n%s\n'wheeltag help COMMAND' shows flags and examples.\n", exitStatus)
}

// describe writes the help of one command.
func (c *invocation) describe(cmd *cobra.Command) {
	if !cmd.HasParent() {
		c.overview(c.out, cmd)
		return
	}
	c.ready(cmd)
	name, arguments, _ := strings.Cut(cmd.Use, " ")
	fmt.Fprintf(c.out, "%s\n\nUsage: wheeltag %s\n\n%s\n", sentenceCase(cmd.Short), strings.TrimSpace(name+" [flags] "+arguments), c.style.Wrap(cmd.Long, ""))
	fmt.Fprintf(c.out, "\nFlags:\n%s", cmd.Flags().FlagUsagesWrapped(c.style.Width))
	if cmd.HasExample() {
		fmt.Fprintf(c.out, "\nExamples:\n%s\n", strings.TrimRight(cmd.Example, "\n"))
	}
}

func sentenceCase(s string) string {
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
