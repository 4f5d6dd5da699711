package cli

import (
	"os"
	"slices"
	"time"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/loads"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// auditRecord is the JSON object of audit.
type auditRecord struct {
	Schema string `json:"schema"`
	*audit.Report
	Allowed  []finding.Allowed `json:"allowed,omitempty"`
	Required []requirement     `json:"required,omitempty"`
	Targets  []loads.Result    `json:"targets,omitempty"`
}

// requirement is the answer for one --require.
type requirement struct {
	Tag     string             `json:"tag"`
	Carries bool               `json:"carries"`
	Causes  []manylinux.Demand `json:"causes,omitempty"`
}

// demands answers for --require and --target.
func (a *auditRun) demands(r answer) (record auditRecord, err error) {
	record = auditRecord{Schema: "wheeltag.audit/v1", Report: r.report}
	for _, tag := range a.require {
		q := requirement{Tag: tag}
		if q.Carries, q.Causes, err = r.report.Qualifies(tag, a.policies.Policy(tag)); err != nil {
			return record, usagef("%v", err)
		}
		record.Required = append(record.Required, q)
	}
	for _, t := range a.targets {
		record.Targets = append(record.Targets, t.loads(r.report, r.subject))
	}
	return record, nil
}

// fails reports whether a demand is not met.
func (r *auditRecord) fails() bool {
	return slices.ContainsFunc(r.Required, func(q requirement) bool { return !q.Carries }) ||
		slices.ContainsFunc(r.Targets, func(t loads.Result) bool { return t.Loads == loads.No })
}

func readPolicyFile(path string) (*config.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return config.Read(f, path)
}

// allow takes out what the policy file allows.
func (a *auditRun) allow(r *audit.Report) []finding.Allowed {
	project := ""
	if name, err := wheel.ParseName(r.File); err == nil {
		project = name.NormalizedName()
	}
	kept, allowed := finding.Apply(a.policies.Allowances, r.Findings, project, time.Now().UTC())
	r.SetFindings(kept)
	return allowed
}
