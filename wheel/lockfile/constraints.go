package lockfile

// Constraints are limits on versions, from one or more files in order of
// precedence: the first file that names a package decides. Other constraints on
// it in later files are reported as notes.
type Constraints struct {
	Packages []Package // in the order of reading; several of a name if their markers differ
	Problems []Problem

	index   map[string][]int  // by name
	demands map[string]bool   // what they ask for, as text
	first   map[string]string // what the first of a name asks for, for messages
}

// ReadConstraints reads constraints files, such as requirements files with a
// version each, in order of precedence. An included file takes the place of the
// line that includes it. The error is an [*Error]: a file cannot be read.
func ReadConstraints(open Opener, names ...string) (*Constraints, error) {
	l := &Lock{Format: Requirements, Constraints: &Constraints{}}
	for _, name := range names {
		q := &requirements{reader: reader{lock: l, file: name}, open: open, seen: make(map[[2]string]int), use: "--constraint", stack: []string{name}}
		data, err := q.read(name)
		if err != nil {
			return nil, err
		}
		q.lines(data)
		for _, p := range l.Packages { // from -r inside a constraints file
			l.constrain(p)
		}
		l.Packages = nil
	}
	l.Constraints.Problems = l.Problems
	return l.Constraints, nil
}

// For returns the constraints on a package by its normalised name.
func (c *Constraints) For(name string) []*Package {
	if c == nil {
		return nil
	}
	var found []*Package
	for _, i := range c.index[name] {
		found = append(found, &c.Packages[i])
	}
	return found
}

// constrain adds a constraint unless an earlier file has one for the package.
func (l *Lock) constrain(p Package) {
	if l.Constraints == nil {
		l.Constraints = &Constraints{}
	}
	c := l.Constraints
	if c.index == nil {
		c.index, c.demands, c.first = make(map[string][]int), make(map[string]bool), make(map[string]string)
	}
	known, demand := c.index[p.Name], p.demand()
	if p.Name != "" && len(known) > 0 {
		first := &c.Packages[known[0]]
		if first.File != p.File {
			if !c.demands[demand] {
				r := reader{lock: l, file: p.File, project: p.Name}
				r.note(CodeConstraint, p.Line, "%s is overridden by %s in line %d of %s", demand, c.first[p.Name], first.Line, first.File)
			}
			return
		}
	}
	if len(known) == 0 {
		c.first[p.Name] = clip(demand)
	}
	c.demands[demand] = true
	c.index[p.Name] = append(known, len(c.Packages))
	c.Packages = append(c.Packages, p)
}

// demand is what a requirement asks for, as text.
func (p *Package) demand() string {
	s := p.Name + p.Specifiers.String()
	if p.Source.Kind != FromIndex {
		s += " @ " + p.Source.URL + p.Source.Path
		if p.Source.Revision != "" {
			s += "@" + p.Source.Revision
		}
	}
	if !p.Marker.IsZero() {
		s += "; " + p.Marker.String()
	}
	return s
}
