//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/wheeltag/wheeltag/manylinux/loads"
)

// trial is one mutant with both answers.
type trial struct {
	file    string // where it lies
	base    string
	number  uint64
	changes []string
	ours    answer
	theirs  string // "ok", or what the loader said or how its process ended
}

// loaded reports whether the loader took the file.
func (t *trial) loaded() bool { return t.theirs == "ok" }

// errNotHere reports an environment that this machine cannot have.
var errNotHere = errors.New("not available")

// trials makes count mutants in an environment and gets both answers for each, after
// those for the fixtures themselves, which all have to load.
func (h *harness) trials(e *environment, count int) ([]trial, error) {
	dir, err := os.MkdirTemp(h.dir, "trials-")
	if err != nil {
		return nil, err
	}
	command, s, err := h.prepare(e, dir)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	machine, _, _ := strings.Cut(e.target, "-")
	module := fmt.Sprintf(e.module, machine)
	bases, err := h.bases(e)
	if err != nil {
		return nil, err
	}
	list := make([]trial, 0, count+len(bases))
	add := func(t trial, data []byte) error {
		place := filepath.Join(dir, fmt.Sprint(len(list)))
		if t.ours, err = ask(s, module, data); err != nil {
			return fmt.Errorf("%s, mutant %d: %w", t.base, t.number, err)
		}
		if err := os.Mkdir(place, 0o755); err != nil {
			return err
		}
		t.file = filepath.Join(place, module)
		list = append(list, t)
		return os.WriteFile(t.file, data, 0o755)
	}
	for _, b := range bases {
		if err := add(trial{base: b.name}, b.data); err != nil {
			return nil, err
		}
	}
	for i := range count {
		b := &bases[i%len(bases)]
		m := b.mutate(uint64(i) + 1)
		if err := add(trial{base: b.name, number: uint64(i) + 1, changes: m.changes}, m.data); err != nil {
			return nil, err
		}
	}
	if err := load(command, list); err != nil {
		return nil, err
	}
	for i := range bases {
		if t := &list[i]; !t.loaded() || t.ours.loads != loads.Yes {
			return nil, fmt.Errorf("%s does not load unchanged: %s; wheeltag says %s: %v", t.base, t.theirs, t.ours.loads, t.ours.reasons)
		}
	}
	return list[len(bases):], nil
}

// bases reads the fixtures of an environment.
func (h *harness) bases(e *environment) (list []base, err error) {
	for _, name := range e.fixtures {
		data, err := os.ReadFile(filepath.Join(h.fixtures, name))
		if err != nil {
			return nil, err
		}
		b, err := newBase(name, data)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, nil
}

// load lets the loader of a command load all the files, several at a time: some of
// them never end by themselves.
func load(command []string, list []trial) error {
	const processes = 12
	var all sync.WaitGroup
	failed := make([]error, processes)
	for i := range processes {
		part := list[len(list)*i/processes : len(list)*(i+1)/processes]
		all.Go(func() { failed[i] = loadPart(command, part) })
	}
	all.Wait()
	return errors.Join(failed...)
}

// loadPart lets one process load files, which makes another for each.
func loadPart(command []string, list []trial) error {
	const patience = 5 * time.Minute
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var in bytes.Buffer
	for i := range list {
		fmt.Fprintln(&in, list[i].file)
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Env, cmd.WaitDelay = &in, []string{}, time.Second
	out, err := cmd.Output()
	lines := bufio.NewScanner(bytes.NewReader(out))
	for i := range list {
		if !lines.Scan() {
			return fmt.Errorf("%s: no answer for %s: %w", strings.Join(command, " "), list[i].file, err)
		}
		list[i].theirs = strings.TrimSpace(strings.ReplaceAll(lines.Text(), list[i].file, "FILE"))
	}
	return err
}

var (
	quoted = regexp.MustCompile("`[^']*'|'[^']*'")
	number = regexp.MustCompile(`0x[0-9a-f]+|\b[0-9]+\b`)
)

// general replaces what only one file has in a message: names and numbers.
func general(message string) string {
	if at := strings.Index(message, "undefined symbol"); at >= 0 {
		message = message[:at] + "undefined symbol"
	}
	return number.ReplaceAllString(quoted.ReplaceAllString(message, "NAME"), "N")
}
