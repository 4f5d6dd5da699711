package lockfile

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
)

// projectFile is the file next to a lock file that says what it was made from.
const projectFile = "pyproject.toml"

// readProject adds what pyproject.toml next to the lock file says: which groups the
// tool installs by default, and for files that do not say it what the project
// requires. The file is optional.
func (r *reader) readProject(f *format, open Opener) {
	doc := r.openProject(joinName(r.file, projectFile), open)
	inner := *r // whose problems are about that file
	inner.file = joinName(r.file, projectFile)
	f.project(&inner, doc)
	if f.name == UV && doc != nil {
		r.memberDefaults(open)
	}
	r.lock.DefaultGroups = slices.DeleteFunc(sortedNames(r.lock.DefaultGroups), func(g string) bool { return !slices.Contains(r.lock.Groups, g) })
}

// openProject reads a pyproject.toml; nil if there is none, or none that can be read.
func (r *reader) openProject(name string, open Opener) *tomltree.Table {
	if open == nil {
		return nil
	}
	f, err := open(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.note(CodeInclude, 1, "%s is not read: %v", name, err)
		}
		return nil
	}
	defer f.Close()
	data, bad := readAll(f, name, MaxSize)
	if bad == nil {
		var doc *tomltree.Table
		if doc, bad = readTOML(name, data); bad == nil {
			return doc
		}
	}
	r.note(CodeInclude, 1, "not read: %v", bad)
	return nil
}

// inTable returns a table within tables, nil if one of them is missing.
func (r *reader) inTable(t *tomltree.Table, keys ...string) *tomltree.Table {
	for _, key := range keys {
		if t = r.table(t, key); t == nil {
			return nil
		}
	}
	return t
}

// maxMembers limits the members of a workspace with a pyproject.toml that is read.
const maxMembers = 1000

// memberDefaults reads the default groups of the members of a workspace, by their
// own pyproject.toml below the directory of the lock file.
func (r *reader) memberDefaults(open Opener) {
	r.lock.graph.defaults = make(map[string][]string)
	for i := range r.lock.Packages {
		p := &r.lock.Packages[i]
		where := p.Source.Path
		if !p.Project || isMain(p) || where == "" || len(r.lock.graph.defaults) > maxMembers || !fs.ValidPath(where) {
			continue
		}
		inner := *r
		inner.file = joinName(r.file, path.Join(where, projectFile))
		r.lock.graph.defaults[p.Name] = inner.uvDefaultsOf(inner.openProject(inner.file, open))
	}
	for i := range r.lock.Packages {
		if p := &r.lock.Packages[i]; p.Project && isMain(p) {
			r.lock.graph.defaults[p.Name] = r.lock.DefaultGroups
		}
	}
}

// uvDefaults reads the default groups of uv.
func (r *reader) uvDefaults(doc *tomltree.Table) {
	r.lock.DefaultGroups = r.uvDefaultsOf(doc)
}

// uvDefaultsOf returns tool.uv.default-groups, which is a list or "all", and the group
// dev unless it says otherwise.
func (r *reader) uvDefaultsOf(doc *tomltree.Table) []string {
	uv := r.inTable(doc, "tool", "uv")
	switch n := uv.Get("default-groups"); {
	case n == nil:
		return []string{"dev"}
	case n.Kind == tomltree.String && n.Text == "all":
		return slices.Clone(r.lock.Groups)
	}
	return r.names(uv, "default-groups")
}

// projectReader collects the requirements of a project.
type projectReader struct {
	*reader
	roots  []Dependency
	groups []string            // dependency groups
	extras map[string][]string // Poetry: extras by the package that they add
}

// use stores the requirements in a lock file that does not record them.
func (p *projectReader) use() {
	if p.lock.inherits {
		return
	}
	p.lock.rooted = true
	p.lock.graph.roots = p.roots
	groups := p.groups
	for i := range p.roots {
		if extra := p.roots[i].Extra; extra != "" {
			p.lock.Extras = append(p.lock.Extras, extra)
		}
		if group := p.roots[i].Group; group != "" {
			groups = append(groups, group)
		}
	}
	p.lock.Extras, p.lock.Groups = sortedNames(p.lock.Extras), sortedNames(append(p.lock.Groups, groups...))
	known := make(map[string]bool, len(p.lock.Packages))
	for i := range p.lock.Packages {
		known[p.lock.Packages[i].Name] = true
	}
	for i := range p.roots {
		if d := &p.roots[i]; !known[d.Name] {
			p.note(CodeDependency, d.Line, "%s is not in the lock file, which may be older; lock again", d.Name)
		}
	}
}

// standard reads the tables of the standards: project (PEP 621) and
// dependency-groups (PEP 735). extraGroups is set if an extra is a group too.
func (p *projectReader) standard(project, doc *tomltree.Table, extraGroups bool) {
	p.specifiers(project, "dependencies", "", "")
	if extras := p.table(project, "optional-dependencies"); extras != nil {
		for _, e := range extras.Entries {
			name, group := wheel.NormalizeName(e.Key), ""
			if extraGroups {
				group = name
			}
			p.specifiers(extras, e.Key, group, name)
		}
	}
	groups := p.table(doc, "dependency-groups")
	if groups == nil {
		return
	}
	for _, e := range groups.Entries {
		name := wheel.NormalizeName(e.Key)
		p.groups = append(p.groups, name)
		p.included(groups, name, name, make(map[string]bool))
	}
}

// included reads a group and those that it includes, each once.
func (p *projectReader) included(groups *tomltree.Table, name, group string, seen map[string]bool) {
	if seen[name] {
		return
	}
	seen[name] = true
	for _, e := range groups.Entries {
		if wheel.NormalizeName(e.Key) != name {
			continue
		}
		p.specifiers(groups, e.Key, group, "")
		if e.Value.Kind != tomltree.List || len(seen) > maxIncludes {
			continue
		}
		for _, n := range e.Value.List {
			if n.Kind == tomltree.TableKind {
				p.included(groups, wheel.NormalizeName(p.text(n.Table, "include-group")), group, seen)
			}
		}
	}
}

// specifiers reads a list of dependency specifiers, and editable ones, by URL with the
// name at its end.
func (p *projectReader) specifiers(t *tomltree.Table, key, group, extra string) {
	n := t.Get(key)
	if n == nil || n.Kind != tomltree.List {
		return
	}
	for _, item := range n.List {
		if item.Kind != tomltree.String {
			continue // an included group
		}
		text := item.Text
		if rest, ok := strings.CutPrefix(text, "-e "); ok {
			q, err := parseRequirementLine(strings.TrimSpace(rest), true)
			if err != nil || q.Name == "" {
				continue
			}
			text = q.Name
		}
		d, err := parseDependency(text, item.Line)
		if err != nil {
			p.note(CodeDependency, item.Line, "%v", err)
			continue
		}
		d.Group, d.Extra = group, extra
		p.roots = append(p.roots, d)
	}
}
