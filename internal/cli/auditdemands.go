package cli

import (
	"time"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// demands answers for --require and --target, which are about native code and wheels.
func (a *auditRun) demands(r answer) (*report.Audit, error) {
	record := &report.Audit{Schema: report.AuditSchema, Report: r.report}
	if r.report.Sdist {
		return record, nil
	}
	for _, tag := range a.require {
		q := report.Requirement{Tag: tag}
		var err error
		if q.Answer, q.Causes, err = r.report.Qualifies(tag, a.config.Policy(tag)); err != nil {
			return nil, usagef("%v", err)
		}
		q.Carries = q.Answer == manylinux.Yes
		record.Required = append(record.Required, q)
	}
	for _, t := range a.targets {
		record.Targets = append(record.Targets, report.Target{Result: loadsOn(t, r.report, r.subject), Refusal: refusalOn(t, r)})
	}
	return record, nil
}

// refusalOn says why no installer takes a wheel on a target, as compat does, "" if one
// does or if the file is not a wheel.
func refusalOn(t target, r answer) string {
	name, err := wheel.ParseName(r.report.File)
	if err != nil {
		return ""
	}
	requires := ""
	if !r.in.url {
		// METADATA that cannot be read is a finding of its own.
		requires, _ = requiresPython(r.in.path)
	}
	if reason := wheel.Fit(t.Target, &name, requires); reason != nil {
		return reason.String()
	}
	return ""
}

// allow takes out what the configuration allows.
func (a *auditRun) allow(r *audit.Report) []finding.Allowed {
	project := ""
	if name, err := wheel.ParseName(r.File); err == nil {
		project = name.NormalizedName()
	} else if name, err := wheel.ParseSdistName(r.File, ""); err == nil {
		project = name.Name
	}
	kept, allowed := finding.Apply(a.config.Allowances, r.Findings, project, time.Now().UTC())
	r.SetFindings(kept)
	return allowed
}
