package index

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
)

// statusSuffix ends the name of a file that states what became of a project, such as
// demo.project-status. Its first line is the marker, the others are the reason.
const statusSuffix = ".project-status"

// statusMarkers are the markers of PEP 792.
var statusMarkers = []string{"active", "archived", "quarantined", "deprecated"}

// quarantined is the marker of projects of which an index offers no files.
const quarantined = "quarantined"

// projectStatus is what pages say of a project (PEP 792).
type projectStatus struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
	path   string
}

// readStatus reads what a file states about a project. One that cannot be read is a
// problem of the directory, because the project may be quarantined.
func (c *Collection) readStatus(path string, d fs.DirEntry) error {
	const most = 16 << 10 // bytes
	project := wheel.NormalizeName(strings.TrimSuffix(filepath.Base(path), statusSuffix))
	if !isProject(project) {
		return fmt.Errorf("%q is not a valid project name", project)
	}
	info, err := d.Info()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errNotRegular
	case info.Size() > most:
		return fmt.Errorf("larger than %d bytes", most)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	line, rest, _ := strings.Cut(strings.TrimSpace(valid(string(text))), "\n")
	s := projectStatus{Status: strings.TrimSpace(line), Reason: strings.Join(strings.Fields(rest), " "), path: path}
	if !slices.Contains(statusMarkers, s.Status) {
		return fmt.Errorf("the first line must be %s, not %q", strings.Join(statusMarkers, ", "), s.Status)
	}
	if old, ok := c.statuses[project]; ok && (old.Status != s.Status || old.Reason != s.Reason) {
		return errors.New("states something else than " + old.path)
	}
	if c.statuses == nil {
		c.statuses = map[string]projectStatus{}
	}
	c.statuses[project] = s
	return nil
}

// withdrawQuarantined takes the files of quarantined projects out of the site. Each
// project keeps a page, without files.
func (c *Collection) withdrawQuarantined() {
	for _, i := range c.Items {
		s := c.statuses[i.Project]
		if i.Offered && s.Status == quarantined {
			i.Offered = false
			if !slices.Contains(c.Quarantined, i.Project) {
				c.Quarantined = append(c.Quarantined, i.Project)
			}
		}
	}
}

// addStatuses puts the statuses on the pages, which are in order.
func (c *Collection) addStatuses(list []project) []project {
	for name, s := range c.statuses {
		at, found := slices.BinarySearchFunc(list, name, func(p project, name string) int { return strings.Compare(p.name, name) })
		switch {
		case found:
		case s.Status == quarantined:
			list = slices.Insert(list, at, project{name: name})
		default:
			continue // no file of it is here
		}
		list[at].status = &s
	}
	return list
}
