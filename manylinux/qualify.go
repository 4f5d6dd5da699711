package manylinux

import (
	"fmt"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/tags"
)

// CheckTag reports what is wrong with a tag for [Policies.Qualifies].
func CheckTag(tag string) error {
	_, err := parsePolicyTag(tag, "")
	return err
}

// parsePolicyTag reads a tag, which is for a machine if it names none.
func parsePolicyTag(tag, machine string) (tags.PlatformTag, error) {
	claim := tags.ParsePlatformTag(tag)
	if claim.OS != tags.Linux {
		claim = tags.ParsePlatformTag(tag + "_x86_64")
		claim.Arch = machine
	}
	if claim.Libc.Family == tags.NoLibc {
		return claim, fmt.Errorf("%q is not a manylinux or musllinux tag such as manylinux_2_28", tag)
	}
	return claim, nil
}

// Answer is whether code qualifies for a tag.
type Answer string

// The answers. NotApplicable is for code of another kind than the tag is for, of
// which the tag says nothing: another system, machine or C library.
const (
	Yes           Answer = "yes"
	No            Answer = "no"
	Unknown       Answer = "unknown"
	NotApplicable Answer = "not-applicable"
)

// Qualifies reports whether code may carry a platform tag, and if not the demands
// that the tag's policy does not meet. A tag without a machine, such as
// manylinux_2_28, means the machine of the code.
func (p *Policies) Qualifies(n Needs, tag string) (Answer, []Demand, error) {
	claim, err := parsePolicyTag(tag, n.Machine)
	if err != nil {
		return "", nil, err
	}
	switch {
	case !linkset.RunsOn(n.Machine, claim.Arch):
		return NotApplicable, nil, nil
	case n.Libc == elfaudit.LibcUnknown:
		return Unknown, nil, nil
	case n.Libc != elfaudit.LibcNone && (n.Libc == elfaudit.LibcGlibc) != (claim.Libc.Family == tags.Glibc):
		return NotApplicable, nil, nil
	}
	policy := Floor(claim.Libc.Minor)
	if claim.Libc.Major > 2 && claim.Libc.Family == tags.Glibc {
		policy = NoPolicy - 1
	}
	family := elfaudit.LibcGlibc
	if claim.Libc.Family == tags.Musl {
		family = elfaudit.LibcMusl
	}
	n = n.For(family)
	lowest := p.Lowest(n)
	unmet := n.Heaviest(max(policy, lowest))
	if len(unmet) == 0 && lowest <= policy {
		return Yes, nil, nil
	}
	return No, unmet, nil
}
