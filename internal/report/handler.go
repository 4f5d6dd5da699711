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

// Record is one result: an [Audit], an [Explain], a [Tree], an [Index] or a [Coverage].
type Record interface{ record() }

func (*Audit) record()    {}
func (*Explain) record()  {}
func (*Tree) record()     {}
func (*Index) record()    {}
func (*Coverage) record() {}

// Audit is the result of auditing one file, as the run with its configuration and
// demands decided.
type Audit struct {
	Schema string `json:"schema"`
	*audit.Report
	Allowed  []finding.Allowed `json:"allowed,omitempty"`
	Required []Requirement     `json:"required,omitempty"`
	Targets  []Target          `json:"targets,omitempty"`
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
}

// format is one way to write results.
type format struct {
	name  string
	shows func(Record) bool // the kinds of results that it has a form for
	new   func(out, messages io.Writer, c Config) Handler
}

// formats are all formats, in the order of the help.
var formats = [...]format{
	{"text", every, newText},
	{"json", every, newJSON},
	{"markdown", isCoverage, coverageFormat((*matrix).markdown)},
	{"csv", isCoverage, coverageFormat((*matrix).csv)},
	{"html", isCoverage, coverageFormat((*matrix).html)},
}

func every(Record) bool { return true }

func isCoverage(r Record) bool {
	_, ok := r.(*Coverage)
	return ok
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
		if f.name == format {
			return f.new(out, messages, c), nil
		}
		names = append(names, f.name)
	}
	return nil, fmt.Errorf("unknown format %q; want one of %s", format, strings.Join(names, ", "))
}

// unsupported is the error of a format for a kind of result that it cannot show.
func unsupported(format string, r Record) error {
	return fmt.Errorf("%s has no form for a result of type %T; use text or json", format, r)
}
