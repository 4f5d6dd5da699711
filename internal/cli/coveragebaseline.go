package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

// differenceRecord is the JSON object of a difference.
type differenceRecord struct {
	Schema     string        `json:"schema"`
	Package    string        `json:"package"`
	Version    string        `json:"version,omitempty"`
	WasVersion string        `json:"was_version,omitempty"`
	Target     string        `json:"target"`
	State      string        `json:"state"`
	Was        string        `json:"was"`
	Worse      bool          `json:"worse"`
	Reason     *reasonRecord `json:"reason,omitempty"`
}

// addBaselineTarget puts the target to compare with before the others.
func (r *coverageRun) addBaselineTarget() error {
	if r.baselineTarget == "" {
		return nil
	}
	flags := r.described
	flags.words = []string{r.baselineTarget}
	targets, err := flags.read(r.invocation)
	if err != nil {
		return err
	}
	if len(targets) != 1 {
		return usagef("--baseline-target %s means %d targets; name one", r.baselineTarget, len(targets))
	}
	r.targets = append([]coverage.Target{coverage.NewTarget(targets[0].Target)}, r.targets...)
	return nil
}

// readBaseline reads the lock file to compare with.
func (r *coverageRun) readBaseline() error {
	if r.baseline == "" {
		return nil
	}
	lock, err := lockfile.ReadFile(r.baseline)
	if err != nil {
		return usagef("--baseline: %v", err)
	}
	r.report(lock.Problems)
	r.before = lock
	return nil
}

// baselineRows answers for the lock file to compare with.
func (r *coverageRun) baselineRows() ([]coverage.Row, error) {
	if r.before == nil {
		return r.rows, nil
	}
	rows, err := coverage.Locked(r.before, r.selection, &r.pool, r.targets)
	if err != nil {
		return nil, usagef("--baseline: %v", err)
	}
	var list []coverage.Row
	for row := range rows {
		list = append(list, row)
	}
	return list, nil
}

// compare shows what is worse and what is better than the baseline. Only what is worse
// fails the run.
func (r *coverageRun) compare() error {
	before, err := r.baselineRows()
	if err != nil {
		return err
	}
	with := func(t int) int { return t }
	name := filepath.ToSlash(r.baseline)
	if r.baselineTarget != "" {
		with = func(int) int { return 0 }
		name = r.targets[0].Name()
	}
	differences := coverage.Compare(before, r.rows, len(r.targets), with, r.require == "build")
	worse := 0
	for _, d := range differences {
		if d.Worse {
			worse++
			r.fail()
		}
		if r.json {
			record := differenceRecord{
				Schema: "wheeltag.coverage-difference/v1", Package: d.Package, Version: d.Version, WasVersion: d.WasVersion,
				Target: r.targets[d.Target].Name(), State: d.Is.String(), Was: d.Was.String(), Worse: d.Worse,
			}
			if d.Reason.Code != "" {
				record.Reason = &reasonRecord{string(d.Reason.Code), d.Reason.Message, d.Reason.Need, d.Reason.Have}
			}
			if err := r.writeJSON(record); err != nil {
				return err
			}
			continue
		}
		r.showDifference(&d)
	}
	r.logf("compared with %s: %d worse, %d better", name, worse, len(differences)-worse)
	return nil
}

func (r *coverageRun) showDifference(d *coverage.Difference) {
	word := "better"
	if d.Worse {
		word = "worse"
	}
	version := d.Version
	if d.WasVersion != d.Version && d.WasVersion != "" && d.Version != "" {
		version = d.WasVersion + " -> " + d.Version
	}
	title := strings.TrimSpace(d.Package + " " + version)
	fmt.Fprintln(r.out, r.style.Hang(fmt.Sprintf("%-6s  ", word), fmt.Sprintf("%s on %s: %s -> %s", title, r.targets[d.Target].Name(), d.Was, d.Is)))
	if d.Worse && d.Reason.Code != "" {
		fmt.Fprintln(r.out, r.style.Wrap(report.Plain(fmt.Sprintf("%s (%s)", d.Reason.Message, d.Reason.Code)), "        "))
	}
}
