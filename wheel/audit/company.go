package audit

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/elfaudit/loader"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/metadata"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// Provided is a library that a file needs and that another wheel has.
type Provided struct {
	File    string `json:"file"`    // that needs it
	Library string `json:"library"` // as it names it
	Wheel   string `json:"wheel"`   // file name
	Path    string `json:"path"`    // of the library in that wheel
	// Requires is the requirement that leads to the wheel, with the project that has it
	// in By, "" when nothing does. Extra is the extra that it is for.
	Requires string `json:"requires,omitempty"`
	By       string `json:"by,omitempty"`
	Extra    string `json:"extra,omitempty"`
	// Reached says how the loader gets there: "run path", "loaded" by another file,
	// "import" of a package of that wheel in Python code, or "" for no way that is seen.
	Reached string `json:"reached"`
	Way     string `json:"way,omitempty"` // the entry of the run path, or the import
}

// provider is a neighbour with libraries that a wheel needs.
type provider struct {
	chosen
	set *linkset.Set
}

// company is what neighbours bring for a wheel.
type company struct {
	providers []provider
	by        map[string]int // providers by the name of a library
	whole     bool           // all that they need is there too
	provided  []Provided
}

// maxProviders is how many wheels are read for one.
const maxProviders = 200

// meetNeighbours finds the libraries from outside the wheel among other wheels and says so
// in its demands. The archive is still open.
func (s *Subject) meetNeighbours(ctx context.Context, n *neighbourhood, archive *wheel.Archive) {
	var names []string
	for _, d := range s.Needs.Demands {
		if external(d) && !slices.Contains(names, d.Library) {
			names = append(names, d.Library)
		}
	}
	names = append(names, s.excluded...) // something else provides them: perhaps these wheels
	if len(names) == 0 || s.NameErr != nil {
		return
	}
	c := &company{by: map[string]int{}, whole: true}
	var m metadata.Metadata
	if s.dist.metadata != nil {
		m = *s.dist.metadata
	}
	closure, named := n.closure(&s.name, m.Requirements, m.Extras)
	c.find(ctx, s, names, closure, func(library string) (chosen, bool) { return n.anyWith(library, &s.name, named) }, n.auditor)
	if len(c.providers) == 0 {
		return
	}
	sets := make([]*linkset.Set, len(c.providers))
	for i := range c.providers {
		sets[i] = c.providers[i].set
	}
	shared := loads.NewShared(s.ELF, sets, s.isMusl, loads.MaxSteps)
	c.ways(s, shared, c.imported(ctx, archive))
	s.company = c
	s.askNeighbours()
}

// find chooses the wheels for some libraries, and for what those need.
// unnamed finds one to which no requirement leads.
func (c *company) find(ctx context.Context, s *Subject, names []string, closure []chosen, unnamed func(string) (chosen, bool), a *Auditor) {
	add := func(library string, only bool) bool {
		if _, known := c.by[library]; known {
			return true
		}
		from, ok := whoHas(library, closure)
		if !ok && !only {
			from, ok = unnamed(library)
		}
		if !ok || len(c.providers) >= maxProviders {
			return false
		}
		at := slices.IndexFunc(c.providers, func(p provider) bool { return p.neighbour == from.neighbour })
		if at < 0 {
			set := from.files(ctx, a)
			if set == nil {
				return false
			}
			at = len(c.providers)
			c.providers = append(c.providers, provider{from, set})
		}
		if c.providers[at].set.Library(s.Needs.Machine, library) == nil {
			return false
		}
		c.by[library] = at
		return true
	}
	for _, name := range names {
		add(name, false)
	}
	for i := 0; i < len(c.providers); i++ {
		set := c.providers[i].set
		for _, f := range set.Files {
			if !f.Loads() || f.Machine != s.Needs.Machine {
				continue
			}
			for _, name := range f.Needed {
				floor, allowed := s.policies.LibraryIn(name)
				if !set.Provides(f, name) && !s.ELF.Provides(f, name) && !manylinux.IsLoader(name) && (!allowed || floor >= manylinux.NoPolicy) && !add(name, true) {
					c.whole = false
				}
			}
		}
	}
}

