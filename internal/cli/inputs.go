package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
)

// input is one subject of a command.
type input struct {
	name string // the file name, which is what a wheel claims
	path string // where the file is; empty for a name alone
	url  bool   // path is an http or https address
}

// accepted is what a command takes as arguments besides files.
type accepted uint8

const (
	acceptNames  accepted = 1 << iota // file names of wheels that are not there
	acceptSdists                      // the source distributions in directories
	acceptFiles  accepted = 0         // nothing else
)

// inputs yields what the arguments stand for, in their order: "-" for lines of
// standard input, a directory for the wheels below it, anything else for a file
// or, where names are allowed, a file name. The error belongs to one argument;
// the others still come.
func (c *invocation) inputs(takes accepted) iter.Seq2[input, error] {
	return func(yield func(input, error) bool) {
		here := workingFolder()
		for _, arg := range c.args {
			seq := expand(arg, here, takes)
			if arg == "-" {
				seq = c.standardInput(here, takes)
			}
			for in, err := range seq {
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

// expand yields the inputs that one argument means.
func expand(arg string, here folder, takes accepted) iter.Seq2[input, error] {
	namesAllowed := takes&acceptNames != 0
	return func(yield func(input, error) bool) {
		if strings.HasPrefix(arg, "https://") || strings.HasPrefix(arg, "http://") {
			in := input{name: urlName(arg)}
			if !namesAllowed { // for names, the name is all that counts
				in.path, in.url = arg, true
			}
			yield(in, nil)
			return
		}
		if here != nil && !isPath(arg) && !here[arg] && namesAllowed {
			yield(input{name: arg}, nil)
			return
		}
		info, err := os.Stat(arg)
		switch {
		case err == nil && info.IsDir():
			directory(arg, takes, yield)
		case err == nil && !info.Mode().IsRegular():
			yield(input{name: arg}, fmt.Errorf("%s: not a regular file or directory", arg))
		case err == nil:
			yield(input{name: filepath.Base(arg), path: arg}, nil)
		case namesAllowed && errors.Is(err, fs.ErrNotExist) && !isPath(arg):
			yield(input{name: arg}, nil)
		case errors.Is(err, fs.ErrNotExist):
			yield(input{name: arg}, fmt.Errorf("%s: no such file or directory", arg))
		default:
			yield(input{name: arg}, err)
		}
	}
}

// isPath reports whether a word can only be a path, on any system: one of several
// parts, or a directory that is in no listing.
func isPath(word string) bool {
	return word == "." || word == ".." || strings.IndexByte(word, '/') >= 0 || strings.IndexByte(word, '\\') >= 0
}

// urlName is the file name that an address ends in.
func urlName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return path.Base(u.Path)
}

// directory yields the wheels below a directory in lexical order, and the source
// distributions if they are taken.
func directory(root string, takes accepted, yield func(input, error) bool) {
	found := false
	stop := errors.New("stop")
	// A link to a folder is walked only with a separator behind it.
	behind := root
	if !strings.HasSuffix(behind, string(filepath.Separator)) {
		behind += string(filepath.Separator)
	}
	err := filepath.WalkDir(behind, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			found = true // for all that is known
			if !yield(input{name: path}, err) {
				return stop
			}
			return nil
		}
		if d.IsDir() || !strings.HasSuffix(d.Name(), ".whl") && (takes&acceptSdists == 0 || !isSdist(d.Name())) {
			return nil
		}
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			// A pipe would be waited for without end.
			found = true
			if !yield(input{name: path}, fmt.Errorf("%s: not a regular file or directory", path)) {
				return stop
			}
			return nil
		}
		found = true
		if !yield(input{name: d.Name(), path: path}, nil) {
			return stop
		}
		return nil
	})
	if err == nil && !found {
		files := "*.whl files"
		if takes&acceptSdists != 0 {
			files = "wheels or source distributions"
		}
		yield(input{name: root}, fmt.Errorf("%s: no %s in this directory", root, files))
	}
}

// isSdist reports whether a file name is that of a source distribution. Other archives
// in a directory are not meant.
func isSdist(name string) bool {
	_, err := wheel.ParseSdistName(name, "")
	return err == nil
}
