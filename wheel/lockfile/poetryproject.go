package lockfile

import (
	"slices"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// poetryProject reads what Poetry installs: tool.poetry, and in newer projects the
// standard tables.
func (r *reader) poetryProject(doc *tomltree.Table) {
	poetry, project := r.inTable(doc, "tool", "poetry"), r.table(doc, "project")
	if poetry == nil && project == nil {
		if len(r.lock.Groups) <= maxChosen {
			r.lock.DefaultGroups = slices.Clone(r.lock.Groups)
		}
		return
	}
	p := projectReader{reader: r, extras: make(map[string][]string)}
	if extras := r.table(poetry, "extras"); extras != nil {
		for _, e := range extras.Entries {
			r.lock.Extras = append(r.lock.Extras, wheel.NormalizeName(e.Key))
			for _, name := range r.names(extras, e.Key) {
				p.extras[name] = append(p.extras[name], wheel.NormalizeName(e.Key))
			}
		}
	}
	if project.Get("dependencies") == nil {
		p.poetryTable(r.table(poetry, "dependencies"), "")
	}
	p.standard(project, doc, false)
	if dev := r.table(poetry, "dev-dependencies"); dev != nil {
		p.groups = append(p.groups, "dev")
		p.poetryTable(dev, "dev")
	}
	optional := make(map[string]bool)
	if groups := r.table(poetry, "group"); groups != nil {
		for _, e := range groups.Entries {
			name, group := wheel.NormalizeName(e.Key), r.table(groups, e.Key)
			p.groups = append(p.groups, name)
			optional[name] = r.flag(group, "optional")
			p.poetryTable(r.table(group, "dependencies"), name)
		}
	}
	r.lock.DefaultGroups = slices.DeleteFunc(slices.Clone(p.groups), func(g string) bool { return optional[g] })
	p.use()
}

// poetryTable reads a table of dependencies as Poetry writes them. One that is
// optional is for the extras that name it.
func (p *projectReader) poetryTable(t *tomltree.Table, group string) {
	if t == nil {
		return
	}
	for _, e := range t.Entries {
		if e.Key == "python" {
			continue
		}
		options := []*tomltree.Node{e.Value}
		if e.Value.Kind == tomltree.List {
			options = e.Value.List
		}
		for _, n := range options {
			d := p.poetryDependency(e.Key, n)
			d.Group = group
			if n.Kind != tomltree.TableKind {
				p.roots = append(p.roots, d)
				continue
			}
			if platform := p.text(n.Table, "platform"); platform != "" {
				p.limitPlatform(&d, platform)
			}
			if !p.flag(n.Table, "optional") {
				p.roots = append(p.roots, d)
				continue
			}
			for _, extra := range p.extras[d.Name] {
				d.Extra = extra
				p.roots = append(p.roots, d)
			}
		}
	}
}

// limitPlatform adds Poetry's short form of a marker about sys_platform.
func (p *projectReader) limitPlatform(d *Dependency, platform string) {
	text := `sys_platform == "` + platform + `"`
	if !d.Marker.IsZero() {
		text = "(" + d.Marker.String() + ") and " + text
	}
	var err error
	if d.Marker, err = pep508.ParseMarker(text); err != nil {
		d.markerBad = true
	}
}
