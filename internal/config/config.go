package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/spelling"
	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags/fleet"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// The files that Find looks for.
const (
	Name      = "wheeltag.toml"
	pyproject = "pyproject.toml"
)

// maxSize bounds a file in bytes.
const maxSize = 4 << 20

// Config is what a configuration file says.
type Config struct {
	File       string // its path, "" when there is none
	Targets    *fleet.Fleet
	Run        Run
	General    Table
	Tables     []Table         // for projects, then for files, each in the order of the file
	Indexes    []finding.Index // private ones
	Policies   []*manylinux.Custom
	Allowances []finding.Allowance
	// RequiredVersion is the range of versions of this program that the file is for, ""
	// for all.
	RequiredVersion string
}

// Run is what the file says of a whole run; the zero value is what it leaves out.
type Run struct {
	ExitZero, Statistics, Quiet bool
	Output                      string // a path, relative to the directory of the file
	Jobs                        int
}

// Error is a fault in a configuration file.
type Error struct {
	File    string
	Line    int // 1-based; 0 when it is the file as a whole
	Message string
	Err     error // the cause, or nil
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Find returns the path of the nearest configuration file in dir or above it: a
// wheeltag.toml, or a pyproject.toml with a table tool.wheeltag. It is "" when there
// is none.
func Find(dir string) string {
	for {
		for _, name := range []string{Name, pyproject} {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > maxSize {
				continue
			}
			if name == Name {
				return path
			}
			if text, err := os.ReadFile(path); err == nil && hasOurs(text) {
				return path
			}
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// hasOurs reports whether a pyproject.toml speaks to this program. What cannot be
// read as TOML does not.
func hasOurs(text []byte) bool {
	if !bytes.Contains(text, []byte("wheeltag")) {
		return false
	}
	doc, err := tomltree.Parse(text)
	return err == nil && ours(doc) != nil
}

// ours returns the table tool.wheeltag, or nil.
func ours(doc *tomltree.Table) *tomltree.Table {
	for _, key := range []string{"tool", "wheeltag"} {
		n := doc.Get(key)
		if n == nil || n.Kind != tomltree.TableKind {
			return nil
		}
		doc = n.Table
	}
	return doc
}

// ReadFile reads the file at path; version is as in [Parse].
func ReadFile(path, version string) (*Config, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
	case info.Size() > maxSize:
		return nil, &Error{File: path, Message: fmt.Sprintf("is larger than %d bytes", maxSize)}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(text, path, version)
}

// Parse reads the content of a file; name is for errors, and says by its base
// whether it is a pyproject.toml and by its ending whether it is JSON, which holds
// targets alone. version is that of this program, "" if it is not known. The error joins
// an [*Error] or a [*fleet.Error] for each fault, and then there is no Config. A file
// for another version has that fault alone.
func Parse(text []byte, name, version string) (*Config, error) {
	c := &Config{File: name}
	r := reader{config: c}
	var doc *tomltree.Table
	if !strings.HasSuffix(name, ".json") {
		var bad *tomltree.Error
		if doc, bad = tomltree.Parse(text); bad != nil {
			return nil, &Error{name, bad.Line, bad.Message, bad.Err}
		}
		if filepath.Base(name) == pyproject {
			doc = ours(doc)
		}
		if r.readVersion(doc, version); r.faults != nil {
			return nil, r.err()
		}
	}
	var err error
	if c.Targets, err = fleet.Read(bytes.NewReader(text), name); err != nil {
		return nil, err
	}
	if doc != nil {
		r.read(doc)
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Policy returns a custom policy by name, or nil.
func (c *Config) Policy(name string) *manylinux.Custom {
	for _, p := range c.Policies {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// unknownKey says what a key should have been.
func unknownKey(key string, known []string) string {
	text := fmt.Sprintf("unknown key %q", key)
	if near := spelling.Suggest(key, known); near != "" {
		return text + "; did you mean " + near + "?"
	}
	sorted := slices.Sorted(slices.Values(known))
	return text + "; the keys here are " + strings.Join(sorted, ", ")
}
