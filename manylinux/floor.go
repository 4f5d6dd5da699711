package manylinux

import (
	"strconv"
	"strings"
)

// VersionFloor returns the lowest policy that has a symbol version such as "GLIBC_2.28" on a
// machine. By PEP 600 manylinux_2_Y is defined for every Y, so GLIBC versions
// between two measured policies and beyond the last one count by their number.
// It is negative for namespaces that no policy knows: their library decides.
func (p *Policies) VersionFloor(machine, version string) Floor {
	first, known := p.versions[versionKey{machine, version}]
	minor, plain := GlibcMinor(version)
	if plain {
		_, high, ok := p.span(machine)
		switch {
		case !ok:
			return NoPolicy
		case known && minor > p.below(machine, first) && minor < first:
			return minor // between two measured policies
		case known:
			return first
		case minor > high:
			return minor
		}
		return NoPolicy
	}
	if known {
		return first
	}
	if namespace, _, _ := strings.Cut(version, "_"); p.Knows(namespace) {
		return NoPolicy
	}
	return -1
}

// below returns the policy of the machine right under minor, or minor itself when
// there is none: nothing is offered below a machine's first policy.
func (p *Policies) below(machine string, minor Floor) Floor {
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

// GlibcMinor reads the Y of "GLIBC_2.Y" and "GLIBC_2.Y.Z".
func GlibcMinor(version string) (minor Floor, ok bool) {
	rest, ok := strings.CutPrefix(version, "GLIBC_2.")
	if !ok {
		return 0, false
	}
	digits, _, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(digits)
	return Floor(n), err == nil && n >= 0 && n < 1000 && digits[0] != '+'
}

// namespaces are those whose versions the policies list. They are the same on
// every machine, though a machine may have no version of one.
var namespaces = []string{"CXXABI", "GCC", "GLIBC", "GLIBCXX", "LIBATOMIC", "ZLIB"}

// Knows reports whether the policies list the versions of a namespace such as
// "GLIBCXX".
func (p *Policies) Knows(namespace string) bool {
	for _, n := range namespaces {
		if n == namespace {
			return true
		}
	}
	return false
}

// libraryFloor returns the lowest policy that allows linking to a library.
func (p *Policies) libraryFloor(library string) Floor {
	if IsLoader(library) {
		return 0
	}
	minor, ok := p.libraries[library]
	if !ok {
		return NoPolicy
	}
	return minor
}

// IsLoader reports whether a name is that of glibc's dynamic loader, which is
// always there.
func IsLoader(library string) bool {
	return strings.HasPrefix(library, "ld-linux") || strings.HasPrefix(library, "ld64.so.") || library == "ld.so.1"
}

// banFloor returns the lowest policy that lets a file take a symbol from a
// library: 0 when none bans it, otherwise the first one after the ban.
func (p *Policies) banFloor(library, symbol string) Floor {
	floor := Floor(0)
	for _, b := range p.bans[library] {
		if !b.symbols[symbol] {
			continue
		}
		next, ok := p.after(b.Last)
		if !ok {
			return NoPolicy
		}
		floor = max(floor, next)
	}
	return floor
}
