// Upgrade tells what a change of the base image does to a mirror of wheels:
// which of them install on the old image and no longer on the new one, and why.
//
//	go run ./examples/upgrade debian:11/arm64 python:3.11-bullseye/arm64 *.whl
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/tags/distro"
	"github.com/wheeltag/wheeltag/wheel"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: upgrade OLD NEW WHEEL...")
		os.Exit(2)
	}
	lost, err := run(os.Stdout, os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "upgrade:", err)
		os.Exit(2)
	}
	if lost > 0 {
		os.Exit(1)
	}
}

// run gives the number of wheels that the upgrade loses.
func run(w io.Writer, from, to string, files []string) (lost int, err error) {
	before, err := describe(from)
	if err != nil {
		return 0, err
	}
	after, err := describe(to)
	if err != nil {
		return 0, err
	}
	kept := 0
	for _, file := range files {
		name, err := wheel.ParseName(file)
		if err != nil {
			return lost, err
		}
		if _, ok := before.Rank(&name.Tags); !ok {
			continue
		}
		reason := after.Explain(&name.Tags)
		if reason == nil {
			kept++
			continue
		}
		lost++
		fmt.Fprintf(w, "%s\n  %s\n", file, reason.Message)
	}
	fmt.Fprintf(w, "%d still install, %d no longer do\n", kept, lost)
	return lost, nil
}

// describe turns a word such as "debian:11/arm64" into a target as pip sees it.
func describe(word string) (*tags.Target, error) {
	d, err := distro.Parse(word, distro.Options{})
	if err != nil {
		return nil, err
	}
	target, err := tags.New(d.Python, d.Platform, tags.Pip)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", word, err)
	}
	return target.WithName(word), nil
}
