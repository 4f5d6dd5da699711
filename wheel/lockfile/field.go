package lockfile

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/pep440"
	"github.com/wheeltag/wheeltag/wheel/pep508"
)

// reader collects what the readers of the formats have in common: the lock
// that is filled, and access to the fields of a document by type. A field of
// the wrong type is a problem and counts as absent.
type reader struct {
	lock    *Lock
	file    string // that problems refer to
	project string // name of the package being read

	given  map[*tomltree.Node]bool // lists of files that a package has got, by their first; see share
	shared int                     // files given to more than one package
}

// problem records what is wrong, for the package being read.
func (r *reader) problem(code Code, line int, format string, args ...any) {
	r.lock.Problems = append(r.lock.Problems, Problem{code, false, r.file, line, r.project, fmt.Sprintf(format, clipped(args)...)})
}

// note records a problem that is a note.
func (r *reader) note(code Code, line int, format string, args ...any) {
	r.lock.Problems = append(r.lock.Problems, Problem{code, true, r.file, line, r.project, fmt.Sprintf(format, clipped(args)...)})
}

// field returns a value if it exists and is of the kind.
func (r *reader) field(t *tomltree.Table, key string, k tomltree.Kind) *tomltree.Node {
	n := t.Get(key)
	if n != nil && n.Kind != k {
		r.problem(CodeType, n.Line, "%q is not a %s", key, kindNames[k])
		return nil
	}
	return n
}

var kindNames = [...]string{tomltree.String: "string", tomltree.Integer: "whole number", tomltree.Bool: "boolean", tomltree.Time: "date and time", tomltree.Other: "number", tomltree.List: "list", tomltree.TableKind: "table"}

// text returns a string, empty if it is absent. To all formats that is the same.
func (r *reader) text(t *tomltree.Table, key string) string {
	if n := r.field(t, key, tomltree.String); n != nil {
		return n.Text
	}
	return ""
}

// flag returns a boolean, false if it is absent.
func (r *reader) flag(t *tomltree.Table, key string) bool {
	n := r.field(t, key, tomltree.Bool)
	return n != nil && n.Text == "true"
}

// table returns a table, nil if it is absent. All methods treat a nil table as an
// empty one.
func (r *reader) table(t *tomltree.Table, key string) *tomltree.Table {
	if n := r.field(t, key, tomltree.TableKind); n != nil {
		return n.Table
	}
	return nil
}

// list returns those elements of a list that are of the kind.
func (r *reader) list(t *tomltree.Table, key string, k tomltree.Kind) []*tomltree.Node {
	n := r.field(t, key, tomltree.List)
	if n == nil {
		return nil
	}
	for i, item := range n.List {
		if item.Kind != k {
			return r.without(n.List, i, key, k)
		}
	}
	return n.List
}

// without is list for one that has elements of another kind, from i on.
func (r *reader) without(list []*tomltree.Node, i int, key string, k tomltree.Kind) []*tomltree.Node {
	kept := append([]*tomltree.Node(nil), list[:i]...)
	for _, item := range list[i:] {
		if item.Kind == k {
			kept = append(kept, item)
			continue
		}
		r.problem(CodeType, item.Line, "an element of %q is not a %s", key, kindNames[k])
	}
	return kept
}

// texts returns the strings of a list.
func (r *reader) texts(t *tomltree.Table, key string) []string {
	var texts []string
	for _, n := range r.list(t, key, tomltree.String) {
		texts = append(texts, n.Text)
	}
	return texts
}

// names is texts for names of projects, extras and groups.
func (r *reader) names(t *tomltree.Table, key string) []string {
	names := r.texts(t, key)
	for i, name := range names {
		names[i] = wheel.NormalizeName(name)
	}
	return names
}

// size reads a number of bytes; it is -1 if the field is absent.
func (r *reader) size(t *tomltree.Table) int64 {
	n := r.field(t, "size", tomltree.Integer)
	if n == nil {
		return -1
	}
	size, err := strconv.ParseInt(n.Text, 0, 64) // TOML writes numbers as Go does
	if err != nil || size < 0 {
		r.problem(CodeType, n.Line, "%q is not a size in bytes", n.Text)
		return -1
	}
	return size
}

