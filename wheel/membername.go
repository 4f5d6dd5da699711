package wheel

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/unzip"
)

// What can be wrong with the path or the mode of a member. [Archive.Problems] finds
// these.
const (
	CodePathLeaves   Code = "path-leaves"   // absolute, with a drive, or with a ".." element
	CodePathControl  Code = "path-control"  // a control character
	CodePathForm     Code = "path-form"     // a backslash, or an element that is empty or "."
	CodePathWindows  Code = "path-windows"  // a name that Windows does not have
	CodePathCase     Code = "path-case"     // differs from another by letter case alone
	CodePathConflict Code = "path-conflict" // a file where other members need a directory
	CodeSpecialFile  Code = "special-file"  // a link, device, pipe or socket
	CodeSetUID       Code = "set-uid"       // runs with the rights of its owner or group
)

// pathProblems judges the name of a member as a path, and its mode.
func pathProblems(p *problems, e *unzip.Entry) {
	add := func(code Code, format string, args ...any) { p.add(e.Name, e.Offset, code, format, args...) }
	if mode := (Member{entry: e}).Mode(); mode != 0 {
		directory := strings.HasSuffix(e.Name, "/")
		switch kind := mode.Type(); {
		case kind == fs.ModeSymlink:
			add(CodeSpecialFile, "is a symbolic link: installers write its target as the text of a file")
		case kind&^fs.ModeDir != 0:
			add(CodeSpecialFile, "is a %s, not a file", specialFile(kind))
		case kind == fs.ModeDir && !directory:
			add(CodeSpecialFile, "is marked as a directory, but its name is that of a file")
		}
		if mode&(fs.ModeSetuid|fs.ModeSetgid) != 0 && !directory {
			add(CodeSetUID, "has a set-user-ID or set-group-ID bit")
		}
	}
	if plainPath(e.Name) {
		return
	}
	if i := strings.IndexFunc(e.Name, isControl); i >= 0 {
		add(CodePathControl, "the path has the control character %#02x: %q", e.Name[i], clip(e.Name))
	}
	if leaves := leaving(e.Name); leaves != "" {
		add(CodePathLeaves, "%s", leaves)
		return
	}
	if strings.Contains(e.Name, `\`) {
		add(CodePathForm, "the path has a backslash, which Windows reads as a slash")
		return
	}
	if hasFileVersion(e.Name) {
		add(CodePathForm, "the path ends in a version number of VMS, which unzip drops")
		return
	}
	for element := range strings.SplitSeq(strings.TrimSuffix(e.Name, "/"), "/") {
		switch {
		case element == "", element == ".":
			add(CodePathForm, "the path has an element that is %q, which file systems drop", element)
			return
		case windowsLacks(element):
			add(CodePathWindows, "Windows cannot have a file called %q", clip(element))
			return
		}
	}
}

// hasFileVersion reports whether a path ends in a semicolon and digits. Info-ZIP's unzip
// takes that for the version of a file of VMS, whatever system made the archive.
func hasFileVersion(name string) bool {
	digits := strings.TrimRight(name, "0123456789")
	return strings.HasSuffix(digits, ";")
}

// leaving says how a path may lead out of the directory that it is relative to, "" if
// it does not. A backslash counts as a slash, as on Windows.
func leaving(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	switch {
	case strings.HasPrefix(name, "/"), hasDrive(name):
		return "the path is absolute"
	case slices.Contains(strings.Split(strings.TrimSuffix(name, "/"), "/"), ".."):
		return `the path has ".."`
	}
	return ""
}

// specialFile names what no installer creates.
func specialFile(kind fs.FileMode) string {
	switch {
	case kind&fs.ModeDevice != 0:
		return "device"
	case kind&fs.ModeNamedPipe != 0:
		return "pipe"
	}
	return "socket"
}

// plainPath reports without allocating that a path has nothing that is looked for.
func plainPath(name string) bool {
	start := 0 // of the element
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '/':
			if !plainElement(name[start:i]) {
				return false
			}
			start = i + 1
		case c < ' ', c == 0x7f, strings.IndexByte(`<>:;"\|?*`, c) >= 0:
			return false
		}
	}
	return start == len(name) && start > 0 || plainElement(name[start:])
}

// plainElement reports that an element of ordinary characters is no trap.
func plainElement(element string) bool {
	if element == "" || strings.HasSuffix(element, ".") || strings.HasSuffix(element, " ") {
		return false
	}
	stem, _, _ := strings.Cut(element, ".")
	return len(stem) < 3 || len(stem) > 4 || !isDevice(stem)
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// hasDrive reports whether a path begins with a drive letter.
func hasDrive(name string) bool {
	return len(name) >= 2 && name[1] == ':' && name[0]|0x20 >= 'a' && name[0]|0x20 <= 'z'
}

// windowsLacks reports whether Windows refuses an element of a path, or takes it for
// another.
func windowsLacks(element string) bool {
	stem, _, _ := strings.Cut(element, ".")
	return strings.ContainsAny(element, `<>:"|?*`) || strings.HasSuffix(element, ".") || strings.HasSuffix(element, " ") || isDevice(stem)
}

// isDevice reports whether Windows has a device with a name. Source: Naming Files,
// Paths, and Namespaces; Microsoft, 2024.
func isDevice(stem string) bool {
	switch s := strings.ToUpper(strings.TrimRight(stem, " ")); {
	case s == "CON", s == "PRN", s == "AUX", s == "NUL":
		return true
	case len(s) == 4 && (s[:3] == "COM" || s[:3] == "LPT"):
		return s[3] >= '1' && s[3] <= '9'
	}
	return false
}

// pathSet finds members with one path, or with paths that file systems do not keep
// apart.
type pathSet struct {
	first map[string]*unzip.Entry // by the path in lower case
	dirs  map[string]bool         // which must exist for the members
}

func newPathSet(n int) *pathSet {
	return &pathSet{make(map[string]*unzip.Entry, n), map[string]bool{}}
}

func (s *pathSet) add(p *problems, e *unzip.Entry) {
	key := strings.ToLower(e.Name)
	if other := s.first[key]; other == nil {
		s.first[key] = e
	} else if other.Name == e.Name {
		p.add(e.Name, e.Offset, CodeDuplicateName, "another member of the archive has this name")
	} else {
		p.add(e.Name, e.Offset, CodePathCase, "differs from %q by letter case alone", clip(other.Name))
	}
	for dir := path.Dir(e.Name); dir != "." && dir != "/" && !s.dirs[dir]; dir = path.Dir(dir) {
		s.dirs[dir] = true
	}
}

// conflicts finds the files where a directory must be.
func (s *pathSet) conflicts(p *problems, entries []unzip.Entry) {
	for i := range entries {
		if e := &entries[i]; s.dirs[e.Name] {
			p.add(e.Name, e.Offset, CodePathConflict, "is a file, and other members have it as their directory")
		}
	}
}
