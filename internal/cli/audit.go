package cli

import (
	"cmp"
	"context"
	"iter"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/cache"
	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/internal/ordered"
	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
)

func auditCommand() *command {
	var strict, verify, stats bool
	var jobs, memory, cacheSize int
	var cacheDir string
	var require []string
	var described targetFlags
	var policyFile string
	return &command{
		name: "audit", summary: "what machine code in wheels needs, against what they claim", usage: "PATH...",
		about: "Reads the machine code in each wheel and holds it against the platform tags of the file name. A PATH is a wheel, a directory of wheels, a bare ELF file, the http address of a wheel, or - for paths on standard input. Of a wheel behind an address only the parts that count are fetched, and files whose names say that they are text are passed over. Nothing is run or unpacked to disk, and any host will do for any machine.\n\nThe audit fails for findings of severity error; 'wheeltag rules' explains them. With --require it also fails for wheels that cannot carry a tag, with --target for wheels whose machine code would not load there.",
		examples: []example{
			{line: "audit wheels", says: "every wheel below a directory"},
			{line: "audit wheels-bad/toonew-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", says: "a wheel that claims too much", exit: exitNo},
			{line: "audit --require manylinux_2_28 --target debian:11/arm64 wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl", says: "two demands of one's own"},
			{line: "audit --format json elf/ext-aarch64-gnu2.28.so", says: "what one ELF file needs, as data"},
		},
		flags: func(f *pflag.FlagSet) {
			f.BoolVar(&strict, "strict", false, "let warnings fail the audit as well")
			f.StringArrayVar(&require, "require", nil, "fail wheels that cannot carry `TAG`, such as manylinux_2_28, whatever they claim")
			described.add(f)
			f.StringVar(&policyFile, "policy-file", "", "policies of your own for --require, and allowances, from a TOML `FILE`")
			f.IntVar(&jobs, "jobs", runtime.GOMAXPROCS(0), "unpack `N` files at the same time")
			f.IntVar(&memory, "memory", 0, "keep about `MIB` of unpacked files in memory, all jobs together (default 8 a job)")
			f.StringVar(&cacheDir, "cache", "", "keep results in `DIR`, so that unchanged wheels are not read again")
			f.IntVar(&cacheSize, "cache-size", 256, "let the cache grow to `MIB`")
			f.BoolVar(&verify, "verify", false, "unpack every file and hold it against its checksum and RECORD")
			f.BoolVar(&stats, "stats", false, "say on standard error how much was unpacked, and why")
		},
		run: func(c *call) error {
			if len(c.args) == 0 {
				return usagef("name a wheel, a directory of wheels or an ELF file, as in 'wheeltag audit dist'")
			}
			if jobs < 1 || memory < 0 || cacheSize < 0 {
				return usagef("--jobs must be 1 or more, --memory and --cache-size 0 or more")
			}
			// What is unpacked is bounded; this keeps the garbage of the tables
			// from doubling it.
			debug.SetMemoryLimit(int64(32+jobs*12+memory) << 20)
			debug.SetGCPercent(400)
			auditor := audit.New(audit.Options{Jobs: jobs, Memory: int64(memory) << 20, Verify: verify})
			a := auditRun{call: c, auditor: auditor, jobs: jobs, strict: strict, require: require, policies: &config.File{}}
			if cacheDir != "" {
				var err error
				if a.cache, err = openCache(cacheDir, int64(cacheSize)<<20, verify); err != nil {
					a.warnCache(err)
				}
			}
			if policyFile != "" {
				var err error
				if a.policies, err = readPolicyFile(policyFile); err != nil {
					return usagef("%v", err)
				}
			}
			for _, tag := range require {
				if a.policies.Policy(tag) == nil {
					if err := manylinux.CheckTag(tag); err != nil {
						return usagef("--require: %v", err)
					}
				}
			}
			var err error
			if a.targets, err = described.readAny(c); err != nil {
				return err
			}
			err = a.all()
			if stats {
				a.sayStats()
			}
			return err
		},
	}
}

// auditRun is one run of audit.
type auditRun struct {
	*call
	auditor  *audit.Auditor
	handler  report.Handler
	cache    *cache.Cache // nil without --cache
	jobs     int
	strict   bool
	require  []string
	targets  []target
	policies *config.File // never nil in use; empty without --policy-file
	read     wheel.ScanStats
}

// answer is the result for one path.
type answer struct {
	in      input
	subject *audit.Subject // nil when the report was kept from an earlier run, or came from a URL
	report  *audit.Report
	err     error
}

// all audits the inputs, several at a time, and reports them in order.
func (a *auditRun) all() error {
	var err error
	if a.handler, err = a.newHandler(); err != nil {
		return err
	}
	a.shared = true
	ctx, stop := context.WithCancel(a.ctx)
	defer stop()
	work := func(ctx context.Context, r answer) answer {
		if r.err == nil {
			r = a.one(ctx, r.in)
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
	err = a.reportAll(ctx, answers)
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
		for in, err := range a.inputs(false) {
			if !yield(answer{in: in, err: err}) {
				return
			}
		}
	}
}

// one audits a file, or finds the result of an earlier run. Only a real root needs
// more than a kept report has: the files themselves.
func (a *auditRun) one(ctx context.Context, in input) answer {
	r := answer{in: in}
	path := in.path
	inRoot := slices.ContainsFunc(a.targets, func(t target) bool { return t.System != nil })
	switch {
	case in.url:
		r.report, r.err = auditURL(ctx, path)
	case a.cache != nil && strings.HasSuffix(path, ".whl") && !inRoot:
		r.report, r.err = cache.File(ctx, a.cache, path, func() (*audit.Report, error) { return a.auditor.File(ctx, path) })
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
				return cmp.Or(ctx.Err(), a.handler.Close())
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
		return a.handler.Problem(problemOf(report.AuditSchema, r.in, explainPath("audit", r.in.path, r.err)))
	}
	if r.report.Read != nil {
		a.read.Add(*r.report.Read)
	}
	allowed := a.allow(r.report)
	record, err := a.demands(r)
	if err != nil {
		return err
	}
	record.Allowed = allowed
	// The verdict is the run's: a wheel without an error may still fail a
	// demand or, if strict, for a warning.
	switch {
	case record.Verdict == finding.Unknown:
		a.status = exitNoAnswer
	case record.Fails(a.strict) || !record.Met():
		record.Report.Verdict = finding.Fail
		a.no()
	}
	return a.handler.Audit(record)
}

// sayStats says how much was unpacked.
func (a *auditRun) sayStats() {
	const mib = 1 << 20
	a.say("unpacked %.1f MiB from %.1f MiB of archives; %.1f MiB of machine code were never needed, %d files were unpacked twice for their tables",
		float64(a.read.Unpacked)/mib, float64(a.read.Packed)/mib, float64(a.read.Skipped)/mib, a.read.Again)
}
