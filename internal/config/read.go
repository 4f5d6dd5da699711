package config

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wheeltag/wheeltag/internal/tomltree"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// reader turns tables into a configuration and collects faults.
type reader struct {
	config *Config
	faults []*Error
}

func (r *reader) fault(line int, format string, args ...any) {
	r.faults = append(r.faults, &Error{File: r.config.File, Line: line, Message: fmt.Sprintf(format, args...)})
}

// err joins the faults in the order of their lines.
func (r *reader) err() error {
	slices.SortStableFunc(r.faults, func(a, b *Error) int { return cmp.Compare(a.Line, b.Line) })
	faults := make([]error, len(r.faults))
	for i, f := range r.faults {
		faults[i] = f
	}
	return errors.Join(faults...)
}

// The keys of a file: those for a whole run, and those that a table for some files may
// have too.
var (
	runKeys   = []string{"targets", "required-version", "exit-zero", "statistics", "quiet", "output", "jobs", "indexes", "policy", "allow", "per-file", "per-project"}
	tableKeys = []string{"select", "ignore", "warn", "error", "severity", "index", "require", "strict", "fail-on"}
)

func (r *reader) read(t *tomltree.Table) {
	r.checkKeys(t, slices.Concat(runKeys, tableKeys))
	for _, item := range r.tables(t, "policy") {
		r.readPolicy(item)
	}
	r.readIndexes(t)
	r.config.General = r.readTable(t)
	for _, key := range []string{"per-project", "per-file"} {
		r.readTables(t, key)
	}
	for _, item := range r.tables(t, "allow") {
		r.readAllowance(item)
	}
	r.readRun(t)
}

// readRun reads the keys for a whole run.
func (r *reader) readRun(t *tomltree.Table) {
	run := &r.config.Run
	run.ExitZero, run.Statistics, run.Quiet = r.truth(t, "exit-zero"), r.truth(t, "statistics"), r.truth(t, "quiet")
	if run.Output = r.text(t, "output"); run.Output != "" && !filepath.IsAbs(run.Output) {
		run.Output = filepath.Join(filepath.Dir(r.config.File), run.Output)
	}
	if n := t.Get("jobs"); n != nil {
		jobs, err := strconv.Atoi(n.Text)
		if n.Kind != tomltree.Integer || err != nil || jobs < 1 {
			r.fault(n.Line, "jobs is not a whole number from 1 on, such as jobs = 4")
			return
		}
		run.Jobs = jobs
	}
}

func (r *reader) checkKeys(t *tomltree.Table, known []string) {
	for _, e := range t.Entries {
		if !slices.Contains(known, e.Key) {
			r.fault(e.Value.Line, "%s", unknownKey(e.Key, known))
		}
	}
}

// text returns a string, "" if there is none.
func (r *reader) text(t *tomltree.Table, key string) string {
	n := t.Get(key)
	switch {
	case n == nil:
		return ""
	case n.Kind != tomltree.String:
		r.fault(n.Line, "%s is not a string; put it in quotes", key)
		return ""
	}
	return n.Text
}

// truth returns a true or false, false if there is none.
func (r *reader) truth(t *tomltree.Table, key string) bool {
	n := t.Get(key)
	if n == nil {
		return false
	}
	if n.Kind != tomltree.Bool {
		r.fault(n.Line, "%s is not true or false; write %s = true", key, key)
	}
	return n.Kind == tomltree.Bool && n.Text == "true"
}

// texts returns a list of strings, nil if there is none.
func (r *reader) texts(t *tomltree.Table, key string) []string {
	n := t.Get(key)
	if n == nil {
		return nil
	}
	notString := func(n *tomltree.Node) bool { return n.Kind != tomltree.String }
	if n.Kind != tomltree.List || slices.ContainsFunc(n.List, notString) {
		r.fault(n.Line, "%s is not a list of strings, such as [\"a\", \"b\"]", key)
		return nil
	}
	var list []string
	for _, item := range n.List {
		list = append(list, item.Text)
	}
	return list
}

// tables returns the rows of an array of tables.
func (r *reader) tables(t *tomltree.Table, key string) []*tomltree.Node {
	n := t.Get(key)
	if n == nil {
		return nil
	}
	notTable := func(n *tomltree.Node) bool { return n.Kind != tomltree.TableKind }
	if n.Kind != tomltree.List || slices.ContainsFunc(n.List, notTable) {
		r.fault(n.Line, "%s is not a list of tables; write [[%s]]", key, key)
		return nil
	}
	return n.List
}

