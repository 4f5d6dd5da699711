package lockfile

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/variant"
)

// isNamedPylock accepts pylock.NAME.toml, where the name has no dot.
func isNamedPylock(base string) bool {
	name, ok := strings.CutPrefix(base, "pylock.")
	if !ok {
		return false
	}
	name, ok = strings.CutSuffix(name, ".toml")
	return ok && name != "" && !strings.Contains(name, ".")
}

// isPylock goes by a key of the whole document.
func isPylock(doc *tomltree.Table) bool { return doc.Get("lock-version") != nil }

// readPylock fills the lock from pylock.toml, by PEP 751 and its successor, the
// pylock.toml specification.
func (r *reader) readPylock(doc *tomltree.Table) *Error {
	version := doc.Get("lock-version")
	if version == nil || version.Kind != tomltree.String || !majorIs(version.Text, "1") {
		return r.lockVersion(version, doc, "lock-version 1")
	}
	r.lock.Version, r.lock.inherits = version.Text, true
	if version.Text != "1.0" {
		r.note(CodeLockVersion, version.Line, "lock-version %s is newer than 1.0; new fields are ignored", version.Text)
	}
	r.lock.RequiresPython = r.python(doc, "requires-python", parsePythonRange)
	r.lock.Environments = r.markers(doc, "environments")
	r.lock.Extras = sortedNames(r.names(doc, "extras"))
	r.lock.DefaultGroups = sortedNames(r.names(doc, "default-groups"))
	r.lock.Groups = sortedNames(append(r.names(doc, "dependency-groups"), r.lock.DefaultGroups...))
	packages := r.list(doc, "packages", tomltree.TableKind)
	if doc.Get("packages") == nil {
		r.problem(CodeMissing, 1, "there is no list of packages")
	}
	r.lock.Packages = make([]Package, 0, len(packages))
	for _, n := range packages {
		r.pylockPackage(n.Table)
	}
	return nil
}

// majorIs reports whether a version is major or starts with it and a dot.
func majorIs(version, major string) bool {
	first, _, _ := strings.Cut(version, ".")
	return first == major
}

// pylockPackage reads an entry of the list of packages. The keys and their
// combinations are those of the specification, section by section.
func (r *reader) pylockPackage(t *tomltree.Table) {
	p := r.identity(t)
	if name := r.text(t, "name"); name != p.Name {
		r.problem(CodeName, t.Line, "the name %q is not in normal form", name)
	}
	p.RequiresPython = r.python(t, "requires-python", parsePythonRange)
	p.Marker, p.markerBad = r.marker(t, "marker")
	p.Source = r.pylockSource(t)
	for _, n := range r.list(t, "dependencies", tomltree.TableKind) {
		p.Dependencies = append(p.Dependencies, Dependency{Name: wheel.NormalizeName(r.text(n.Table, "name")), Version: r.text(n.Table, "version"), Line: n.Line})
	}
	wheels := r.list(t, "wheels", tomltree.TableKind)
	p.Files = make([]File, 0, 1+len(wheels))
	for _, key := range [...]string{"archive", "sdist"} {
		if f := r.table(t, key); f != nil {
			p.Files = append(p.Files, r.pylockFile(f))
		}
	}
	direct := p.Source.Kind != FromIndex
	if direct && (len(wheels) > 0 || t.Get("sdist") != nil) {
		r.problem(CodeType, t.Line, "a package has either wheels and sdist or one of vcs, directory and archive")
	}
	for _, n := range wheels {
		p.Files = append(p.Files, r.pylockFile(n.Table))
	}
	for i := range p.Files {
		r.identify(&p.Files[i], &p)
	}
	if len(p.Files) == 0 && !direct {
		r.problem(CodeNoFiles, t.Line, "the package has none of wheels, sdist, archive, directory and vcs")
	}
	p.Variants = r.pylockVariants(t)
	r.lock.Packages = append(r.lock.Packages, p)
}

// pylockVariants reads variants-json, the metadata of the package's wheel variants
// (PEP 825). A fault in it matters to installers that know variants alone.
func (r *reader) pylockVariants(t *tomltree.Table) *wheel.ReleaseVariants {
	inline := r.table(t, "variants-json")
	if inline == nil {
		return nil
	}
	m, err := variant.FromTree(values(inline, 0))
	if err != nil {
		r.note(CodeVariants, inline.Line, "variants-json: %v", err)
	}
	return &wheel.ReleaseVariants{Metadata: m, Err: err}
}

// maxNesting is deeper than any table of variants.
const maxNesting = 16

// values converts a table to maps, lists and strings. Other values stay nil, and so
// does what is nested too deep.
func values(t *tomltree.Table, depth int) map[string]any {
	m := make(map[string]any, len(t.Entries))
	for _, e := range t.Entries {
		m[e.Key] = valueOf(e.Value, depth+1)
	}
	return m
}

func valueOf(n *tomltree.Node, depth int) any {
	if depth > maxNesting {
		return nil
	}
	switch n.Kind {
	case tomltree.String:
		return n.Text
	case tomltree.Bool:
		return n.Text == "true"
	case tomltree.TableKind:
		return values(n.Table, depth)
	case tomltree.List:
		list := make([]any, 0, len(n.List))
		for _, item := range n.List {
			list = append(list, valueOf(item, depth+1))
		}
		return list
	}
	return nil
}

// pylockSource reads which of vcs, directory and archive a package has; one with
// none of them comes from an index.
func (r *reader) pylockSource(t *tomltree.Table) Source {
	if s := r.table(t, "vcs"); s != nil {
		return Source{FromVCS, r.text(s, "url"), r.text(s, "path"), r.text(s, "type"), r.text(s, "commit-id"), r.text(s, "subdirectory")}
	}
	if s := r.table(t, "directory"); s != nil {
		kind := FromDirectory
		if r.flag(s, "editable") {
			kind = FromEditable
		}
		return Source{Kind: kind, Path: r.text(s, "path"), Subdirectory: r.text(s, "subdirectory")}
	}
	if s := r.table(t, "archive"); s != nil {
		kind := FromURL
		if s.Get("url") == nil {
			kind = FromPath
		}
		return Source{Kind: kind, URL: r.text(s, "url"), Path: r.text(s, "path"), Subdirectory: r.text(s, "subdirectory")}
	}
	return Source{Kind: FromIndex, URL: r.text(t, "index")}
}

// pylockFile reads an archive, sdist or wheel. The name is optional if the path or
// URL ends with it; at least one hash is required.
func (r *reader) pylockFile(t *tomltree.Table) File {
	f := File{Name: r.text(t, "name"), URL: r.text(t, "url"), Path: r.text(t, "path"), Size: r.size(t), Uploaded: r.time(t, "upload-time"), Line: t.Line}
	if f.URL == "" && f.Path == "" && f.Name == "" {
		r.problem(CodeMissing, t.Line, "the file has neither a url nor a path")
	}
	hashes := r.table(t, "hashes")
	if hashes == nil || len(hashes.Entries) == 0 {
		r.problem(CodeHash, t.Line, "the file has no hash")
		return f
	}
	f.Hashes = make([]Hash, 0, len(hashes.Entries))
	for _, e := range hashes.Entries {
		h, ok := makeHash(e.Key, r.text(hashes, e.Key))
		if !ok {
			r.problem(CodeHash, e.Value.Line, "the %s hash is not made of hexadecimal digits", e.Key)
			continue
		}
		f.Hashes = append(f.Hashes, h)
	}
	slices.SortFunc(f.Hashes, func(a, b Hash) int { return strings.Compare(a.Algorithm, b.Algorithm) })
	return f
}
