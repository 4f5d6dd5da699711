package lockfile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
)

// isUV goes by the version and another key of uv's. Cargo.lock has a version and
// packages too, but its sources are not tables.
func isUV(doc *tomltree.Table) bool {
	version := doc.Get("version")
	if version == nil || version.Kind != tomltree.Integer {
		return false
	}
	if doc.Get("revision") != nil || doc.Get("requires-python") != nil || doc.Get("resolution-markers") != nil {
		return true
	}
	n := doc.Get(uvPackages(doc))
	if n == nil || n.Kind != tomltree.List || len(n.List) == 0 || n.List[0].Kind != tomltree.TableKind {
		return false
	}
	source := n.List[0].Table.Get("source")
	return source != nil && source.Kind == tomltree.TableKind
}

// uvPackages is the key of the list of packages, which uv called distribution
// before August 2024; uv 0.13 reads both.
func uvPackages(doc *tomltree.Table) string {
	if doc.Get("package") == nil && doc.Get("distribution") != nil {
		return "distribution"
	}
	return "package"
}

// readUV fills the lock from uv.lock. There is no standard for the format; it
// is what uv writes, up to 0.13: version 1 up to revision 5, and before August 2024
// with another key for the packages.
func (r *reader) readUV(doc *tomltree.Table) *Error {
	version := doc.Get("version")
	if version == nil || version.Kind != tomltree.Integer || version.Text != "1" {
		return r.lockVersion(version, doc, "version 1")
	}
	r.lock.Version, r.lock.inherits = version.Text, true
	r.lock.RequiresPython = r.python(doc, "requires-python", parsePythonRange)
	r.lock.Environments = r.markers(doc, "supported-markers")
	r.uvFleet(doc)
	packages := r.list(doc, uvPackages(doc), tomltree.TableKind)
	r.lock.Packages = make([]Package, 0, len(packages))
	for _, n := range packages {
		r.uvPackage(n.Table)
	}
	r.project = ""
	manifest := r.table(doc, "manifest")
	r.uvProjects(r.names(manifest, "members"))
	g := &r.lock.graph
	g.requirements = r.uvDependencies(nil, r.list(manifest, "requirements", tomltree.TableKind), "", "")
	g.requirements = r.uvGroups(g.requirements, r.table(manifest, "dependency-groups"))
	r.uvConflicts(doc)
	r.choices()
	r.link()
	return nil
}

// uvPackage reads an entry of the list of packages. Unconditional dependencies and
// those of extras and of groups are in three places.
func (r *reader) uvPackage(t *tomltree.Table) {
	p := r.identity(t)
	if p.Source = r.uvSource(t); t.Get("source") == nil {
		r.problem(CodeMissing, t.Line, "the package has no source")
	}
	p.forks = r.markers(t, "resolution-markers")
	p.Dependencies = r.uvDependencies(nil, r.list(t, "dependencies", tomltree.TableKind), "", "")
	if extras := r.table(t, "optional-dependencies"); extras != nil {
		for _, e := range extras.Entries {
			extra := e.Key
			p.Dependencies = r.uvDependencies(p.Dependencies, r.list(extras, extra, tomltree.TableKind), wheel.NormalizeName(extra), "")
			p.Extras = append(p.Extras, wheel.NormalizeName(extra))
		}
	}
	// Extras without dependencies are only in the metadata.
	metadata := r.table(t, "metadata")
	p.Extras = append(p.Extras, r.names(metadata, "provides-extras")...)
	groups := r.table(t, "dev-dependencies")
	p.Dependencies = r.uvGroups(p.Dependencies, groups)
	for _, groups := range []*tomltree.Table{groups, r.table(metadata, "requires-dev")} {
		if groups != nil {
			for _, e := range groups.Entries {
				p.Groups = append(p.Groups, wheel.NormalizeName(e.Key))
			}
		}
	}
	p.Extras, p.Groups = sortedNames(p.Extras), sortedNames(p.Groups)
	// In this order those of an extra are next to each other and can be found.
	slices.SortStableFunc(p.Dependencies, func(a, b Dependency) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Extra, b.Extra))
	})
	r.uvFiles(t, &p)
	r.lock.Packages = append(r.lock.Packages, p)
}

