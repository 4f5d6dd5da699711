package lockfile

import (
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
)

// sharedFiles are the files of old versions of poetry.lock, which are not listed
// with the packages: by name as written there, then by version. Files with a name
// that has no version are under the empty version.
type sharedFiles map[string]map[string][]*tomltree.Node

// maxShared limits how many files are given to a second package, a third and so
// on, all counted together. PDM has a package for each set of its extras, all with
// the same files.
const maxShared = 1 << 18

// share gives a package files that others may have too. In a hostile lock each of
// many packages could have each of many files, so there is a limit.
func (r *reader) share(list []*tomltree.Node, p *Package) []*tomltree.Node {
	if len(list) == 0 {
		return nil
	}
	if r.given == nil {
		r.given = make(map[*tomltree.Node]bool)
	}
	if !r.given[list[0]] {
		r.given[list[0]] = true
		return list
	}
	if r.shared += len(list); r.shared > maxShared {
		r.problem(CodeNoFiles, p.Line, "too many packages share the same files; those of this one are ignored")
		return nil
	}
	return list
}

// sharedFiles sorts the table of files by version.
func (r *reader) sharedFiles(t *tomltree.Table) sharedFiles {
	shared := make(sharedFiles)
	if t == nil {
		return shared
	}
	for _, e := range t.Entries {
		byVersion := make(map[string][]*tomltree.Node)
		for _, n := range r.list(t, e.Key, tomltree.TableKind) {
			v := ""
			if file := n.Table.Get("file"); file != nil {
				v = fileVersion(file.Text, wheel.NormalizeName(e.Key))
			}
			byVersion[v] = append(byVersion[v], n)
		}
		shared[e.Key] = byVersion
	}
	return shared
}

// take returns the files of a package by its name as written or normalised. Files
// without a version go to the first package that asks.
func (s sharedFiles) take(written string, p *Package) []*tomltree.Node {
	byVersion, ok := s[written]
	if !ok {
		byVersion = s[p.Name]
	}
	list := byVersion[versionKey(p.Version)]
	if odd := byVersion[""]; len(odd) > 0 {
		list = append(list[:len(list):len(list)], odd...)
		delete(byVersion, "")
	}
	return list
}

// fileVersion reads the version in the name of a file of a project.
func fileVersion(name, project string) string {
	switch kind := kindOf(name); kind {
	case Wheel:
		if n, err := wheel.ParseName(name); err == nil {
			return versionKey(n.Version.Source())
		}
	case Sdist:
		if _, version, ok := splitSdist(name, project); ok {
			return versionKey(version)
		}
	}
	return ""
}

// versionKey returns the same text for equal versions, and "" for other texts.
func versionKey(text string) string {
	v, err := pep440.Parse(text)
	if err != nil {
		return ""
	}
	base := v.Base()
	rest := strings.TrimPrefix(v.String(), base)
	for strings.HasSuffix(base, ".0") {
		base = strings.TrimSuffix(base, ".0")
	}
	return base + rest
}
