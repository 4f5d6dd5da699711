package report

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// StatisticsSchema is that of the one object of an audit with statistics.
const StatisticsSchema = "wheeltag.statistics/v1"

// Statistics counts the results of an audit.
type Statistics struct {
	Schema  string `json:"schema"`
	Files   int    `json:"files"`
	Pass    int    `json:"pass"`
	Fail    int    `json:"fail"`
	Unknown int    `json:"unknown"`
	// Rules has those with findings, the most frequent first.
	Rules    []RuleCount        `json:"rules"`
	Unmet    []DemandCount      `json:"unmet,omitempty"`
	Silenced []finding.Silenced `json:"silenced,omitempty"`
	Allowed  int                `json:"allowed,omitempty"` // findings
}

// RuleCount counts the findings of a rule with one severity.
type RuleCount struct {
	Rule         string           `json:"rule"`
	Name         string           `json:"name"`
	Severity     finding.Severity `json:"severity"`
	RuleSeverity finding.Severity `json:"rule_severity"`
	Findings     int              `json:"findings"`
	Files        int              `json:"files"`
}

// DemandCount counts the files that do not meet a demand of the run.
type DemandCount struct {
	Demand string `json:"demand"` // a tag or a target
	Files  int    `json:"files"`
}

// statistics counts findings in place of showing them.
type statistics struct {
	Config
	Statistics
	json     bool
	out      *bufio.Writer
	messages io.Writer
}

// NewStatistics returns a handler that counts the results of an audit, as text or JSON.
func NewStatistics(format string, out, messages io.Writer, c Config) (Handler, error) {
	if format != "text" && format != "json" {
		return nil, fmt.Errorf("counts have no form as %s; use text or json", format)
	}
	return &statistics{
		Config: c, json: format == "json", out: bufio.NewWriter(out), messages: messages,
		Statistics: Statistics{Schema: StatisticsSchema, Rules: []RuleCount{}},
	}, nil
}

// Report counts one result.
func (s *statistics) Report(r Record) error {
	if r, ok := r.(*Release); ok {
		for _, f := range r.Findings {
			s.Rules[s.row(f)].Findings++ // of no file
		}
		return nil
	}
	a, ok := r.(*Audit)
	if !ok {
		return unsupported("a count", r)
	}
	s.count(a.Verdict)
	seen := map[int]bool{} // of Rules, in this file
	for _, f := range a.Findings {
		i := s.row(f)
		s.Rules[i].Findings++
		if !seen[i] {
			seen[i] = true
			s.Rules[i].Files++
		}
	}
	for _, q := range a.Required {
		if q.Answer == manylinux.No {
			s.unmet(q.Tag)
		}
	}
	for _, t := range a.Targets {
		if t.Loads == loads.No || t.Refusal != "" {
			s.unmet(t.Release)
		}
	}
	for _, one := range a.Silenced {
		i := slices.IndexFunc(s.Silenced, func(o finding.Silenced) bool { return o.Rule == one.Rule && o.By == one.By })
		if i < 0 {
			s.Silenced = append(s.Silenced, one)
			continue
		}
		s.Silenced[i].Count += one.Count
	}
	s.Allowed += len(a.Allowed)
	return nil
}

func (s *statistics) count(v finding.Verdict) {
	s.Files++
	switch v {
	case finding.Pass:
		s.Pass++
	case finding.Fail:
		s.Fail++
	default:
		s.Unknown++
	}
}

// row returns the place of the row for findings like f.
func (s *statistics) row(f finding.Finding) int {
	i := slices.IndexFunc(s.Rules, func(c RuleCount) bool { return c.Rule == f.Rule && c.Severity == f.Severity })
	if i < 0 {
		rule, _ := finding.Lookup(f.Rule)
		s.Rules = append(s.Rules, RuleCount{Rule: f.Rule, Name: rule.Name, Severity: f.Severity, RuleSeverity: rule.Severity})
		i = len(s.Rules) - 1
	}
	return i
}

func (s *statistics) unmet(demand string) {
	i := slices.IndexFunc(s.Unmet, func(d DemandCount) bool { return d.Demand == demand })
	if i < 0 {
		s.Unmet = append(s.Unmet, DemandCount{Demand: demand})
		i = len(s.Unmet) - 1
	}
	s.Unmet[i].Files++
}

// Problem counts an input without an answer, and says why there is none.
func (s *statistics) Problem(p *Problem) error {
	s.count(finding.Unknown)
	return sayProblem(s.out, s.messages, p)
}

func (s *statistics) Progress(Progress) error { return nil }

// Close writes the counts.
func (s *statistics) Close() error {
	slices.SortStableFunc(s.Rules, func(a, b RuleCount) int {
		return cmp.Or(cmp.Compare(b.Findings, a.Findings), cmp.Compare(a.Rule, b.Rule), cmp.Compare(b.Severity, a.Severity))
	})
	if s.json {
		e := json.NewEncoder(s.out)
		e.SetEscapeHTML(false)
		if err := e.Encode(s.Statistics); err != nil {
			return err
		}
		return s.out.Flush()
	}
	s.write()
	if err := s.out.Flush(); err != nil || s.Quiet {
		return err
	}
	_, err := fmt.Fprintln(s.messages, "wheeltag: "+summary(s.Files, s.Pass, s.Fail, s.Unknown))
	return err
}

// write writes a line for each rule, demand and entry that silenced something.
func (s *statistics) write() {
	for _, c := range s.Rules {
		rule, _ := finding.Lookup(c.Rule)
		fmt.Fprintln(s.out, s.HangWord(fmt.Sprintf("%6d %s ", c.Findings, c.Rule), c.Severity.String(), len(column), rule.Title))
	}
	for _, d := range s.Unmet {
		fmt.Fprintln(s.out, s.Hang(fmt.Sprintf("%6d ", d.Files), "files do not meet the demand for "+d.Demand))
	}
	for _, one := range s.Silenced {
		fmt.Fprintln(s.out, s.Hang(fmt.Sprintf("%6d %s ", one.Count, one.Rule), "silenced by "+one.By))
	}
	if s.Allowed > 0 {
		fmt.Fprintln(s.out, s.Hang(fmt.Sprintf("%6d ", s.Allowed), "allowed by the configuration"))
	}
}

// summary counts verdicts in a phrase.
func summary(files, pass, fail, unknown int) string {
	text := fmt.Sprintf("%d files: %d pass, %d fail", files, pass, fail)
	if files == 1 {
		text = fmt.Sprintf("1 file: %d pass, %d fail", pass, fail)
	}
	if unknown > 0 {
		text += fmt.Sprintf(", %d unknown", unknown)
	}
	return text
}
