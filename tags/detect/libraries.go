package detect

import (
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/internal/machine"
	"github.com/wheeltag/wheeltag/tags"
)

// Libraries are the shared libraries that programs of one machine and C library
// find in a root, by the rules of its loader. Directories that only a program's own
// run path names come with the question.
type Libraries struct {
	root   *tree
	like   *elfaudit.File // a program whose machine and ABI count
	loader string
	musl   bool
	env    []string // LD_LIBRARY_PATH
	dirs   []string
	found  map[string]*Library // by path
}

// Library is one shared library.
type Library struct {
	Path string // with links resolved
	File *elfaudit.File
}

// RunPath gives the directories that the library itself names for what it needs.
func (lib *Library) RunPath() []string {
	list := lib.File.RunPath
	if list == nil {
		list = lib.File.RPath
	}
	return Expand(list, path.Dir(lib.Path))
}

// Program gives the interpreter itself, whose symbols extensions may use.
func (l *Libraries) Program(p *Python) (*Library, bool) { return l.read(p.Program) }

// Expand puts the directory origin of a file in place of $ORIGIN in its run path,
// and drops entries that depend on the working directory.
func Expand(runPath []string, origin string) []string {
	var dirs []string
	for _, dir := range runPath {
		dir = strings.NewReplacer("$ORIGIN", origin, "${ORIGIN}", origin).Replace(dir)
		if path.IsAbs(dir) {
			dirs = append(dirs, path.Clean(dir))
		}
	}
	return dirs
}

// Libraries gives the libraries that an interpreter finds, or with nil those of
// the root's other programs. ok is false when there is no loader.
func (s *System) Libraries(p *Python) (l *Libraries, ok bool) {
	key := system
	if p != nil {
		key = p.Program
	}
	l, ok = s.libs[key]
	return l, ok
}

// librariesFor makes the list of directories for programs like f.
func (r *reader) librariesFor(f *elfaudit.File) *Libraries {
	key := "loader " + f.Interpreter + " " + machineOf(f)
	if l, ok := r.libs[key]; ok {
		return l
	}
	// Not f itself, which may be large.
	like := &elfaudit.File{Class: f.Class, Order: f.Order, Machine: f.Machine, ARM: f.ARM}
	l := &Libraries{root: r.root, like: like, loader: f.Interpreter, found: map[string]*Library{}}
	if r.loaders++; r.loaders > maxLoaders {
		r.root.warn(CodeLimit, f.Interpreter, "is one of more than %d loaders; libraries are not looked up for the others", maxLoaders)
		r.libs[key] = l
		return l
	}
	l.env = splitPath(r.options.LibraryPath)
	if l.musl = strings.HasPrefix(path.Base(f.Interpreter), "ld-musl-"); l.musl {
		l.dirs = r.root.muslDirs(f.Interpreter)
	} else {
		l.dirs = append(r.root.configured("etc/ld.so.conf"), builtIn(machineOf(f))...)
	}
	r.libs[key] = l
	return l
}

func splitPath(text string) []string {
	var dirs []string
	for dir := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ':' || c == ';' }) {
		if len(dirs) == maxDirs {
			break
		}
		if path.IsAbs(dir) { // others depend on the working directory
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// builtIn are the directories that loaders of glibc search without being told.
func builtIn(name string) []string {
	var dirs []string
	m, _ := machine.Find(tags.Linux.String(), name)
	if m.Triplet != "" {
		dirs = append(dirs, "/lib/"+m.Triplet, "/usr/lib/"+m.Triplet)
	}
	dirs = append(dirs, m.Directories...)
	return append(dirs, "/lib64", "/usr/lib64", "/lib", "/usr/lib")
}

// configuration is what is gathered from ld.so.conf.
type configuration struct {
	root     *tree
	dirs     []string
	seen     map[string]bool // directories, and with a NUL in front files and patterns
	included int
}

// configured reads ld.so.conf and what it includes, each file and pattern once:
// repeated, they name no other directories, and includes may go in circles.
func (t *tree) configured(name string) []string {
	c := configuration{root: t, seen: map[string]bool{}}
	c.read(name, 0)
	return c.dirs
}

// once reports whether something is seen for the first time.
func (c *configuration) once(what string) bool {
	before := c.seen[what]
	c.seen[what] = true
	return !before
}

func (c *configuration) read(name string, depth int) {
	const most = 8
	place, _, err := c.root.resolve(name)
	if err != nil || !c.once("\x00file "+place) {
		c.root.unreadable(name, err)
		return
	}
	text, ok := c.root.text(name)
	if !ok || depth > most {
		return
	}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune(" \t\r\n:,", c) })
		switch {
		case len(fields) == 0 || fields[0] == "hwcap":
		case fields[0] == "include":
			for _, pattern := range fields[1:] {
				if !path.IsAbs(pattern) {
					pattern = path.Join(path.Dir(name), pattern)
				}
				c.include(pattern, depth)
			}
		default:
			for _, dir := range fields {
				dir, _, _ = strings.Cut(dir, "=") // "/lib=libc6", an old form
				c.add(dir, name)
			}
		}
	}
}

