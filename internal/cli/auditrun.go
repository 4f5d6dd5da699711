package cli

import (
	"cmp"
	"context"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wheeltag/wheeltag/internal/cache"
	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/internal/ordered"
	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/internal/unzip"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/release"
)

// auditRun is one run of audit.
type auditRun struct {
	*invocation
	*auditOptions
	auditor *audit.Auditor
	handler report.Handler
	cache   *cache.Cache // nil without --cache
	targets []target
	config  *config.Config

	releases   *release.Set      // nil unless the files of releases are compared
	selection  finding.Selection // with that of the configuration
	failing    finding.Severity  // from which on findings fail a file; 0 leaves it to the configuration
	allowances *ledger
	failed     int // files with the verdict fail
	read       unzip.Stats
	neighbours []string // the wheels of --with-deps
}

// answer is the result for one path.
type answer struct {
	in      input
	subject *audit.Subject // nil when the report was kept from an earlier run, or came from a URL
	report  *audit.Report
	err     error
	fixed   *report.Fixed // with --fix, what was repaired
}

// run audits the inputs, several at a time, and reports them in order.
func (a *auditRun) run() error {
	a.shared = true
	ctx, stop := context.WithCancel(a.ctx)
	defer stop()
	work := func(ctx context.Context, r answer) answer {
		if r.err == nil {
			r = a.auditOne(ctx, r.in)
		}
		return r
	}
	answers := make(chan answer)
	var group sync.WaitGroup
	group.Go(func() {
		defer close(answers)
		for r := range ordered.Map(ctx, a.jobs, a.subjects(), work) {
			select {
			case answers <- r:
			case <-ctx.Done():
				return
			}
		}
	})
	err := a.reportAll(ctx, answers)
	stop() // nobody reads the answers any more
	group.Wait()
	if a.cache != nil {
		if err := a.cache.Close(); err != nil {
			a.warnCache(err)
		}
	}
	return err
}

// subjects yields the inputs, and those that cannot be found as answers already.
func (a *auditRun) subjects() iter.Seq[answer] {
	return func(yield func(answer) bool) {
		for in, err := range a.inputs(acceptSdists) {
			if !yield(answer{in: in, err: err}) {
				return
			}
		}
	}
}

// options are what wheels are audited with.
func (a *auditRun) options() audit.Options {
	return audit.Options{
		Jobs: a.jobs, Memory: int64(a.memory) << 20, Verify: a.verify, Selection: a.selection,
		Exclude: a.elsewhere.exclude, LibraryPath: a.elsewhere.directories(), Neighbours: a.neighbours, Exports: a.together.baseline != "",
	}
}

// auditOne audits a file, and with --fix the repaired copy of one that needs it.
func (a *auditRun) auditOne(ctx context.Context, in input) answer {
	r := a.auditFile(ctx, in)
	if r.err == nil && a.fix != "" {
		r = a.repair(ctx, r)
	}
	return r
}

// auditFile audits a file, or finds the result of an earlier run. Only a real root needs
// more than a kept report has: the files themselves.
func (a *auditRun) auditFile(ctx context.Context, in input) answer {
	r := answer{in: in}
	path := in.path
	inRoot := slices.ContainsFunc(a.targets, func(t target) bool { return t.System != nil })
	switch {
	case in.url:
		r.report, r.err = auditURL(ctx, path, a.timeout, a.options())
	case a.cache != nil && strings.HasSuffix(path, ".whl") && !inRoot:
		r.report, r.err = a.cachedReport(ctx, path)
	default:
		if r.subject, r.err = a.auditor.Open(ctx, path); r.err == nil {
			r.report = r.subject.Report()
		}
		if !inRoot {
			r.subject = nil // its tables are not needed any more
		}
	}
	return r
}

// reportAll reports the answers in turn. While the next one is not ready, those
// there are become visible.
func (a *auditRun) reportAll(ctx context.Context, answers <-chan answer) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var progress report.Progress
	for {
		select {
		case r, ok := <-answers:
			if !ok {
				return cmp.Or(ctx.Err(), a.reportReleases(), a.handler.Close())
			}
			if err := a.reportOne(r); err != nil {
				return cmp.Or(err, a.handler.Close())
			}
			progress = report.Progress{Done: progress.Done + 1, Last: filepath.Base(r.in.name)}
		case <-tick.C:
			if err := a.handler.Progress(progress); err != nil {
				return err
			}
		case <-ctx.Done():
			return cmp.Or(ctx.Err(), a.handler.Close())
		}
	}
}

func (a *auditRun) reportOne(r answer) error {
	if r.err != nil {
		a.status = exitNoAnswer
		return a.handler.Problem(problemOf(report.AuditSchema, r.in, explainInput("audit", r.in, r.err)))
	}
	if r.report.Read != nil {
		a.read.Add(*r.report.Read)
	}
	file, project := r.report.File, projectOf(r.report.File)
	record, err := a.demands(r, project)
	if err != nil {
		return err
	}
	record.Fixed = r.fixed
	record.Allowed, record.Path = a.allow(r.report, project), reportPath(r.in)
	// The verdict is the run's: a wheel without an error may still fail a
	// demand or, if strict, for a warning.
	failing := a.failing
	if failing == 0 {
		_, failing = a.config.For(file, project)
	}
	record.Report.Verdict = finding.Judge(record.Findings, failing)
	if record.Verdict == finding.Pass && !record.Met() {
		record.Report.Verdict = finding.Fail
	}
	switch record.Verdict {
	case finding.Unknown:
		a.status = exitNoAnswer
	case finding.Fail:
		a.failed++
		a.fail()
	}
	if a.releases != nil {
		a.releases.Add(record.Report)
	}
	return a.handler.Report(record)
}

// open makes the handler for the results.
func (a *auditRun) open() (err error) {
	if !a.output.statistics {
		a.handler, err = a.auditHandler(a.at)
		return err
	}
	if a.handler, err = report.NewStatistics(a.format, a.streams.out, a.err, report.Config{Style: a.style, Quiet: a.quiet}); err != nil {
		return usagef("--statistics: %v", err)
	}
	return nil
}

// conclude says at the end of a run what concerns all of it, and settles its status.
func (a *auditRun) conclude() {
	if !a.quiet {
		for _, message := range a.allowances.unused(time.Now().UTC()) {
			a.logf("%s", message)
		}
	}
	if a.output.exitZero && a.status == exitNo {
		a.status = exitYes
		if !a.quiet {
			a.logf("files that fail: %d; the exit status is 0 because of %s", a.failed, a.output.exitZeroBy)
		}
	}
}

// sayStats says how much was unpacked.
func (a *auditRun) sayStats() {
	const mib = 1 << 20
	a.logf("decompressed %.1f MiB from %.1f MiB of archives; skipped %.1f MiB of native code, decompressed %d files twice for their tables",
		float64(a.read.Unpacked)/mib, float64(a.read.Packed)/mib, float64(a.read.Skipped)/mib, a.read.Again)
}
