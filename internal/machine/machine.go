// Package machine has the facts of the machines that platform tags name, a row of a
// data file each: their names, directories, page sizes and first manylinux tags.
//
// Two things are not here. Package elfaudit knows which machine the header of an
// ELF file means, and package tags numbers the machines for fast comparison. A new
// machine is a row of data/machines.tsv and a line in those two.
package machine

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Machine is one machine on one system. It is shared and must not be changed.
type Machine struct {
	System  string   // "linux"
	Name    string   // in platform tags of the system
	Words   []string // Name, then other names that a target may use
	Refused []string // names that the description of a platform may not use
	Reports string   // platform.machine() of Python

	Bits int    // of an address, 0 where a name means several machines
	Page uint64 // largest page size in bytes in common use; 0 if every system has it

	// ExecutableStack is set if glibc gives a file that says nothing about its stack
	// an executable one.
	ExecutableStack bool

	Triplet     string   // of Debian's multiarch, or ""
	Directories []string // that glibc's loader searches before /lib64
	Account     string   // of Docker's official images for this machine alone, or ""

	// GlibcMinor is the first minor version of glibc 2 with a manylinux tag for the
	// machine, in packaging; UVGlibcMinor is that in uv. NoTag means that there is none.
	GlibcMinor, UVGlibcMinor int
}

// NoTag is the minor version of glibc for machines without a manylinux tag.
const NoTag = -1

//go:embed data/machines.tsv
var text string

// table is the content of the file. It is read when it is first asked for.
var table = sync.OnceValue(func() map[string][]Machine {
	bySystem, err := parse(text)
	if err != nil {
		panic("machine: data/machines.tsv: " + err.Error())
	}
	return bySystem
})

// On returns the machines of a system, in the order of messages. The result is
// shared and must not be changed.
func On(system string) []Machine { return table()[system] }

// Find returns a machine by its name in platform tags. ok is false, and the machine
// has nothing but [NoTag], if there is none.
func Find(system, name string) (m Machine, ok bool) {
	list := On(system)
	for i := range list {
		if list[i].Name == name {
			return list[i], true
		}
	}
	return Machine{GlibcMinor: NoTag, UVGlibcMinor: NoTag}, false
}

// columns is the number of columns of the file.
const columns = 13

func parse(text string) (map[string][]Machine, error) {
	bySystem := map[string][]Machine{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != columns {
			return nil, fmt.Errorf("%q has %d columns, not %d", line, len(cells), columns)
		}
		m, err := row(cells)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", cells[0], cells[1], err)
		}
		bySystem[m.System] = append(bySystem[m.System], m)
	}
	return bySystem, nil
}

// row reads the cells of one line.
func row(cells []string) (m Machine, err error) {
	m = Machine{
		System: cells[0], Name: cells[1], Words: append([]string{cells[1]}, words(cells[2])...), Refused: words(cells[3]),
		Reports: word(cells[4], cells[1]), ExecutableStack: cells[7] == "exec",
		Triplet: word(cells[8], ""), Directories: words(cells[9]), Account: word(cells[10], ""),
	}
	if m.Bits, err = number(cells[5], 0); err != nil {
		return m, err
	}
	page, err := number(cells[6], 0)
	if err != nil {
		return m, err
	}
	m.Page = uint64(page) << 10
	if !m.ExecutableStack && cells[7] != none {
		return m, fmt.Errorf("stack is %q, not exec", cells[7])
	}
	if m.GlibcMinor, err = number(cells[11], NoTag); err != nil {
		return m, err
	}
	if cells[12] == "no" {
		m.UVGlibcMinor = NoTag
		return m, nil
	}
	m.UVGlibcMinor, err = number(cells[12], m.GlibcMinor)
	return m, err
}

// none is a cell without a value.
const none = "-"

func words(cell string) []string {
	if cell == none {
		return nil
	}
	return strings.Fields(cell)
}

func word(cell, otherwise string) string {
	if cell == none {
		return otherwise
	}
	return cell
}

func number(cell string, otherwise int) (int, error) {
	if cell == none {
		return otherwise, nil
	}
	return strconv.Atoi(cell)
}
