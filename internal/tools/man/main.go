// Man writes the man pages of wheeltag and its commands, made from their help:
//
//	go run ./internal/tools/man DIR
//
// The date in them is that of SOURCE_DATE_EPOCH, if it is set, so that a build can
// be repeated.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra/doc"

	"github.com/wheeltag/wheeltag/internal/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: man DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "man:", err)
		os.Exit(1)
	}
}

// write fills a directory with a page for each command.
func write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root := cli.Command()
	root.DisableAutoGenTag = true
	return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "wheeltag", Manual: "User Commands"}, dir)
}
