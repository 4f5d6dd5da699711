package lockfile

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// readPDM fills the lock from pdm.lock. With the strategy inherit_metadata, the
// default since PDM 2.11, each package records which groups need it and under which
// marker.
func (r *reader) readPDM(doc *table) *Error {
	metadata := r.table(doc, "metadata")
	version := metadata.get("lock_version")
	if version == nil || version.kind != kindString || !majorIs(version.text, "4") {
		return r.lockVersion(version, doc, "lock_version 4")
	}
	r.lock.Version = version.text
	r.lock.inherits = slices.Contains(r.texts(metadata, "strategy"), "inherit_metadata")
	r.lock.Groups = sortedNames(r.names(metadata, "groups"))
	r.pdmTargets(metadata)
	files := pdmFiles{table: r.table(metadata, "files"), read: make(map[string][]*node)}
	packages := r.list(doc, "package", kindTable)
	r.lock.Packages = make([]Package, 0, len(packages))
	for _, n := range packages {
		r.pdmPackage(n.table, files)
	}
	return nil
}

// pdmTargets reads what the file was made for: ranges of Python versions, and
// perhaps platforms. Platforms do not determine environments, so those are only
// noted.
func (r *reader) pdmTargets(metadata *table) {
	every := false
	var texts []string
	for _, n := range r.list(metadata, "targets", kindTable) {
		p := r.python(n.table, "requires_python", parsePythonRange)
		every = every || len(p.any) == 0
		texts = append(texts, p.text)
		r.lock.RequiresPython.any = append(r.lock.RequiresPython.any, p.any...)
		for _, key := range [...]string{"platform", "implementation"} {
			if limit := r.text(n.table, key); limit != "" {
				r.note(CodeTarget, n.line, "the file was made for the %s %s; packages for others may be missing", key, limit)
			}
		}
	}
	if r.lock.RequiresPython.text = strings.Join(texts, " || "); every {
		r.lock.RequiresPython = PythonRange{}
	}
}

// pdmPackage reads an entry of the list of packages. A package that is needed
// with extras has an entry for each set of them and one without.
func (r *reader) pdmPackage(t *table, files pdmFiles) {
	p := r.identity(t)
	p.RequiresPython = r.python(t, "requires_python", parsePythonRange)
	p.Groups = r.names(t, "groups")
	p.Extras = r.names(t, "extras")
	p.Marker, p.markerBad = r.marker(t, "marker")
	p.Source = r.pdmSource(t)
	for _, n := range r.list(t, "dependencies", kindString) {
		q, err := pep508.ParseRequirement(n.text)
		if err != nil {
			r.problem(CodeDependency, n.line, "%v", err)
			continue
		}
		d := Dependency{Name: wheel.NormalizeName(q.Name), Marker: q.Marker, Line: n.line}
		for _, extra := range q.Extras {
			d.Extras = append(d.Extras, wheel.NormalizeName(extra))
		}
		p.Dependencies = append(p.Dependencies, d)
	}
	list := r.list(t, "files", kindTable)
	if t.get("files") == nil { // before lock_version 4.3 they are not with the packages
		list = r.share(files.take(r, r.text(t, "name")+" "+p.Version), &p)
	}
	r.hashedFiles(&p, list)
	r.lock.Packages = append(r.lock.Packages, p)
}

// pdmFiles are the files of old versions of pdm.lock, which are not listed with
// the packages. Each list is read once, however many packages have it.
type pdmFiles struct {
	table *table
	read  map[string][]*node
}

func (f pdmFiles) take(r *reader, key string) []*node {
	list, ok := f.read[key]
	if !ok {
		list = r.list(f.table, key, kindTable)
		f.read[key] = list
	}
	return list
}

// pdmSource reads where a package comes from. PDM has a key for each kind.
func (r *reader) pdmSource(t *table) Source {
	s := Source{Kind: FromIndex, Subdirectory: r.text(t, "subdirectory")}
	for _, vcs := range [...]string{"git", "hg", "svn", "bzr"} {
		if t.get(vcs) != nil {
			s.Kind, s.VCS, s.URL = FromVCS, vcs, r.text(t, vcs)
			if s.Revision = r.text(t, "revision"); s.Revision == "" {
				s.Revision = r.text(t, "ref")
			}
			return s
		}
	}
	switch {
	case t.get("path") != nil:
		s.Kind, s.Path = FromDirectory, r.text(t, "path")
		if r.flag(t, "editable") {
			s.Kind = FromEditable
		} else if kind, _ := kindOf(s.Path); kind != Other {
			s.Kind = FromPath
		}
	case t.get("url") != nil:
		s.Kind, s.URL = FromURL, r.text(t, "url")
	}
	return s
}
