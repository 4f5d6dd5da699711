package lockfile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
)

// isCondaLock goes by the two parts of a conda-lock.yml.
func isCondaLock(doc *tomltree.Table) bool {
	packages, meta := doc.Get("package"), doc.Get("metadata")
	return packages != nil && packages.Kind == tomltree.List && meta != nil && meta.Kind == tomltree.TableKind && doc.Get("version") != nil
}

func isNamedCondaLock(base string) bool {
	return base == "conda-lock.yaml" || strings.HasSuffix(base, ".conda-lock.yml")
}

// readCondaLock fills the lock from conda-lock.yml: the packages that pip installs, each
// with one file for each platform. Categories are groups; dev is installed unless told
// otherwise.
//
// Source: conda_lock/lockfile/v1/models.py and render_lockfile_for_platform in conda_lock.py, release 4.0.2.
func (r *reader) readCondaLock(doc *tomltree.Table, _ Opener) *Error {
	version := doc.Get("version")
	if version == nil || version.Kind != tomltree.Integer || version.Text != "1" {
		return r.lockVersion(version, doc, "version 1")
	}
	r.lock.Version, r.lock.inherits = version.Text, true
	c := newConda(r)
	for _, n := range r.list(doc, "package", tomltree.TableKind) {
		c.condaLockPackage(n.Table)
	}
	for i := range r.lock.Packages {
		r.lock.Groups = append(r.lock.Groups, r.lock.Packages[i].Groups...)
	}
	r.lock.Groups = sortedNames(r.lock.Groups)
	if slices.Contains(r.lock.Groups, "dev") {
		r.lock.DefaultGroups = []string{"dev"}
	}
	r.project = ""
	var names []string
	for _, n := range r.list(r.table(doc, "metadata"), "platforms", tomltree.String) {
		if c.platform(n.Text, n.Line) != "" {
			names = append(names, n.Text)
		}
	}
	r.lock.Environments, r.lock.RequiresPython = c.environments(names, func(platform string) string { return platform })
	c.done()
	return nil
}

// condaLockPackage reads one package on one platform.
func (c *conda) condaLockPackage(t *tomltree.Table) {
	platform, url := c.text(t, "platform"), c.text(t, "url")
	if c.text(t, "manager") != "pip" {
		name := c.text(t, "name")
		if c.others[name] = true; name == "python" && !strings.Contains(url, "pypy") {
			c.python(platform, c.scalar(t, "version"))
		}
		return
	}
	p := c.begin(t)
	marker := c.platform(platform, t.Line)
	if p.Name == "" || marker == "" {
		return
	}
	group := cmp.Or(wheel.NormalizeName(c.text(t, "category")), "main")
	if source := c.table(t, "source"); source != nil { // pip gets this URL instead
		url = "direct+" + c.text(source, "url")
	}
	c.located(&p, url, false, c.table(t, "hash"))
	c.place(p, strings.Join([]string{p.Name, p.Version, url}, "\x00"), group, marker)
}
