package manylinux

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:generate python3 ../internal/tools/data/policies.py
//go:embed data/policies.txt
var policyText string

// Policy is one manylinux policy that was measured on distributions.
type Policy struct {
	Name     string   // "manylinux_2_17"
	Aliases  []string // "manylinux2014"
	Minor    Floor    // 17, of glibc 2.17
	Machines []string
	Later    bool // newer than those auditwheel 6.8.2 knows
}

// Policies is the set of known policies and what each allows.
type Policies struct {
	list      []Policy // ascending
	libraries map[string]Floor
	versions  map[versionKey]Floor // the first policy that allows it
	bans      map[string][]Ban
	banned    map[string]bool // symbols of any ban
}

// versionKey is a symbol version on a machine: "x86_64", "GLIBC_2.17".
type versionKey struct{ machine, version string }

// Ban is the symbols that the policies First to Last forbid to take from a
// library.
type Ban struct {
	Library     string
	First, Last Floor
	symbols     map[string]bool
}

// In reports whether a policy has the ban.
func (b Ban) In(policy Floor) bool { return b.First <= policy && policy <= b.Last }

// Known returns the policies built into this release; see data/policies.txt for
// their source and date.
func Known() *Policies { return known() }

var known = sync.OnceValue(func() *Policies {
	p, err := readPolicies(policyText)
	if err != nil {
		panic("manylinux: the embedded policies: " + err.Error())
	}
	return p
})

// All returns the policies, lowest first.
func (p *Policies) All() []Policy { return slices.Clone(p.list) }

// readPolicies reads the text form described at the head of the data file.
func readPolicies(text string) (*Policies, error) {
	p := &Policies{libraries: map[string]Floor{}, versions: map[versionKey]Floor{}, bans: map[string][]Ban{}, banned: map[string]bool{}}
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		if line == "" || line[0] == '#' {
			continue
		}
		head, tail, ok := strings.Cut(line, " :")
		words, values := strings.Fields(head), strings.Fields(tail)
		if !ok || len(words) < 2 || len(values) == 0 {
			return nil, fmt.Errorf("line %d: want words, a colon and values", n)
		}
		if err := p.readLine(words, values); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return p, nil
}

func (p *Policies) readLine(words, values []string) error {
	switch {
	case words[0] == "policy":
		return p.readPolicy(words[1:], values)
	case words[0] == "library" && len(words) == 2:
		minor, err := policyMinor(values[0])
		p.libraries[words[1]] = minor
		return err
	case words[0] == "version" && len(words) == 4:
		minor, err := policyMinor(words[3])
		for _, v := range values {
			p.versions[versionKey{words[1], words[2] + "_" + v}] = minor
		}
		return err
	case words[0] == "ban" && len(words) == 3:
		first, last, _ := strings.Cut(words[2], "..")
		b := Ban{Library: words[1], symbols: make(map[string]bool, len(values))}
		var err error
		if b.First, err = policyMinor(first); err != nil {
			return err
		}
		if b.Last, err = policyMinor(last); err != nil {
			return err
		}
		for _, symbol := range values {
			b.symbols[symbol], p.banned[symbol] = true, true
		}
		p.bans[words[1]] = append(p.bans[words[1]], b)
		return nil
	}
	return fmt.Errorf("unknown line %q", strings.Join(words, " "))
}

func (p *Policies) readPolicy(words, machines []string) error {
	minor, err := policyMinor(words[0])
	if err != nil {
		return err
	}
	policy := Policy{Name: words[0], Minor: minor, Machines: machines}
	for _, w := range words[1:] {
		switch {
		case w == "later":
			policy.Later = true
		case w[0] == '=':
			policy.Aliases = append(policy.Aliases, w[1:])
		default:
			return fmt.Errorf("policy %s: unknown word %q", words[0], w)
		}
	}
	if len(p.list) > 0 && p.list[len(p.list)-1].Minor >= minor {
		return fmt.Errorf("policy %s is not above the one before", words[0])
	}
	p.list = append(p.list, policy)
	return nil
}

func policyMinor(name string) (Floor, error) {
	digits, ok := strings.CutPrefix(name, "manylinux_2_")
	minor, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 0, fmt.Errorf("policy %q is not manylinux_2_N", name)
	}
	return Floor(minor), nil
}

// span returns the lowest and highest policy of a machine, and false when none is
// defined for it.
func (p *Policies) span(machine string) (low, high Floor, ok bool) {
	for _, policy := range p.list {
		if slices.Contains(policy.Machines, machine) {
			if !ok {
				low = policy.Minor
			}
			high, ok = policy.Minor, true
		}
	}
	return low, high, ok
}

// aliases returns the older names of manylinux_2_minor.
func (p *Policies) aliases(minor Floor) []string {
	for _, policy := range p.list {
		if policy.Minor == minor {
			return policy.Aliases
		}
	}
	return nil
}

// after returns the first policy above minor, and false when there is none.
func (p *Policies) after(minor Floor) (Floor, bool) {
	for _, policy := range p.list {
		if policy.Minor > minor {
			return policy.Minor, true
		}
	}
	return 0, false
}

// Measured returns the lowest measured policy of a machine at or above a floor.
func (p *Policies) Measured(machine string, floor Floor) (Floor, bool) {
	for _, policy := range p.list {
		if policy.Minor >= floor && slices.Contains(policy.Machines, machine) {
			return policy.Minor, true
		}
	}
	return 0, false
}

// VersionIn returns the first measured policy with a symbol version, and false
// when none has it. Unlike [Policies.VersionFloor] it goes by the measured
// policies alone.
func (p *Policies) VersionIn(machine, version string) (Floor, bool) {
	first, ok := p.versions[versionKey{machine, version}]
	return first, ok
}

// LibraryIn returns the first policy that allows a library, and false when none
// does.
func (p *Policies) LibraryIn(library string) (Floor, bool) {
	first, ok := p.libraries[library]
	return first, ok
}
