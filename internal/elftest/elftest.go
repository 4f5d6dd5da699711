// Package elftest describes ELF files in a line, for tests of how files find each
// other.
package elftest

import (
	"debug/elf"
	"encoding/binary"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// File makes a file of "path: needs; rpath; runpath", the lists with blanks and
// colons between them; "!" in place of a run path is one that is empty. A path
// with "arm" in it is of an aarch64 file, any other of an x86_64 one.
func File(line string) *linkset.File {
	place, rest, _ := strings.Cut(line, ":")
	parts := strings.Split(rest+";;", ";")
	split := func(s string) []string {
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		return strings.Split(strings.TrimPrefix(s, "!"), ":")
	}
	f := &elfaudit.File{
		Class: 64, Order: binary.LittleEndian, Machine: elf.EM_X86_64, Kind: elfaudit.KindSharedObject,
		Needed: strings.Fields(parts[0]), RPath: split(parts[1]), RunPath: split(parts[2]),
	}
	if strings.Contains(place, "arm") {
		f.Machine = elf.EM_AARCH64
	}
	return linkset.NewFile(place, f, nil)
}

// Files makes files of lines with " | " between them.
func Files(lines string) []*linkset.File {
	var files []*linkset.File
	for line := range strings.SplitSeq(lines, " | ") {
		files = append(files, File(line))
	}
	return files
}
