package lockfile

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// isPipReport and isPipInspect go by the list that each has.
func isPipReport(doc *tomltree.Table) bool  { return isPipJSON(doc, "install") }
func isPipInspect(doc *tomltree.Table) bool { return isPipJSON(doc, "installed") }

func isPipJSON(doc *tomltree.Table, list string) bool {
	n := doc.Get(list)
	return doc.Get("pip_version") != nil && n != nil && n.Kind == tomltree.List
}

// readPipReport fills the lock from what pip install --report writes: the one file of
// each package that pip would install where it ran.
//
// Source: pip's documentation, Installation Report, version 1.
func (r *reader) readPipReport(doc *tomltree.Table) *Error {
	return r.pipJSON(doc, "install", func(t *tomltree.Table, p *Package) {
		info := r.table(t, "download_info")
		url := r.text(info, "url")
		if vcs := r.table(info, "vcs_info"); vcs != nil {
			p.Source = Source{Kind: FromVCS, VCS: r.text(vcs, "vcs"), URL: url, Revision: r.text(vcs, "commit_id")}
			return
		}
		if r.table(info, "dir_info") != nil {
			p.Source = Source{Kind: FromDirectory, Path: strings.TrimPrefix(url, "file://")}
			return
		}
		if r.flag(t, "is_direct") {
			p.Source = Source{Kind: FromURL, URL: url}
		}
		f := File{Name: urlName(url), URL: url, Size: -1, Line: t.Line}
		if hashes := r.inTable(info, "archive_info", "hashes"); hashes != nil {
			for _, e := range hashes.Entries {
				if h, ok := makeHash(e.Key, r.text(hashes, e.Key)); ok {
					f.Hashes = append(f.Hashes, h)
				}
			}
		}
		slices.SortFunc(f.Hashes, func(a, b Hash) int { return strings.Compare(a.Algorithm, b.Algorithm) })
		r.identify(&f, p)
		p.Files = []File{f}
	})
}

// readPipInspect fills the lock from what pip inspect writes: the installed packages
// with their versions. Their files come from elsewhere, as for requirements.
//
// Source: pip's documentation, pip inspect JSON report, version 1.
func (r *reader) readPipInspect(doc *tomltree.Table) *Error {
	return r.pipJSON(doc, "installed", func(t *tomltree.Table, p *Package) {
		if set, err := pep440.ParseSpecifierSet("==" + p.Version); err == nil {
			p.Specifiers = set
		}
		direct := r.table(t, "direct_url")
		url := r.text(direct, "url")
		switch {
		case direct == nil:
		case r.table(direct, "vcs_info") != nil:
			vcs := r.table(direct, "vcs_info")
			p.Source = Source{Kind: FromVCS, VCS: r.text(vcs, "vcs"), URL: url, Revision: r.text(vcs, "commit_id")}
		case r.table(direct, "dir_info") != nil:
			p.Source = Source{Kind: FromDirectory, Path: strings.TrimPrefix(url, "file://")}
		default:
			name := p.Name
			p.setSource(url, urlScheme(url), false)
			p.Name = name
		}
	})
}

// pipJSON reads the packages of a report of pip; more adds where one comes from.
func (r *reader) pipJSON(doc *tomltree.Table, list string, more func(*tomltree.Table, *Package)) *Error {
	version := doc.Get("version")
	if version == nil || version.Kind != tomltree.String || !majorIs(version.Text, "1") && version.Text != "0" {
		return r.lockVersion(version, doc, "version 1")
	}
	r.lock.Version, r.lock.inherits = version.Text, true
	for _, n := range r.list(doc, list, tomltree.TableKind) {
		metadata := r.table(n.Table, "metadata")
		if metadata == nil {
			r.project = ""
			r.problem(CodeMissing, n.Line, "the package has no metadata")
			continue
		}
		p := r.identity(metadata)
		p.Line, p.Source = n.Line, Source{Kind: FromIndex}
		p.RequiresPython = r.python(metadata, "requires_python", parsePythonRange)
		more(n.Table, &p)
		r.lock.Packages = append(r.lock.Packages, p)
	}
	return nil
}
