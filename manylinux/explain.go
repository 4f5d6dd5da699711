package manylinux

import (
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// Step is a policy and the demands that must go to reach it.
type Step struct {
	PlatformTag string   `json:"platform_tag"`
	Remove      []Demand `json:"remove"`
}

// Setting splits the demands that are above the machine's first policy: those
// that set the floor, and how many lie below them.
func (p *Policies) Setting(n Needs) (setting []Demand, below int) {
	floor := p.Floor(n)
	for _, d := range n.Heaviest(p.Lowest(n)) {
		if d.Floor >= floor {
			setting = append(setting, d)
		} else {
			below++
		}
	}
	return setting, below
}

// Steps lists, for each larger set of demands that would have to go, the lowest
// policy that is reached then. Each step has the demands of those before it.
func (p *Policies) Steps(n Needs) []Step {
	var steps []Step
	floor, demands := p.Floor(n), n.Heaviest(p.Lowest(n))
	for _, policy := range p.descending(n) {
		if policy >= floor {
			continue
		}
		step := Step{PlatformTag: p.platformTags(n.Machine, n.Libc, policy)[0]}
		for _, d := range demands {
			if d.Floor > policy {
				step.Remove = append(step.Remove, d)
			}
		}
		if last := len(steps) - 1; last >= 0 && len(steps[last].Remove) == len(step.Remove) {
			steps[last] = step
		} else if len(step.Remove) > 0 {
			steps = append(steps, step)
		}
	}
	return steps
}

// descending lists the measured policies for needs, highest first.
func (p *Policies) descending(n Needs) []Floor {
	var list []Floor
	switch n.Libc {
	case elfaudit.LibcGlibc:
		for _, policy := range slices.Backward(p.list) {
			if slices.Contains(policy.Machines, n.Machine) {
				list = append(list, policy.Minor)
			}
		}
	case elfaudit.LibcMusl:
		for _, line := range slices.Backward(muslLines) {
			list = append(list, line.minor)
		}
	}
	return list
}
