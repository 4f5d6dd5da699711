package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// input is one subject of a command.
type input struct {
	name string // the file name, which is what a wheel claims
	path string // where the file is; empty for a name alone
}

// inputs yields what the arguments stand for, in their order: "-" for lines of
// standard input, a directory for the wheels below it, anything else for a file
// or, where names are allowed, a file name. The error belongs to one argument;
// the others still come.
func (c *call) inputs(namesAllowed bool) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		here := workingFolder()
		for _, arg := range c.args {
			seq := one(arg, here, namesAllowed)
			if arg == "-" {
				seq = c.standardInput(here, namesAllowed)
			}
			for in, err := range seq {
				if !yield(in, err) {
					return
				}
			}
		}
	}
}

func (c *call) standardInput(here folder, namesAllowed bool) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		for line, err := range lines(c.in) {
			if err != nil {
				yield(input{}, fmt.Errorf("standard input: %w", err))
				return
			}
			if line = strings.TrimSuffix(line, "\r"); line == "" {
				continue
			}
			if namesAllowed && !strings.ContainsAny(line, `/\`) && !here[line] {
				// By far the most common line, so it takes the short way.
				if !yield(input{name: line}, nil) {
					return
				}
				continue
			}
			for in, err := range one(line, here, namesAllowed) {
				if !yield(in, err) {
					return
				}
			}
		}
	}
}

// folder holds the entries of the working directory, so that a million names on
// standard input need no system call each.
type folder map[string]bool

func workingFolder() folder {
	entries, err := os.ReadDir(".")
	if err != nil {
		return nil
	}
	f := make(folder, len(entries))
	for _, e := range entries {
		f[e.Name()] = true
	}
	return f
}

// one yields what a single argument stands for.
func one(arg string, here folder, namesAllowed bool) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		if here != nil && !strings.ContainsAny(arg, `/\`) && !here[arg] && namesAllowed {
			yield(input{name: arg}, nil)
			return
		}
		info, err := os.Stat(arg)
		switch {
		case err == nil && info.IsDir():
			directory(arg, yield)
		case err == nil:
			yield(input{name: filepath.Base(arg), path: arg}, nil)
		case namesAllowed && errors.Is(err, fs.ErrNotExist):
			yield(input{name: filepath.Base(arg)}, nil)
		case errors.Is(err, fs.ErrNotExist):
			yield(input{}, fmt.Errorf("%s: there is no such file or directory", arg))
		default:
			yield(input{}, err)
		}
	}
}

// directory yields the wheels below a directory in lexical order.
func directory(root string, yield func(input, error) bool) {
	found := false
	stop := errors.New("stop")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if !yield(input{}, err) {
				return stop
			}
			return nil
		}
		if d.IsDir() || !strings.HasSuffix(d.Name(), ".whl") {
			return nil
		}
		found = true
		if !yield(input{name: d.Name(), path: path}, nil) {
			return stop
		}
		return nil
	})
	if err == nil && !found {
		yield(input{}, fmt.Errorf("%s: there are no *.whl files below this directory", root))
	}
}

// maxLine bounds a line of standard input.
const maxLine = 1 << 20

// lines yields the lines of r. A block is turned into one string, of which the
// lines are parts.
func lines(r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		block := make([]byte, 1<<16)
		rest := ""
		for {
			n, err := r.Read(block)
			text := rest + string(block[:n])
			for {
				line, after, ok := strings.Cut(text, "\n")
				if !ok {
					break
				}
				if !yield(line, nil) {
					return
				}
				text = after
			}
			rest = text
			switch {
			case len(rest) > maxLine:
				yield("", fmt.Errorf("a line is longer than %d bytes", maxLine))
				return
			case err == io.EOF:
				if rest != "" {
					yield(rest, nil)
				}
				return
			case err != nil:
				yield("", err)
				return
			}
		}
	}
}
