package linkset

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// File is one ELF file of a wheel.
type File struct {
	Path     string         // in the archive
	ELF      *elfaudit.File // nil when Err is set
	Err      error          // why the file cannot be judged
	Machine  string         // as in platform tags, "" when tags have no word for it
	Libc     elfaudit.Libc
	Evidence string   // for Libc
	Needed   []string // DT_NEEDED, each name once
	// Sectionless is set when the section headers were stripped. No loader
	// reads them; tools that do see less.
	Sectionless bool
	// StripSize is how many bytes strip would remove, where that was looked at:
	// in files with much outside their segments.
	StripSize uint64

	many map[string]bool // the same, when there are many
}

// NewFile returns the File of what [elfaudit.Read] returned for the file with a path. It is nil
// for a file without the ELF magic number.
func NewFile(name string, f *elfaudit.File, err error) *File {
	if errors.Is(err, elfaudit.ErrNotELF) {
		return nil
	}
	if err != nil {
		return &File{Path: name, Err: err}
	}
	o := &File{Path: name, ELF: f, Machine: f.MachineTag()}
	if o.Libc, o.Evidence = f.Libc(); o.Libc == elfaudit.LibcUnknown || o.Libc == elfaudit.LibcNone && f.Interpreter == "" && !f.Static {
		if libc := libcOfName(name); libc != elfaudit.LibcUnknown {
			o.Libc, o.Evidence = libc, "the name of the module"
		}
	}
	o.readNeeded()
	return o
}

// libcOfName returns the C library that the file name of an extension module says. Names
// do so from Python 3.11 on; before, musl builds had gnu in theirs as well.
func libcOfName(name string) elfaudit.Libc {
	_, rest, _ := strings.Cut(path.Base(name), ".cpython-3")
	digits, triplet, _ := strings.Cut(rest, "-")
	minor, err := strconv.Atoi(strings.TrimRight(digits, "td"))
	switch {
	case err != nil || minor < 11 || !strings.HasSuffix(name, ".so"):
	case strings.Contains(triplet, "-linux-musl"):
		return elfaudit.LibcMusl
	case strings.Contains(triplet, "-linux-gnu"):
		return elfaudit.LibcGlibc
	}
	return elfaudit.LibcUnknown
}

// readNeeded keeps each name of DT_NEEDED once, as nearly all files have it.
func (f *File) readNeeded() {
	const few = 16
	if len(f.ELF.Needed) > few {
		f.many = make(map[string]bool, len(f.ELF.Needed))
	}
	for _, library := range f.ELF.Needed {
		if f.Needs(library) {
			continue
		}
		f.Needed = append(f.Needed, library)
		if f.many != nil {
			f.many[library] = true
		}
	}
}

// Needs reports whether the file names a library in DT_NEEDED.
func (f *File) Needs(library string) bool {
	if f.many != nil {
		return f.many[library]
	}
	return slices.Contains(f.Needed, library)
}

// Footprint is about how many bytes of memory the file's tables take.
func (f *File) Footprint() int64 {
	if f == nil || f.ELF == nil {
		return 0
	}
	const name = 64 // in a map
	return f.ELF.Footprint() + name*int64(len(f.many))
}

// Loads reports whether the file takes part in dynamic loading, which object
// files and core dumps do not.
func (f *File) Loads() bool {
	return f.ELF != nil && (f.ELF.Kind == elfaudit.KindSharedObject || f.ELF.Kind == elfaudit.KindExecutable)
}

// RunPaths returns the entries that the loader uses for the file's own needs:
// DT_RUNPATH replaces DT_RPATH.
func (f *File) RunPaths() []string {
	if f.ELF.RunPath != nil {
		return f.ELF.RunPath
	}
	return f.ELF.RPath
}

// IsModule reports whether Python imports the file as a module, which its name and its
// initialisation function decide together.
func (f *File) IsModule() bool {
	stem, _, _ := strings.Cut(path.Base(f.Path), ".")
	for _, init := range f.ELF.ExtensionInit() {
		if init.Module == stem {
			return true
		}
	}
	return false
}

// moduleName matches the file names by which Python finds extension modules on Linux
// and macOS.
var moduleName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\.(abi3|abi3t|(cpython|pypy|graalpy)-?\d[^/]*)\.so$`)
})

// HasModuleName reports whether a path has the file name of an extension module with
// the ABI in it, such as m.cpython-311-x86_64-linux-gnu.so.
func HasModuleName(name string) bool {
	return strings.HasSuffix(name, ".so") && moduleName().MatchString(path.Base(name))
}

// IsProgram reports whether the file is the first in its process, so that no other file
// can load anything before it.
func (f *File) IsProgram() bool {
	return f.ELF.Kind == elfaudit.KindExecutable
}

// RunsOn reports whether code for one machine runs on another: on itself, and
// ARMv6 code on ARMv7.
func RunsOn(code, machine string) bool {
	return code == machine && code != "" || code == "armv6l" && machine == "armv7l"
}

// Share reports whether two files can be loaded into one process.
func Share(a, b *File) bool {
	return RunsOn(a.Machine, b.Machine) || RunsOn(b.Machine, a.Machine)
}