// time reads a point in time, written as a date of TOML or as a text. One
// without an offset is in UTC.
func (r *reader) time(t *tomltree.Table, key string) time.Time {
	n := t.Get(key)
	if n == nil {
		return time.Time{}
	}
	text := n.Text
	if len(text) > 10 && (text[10] == ' ' || text[10] == 't') {
		text = text[:10] + "T" + text[11:]
	}
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil && (n.Kind == tomltree.Time || n.Kind == tomltree.String) {
			return at
		}
	}
	r.problem(CodeType, n.Line, "%q is not a date and time", n.Text)
	return time.Time{}
}

// marker reads the marker of a field; bad is set if there is one that cannot be
// read, which makes answers that depend on it unknown.
func (r *reader) marker(t *tomltree.Table, key string) (m pep508.Marker, bad bool) {
	n := r.field(t, key, tomltree.String)
	if n == nil {
		return pep508.Marker{}, t.Get(key) != nil
	}
	return r.parseMarker(n)
}

// parseMarker is marker for a string.
func (r *reader) parseMarker(n *tomltree.Node) (m pep508.Marker, bad bool) {
	m, err := pep508.ParseMarker(n.Text)
	if err != nil {
		r.problem(CodeMarker, n.Line, "invalid marker, so it is unknown where this is needed: %v", err)
		return pep508.Marker{}, true
	}
	return m, false
}

// markers reads a list of markers without those that cannot be read.
func (r *reader) markers(t *tomltree.Table, key string) []pep508.Marker {
	var list []pep508.Marker
	for _, n := range r.list(t, key, tomltree.String) {
		if m, bad := r.parseMarker(n); !bad {
			list = append(list, m)
		}
	}
	return list
}

// python reads a range of Python versions.
func (r *reader) python(t *tomltree.Table, key string, parse func(string) (PythonRange, error)) PythonRange {
	n := r.field(t, key, tomltree.String)
	if n == nil {
		return PythonRange{}
	}
	p, err := parse(n.Text)
	if err != nil {
		r.problem(CodePython, n.Line, "invalid %q, so every Python is allowed: %v", key, err)
	}
	return p
}

// hash reads "sha256:0123...".
func (r *reader) hash(text string, line int) []Hash {
	if text == "" {
		return nil
	}
	algorithm, digest, ok := strings.Cut(text, ":")
	h, good := makeHash(algorithm, digest)
	if !ok || !good {
		r.problem(CodeHash, line, "%q is not a hash; expected an algorithm, a colon and hexadecimal digits", text)
		return nil
	}
	return []Hash{h}
}

// makeHash checks that a digest is hexadecimal. Its length is not checked for the
// algorithm, because any algorithm is accepted.
func makeHash(algorithm, digest string) (Hash, bool) {
	digest = strings.ToLower(digest)
	var raw [64]byte // longer ones do not occur
	if algorithm == "" || digest == "" || len(digest) > 2*len(raw) {
		return Hash{}, false
	}
	if _, err := hex.Decode(raw[:], []byte(digest)); err != nil {
		return Hash{}, false
	}
	return Hash{strings.ToLower(algorithm), digest}, true
}

// identity reads name and version of a package and begins it. The version is
// kept even if it is invalid.
func (r *reader) identity(t *tomltree.Table) Package {
	p := Package{File: r.file, Line: t.Line}
	name := r.text(t, "name")
	r.project = wheel.NormalizeName(name)
	p.Name = r.project
	if name == "" && (t.Get("name") == nil || t.Get("name").Kind == tomltree.String) {
		r.problem(CodeMissing, t.Line, "the package has no name")
	}
	p.Version = r.text(t, "version")
	if p.Version != "" {
		if _, err := pep440.Parse(p.Version); err != nil {
			r.problem(CodeVersion, t.Get("version").Line, "%v", err)
		}
	}
	return p
}
