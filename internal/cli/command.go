package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
)

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	colour   bool // results go to a terminal that wants colour
	progress bool // messages go to a terminal
}

// command is one entry of the table of commands.
type command struct {
	name     string
	summary  string // one line for the overview
	usage    string // what follows the name
	about    string // a paragraph or two
	examples []example
	flags    func(*pflag.FlagSet)
	formats  []string // beside text and json
	run      func(*call) error
}

// example is shown by help and run by a test in the folder of fixtures.
type example struct {
	line string // after "wheeltag "
	says string // what it is for
	exit int
}

// The exit statuses.
const (
	exitYes      = 0
	exitNo       = 1 // a definite no
	exitUsage    = 2
	exitNoAnswer = 3 // for at least one input; wins over exitNo
)

// call is one run of a command.
type call struct {
	streams
	ctx    context.Context
	args   []string
	out    *bufio.Writer
	json   bool   // the format is json
	format string // text, json or one of the command's own
	status int
	// shared is set while another goroutine writes results; reading standard
	// input then leaves it to that one to show them.
	shared bool
}

// usageError is a mistake in the command line.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// no notes a definite no.
func (c *call) no() { c.status = max(c.status, exitNo) }

// problem reports an input that there is no answer for; the others go on.
func (c *call) problem(format string, args ...any) {
	c.say(format, args...)
	c.status = exitNoAnswer
}

// say writes a message beside the results, after those there are so far.
func (c *call) say(format string, args ...any) {
	c.out.Flush()
	fmt.Fprintln(c.err, "wheeltag: "+plain(fmt.Sprintf(format, args...)))
}

// commands is the table, in the order of the overview.
func commands() []*command {
	return []*command{
		parseCommand(), tagsCommand(), compatCommand(), selectCommand(), auditCommand(), explainCommand(), coverageCommand(), indexCommand(),
		targetsCommand(), detectCommand(), rulesCommand(), versionCommand(), completionCommand(), helpCommand(),
	}
}

func find(name string) *command {
	for _, c := range commands() {
		if c.name == name {
			return c
		}
	}
	return nil
}

// run carries out one command line and gives the exit status.
func run(ctx context.Context, args []string, s streams) int {
	if len(args) == 0 {
		overview(s.err)
		return exitUsage
	}
	name := args[0]
	switch name {
	case "-h", "--help":
		name = "help"
	case "--version":
		name = "version"
	}
	cmd := find(name)
	if cmd == nil {
		fmt.Fprintf(s.err, "wheeltag: unknown command %q%s\n", name, didYouMean(name, commandNames()))
		fmt.Fprintln(s.err, "Run 'wheeltag help' for the list of commands.")
		return exitUsage
	}
	c := &call{streams: s, ctx: ctx, out: bufio.NewWriterSize(s.out, 1<<16)}
	err := c.start(cmd, args[1:])
	if flushed := c.out.Flush(); err == nil {
		err = flushed
	}
	return c.finish(cmd, err)
}

// start reads the flags and runs the command.
func (c *call) start(cmd *command, args []string) error {
	flags := cmd.flagSet()
	if err := flags.Parse(args); err != nil {
		return explainFlag(flags, err)
	}
	if help, _ := flags.GetBool("help"); help {
		describe(c.out, cmd)
		return nil
	}
	format, _ := flags.GetString("format")
	if !slices.Contains(cmd.allFormats(), format) {
		return usagef("unknown format %q; want %s", format, orList(cmd.allFormats()))
	}
	c.format, c.json = format, format == "json"
	c.args = flags.Args()
	return cmd.run(c)
}

// flagSet has the command's own flags and those that every command has.
func (cmd *command) flagSet() *pflag.FlagSet {
	flags := pflag.NewFlagSet(cmd.name, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.String("format", "text", "write results as `FORMAT`: "+orList(cmd.allFormats()))
	flags.BoolP("help", "h", false, "show this help")
	if cmd.flags != nil {
		cmd.flags(flags)
	}
	return flags
}

func (cmd *command) allFormats() []string {
	return append([]string{"text", "json"}, cmd.formats...)
}

// explainFlag turns an error of the flag parser into one for users.
func explainFlag(flags *pflag.FlagSet, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return usagef("%v%s", err, didYouMean("--"+unknown.GetSpecifiedName(), flagNames(flags)))
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "int":
		return usagef("--%s %s: want a whole number", invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return usagef("--%s=%s: the flag takes no value", invalid.GetFlag().Name, invalid.GetValue())
	}
	return usagef("%v", err)
}

// orList joins words: "text, json or html".
func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func (c *call) finish(cmd *command, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return c.status
	case errors.As(err, &usage):
		c.say("%v", err)
		fmt.Fprintf(c.err, "Run 'wheeltag help %s' for usage and examples.\n", cmd.name)
		return exitUsage
	case errors.Is(err, syscall.EPIPE):
		return c.status // the reader of our output has seen enough
	case errors.Is(err, context.Canceled):
		c.say("stopped; what was done so far is shown")
		return exitNoAnswer
	}
	c.say("%v", err)
	return exitNoAnswer
}

func flagNames(flags *pflag.FlagSet) []string {
	var names []string
	flags.VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return names
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

// didYouMean suggests the nearest known word, if one is near.
func didYouMean(word string, known []string) string {
	best, least := "", len(word)/3+2
	for _, k := range known {
		if d := distance(strings.ToLower(word), k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

// distance counts the letters to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, cost)
		}
	}
	return row[len(b)]
}
