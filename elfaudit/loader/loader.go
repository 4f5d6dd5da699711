package loader

import (
	"debug/elf"
	"encoding/binary"
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/internal/machine"
)

// Loader is a dynamic loader for one machine in a tree. Its exported fields may be
// changed before it is used. It is not safe for concurrent use.
type Loader struct {
	Path string // of the loader itself, absolute; "" when it is not in the tree
	Musl bool   // follows the rules of musl, otherwise those of glibc

	LibraryPath []string // the directories of LD_LIBRARY_PATH
	Configured  []string // the directories of /etc/ld.so.conf or of musl's path file
	Default     []string // the directories that are searched without being configured

	// Levels are the directories below glibc-hwcaps that the processor can run,
	// the best first, such as x86-64-v3. Empty means any processor of the machine.
	Levels []string
	// Lib and Platform are what $LIB and $PLATFORM may mean.
	Lib, Platform []string

	// Problems are what could not be read of the configuration.
	Problems []Problem

	like  *elfaudit.File // the machine, class, byte order and floating-point ABI
	tree  *Tree
	dirs  map[string]string // places of directories by their paths, "" for none
	paths map[string][]directoryOf
	fixed map[string]location // searches of what is the same for all objects
	all   []string            // directories below glibc-hwcaps of the machine, best first
	left  int
}

// Problem is something about the configuration of a loader that a reader should know.
type Problem struct {
	Path string
	Err  error // of reading the file, or a [*LimitError]
}

// LimitError says that a configuration has more of something than is looked at.
type LimitError struct{ Message string }

func (e *LimitError) Error() string { return e.Message }

// MaxSteps is how many directories and names one Loader looks at. The largest wheels
// take some ten thousand steps.
const MaxSteps = 1_000_000

// New returns a loader for files like one, by the rules of musl or glibc, with the
// default directories of a machine as platform tags name it. For a tree of nothing but
// wheel files the machine may be "".
func New(t *Tree, like *elfaudit.File, musl bool, machineTag string) *Loader {
	l := &Loader{
		Musl: musl, tree: t, like: abiOf(like), left: MaxSteps,
		dirs: map[string]string{}, paths: map[string][]directoryOf{}, fixed: map[string]location{},
	}
	m, _ := machine.Find("linux", machineTag)
	l.all = levels[like.Machine]
	l.Platform = platforms[like.Machine]
	l.Lib = []string{"lib64", "lib", "lib32", "libx32"}
	if m.Triplet != "" {
		l.Lib = append(l.Lib, "lib/"+m.Triplet)
	}
	switch {
	case machineTag == "":
	case musl:
		l.Default = []string{"/lib", "/usr/local/lib", "/usr/lib"}
	default:
		if m.Triplet != "" {
			l.Default = append(l.Default, "/lib/"+m.Triplet, "/usr/lib/"+m.Triplet)
		}
		l.Default = append(l.Default, m.Directories...)
		l.Default = append(l.Default, "/lib64", "/usr/lib64", "/lib", "/usr/lib")
	}
	return l
}

// For returns the loader that a program names, with its configuration in the tree.
// machineTag is the machine of the program as platform tags name it.
func For(t *Tree, program *elfaudit.File, machineTag string) *Loader {
	musl := strings.HasPrefix(path.Base(program.Interpreter), "ld-musl-")
	l := New(t, program, musl, machineTag)
	l.Path = program.Interpreter
	if musl {
		l.readMuslPath()
	} else {
		l.readConf()
		l.settleLib()
	}
	return l
}

// In returns the same loader in another tree, for which it may look at [MaxSteps]
// directories and names again.
func (l *Loader) In(t *Tree) *Loader {
	n := *l
	n.tree, n.left = t, MaxSteps
	n.dirs, n.paths, n.fixed = map[string]string{}, map[string][]directoryOf{}, map[string]location{}
	return &n
}

// Limit sets how many directories and names may still be looked at.
func (l *Loader) Limit(steps int) { l.left = steps }

// Left returns how many directories and names may still be looked at. If it is negative,
// the loader gave up, and what it did not find may be there.
func (l *Loader) Left() int { return l.left }

// abiOf keeps what decides whether files can be in one process, not the tables of f.
func abiOf(f *elfaudit.File) *elfaudit.File {
	return &elfaudit.File{Class: f.Class, Order: f.Order, Machine: f.Machine, ARM: f.ARM}
}

// Fits reports whether a file can be in one process with those of the loader, as far as
// loaders look: class, byte order, machine, and the floating-point ABI of ARM.
func (l *Loader) Fits(f *elfaudit.File) bool {
	if f.Class != l.like.Class || f.Machine != l.like.Machine || order(f) != order(l.like) {
		return false
	}
	a, b := f.ARM, l.like.ARM
	if a != nil && b != nil && a.Float != elfaudit.FloatUnknown && b.Float != elfaudit.FloatUnknown {
		return a.Float == b.Float
	}
	return true
}

func order(f *elfaudit.File) binary.ByteOrder {
	if f.Order == nil {
		return binary.LittleEndian
	}
	return f.Order
}

// settleLib finds out what $LIB means: the directory that the C library is in, below /
// or /usr.
func (l *Loader) settleLib() {
	for _, dir := range l.Default {
		if place, _, err := l.tree.Resolve(dir + "/libc.so.6"); err == nil {
			if f, err := l.tree.ELF(place); err == nil && l.Fits(f) {
				l.Lib = []string{strings.TrimPrefix(strings.TrimPrefix(dir, "/usr"), "/")}
				return
			}
		}
	}
}

// levels are the directories below glibc-hwcaps of each machine, the best first
// (sysdeps/*/dl-hwcaps-subdirs.c of glibc 2.41).
var levels = map[elf.Machine][]string{
	elf.EM_X86_64: {"x86-64-v4", "x86-64-v3", "x86-64-v2"},
	elf.EM_S390:   {"z17", "z16", "z15", "z14", "z13"},
	elf.EM_PPC64:  {"power10", "power9"},
}

// platforms are the values of AT_PLATFORM that do not depend on the processor's model,
// and what glibc on x86-64 replaced them by until 2.36 (sysdeps/x86/cpu-features.c).
var platforms = map[elf.Machine][]string{
	elf.EM_X86_64:  {"x86_64", "haswell", "xeon_phi"},
	elf.EM_386:     {"i686", "i586"},
	elf.EM_AARCH64: {"aarch64"},
}
