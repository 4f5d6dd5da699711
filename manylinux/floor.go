package manylinux

import (
	"strconv"
	"strings"
)

// A floor is the Y of the lowest manylinux_2_Y that allows something. never
// means that no policy does.
const never = 1 << 20

// versionFloor gives the floor of a symbol version such as "GLIBC_2.28" on a
// machine. By PEP 600 manylinux_2_Y is defined for every Y, so GLIBC versions
// between two measured policies and beyond the last one count by their number.
// Namespaces that no policy knows give -1: their library decides.
func (p *Policies) versionFloor(machine, version string) int {
	first, known := p.versions[versionKey{machine, version}]
	minor, plain := glibcMinor(version)
	if plain {
		_, high, ok := p.span(machine)
		switch {
		case !ok:
			return never
		case known && minor > p.below(machine, first) && minor < first:
			return minor // between two measured policies
		case known:
			return first
		case minor > high:
			return minor
		}
		return never
	}
	if known {
		return first
	}
	if namespace, _, _ := strings.Cut(version, "_"); p.knows(namespace) {
		return never
	}
	return -1
}

// below gives the policy of the machine right under minor, or minor itself when
// there is none: nothing is offered below a machine's first policy.
func (p *Policies) below(machine string, minor int) int {
	best := minor
	for _, policy := range p.list {
		if policy.Minor >= minor {
			break
		}
		for _, m := range policy.Machines {
			if m == machine {
				best = policy.Minor
			}
		}
	}
	return best
}

// glibcMinor reads the Y of "GLIBC_2.Y" and "GLIBC_2.Y.Z".
func glibcMinor(version string) (int, bool) {
	rest, ok := strings.CutPrefix(version, "GLIBC_2.")
	if !ok {
		return 0, false
	}
	digits, _, _ := strings.Cut(rest, ".")
	minor, err := strconv.Atoi(digits)
	return minor, err == nil && minor >= 0 && minor < 1000 && digits[0] != '+'
}

// namespaces are those whose versions the policies list. They are the same on
// every machine, though a machine may have no version of one.
var namespaces = []string{"CXXABI", "GCC", "GLIBC", "GLIBCXX", "LIBATOMIC", "ZLIB"}

func (p *Policies) knows(namespace string) bool {
	for _, n := range namespaces {
		if n == namespace {
			return true
		}
	}
	return false
}

// libraryFloor gives the floor of linking to a library, never when no policy
// allows it.
func (p *Policies) libraryFloor(library string) int {
	if isLoader(library) {
		return 0
	}
	minor, ok := p.libraries[library]
	if !ok {
		return never
	}
	return minor
}

// isLoader reports whether a name is that of glibc's dynamic loader, which is
// always there.
func isLoader(library string) bool {
	return strings.HasPrefix(library, "ld-linux") || strings.HasPrefix(library, "ld64.so.") || library == "ld.so.1"
}

// banFloor gives the floor of taking a symbol from a library: 0 when no policy
// bans it, otherwise the first policy after the ban, or never.
func (p *Policies) banFloor(library, symbol string) int {
	floor := 0
	for _, b := range p.bans[library] {
		if !b.symbols[symbol] {
			continue
		}
		next, ok := p.after(b.last)
		if !ok {
			return never
		}
		floor = max(floor, next)
	}
	return floor
}
