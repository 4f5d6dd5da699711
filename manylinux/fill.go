package manylinux

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/tags"
)

func (a *audit) fillTags(r *Report) {
	if len(a.world.objects) == 0 {
		if slices.ContainsFunc(a.claims, func(c tags.PlatformTag) bool { return !c.Any && c.OS != tags.Linux && c.OS != tags.Android }) {
			return // a wheel for another system: its files are held against the name
		}
		r.PlatformTag, r.PlatformTags, r.SymbolTag = "any", []string{"any"}, "any"
		r.Libc = "none"
		return
	}
	j := &a.judged
	if j.libc != elfaudit.LibcUnknown {
		r.Libc = j.libc.String()
	}
	if list := a.policies.platformTags(j.machine, j.libc, a.confirmed(j.floor)); list != nil {
		r.PlatformTags, r.PlatformTag = list, a.preferred(list)
		r.FloorTag = a.preferred(a.policies.platformTags(j.machine, j.libc, j.floor))
	}
	if list := a.policies.platformTags(j.machine, j.libc, a.confirmed(j.symbols)); list != nil {
		r.SymbolTag = a.preferred(list)
	}
}

// confirmed gives the lowest claim that is kept where no measured policy lies
// between the floor and it: a wheel that needs GLIBC_2.14 and claims
// manylinux_2_17 has its claim confirmed. Otherwise the floor stands.
func (a *audit) confirmed(floor int) int {
	measured, ok := a.policies.measured(a.judged.machine, floor)
	if a.judged.libc != elfaudit.LibcGlibc || !ok {
		return floor
	}
	best := measured + 1
	for _, c := range a.claims {
		kept := c.Libc.Family == tags.Glibc && c.Libc.Major == 2 && c.Libc.Minor >= floor
		if kept && c.Arch == a.judged.machine && c.Libc.Minor <= measured {
			best = min(best, c.Libc.Minor)
		}
	}
	if best > measured {
		return floor
	}
	return best
}

// preferred is the first tag of the family that the file name claims. Code
// that needs no libc may carry the tags of either.
func (a *audit) preferred(list []string) string {
	for _, c := range a.claims {
		for _, tag := range list {
			if strings.HasPrefix(tag, "musllinux") == (c.Libc.Family == tags.Musl) {
				return tag
			}
		}
	}
	return list[0]
}

func (a *audit) fillNeeds(r *Report) {
	seen := map[boundKey]bool{}
	for _, o := range a.judged.native {
		for _, library := range o.needed {
			if !a.world.provides(o, library) && r.Needs[library] == nil {
				r.Needs[library] = []string{}
			}
		}
		for _, v := range o.file.VersionNeeds {
			if a.world.provides(o, v.Library) {
				continue
			}
			for _, version := range v.Versions {
				if key := (boundKey{v.Library, version.Name}); !seen[key] {
					seen[key] = true
					r.Needs[v.Library] = append(r.Needs[v.Library], version.Name)
				}
			}
		}
	}
	for _, versions := range r.Needs {
		slices.SortFunc(versions, compareVersions)
	}
	for _, n := range a.judged.needs {
		if n.rule == "WT202" && n.floor >= never {
			r.External = append(r.External, n.library)
		}
	}
	slices.Sort(r.External)
	r.External = slices.Compact(r.External)
}

func otherFile(f foreignFile) Other {
	if f.facts == nil {
		return Other{Path: f.path, Error: f.err.Error()}
	}
	o := Other{Path: f.path, Format: string(f.facts.Format)}
	for _, s := range f.facts.Slices {
		o.Machines = append(o.Machines, s.Machine)
	}
	return o
}

// describe gives the facts about one ELF file.
func (a *audit) describe(o *object) ELF {
	e := ELF{Path: o.path, Machine: o.machine, Needed: []string{}}
	if o.err != nil {
		e.Error = o.err.Error()
		return e
	}
	if e.Kind = o.file.Kind.String(); !o.loads() {
		return e
	}
	e.Libc = o.libc.String()
	e.Soname, e.Interpreter = o.file.Soname, o.file.Interpreter
	e.RPath, e.RunPath = o.file.RPath, o.file.RunPath
	e.Needed = append(e.Needed, o.file.Needed...)
	libc := o.libc
	if libc == elfaudit.LibcUnknown {
		libc = a.judged.libc
	}
	machine := o.machine
	if runsOn(machine, a.judged.machine) {
		machine = a.judged.machine
	}
	alone := judgement{floor: a.policies.lowest(machine, libc)}
	for _, n := range a.world.needsOf(a.policies, o, libc, machine) {
		alone.floor = max(alone.floor, n.floor)
	}
	if libc == elfaudit.LibcMusl {
		alone.settleMusl(a.claims)
	}
	if list := a.policies.platformTags(machine, libc, alone.floor); list != nil {
		e.PlatformTag = a.preferred(list)
	}
	return e
}
