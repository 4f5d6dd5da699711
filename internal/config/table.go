package config

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/internal/spelling"
	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Table is what the file says of some files, or in general of all.
type Table struct {
	Selection finding.Selection // with the files or projects that the table is for
	Require   Require
	FailOn    finding.Severity // the lowest severity that fails a file; 0 leaves that
}

// Require are the tags that files must qualify for, or custom policies, by the libc of
// the code; "" leaves that.
type Require struct {
	Linux string // for code that uses glibc
	Musl  string
}

// Tags lists what is required.
func (q Require) Tags() []string {
	return slices.DeleteFunc([]string{q.Linux, q.Musl}, func(tag string) bool { return tag == "" })
}

// Selection returns all that the file says of rules. The tables are over the general
// part.
func (c *Config) Selection() finding.Selection {
	s := c.General.Selection
	for _, t := range c.Tables {
		s.Over = append(s.Over, t.Selection)
	}
	return s
}

// For returns what is required of a file of a project and the lowest severity that fails
// it.
func (c *Config) For(file, project string) (Require, finding.Severity) {
	require, failing := c.General.Require, c.General.FailOn
	for _, t := range c.Tables {
		if !t.Selection.IsFor(file, project) {
			continue
		}
		if t.FailOn != 0 {
			failing = t.FailOn
		}
		if t.Require.Linux != "" {
			require.Linux = t.Require.Linux
		}
		if t.Require.Musl != "" {
			require.Musl = t.Require.Musl
		}
	}
	return require, cmp.Or(failing, finding.Error)
}

// Index returns the index of a name.
func (c *Config) Index(name string) (finding.Index, error) {
	known := append([]finding.Index{finding.PyPI(), finding.NoIndex()}, c.Indexes...)
	var names []string
	for _, i := range known {
		if i.Name == name {
			return i, nil
		}
		names = append(names, i.Name)
	}
	message := fmt.Sprintf("unknown index %q", name)
	if near := spelling.Suggest(name, names); near != "" {
		message += "; did you mean " + near + "?"
	}
	return finding.Index{}, fmt.Errorf("%s; known are %s, and more can be added below [indexes]", message, strings.Join(names, ", "))
}

// readIndexes reads the lists of private indexes.
func (r *reader) readIndexes(t *tomltree.Table) {
	n := t.Get("indexes")
	if n == nil {
		return
	}
	if n.Kind != tomltree.TableKind {
		r.fault(n.Line, "indexes is not a table; write [indexes] and lines such as acme = [\"WT501\"]")
		return
	}
	for _, e := range n.Table.Entries {
		if _, err := r.config.Index(e.Key); err == nil { // TOML has no key twice
			r.fault(e.Value.Line, "the name %s is taken by a known index; choose another", e.Key)
			continue
		}
		s := finding.Selection{Index: finding.Index{Name: e.Key, Rules: r.texts(n.Table, e.Key)}}
		r.checkEntries(s, func(string) *tomltree.Node { return e.Value })
		r.config.Indexes = append(r.config.Indexes, s.Index)
	}
}

