package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/retag"
)

// repair writes a repaired copy of a wheel for --fix and audits that in its place. A wheel
// without anything to repair stays as it is.
func (a *auditRun) repair(ctx context.Context, r answer) answer {
	if r.in.url || !strings.HasSuffix(r.in.path, ".whl") {
		return r
	}
	o := retag.Repairs(r.report)
	o.Audit, o.Allowances, o.Modified = a.options(), a.config.Allowances, a.modified
	// Whether there is something to repair is known before anything is written.
	dry := o
	dry.DryRun = true
	out, err := retag.File(ctx, r.in.path, a.fix, dry)
	if err == nil && !retag.Repaired(out.Changes) {
		return r
	}
	if err == nil {
		out, err = retag.File(ctx, r.in.path, a.fix, o)
	}
	var refusal *retag.Refusal
	switch {
	case errors.As(err, &refusal):
		if refusal.Code != retag.CodeAudit || retag.Repaired(refusal.Changes) {
			r.fixed = &report.Fixed{Changes: append([]retag.Change{}, refusal.Changes...), Refused: refusal.Err.Error()}
		}
	case err != nil:
		r.err = err
	default:
		fixed := &report.Fixed{Source: r.in.name, Changes: out.Changes}
		r = a.auditFile(ctx, input{name: out.Filename, path: out.Path})
		r.fixed = fixed
	}
	return r
}
