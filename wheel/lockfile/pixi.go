package lockfile

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// isPixi goes by the two parts of a pixi.lock.
func isPixi(doc *tomltree.Table) bool {
	packages, environments := doc.Get("packages"), doc.Get("environments")
	return packages != nil && packages.Kind == tomltree.List && environments != nil && environments.Kind == tomltree.TableKind && doc.Get("version") != nil
}

// alternative is an environment of a file that has several, of which one is installed.
type alternative struct {
	environments []pep508.Marker
	python       PythonRange
}

// readPixi fills the lock from pixi.lock: the packages that come from a package index or
// another place that pip installs from, each with one file. Environments are groups, of
// which one is installed.
//
// Source: the crate rattler_lock, versions 4 to 7 of the format.
func (r *reader) readPixi(doc *tomltree.Table, _ Opener) *Error {
	version := doc.Get("version")
	if version == nil || version.Kind != tomltree.Integer || !slices.Contains([]string{"4", "5", "6", "7"}, version.Text) {
		return r.lockVersion(version, doc, "version 4 to 7")
	}
	r.lock.Version, r.lock.inherits = version.Text, true
	c := pixi{conda: newConda(r), packages: make(map[string]Package), subdirs: make(map[string]string)}
	for _, n := range r.list(doc, "platforms", tomltree.TableKind) { // version 7
		name := r.text(n.Table, "name")
		c.subdirs[name] = cmp.Or(r.text(n.Table, "subdir"), name)
	}
	for _, n := range r.list(doc, "packages", tomltree.TableKind) {
		c.pixiPackage(n.Table)
	}
	r.lock.alternatives = make(map[string]alternative)
	for _, e := range r.table(doc, "environments").Entries {
		if t := r.table(r.table(doc, "environments"), e.Key); t != nil {
			c.environment(wheel.NormalizeName(e.Key), t)
		}
	}
	r.lock.Groups = slices.Sorted(maps.Keys(r.lock.alternatives))
	c.done()
	return nil
}

// pixi reads a pixi.lock.
type pixi struct {
	*conda
	packages map[string]Package // of pip, by URL or path
	subdirs  map[string]string  // the platform of conda for each name of one
}

// location is where a package of pip is, which also identifies it; "" for one of conda.
func (c *pixi) location(t *tomltree.Table) string {
	if t.Get("pypi") != nil {
		return c.text(t, "pypi")
	}
	if kind := t.Get("kind"); kind != nil && kind.Text == "pypi" { // versions 4 and 5
		return cmp.Or(c.text(t, "url"), c.text(t, "path"))
	}
	return ""
}

// pixiPackage reads an entry of packages.
func (c *pixi) pixiPackage(t *tomltree.Table) {
	where := c.location(t)
	if where == "" {
		id := ""
		for _, key := range []string{"conda", "conda_source", "url", "path", "name"} {
			id = cmp.Or(id, c.text(t, key))
		}
		c.others[id] = true
		return
	}
	if _, ok := c.packages[where]; ok {
		return
	}
	p := c.begin(t)
	p.RequiresPython = c.reader.python(t, "requires_python", parsePythonRange)
	c.located(&p, where, c.flag(t, "editable"), t)
	c.packages[where] = p
	c.project = ""
}

// environment reads which packages an environment has on each platform.
func (c *pixi) environment(group string, t *tomltree.Table) {
	packages := c.table(t, "packages")
	if packages == nil {
		packages = &tomltree.Table{}
	}
	var platforms []string
	for _, e := range packages.Entries {
		name := cmp.Or(c.subdirs[e.Key], e.Key)
		marker := c.platform(name, e.Value.Line)
		if marker == "" {
			continue
		}
		platforms = append(platforms, name)
		for _, n := range c.list(packages, e.Key, tomltree.TableKind) {
			if conda := n.Table.Get("conda"); conda != nil {
				c.condaPython(group+"\x00"+name, conda.Text)
				continue
			}
			where := c.text(n.Table, "pypi")
			p, ok := c.packages[where]
			switch {
			case ok:
				c.place(p, where, group, marker)
			case where != "":
				c.problem(CodeDependency, n.Line, "%s is not among the packages of the file", where)
			}
		}
	}
	one := alternative{}
	one.environments, one.python = c.environments(platforms, func(platform string) string { return group + "\x00" + platform })
	c.lock.alternatives[group] = one
}

// condaPython notes the version of Python, by the file name of its package:
// python-3.12.2-h2628c8c_0_cpython.conda.
func (c *pixi) condaPython(where, url string) {
	name := urlName(url)
	for range 2 { // the build, then the version
		at := strings.LastIndexByte(name, '-')
		if at < 0 {
			return
		}
		if name[:at] == "python" && !strings.Contains(url, "pypy") {
			version, _, _ := strings.Cut(name[at+1:], "-")
			c.python(where, version)
			return
		}
		name = name[:at]
	}
}
