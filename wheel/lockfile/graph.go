package lockfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// graph is what a walk through uv.lock needs in addition to the packages.
type graph struct {
	requirements []Dependency        // of a script, or of a workspace without a project; of Poetry, the extras
	roots        []Dependency        // Poetry, PDM: what pyproject.toml requires
	hasMain      bool                // uv: there is a project in the directory of the file
	defaults     map[string][]string // uv: default groups of the members of a workspace
	conflicts    [][]conflict
	index        map[string][]int32 // packages by what a dependency may say of them; see key
}

// conflict is an extra or a group of a package, or with neither the package.
type conflict struct {
	project, extra, group string
	line                  int
}

// maxConflicts bounds the extras and groups that exclude each other, as each
// marker may ask for each of them. Real files have a handful.
const maxConflicts = 200

// key identifies packages by name, and by version and source as far as given.
func key(name, version string, source Source) string {
	s := ""
	if source.Kind != "" {
		s = source.key()
	}
	return name + "\x00" + version + "\x00" + s
}

// link builds the index and reports dependencies that lead nowhere.
func (r *reader) link() {
	l := r.lock
	index := make(map[string][]int32, 4*len(l.Packages))
	for i := range l.Packages {
		p := &l.Packages[i]
		keys := []string{key(p.Name, "", Source{}), key(p.Name, p.Version, Source{}), key(p.Name, "", p.Source), key(p.Name, p.Version, p.Source)}
		slices.Sort(keys)
		for _, k := range slices.Compact(keys) { // fewer without a version
			index[k] = append(index[k], int32(i))
		}
	}
	l.graph.index = index
	check := func(list []Dependency) {
		for i := range list {
			if d := &list[i]; len(index[key(d.Name, d.Version, d.Source)]) == 0 {
				r.problem(CodeDependency, d.Line, "the dependency %s is not in the file", strings.TrimSpace(d.Name+" "+d.Version))
			}
		}
	}
	for i := range l.Packages {
		r.project = l.Packages[i].Name
		check(l.Packages[i].Dependencies)
	}
	r.project = ""
	check(l.graph.requirements)
}

// name is how the markers of uv.lock call the item.
func (c conflict) name() string {
	prefix := strconv.Itoa(len(c.project)) + "-" + c.project
	switch {
	case c.extra != "":
		return "extra-" + prefix + "-" + c.extra
	case c.group != "":
		return "group-" + prefix + "-" + c.group
	}
	return "project-" + prefix
}

// chosen reports whether a selection makes an item active from the start.
func (l *Lock) chosen(c conflict, sel Selection) bool {
	project := slices.ContainsFunc(l.graph.index[key(c.project, "", Source{})], func(i int32) bool { return l.isRoot(&l.Packages[i], sel) })
	switch {
	case !project:
		return false
	case c.extra != "":
		return has(sel.Extras, c.extra)
	case c.group != "":
		return has(sel.Groups, c.group)
	}
	return !sel.OnlyGroups
}

// checkConflicts rejects a selection of extras and groups that exclude each other.
func (l *Lock) checkConflicts(sel Selection) error {
	for _, set := range l.graph.conflicts {
		var active []string
		line := 0
		for _, c := range set {
			if l.chosen(c, sel) {
				active = append(active, strings.TrimSpace(c.project+" "+c.extra+c.group))
				line = c.line
			}
		}
		if len(active) > 1 {
			return &Error{Code: CodeConflict, File: l.File, Line: line, Detail: "these exclude each other; select one: " + strings.Join(active, ", ")}
		}
	}
	return nil
}

// activeItems finds which of the conflicting items are active: those of the
// selection, and extras that needed packages ask of each other. The latter takes
// a separate walk, in which a dependency counts with the extras that it asks for
// itself.
func (l *Lock) activeItems(env *pep508.Environment, sel Selection) []string {
	items := make(map[string]bool)
	for _, set := range l.graph.conflicts {
		for _, c := range set {
			items[c.name()] = items[c.name()] || l.chosen(c, sel)
		}
	}
	if len(items) == 0 {
		return nil
	}
	e := *env
	e.Extras = nil
	for name, active := range items {
		if active {
			e.Extras = append(e.Extras, name)
		}
	}
	w := newWalker(l, &e, sel)
	w.onExtra = func(project, extra string) {
		name := conflict{project: project, extra: extra}.name()
		if active, known := items[name]; known && !active {
			items[name] = true
			e.Extras = append(e.Extras, name)
		}
	}
	w.start()
	w.run(Required)
	return e.Extras
}