// whoHas finds the first wheel with a file of a name.
func whoHas(library string, list []chosen) (chosen, bool) {
	i := slices.IndexFunc(list, func(c chosen) bool { return len(c.libraries[library]) > 0 })
	if i < 0 {
		return chosen{}, false
	}
	return list[i], true
}

// anyWith finds a library in a wheel of a project that no requirement names.
func (n *neighbourhood) anyWith(library string, next *wheel.Name, named map[string]bool) (chosen, bool) {
	for _, project := range n.names {
		if named[project] {
			continue
		}
		var with []*neighbour
		for _, c := range n.projects[project] {
			if c.readDirectory(); len(c.libraries[library]) > 0 {
				with = append(with, c)
			}
		}
		only := neighbourhood{projects: map[string][]*neighbour{project: with}}
		if best := only.best(project, next, pep440.SpecifierSet{}); best != nil {
			return chosen{neighbour: best}, true
		}
	}
	return chosen{}, false
}

// ways notes how each file gets to each library of another wheel.
func (c *company) ways(s *Subject, shared *loads.Shared, imports map[string]string) {
	for _, f := range s.native {
		for _, name := range f.Needed {
			at, ok := c.by[name]
			if !ok || s.ELF.Provides(f, name) {
				continue
			}
			from := c.providers[at]
			p := Provided{File: f.Path, Library: name, Wheel: filepath.Base(from.path), Requires: from.requirement, By: from.by, Extra: from.extra}
			p.Path = from.set.Library(f.Machine, name).Files[0].Path
			if found, ok := shared.Find(f, name); ok {
				p.Wheel, p.Path = filepath.Base(c.providers[found.Wheel].path), found.File.Path
				p.Reached, p.Way = "run path", found.Entry
				if found.Rule == loader.RuleLoaded {
					p.Reached, p.Way = "loaded", ""
				}
			} else if i := slices.IndexFunc(from.imports, func(top string) bool { return imports[top] != "" }); i >= 0 {
				p.Reached, p.Way = "import", "import "+from.imports[i]+" in "+imports[from.imports[i]]
			}
			c.provided = append(c.provided, p)
		}
	}
}

// askNeighbours puts what the company brings, and what it lacks, into the demands.
func (s *Subject) askNeighbours() {
	c := s.company
	for i := range s.Needs.Demands {
		d := &s.Needs.Demands[i]
		if p, ok := c.of(d.File, d.Library); ok && external(*d) {
			d.Wheel = p.Wheel
		}
	}
	elsewhere := manylinux.Elsewhere{
		Whole: c.whole,
		Provider: func(library string) (string, *linkset.File) {
			at, ok := c.by[library]
			if !ok {
				return "", nil
			}
			return filepath.Base(c.providers[at].path), c.providers[at].set.Library(s.Needs.Machine, library).Files[0]
		},
		Exports: func(symbol string) bool {
			return slices.ContainsFunc(c.providers, func(p provider) bool { return p.set.Exports(symbol) })
		},
	}
	for _, f := range s.native {
		for _, p := range c.provided {
			if p.File == f.Path && p.Reached == "" {
				d := manylinux.Demand{Kind: manylinux.KindPath, File: f.Path, Library: p.Library, Wheel: p.Wheel, Unsure: true}
				s.Needs.Demands = append(s.Needs.Demands, s.policies.Complete(d, s.Needs.Libc, s.Needs.Machine))
			}
		}
		if !f.IsProgram() {
			s.Needs.Demands = append(s.Needs.Demands, s.policies.DemandsOn(elsewhere, s.ELF, f, s.Needs.Libc, s.Needs.Machine)...)
		}
	}
}

// of returns what is known of a library that a file needs.
func (c *company) of(file, library string) (Provided, bool) {
	if c == nil {
		return Provided{}, false
	}
	i := slices.IndexFunc(c.provided, func(p Provided) bool { return p.File == file && p.Library == library })
	if i < 0 {
		return Provided{}, false
	}
	return c.provided[i], true
}
