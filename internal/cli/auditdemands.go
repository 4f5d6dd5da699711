package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

// demands answers for --require, or what the configuration requires, and --target, which
// are about native code and wheels.
func (a *auditRun) demands(r answer, project string) (*report.Audit, error) {
	record := &report.Audit{Schema: report.AuditSchema, Report: r.report}
	if r.report.Sdist {
		return record, nil
	}
	required, fromFile := a.require, len(a.require) == 0
	if fromFile {
		q, _ := a.config.For(r.report.File, project)
		required = q.Tags()
	}
	for _, tag := range required {
		q := report.Requirement{Tag: tag}
		var err error
		if q.Answer, q.Causes, err = r.report.Qualifies(tag, a.config.Policy(tag)); err != nil {
			return nil, usagef("%v", err)
		}
		if fromFile && q.Answer == manylinux.NotApplicable {
			continue // it is for other files
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
func (a *auditRun) allow(r *audit.Report, project string) []finding.Allowed {
	a.allowances.note(r, project, &a.selection)
	kept, allowed := finding.Apply(a.config.Allowances, r.Findings, project, time.Now().UTC())
	r.SetFindings(kept)
	return allowed
}

// projectOf returns the normalised name of the project that a file name belongs to, ""
// without one.
func projectOf(file string) string {
	if name, err := wheel.ParseName(file); err == nil {
		return name.NormalizedName()
	}
	if name, err := wheel.ParseSdistName(file, ""); err == nil {
		return name.Name
	}
	return ""
}

// ledger notes which allowances were of use in a run.
type ledger struct {
	allowances []finding.Allowance
	asked      []bool // there was a file that it is about
	used       []bool
}

func newLedger(allowances []finding.Allowance) *ledger {
	return &ledger{allowances, make([]bool, len(allowances)), make([]bool, len(allowances))}
}

// note takes in the findings of a file, before allowances.
func (l *ledger) note(r *audit.Report, project string, rules *finding.Selection) {
	for i := range l.allowances {
		allowance := &l.allowances[i]
		if l.used[i] || !allowance.IsAbout(project) {
			continue
		}
		if rule, _ := finding.Lookup(allowance.Rule); rules.Decide(rule, r.File, project).By != "" {
			continue
		}
		l.asked[i] = true
		l.used[i] = slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return allowance.Covers(f, project) })
	}
}

// unused says which allowances the files could have used and did not.
func (l *ledger) unused(now time.Time) []string {
	var messages []string
	for i, a := range l.allowances {
		switch {
		case !l.asked[i] || l.used[i]:
		case a.Expired(now):
			messages = append(messages, fmt.Sprintf("%s: the allowance for %s expired on %s and matched nothing; remove it", a.From, a.Rule, a.Expires.Format(time.DateOnly)))
		default:
			messages = append(messages, fmt.Sprintf("%s: the allowance for %s matched nothing in this run; remove it if it is no longer needed", a.From, a.Rule))
		}
	}
	return messages
}
