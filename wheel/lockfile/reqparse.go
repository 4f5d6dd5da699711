package lockfile

import (
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// parseRequirementLine reads the requirement of a line: a dependency specifier,
// or what pip also accepts: a URL or path, with a marker after it.
func parseRequirementLine(text string, editable bool) (Package, error) {
	if scheme := urlScheme(text); scheme != "" {
		link, marker, _ := strings.Cut(text, "; ") // a semicolon may be part of a URL
		return direct(strings.TrimSpace(link), scheme, marker, editable)
	}
	q, err := pep508.ParseRequirement(text)
	path, marker, _ := strings.Cut(text, ";")
	path = strings.TrimSpace(path)
	if !looksLikePath(path) && !editable || err == nil && q.URL != "" {
		if err != nil {
			return Package{}, err
		}
		return fromRequirement(&q), nil
	}
	return direct(path, "", marker, editable)
}

// fromRequirement converts a dependency specifier.
func fromRequirement(q *pep508.Requirement) Package {
	p := Package{Name: wheel.NormalizeName(q.Name), Specifiers: q.Specifiers, Marker: q.Marker, Source: Source{Kind: FromIndex}}
	for _, extra := range q.Extras {
		p.Extras = append(p.Extras, wheel.NormalizeName(extra))
	}
	p.Version = pinned(q.Specifiers)
	if q.URL != "" {
		p.setSource(q.URL, urlScheme(q.URL), false)
	}
	return p
}

// pinned returns the only version that specifiers allow, if there is one specifier
// and it is an equality.
func pinned(set pep440.SpecifierSet) string {
	if set.Len() != 1 {
		return ""
	}
	for s := range set.All() {
		if s.Operator() == pep440.OpArbitrary || s.Operator() == pep440.OpEqual && !strings.HasSuffix(s.VersionText(), ".*") {
			return s.VersionText()
		}
	}
	return ""
}

// direct converts a URL or path without a name before it.
func direct(where, scheme, marker string, editable bool) (Package, error) {
	var p Package
	if marker = strings.TrimSpace(marker); marker != "" {
		var err error
		if p.Marker, err = pep508.ParseMarker(marker); err != nil {
			return Package{}, err
		}
	}
	if open := strings.IndexByte(where, '['); scheme == "" && open > 0 && strings.HasSuffix(where, "]") {
		for extra := range strings.SplitSeq(where[open+1:len(where)-1], ",") {
			p.Extras = append(p.Extras, wheel.NormalizeName(strings.TrimSpace(extra)))
		}
		where = strings.TrimSpace(where[:open])
	}
	p.setSource(where, scheme, editable)
	return p, nil
}

// setSource fills in where a package comes from, and name and version as far as
// the file name or the fragment #egg= contains them.
func (p *Package) setSource(where, scheme string, editable bool) {
	s := &p.Source
	base, fragment, _ := strings.Cut(where, "#")
	var egg string
	for item := range strings.SplitSeq(fragment, "&") {
		key, value, _ := strings.Cut(item, "=")
		switch key {
		case "egg":
			egg, _, _ = strings.Cut(value, "[")
		case "subdirectory":
			s.Subdirectory = unescape(value)
		}
	}
	switch vcs, rest, ok := strings.Cut(base, "+"); {
	case ok && isVCS(vcs):
		s.Kind, s.VCS = FromVCS, vcs
		s.URL, s.Revision = cutRevision(rest)
	case isVCS(scheme):
		s.Kind, s.VCS = FromVCS, scheme
		s.URL, s.Revision = cutRevision(base)
	case scheme == "" || scheme == "file":
		s.Path, s.Kind = base, FromDirectory
		if editable {
			s.Kind = FromEditable
		} else if kind := kindOf(base); kind != Other {
			s.Kind = FromPath
		}
	default:
		s.Kind, s.URL = FromURL, base
	}
	if s.Kind == FromPath || s.Kind == FromURL {
		p.setFile(base, fragment)
	}
	if p.Name == "" {
		p.Name = wheel.NormalizeName(egg)
	}
}

// setFile adds the one file of a package by URL or path.
func (p *Package) setFile(base, fragment string) {
	f := File{Name: urlName(base), URL: p.Source.URL, Path: p.Source.Path, Size: -1}
	kind := kindOf(f.Name)
	f.Kind = kind
	var name, version string
	switch kind {
	case Wheel:
		n, err := wheel.ParseName(f.Name)
		if err != nil {
			f.Kind = Other
		} else {
			name, version = n.NormalizedName(), n.Version.Source()
		}
	case Sdist:
		name, version, _ = splitSdist(f.Name, p.Name)
	}
	if p.Name == "" && kind == Wheel {
		p.Name = name // pip trusts the name of a wheel, but builds an sdist to get it
	}
	if p.Name == name && name != "" {
		p.Version = version
	}
	for item := range strings.SplitSeq(fragment, "&") {
		algorithm, digest, _ := strings.Cut(item, "=")
		if h, ok := makeHash(algorithm, digest); ok && strings.HasPrefix(h.Algorithm, "sha") {
			f.Hashes = append(f.Hashes, h)
		}
	}
	p.Files = []File{f}
}

// cutRevision splits "https://host/repository@revision"; an @ before the path
// belongs to a user name.
func cutRevision(link string) (url, revision string) {
	_, rest, _ := strings.Cut(link, "://")
	_, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(path, '@'); at >= 0 {
		return link[:len(link)-len(path)+at], path[at+1:]
	}
	return link, ""
}

// urlScheme returns the scheme if text is a URL that pip knows, else "".
func urlScheme(text string) string {
	scheme, _, ok := strings.Cut(text, ":")
	if !ok {
		return ""
	}
	scheme = strings.ToLower(scheme)
	vcs, _, _ := strings.Cut(scheme, "+")
	if isVCS(vcs) || slices.Contains([]string{"http", "https", "file", "ftp", "ssh", "sftp"}, scheme) {
		return scheme
	}
	return ""
}

// isVCS reports whether pip knows the version control system.
func isVCS(name string) bool {
	return name == "git" || name == "hg" || name == "svn" || name == "bzr"
}

// looksLikePath reports whether text names a directory or an archive: it has a
// slash, begins with a dot, or ends like an archive.
func looksLikePath(text string) bool {
	before, _, isReference := strings.Cut(text, "@")
	if isReference && !strings.ContainsAny(before, `/\`) && !strings.HasPrefix(before, ".") {
		return false
	}
	path := text
	if open := strings.IndexByte(text, '['); open > 0 && strings.HasSuffix(text, "]") {
		path = text[:open]
	}
	kind := kindOf(path)
	return strings.ContainsAny(path, `/\`) || strings.HasPrefix(path, ".") || kind != Other
}
