package manylinux

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// object is one ELF file of the wheel.
type object struct {
	path    string         // in the archive
	file    *elfaudit.File // nil when err is set
	err     error
	machine string // as in platform tags, "" when tags have no word for it
	libc    elfaudit.Libc
	why     string          // the evidence for libc
	needed  []string        // DT_NEEDED, each name once
	many    map[string]bool // the same, when there are many
	// sectionless says that the section headers were stripped. Nothing here
	// needs them; it matters for what auditwheel sees.
	sectionless bool
}

// What the first four bytes of an ELF file and of a zip archive are.
const (
	elfMagic = "\x7fELF"
	zipMagic = "PK\x03\x04"
)

// content is what a wheel holds, sorted by kind.
type content struct {
	objects []*object
	foreign []foreignFile
	nested  []nestedArchive
	damaged []damage
	unseen  int // members that were not looked at
}

// nestedArchive is an archive inside the wheel with ELF files in it.
type nestedArchive struct {
	path  string
	files []string
}

// add sorts a member that was read into the content.
func (c *content) add(m *member) {
	switch {
	case m.object != nil:
		c.objects = append(c.objects, m.object)
	case m.nested != nil:
		c.nested = append(c.nested, nestedArchive{m.Name(), m.nested})
	case m.foreign != nil:
		c.foreign = append(c.foreign, *m.foreign)
	}
	if m.damage != "" {
		c.damaged = append(c.damaged, damage{m.Name(), m.damageRule, m.damage})
	}
}

// errPacked marks a program compressed by UPX: what it loads once it has
// unpacked itself cannot be read, and the shell around it needs nothing.
var errPacked = errors.New("it is packed by UPX; what it needs shows only when it runs")

// headSize is how much of a file tells what it is.
const headSize = 64

// startSize is how much of a file the marks of packers are looked for in.
const startSize = 4096

// isPacked finds the mark that UPX leaves near the start of a file.
func isPacked(f *elfaudit.File, start []byte) bool {
	return f.Static && bytes.Contains(start, []byte("UPX!"))
}

// sectionless reports whether e_shoff, the place of the section headers, is 0.
func sectionless(f *elfaudit.File, start []byte) bool {
	if f.Class == 64 {
		return len(start) >= 0x30 && f.Order.Uint64(start[0x28:]) == 0
	}
	return len(start) >= 0x24 && f.Order.Uint32(start[0x20:]) == 0
}

func newObject(name string, f *elfaudit.File, err error) *object {
	if errors.Is(err, elfaudit.ErrNotELF) {
		return nil
	}
	o := &object{path: name, file: f, err: err}
	if err == nil {
		o.machine = f.MachineTag()
		o.libc, o.why = f.Libc()
		o.readNeeded()
	}
	return o
}

// readNeeded takes each name of DT_NEEDED once, as nearly all files have it.
func (o *object) readNeeded() {
	const few = 16
	if len(o.file.Needed) > few {
		o.many = make(map[string]bool, len(o.file.Needed))
	}
	for _, library := range o.file.Needed {
		if o.needs(library) {
			continue
		}
		o.needed = append(o.needed, library)
		if o.many != nil {
			o.many[library] = true
		}
	}
}

// needs reports whether a file names a library in DT_NEEDED.
func (o *object) needs(library string) bool {
	if o.many != nil {
		return o.many[library]
	}
	return slices.Contains(o.needed, library)
}

// maxTables bounds the tables of all files of a wheel, which are held until they
// have all been read. The largest wheels have some 50 MiB.
const maxTables = 512 << 20

var errTables = errors.New("the symbol tables of the wheel's files take too much memory together")

// tooMuch lets go of an object's tables.
func (o *object) tooMuch() *object {
	if o == nil {
		return nil
	}
	return newObject(o.path, nil, errTables)
}

// footprint is about how much memory the object takes.
func (o *object) footprint() int64 {
	if o == nil || o.file == nil {
		return 0
	}
	const name = 64 // in a map
	return o.file.Footprint() + name*int64(len(o.many))
}

// loads reports whether the file takes part in dynamic loading, which object
// files and core dumps do not.
func (o *object) loads() bool {
	return o.file != nil && (o.file.Kind == elfaudit.KindSharedObject || o.file.Kind == elfaudit.KindExecutable)
}

// runsOn reports whether code for one machine runs on another: on itself, and
// ARMv6 code on ARMv7.
func runsOn(code, machine string) bool {
	return code == machine && code != "" || code == "armv6l" && machine == "armv7l"
}

// fit reports whether two files can be loaded into one process.
func fit(a, b *object) bool {
	return runsOn(a.machine, b.machine) || runsOn(b.machine, a.machine)
}

// inPurelib reports whether a file is installed among pure Python code, from
// the folder NAME.data/purelib.
func inPurelib(name string) bool {
	top, rest, _ := strings.Cut(name, "/")
	return strings.HasSuffix(top, ".data") && strings.HasPrefix(rest, "purelib/")
}
