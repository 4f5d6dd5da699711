//go:build linux

// Command loaders compares what wheeltag says of files with what dynamic loaders do.
// It changes headers and dynamic entries of fixtures at random, always the same ones,
// asks wheeltag whether each mutant loads, and lets the loaders of several releases of
// glibc and musl load it.
//
//	go run ./internal/tools/loaders [-roots DIR] [-zig COMMAND] [-n MUTANTS] [NAME...]
//
// Wheeltag must not say that a file loads which a loader refuses. Where it says that a
// file does not load and a loader takes it, the reason must be in accepted.tsv. Files
// of which wheeltag says that it does not know are counted.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/tags/detect"
)

//go:embed probe/probe.c
var probeSource []byte

// harness is what all environments share.
type harness struct {
	dir      string // for everything that is made
	roots    string
	fixtures string
	compiler compiler
	accepted []accepted
}

func main() {
	log.SetFlags(0)
	roots := flag.String("roots", "", "directory that internal/tools/roots/build.sh made")
	zig := flag.String("zig", "", "command that runs zig, such as \"python -m ziglang\"")
	count := flag.Int("n", 3000, "how many mutants for each environment")
	skipped := flag.String("skipped", "", "file for a line about each environment that is not here")
	verbose := flag.Bool("v", false, "list every difference")
	flag.Parse()
	dir, err := os.MkdirTemp("", "wheeltag-loaders-")
	if err != nil {
		log.Fatal(err)
	}
	status := 0
	h := &harness{dir: dir, roots: *roots, fixtures: filepath.Join("testdata", "elf"), compiler: compiler{strings.Fields(*zig), dir}}
	if h.accepted, err = readAccepted(); err != nil {
		log.Fatal(err)
	}
	for _, e := range environments {
		if flag.NArg() > 0 && !slices.Contains(flag.Args(), e.name) {
			continue
		}
		began := time.Now()
		list, err := h.trials(&e, *count)
		switch {
		case errors.Is(err, errNotHere):
			fmt.Printf("skipped: loader of %s: %v\n", e.name, err)
			if err := note(*skipped, fmt.Sprintf("loader of %s: %v\n", e.name, err)); err != nil {
				log.Fatal(err)
			}
		case err != nil:
			status = 1
			log.Printf("%s: %v", e.name, err)
		default:
			r := h.compare(&e, list)
			r.write(os.Stdout, time.Since(began), *verbose)
			if r.failed() {
				status = 1
			}
		}
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

// note adds text to a file, if there is one.
func note(path, text string) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// hostIs reports whether programs for a machine run here by themselves.
func hostIs(machine string) bool {
	return runtime.GOOS == "linux" && runtime.GOARCH == map[string]string{"x86_64": "amd64"}[machine]
}

// prepare makes what an environment needs: the command that loads files, and its
// root as wheeltag sees it. The error is errNotHere where something is missing.
func (h *harness) prepare(e *environment, dir string) (command []string, s *detect.System, err error) {
	machine, _, _ := strings.Cut(e.target, "-")
	root := "/"
	if e.root != "" {
		root = filepath.Join(h.roots, e.root)
		if _, err := os.Stat(root + ".done"); h.roots == "" || err != nil {
			return nil, nil, fmt.Errorf("%w: no root %s", errNotHere, e.root)
		}
	}
	if e.emulator == "" && !hostIs(machine) {
		return nil, nil, fmt.Errorf("%w: needs %s", errNotHere, machine)
	}
	if e.emulator != "" {
		if _, err := exec.LookPath(e.emulator); err != nil {
			return nil, nil, fmt.Errorf("%w: %w", errNotHere, err)
		}
	}
	program, err := h.compiler.probe(e)
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(filepath.Join(root, e.loader)); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errNotHere, err)
	}
	loader, kind, library := filepath.Join(root, e.loader), "dynamic", ""
	if strings.Contains(e.target, "musl") {
		kind = "musl"
	} else if library, err = findLibrary(root, e.library); err != nil {
		return nil, nil, err
	}
	if e.emulator != "" {
		command = []string{e.emulator}
	}
	command = append(command, loader)
	if e.library != "" {
		command = append(command, "--library-path", filepath.Join(root, e.library))
	}
	s, err = system(filepath.Join(dir, "root"), filepath.Join(h.fixtures, "exe-"+machine+"-"+kind), loader, library)
	return append(command, program), s, err
}

// findLibrary returns the C library of a root.
func findLibrary(root, dir string) (string, error) {
	for _, dir := range []string{dir, "lib/x86_64-linux-gnu", "lib64", "usr/lib64", "usr/lib"} {
		library := filepath.Join(root, dir, "libc.so.6")
		if _, err := os.Stat(library); dir != "" && err == nil {
			return library, nil
		}
	}
	return "", fmt.Errorf("%w: no libc.so.6 in %s", errNotHere, root)
}
