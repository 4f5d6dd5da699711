package report

import (
	"errors"
	"fmt"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/retag"
)

// RetagSchema is that of one wheel that was given other tags or repaired.
const RetagSchema = "wheeltag.retag/v1"

// StateRefused is the state of a wheel that was not changed.
const StateRefused retag.State = "refused"

// Retag is what became of one wheel.
type Retag struct {
	Schema  string            `json:"schema"`
	File    string            `json:"file"`
	State   retag.State       `json:"state"`
	Output  string            `json:"output,omitempty"` // file name of the result
	Path    string            `json:"path,omitempty"`   // where it is
	Changes []retag.Change    `json:"changes"`
	Reason  *Error            `json:"reason,omitempty"`   // of a refusal
	Errors  []finding.Finding `json:"findings,omitempty"` // that the result would have
}

// NewRetag returns the record of a wheel, for the outcome or the error of [retag.File]. It
// is nil for an error that is not a refusal.
func NewRetag(file string, out *retag.Outcome, err error) *Retag {
	r := &Retag{Schema: RetagSchema, File: file, Changes: []retag.Change{}}
	var refusal *retag.Refusal
	switch {
	case err == nil:
		r.State, r.Output, r.Path = out.State, out.Filename, out.Path
		r.Changes = append(r.Changes, out.Changes...)
	case errors.As(err, &refusal):
		r.State, r.Reason, r.Errors = StateRefused, &Error{string(refusal.Code), refusal.Err.Error()}, refusal.Findings
		r.Output = refusal.Filename
		r.Changes = append(r.Changes, refusal.Changes...)
	default:
		return nil
	}
	return r
}

// Fixed is what the audit of a repaired file says of the repair.
type Fixed struct {
	Source  string         `json:"source,omitempty"` // file name of the wheel that was repaired
	Changes []retag.Change `json:"changes"`
	Refused string         `json:"refused,omitempty"` // why it was not
}

// mostChanges is how many changes of a kind are shown.
const mostChanges = 20

// changeTitles are what the lines about changes begin with.
var changeTitles = map[retag.Kind]string{
	retag.KindName: "name", retag.KindWheel: "WHEEL", retag.KindRecord: "RECORD", retag.KindArchive: "archive",
}

// retag writes what became of a wheel, and a line for each change.
func (t *text) retag(r *Retag) {
	const width = len("unchanged ")
	if r.Reason != nil {
		fmt.Fprintf(t.out, "%s%s\n", t.Paint("no", string(r.State), width), Plain(r.File))
		if len(r.Errors) == 0 {
			t.print("  ", r.Reason.Message)
			return
		}
		t.print("  ", r.Output+" would not pass the audit:")
		t.findings(&Audit{Report: &audit.Report{Findings: r.Errors}})
		return
	}
	fmt.Fprintf(t.out, "%s%s\n", t.Paint("yes", string(r.State), width), Plain(r.Path))
	t.changes("  ", r.Changes)
}

// fixed writes what was repaired.
func (t *text) fixed(f *Fixed) {
	switch {
	case f == nil:
	case f.Refused != "":
		t.print(column, "not repaired: "+f.Refused)
	default:
		t.print(column, "repaired copy of "+f.Source+":")
		t.changes(column+"  ", f.Changes)
	}
}

// changes writes a line for each change.
func (t *text) changes(indent string, changes []retag.Change) {
	count := map[retag.Kind]int{}
	for _, c := range changes {
		count[c.Kind]++
	}
	shown := map[retag.Kind]int{}
	for _, c := range changes {
		title := indent + fmt.Sprintf("%-8s", changeTitles[c.Kind])
		shown[c.Kind]++
		switch n := shown[c.Kind]; {
		case n <= mostChanges || n == mostChanges+1 && count[c.Kind] == n:
			message := c.Message
			if c.File != "" && c.Kind != retag.KindWheel {
				message = c.File + ": " + message
			}
			t.hang(title, message)
		case n == mostChanges+1:
			fmt.Fprintf(t.out, "%sand %d more changes; --format json has them all\n", title, count[c.Kind]-mostChanges)
		}
	}
}
