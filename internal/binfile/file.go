package binfile

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
)

// The formats.
const (
	MachO = "Mach-O"
	PE    = "PE"
)

// File has the facts of one file.
type File struct {
	Format string // [MachO] or [PE]
	// Slices has one entry for each machine that the file has code for, in the
	// order of the file: several in a universal Mach-O file, else one.
	Slices []Slice
}

// Slice is the code for one machine.
type Slice struct {
	// Machine is as platform tags name it on that system. For Mach-O that is
	// x86_64, arm64 (for arm64e too), i386, ppc or ppc64; for PE amd64, arm64
	// or x86. Machines without a tag have the system's name (x86_64h, arm,
	// arm64_32) or else their number in hexadecimal, such as "0x1c4".
	Machine string
	Kind    Kind
	// Builds are the systems that a Mach-O slice was built for: none in old
	// files and in all PE files, two in a library for both macOS and Catalyst.
	Builds []Build
	// Needed are the libraries to load with it, in the order of the file: paths
	// in Mach-O, base names in PE. Libraries that PE code loads on first use
	// are not among them.
	Needed []string
	// Optional are those of Needed that may be missing, weakly linked in Mach-O.
	Optional []string
	// InstallName is how other Mach-O files name a library (LC_ID_DYLIB), and RunPaths
	// are the directories that @rpath stands for in its needs (LC_RPATH).
	InstallName string
	RunPaths    []string
}

// Kind is the kind of a slice.
type Kind string

// The kinds.
const (
	Dylib      Kind = "dylib"      // a shared library: a Mach-O dylib, a DLL, a .pyd
	Bundle     Kind = "bundle"     // Mach-O code loaded at run time, as Python's modules are
	Executable Kind = "executable" // a program
	Object     Kind = "object"     // input of a linker
	Archive    Kind = "archive"    // a static library in a universal file
	Managed    Kind = "managed"    // a .NET assembly of portable code in a PE file
	Firmware   Kind = "firmware"   // a PE file for UEFI, not for Windows
	Other      Kind = "other"      // debug symbols, a core dump, a kernel extension ...
)

// Loads reports whether a system of its format loads the slice as native code.
func (k Kind) Loads() bool { return k == Dylib || k == Bundle || k == Executable }

// Build is a system that a slice was built for.
type Build struct {
	Platform Platform
	Minimum  Version // the oldest supported version
	Command  string  // the load command that says so
}

// Platform is a number from Apple's list of systems.
type Platform uint32

// The platforms that wheels have tags for, and Catalyst, whose code runs on
// macOS but not in a macOS process.
const (
	MacOS        Platform = 1
	IOS          Platform = 2
	Catalyst     Platform = 6
	IOSSimulator Platform = 7
)

var platformNames = [...]string{
	1: "macOS", 2: "iOS", 3: "tvOS", 4: "watchOS", 5: "bridgeOS", 6: "Mac Catalyst", 7: "iOS simulator",
	8: "tvOS simulator", 9: "watchOS simulator", 10: "DriverKit", 11: "visionOS", 12: "visionOS simulator",
}

// String returns Apple's name, or the number of an unknown platform.
func (p Platform) String() string {
	if p >= 1 && p < Platform(len(platformNames)) {
		return platformNames[p]
	}
	return fmt.Sprintf("platform %d", uint32(p))
}

// Version is a version of an Apple system.
type Version struct{ Major, Minor, Patch int }

// String returns the form 12.0, or 10.13.6 with a patch number.
func (v Version) String() string {
	if v.Patch == 0 {
		return fmt.Sprintf("%d.%d", v.Major, v.Minor)
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}

// Compare orders versions: -1 if v is older than w, +1 if it is newer.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor), cmp.Compare(v.Patch, w.Patch))
}

// Sniff guesses by the first bytes of a file what [Read] may find in it: [MachO],
// [PE] or "". It needs 8 bytes; with 64 or more it also checks the DOS header of a
// PE file. Only Read knows for certain.
func Sniff(head []byte) string {
	switch {
	case isThin(head), isFat(head):
		return MachO
	case bytes.HasPrefix(head, []byte("MZ")) && (len(head) < dosHeader || plausibleDOS(head)):
		return PE
	}
	return ""
}

// plausibleDOS checks the position of the PE signature in a DOS header.
func plausibleDOS(head []byte) bool {
	at := uint64(binary.LittleEndian.Uint32(head[offsetPE:]))
	if at < 4 || at > maxOffsetPE {
		return false
	}
	return at+4 > uint64(len(head)) || string(head[at:at+4]) == signaturePE
}

// headSize is how many bytes of a file are needed to recognise it: the header of a
// universal file is the longest.
const headSize = 8 + maxSlices*32

// Read states the facts of the file in the first size bytes of r. The error is
// [ErrNotBinary] for content of another kind and a [*FormatError] for a file
// that is damaged, cannot be read, or exceeds a limit. The File does not refer to
// r.
func Read(r io.ReaderAt, size int64) (*File, error) {
	s := source{r: r, size: max(size, 0)}
	head, err := s.bytes(0, min(headSize, s.size), "header")
	if err != nil {
		return nil, err
	}
	switch {
	case isThin(head):
		s.format = MachO
		slice, err := readThin(s)
		if err != nil {
			return nil, err
		}
		return &File{Format: MachO, Slices: []Slice{slice}}, nil
	case isFat(head):
		s.format = MachO
		return readFat(s, head)
	case bytes.HasPrefix(head, []byte("MZ")):
		s.format = PE
		return readPE(s, head)
	}
	return nil, ErrNotBinary
}

// Loads reports whether any slice is code that a system loads.
func (f *File) Loads() bool {
	for _, s := range f.Slices {
		if s.Kind.Loads() {
			return true
		}
	}
	return false
}
