//go:build linux

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/tags/detect"
	"github.com/wheeltag/wheeltag/wheel/audit"
)

// answer is what wheeltag says of a file in a root, and why where it is not yes.
type answer struct {
	loads   loads.Status
	reasons []string
}

// system makes a small root in dir of a loader, the C library next to it and a
// program that starts with that loader, and reads it.
func system(dir, program, loader, library string) (*detect.System, error) {
	f, err := elfaudit.ReadFile(program)
	if err != nil {
		return nil, err
	}
	copies := map[string]string{"bin/sh": program, f.Interpreter: loader}
	if library != "" {
		name := filepath.Base(library)
		copies[filepath.Join("lib", name)] = library
	}
	for to, from := range copies {
		data, err := os.ReadFile(from)
		if err != nil {
			return nil, err
		}
		to = filepath.Join(dir, to)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(to, data, 0o755); err != nil {
			return nil, err
		}
	}
	return detect.Dir(dir, detect.Options{})
}

// ask asks whether a file that would be called name loads.
func ask(s *detect.System, name string, data []byte) (answer, error) {
	subject, err := audit.OpenELF(bytes.NewReader(data), int64(len(data)), name)
	switch {
	case errors.Is(err, elfaudit.ErrNotELF):
		return answer{loads.No, []string{"not an ELF file"}}, nil
	case err != nil:
		return answer{}, err
	}
	r := subject.LoadsIn(subject.Report(), s, nil)
	a := answer{loads: r.Loads, reasons: append(r.Missing, r.NoData...)}
	for i, reason := range a.reasons {
		if reason == "" {
			a.reasons[i] = "a library without a name"
		}
	}
	var format *elfaudit.FormatError
	if file := subject.ELF.Files[0]; errors.As(file.Err, &format) {
		a.reasons = []string{format.Field + ": " + format.Reason}
	}
	return a, nil
}

// kind is the reason without names and numbers that only this file has.
func (a answer) kind() string {
	var list []string
	for _, r := range a.reasons {
		list = append(list, general(r))
	}
	return strings.Join(list, "; ")
}
