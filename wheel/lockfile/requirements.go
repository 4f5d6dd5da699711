package lockfile

import (
	"path"
	"strings"

	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// maxIncludes is how deep requirements files may include each other.
const maxIncludes = 100

// requirements reads a requirements file and what it includes.
type requirements struct {
	reader
	open  Opener
	stack []string          // the files being read, outermost first
	seen  map[[2]string]int // files read, by use and name; a file may be used in both ways
	use   string            // option that included the file: --requirement or --constraint
}

// isRequirements accepts the names that requirements files usually have.
func isRequirements(base string) bool {
	return strings.HasSuffix(base, ".txt") || strings.HasSuffix(base, ".in")
}

// looksLikeRequirements reports whether the first line with content is a
// requirement or an option with a name of at least two letters.
func looksLikeRequirements(data []byte) bool {
	text, ok := decode(data)
	if !ok {
		return false
	}
	lines := logicalLines(text, 1)
	if len(lines) == 0 {
		return false
	}
	text, words, ok := splitOptions(lines[0].text)
	if options, wrong := parseOptions(words); !ok || wrong != "" {
		return false
	} else if text == "" {
		return len(options) > 0
	}
	_, err := pep508.ParseRequirement(text)
	return err == nil
}

// readRequirements fills the lock from a requirements file.
func (r *reader) readRequirements(data []byte, open Opener) {
	q := &requirements{reader: *r, open: open, seen: make(map[[2]string]int), use: "--requirement"}
	q.stack = []string{r.file}
	r.lock.inherits = true // each line is needed, as far as its marker says
	q.lines(data)
}

// lines reads the content of the file on top of the stack.
func (q *requirements) lines(data []byte) {
	text, ok := decode(data)
	if !ok || strings.IndexByte(text, 0) >= 0 {
		q.problem(CodeLine, 1, "not UTF-8 text, perhaps UTF-16 without a byte order mark; save the file as UTF-8")
		return
	}
	for _, line := range logicalLines(text, 0) {
		q.line(line)
		q.project = ""
	}
}

// line reads a line that is a requirement, or else options.
func (q *requirements) line(line logicalLine) {
	variable := envVar(line.text)
	requirement, words, ok := splitOptions(line.text)
	if !ok {
		q.problem(CodeLine, line.line, "cannot split the options into words; check quotes and backslashes")
		return
	}
	options, wrong := parseOptions(words)
	if wrong != "" {
		q.problem(CodeLine, line.line, "%q is not an option of requirements files, or its value is missing; the line is ignored", wrong)
		return
	}
	for _, o := range options { // wherever they are, as pip does
		switch o.name {
		case "--no-binary", "--only-binary":
			q.lock.Binary.apply(o)
		case "--require-hashes":
			q.lock.RequireHashes = true
		}
	}
	editable := false
	if requirement == "" {
		for _, o := range options {
			if o.name == "--editable" {
				requirement, editable = o.value, true
				break
			}
		}
	}
	if requirement == "" {
		q.optionLine(options, line.line)
		return
	}
	p, err := parseRequirementLine(requirement, editable)
	switch {
	case err != nil && variable != "":
		q.problem(CodeEnvVar, line.line, "the line depends on the environment variable %s, which is not expanded", variable)
		return
	case err != nil:
		q.problem(CodeLine, line.line, "%v", err)
		return
	case variable != "":
		q.note(CodeEnvVar, line.line, "the environment variable %s is not expanded", variable)
	}
	p.File, p.Line = q.file, line.line
	q.project = p.Name
	for _, o := range options {
		switch o.name {
		case "--hash":
			p.Hashes = append(p.Hashes, q.hash(o.value, line.line)...)
		case "--requirement", "--constraint":
			q.problem(CodeLine, line.line, "%s after a requirement is ignored; put it on a separate line", o.name)
		}
	}
	q.add(p)
}

// add stores a requirement, or a constraint if the file is one of those.
func (q *requirements) add(p Package) {
	if p.Name == "" && q.use == "--constraint" {
		q.problem(CodeName, p.Line, "a constraint needs a project name; write NAME @ before it")
	}
	for i := range p.Files {
		p.Files[i].Line = p.Line
		if f := &p.Files[i]; kindOf(f.Name) == Wheel && f.Kind != Wheel {
			_, err := wheel.ParseName(f.Name)
			q.problem(CodeFilename, p.Line, "%v", err)
		}
	}
	if q.use == "--constraint" {
		q.lock.constrain(p)
		return
	}
	q.lock.Packages = append(q.lock.Packages, p)
}

// optionLine handles a line without a requirement. pip uses the first -r, or if
// there is none the first -c.
func (q *requirements) optionLine(options []option, line int) {
	for _, use := range [...]string{"--requirement", "--constraint"} {
		for _, o := range options {
			if o.name == use {
				if len(options) > 1 {
					q.note(CodeOption, line, "only %s %s is used; put other options on separate lines", use, o.value)
				}
				q.include(use, o.value, line)
				return
			}
		}
	}
	for _, o := range options {
		if o.name == "--no-binary" || o.name == "--only-binary" || o.name == "--require-hashes" {
			continue // see line
		}
		q.note(CodeOption, line, "the option %s has no effect on what is needed", o.name)
	}
}

// include reads another file in place of the line that names it.
func (q *requirements) include(use, name string, line int) {
	name = joinName(q.file, name)
	for i, outer := range q.stack {
		if outer == name {
			q.problem(CodeCycle, line, "%s includes itself through %s; the line is ignored", name, strings.Join(append(q.stack[i:len(q.stack):len(q.stack)], name), ", "))
			return
		}
	}
	if q.open == nil {
		q.problem(CodeInclude, line, "%s is not read: there is no function to open included files", name)
		return
	}
	if len(q.stack) > maxIncludes {
		q.problem(CodeInclude, line, "%s is not read: files include each other more than %d deep", name, maxIncludes)
		return
	}
	if q.seen[[2]string{use, name}]++; q.seen[[2]string{use, name}] > 1 {
		return // it was read before
	}
	data, err := q.read(name)
	if err != nil {
		q.problem(CodeInclude, line, "%v", err)
		return
	}
	inner := *q // shares the lock and the maps
	inner.file, inner.use, inner.stack = name, use, append(q.stack[:len(q.stack):len(q.stack)], name)
	inner.lines(data)
}

// read opens and reads an included file.
func (q *requirements) read(name string) ([]byte, error) {
	f, err := q.open(name)
	if err != nil {
		return nil, &Error{CodeRead, name, 0, "cannot be opened", err}
	}
	defer f.Close()
	data, e := readAll(f, name, MaxSize)
	if e != nil {
		return nil, e
	}
	return data, nil
}

// joinName finds the file that another file refers to: relative to its
// directory, unless it is absolute or a URL.
func joinName(from, name string) string {
	switch {
	case isRemote(name), strings.HasPrefix(name, "/"), len(name) > 2 && name[1] == ':' && (name[2] == '\\' || name[2] == '/'):
		return name
	case isRemote(from):
		// path.Join would remove a slash of the scheme.
		scheme, rest, _ := strings.Cut(from, ":")
		rest = strings.TrimLeft(rest, "/")
		return scheme + "://" + path.Join(path.Dir(rest), name)
	}
	return path.Join(path.Dir(from), name)
}

// isRemote reports whether a file is named by URL.
func isRemote(name string) bool {
	scheme, _, ok := strings.Cut(name, ":")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "file"))
}

// envVar finds the first ${NAME}, which pip would replace.
func envVar(text string) string {
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			return ""
		}
		text = text[i:]
		n := 2
		for n < len(text) && (text[n] == '_' || text[n]-'A' < 26 || text[n]-'0' < 10) {
			n++
		}
		if n > 2 && n < len(text) && text[n] == '}' {
			return text[:n+1]
		}
		text = text[2:]
	}
}
