package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// indexRecord is the JSON object of index.
type indexRecord struct {
	Schema         string          `json:"schema"`
	File           string          `json:"file"`
	Name           string          `json:"name"`
	Project        string          `json:"project,omitempty"`
	Version        string          `json:"version,omitempty"`
	Size           int64           `json:"size"`
	SHA256         string          `json:"sha256,omitempty"`
	RequiresPython string          `json:"requires_python,omitempty"`
	Offered        bool            `json:"offered"`
	Known          bool            `json:"known"`
	Views          []string        `json:"views,omitempty"`
	Findings       []findingRecord `json:"findings"`
}

type findingRecord struct {
	Code     string           `json:"code"` // the name of the rule
	Rule     string           `json:"rule"`
	Severity finding.Severity `json:"severity"`
	Message  string           `json:"message"`
	Others   []string         `json:"others,omitempty"`
	Suggest  string           `json:"suggest,omitempty"`
}

// show writes one file: as JSON in any case, as text when there is something to
// say about it.
func (r *indexRun) show(i *index.Item) error {
	record := indexRecord{
		Schema: "wheeltag.index/v1", File: i.Path, Name: i.Name, Project: i.Project, Version: i.Version, Size: i.Size,
		RequiresPython: i.RequiresPython, Offered: i.Offered, Known: i.Known, Findings: []findingRecord{},
	}
	for _, f := range i.Findings {
		rule, _ := finding.Lookup(f.Rule)
		record.Findings = append(record.Findings, findingRecord{rule.Name, f.Rule, f.Severity, f.Message, f.Others, f.Suggest})
	}
	switch finding.Judge(i.Findings, finding.Error) {
	case finding.Unknown:
		r.status = exitNoAnswer
	case finding.Fail:
		r.fail()
	}
	if r.json {
		for _, h := range i.Hashes {
			record.SHA256 = h.Digest
		}
		for _, v := range r.written.Views {
			if i.Offered && i.Fits(v.Target) {
				record.Views = append(record.Views, v.Folder)
			}
		}
		return r.writeJSON(record)
	}
	if len(i.Findings) > 0 {
		fmt.Fprintln(r.out, report.Plain(i.Path))
	}
	for at, f := range i.Findings {
		fmt.Fprintln(r.out, r.style.HangWord("  ", f.Severity.String(), 8, fmt.Sprintf("%s (%s)", f.Message, record.Findings[at].Code)))
	}
	return nil
}

// summary counts the findings.
func (r *indexRun) summary() {
	projects, count := map[string]bool{}, map[finding.Severity]int{}
	for _, i := range r.collection.Items {
		projects[i.Project] = true
		for _, f := range i.Findings {
			count[f.Severity]++
		}
	}
	delete(projects, "")
	var parts []string
	for _, severity := range []finding.Severity{finding.Error, finding.Warning, finding.Note} {
		if count[severity] > 0 {
			parts = append(parts, plural(count[severity], severity.String()))
		}
	}
	if parts == nil && len(r.collection.Items) == 0 {
		return // why there are none was said above
	}
	if parts == nil {
		parts = []string{"nothing wrong"}
	}
	r.logf("%s of %s: %s", plural(len(r.collection.Items), "file"), plural(len(projects), "project"), strings.Join(parts, ", "))
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// showSite says what was written.
func (r *indexRun) showSite() {
	if r.site == nil {
		return
	}
	known := 0
	for _, i := range r.collection.Items {
		if i.Known {
			known++
		}
	}
	text := fmt.Sprintf("%s: %s of %s; %d read, %d known from before", r.folder, plural(r.written.Files, "file"), plural(r.written.Projects, "project"), r.collection.Read, known)
	if r.written.Copied > 0 {
		text += fmt.Sprintf(", %d copied", r.written.Copied)
	}
	r.logf("%s", text)
	for _, v := range r.written.Views {
		r.logf("%s: %s for %s", filepath.Join(r.folder, v.Folder, "simple"), plural(v.Files, "file"), v.Target.Name())
	}
}
