package manylinux

import (
	"fmt"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
)

// Tags are the platform tags that needs allow, each with its older names, or the
// tags of both libcs for code that needs none. All are nil when no tag describes
// the code.
type Tags struct {
	// Exact is the lowest tag by PEP 600, which defines manylinux_2_Y for
	// every Y.
	Exact []string
	// Best is Exact, or the next measured policy where the claims have it.
	Best []string
	// Symbols is Best by symbol versions alone.
	Symbols []string
}

// Tags returns the platform tags that needs allow.
func (p *Policies) Tags(n Needs) Tags {
	if n.Libc == elfaudit.LibcNone && n.Machine != "" {
		exact := p.tagsOfBoth(n, anyDemand)
		return Tags{Exact: exact, Best: exact, Symbols: p.tagsOfBoth(n, ofSymbols)}
	}
	floor := p.Floor(n)
	return Tags{
		Exact:   p.platformTags(n.Machine, n.Libc, floor),
		Best:    p.platformTags(n.Machine, n.Libc, p.confirmed(n, floor)),
		Symbols: p.platformTags(n.Machine, n.Libc, p.confirmed(n, p.SymbolFloor(n))),
	}
}

// tagsOfBoth returns the tags for both C libraries, the one of linux_* only where neither
// has another.
func (p *Policies) tagsOfBoth(n Needs, counts func(Demand) bool) []string {
	var list []string
	for _, libc := range []elfaudit.Libc{elfaudit.LibcGlibc, elfaudit.LibcMusl} {
		if floor := p.highest(n.For(libc), counts); floor < NoPolicy {
			list = append(list, p.platformTags(n.Machine, libc, floor)...)
		}
	}
	if list == nil {
		list = p.platformTags(n.Machine, n.Libc, NoPolicy)
	}
	return list
}

// confirmed returns the lowest claim that needs meet where no measured policy lies
// between the floor and the claim: a wheel that needs GLIBC_2.14 and claims
// manylinux_2_17 has its claim confirmed. Otherwise the floor stays.
func (p *Policies) confirmed(n Needs, floor Floor) Floor {
	measured, ok := p.Measured(n.Machine, floor)
	if n.Libc != elfaudit.LibcGlibc || !ok {
		return floor
	}
	best := measured + 1
	for _, c := range n.Claims {
		minor := Floor(c.Libc.Minor)
		met := c.Libc.Family == tags.Glibc && c.Libc.Major == 2 && minor >= floor
		if met && c.Arch == n.Machine && minor <= measured {
			best = min(best, minor)
		}
	}
	if best > measured {
		return floor
	}
	return best
}

// Preferred returns the first tag of the family that the file name claims, or the
// first of all; "" for an empty list.
func (n Needs) Preferred(list []string) string {
	for _, c := range n.Claims {
		for _, tag := range list {
			if strings.HasPrefix(tag, "musllinux") == (c.Libc.Family == tags.Musl) {
				return tag
			}
		}
	}
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// platformTags returns the tag of a policy and its older names, the main one
// first.
func (p *Policies) platformTags(machine string, libc elfaudit.Libc, floor Floor) []string {
	switch {
	case machine == "":
		return nil
	case floor >= NoPolicy && libc != elfaudit.LibcUnknown && libc != elfaudit.LibcBionic:
		return []string{"linux_" + machine}
	}
	switch libc {
	case elfaudit.LibcGlibc, elfaudit.LibcNone:
		return p.ManylinuxTags(machine, floor)
	case elfaudit.LibcMusl:
		return []string{fmt.Sprintf("musllinux_1_%d_%s", floor, machine)}
	}
	return nil
}

// ManylinuxTags returns the tag of manylinux_2_minor for a machine and its older
// names.
func (p *Policies) ManylinuxTags(machine string, minor Floor) []string {
	list := []string{fmt.Sprintf("manylinux_2_%d_%s", minor, machine)}
	for _, alias := range p.aliases(minor) {
		list = append(list, alias+"_"+machine)
	}
	return list
}
