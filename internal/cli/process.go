// Package cli is the wheeltag command: its table of subcommands, a file each.
// A subcommand reads its flags, calls the library and writes what that says.
package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/wheeltag/wheeltag/internal/report"
)

// grace is how long a run may take to end after an interrupt.
const grace = time.Second

// Main runs the command line of this process and returns its exit status.
func Main() int {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	unwatch := context.AfterFunc(ctx, func() {
		stop() // another interrupt ends the process at once
		time.Sleep(grace)
		// What it is doing, such as unpacking an image, cannot be interrupted.
		fmt.Fprintln(os.Stderr, "wheeltag: interrupted")
		os.Exit(exitNoAnswer)
	})
	defer unwatch()
	return run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, style: terminalStyle(os.Stdout, os.Stderr, os.Getenv)})
}

// terminalStyle looks at where results and messages go. A result has the width of
// its terminal, and colour on one; the environment variable NO_COLOR turns colour
// off and FORCE_COLOR turns it on.
func terminalStyle(out, messages *os.File, env func(string) string) report.Style {
	dumb := env("TERM") == "dumb"
	s := report.Style{Width: report.DefaultWidth, Progress: term.IsTerminal(int(messages.Fd())) && !dumb}
	if term.IsTerminal(int(out.Fd())) {
		s.Colour, s.Terminal = !dumb, !dumb
		if width, _, err := term.GetSize(int(out.Fd())); err == nil && width > 0 {
			s.Width = max(report.MinWidth, min(width, report.MaxWidth))
		}
	}
	switch force := env("FORCE_COLOR"); {
	case env("NO_COLOR") != "":
		s.Colour = false
	case force != "" && force != "0":
		s.Colour = true
	}
	return s
}
