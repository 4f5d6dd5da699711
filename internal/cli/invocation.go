package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
)

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	style    report.Style // with colour unless --color says otherwise
}

// The exit statuses.
const (
	exitYes      = 0
	exitNo       = 1 // a definite no
	exitUsage    = 2
	exitNoAnswer = 3 // for at least one input; wins over exitNo
)

// invocation is one run of a command.
type invocation struct {
	streams
	ctx    context.Context
	args   []string
	out    *bufio.Writer
	format string // text, json or one of the command's own
	json   bool   // the format is json
	colour string // auto, always or never
	quiet  bool   // no hints
	status int
	flags  map[*cobra.Command]func(*pflag.FlagSet) // not yet added
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

// fail notes a definite no.
func (c *invocation) fail() { c.status = max(c.status, exitNo) }

// reportError reports an input without an answer; the others go on.
func (c *invocation) reportError(format string, args ...any) {
	c.logf(format, args...)
	c.status = exitNoAnswer
}

// logf writes a message to standard error, after the results so far.
func (c *invocation) logf(format string, args ...any) {
	c.out.Flush()
	fmt.Fprintln(c.err, "wheeltag: "+report.Plain(fmt.Sprintf(format, args...)))
}

// finish turns the error of a command into a message and the exit status.
func (c *invocation) finish(cmd *cobra.Command, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return c.status
	case errors.As(err, &usage):
		c.logf("%v", err)
		if cmd.HasParent() {
			fmt.Fprintf(c.err, "Run 'wheeltag help %s' for usage and examples.\n", cmd.Name())
		} else {
			fmt.Fprintln(c.err, "Run 'wheeltag help' for the list of commands.")
		}
		return exitUsage
	case errors.Is(err, syscall.EPIPE):
		return c.status // the reader of our output has seen enough
	case errors.Is(err, context.Canceled):
		c.logf("interrupted; partial results shown")
		return exitNoAnswer
	}
	c.logf("%v", err)
	return exitNoAnswer
}
