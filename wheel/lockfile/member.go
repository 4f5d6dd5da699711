package lockfile

import "slices"

// isRoot reports whether a package is a project that the selection begins with: of a
// workspace the chosen members, or the project in the directory of the lock file, or
// all members where there is none.
func (l *Lock) isRoot(p *Package, sel Selection) bool {
	switch {
	case !p.Project:
		return false
	case len(sel.Packages) > 0:
		return has(sel.Packages, p.Name)
	}
	return sel.AllPackages || !l.graph.hasMain || isMain(p)
}

// isMain reports whether a project is in the directory of the lock file.
func isMain(p *Package) bool {
	return p.Source.Path == "." && (p.Source.Kind == FromEditable || p.Source.Kind == FromVirtual || p.Source.Kind == FromDirectory)
}

// members lists the members of a workspace, sorted.
func (l *Lock) members() []string {
	var names []string
	for i := range l.Packages {
		if p := &l.Packages[i]; p.Project {
			names = append(names, p.Name)
		}
	}
	return sortedNames(names)
}

// defaultGroups lists the groups of a selection that are installed unless told
// otherwise. In uv each member has its own, and those of a chosen one count.
func (l *Lock) defaultGroups(sel Selection) []string {
	if len(sel.Packages) == 0 {
		return l.DefaultGroups
	}
	var names []string
	for _, name := range sel.Packages {
		list, ok := l.graph.defaults[name]
		if !ok && slices.Contains(l.Groups, "dev") {
			list = []string{"dev"}
		}
		names = append(names, list...)
	}
	return sortedNames(names)
}
