package report

import (
	"fmt"

	"github.com/wheeltag/wheeltag/wheel/finding"
)

// gitlabIssue is an element of GitLab's code quality report.
type gitlabIssue struct {
	Description string `json:"description"`
	Check       string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// gitlabSeverities are GitLab's words. What leaves a verdict open is critical.
var gitlabSeverities = map[finding.Severity]string{finding.Note: "info", finding.Warning: "minor", finding.Error: "major"}

// gitlab writes the JSON array that GitLab takes as an artifact of the type codequality,
// an element on each line.
func (t *together) gitlab() error {
	t.out.WriteString("[\n")
	for i, e := range t.all() {
		if i > 0 {
			t.out.WriteString(",\n")
		}
		g := gitlabIssue{Description: e.rule.ID + ": " + t.subject(e.in, &e.entry), Check: e.rule.ID, Fingerprint: e.fingerprint, Severity: gitlabSeverities[e.severity]}
		if e.rule.Undecided {
			g.Severity = "critical"
		}
		g.Location.Path, g.Location.Lines.Begin = t.place(e.in), 1
		t.out.Write(jsonLine(g))
	}
	_, err := t.out.WriteString("\n]\n")
	return err
}

// zuulComment is a comment on a file as a whole, as zuul_return takes it.
type zuulComment struct {
	Message string `json:"message"`
	Level   string `json:"level"`
}

var zuulLevels = map[finding.Severity]string{finding.Note: "info", finding.Warning: "warning", finding.Error: "error"}

const (
	mostComments = 50 // in the review of a change
	mostWarnings = 20 // below its result
)

// zuul writes the data of zuul_return. Zuul drops comments on files that a change does
// not touch, such as wheels, so the verdicts are warnings as well, which it shows in any
// case.
func (t *together) zuul() error {
	comments := map[string][]zuulComment{}
	list := worstFirst(t.all())
	for _, e := range list[:min(mostComments, len(list))] {
		at := t.place(e.in)
		comments[at] = append(comments[at], zuulComment{e.rule.ID + ": " + t.subject(e.in, &e.entry), zuulLevels[e.severity]})
	}
	warnings := []string{}
	for i := range t.files {
		f := &t.files[i]
		if f.verdict == finding.Pass {
			continue
		}
		warnings = append(warnings, fmt.Sprintf("%s %s: %s", f.verdict, f.path, bySeverity(f.entries)))
	}
	if n := len(warnings) - mostWarnings; n > 1 {
		warnings = append(warnings[:mostWarnings], fmt.Sprintf("and %d more files", n))
	}
	if n := len(list) - mostComments; n > 0 {
		warnings = append(warnings, fmt.Sprintf("%d of %d comments are left out, the least severe ones", n, len(list)))
	}
	data := map[string]any{"zuul": map[string]any{"file_comments": comments, "warnings": warnings}}
	_, err := t.out.Write(append(jsonLine(data), '\n'))
	return err
}

// worstFirst orders entries by severity, those of equal severity as they are.
func worstFirst(list []located) []located {
	sorted := make([]located, 0, len(list))
	for s := finding.Error; s >= finding.Note; s-- {
		for i := range list {
			if list[i].severity == s {
				sorted = append(sorted, list[i])
			}
		}
	}
	return sorted
}
