package report

import (
	"fmt"

	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// IndexSchema is that of one file of an index.
const IndexSchema = "wheeltag.index/v1"

// Index is one file of an index and what is wrong with it.
type Index struct {
	Schema         string         `json:"schema"`
	File           string         `json:"file"`
	Name           string         `json:"name"`
	Project        string         `json:"project,omitempty"`
	Version        string         `json:"version,omitempty"`
	Size           int64          `json:"size"`
	SHA256         string         `json:"sha256,omitempty"`
	RequiresPython string         `json:"requires_python,omitempty"`
	Offered        bool           `json:"offered"`
	Known          bool           `json:"known"`
	Views          []string       `json:"views,omitempty"`
	Findings       []IndexFinding `json:"findings"`
}

// IndexFinding is a finding with the name of its rule.
type IndexFinding struct {
	Code     string           `json:"code"` // the name of the rule
	Rule     string           `json:"rule"`
	Severity finding.Severity `json:"severity"`
	Message  string           `json:"message"`
	Others   []string         `json:"others,omitempty"`
	Suggest  string           `json:"suggest,omitempty"`
}

// NewIndex returns the record of a file. views are the directories of the site that
// list it.
func NewIndex(i *index.Item, views []string) *Index {
	r := &Index{
		Schema: IndexSchema, File: i.Path, Name: i.Name, Project: i.Project, Version: i.Version, Size: i.Size,
		RequiresPython: i.RequiresPython, Offered: i.Offered, Known: i.Known, Views: views, Findings: []IndexFinding{},
	}
	for _, h := range i.Hashes {
		r.SHA256 = h.Digest
	}
	for _, f := range i.Findings {
		rule, _ := finding.Lookup(f.Rule)
		r.Findings = append(r.Findings, IndexFinding{rule.Name, f.Rule, f.Severity, f.Message, f.Others, f.Suggest})
	}
	return r
}

// index writes a file when there is something to say about it.
func (t *text) index(i *Index) {
	if len(i.Findings) > 0 {
		fmt.Fprintln(t.out, Plain(i.File))
	}
	for _, f := range i.Findings {
		fmt.Fprintln(t.out, t.HangWord("  ", f.Severity.String(), len(column), fmt.Sprintf("%s (%s)", f.Message, f.Code)))
	}
}
