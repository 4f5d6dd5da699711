package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/binfile"
	"github.com/wheeltag/wheeltag/wheel"
)

// What the first four bytes of an ELF file and of a zip archive are.
const (
	elfMagic = "\x7fELF"
	zipMagic = "PK\x03\x04"
)

// content is what a wheel holds, sorted by kind.
type content struct {
	elf      []*linkset.File
	binaries []binaryFile
	nested   []nestedArchive
	damaged  []damage
	devices  map[device][]string // paths of ELF files that no host loads
	debug    []string            // paths of split debug files
	links    []string            // paths of symbolic links
	overlaps []*wheel.Error      // the members that were not read because of that
	unseen   int                 // members that were not looked at
}

// binaryFile is a file of the wheel with the first bytes of Mach-O or PE.
type binaryFile struct {
	path  string
	facts *binfile.File // nil when err is set
	err   error         // of binfile.Read or of unpacking the file
}

// nestedArchive is an archive inside the wheel with ELF files in it.
type nestedArchive struct {
	path  string
	files []string
}

// damage is a member whose content is not what the wheel says.
type damage struct{ path, rule, message string }

// add sorts a member that was read into the content.
func (c *content) add(m *member) {
	switch {
	case m.device != "":
		if c.devices == nil {
			c.devices = map[device][]string{}
		}
		c.devices[m.device] = append(c.devices[m.device], m.Name())
	case m.debug:
		c.debug = append(c.debug, m.Name())
	case m.elf != nil: // a symbolic link by its mode as well: installers write its bytes
		c.elf = append(c.elf, m.elf)
	case m.Mode()&fs.ModeSymlink != 0:
		c.links = append(c.links, m.Name())
	case m.nested != nil:
		c.nested = append(c.nested, nestedArchive{m.Name(), m.nested})
	case m.binary != nil:
		c.binaries = append(c.binaries, *m.binary)
	}
	if fault, ok := m.err.(*wheel.Error); ok && fault.Code == wheel.CodeOverlap {
		c.overlaps = append(c.overlaps, fault)
	}
	if is := m.misnamed(); is != "" {
		c.damaged = append(c.damaged, damage{m.Name(), "not-a-binary", "is named as an extension module but " + is})
	}
	if m.rest > 0 {
		c.damaged = append(c.damaged, damage{m.Name(), "hidden-data", fmt.Sprintf("has %d bytes behind the end of its deflated data", m.rest)})
	}
	if m.damage != "" {
		c.damaged = append(c.damaged, damage{m.Name(), m.damageRule, m.damage})
	}
}

// errPacked marks a program compressed by UPX: what it loads once it has unpacked
// itself cannot be read, and the shell around it needs nothing.
var errPacked = errors.New("it is packed by UPX; what it needs shows only when it runs")

// headSize is how much of a file shows what it is.
const headSize = 64

// startSize is how much of a file the marks of packers are looked for in.
const startSize = 4096

// readELF reads the facts of an ELF file of a size.
func readELF(name string, r io.ReaderAt, size int64) *linkset.File {
	f, err := elfaudit.Read(r, size)
	if err != nil {
		return linkset.NewFile(name, nil, err)
	}
	var start [startSize]byte
	n, err := r.ReadAt(start[:min(startSize, size)], 0)
	if err == io.EOF {
		err = nil
	}
	if err == nil && isPacked(f, start[:n]) {
		err = errPacked
	}
	if err != nil {
		return linkset.NewFile(name, nil, err)
	}
	file := linkset.NewFile(name, f, nil)
	file.Sectionless = sectionless(f, start[:n])
	if outside(f, size) >= heavySections {
		if sections, err := elfaudit.Sections(r, size); err == nil {
			file.StripSize = elfaudit.StripSize(sections)
		}
	}
	return file
}

// heavySections is from how many bytes on the sections that no loader reads are worth a
// note, and to be looked for: they are at the end of a file, behind all else.
const heavySections = 1 << 20

// outside returns how many bytes of a file are behind its loadable segments.
func outside(f *elfaudit.File, size int64) int64 {
	end := int64(0)
	for _, l := range f.Loads {
		end = max(end, int64(l.Offset+l.FileSize))
	}
	if f.Loads == nil {
		return 0
	}
	return size - end
}

// isPacked finds the mark that UPX leaves near the start of a file.
func isPacked(f *elfaudit.File, start []byte) bool {
	return f.Static && bytes.Contains(start, []byte("UPX!"))
}

// sectionless reports whether e_shoff, the offset of the section headers, is 0.
func sectionless(f *elfaudit.File, start []byte) bool {
	if f.Class == 64 {
		return len(start) >= 0x30 && f.Order.Uint64(start[0x28:]) == 0
	}
	return len(start) >= 0x24 && f.Order.Uint32(start[0x20:]) == 0
}

// maxTables bounds the tables of all files of a wheel, which stay in memory until
// they have all been read. The largest wheels have some 50 MiB.
const maxTables = 512 << 20

var errTables = errors.New("the symbol tables of the wheel's files take too much memory together")

// tooMuch replaces a file by one that says so, which frees its tables.
func tooMuch(f *linkset.File) *linkset.File {
	if f == nil {
		return nil
	}
	return linkset.NewFile(f.Path, nil, errTables)
}
