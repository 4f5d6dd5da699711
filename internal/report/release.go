package report

import (
	"fmt"

	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/release"
)

// ReleaseSchema is that of a release in an audit.
const ReleaseSchema = "wheeltag.release/v1"

// Release is what an audit finds about the files of a release together.
type Release struct {
	Schema string `json:"schema"`
	release.Release
}

func (*Release) record() {}

// title names the release and what it was compared with.
func (r *Release) title() string {
	text := fmt.Sprintf("%s %s: %s together", r.Project, r.Version, counted(len(r.Files), "file"))
	if r.Baseline != "" {
		text += ", compared with " + r.Baseline
	}
	return text
}

// release writes a block for a release: the verdict, what it is, and its findings.
func (t *text) release(r *Release) {
	fmt.Fprintf(t.out, "%s%s\n", t.Word(string(r.Verdict), len(column)), Plain(r.title()))
	t.findings(&Audit{Report: &audit.Report{Findings: r.Findings}})
}

// auditedRelease says what there is to say about a release, in the place of a file.
func auditedRelease(r *Release) audited {
	name := shorten(Plain(r.Project + "-" + r.Version))
	f := audited{file: name, path: name, verdict: r.Verdict, about: shorten(Plain(r.title())), release: true}
	for _, g := range r.Findings {
		f.add(entry{rule: ruleOf(g.Rule), severity: g.Severity, message: g.Message}, "release "+r.Project, g.Message)
	}
	return f
}
