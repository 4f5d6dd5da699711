package lockfile

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// isPDM goes by a key of the metadata, which Poetry spells with a dash.
func isPDM(doc *tomltree.Table) bool {
	return metadataHas(doc, "lock_version") && !isPoetry(doc)
}

// readPDM fills the lock from pdm.lock. With the strategy inherit_metadata, the
// default since PDM 2.11, each package records which groups need it and under which
// marker.
func (r *reader) readPDM(doc *tomltree.Table) *Error {
	metadata := r.table(doc, "metadata")
	version := metadata.Get("lock_version")
	if version == nil || version.Kind != tomltree.String || !majorIs(version.Text, "4") {
		return r.lockVersion(version, doc, "lock_version 4")
	}
	r.lock.Version = version.Text
	r.lock.inherits = slices.Contains(r.texts(metadata, "strategy"), "inherit_metadata")
	r.lock.Groups = sortedNames(r.names(metadata, "groups"))
	r.pdmTargets(metadata)
	files := pdmFiles{table: r.table(metadata, "files"), read: make(map[string][]*tomltree.Node)}
	packages := r.list(doc, "package", tomltree.TableKind)
	r.lock.Packages = make([]Package, 0, len(packages))
	for _, n := range packages {
		r.pdmPackage(n.Table, files)
	}
	return nil
}

// pdmTargets reads what the file was made for: ranges of Python versions, and
// perhaps platforms. Platforms do not determine environments, so those are only
// noted.
func (r *reader) pdmTargets(metadata *tomltree.Table) {
	every := false
	var texts []string
	for _, n := range r.list(metadata, "targets", tomltree.TableKind) {
		p := r.python(n.Table, "requires_python", parsePythonRange)
		every = every || len(p.any) == 0
		texts = append(texts, p.text)
		r.lock.RequiresPython.any = append(r.lock.RequiresPython.any, p.any...)
		for _, key := range [...]string{"platform", "implementation"} {
			if limit := r.text(n.Table, key); limit != "" {
				r.note(CodeTarget, n.Line, "the file was made for the %s %s; packages for others may be missing", key, limit)
			}
		}
	}
	if r.lock.RequiresPython.text = strings.Join(texts, " || "); every {
		r.lock.RequiresPython = PythonRange{}
	}
}

// pdmPackage reads an entry of the list of packages. A package that is needed
// with extras has an entry for each set of them and one without.
func (r *reader) pdmPackage(t *tomltree.Table, files pdmFiles) {
	p := r.identity(t)
	p.RequiresPython = r.python(t, "requires_python", parsePythonRange)
	p.Groups = r.names(t, "groups")
	p.Extras = r.names(t, "extras")
	p.Marker, p.markerBad = r.marker(t, "marker")
	p.Source = r.pdmSource(t)
	for _, n := range r.list(t, "dependencies", tomltree.String) {
		d, err := parseDependency(n.Text, n.Line)
		if err != nil {
			r.problem(CodeDependency, n.Line, "%v", err)
			continue
		}
		p.Dependencies = append(p.Dependencies, d)
	}
	list := r.list(t, "files", tomltree.TableKind)
	if t.Get("files") == nil { // before lock_version 4.3 they are not with the packages
		list = r.share(files.take(r, r.text(t, "name")+" "+p.Version), &p)
	}
	r.hashedFiles(&p, list)
	r.lock.Packages = append(r.lock.Packages, p)
}

// parseDependency reads a dependency specifier.
func parseDependency(text string, line int) (Dependency, error) {
	q, err := pep508.ParseRequirement(text)
	if err != nil {
		return Dependency{}, err
	}
	d := Dependency{Name: wheel.NormalizeName(q.Name), Marker: q.Marker, versions: q.Specifiers.String(), Line: line}
	for _, extra := range q.Extras {
		d.Extras = append(d.Extras, wheel.NormalizeName(extra))
	}
	return d, nil
}

// pdmFiles are the files of old versions of pdm.lock, which are not listed with
// the packages. Each list is read once, however many packages have it.
type pdmFiles struct {
	table *tomltree.Table
	read  map[string][]*tomltree.Node
}

func (f pdmFiles) take(r *reader, key string) []*tomltree.Node {
	list, ok := f.read[key]
	if !ok {
		list = r.list(f.table, key, tomltree.TableKind)
		f.read[key] = list
	}
	return list
}

// pdmSource reads where a package comes from. PDM has a key for each kind.
func (r *reader) pdmSource(t *tomltree.Table) Source {
	s := Source{Kind: FromIndex, Subdirectory: r.text(t, "subdirectory")}
	for _, vcs := range [...]string{"git", "hg", "svn", "bzr"} {
		if t.Get(vcs) != nil {
			s.Kind, s.VCS, s.URL = FromVCS, vcs, r.text(t, vcs)
			if s.Revision = r.text(t, "revision"); s.Revision == "" {
				s.Revision = r.text(t, "ref")
			}
			return s
		}
	}
	switch {
	case t.Get("path") != nil:
		s.Kind, s.Path = FromDirectory, r.text(t, "path")
		if r.flag(t, "editable") {
			s.Kind = FromEditable
		} else if kind := kindOf(s.Path); kind != Other {
			s.Kind = FromPath
		}
	case t.Get("url") != nil:
		s.Kind, s.URL = FromURL, r.text(t, "url")
	}
	return s
}

// pdmProject reads what PDM installs.
func (r *reader) pdmProject(doc *tomltree.Table) {
	project := r.table(doc, "project")
	if project == nil {
		r.lock.DefaultGroups = []string{"dev"}
		return
	}
	p := projectReader{reader: r}
	p.standard(project, doc, true)
	if dev := r.inTable(doc, "tool", "pdm", "dev-dependencies"); dev != nil {
		for _, e := range dev.Entries {
			name := wheel.NormalizeName(e.Key)
			p.groups = append(p.groups, name)
			p.specifiers(dev, e.Key, name, "")
		}
	}
	r.lock.DefaultGroups = slices.Clone(p.groups)
	p.use()
}
