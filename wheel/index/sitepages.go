package index

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/tags"
)

// project is one page: the files of a project by version, then by name.
type project struct {
	name     string
	files    []*Item
	releases []release // of which variant wheels are among the files
	status   *projectStatus
}

// projects returns the offered files that a view takes, or all without one, by
// project.
func (c *Collection) projects(view *tags.Target) []project {
	var files []*Item
	for _, i := range c.Items {
		if i.Offered && (view == nil || i.Fits(view)) {
			files = append(files, i)
		}
	}
	slices.SortFunc(files, func(a, b *Item) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), a.version.Compare(b.version), cmp.Compare(a.Name, b.Name))
	})
	var list []project
	for _, i := range files {
		if n := len(list); n == 0 || list[n-1].name != i.Project {
			list = append(list, project{name: i.Project})
		}
		last := &list[len(list)-1]
		last.files = append(last.files, i)
	}
	c.addReleases(list)
	return c.addStatuses(list)
}

// pages writes the index of everything and that of each view.
func (w *siteWriter) pages(views []*tags.Target) error {
	all := w.collection.projects(nil)
	w.written.Projects = len(all)
	if err := w.index(simpleFolder, w.filesFrom("../../"), all); err != nil {
		return err
	}
	if err := w.legacy(all); err != nil {
		return err
	}
	for at, folder := range slugs(views) {
		list := w.collection.projects(views[at])
		if err := w.index(folder+"/"+simpleFolder, w.filesFrom("../../../"), list); err != nil {
			return err
		}
		v := View{Target: views[at], Folder: folder}
		for _, p := range list {
			v.Files += len(p.files)
		}
		w.written.Views = append(w.written.Views, v)
	}
	return nil
}

// filesFrom is what links to files begin with, on a page below the top of the site.
func (w *siteWriter) filesFrom(up string) string {
	if w.site.FilesURL != "" {
		return strings.TrimSuffix(w.site.FilesURL, "/") + "/"
	}
	return up + filesFolder + "/"
}

// index writes the pages of one index; files is the relative URL from a project's
// page to the files.
func (w *siteWriter) index(folder, files string, list []project) error {
	if err := w.page(folder, rootHTML(list), rootJSON(list)); err != nil {
		return err
	}
	for _, p := range list {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if err := w.page(folder+"/"+p.name, p.html(files), p.json(files)); err != nil {
			return err
		}
	}
	return nil
}

// page writes both forms of a page. File servers return the HTML for the
// directory.
func (w *siteWriter) page(folder string, html []byte, value any) error {
	if err := w.root.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := w.root.WriteFile(folder+"/index.html", html, 0o644); err != nil {
		return err
	}
	return w.writeJSON(folder+"/index.json", value)
}

func (w *siteWriter) writeJSON(name string, value any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(value); err != nil {
		return err
	}
	return w.root.WriteFile(name, b.Bytes(), 0o644)
}
