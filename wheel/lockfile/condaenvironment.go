package lockfile

import (
	"github.com/wheeltag/wheeltag/internal/tomltree"
)

// isCondaEnvironment goes by the list that an environment.yml has.
func isCondaEnvironment(doc *tomltree.Table) bool {
	n := doc.Get("dependencies")
	return n != nil && n.Kind == tomltree.List && doc.Get("package") == nil && doc.Get("packages") == nil
}

func isNamedCondaEnvironment(base string) bool {
	return base == "environment.yml" || base == "environment.yaml"
}

// readCondaEnvironment fills the lock from the lists under pip: of an environment.yml.
// conda writes their items into a requirements file and gives that to pip, so they are
// its lines; other files are relative to environment.yml.
//
// Source: conda's documentation, Creating an environment file manually, and
// conda/env/installers/pip.py.
func (r *reader) readCondaEnvironment(doc *tomltree.Table, open Opener) *Error {
	r.lock.inherits = true // each line is needed, as far as its marker says
	c := newConda(r)
	q := &requirements{reader: *r, open: open, seen: make(map[[2]string]int), use: "--requirement", stack: []string{r.file}}
	n := r.field(doc, "dependencies", tomltree.List)
	if n == nil {
		return nil
	}
	for _, item := range n.List {
		switch item.Kind {
		case tomltree.String:
			c.others[item.Text] = true
		case tomltree.TableKind:
			for _, line := range r.list(item.Table, "pip", tomltree.String) {
				for _, logical := range logicalLines(line.Text, 0) {
					q.line(logicalLine{logical.text, line.Line})
					q.project = ""
				}
			}
		default:
			r.problem(CodeType, item.Line, "an element of %q is neither a string nor a table", "dependencies")
		}
	}
	c.done()
	return nil
}
