package cli

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// command describes a command that is not yet a cobra.Command.
type command struct {
	name     string
	summary  string // one line for the overview
	usage    string // what follows the name
	about    string // a paragraph or two
	examples []example
	flags    func(*pflag.FlagSet)
	run      func(*call) error
}

// example is shown by help and run by a test in the folder of fixtures.
type example struct {
	line string // after "wheeltag "
	says string // what it is for
	exit int
}

func fromTable(c *call, t *command) *cobra.Command {
	text := ""
	for _, e := range t.examples {
		text += "  # " + e.says + "\n  wheeltag " + e.line + "\n"
	}
	cmd := &cobra.Command{
		Use: t.name + " " + t.usage, Short: t.summary, Long: t.about, Example: text,
		RunE: func(*cobra.Command, []string) error { return t.run(c) },
	}
	c.addFlags(cmd, t.flags)
	return cmd
}
