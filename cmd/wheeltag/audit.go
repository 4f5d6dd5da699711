package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/wheeltag/wheeltag/manylinux"
	"github.com/wheeltag/wheeltag/manylinux/policyfile"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/remote"
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
			auditor := manylinux.NewAuditor(manylinux.Options{Jobs: jobs, Memory: int64(memory) << 20, Verify: verify})
			a := auditRun{call: c, auditor: auditor, stats: stats, strict: strict, require: require, policies: &policyfile.File{}, count: map[manylinux.Verdict]int{}}
			if cacheDir != "" {
				var err error
				if a.cache, err = openCache(cacheDir, int64(cacheSize)<<20, verify); err != nil {
					return usagef("--cache: %v", err)
				}
			}
			if policyFile != "" {
				var err error
				if a.policies, err = readPolicyFile(policyFile); err != nil {
					return usagef("%v", err)
				}
			}
			for _, tag := range require {
				if _, own := a.policies.Policy(tag); !own {
					if err := manylinux.CheckPolicyTag(tag); err != nil {
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
	auditor  *manylinux.Auditor
	cache    *resultCache // nil without --cache
	stats    bool
	read     wheel.ScanStats
	strict   bool
	require  []string
	targets  []target
	policies *policyfile.File // never nil in use; empty without --policy-file
	files    int
	count    map[manylinux.Verdict]int
}

// answer is the result for one path.
type answer struct {
	in     input
	report *manylinux.Report
	err    error
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
				report, err := a.one(ctx, in)
				slot <- answer{in, report, err}
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
	a.cache.finish(a.call)
	return cmp.Or(showErr, err)
}

// one audits a file, or finds the result of an earlier run. Demands need more
// than a kept result has, so that they always read the wheel.
func (a *auditRun) one(ctx context.Context, in input) (*manylinux.Report, error) {
	path := in.path
	if in.url {
		return auditURL(ctx, path)
	}
	if a.cache == nil || !strings.HasSuffix(path, ".whl") || len(a.require)+len(a.targets) > 0 {
		return a.auditor.File(ctx, path)
	}
	return a.cache.audit(path, func() (*manylinux.Report, error) { return a.auditor.File(ctx, path) })
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

func (a *auditRun) show(r answer) error {
	if r.err != nil {
		return a.refuse("audit", r.in, explainPath("audit", r.in.path, r.err))
	}
	if r.report.Read != nil {
		a.read.Add(*r.report.Read)
	}
	allowed := a.allow(r.report)
	record, err := a.demands(r.report)
	if err != nil {
		return err
	}
	record.Allowed = allowed
	outcome := r.report.Verdict
	switch {
	case outcome == manylinux.Unknown:
		a.status = exitNoAnswer
	case r.report.Fails(a.strict) || record.fails():
		outcome = manylinux.Fail
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

func (a *auditRun) printDemands(r auditRecord) {
	for _, f := range r.Allowed {
		fmt.Fprintln(a.out, hang(fmt.Sprintf("  %s allowed ", f.Rule), fmt.Sprintf("%s until %s: %s", f.File, f.Expires, f.Reason)))
	}
	for _, q := range r.Required {
		text := "may carry " + q.Tag
		if !q.Carries {
			text = "cannot carry " + q.Tag
			if len(q.Causes) > 0 {
				text += ", because of " + describeCause(q.Causes[0])
			}
			if n := len(q.Causes) - 1; n > 0 {
				text += fmt.Sprintf(", and %d more", n)
			}
		}
		fmt.Fprintln(a.out, wrap(text, 80, "        "))
	}
	for _, t := range r.Targets {
		text := "loads on " + t.Release
		switch t.Loads {
		case manylinux.LoadsNo:
			text = fmt.Sprintf("does not load on %s, for want of %s", t.Release, some(t.Missing))
		case manylinux.LoadsUnknown:
			text = fmt.Sprintf("may load on %s; %s was not measured there", t.Release, some(t.Untold))
		}
		fmt.Fprintln(a.out, wrap(text, 80, "        "))
	}
}

// explainPath adds what to do to errors that need it.
func explainPath(command, path string, err error) error {
	text := err.Error()
	var far *remote.Error
	if errors.As(err, &far) {
		return err // it says what and where, and paths of one's own have no part in it
	}
	if path != "" && !strings.Contains(text, path) {
		text = path + ": " + text
	}
	switch {
	case os.IsPermission(err):
		return fmt.Errorf("%s; make it readable", text)
	case strings.HasSuffix(path, ".whl"):
		return fmt.Errorf("%s; build or download the wheel again", text)
	}
	return fmt.Errorf("%s; %s takes wheels, directories and ELF files", text, command)
}

// print writes one report as text. The outcome is that of this run: a wheel that
// keeps its promise may still fail a demand or, if strict, for a warning.
func (a *auditRun) print(r *manylinux.Report, outcome manylinux.Verdict) {
	word := fmt.Sprintf("%-8s", outcome)
	if a.colour {
		word = paint(word, outcome == manylinux.Pass)
	}
	fmt.Fprintf(a.out, "%s%s\n", word, plain(r.File))
	fmt.Fprintln(a.out, wrap(describeReport(r), 80, "        "))
	const most = 20
	if r.Unseen > 0 {
		fmt.Fprintln(a.out, wrap(fmt.Sprintf("%d files were not looked at, as their names say that they are text", r.Unseen), 80, "        "))
	}
	for i, f := range r.Findings {
		if i == most && len(r.Findings) > most+1 {
			fmt.Fprintf(a.out, "        and %d more findings; --format json has them all\n", len(r.Findings)-most)
			break
		}
		text := f.Message
		if f.File != "" && f.File != r.File {
			text = f.File + " " + text
		}
		fmt.Fprintln(a.out, hang(fmt.Sprintf("  %s %-8s", f.Rule, f.Severity), text))
	}
}

// describeReport says in a phrase what a wheel is.
func describeReport(r *manylinux.Report) string {
	count := fmt.Sprintf("%d ELF files", len(r.ELF))
	if len(r.ELF) == 1 {
		count = "1 ELF file"
	}
	switch {
	case len(r.ELF) == 0 && len(r.Other) == 1:
		return "1 " + r.Other[0].Format + " file"
	case len(r.ELF) == 0 && len(r.Other) > 1:
		return fmt.Sprintf("%d %s files", len(r.Other), r.Other[0].Format)
	case len(r.ELF) == 0:
		return "no machine code"
	case r.Libc == "bionic":
		return count + " for Android, which is not judged"
	case r.PlatformTag == "" && r.Verdict == manylinux.Unknown:
		return count + ", and what it needs cannot be told"
	case r.PlatformTag == "":
		return count + ", of a kind that no platform tag is for"
	}
	text := r.PlatformTag
	for _, alias := range r.PlatformTags {
		if alias != r.PlatformTag {
			text += " = " + alias
		}
	}
	if r.Libc == "none" {
		text += " (needs no libc)"
	}
	return text + ", " + count
}

// summary counts on standard error, when there was more than one.
func (a *auditRun) summary() {
	if a.stats {
		const mib = 1 << 20
		a.say("unpacked %.1f MiB from %.1f MiB of archives; %.1f MiB of machine code were never needed, %d files were unpacked twice for their tables",
			float64(a.read.Unpacked)/mib, float64(a.read.Packed)/mib, float64(a.read.Skipped)/mib, a.read.Again)
	}
	if a.json || a.files < 2 {
		return
	}
	text := fmt.Sprintf("%d files: %d pass, %d fail", a.files, a.count[manylinux.Pass], a.count[manylinux.Fail])
	if n := a.count[manylinux.Unknown]; n > 0 {
		text += fmt.Sprintf(", %d unknown", n)
	}
	a.say("%s", text)
}
