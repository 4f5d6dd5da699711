package manylinux

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
)

// Kind is what a [Demand] asks for. The words are stable.
type Kind string

// The kinds of demands.
const (
	KindVersion   Kind = "version"   // a symbol version of a library
	KindLibrary   Kind = "library"   // a shared library, by its soname
	KindBan       Kind = "ban"       // symbols that policies forbid to take from a library
	KindSymbol    Kind = "symbol"    // symbols without a version, which no library that the file names has
	KindMusl      Kind = "musl"      // symbols that not every release of musl exports
	KindProcessor Kind = "processor" // an instruction-set level above the machine's baseline

	// What loaders themselves support; see loader.go.
	KindRelocations Kind = "relocations" // packed relative relocations, DT_RELR
	KindStack       Kind = "stack"       // an executable stack
	KindHeader      Kind = "header"      // a header that the loader refuses
	KindModule      Kind = "module"      // a loader for what is named as an extension module and is none
	KindTLS         Kind = "tls"         // room for initial-exec thread-local storage in a running process

	// What files of wheels for other systems ask for; Reason says it.
	KindSystem Kind = "system"

	// What the other files of the wheel must give; see bundled.go and package loads.
	KindPath    Kind = "path"    // a run path to a library of the wheel
	KindOrphan  Kind = "orphan"  // a symbol version of a library that the file does not name
	KindBundled Kind = "bundled" // a symbol version of a library of the wheel, which lacks it

	// What other wheels must give; see elsewhere.go.
	KindElsewhere Kind = "elsewhere" // a symbol version or symbols of a library of another wheel, which lacks them
)

// Demand is one thing that a file asks of the system that loads it.
type Demand struct {
	Kind    Kind   `json:"kind"`
	File    string `json:"file"` // in the wheel
	Library string `json:"library,omitempty"`
	// Version is a symbol version, for KindMusl the release that brought the
	// symbols, "" when none has them, and for KindProcessor the level.
	Version string `json:"version,omitempty"`
	// From is the first release of the libc that meets the demand, Before the
	// first one that no longer does; each is "" where there is no such bound.
	From   string `json:"from,omitempty"`
	Before string `json:"before,omitempty"`
	// Reason says what a loader refuses, for KindHeader.
	Reason string `json:"reason,omitempty"`
	// Unsure is set where the files leave open whether the demand is met: another
	// part of the process may meet it.
	Unsure bool `json:"unsure,omitempty"`
	// Size is how many bytes of static thread-local storage the file takes, for
	// KindTLS with glibc.
	Size uint64 `json:"size,omitempty"`
	// Libc is the C library that the demand is about, where the code itself needs
	// none and so runs on systems of either.
	Libc string `json:"libc,omitempty"`
	// By is a file of the wheel that leads to the library, for KindPath.
	By string `json:"by,omitempty"`
	// Wheel is the file name of another wheel that has the library, where wheels were
	// given next to this one.
	Wheel string `json:"wheel,omitempty"`
	// Symbols are what the file takes; for versions and libraries that every
	// policy of the machine allows they are left out.
	Symbols []Symbol `json:"symbols,omitempty"`
	// Floor is the Y of the lowest policy that meets the demand. A policy includes all
	// later releases of its libc, so that none meets one with Before.
	Floor Floor `json:"floor"`
	// Lowest is that policy as a platform tag, "" when there is none.
	Lowest string `json:"lowest,omitempty"`
}

// Symbol is a symbol that a file takes from a library.
type Symbol struct {
	Name string `json:"name"`
	Weak bool   `json:"weak"`
}

// Floor is the Y of a manylinux_2_Y or musllinux_1_Y. In JSON NoPolicy is null.
type Floor int

// NoPolicy is above every policy.
const NoPolicy Floor = 1 << 20

// MarshalJSON writes a number or null.
func (f Floor) MarshalJSON() ([]byte, error) {
	if f >= NoPolicy {
		return []byte("null"), nil
	}
	return json.Marshal(int(f))
}

// UnmarshalJSON reads a number or null.
func (f *Floor) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*f = NoPolicy
		return nil
	}
	var n int
	err := json.Unmarshal(text, &n)
	*f = Floor(n)
	return err
}

// heaviest orders demands by floor, highest first, then by file and library.
func heaviest(a, b Demand) int {
	return cmp.Or(cmp.Compare(b.Floor, a.Floor), cmp.Compare(a.File, b.File),
		cmp.Compare(a.Library, b.Library), cmp.Compare(a.Version, b.Version))
}

// Heaviest returns the demands above a floor, the highest first.
func (n Needs) Heaviest(above Floor) []Demand {
	var list []Demand
	for _, d := range n.Demands {
		if d.Floor > above {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, heaviest)
	return list
}

// collector gathers the demands of one file.
type collector struct {
	policies *Policies
	set      *linkset.Set
	file     *linkset.File
	machine  string
	libc     elfaudit.Libc
	about    string // Libc of the demands
	demands  []Demand
}

// Demands returns what a file of a set asks of a system with a machine and libc.
func (p *Policies) Demands(set *linkset.Set, f *linkset.File, libc elfaudit.Libc, machine string) []Demand {
	c := collector{policies: p, set: set, file: f, machine: machine, libc: libc}
	if libc == elfaudit.LibcMusl {
		c.musl()
	} else {
		c.glibc()
		c.bundled()
		c.unversioned()
	}
	if libc == elfaudit.LibcNone {
		for _, c.libc = range []elfaudit.Libc{elfaudit.LibcGlibc, elfaudit.LibcMusl} {
			c.about = c.libc.String()
			c.loader()
		}
		c.libc, c.about = libc, ""
	} else {
		c.loader()
	}
	if level := ProcessorLevel(f); level != "" {
		c.add(Demand{Kind: KindProcessor, Floor: NoPolicy, Version: level})
	}
	c.nameSymbols()
	return c.demands
}

func (c *collector) add(d Demand) {
	d.File, d.Libc = c.file.Path, c.about
	c.demands = append(c.demands, c.policies.Complete(d, c.libc, c.machine))
}

// Complete raises the floor of a demand of code for a libc and machine to that of code
// which asks for nothing, and names the lowest policy.
func (p *Policies) Complete(d Demand, libc elfaudit.Libc, machine string) Demand {
	// Nothing is offered below a machine's first policy.
	if lowest := p.lowest(machine, libc); lowest < NoPolicy {
		d.Floor = max(d.Floor, lowest)
	}
	if d.Floor < NoPolicy {
		if list := p.platformTags(machine, libc, d.Floor); list != nil {
			d.Lowest = list[0]
		}
	}
	return d
}

// nameSymbols finds the symbols of demands for versions and libraries that not
// every policy meets.
func (c *collector) nameSymbols() {
	lowest := c.policies.lowest(c.machine, c.libc)
	versions, libraries := map[linkset.Bound]*Demand{}, map[string]*Demand{}
	for i := range c.demands {
		switch d := &c.demands[i]; {
		case d.Floor <= lowest:
		case d.Kind == KindVersion:
			versions[linkset.Bound{Library: d.Library, Version: d.Version}] = d
		case d.Kind == KindLibrary:
			libraries[d.Library] = d
		}
	}
	if len(versions)+len(libraries) == 0 {
		return
	}
	for s := range c.file.ELF.Undefined() {
		for _, d := range []*Demand{versions[c.provider(s)], libraries[s.Library]} {
			if d != nil {
				// Free of the file's string table, which a report outlives.
				d.Symbols = append(d.Symbols, Symbol{strings.Clone(s.Name), s.Weak})
			}
		}
	}
}
