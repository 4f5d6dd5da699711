// Rank lists the wheels of a mirror that fit a target, the one that an installer
// likes best first. Names come from standard input, one a line:
//
//	ls mirror | go run ./examples/rank 3.11@debian:11/arm64
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/wheel"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: rank TARGET < names")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "rank:", err)
		os.Exit(1)
	}
}

// fit is a wheel that the target accepts.
type fit struct {
	file string
	tag  tags.Tag
	rank int
}

func run(w io.Writer, word string, listing io.Reader) error {
	d, err := distro.Parse(word, distro.Options{})
	if err != nil {
		return err
	}
	target, err := tags.New(d.Python, d.Platform, tags.Pip)
	if err != nil {
		return err
	}
	var fits []fit
	lines := bufio.NewScanner(listing)
	for lines.Scan() {
		name, err := wheel.ParseName(lines.Text())
		if err != nil {
			continue // a source distribution, an index page
		}
		// Best never expands the compressed tag set of a name.
		if tag, rank, ok := target.Best(&name.Tags); ok {
			fits = append(fits, fit{name.Filename, tag, rank})
		}
	}
	slices.SortStableFunc(fits, func(a, b fit) int { return a.rank - b.rank })
	for _, f := range fits {
		fmt.Fprintf(w, "%s\n  place %d, by %s\n", f.file, f.rank, f.tag)
	}
	return lines.Err()
}