// sortedNames sorts names and drops repeated ones.
func sortedNames(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// uvSource reads the field source of a package or dependency.
func (r *reader) uvSource(t *tomltree.Table) Source {
	if t.Get("source") == nil {
		return Source{}
	}
	s := r.table(t, "source")
	source := Source{Subdirectory: r.text(s, "subdirectory")}
	for _, kind := range [...]struct {
		key  string
		kind SourceKind
	}{{"registry", FromIndex}, {"url", FromURL}, {"git", FromVCS}, {"path", FromPath}, {"directory", FromDirectory}, {"editable", FromEditable}, {"virtual", FromVirtual}} {
		if s.Get(kind.key) == nil {
			continue
		}
		where := r.text(s, kind.key)
		source.Kind = kind.kind
		switch kind.kind {
		case FromVCS:
			source.VCS = "git"
			source.URL, source.Revision, _ = strings.Cut(where, "#")
		case FromIndex, FromURL:
			source.URL = where
		default:
			source.Path = where
		}
		return source
	}
	if s != nil {
		r.problem(CodeMissing, s.Line, "unknown kind of source")
	}
	return source
}

// uvDependencies appends the dependencies of a list.
func (r *reader) uvDependencies(list []Dependency, items []*tomltree.Node, extra, group string) []Dependency {
	list = slices.Grow(list, len(items))
	for _, n := range items {
		t := n.Table
		d := Dependency{Name: wheel.NormalizeName(r.text(t, "name")), Version: r.text(t, "version"), Source: r.uvSource(t), Extra: extra, Group: group, Line: n.Line}
		d.Marker, d.markerBad = r.marker(t, "marker")
		// A dependency has "extra", a requirement of the manifest "extras".
		d.Extras = append(r.names(t, "extra"), r.names(t, "extras")...)
		list = append(list, d)
	}
	return list
}

// uvGroups appends the dependencies of a table of groups.
func (r *reader) uvGroups(list []Dependency, groups *tomltree.Table) []Dependency {
	if groups != nil {
		for _, e := range groups.Entries {
			list = r.uvDependencies(list, r.list(groups, e.Key, tomltree.TableKind), "", wheel.NormalizeName(e.Key))
		}
	}
	return list
}

// uvFiles reads the files of a package. Those of a package by URL or path are
// named after it.
func (r *reader) uvFiles(t *tomltree.Table, p *Package) {
	wheels := r.list(t, "wheels", tomltree.TableKind)
	p.Files = make([]File, 0, 1+len(wheels))
	if s := r.table(t, "sdist"); s != nil {
		f := r.uvFile(s)
		if f.URL == "" && f.Path == "" {
			f.URL, f.Path = p.Source.URL, p.Source.Path
		}
		p.Files = append(p.Files, f)
	}
	for _, n := range wheels {
		f := r.uvFile(n.Table)
		if f.Name != "" && f.URL == "" && f.Path == "" {
			f.URL, f.Path = p.Source.URL, p.Source.Path
		}
		p.Files = append(p.Files, f)
	}
	for i := range p.Files {
		r.identify(&p.Files[i], p)
	}
	if len(p.Files) == 0 && p.Source.Kind == FromIndex {
		r.note(CodeNoFiles, t.Line, "the package comes from an index but has no files")
	}
}

// uvFile reads an sdist or wheel. It has one of url, path and filename, or none
// of them if it is the only file at the source of the package.
func (r *reader) uvFile(t *tomltree.Table) File {
	f := File{Name: r.text(t, "filename"), URL: r.text(t, "url"), Path: r.text(t, "path"), Size: r.size(t), Uploaded: r.time(t, "upload-time"), Line: t.Line}
	if n := r.field(t, "hash", tomltree.String); n != nil {
		f.Hashes = r.hash(n.Text, n.Line)
	}
	return f
}

// uvProjects marks the projects that the file locks: the members of a workspace,
// or else the one package in the directory of the file.
func (r *reader) uvProjects(members []string) {
	slices.Sort(members)
	for i := range r.lock.Packages {
		p := &r.lock.Packages[i]
		local := p.Source.Kind == FromEditable || p.Source.Kind == FromVirtual
		switch {
		case len(members) > 0:
			_, p.Project = slices.BinarySearch(members, p.Name)
		default:
			p.Project = local && p.Source.Path == "."
		}
		r.lock.graph.hasMain = r.lock.graph.hasMain || p.Project && isMain(p)
	}
}

// uvConflicts reads which extras and groups exclude each other.
func (r *reader) uvConflicts(doc *tomltree.Table) {
	total := 0
	for _, set := range r.list(doc, "conflicts", tomltree.List) {
		if total += len(set.List); total > maxConflicts {
			r.problem(CodeType, set.Line, "more than %d extras and groups exclude each other; the rest is ignored", maxConflicts)
			return
		}
		var items []conflict
		for _, n := range set.List {
			if n.Kind == tomltree.TableKind {
				items = append(items, conflict{wheel.NormalizeName(r.text(n.Table, "package")), wheel.NormalizeName(r.text(n.Table, "extra")), wheel.NormalizeName(r.text(n.Table, "group")), n.Line})
			}
		}
		r.lock.graph.conflicts = append(r.lock.graph.conflicts, items)
	}
}

// choices collects the extras and groups that the projects offer.
func (r *reader) choices() {
	l := r.lock
	for i := range l.Packages {
		if p := &l.Packages[i]; p.Project {
			l.Extras = append(l.Extras, p.Extras...)
			l.Groups = append(l.Groups, p.Groups...)
		}
	}
	for i := range l.graph.requirements {
		if group := l.graph.requirements[i].Group; group != "" {
			l.Groups = append(l.Groups, group)
		}
	}
	l.Extras, l.Groups = sortedNames(l.Extras), sortedNames(l.Groups)
}
