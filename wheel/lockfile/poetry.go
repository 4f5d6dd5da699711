package lockfile

import (
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// isPoetry goes by a key of the metadata.
func isPoetry(doc *tomltree.Table) bool { return metadataHas(doc, "lock-version") }

// metadataHas reports whether the table "metadata" has a key.
func metadataHas(doc *tomltree.Table, key string) bool {
	n := doc.Get("metadata")
	return n != nil && n.Kind == tomltree.TableKind && n.Table.Get(key) != nil
}

// readPoetry fills the lock from poetry.lock. Since lock-version 2.1 each
// package records which groups need it and under which markers; before that, only
// pyproject.toml had that.
func (r *reader) readPoetry(doc *tomltree.Table) *Error {
	metadata := r.table(doc, "metadata")
	version := metadata.Get("lock-version")
	if version == nil || version.Kind != tomltree.String || !majorIs(version.Text, "1") && !majorIs(version.Text, "2") {
		return r.lockVersion(version, doc, "lock-version 1 and 2")
	}
	r.lock.Version = version.Text
	switch version.Text {
	case "1.0", "1.1", "2.0":
	case "2.1":
		r.lock.inherits = true
	default:
		r.lock.inherits = majorIs(version.Text, "2")
		r.note(CodeLockVersion, version.Line, "lock-version %s is not one of 1.0, 1.1, 2.0, 2.1; new fields are ignored", version.Text)
	}
	r.lock.RequiresPython = r.python(metadata, "python-versions", parsePoetryRange)
	// Before lock-version 2.0 the files are not with the packages.
	files := r.sharedFiles(r.table(metadata, "files"))
	packages := r.list(doc, "package", tomltree.TableKind)
	r.lock.Packages = make([]Package, 0, len(packages))
	for _, n := range packages {
		r.poetryPackage(n.Table, files)
	}
	r.project = ""
	if extras := r.table(doc, "extras"); extras != nil {
		for _, e := range extras.Entries {
			name := wheel.NormalizeName(e.Key)
			r.lock.Extras = append(r.lock.Extras, name)
			for _, wanted := range r.names(extras, e.Key) {
				r.lock.graph.requirements = append(r.lock.graph.requirements, Dependency{Name: wanted, Extra: name, Line: e.Value.Line})
			}
		}
	}
	for i := range r.lock.Packages {
		r.lock.Groups = append(r.lock.Groups, r.lock.Packages[i].Groups...)
	}
	r.lock.Extras, r.lock.Groups = sortedNames(r.lock.Extras), sortedNames(r.lock.Groups)
	return nil
}

// poetryPackage reads an entry of the list of packages.
func (r *reader) poetryPackage(t *tomltree.Table, files sharedFiles) {
	p := r.identity(t)
	p.Optional = r.flag(t, "optional")
	p.RequiresPython = r.python(t, "python-versions", parsePoetryRange)
	p.Groups = r.names(t, "groups")
	if t.Get("category") != nil { // before groups there were main and dev
		p.Groups = append(p.Groups, wheel.NormalizeName(r.text(t, "category")))
	}
	if r.lock.inherits && len(p.Groups) == 0 {
		r.problem(CodeMissing, t.Line, "the package has no groups that need it")
	}
	r.poetryMarkers(t, &p)
	p.Source = r.poetrySource(t)
	r.poetryDependencies(t, &p)
	list := r.list(t, "files", tomltree.TableKind)
	if t.Get("files") == nil {
		list = r.share(files.take(r.text(t, "name"), &p), &p)
	}
	r.hashedFiles(&p, list)
	r.lock.Packages = append(r.lock.Packages, p)
}

// hashedFiles reads files that have a name or URL and one hash, as Poetry and
// PDM write them.
func (r *reader) hashedFiles(p *Package, list []*tomltree.Node) {
	p.Files = make([]File, 0, len(list))
	for _, n := range list {
		t := n.Table
		f := File{Name: r.text(t, "file"), URL: r.text(t, "url"), Size: r.size(t), Uploaded: r.time(t, "upload-time"), Line: n.Line}
		if h := r.field(t, "hash", tomltree.String); h != nil {
			f.Hashes = r.hash(h.Text, h.Line)
		} else {
			r.problem(CodeHash, n.Line, "the file has no hash")
		}
		r.identify(&f, p)
		p.Files = append(p.Files, f)
	}
	if len(p.Files) == 0 && p.Source.Kind == FromIndex {
		r.problem(CodeNoFiles, p.Line, "the package comes from an index but has no files")
	}
}

// poetryMarkers reads one marker for all groups, or one for each. The oldest
// files have "marker" instead.
func (r *reader) poetryMarkers(t *tomltree.Table, p *Package) {
	key := "markers"
	if t.Get(key) == nil {
		key = "marker"
	}
	n := t.Get(key)
	if n == nil || n.Kind != tomltree.TableKind {
		p.Marker, p.markerBad = r.poetryMarker(t, key)
		return
	}
	p.groupMarkers = make(map[string]pep508.Marker)
	for _, e := range n.Table.Entries {
		m, bad := r.poetryMarker(n.Table, e.Key)
		p.groupMarkers[wheel.NormalizeName(e.Key)] = m
		p.markerBad = p.markerBad || bad
	}
}

// poetryMarker reads a marker, which may also be empty or a star.
func (r *reader) poetryMarker(t *tomltree.Table, key string) (m pep508.Marker, bad bool) {
	if n := t.Get(key); n != nil && n.Kind == tomltree.String && (n.Text == "" || n.Text == "*") {
		return pep508.Marker{}, false
	}
	return r.marker(t, key)
}

// poetrySource reads where a package comes from. Without a table it is PyPI;
// "legacy" is any other index. The url of files and directories is a path.
func (r *reader) poetrySource(t *tomltree.Table) Source {
	s := r.table(t, "source")
	if s == nil {
		return Source{Kind: FromIndex}
	}
	source := Source{URL: r.text(s, "url"), Subdirectory: r.text(s, "subdirectory")}
	switch kind := r.text(s, "type"); kind {
	case "git":
		source.Kind, source.VCS = FromVCS, kind
		if source.Revision = r.text(s, "resolved_reference"); source.Revision == "" {
			source.Revision = r.text(s, "reference")
		}
	case "url":
		source.Kind = FromURL
	case "file":
		source.Kind, source.Path, source.URL = FromPath, source.URL, ""
	case "directory":
		source.Kind, source.Path, source.URL = FromDirectory, source.URL, ""
		if r.flag(t, "develop") {
			source.Kind = FromEditable
		}
	case "legacy", "":
		source.Kind = FromIndex
	default:
		source.Kind = FromIndex
		r.problem(CodeType, s.Line, "unknown source type %q", kind)
	}
	return source
}

// poetryDependencies reads the table of dependencies, where a value is a version
// range, a table with more, or a list of those.
func (r *reader) poetryDependencies(t *tomltree.Table, p *Package) {
	deps := r.table(t, "dependencies")
	if deps == nil {
		return
	}
	for _, e := range deps.Entries {
		n := e.Value
		options := []*tomltree.Node{n}
		if n.Kind == tomltree.List {
			options = n.List
		}
		for _, option := range options {
			p.Dependencies = append(p.Dependencies, r.poetryDependency(e.Key, option))
		}
	}
}

// poetryDependency reads one of the dependencies of a package or a project.
func (r *reader) poetryDependency(name string, n *tomltree.Node) Dependency {
	d := Dependency{Name: wheel.NormalizeName(name), Line: n.Line}
	switch n.Kind {
	case tomltree.String:
		d.versions = n.Text
	case tomltree.TableKind:
		d.versions = r.text(n.Table, "version")
		d.Extras = r.names(n.Table, "extras")
		d.Marker, d.markerBad = r.poetryMarker(n.Table, "markers")
		d.python = r.python(n.Table, "python", parsePoetryRange)
	}
	return d
}

// lockVersion is the error for an unknown version of a format.
func (r *reader) lockVersion(version *tomltree.Node, doc *tomltree.Table, known string) *Error {
	e := &Error{Code: CodeLockVersion, File: r.file, Line: doc.Line, Detail: "the lock version is missing; supported: " + known}
	if version != nil {
		e.Line = version.Line
		e.Detail = "unsupported lock version " + strings.ToValidUTF8(version.Text, "?") + " of " + string(r.lock.Format) + "; supported: " + known
	}
	return e
}
