package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/tags"
)

// System is what a root file system is.
type System struct {
	// Machine is the machine of the root's own programs as platform tags name
	// it, and Libc their C library. Both are those of the Pythons when all
	// agree, and of /bin/sh or another program of the base system otherwise.
	// Machine is "" and Libc of no family when they are unknown.
	Machine string
	Libc    Libc

	Release Release // from os-release
	Pythons []Python
	Hints   []Fact // libstdc++ and libgcc, processor level, page size; a later machine that it runs on

	Warnings []Warning

	// Searched are the directories that were searched for interpreters. Where they
	// hold none, Walked counts the others that were looked through after them.
	Searched []string
	Walked   int

	root    *tree
	path    []string // where python3 is looked up, for Default
	loaders map[string]*loader.Loader
	close   func() error
}

// Close closes the directory of [Dir]. Libraries cannot be looked up any more.
func (s *System) Close() error {
	if s.close == nil {
		return nil
	}
	return s.close()
}

// Fact is something that was read, and where.
type Fact struct {
	What  string `json:"what"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// ErrNoSystem reports a directory that holds no Linux system: no program with a
// known machine and no Python.
var ErrNoSystem = errors.New("not a Linux root: no Python, shell or C library found")

// ErrNoInterpreter reports that what is at [Options].Interpreter is no Python.
var ErrNoInterpreter = errors.New("not a Python program")

// Options say what the files of a root cannot.
type Options struct {
	// Path is the value of PATH for processes in the root, for
	// [System.Default]. Empty means the usual directories.
	Path string
	// LibraryPath is the value of LD_LIBRARY_PATH there.
	LibraryPath string
	// Kernel is the machine that the kernel reports, "aarch64". With it, a
	// 32-bit ARM Python on a 64-bit kernel is known to be armv8l.
	Kernel string
	// Interpreter is the path of a Python in the root. If set, only this one is read.
	Interpreter string
}

// Dir reads the root in the directory dir. The System must be closed.
func Dir(dir string, o Options) (*System, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	fsys, ok := root.FS().(fs.ReadLinkFS)
	if !ok {
		root.Close()
		return nil, fmt.Errorf("%s: the operating system cannot read symbolic links", dir)
	}
	s, err := Root(fsys, o)
	if err != nil {
		root.Close()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	s.close = root.Close
	return s, nil
}

// Root reads a root file system. The error is one of reading its top directory,
// [ErrNoSystem], [ErrNoInterpreter] or, if nothing is at [Options].Interpreter,
// fs.ErrNotExist; everything else that goes wrong is a warning. The System goes on
// using fsys.
func Root(fsys fs.ReadLinkFS, o Options) (*System, error) {
	return readRoot(fsys, o, defaultLimits())
}

func readRoot(fsys fs.ReadLinkFS, o Options, l limits) (*System, error) {
	t := newTree(fsys, l)
	if _, err := fs.Stat(fsys, "."); err != nil {
		return nil, err
	}
	s := &System{root: t, path: searchPath(o.Path), loaders: map[string]*loader.Loader{}}
	s.readRelease()
	r := reader{System: s, options: o, libcs: map[string]Libc{}, inside: map[string]string{}}
	r.pythons()
	r.baseSystem()
	r.hints()
	s.Warnings = t.warnings
	if o.Interpreter != "" && len(s.Pythons) == 0 {
		err := ErrNoInterpreter
		if !t.exists(o.Interpreter) {
			err = fs.ErrNotExist
		}
		return nil, fmt.Errorf("%s: %w", absolute(o.Interpreter), err)
	}
	if s.Machine == "" && len(s.Pythons) == 0 {
		return nil, ErrNoSystem
	}
	return s, nil
}

// reader is the work of reading one root.
type reader struct {
	*System
	options Options
	libcs   map[string]Libc   // by the path of the loader
	count   int               // of loaders
	inside  map[string]string // versions inside programs, by the start of the version and program
}

// programs tell the machine and the C library of a root without a Python, or
// with Pythons that differ.
var programs = []string{"bin/sh", "usr/bin/env", "bin/busybox", "usr/bin/bash", "bin/ls", "sbin/apk", "usr/bin/coreutils"}

// system is the key of the libraries of the root's own programs.
const system = "system"

// baseSystem finds the machine and the C library of the root as a whole.
func (r *reader) baseSystem() {
	present := r.presentLoaders()
	if !r.fromDefaultPython() && !r.fromPrograms() && !r.fromLoaders(present) {
		r.fromFirstPython()
	}
	if len(present[tags.Glibc]) > 0 && len(present[tags.Musl]) > 0 {
		r.root.warn(CodeTwoLibcs, present[tags.Musl][0], "is the loader of musl, and %s that of glibc; each program runs with the one that it names, and the system counts as one with %s",
			present[tags.Glibc][0], r.Libc.Family)
	}
}

// fromDefaultPython takes the system of the Python that python3 starts.
func (r *reader) fromDefaultPython() bool {
	d := r.onPath()
	if d == nil {
		return false
	}
	r.Machine, r.Libc = d.Platform.Arch, d.Libc
	r.loaders[system] = r.loaders[d.Program]
	return true
}

// fromPrograms takes the system of a shell or another basic program. A static one
// shows the machine alone.
func (r *reader) fromPrograms() bool {
	for _, name := range programs {
		place, _, err := r.root.resolve(name)
		if err != nil {
			r.root.unreadable(name, err)
			continue
		}
		f, err := r.root.elf(place)
		if err != nil {
			continue
		}
		if r.Machine == "" {
			r.Machine = machineOf(f)
		}
		if f.Interpreter != "" {
			r.Machine, r.Libc = machineOf(f), r.libcOf(f, place)
			r.loaders[system] = r.loaderFor(f)
			return true
		}
	}
	return false
}

// fromLoaders takes the system of a dynamic loader, for a root with nothing but
// libraries, as in an image for one program.
func (r *reader) fromLoaders(present map[tags.LibcFamily][]string) bool {
	for _, family := range []tags.LibcFamily{tags.Glibc, tags.Musl} {
		for _, name := range present[family] {
			f, err := r.root.elf(name)
			if err != nil || r.Machine != "" && machineOf(f) != r.Machine {
				continue
			}
			like := *f
			like.Interpreter = name
			r.Machine = machineOf(f)
			r.loaders[system] = r.loaderFor(&like)
			if family == tags.Musl {
				r.Libc = r.musl(name)
			} else {
				r.Libc = r.glibc(&like)
			}
			return true
		}
	}
	return false
}

// fromFirstPython is what is left when nothing else is known.
func (r *reader) fromFirstPython() {
	switch {
	case len(r.Pythons) > 0:
		r.Machine, r.Libc = r.Pythons[0].Platform.Arch, r.Pythons[0].Libc
		r.loaders[system] = r.loaders[r.Pythons[0].Program]
	case r.Machine != "":
		r.root.warn(CodeNoLibc, ".", "has programs for %s but no C library; only static programs run here", r.Machine)
	}
}
