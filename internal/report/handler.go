package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// Handler takes the results of one run in the order of its inputs. Its methods are
// called from one goroutine at a time.
type Handler interface {
	// Report takes one result. A format for some kinds of results only refuses the
	// others.
	Report(Record) error
	// Problem takes an input without an answer.
	Problem(*Problem) error
	// Progress says how far the work is, about ten times a second. Results so
	// far become visible.
	Progress(Progress) error
	// Close ends the report.
	Close() error
}

// Record is one result: an [Audit], an [Explain], a [Tree], an [Index], a [Retag] or a
// [Coverage].
type Record interface{ record() }

func (*Audit) record()    {}
func (*Explain) record()  {}
func (*Tree) record()     {}
func (*Index) record()    {}
func (*Retag) record()    {}
func (*Coverage) record() {}

// Audit is the result of auditing one file, as the run with its configuration and
// demands decided.
type Audit struct {
	Schema string `json:"schema"`
	*audit.Report
	Allowed  []finding.Allowed `json:"allowed,omitempty"`
	Required []Requirement     `json:"required,omitempty"`
	Targets  []Target          `json:"targets,omitempty"`
	// Path is where the file is, relative to the directory of the run and with
	// slashes; empty when it is not below that, or is the file name.
	Path string `json:"path,omitempty"`
	// Fixed says what was repaired for the file to be as it is, or why it was not.
	Fixed *Fixed `json:"fixed,omitempty"`
}

// Target is the answer for one target of an audit.
type Target struct {
	loads.Result
	// Refusal is why no installer takes the wheel there, "" if one does.
	Refusal string `json:"refusal,omitempty"`
}

// Requirement is the answer for one tag that was required.
type Requirement struct {
	Tag     string             `json:"tag"`
	Carries bool               `json:"carries"` // the answer is yes
	Answer  manylinux.Answer   `json:"answer"`
	Causes  []manylinux.Demand `json:"causes,omitempty"`
}

// Met reports whether all demands of the run are met.
func (a *Audit) Met() bool {
	return !slices.ContainsFunc(a.Required, func(q Requirement) bool { return q.Answer == manylinux.No }) &&
		!slices.ContainsFunc(a.Targets, func(t Target) bool { return t.Loads == loads.No || t.Refusal != "" })
}

// Explain is the explanation of one file.
type Explain struct {
	Schema string `json:"schema"`
	*audit.Explanation
}

// Tree is what a loader finds for one file in one place.
type Tree struct {
	Schema string `json:"schema"`
	File   string `json:"file"`
	Target string `json:"target,omitempty"`
	loads.Tree
}

// Problem is an input without an answer.
type Problem struct {
	Schema  string          `json:"schema"`
	File    string          `json:"file"`
	Verdict finding.Verdict `json:"verdict,omitempty"` // unknown, of an audit
	Error   Error           `json:"error"`
	Path    string          `json:"path,omitempty"` // as of an Audit
}

// Error says why there is no answer.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Progress is how far a run is.
type Progress struct {
	Done int    // inputs with a result
	Last string // the name of the last one
}

// The schemas of audit, explain and tree.
const (
	AuditSchema   = "wheeltag.audit/v1"
	ExplainSchema = "wheeltag.explain/v1"
	TreeSchema    = "wheeltag.tree/v1"
)

// Config is what a handler needs to know of its run.
type Config struct {
	Style
	Matrix // of coverage
	// Version is that of wheeltag, for formats that name the tool, "" if not known.
	Version string
	// At is a file of the repository under review. Code hosts show what is said about
	// the files of a change only, and wheels are not among them; "" for the wheels.
	At string
	// Summary takes a page in Markdown next to the annotations of the format github; it
	// may be nil.
	Summary io.Writer
	Quiet   bool // text only about files that do not pass, and no summary
}

// format is one way to write results. Those with new have a handler of their own,
// the others show all results of a kind at the end.
type format struct {
	name     string
	new      func(out, messages io.Writer, c Config) Handler
	coverage func(*matrix) error
	audit    func(*together) error
}

// formats are all formats, in the order of the help.
var formats = [...]format{
	{name: "text", new: newText},
	{name: "json", new: newJSON},
	{name: "sarif", audit: (*together).sarif},
	{name: "junit", audit: (*together).junit},
	{name: "gitlab", audit: (*together).gitlab},
	{name: "github", audit: (*together).github},
	{name: "zuul", audit: (*together).zuul},
	{name: "markdown", coverage: (*matrix).markdown, audit: (*together).markdown},
	{name: "csv", coverage: (*matrix).csv},
	{name: "html", coverage: (*matrix).html, audit: (*together).html},
}

// shows reports whether a format has a form for results of the kind of r.
func (f *format) shows(r Record) bool {
	switch r.(type) {
	case *Coverage:
		return f.new != nil || f.coverage != nil
	case *Audit:
		return f.new != nil || f.audit != nil
	}
	return f.new != nil
}

// Formats lists the formats that have a form for results of the kind of r.
func Formats(r Record) []string {
	var names []string
	for _, f := range formats {
		if f.shows(r) {
			names = append(names, f.name)
		}
	}
	return names
}

// New returns the handler for a format. Results go to out, messages to messages.
func New(format string, out, messages io.Writer, c Config) (Handler, error) {
	var names []string
	for _, f := range formats {
		switch {
		case f.name != format:
			names = append(names, f.name)
		case f.new != nil:
			return f.new(out, messages, c), nil
		default:
			return newTogether(f, out, messages, c), nil
		}
	}
	return nil, fmt.Errorf("unknown format %q; want one of %s", format, strings.Join(names, ", "))
}

// unsupported is the error of a format for a kind of result that it cannot show.
func unsupported(format string, r Record) error {
	kind := ""
	switch r.(type) {
	case *Audit:
		kind = "audit"
	case *Explain:
		kind = "explain"
	case *Tree:
		kind = "tree"
	case *Index:
		kind = "index"
	case *Retag:
		kind = "retag"
	case *Coverage:
		kind = "coverage"
	}
	return fmt.Errorf("%s has no form for results of %s; use text or json", format, kind)
}
