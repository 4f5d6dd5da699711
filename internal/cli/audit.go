package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/wheeltag/wheeltag/internal/cache"
	"github.com/wheeltag/wheeltag/internal/config"
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
			a := auditRun{call: c, auditor: auditor, stats: stats, strict: strict, require: require, policies: &config.File{}, count: map[finding.Verdict]int{}}
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
			return a.all(jobs)
		},
	}
}

// auditRun is one run of audit.
type auditRun struct {
	*call
	auditor  *audit.Auditor
	cache    *cache.Cache // nil without --cache
	stats    bool
	read     wheel.ScanStats
	strict   bool
	require  []string
	targets  []target
	policies *config.File // never nil in use; empty without --policy-file
	files    int
	count    map[finding.Verdict]int
}

// answer is the result for one path.
type answer struct {
	in      input
	subject *audit.Subject // nil when the report was kept from an earlier run, or came from afar
	report  *audit.Report
	err     error
}

// all audits the inputs, several at a time, and shows them in order.
func (a *auditRun) all(jobs int) error {
	line := &progressLine{w: a.call.err}
	a.call.err = line.over(a.call.err)
	a.out.Reset(line.over(a.streams.out))
	a.shared = true
	stoppable, stop := context.WithCancel(a.ctx)
	defer stop()
	group, ctx := errgroup.WithContext(stoppable)
	group.SetLimit(jobs + 1) // one of them finds the inputs
	// Each slot is filled by its worker and read in turn.
	slots := make(chan chan answer, 2*jobs)
	group.Go(func() error {
		defer close(slots)
		for in, err := range a.inputs(false) {
			slot := make(chan answer, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return ctx.Err()
			}
			if err != nil {
				slot <- answer{in: in, err: err}
				continue
			}
			group.Go(func() error {
				slot <- a.one(ctx, in)
				return nil
			})
		}
		return nil
	})
	showErr := a.showAll(ctx, slots, line)
	if showErr != nil {
		stop() // nobody reads the slots any more
	}
	err := group.Wait()
	if a.cache != nil {
		if err := a.cache.Close(); err != nil {
			a.warnCache(err)
		}
	}
	return cmp.Or(showErr, err)
}

// one audits a file, or finds the result of an earlier run. Demands need more
// than a kept result has, so that they always read the wheel.
func (a *auditRun) one(ctx context.Context, in input) answer {
	r := answer{in: in}
	path := in.path
	switch {
	case in.url:
		r.report, r.err = auditURL(ctx, path)
	case a.cache != nil && strings.HasSuffix(path, ".whl") && len(a.require)+len(a.targets) == 0:
		r.report, r.err = cache.File(ctx, a.cache, path, func() (*audit.Report, error) { return a.auditor.File(ctx, path) })
	default:
		if r.subject, r.err = a.auditor.Open(ctx, path); r.err == nil {
			r.report = r.subject.Report()
		}
		if len(a.targets) == 0 {
			r.subject = nil // its tables are not needed any more
		}
	}
	return r
}

// showAll shows the answers in turn. While the next one is not ready, those there
// are become visible, and a terminal gets a line that says how far the work is.
func (a *auditRun) showAll(ctx context.Context, slots <-chan chan answer, line *progressLine) error {
	started, last := time.Now(), ""
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	defer line.hide()
	var slot chan answer
	for {
		next := slots
		if slot != nil {
			next = nil
		}
		select {
		case s, ok := <-next:
			if !ok {
				a.summary()
				return nil
			}
			slot = s
		case r := <-slot:
			slot = nil
			if err := a.show(r); err != nil {
				return err
			}
			last = filepath.Base(r.in.name)
		case <-tick.C:
			a.out.Flush()
			if a.progress && time.Since(started) > progressAfter && a.files > 0 {
				line.draw(fmt.Sprintf("%d audited, the last %s", a.files, last))
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (a *auditRun) show(r answer) error {
	if r.err != nil {
		return a.refuse("audit", r.in, explainPath("audit", r.in.path, r.err))
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
	outcome := r.report.Verdict
	switch {
	case outcome == finding.Unknown:
		a.status = exitNoAnswer
	case r.report.Fails(a.strict) || record.fails():
		outcome = finding.Fail
		a.no()
	}
	a.files++
	a.count[outcome]++
	if a.json {
		return a.writeJSON(record)
	}
	a.print(r.report, outcome)
	a.printDemands(record)
	return nil
}
