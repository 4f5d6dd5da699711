package release

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Set is the files of some releases.
type Set struct {
	releases map[key]*group
	order    []key
	baseline map[string]map[string]*group // by project and version
}

// group is the files of one release.
type group struct {
	key
	files []file // sorted by name when they are looked at
}

// Release is what is said of the files of one release as a whole. Its JSON form is the
// record of an audit for a release.
type Release struct {
	Project  string            `json:"project"` // in normal form
	Version  string            `json:"version"` // in normal form
	Files    []string          `json:"files"`   // their names, sorted
	Baseline string            `json:"baseline,omitempty"`
	Verdict  finding.Verdict   `json:"verdict"`
	Findings []finding.Finding `json:"findings"`
}

// NewSet makes an empty set.
func NewSet() *Set {
	return &Set{releases: map[key]*group{}, baseline: map[string]map[string]*group{}}
}

// Add takes the report of a wheel or source distribution. Others are left out: a bare ELF
// file, a file with a name that says no version, and wheel variants.
func (s *Set) Add(r *audit.Report) {
	f, k, ok := newFile(r.File, r.External, r.Contents)
	if !ok {
		return
	}
	g := s.releases[k]
	if g == nil {
		g = &group{key: k}
		s.releases[k] = g
		s.order = append(s.order, k)
	}
	g.add(f)
}

// AddBaseline takes the report of a file of an earlier release.
func (s *Set) AddBaseline(r *audit.Report) { s.addBaseline(r.File, r.External, r.Contents) }

// AddBaselineName takes the name of a file of an earlier release, and its size in bytes
// or -1.
func (s *Set) AddBaselineName(filename string, size int64) {
	var c *audit.Contents
	if size >= 0 {
		c = &audit.Contents{Size: size}
	}
	s.addBaseline(filename, nil, c)
}

func (s *Set) addBaseline(filename string, external []string, c *audit.Contents) {
	f, k, ok := newFile(filename, external, c)
	if !ok {
		return
	}
	versions := s.baseline[k.project]
	if versions == nil {
		versions = map[string]*group{}
		s.baseline[k.project] = versions
	}
	if versions[k.version] == nil {
		versions[k.version] = &group{key: k}
	}
	versions[k.version].add(f)
}

// add adds a file, once.
func (g *group) add(f file) {
	if !slices.ContainsFunc(g.files, func(h file) bool { return h.name == f.name }) {
		g.files = append(g.files, f)
	}
}

// before returns the newest release of the baseline before one, or the same version where
// there is no earlier one; nil if there is none.
func (s *Set) before(k key) *group {
	var best *group
	for _, g := range s.baseline[k.project] {
		if newer(g.version, k.version) < 0 && (best == nil || newer(g.version, best.version) > 0) {
			best = g
		}
	}
	if best == nil {
		best = s.baseline[k.project][k.version]
	}
	return best
}

// Releases says what is to be said of each release, in the order of their first files.
// failing is the lowest severity that fails a release of a project, and decide what becomes
// of a finding of a rule: its severity, or ok false if it is not reported. A release of one
// file is left out where there is no earlier one.
func (s *Set) Releases(failing func(project string) finding.Severity, decide func(rule finding.Rule, project string) (severity finding.Severity, ok bool)) []Release {
	var list []Release
	for _, k := range s.order {
		g := s.releases[k]
		slices.SortFunc(g.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
		c := comparison{group: g, before: s.before(k), decide: decide}
		if len(g.files) < 2 && c.before == nil {
			continue
		}
		c.run()
		r := Release{Project: k.project, Version: k.version, Files: []string{}, Findings: c.findings}
		if r.Findings == nil {
			r.Findings = []finding.Finding{}
		}
		for _, f := range g.files {
			r.Files = append(r.Files, f.name)
		}
		if c.before != nil {
			r.Baseline = c.before.version
		}
		r.Verdict = finding.Judge(r.Findings, failing(k.project))
		list = append(list, r)
	}
	return list
}
