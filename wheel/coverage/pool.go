package coverage

import (
	"iter"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Pool is a set of files of any projects: from a directory, index pages, lists.
type Pool struct {
	projects map[string]*project
	order    []string
	variants map[string]map[string]*wheel.ReleaseVariants // by project and version
}

// Add puts a file into the pool. Of two files with one name the first counts.
func (p *Pool) Add(f index.File) {
	one := p.project(f.Project)
	one.offers = append(one.offers, Offer{Name: f.Name, RequiresPython: f.RequiresPython, Yanked: f.Yanked, YankedReason: f.YankedReason, Hashes: f.Hashes, URL: f.URL, Path: f.Path, Size: f.Size, Line: f.Line})
}

// project returns a project of the pool, a new one if it is not there.
func (p *Pool) project(name string) *project {
	if p.projects == nil {
		p.projects = map[string]*project{}
	}
	one := p.projects[name]
	if one == nil {
		one = &project{name: name}
		p.projects[name] = one
		p.order = append(p.order, name)
	}
	return one
}

// AddProject says that the pool has all files of a project, so that one without files is
// missing and not unknown. The name is normalised.
func (p *Pool) AddProject(name string) { p.project(name).complete = true }

// complete reports whether the pool has all files of a project.
func (p *Pool) complete(name string) bool {
	return p != nil && p.projects[name] != nil && p.projects[name].complete
}

// AddVariants puts the variants of a release into the pool, as its
// {name}-{version}-variants.json lists them.
func (p *Pool) AddVariants(project string, version pep440.Version, release *wheel.ReleaseVariants) {
	if p.variants == nil {
		p.variants = map[string]map[string]*wheel.ReleaseVariants{}
	}
	if p.variants[project] == nil {
		p.variants[project] = map[string]*wheel.ReleaseVariants{}
	}
	p.variants[project][version.String()] = release
}

// Len is the number of projects.
func (p *Pool) Len() int { return len(p.order) }

// Rows yields a row for each project, in the order in which they were first
// added. limits, which may be nil, restrict the versions.
func (p *Pool) Rows(targets []Target, limits *lockfile.Constraints) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		fitters := newFitters(targets)
		for _, name := range p.order {
			one := *p.projects[name]
			one.variants = p.variants[name]
			if limits != nil {
				one.constrain(limits, targets)
			}
			if !yield(newRow(&one, targets, fitters, nil)) {
				return
			}
		}
	}
}

// offers returns the files of a project in a version, or in any version for "".
func (p *Pool) offers(name, version string) []Offer {
	one := p.projects[name]
	if one == nil {
		return nil
	}
	if version == "" {
		return one.offers
	}
	want, err := pep440.Parse(version)
	if err != nil {
		return nil
	}
	var found []Offer
	for _, f := range one.files() {
		if f.version.Equal(want) || f.version.Public() == want.String() {
			found = append(found, one.offers[f.at])
		}
	}
	return found
}

// newFitters makes one for each target.
func newFitters(targets []Target) []*wheel.Fitter {
	fitters := make([]*wheel.Fitter, len(targets))
	for i := range targets {
		fitters[i] = wheel.NewFitter(targets[i].Target)
	}
	return fitters
}

// newRow answers for one project. notes, if any, are for single targets.
func newRow(p *project, targets []Target, fitters []*wheel.Fitter, notes []note) Row {
	row := Row{Package: p.name, Cells: make([]Cell, len(targets)), project: p, targets: targets, notes: notes}
	c := newChooser(p)
	for i := range targets {
		if notes != nil && notes[i].set {
			row.Cells[i] = Cell{notes[i].state, -1}
			continue
		}
		row.Cells[i] = c.cell(&targets[i], fitters[i])
	}
	return row
}
