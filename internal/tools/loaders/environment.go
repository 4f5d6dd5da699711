//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// environment is a loader and what it loads.
type environment struct {
	name     string
	root     string // its directory below those of internal/tools/roots/build.sh, "" for this machine
	loader   string // in the root
	library  string // the directory of the C library in the root
	target   string // the machine and C library, as zig says it
	emulator string // the program that runs code of the machine, "" when this machine does
	module   string // what mutants are called: the name of an extension module
	fixtures []string
}

const (
	gnuModule  = "demo.cpython-311-%s-linux-gnu.so"
	muslModule = "demo.cpython-311-%s-linux-musl.so"
)

// forGNU are the fixtures for glibc on x86_64.
var forGNU = []string{
	"ext-x86_64-gnu2.17.so", "hash-x86_64-sysv.so", "hash-x86_64-gnu.so", "hard-x86_64-lazy.so", "hard-x86_64-norelro.so",
	"need-x86_64-glibc2.99-weakflag.so", "libdemoxx-abc123.so.6", "arch-x86_64-ifunc.so", "nosyms-x86_64.so", "export-x86_64-modexport.so",
}

var environments = []environment{
	{"glibc of this machine", "", "lib64/ld-linux-x86-64.so.2", "", "x86_64-linux-gnu", "", gnuModule, append([]string{"need-x86_64-relr.so"}, forGNU...)},
	{"glibc 2.31", "libc-bullseye-amd64", "lib/x86_64-linux-gnu/ld-2.31.so", "lib/x86_64-linux-gnu", "x86_64-linux-gnu", "", gnuModule, forGNU},
	{"glibc 2.41", "libc-trixie-amd64", "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "lib/x86_64-linux-gnu", "x86_64-linux-gnu", "", gnuModule, append([]string{"need-x86_64-relr.so"}, forGNU...)},
	{"musl 1.2.3", "musl-amd64", "lib/ld-musl-x86_64.so.1", "lib/x86_64-linux-musl", "x86_64-linux-musl", "", muslModule, forMusl},
	{"musl 1.2.5", "libc-musl-trixie-amd64", "lib/ld-musl-x86_64.so.1", "lib/x86_64-linux-musl", "x86_64-linux-musl", "", muslModule, forMusl},
	{"glibc 2.36 on aarch64", "libc-bookworm-arm64", "lib/ld-linux-aarch64.so.1", "lib/aarch64-linux-gnu", "aarch64-linux-gnu", "qemu-aarch64-static", gnuModule, []string{
		"ext-aarch64-gnu2.17.so", "hash-aarch64-sysv.so", "hard-aarch64-norelro.so", "page-aarch64-4k.so", "libdemoxx-aarch64.so.6"}},
	{"glibc 2.36 on s390x", "libc-bookworm-s390x", "lib/ld64.so.1", "lib/s390x-linux-gnu", "s390x-linux-gnu", "qemu-s390x-static", gnuModule, []string{
		"ext-s390x-gnu2.17.so", "hash-s390x-sysv64.so", "hard-s390x-norelro.so", "need-s390x-glibc2.99-weakflag.so", "libdemoxx-s390x.so.6"}},
}

var forMusl = []string{"ext-x86_64-musl.so", "musl-x86_64-alpine.so", "musl-x86_64-atexit-weak.so", "nosyms-x86_64.so"}

// compiler makes programs for the targets of environments.
type compiler struct {
	zig []string // the words that call zig, none without it
	dir string   // for its results
}

// sonames are the libraries of a C library that a program needs.
func (e *environment) sonames() []string {
	if strings.Contains(e.target, "musl") {
		return []string{"libc.so"}
	}
	return []string{"libc.so.6", "libdl.so.2"} // the second has dlopen before 2.34
}

// probe compiles the program that loads files, once for each target.
func (c *compiler) probe(e *environment) (string, error) {
	program := filepath.Join(c.dir, "probe-"+e.target)
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	var command []string
	gcc, err := exec.LookPath("gcc")
	switch {
	case len(c.zig) > 0:
		command = append(append(command, c.zig...), "cc", "-target", e.target)
	case err == nil && e.emulator == "" && hostIs("x86_64"):
		command = []string{gcc}
	default:
		return "", fmt.Errorf("%w: no compiler for %s", errNotHere, e.target)
	}
	command = append(command, "-shared", "-nostdlib", "-fPIC", "-fno-stack-protector", "-fno-builtin")
	source := filepath.Join(c.dir, "probe.c")
	if err := os.WriteFile(source, probeSource, 0o644); err != nil {
		return "", err
	}
	empty := filepath.Join(c.dir, "empty.c")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		return "", err
	}
	link := []string{"-O1", "-Wl,-e,start", "-Wl,--no-as-needed", "-o", program, source}
	for i, soname := range e.sonames() {
		library := filepath.Join(c.dir, fmt.Sprintf("%s-%d.so", e.target, i))
		if err := run(append(command, "-Wl,-soname,"+soname, "-o", library, empty)); err != nil {
			return "", err
		}
		link = append(link, library)
	}
	return program, run(append(command, link...))
}

func run(command []string) error {
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, out)
	}
	return nil
}
