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
	for _, library := range o.needed {
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
	for _, library := range o.needed {
		if len(p.bans[library]) > 0 && !w.provides(o, library) {
			libraries = append(libraries, library)
		}
	}
	var needs []need
	seen := map[boundKey]bool{} // libraries and symbols
	for s := range o.file.Undefined() {
		if key := (boundKey{s.Library, s.Name}); s.Weak || !p.banned[s.Name] || seen[key] {
			continue
		} else {
			seen[key] = true
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
