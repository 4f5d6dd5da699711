package fleet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags/distro"
)

// Limits of a file: its bytes, and the targets that it stands for.
const (
	maxSize    = 4 << 20
	maxTargets = 20_000
)

// Target is one target of a fleet or of a set.
type Target struct {
	Name        string // from the row, or the description's own
	Group       string // the name of a row that stands for several targets, or ""
	Description distro.Description
	Line        int // in the file; 0 in a set
}

// Fleet is the content of one file.
type Fleet struct {
	File    string
	Targets []Target // in the order of the file
}

// Error is a fault in a file.
type Error struct {
	File    string
	Line    int    // from 1; 0 when it is the file as a whole
	Code    string // one of the Code constants, or a code of tags/distro
	Message string
	Cause   error // of tags/distro, or nil
}

// The codes of errors. They never change; a target that cannot be described has
// the code that package tags/distro gives it.
const (
	CodeSyntax    = "syntax"    // not TOML or JSON
	CodeKey       = "key"       // a key that rows do not have, or that does not fit
	CodeDuplicate = "duplicate" // a name or a target that was there before
	CodeLimit     = "limit"     // too large
	CodeSet       = "set"       // no built-in set of that name
)

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Read reads a file; name is for errors, and a name that ends in .json says what
// it is. The error joins an [*Error] for each fault, and then there is no Fleet.
func Read(r io.Reader, name string) (*Fleet, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(text) > maxSize {
		return nil, &Error{File: name, Code: CodeLimit, Message: fmt.Sprintf("is larger than %d bytes", maxSize)}
	}
	b := &builder{fleet: &Fleet{File: name}, names: map[string]int{}, targets: map[string]int{}}
	read := readTOML
	if isJSON(name, text) {
		read = readJSON
	}
	list, err := read(name, text)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		b.addRow(r)
	}
	if err := errors.Join(b.faults...); err != nil {
		return nil, err
	}
	return b.fleet, nil
}

// Lookup gives the targets of a name: one, or all of a row.
func (f *Fleet) Lookup(name string) []Target {
	var found []Target
	for _, t := range f.Targets {
		if name != "" && (t.Name == name || t.Group == name) {
			found = append(found, t)
		}
	}
	return found
}

