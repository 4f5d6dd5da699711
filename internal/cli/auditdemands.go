package cli

import (
	"os"
	"slices"
	"time"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/policyfile"
	"github.com/wheeltag/wheeltag/wheel"
)

// auditRecord is the JSON object of audit.
type auditRecord struct {
	Schema string `json:"schema"`
	*manylinux.Report
	Allowed  []policyfile.Allowed      `json:"allowed,omitempty"`
	Required []requirement             `json:"required,omitempty"`
	Targets  []manylinux.ReleaseAnswer `json:"targets,omitempty"`
}

// requirement is the answer for one --require.
type requirement struct {
	Tag     string            `json:"tag"`
	Carries bool              `json:"carries"`
	Causes  []manylinux.Cause `json:"causes,omitempty"`
}

// demands answers for --require and --target.
func (a *auditRun) demands(r *manylinux.Report) (record auditRecord, err error) {
	record = auditRecord{Schema: "wheeltag.audit/v1", Report: r}
	for _, tag := range a.require {
		q := requirement{Tag: tag}
		if q.Carries, q.Causes, err = a.carries(r, tag); err != nil {
			return record, usagef("%v", err)
		}
		record.Required = append(record.Required, q)
	}
	for _, t := range a.targets {
		record.Targets = append(record.Targets, t.loads(r))
	}
	return record, nil
}

// fails reports whether a demand is not met.
func (r *auditRecord) fails() bool {
	return slices.ContainsFunc(r.Required, func(q requirement) bool { return !q.Carries }) ||
		slices.ContainsFunc(r.Targets, func(t manylinux.ReleaseAnswer) bool { return t.Loads == manylinux.LoadsNo })
}

// carries asks about a known policy, or one of the policy file.
func (a *auditRun) carries(r *manylinux.Report, tag string) (bool, []manylinux.Cause, error) {
	policy, own := a.policies.Policy(tag)
	if !own {
		return r.Carries(tag)
	}
	carries, causes, err := r.Carries(policy.Base)
	left := slices.DeleteFunc(slices.Clone(causes), policy.Allows)
	return carries || len(causes) > 0 && len(left) == 0, left, err
}

func readPolicyFile(path string) (*policyfile.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return policyfile.Read(f, path)
}

// allow takes out what the policy file allows.
func (a *auditRun) allow(r *manylinux.Report) []policyfile.Allowed {
	project := ""
	if name, err := wheel.ParseName(r.File); err == nil {
		project = name.NormalizedName()
	}
	kept, allowed := a.policies.Apply(r.Findings, project, time.Now().UTC())
	r.Keep(kept)
	return allowed
}
