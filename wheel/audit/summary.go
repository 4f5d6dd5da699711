package audit

import (
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit"
	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/internal/auditwheel"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Report runs the checks and sums the subject up.
func (s *Subject) Report() *Report {
	r := &Report{
		File: s.Filename, Claimed: []string{}, PlatformTags: []string{}, Needs: map[string][]string{}, Demands: []manylinux.Demand{},
		External: []string{}, ELF: []ELF{}, Machine: s.Needs.Machine, Unseen: s.content.unseen, Read: s.read,
	}
	for _, c := range s.Claims {
		r.Claimed = append(r.Claimed, c.Tag)
	}
	if r.Sdist = s.Sdist; r.Sdist || s.unread != nil {
		s.judge(r)
		return r
	}
	r.Demands = append(r.Demands, s.Needs.Demands...)
	s.fillTags(r)
	for _, other := range s.otherMachines() {
		r.Others = append(r.Others, other.part())
	}
	s.fillNeeds(r)
	r.Excluded, r.Outside = s.excluded, s.findOutside()
	if !s.Bare {
		r.Contents = s.sumUp(s.exports)
	}
	if s.company != nil {
		r.Provided = s.company.provided
	}
	own := map[string][]manylinux.Demand{}
	for _, d := range s.Needs.Demands {
		own[d.File] = append(own[d.File], d)
	}
	for _, f := range s.ELF.Files {
		r.ELF = append(r.ELF, s.describe(f, own))
	}
	s.fillOther(r)
	s.judge(r)
	if !s.Bare {
		r.Auditwheel = s.auditwheel(r)
	}
	return r
}

// judge runs the checks.
func (s *Subject) judge(r *Report) {
	t := s.ask()
	r.SetFindings(t.findings)
	r.Silenced = t.counts()
}

func (s *Subject) fillTags(r *Report) {
	if len(s.ELF.Files) == 0 {
		if slices.ContainsFunc(s.Claims, func(c tags.PlatformTag) bool { return !c.Any && c.OS != tags.Linux && c.OS != tags.Android }) {
			// A wheel for another system: its files are checked against the name too.
			if r.PlatformTag = s.otherTag(); r.PlatformTag != "" {
				r.PlatformTags, r.FloorTag = []string{r.PlatformTag}, r.PlatformTag
			}
			return
		}
		if slices.ContainsFunc(s.content.binaries, func(f binaryFile) bool { return f.facts != nil && f.facts.Loads() }) {
			r.Systems = s.severalSystems()
			return // no tag of Linux describes them, and any would be wrong
		}
		r.PlatformTag, r.PlatformTags, r.SymbolTag = "any", []string{"any"}, "any"
		r.Libc = "none"
		return
	}
	if s.Needs.Libc != elfaudit.LibcUnknown {
		r.Libc = s.Needs.Libc.String()
	}
	if r.Systems = s.severalSystems(); r.Systems != nil {
		return // the tag for one of them would be wrong for the others
	}
	t := s.policies.Tags(s.Needs)
	if t.Best != nil {
		r.PlatformTags = t.Best
	}
	r.PlatformTag, r.FloorTag, r.SymbolTag = s.Needs.Preferred(t.Best), s.Needs.Preferred(t.Exact), s.Needs.Preferred(t.Symbols)
}

// part sums up the code for one machine of several.
func (s *Subject) part() Part {
	var r Report
	s.fillTags(&r)
	return Part{
		Machine: s.Needs.Machine, Libc: r.Libc, PlatformTag: r.PlatformTag, PlatformTags: append([]string{}, r.PlatformTags...),
		FloorTag: r.FloorTag, SymbolTag: r.SymbolTag, Demands: append([]manylinux.Demand{}, s.Needs.Demands...),
	}
}

func (s *Subject) fillNeeds(r *Report) {
	seen := map[linkset.Bound]bool{}
	for _, f := range s.native {
		for _, library := range f.Needed {
			if !s.ELF.Provides(f, library) && r.Needs[library] == nil {
				r.Needs[library] = []string{}
			}
		}
		for _, v := range f.ELF.VersionNeeds {
			if s.ELF.Provides(f, v.Library) {
				continue
			}
			for _, version := range v.Versions {
				if key := (linkset.Bound{Library: v.Library, Version: version.Name}); !seen[key] {
					seen[key] = true
					r.Needs[v.Library] = append(r.Needs[v.Library], version.Name)
				}
			}
		}
	}
	for _, versions := range r.Needs {
		slices.SortFunc(versions, manylinux.CompareVersions)
	}
	for _, d := range s.Needs.Demands {
		if external(d) {
			r.External = append(r.External, d.Library)
		}
	}
	slices.Sort(r.External)
	r.External = slices.Compact(r.External)
}

// fillOther describes the Mach-O and PE files.
func (s *Subject) fillOther(r *Report) {
	n := s.neighbours()
	for _, f := range s.content.binaries {
		o := otherFile(f)
		if s.ownSystem(f) {
			for _, need := range n.outsideNeeds(f) {
				o.External = append(o.External, need.name)
			}
		}
		r.External = append(r.External, o.External...)
		r.Other = append(r.Other, o)
	}
	slices.Sort(r.External)
	r.External = slices.Compact(r.External)
}

func otherFile(f binaryFile) Other {
	if f.facts == nil {
		return Other{Path: f.path, Error: f.err.Error()}
	}
	o := Other{Path: f.path, Format: string(f.facts.Format)}
	for i, s := range f.facts.Slices {
		if o.Machines = append(o.Machines, s.Machine); i == 0 {
			o.Kind = string(s.Kind)
		}
		for _, b := range s.Builds {
			if s.Kind.Loads() {
				o.Minimums = append(o.Minimums, Minimum{s.Machine, b.Platform.String(), b.Minimum.String(), b.Command})
			}
		}
		for _, name := range s.Needed {
			if !slices.Contains(o.Needed, name) {
				o.Needed = append(o.Needed, name)
			}
		}
	}
	return o
}

// describe returns the facts about one ELF file. own are the demands of the files
// for the wheel's machine and libc, by path.
func (s *Subject) describe(f *linkset.File, own map[string][]manylinux.Demand) ELF {
	e := ELF{Path: f.Path, Machine: f.Machine, Needed: []string{}}
	if f.Err != nil {
		e.Error = f.Err.Error()
		return e
	}
	if e.Kind = f.ELF.Kind.String(); !f.Loads() {
		return e
	}
	e.Libc = f.Libc.String()
	e.Soname, e.Interpreter = f.ELF.Soname, f.ELF.Interpreter
	e.RPath, e.RunPath = f.ELF.RPath, f.ELF.RunPath
	e.Needed = append(e.Needed, f.ELF.Needed...)
	e.Unused, e.StripSize = s.ELF.Unused(f), f.StripSize
	alone := manylinux.Needs{Machine: f.Machine, Libc: f.Libc, Claims: s.Claims}
	if alone.Libc == elfaudit.LibcUnknown {
		alone.Libc = s.Needs.Libc
	}
	if linkset.RunsOn(alone.Machine, s.Needs.Machine) {
		alone.Machine = s.Needs.Machine
	}
	if alone.Machine == s.Needs.Machine && alone.Libc == s.Needs.Libc {
		alone.Demands = own[f.Path]
	} else {
		alone.Demands = s.withoutExcluded(s.policies.Demands(s.ELF, f, alone.Libc, alone.Machine))
		s.allowLevels(alone)
	}
	e.PlatformTag = alone.Preferred(s.policies.Tags(alone).Exact)
	return e
}

// auditwheel compares with the other tool.
func (s *Subject) auditwheel(r *Report) *AuditwheelResult {
	theirs := auditwheel.Show(s.policies, s.ELF.Files, s.Claims, s.record.paths, s.elsewhere.options())
	ours := auditwheel.Ours{PlatformTag: r.PlatformTag, External: r.External, Needs: s.Needs, Set: s.ELF, Recorded: s.record.paths}
	return &AuditwheelResult{
		OverallTag: theirs.OverallTag, SymTag: theirs.SymTag, External: theirs.External, Error: theirs.Error,
		Differs: auditwheel.Differs(s.policies, ours, theirs),
	}
}

// order puts the most severe findings first, then those about the same file
// together.
func order(findings []finding.Finding) {
	slices.SortStableFunc(findings, func(a, b finding.Finding) int { return int(b.Severity) - int(a.Severity) })
}