// Names lists the names that Lookup knows, in the order of the file.
func (f *Fleet) Names() []string {
	var names []string
	for _, t := range f.Targets {
		for _, name := range []string{t.Group, t.Name} {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// row is one row as written.
type row struct {
	Name            string   `json:"name"`
	Platform        string   `json:"platform"`
	Arch            string   `json:"arch"`
	CPUArchitecture string   `json:"cpu_architecture"`
	Python          string   `json:"python"`
	Glibc           string   `json:"glibc"`
	Musl            string   `json:"musl"`
	Platforms       []string `json:"platforms"`
	Arches          []string `json:"arches"`
	Pythons         []string `json:"pythons"`

	line int
}

const rowKeys = "name, platform, arch (or cpu_architecture), python, glibc, musl, platforms, arches, pythons"

// builder collects targets and faults.
type builder struct {
	fleet   *Fleet
	names   map[string]int // name to line
	targets map[string]int // canonical target to line
	faults  []error
}

func (b *builder) fault(line int, code string, cause error, format string, args ...any) {
	b.faults = append(b.faults, &Error{b.fleet.File, line, code, fmt.Sprintf(format, args...), cause})
}

// addRow takes one row, or all combinations of it.
func (b *builder) addRow(r row) {
	if r.Arch == "" {
		r.Arch = r.CPUArchitecture
	} else if r.CPUArchitecture != "" {
		b.fault(r.line, CodeKey, nil, "has both arch and cpu_architecture, which are the same; drop one")
		return
	}
	for _, pair := range []struct {
		one, many string
		both      bool
	}{
		{"platform", "platforms", r.Platform != "" && r.Platforms != nil},
		{"arch", "arches", r.Arch != "" && r.Arches != nil},
		{"python", "pythons", r.Python != "" && r.Pythons != nil},
	} {
		if pair.both {
			b.fault(r.line, CodeKey, nil, "has both %s and %s; keep one", pair.one, pair.many)
			return
		}
	}
	platforms, arches, pythons := orOne(r.Platforms, r.Platform), orOne(r.Arches, r.Arch), orOne(r.Pythons, r.Python)
	switch {
	case slices.Contains(platforms, ""):
		b.fault(r.line, CodeKey, nil, `has no platform, such as platform = "debian:12"`)
		return
	case len(platforms) == 0 || len(arches) == 0 || len(pythons) == 0:
		b.fault(r.line, CodeKey, nil, "has an empty list, so that it stands for no target")
		return
	case len(b.fleet.Targets)+len(platforms)*len(arches)*len(pythons) > maxTargets:
		b.fault(r.line, CodeLimit, nil, "makes more than %d targets", maxTargets)
		return
	}
	single := len(platforms)*len(arches)*len(pythons) == 1
	if r.Name != "" && !b.claim(r, single) {
		return
	}
	for _, platform := range platforms {
		for _, arch := range arches {
			for _, python := range pythons {
				b.addTarget(r, single, platform, distro.Options{Arch: arch, Python: python, Glibc: r.Glibc, Musl: r.Musl})
			}
		}
	}
}

// orOne gives the list, or the one value in its place.
func orOne(list []string, one string) []string {
	if list != nil {
		return list
	}
	return []string{one}
}

// claim takes the name of a row. single is a row of one target.
func (b *builder) claim(r row, single bool) bool {
	name, line := r.Name, r.line
	switch {
	case strings.HasPrefix(name, "@") || strings.ContainsAny(name, " \t\n") || name == "host":
		b.fault(line, CodeKey, nil, "the name %q cannot be used: names have no spaces and no @ in front, and host is this machine", name)
		return false
	case b.names[name] != 0:
		b.fault(line, CodeDuplicate, nil, "the name %q is taken by line %d", name, b.names[name])
		return false
	case shadows(r, single):
		b.fault(line, CodeKey, nil, "the name %q cannot be used: it is a target already, which the row would hide; choose another name", name)
		return false
	}
	b.names[name] = line
	return true
}

// shadows reports whether the name of a row is a target without the row, and not
// the one that the row describes.
func shadows(r row, single bool) bool {
	d, err := distro.Parse(r.Name, distro.Options{})
	var bad *distro.Error
	if errors.As(err, &bad) {
		// A platform that would need more options, such as archlinux.
		return slices.Contains([]distro.Code{distro.CodeNoPython, distro.CodeNoLibc, distro.CodeNotBuilt}, bad.Code)
	}
	if err != nil {
		return false
	}
	same, err := distro.Parse(r.Platform, distro.Options{Arch: r.Arch, Python: r.Python, Glibc: r.Glibc, Musl: r.Musl})
	return err != nil || !single || same.Name != d.Name
}

// addTarget adds one target.
func (b *builder) addTarget(r row, single bool, platform string, o distro.Options) {
	d, err := Describe(platform, o)
	if err != nil {
		b.fault(r.line, codeOf(err), err, "%v", err)
		return
	}
	t := Target{Name: d.Name, Description: d, Line: r.line}
	if r.Name != "" && single {
		t.Name = r.Name
	} else {
		t.Group = r.Name
		if line := b.targets[d.Name]; line != 0 {
			b.fault(r.line, CodeDuplicate, nil, "the target %s is there already, from line %d", d.Name, line)
			return
		}
		b.targets[d.Name] = r.line
	}
	b.fleet.Targets = append(b.fleet.Targets, t)
}

// codeOf is the code that package tags/distro gives an error.
func codeOf(err error) string {
	var bad *distro.Error
	if errors.As(err, &bad) {
		return string(bad.Code)
	}
	return string(distro.CodeUnknown)
}

// Describe reads one target word. Beyond distro.Parse it refuses a release that
// changes while it keeps its name, unless the options or brackets say which libc it
// has now.
func Describe(word string, o distro.Options) (distro.Description, error) {
	d, err := distro.Parse(word, o)
	if err != nil || d.Release == nil || !d.Release.Rolling || d.AsOf == "" {
		return d, err
	}
	r := d.Release
	return distro.Description{}, &distro.Error{Code: distro.CodeNoLibc, Word: word, Detail: fmt.Sprintf(
		"%s changes while it keeps its name, and had %s %s on %s; give what yours has, as with --%s %s, or read a root of it, as in root:DIR",
		r.Name(), r.Libc.Family, r.LibcVersion, r.AsOf, r.Libc.Family, r.LibcVersion)}
}
