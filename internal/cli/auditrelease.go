package cli

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/release"
)

// releaseFlags ask for the files of releases to be compared.
type releaseFlags struct {
	release  bool
	baseline string
}

func (o *releaseFlags) add(f *pflag.FlagSet) {
	f.BoolVar(&o.release, "release", false, "also compare the files of each release with each other")
	f.StringVar(&o.baseline, "baseline", "", "compare each release with the newest earlier one in `DIR|PAGE`, a directory of wheels or a file with the page of an index; implies --release")
}

// newReleases makes the set that takes all reports, with the earlier releases; nil if
// nothing asks for it.
func (a *auditRun) newReleases() (*release.Set, error) {
	if !a.together.release && a.together.baseline == "" {
		return nil, nil
	}
	s := release.NewSet()
	if a.together.baseline == "" {
		return s, nil
	}
	info, err := os.Stat(a.together.baseline)
	switch {
	case err != nil:
		return nil, usagef("--baseline: %v", err)
	case info.IsDir():
		err = a.readBaseline(s)
	default:
		err = readBaselinePage(s, a.together.baseline)
	}
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	return s, nil
}

// readBaseline audits the wheels below a directory.
func (a *auditRun) readBaseline(s *release.Set) error {
	paths, err := wheelsBelow(a.together.baseline)
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return fmt.Errorf("no *.whl files in %s", a.together.baseline)
	}
	auditor := audit.New(audit.Options{Jobs: a.jobs, Memory: int64(a.memory) << 20, Exports: true})
	for r, err := range auditor.Files(a.ctx, slices.Values(paths)) {
		if err != nil {
			return err
		}
		s.AddBaseline(r)
	}
	return a.ctx.Err()
}

// readBaselinePage reads file names and sizes from a page.
func readBaselinePage(s *release.Set, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	some := false
	for file, err := range index.ReadPage(f, name) {
		if err != nil {
			return err
		}
		if !file.Yanked {
			some = true
			s.AddBaselineName(file.Name, file.Size)
		}
	}
	if !some {
		return fmt.Errorf("no files in %s", name)
	}
	return nil
}

// reportReleases reports what is to be said of releases.
func (a *auditRun) reportReleases() error {
	if a.releases == nil {
		return nil
	}
	failing := func(project string) finding.Severity {
		if a.failing != 0 {
			return a.failing
		}
		_, severity := a.config.For("", project)
		return severity
	}
	decide := func(rule finding.Rule, project string) (finding.Severity, bool) {
		d := a.selection.Decide(rule, "", project)
		return d.Severity, d.By == ""
	}
	for _, r := range a.releases.Releases(failing, decide) {
		if r.Verdict == finding.Fail {
			a.fail()
		}
		if err := a.handler.Report(&report.Release{Schema: report.ReleaseSchema, Release: r}); err != nil {
			return err
		}
	}
	return nil
}
