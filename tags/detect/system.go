package detect

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/wheeltag/wheeltag/tags"
)

// System is what a root file system is.
type System struct {
	// Machine is the machine of the root's own programs as platform tags name
	// it, and Libc their C library. Both are those of the Pythons when all
	// agree, and of /bin/sh or another program of the base system otherwise.
	// Machine is "" and Libc of no family when nothing tells.
	Machine string
	Libc    Libc

	Release Release // from os-release
	Pythons []Python
	Hints   []Fact // libstdc++ and libgcc, processor level, page size

	Warnings []Warning

	root  *tree
	path  []string // where python3 is looked up, for Default
	libs  map[string]*Libraries
	close func() error
}

// Close lets go of the folder of [Dir]. Libraries cannot be looked up any more.
func (s *System) Close() error {
	if s.close == nil {
		return nil
	}
	return s.close()
}

// Libc is a C library that is really there.
type Libc struct {
	tags.Libc
	Version string // "2.36", "1.2.4"
	Path    string // of the library
	From    string // how the version was found
}

// Release is what os-release says, all of it as written there.
type Release struct {
	ID, VersionID, Codename, Name string
	Path                          string
}

// Word is the release in the form of a target, "debian:12", or "".
func (r Release) Word() string {
	if r.ID == "" || r.VersionID == "" {
		return r.ID
	}
	return r.ID + ":" + r.VersionID
}

// Python is one interpreter of the root, or one environment of it.
type Python struct {
	Path     string // "/usr/bin/python3.11", "/opt/venv/bin/python3"
	Names    []string
	Program  string // the ELF file that Path leads to
	Prefix   string // where its library is, "/usr"
	Venv     string // the folder of the environment, or ""
	Version  string // "3.11.2", or "3.11" when the patch release is not told
	Python   tags.Python
	Platform tags.Platform
	Libc     Libc

	ExternallyManaged string   // path of the marker of PEP 668, or ""
	Manylinux         []string // paths of _manylinux modules, which can veto manylinux tags

	Facts []Fact
}

// Fact is something that was read, and where.
type Fact struct {
	What  string `json:"what"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// Warning is something that the result does not show.
type Warning struct {
	Code    string `json:"code"`
	Path    string `json:"path"`
	Message string `json:"message"`
}

// The codes of warnings. They never change.
const (
	CodeUnreadable  = "unreadable"   // a file or folder that could not be read
	CodeDamaged     = "damaged"      // a file that is not what it should be
	CodeLimit       = "limit"        // more than is looked at
	CodeTwoLibcs    = "two-libcs"    // glibc and musl side by side
	CodeNoLibc      = "no-libc"      // the loader that a program names is not there
	CodeLibcVersion = "libc-version" // the version could not be read
	CodeDisagree    = "disagree"     // two sources say different things
	CodeVersion     = "version"      // a Python whose version could not be read
	CodeLink        = "broken-link"  // a Python that leads nowhere
	CodeScript      = "script"       // a Python that is a script, not a program
	CodeManylinux   = "manylinux"    // a _manylinux module is there
)

// Options say what the files of a root cannot.
type Options struct {
	// Path is the value of PATH for processes in the root, for
	// [System.Default]. Empty stands for the usual folders.
	Path string
	// LibraryPath is the value of LD_LIBRARY_PATH there.
	LibraryPath string
	// Kernel is the machine that the kernel reports, "aarch64". With it, a
	// 32-bit ARM Python on a 64-bit kernel is known to be armv8l.
	Kernel string
}

// Dir reads the root in the folder dir. The System must be closed.
func Dir(dir string, o Options) (*System, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	fsys, ok := root.FS().(fs.ReadLinkFS)
	if !ok {
		root.Close()
		return nil, fmt.Errorf("%s: this system cannot show links", dir)
	}
	s, err := Root(fsys, o)
	if err != nil {
		root.Close()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	s.close = root.Close
	return s, nil
}

// Root reads a root file system. The error is one of reading its top folder, or
// [ErrNoSystem]; everything else that goes wrong is a warning. The System goes on
// using fsys.
func Root(fsys fs.ReadLinkFS, o Options) (*System, error) {
	t := newTree(fsys)
	if _, err := fs.Stat(fsys, "."); err != nil {
		return nil, err
	}
	s := &System{root: t, path: searchPath(o.Path), libs: map[string]*Libraries{}}
	s.readRelease()
	r := reader{System: s, options: o, libcs: map[string]Libc{}, inside: map[string]string{}}
	r.pythons()
	r.base()
	r.hints()
	s.Warnings = t.warnings
	if s.Machine == "" && len(s.Pythons) == 0 {
		return nil, ErrNoSystem
	}
	return s, nil
}

// reader is the work of reading one root.
type reader struct {
	*System
	options Options
	libcs   map[string]Libc // by the path of the loader
	loaders int
	inside  map[string]string // versions inside programs, by the start of the version and program
}
