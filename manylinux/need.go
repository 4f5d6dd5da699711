package manylinux

import (
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit"
)

// need is one thing that a file wants of the system, and the lowest policy that
// gives it.
type need struct {
	rule    string // the rule that a claim below the floor breaks
	object  *object
	floor   int // Y of manylinux_2_Y, or never
	library string
	version string
	symbols []string
}

// glibcNeeds lists what a glibc file needs of the system.
func (w *world) glibcNeeds(p *Policies, o *object, machine string) []need {
	var needs []need
	for _, v := range o.file.VersionNeeds {
		if w.provides(o, v.Library) {
			continue
		}
		for _, version := range v.Versions {
			// The loader passes over a missing version that is marked weak.
			if floor := p.versionFloor(machine, version.Name); floor > 0 && !version.Weak {
				needs = append(needs, need{rule: "WT201", object: o, floor: floor, library: v.Library, version: version.Name})
			}
		}
	}
	for _, library := range o.file.Needed {
		if w.provides(o, library) {
			continue
		}
		if floor := p.libraryFloor(library); floor > 0 {
			needs = append(needs, need{rule: "WT202", object: o, floor: floor, library: library})
		}
	}
	needs = append(needs, w.bannedNeeds(p, o)...)
	if o.file.Properties.X86ISANeeded&^elfaudit.X86Baseline != 0 {
		needs = append(needs, need{rule: "WT207", object: o, floor: never})
	}
	return needs
}

// bannedNeeds finds symbols that policies ban. A weak one may be missing, and
// one that the wheel defines itself is not taken from the system.
func (w *world) bannedNeeds(p *Policies, o *object) []need {
	var libraries []string
	for _, library := range o.file.Needed {
		if len(p.bans[library]) > 0 && !w.provides(o, library) {
			libraries = append(libraries, library)
		}
	}
	var needs []need
	for s := range o.file.Undefined() {
		if s.Weak {
			continue
		}
		// A version names the library; without one any of them may serve.
		from := libraries
		if s.Library != "" {
			from = []string{s.Library}
		}
		for _, library := range from {
			floor := p.banFloor(library, s.Name)
			if floor == 0 || w.provides(o, library) || s.Library == "" && w.defines(o, s.Name) {
				continue
			}
			i := slices.IndexFunc(needs, func(n need) bool { return n.library == library && n.floor == floor })
			if i < 0 {
				i = len(needs)
				needs = append(needs, need{rule: "WT203", object: o, floor: floor, library: library})
			}
			if !slices.Contains(needs[i].symbols, s.Name) {
				needs[i].symbols = append(needs[i].symbols, s.Name)
			}
		}
	}
	return needs
}

// defines reports whether a library of the wheel that o needs exports a symbol.
func (w *world) defines(o *object, symbol string) bool {
	for _, library := range o.file.Needed {
		for _, p := range w.by[library] {
			for s := range p.file.Exported() {
				if s.Name == symbol {
					return true
				}
			}
		}
	}
	return false
}

// symbolsOf lists the undefined symbols that a file takes from a library at a
// version, in the order of its table.
func symbolsOf(f *elfaudit.File, library, version string) []string {
	var names []string
	for s := range f.Undefined() {
		if s.Library == library && s.Version == version {
			names = append(names, s.Name)
		}
	}
	return names
}