func (c *configuration) include(pattern string, depth int) {
	if !c.once("\x00include " + pattern) {
		return
	}
	if c.included++; c.included > maxDirs {
		c.root.warn(CodeLimit, pattern, "is one of more than %d includes of ld.so.conf; the others are skipped", maxDirs)
		return
	}
	for _, included := range c.root.glob(pattern) {
		c.read(included, depth+1)
	}
}

func (c *configuration) add(dir, from string) {
	switch {
	case !c.once(dir):
	case len(c.dirs) == maxDirs:
		c.root.warn(CodeLimit, from, "names more than %d directories; the others are skipped", maxDirs)
	case len(c.dirs) < maxDirs:
		c.dirs = append(c.dirs, dir)
	}
}

// muslDirs reads the path file of a musl loader, or gives what it takes
// without one.
func (t *tree) muslDirs(loader string) []string {
	machine := strings.TrimSuffix(strings.TrimPrefix(path.Base(loader), "ld-musl-"), ".so.1")
	prefix := path.Dir(path.Dir(loader))
	text, ok := t.text(path.Join(prefix, "etc", "ld-musl-"+machine+".path"))
	if !ok {
		return []string{"/lib", "/usr/local/lib", "/usr/lib"}
	}
	dirs := strings.FieldsFunc(text, func(c rune) bool { return c == ':' || c == '\n' })
	return dirs[:min(len(dirs), maxDirs)]
}

// reserved are the names that musl's loader takes for itself, when ".so" or
// another dot follows.
var reserved = []string{"libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."}

// Find looks a needed library up. runPath are absolute directories in the root that
// the file which needs it names itself; they come first. Files for another
// machine are skipped, as loaders do.
func (l *Libraries) Find(soname string, runPath []string) (*Library, bool) {
	if strings.Contains(soname, "/") {
		if !path.IsAbs(soname) {
			return nil, false // depends on the working directory
		}
		return l.read(soname)
	}
	if l.musl {
		for _, prefix := range reserved {
			if strings.HasPrefix(soname, prefix) {
				return l.read(l.loader)
			}
		}
	}
	for _, dirs := range [][]string{runPath, l.env, l.dirs} {
		for _, dir := range dirs {
			if lib, ok := l.read(path.Join(dir, soname)); ok {
				return lib, true
			}
		}
	}
	return nil, false
}

// read gives the library at a path if it is one for the machine.
func (l *Libraries) read(name string) (*Library, bool) {
	place, info, err := l.root.resolve(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	lib, ok := l.found[place]
	if !ok {
		if f, err := l.root.elf(place); err == nil && sameABI(f, l.like) {
			lib = &Library{absolute(place), f}
		}
		l.found[place] = lib
	}
	return lib, lib != nil
}

// sameABI reports whether two files can be in one process, as far as loaders
// look: class, byte order, machine, and the floating-point ABI of ARM.
func sameABI(a, b *elfaudit.File) bool {
	if a.Class != b.Class || a.Machine != b.Machine || a.Order != b.Order {
		return false
	}
	if a.ARM != nil && b.ARM != nil && a.ARM.Float != elfaudit.FloatUnknown && b.ARM.Float != elfaudit.FloatUnknown {
		return a.ARM.Float == b.ARM.Float
	}
	return true
}

// Musl reports whether the loader is that of musl, which looks for every symbol
// at once.
func (l *Libraries) Musl() bool { return l.musl }
