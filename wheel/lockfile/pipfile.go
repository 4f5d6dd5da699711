package lockfile

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// isPipfile goes by the metadata of Pipenv.
func isPipfile(doc *tomltree.Table) bool {
	meta := doc.Get("_meta")
	return meta != nil && meta.Kind == tomltree.TableKind && meta.Table.Get("pipfile-spec") != nil
}

// readPipfile fills the lock from Pipfile.lock. It has hashes of files, and not their
// names: files come from elsewhere, as for requirements. Sections are groups.
//
// Source: the documentation of Pipenv, Pipfile.lock Security Features.
func (r *reader) readPipfile(doc *tomltree.Table) *Error {
	version := r.table(doc, "_meta").Get("pipfile-spec")
	if version == nil || version.Kind != tomltree.Integer || version.Text != "6" {
		return r.lockVersion(version, doc, "pipfile-spec 6")
	}
	r.lock.Version, r.lock.inherits = version.Text, true
	byKey := make(map[string]int)
	for i := range doc.Entries {
		section := doc.Entries[i]
		if section.Key == "_meta" || section.Value.Kind != tomltree.TableKind {
			continue
		}
		group := wheel.NormalizeName(section.Key)
		r.lock.Groups = append(r.lock.Groups, group)
		for _, e := range section.Value.Table.Entries {
			if e.Value.Kind != tomltree.TableKind {
				r.project = ""
				r.problem(CodeType, e.Value.Line, "%q is not a table", e.Key)
				continue
			}
			p := r.pipfilePackage(e.Key, e.Value.Table)
			key := strings.Join([]string{p.Name, p.Version, p.Source.key(), strings.Join(p.Extras, ","), p.Marker.String()}, "\x00")
			if at, ok := byKey[key]; ok { // in several sections
				r.lock.Packages[at].Groups = append(r.lock.Packages[at].Groups, group)
				continue
			}
			p.Groups = []string{group}
			byKey[key] = len(r.lock.Packages)
			r.lock.Packages = append(r.lock.Packages, p)
		}
	}
	r.lock.Groups = sortedNames(r.lock.Groups)
	return nil
}

func (r *reader) pipfilePackage(name string, t *tomltree.Table) Package {
	p := Package{File: r.file, Line: t.Line, Name: wheel.NormalizeName(name), Source: Source{Kind: FromIndex}, Extras: r.names(t, "extras")}
	r.project = p.Name
	p.Marker, p.markerBad = r.marker(t, "markers")
	for _, n := range r.list(t, "hashes", tomltree.String) {
		p.Hashes = append(p.Hashes, r.hash(n.Text, n.Line)...)
	}
	switch {
	case slices.ContainsFunc([]string{"git", "hg", "svn", "bzr"}, func(vcs string) bool { return t.Get(vcs) != nil }):
		for _, vcs := range []string{"git", "hg", "svn", "bzr"} {
			if t.Get(vcs) != nil {
				p.Source = Source{Kind: FromVCS, VCS: vcs, URL: r.text(t, vcs), Revision: r.text(t, "ref"), Subdirectory: r.text(t, "subdirectory")}
			}
		}
	case t.Get("path") != nil:
		p.setSource(r.text(t, "path"), "", r.flag(t, "editable"))
	case t.Get("file") != nil:
		file := r.text(t, "file")
		p.setSource(file, urlScheme(file), false)
	case t.Get("version") != nil:
		set, err := pep440.ParseSpecifierSet(r.text(t, "version"))
		if err != nil {
			r.problem(CodeVersion, t.Get("version").Line, "%v", err)
			break
		}
		p.Specifiers, p.Version = set, pinned(set)
	}
	return p
}