// readTables reads the tables for files or projects.
func (r *reader) readTables(t *tomltree.Table, key string) {
	n := t.Get(key)
	if n == nil {
		return
	}
	example := map[string]string{"per-file": "*-win_amd64.whl", "per-project": "torch*"}[key]
	if n.Kind != tomltree.TableKind {
		r.fault(n.Line, "%s is not a table; write [%s.%q]", key, key, example)
		return
	}
	for _, e := range n.Table.Entries {
		_, err := path.Match(e.Key, "")
		switch {
		case e.Value.Kind != tomltree.TableKind:
			r.fault(e.Value.Line, "%s.%q is not a table; write [%s.%q]", key, e.Key, key, e.Key)
			continue
		case err != nil || e.Key == "":
			r.fault(e.Value.Line, "%s: %q is not a glob such as %q", key, e.Key, example)
		case strings.ContainsAny(e.Key, `/\`):
			r.fault(e.Value.Line, "%s: %q has a directory in it, but is compared with names alone; write a glob such as %q", key, e.Key, example)
		case key == "per-project" && !isNormal(e.Key):
			r.fault(e.Value.Line, "%s: %q matches no project: their names are in normal form, such as %q", key, e.Key, wheel.NormalizeName(e.Key))
		}
		for _, inner := range e.Value.Table.Entries {
			if slices.Contains(runKeys, inner.Key) {
				r.fault(inner.Value.Line, "%s is for the whole run; move it out of [%s.%q], to the top of the file", inner.Key, key, e.Key)
			} else if !slices.Contains(tableKeys, inner.Key) {
				r.fault(inner.Value.Line, "%s", unknownKey(inner.Key, tableKeys))
			}
		}
		table := r.readTable(e.Value.Table)
		if key == "per-file" {
			table.Selection.File = e.Key
		} else {
			table.Selection.Project = e.Key
		}
		r.config.Tables = append(r.config.Tables, table)
	}
}

// readTable reads the keys that every table may have.
func (r *reader) readTable(t *tomltree.Table) Table {
	s := finding.Selection{From: map[string]string{}}
	for _, key := range []string{"select", "ignore", "index"} {
		if n := t.Get(key); n != nil {
			s.From[key] = fmt.Sprintf("%s:%d: %s", r.config.File, n.Line, key)
		}
	}
	s.Select, s.Ignore = r.texts(t, "select"), r.texts(t, "ignore")
	if n := t.Get("select"); n != nil && n.Kind == tomltree.List && len(n.List) == 0 {
		r.fault(n.Line, "select is empty, which would check nothing; name rules, or leave it out for all of them")
	}
	lists := r.readSeverities(t, &s)
	r.checkEntries(s, func(list string) *tomltree.Node {
		if n := t.Get(list); n != nil && list != "severity" {
			return n
		}
		return lists
	})
	if name := r.text(t, "index"); name != "" {
		index, err := r.config.Index(name)
		if err != nil {
			r.fault(t.Get("index").Line, "%v", err)
		}
		s.Index = index
	}
	return Table{Selection: s, Require: r.readRequire(t), FailOn: r.readFailOn(t)}
}

// readSeverities reads the severities of rules, and returns the values that name rules
// in one list.
func (r *reader) readSeverities(t *tomltree.Table, s *finding.Selection) *tomltree.Node {
	all := &tomltree.Node{}
	where := map[string]string{} // the list that names a rule
	add := func(list, entry string, severity finding.Severity, line int) {
		all.List = append(all.List, &tomltree.Node{Line: line, Text: entry})
		id := finding.Canonical(entry)
		if before, taken := s.Severity[id]; taken && before != severity {
			r.fault(line, "%s is in both %s and %s; leave one", entry, where[id], list)
			return
		}
		if s.Severity == nil {
			s.Severity = map[string]finding.Severity{}
		}
		s.Severity[id], where[id] = severity, list
	}
	for _, list := range []string{"warn", "error"} {
		severity := map[string]finding.Severity{"warn": finding.Warning, "error": finding.Error}[list]
		if r.texts(t, list) != nil {
			for _, item := range t.Get(list).List {
				add(list, item.Text, severity, item.Line)
			}
		}
	}
	n := t.Get("severity")
	switch {
	case n == nil:
	case n.Kind != tomltree.TableKind:
		r.fault(n.Line, "severity is not a table; write [severity] and lines such as WT215 = \"error\"")
	default:
		for _, e := range n.Table.Entries {
			severity, err := finding.ParseSeverity(e.Value.Text)
			if err != nil || e.Value.Kind != tomltree.String {
				r.fault(e.Value.Line, "the severity of %s is not \"note\", \"warning\" or \"error\"", e.Key)
				continue
			}
			add("severity", e.Key, severity, e.Value.Line)
		}
	}
	return all
}

// checkEntries reports what is wrong with lists of rules; node has the value of a list.
func (r *reader) checkEntries(s finding.Selection, node func(list string) *tomltree.Node) {
	var joined interface{ Unwrap() []error }
	if !errors.As(s.Check(), &joined) {
		return
	}
	for _, err := range joined.Unwrap() {
		bad, _ := errors.AsType[*finding.EntryError](err)
		n := node(bad.List)
		line := n.Line
		for _, item := range n.List {
			if finding.Canonical(item.Text) == finding.Canonical(bad.Entry) {
				line = item.Line
			}
		}
		r.fault(line, "%s", bad.Message)
	}
}

// readFailOn reads which severity fails a file.
func (r *reader) readFailOn(t *tomltree.Table) finding.Severity {
	var failing finding.Severity
	strict, n := t.Get("strict"), t.Get("fail-on")
	if strict != nil {
		failing = finding.Error
		if r.truth(t, "strict") {
			failing = finding.Warning
		}
	}
	if n == nil {
		return failing
	}
	chosen, err := finding.ParseSeverity(n.Text)
	switch {
	case err != nil || n.Kind != tomltree.String:
		r.fault(n.Line, "fail-on is not \"error\", \"warning\" or \"note\"")
	case strict != nil && chosen != failing:
		r.fault(n.Line, "fail-on = %q and strict contradict each other; strict = true means fail-on = \"warning\"", n.Text)
	}
	return chosen
}

// readRequire reads the tags that files must qualify for.
func (r *reader) readRequire(t *tomltree.Table) Require {
	n := t.Get("require")
	if n == nil {
		return Require{}
	}
	if n.Kind != tomltree.TableKind {
		r.fault(n.Line, "require is not a table; write require = { linux = \"manylinux_2_28\", musl = \"musllinux_1_2\" }")
		return Require{}
	}
	r.checkKeys(n.Table, []string{"linux", "musl"})
	q := Require{r.text(n.Table, "linux"), r.text(n.Table, "musl")}
	for _, one := range []struct {
		key, tag string
		family   tags.LibcFamily
		example  string
	}{{"linux", q.Linux, tags.Glibc, "manylinux_2_28"}, {"musl", q.Musl, tags.Musl, "musllinux_1_2"}} {
		if one.tag == "" {
			continue
		}
		line, base := n.Table.Get(one.key).Line, one.tag
		if p := r.config.Policy(one.tag); p != nil {
			base = p.Base
		}
		if err := manylinux.CheckTag(base); err != nil {
			r.fault(line, "require: %s = %q: neither a tag such as %s nor a policy of this file", one.key, one.tag, one.example)
		} else if family := familyOf(base); family != one.family {
			r.fault(line, "require: %s = %q is a tag for %s; the key for that is %s", one.key, one.tag, family, map[tags.LibcFamily]string{tags.Glibc: "linux", tags.Musl: "musl"}[family])
		}
	}
	return q
}

// familyOf returns the libc of a tag with or without a machine.
func familyOf(tag string) tags.LibcFamily {
	if family := tags.ParsePlatformTag(tag).Libc.Family; family != tags.NoLibc {
		return family
	}
	return tags.ParsePlatformTag(tag + "_x86_64").Libc.Family
}
