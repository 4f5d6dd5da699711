package config

import (
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// maxSize bounds a file in bytes and maxEntries each kind of entry.
const (
	maxSize    = 1 << 20
	maxEntries = 10_000
)

// Error is a fault in a policy file.
type Error struct {
	File         string
	Line, Column int    // 0 when the fault is in an entry as a whole
	Entry        string // such as "policy 2 (acme_el8)", if it is known
	Message      string // what is wrong and what to write
}

func (e *Error) Error() string {
	where := e.File
	if e.Line > 0 {
		where += fmt.Sprintf(":%d:%d", e.Line, e.Column)
	}
	if e.Entry != "" {
		where += ": " + e.Entry
	}
	return where + ": " + e.Message
}

// document is the file as TOML has it.
type document struct {
	Policy []struct {
		Name      string              `toml:"name"`
		Extends   string              `toml:"extends"`
		Libraries []string            `toml:"libraries"`
		Versions  []string            `toml:"versions"`
		Unban     map[string][]string `toml:"unban"`
	} `toml:"policy"`
	Allow []struct {
		Rule    string         `toml:"rule"`
		Project string         `toml:"project"`
		Library string         `toml:"library"`
		Symbol  string         `toml:"symbol"`
		File    string         `toml:"file"`
		Reason  string         `toml:"reason"`
		Expires toml.LocalDate `toml:"expires"`
	} `toml:"allow"`
}

// File is what a policy file says.
type File struct {
	Policies   []*manylinux.Custom
	Allowances []finding.Allowance
}

// Policy returns a policy of the file by name, or nil.
func (f *File) Policy(name string) *manylinux.Custom {
	for _, p := range f.Policies {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Read reads a policy file; name is for its errors, which are [*Error].
func Read(r io.Reader, name string) (*File, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(text) > maxSize {
		return nil, &Error{File: name, Message: fmt.Sprintf("is larger than %d bytes", maxSize)}
	}
	var doc document
	d := toml.NewDecoder(strings.NewReader(string(text))).DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return nil, syntaxError(name, err)
	}
	if len(doc.Policy) > maxEntries || len(doc.Allow) > maxEntries {
		return nil, &Error{File: name, Message: fmt.Sprintf("has more than %d entries of a kind", maxEntries)}
	}
	f := &File{}
	if err := f.readPolicies(&doc, name); err != nil {
		return nil, err
	}
	if err := f.readAllowances(&doc, name); err != nil {
		return nil, err
	}
	return f, nil
}

func syntaxError(name string, err error) *Error {
	e := &Error{File: name, Message: err.Error()}
	var unknown *toml.StrictMissingError
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		first := unknown.Errors[0]
		e.Line, e.Column = first.Position()
		e.Message = fmt.Sprintf("unknown key %q; policies have name, extends, libraries, versions, unban, and allowances rule, project, library, symbol, file, reason, expires", strings.Join(first.Key(), "."))
	case errors.As(err, &syntax):
		e.Line, e.Column = syntax.Position()
		e.Message = strings.TrimPrefix(syntax.Error(), "toml: ")
	}
	return e
}

var policyName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]*$`) })

func (f *File) readPolicies(doc *document, name string) error {
	for i, p := range doc.Policy {
		bad := func(format string, args ...any) error {
			return &Error{File: name, Entry: fmt.Sprintf("policy %d (%s)", i+1, p.Name), Message: fmt.Sprintf(format, args...)}
		}
		policy := &manylinux.Custom{Name: p.Name, Base: p.Extends, Library: p.Libraries, Versions: p.Versions, Unban: p.Unban}
		base := f.Policy(p.Extends)
		switch {
		case !policyName().MatchString(p.Name):
			return bad("the name must be small letters, digits and underscores")
		case f.Policy(p.Name) != nil:
			return bad("the name is taken by a policy above")
		case known(p.Name):
			return bad("the name is that of a known policy; choose another")
		case base != nil:
			policy.Base, policy.Extends = base.Base, base
		case !known(p.Extends):
			return bad("extends %q, which is neither a known policy such as manylinux_2_28 nor a policy above", p.Extends)
		}
		for _, g := range p.Libraries {
			if _, err := path.Match(g, ""); err != nil || g == "" {
				return bad("library %q is not a glob such as libcuda.so.*", g)
			}
		}
		for _, v := range p.Versions {
			if !strings.Contains(v, "_") {
				return bad("version %q is not like GLIBCXX_3.4.25", v)
			}
		}
		f.Policies = append(f.Policies, policy)
	}
	return nil
}

// known reports whether a name is that of a manylinux or musllinux policy.
func known(name string) bool {
	return tags.ParsePlatformTag(name+"_x86_64").Libc.Family != tags.NoLibc
}

func (f *File) readAllowances(doc *document, name string) error {
	for i, a := range doc.Allow {
		bad := func(format string, args ...any) error {
			return &Error{File: name, Entry: fmt.Sprintf("allow %d (%s)", i+1, a.Rule), Message: fmt.Sprintf(format, args...)}
		}
		rule, ok := finding.Lookup(a.Rule)
		switch {
		case !ok:
			return bad("there is no rule %q", a.Rule)
		case rule.Undecided:
			return bad("what cannot be read cannot be allowed")
		case strings.TrimSpace(a.Reason) == "":
			return bad("give a reason")
		case a.Expires == (toml.LocalDate{}):
			return bad("give the last day, as in expires = 2027-01-31")
		}
		for _, g := range []string{a.Project, a.Library, a.Symbol, a.File} {
			if _, err := path.Match(g, ""); err != nil {
				return bad("%q is not a glob such as lib*.so.1", g)
			}
		}
		f.Allowances = append(f.Allowances, finding.Allowance{
			Rule: rule.ID, Project: a.Project, Library: a.Library, Symbol: a.Symbol, File: a.File,
			Reason: a.Reason, Expires: a.Expires.AsTime(time.UTC),
		})
	}
	return nil
}
