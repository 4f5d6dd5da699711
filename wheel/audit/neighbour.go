package audit

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/wheeltag/wheeltag/elfaudit/linkset"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/metadata"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// neighbour is a wheel that may be installed next to an audited one. It is read when it
// is asked for, once.
type neighbour struct {
	path string
	name wheel.Name

	directory sync.Once
	requires  []pep508.Requirement
	extras    []string
	libraries map[string][]string // the paths of files by their base name, for those that may be libraries
	imports   []string            // the names of its modules and packages

	python   sync.Once
	imported map[string]string // what its Python code imports, with the file

	native sync.Once
	set    *linkset.Set // nil if it cannot be read
}

// neighbourhood is all of them, by normalised project name.
type neighbourhood struct {
	auditor  *Auditor
	projects map[string][]*neighbour
	names    []string // the projects, sorted
}

// newNeighbourhood takes wheels by their paths. Files with other names are left out.
func newNeighbourhood(a *Auditor, paths []string) *neighbourhood {
	n := &neighbourhood{auditor: a, projects: map[string][]*neighbour{}}
	for _, p := range paths {
		name, err := wheel.ParseName(filepath.Base(p))
		if err != nil || name.Variant != "" {
			continue
		}
		project := name.NormalizedName()
		if n.projects[project] == nil {
			n.names = append(n.names, project)
		}
		n.projects[project] = append(n.projects[project], &neighbour{path: p, name: name})
	}
	slices.Sort(n.names)
	return n
}

// readDirectory reads the directory and METADATA of the archive.
func (n *neighbour) readDirectory() {
	n.directory.Do(func() {
		n.libraries = map[string][]string{}
		archive, err := wheel.OpenFile(n.path)
		if err != nil {
			return
		}
		defer archive.Close()
		tops := map[string]bool{}
		for m := range archive.Members() {
			base := path.Base(m.Name())
			if strings.Contains(base, ".so") {
				n.libraries[base] = append(n.libraries[base], m.Name())
			}
			if top := importName(m.Name()); top != "" && !tops[top] && len(tops) < maxImports {
				tops[top] = true
				n.imports = append(n.imports, top)
			}
		}
		if m, err := archive.Metadata(); err == nil {
			typed, _ := metadata.Read("METADATA", m)
			n.requires, n.extras = typed.Requirements, typed.Extras
		}
	})
}

// maxImports is how many modules and packages of a wheel are remembered.
const maxImports = 1000

// importName is the name by which Python imports what a path belongs to, "" for none.
func importName(name string) string {
	top, rest, isDir := strings.Cut(name, "/")
	switch {
	case isDir && strings.HasSuffix(top, ".data"):
		if inner, ok := strings.CutPrefix(rest, "platlib/"); ok {
			return importName(inner)
		}
		return ""
	case isDir:
		return top // that of a dist-info directory is no name in Python
	case strings.HasSuffix(top, ".py"), strings.HasSuffix(top, ".so"):
		stem, _, _ := strings.Cut(top, ".")
		return stem
	}
	return ""
}

// pythonImports reads its Python code.
func (n *neighbour) pythonImports(ctx context.Context) map[string]string {
	n.python.Do(func() {
		archive, err := wheel.OpenFile(n.path)
		if err != nil {
			return
		}
		defer archive.Close()
		n.imported = pythonImports(ctx, archive)
	})
	return n.imported
}

// files reads the ELF files, nil if that is not possible.
func (n *neighbour) files(ctx context.Context, a *Auditor) *linkset.Set {
	n.native.Do(func() {
		f, err := os.Open(n.path)
		if err != nil {
			return
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return
		}
		archive, err := wheel.Open(&input{r: f, window: make([]byte, windowSize)}, info.Size())
		if err != nil {
			return
		}
		found, _, err := a.members(ctx, archive, &record{Record: wheel.Record{Err: errNotAsked}})
		if err != nil {
			return
		}
		n.set = linkset.New(found.elf)
		n.set.Directories = directories(archive)
	})
	return n.set
}

var errNotAsked = fmt.Errorf("RECORD is not compared")

// quiet is an auditor for neighbours, of which nothing is reported: it has the workers of
// the other.
func (a *Auditor) quiet() *Auditor {
	return &Auditor{workers: a.workers, rules: finding.Selection{}, today: a.today, tables: a.tables}
}
