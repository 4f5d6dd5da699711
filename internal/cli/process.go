// Package cli is the wheeltag command: its table of subcommands, a file each.
// A subcommand reads its flags, calls the library and writes what that says.
package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// grace is how long a run may take to end after an interrupt.
const grace = time.Second

// Main runs the command line of this process and returns its exit status.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, os.Args[1:], streams{
			in: os.Stdin, out: os.Stdout, err: os.Stderr,
			colour:   isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
			progress: isTerminal(os.Stderr) && os.Getenv("TERM") != "dumb",
		})
	}()
	select {
	case status := <-done:
		return status
	case <-ctx.Done():
	}
	stop() // another interrupt ends the process at once
	select {
	case status := <-done:
		return status
	case <-time.After(grace):
		// What it is at, such as unpacking an image, cannot be interrupted.
		fmt.Fprintln(os.Stderr, "wheeltag: stopped")
		return exitNoAnswer
	}
}

// isTerminal reports whether a file is a character device, which a terminal is
// and a pipe or a plain file is not.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && info.Mode()&os.ModeDevice != 0 && f.Name() != os.DevNull
}