var policyName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]*$`) })

var policyKeys = []string{"name", "extends", "libraries", "versions", "unban"}

func (r *reader) readPolicy(item *tomltree.Node) {
	t := item.Table
	r.checkKeys(t, policyKeys)
	p := &manylinux.Custom{Name: r.text(t, "name"), Base: r.text(t, "extends"), Library: r.texts(t, "libraries"), Versions: r.texts(t, "versions"), Unban: r.unban(t)}
	base := r.config.Policy(p.Base)
	switch {
	case !policyName().MatchString(p.Name):
		r.fault(item.Line, "a policy needs a name of small letters, digits and underscores; %q is not one", p.Name)
		return
	case r.config.Policy(p.Name) != nil:
		r.fault(item.Line, "policy %s: the name is taken by a policy above", p.Name)
		return
	case isKnown(p.Name):
		r.fault(item.Line, "policy %s: the name is that of a known policy; choose another", p.Name)
		return
	case base != nil:
		p.Base, p.Extends = base.Base, base
	case !isKnown(p.Base):
		r.fault(item.Line, "policy %s: extends %q, which is neither a known policy such as manylinux_2_28 nor a policy above", p.Name, p.Base)
		return
	}
	for _, glob := range p.Library {
		if _, err := path.Match(glob, ""); err != nil || glob == "" {
			r.fault(item.Line, "policy %s: library %q is not a glob such as libcuda.so.*", p.Name, glob)
		}
	}
	for _, v := range p.Versions {
		if !strings.Contains(v, "_") {
			r.fault(item.Line, "policy %s: version %q is not like GLIBCXX_3.4.25", p.Name, v)
		}
	}
	r.config.Policies = append(r.config.Policies, p)
}

// unban reads the symbols that may be taken after all, by library.
func (r *reader) unban(t *tomltree.Table) map[string][]string {
	n := t.Get("unban")
	if n == nil {
		return nil
	}
	if n.Kind != tomltree.TableKind {
		r.fault(n.Line, "unban is not a table such as { \"libz.so.1\" = [\"inflate_fast\"] }")
		return nil
	}
	symbols := map[string][]string{}
	for _, e := range n.Table.Entries {
		symbols[e.Key] = r.texts(n.Table, e.Key)
	}
	return symbols
}

// isKnown reports whether a name is that of a manylinux or musllinux policy.
func isKnown(name string) bool {
	return tags.ParsePlatformTag(name+"_x86_64").Libc.Family != tags.NoLibc
}

var allowKeys = []string{"rule", "project", "library", "symbol", "file", "reason", "expires"}

func (r *reader) readAllowance(item *tomltree.Node) {
	t := item.Table
	r.checkKeys(t, allowKeys)
	a := finding.Allowance{
		Project: r.text(t, "project"), Library: r.text(t, "library"), Symbol: r.text(t, "symbol"), File: r.text(t, "file"), Reason: r.text(t, "reason"),
	}
	id := r.text(t, "rule")
	rule, ok := finding.Lookup(id)
	a.Rule = rule.ID
	a.From = fmt.Sprintf("%s:%d", r.config.File, item.Line)
	var err error
	if n := t.Get("expires"); n != nil {
		a.Expires, err = day(n)
	}
	switch {
	case !ok:
		r.fault(item.Line, "an allowance is for %q, and there is no such rule; 'wheeltag rules' lists them", id)
		return
	case rule.Undecided:
		r.fault(item.Line, "%s cannot be allowed: what cannot be read cannot be judged", rule.ID)
		return
	case strings.TrimSpace(a.Reason) == "":
		r.fault(item.Line, "the allowance for %s has no reason", rule.ID)
		return
	case err != nil:
		r.fault(t.Get("expires").Line, "the expiry date of the allowance for %s is not a date; write expires = 2027-01-31", rule.ID)
		return
	case !isNormal(a.Project):
		r.fault(item.Line, "the allowance for %s: project %q matches no project: their names are in normal form, such as %q", rule.ID, a.Project, wheel.NormalizeName(a.Project))
		return
	}
	for _, glob := range []string{a.Project, a.Library, a.Symbol, a.File} {
		if _, err := path.Match(glob, ""); err != nil {
			r.fault(item.Line, "the allowance for %s: %q is not a glob such as lib*.so.1", rule.ID, glob)
			return
		}
	}
	r.config.Allowances = append(r.config.Allowances, a)
}

// isNormal reports whether a glob can match names in normal form.
func isNormal(glob string) bool { return wheel.NormalizeName(glob) == glob }

// day reads a date without a time.
func day(n *tomltree.Node) (time.Time, error) {
	if n.Kind != tomltree.Time && n.Kind != tomltree.String {
		return time.Time{}, fmt.Errorf("no date")
	}
	return time.Parse(time.DateOnly, n.Text)
}
