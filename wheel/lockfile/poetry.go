package lockfile

import (
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// readPoetry fills the lock from poetry.lock. Since lock-version 2.1 each
// package records which groups need it and under which markers; before that, only
// pyproject.toml had that.
func (r *reader) readPoetry(doc *table) *Error {
	metadata := r.table(doc, "metadata")
	version := metadata.get("lock-version")
	if version == nil || version.kind != kindString || !majorIs(version.text, "1") && !majorIs(version.text, "2") {
		return r.lockVersion(version, doc, "lock-version 1 and 2")
	}
	r.lock.Version = version.text
	switch version.text {
	case "1.0", "1.1", "2.0":
	case "2.1":
		r.lock.inherits = true
	default:
		r.lock.inherits = majorIs(version.text, "2")
		r.note(CodeLockVersion, version.line, "lock-version %s is not one of 1.0, 1.1, 2.0, 2.1; new fields are ignored", version.text)
	}
	r.lock.RequiresPython = r.python(metadata, "python-versions", parsePoetryRange)
	// Before lock-version 2.0 the files are not with the packages.
	files := r.sharedFiles(r.table(metadata, "files"))
	packages := r.list(doc, "package", kindTable)
	r.lock.Packages = make([]Package, 0, len(packages))
	for _, n := range packages {
		r.poetryPackage(n.table, files)
	}
	r.project = ""
	if extras := r.table(doc, "extras"); extras != nil {
		for _, e := range extras.entries {
			name := wheel.NormalizeName(e.key)
			r.lock.Extras = append(r.lock.Extras, name)
			for _, wanted := range r.names(extras, e.key) {
				r.lock.graph.requirements = append(r.lock.graph.requirements, Dependency{Name: wanted, Extra: name, Line: e.value.line})
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
func (r *reader) poetryPackage(t *table, files sharedFiles) {
	p := r.identity(t)
	p.Optional = r.flag(t, "optional")
	p.RequiresPython = r.python(t, "python-versions", parsePoetryRange)
	p.Groups = r.names(t, "groups")
	if t.get("category") != nil { // before groups there were main and dev
		p.Groups = append(p.Groups, wheel.NormalizeName(r.text(t, "category")))
	}
	if r.lock.inherits && len(p.Groups) == 0 {
		r.problem(CodeMissing, t.line, "the package has no groups that need it")
	}
	r.poetryMarkers(t, &p)
	p.Source = r.poetrySource(t)
	r.poetryDependencies(t, &p)
	list := r.list(t, "files", kindTable)
	if t.get("files") == nil {
		list = r.share(files.take(r.text(t, "name"), &p), &p)
	}
	r.hashedFiles(&p, list)
	r.lock.Packages = append(r.lock.Packages, p)
}

// hashedFiles reads files that have a name or URL and one hash, as Poetry and
// PDM write them.
func (r *reader) hashedFiles(p *Package, list []*node) {
	p.Files = make([]File, 0, len(list))
	for _, n := range list {
		t := n.table
		f := File{Name: r.text(t, "file"), URL: r.text(t, "url"), Size: r.size(t), Uploaded: r.time(t, "upload-time"), Line: n.line}
		if h := r.field(t, "hash", kindString); h != nil {
			f.Hashes = r.hash(h.text, h.line)
		} else {
			r.problem(CodeHash, n.line, "the file has no hash")
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
func (r *reader) poetryMarkers(t *table, p *Package) {
	key := "markers"
	if t.get(key) == nil {
		key = "marker"
	}
	n := t.get(key)
	if n == nil || n.kind != kindTable {
		p.Marker, p.markerBad = r.poetryMarker(t, key)
		return
	}
	p.groupMarkers = make(map[string]pep508.Marker)
	for _, e := range n.table.entries {
		m, bad := r.poetryMarker(n.table, e.key)
		p.groupMarkers[wheel.NormalizeName(e.key)] = m
		p.markerBad = p.markerBad || bad
	}
}

// poetryMarker reads a marker, which may also be empty or a star.
func (r *reader) poetryMarker(t *table, key string) (m pep508.Marker, bad bool) {
	if n := t.get(key); n != nil && n.kind == kindString && (n.text == "" || n.text == "*") {
		return pep508.Marker{}, false
	}
	return r.marker(t, key)
}

// poetrySource reads where a package comes from. Without a table it is PyPI;
// "legacy" is any other index. The url of files and directories is a path.
func (r *reader) poetrySource(t *table) Source {
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
		r.problem(CodeType, s.line, "unknown source type %q", kind)
	}
	return source
}

// poetryDependencies reads the table of dependencies, where a value is a version
// range, a table with more, or a list of those.
func (r *reader) poetryDependencies(t *table, p *Package) {
	deps := r.table(t, "dependencies")
	if deps == nil {
		return
	}
	for _, e := range deps.entries {
		n := e.value
		options := []*node{n}
		if n.kind == kindList {
			options = n.list
		}
		for _, option := range options {
			d := Dependency{Name: wheel.NormalizeName(e.key), Line: option.line}
			if option.kind == kindTable {
				d.Extras = r.names(option.table, "extras")
				d.Marker, d.markerBad = r.poetryMarker(option.table, "markers")
			}
			p.Dependencies = append(p.Dependencies, d)
		}
	}
}

// lockVersion is the error for an unknown version of a format.
func (r *reader) lockVersion(version *node, doc *table, known string) *Error {
	e := &Error{Code: CodeLockVersion, File: r.file, Line: doc.line, Detail: "the lock version is missing; supported: " + known}
	if version != nil {
		e.Line = version.line
		e.Detail = "unsupported lock version " + strings.ToValidUTF8(version.text, "?") + " of " + string(r.lock.Format) + "; supported: " + known
	}
	return e
}
