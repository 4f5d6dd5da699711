package cli

import (
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/config"
	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel/audit"
)

// auditOptions are what audit was asked for.
type auditOptions struct {
	described targetFlags
	rules     ruleFlags
	output    outputFlags
	require   []string
	verify    bool
	stats     bool
	at        string
	jobs      int
	memory    int // MiB; 0 for as much as the jobs need
	cache     string
	cacheSize int // MiB
	fix       string
	modified  time.Time // of what --fix writes
	timeout   time.Duration
	elsewhere elsewhereFlags
	withDeps  []string
	together  releaseFlags
}

func newAudit(c *invocation) *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use: "audit PATH...", Short: "check wheels and source distributions before they are published",
		Long: "Checks the archive, RECORD, metadata, contents and name of each wheel, and its native code against its platform tags. A PATH is a wheel, a source distribution, a directory of both, an ELF file, the URL of a wheel, or - to read paths from standard input. Of a wheel at a URL only the necessary parts are fetched, and members with the names of text files are skipped. No code is executed and nothing is unpacked to disk; any host can check wheels for any machine. Of a source distribution the file name, the paths and the metadata are checked.\n\nThe audit fails on findings of severity error; see 'wheeltag rules'. RULES are ids such as WT202, prefixes such as WT4, or names such as external-library, separated by commas; the most specific one counts. --warn and --error also bring back what wheeltag.toml ignores. WT206 and WT410 are always reported: what cannot be read cannot be judged.\n\nThe command line wins over the tables of wheeltag.toml, or [tool.wheeltag] of pyproject.toml, for a file; those win over the ones for a project, and those over the rest of the file. The file may also hold allowances with a reason; see docs/config.md.\n\nWith --require it also fails wheels that do not qualify for a tag, with --target wheels that would not install there or whose native code would not load; a library that policies allow and that a target lacks until it is installed is named, and is no failure.",
		Example: `  # every wheel and source distribution below a directory
  wheeltag audit wheels
  # a wheel that claims too much
  wheeltag audit wheels-bad/toonew-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl
  # two extra requirements
  wheeltag audit --require manylinux_2_28 --target 3.11@debian:11/arm64 wheels/demo_new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl
  # only what keeps the code from loading, with warnings as failures
  wheeltag audit --select WT2 --ignore WT210,hardening --strict wheels
  # what one ELF file needs, as data
  wheeltag audit --format json elf/ext-aarch64-gnu2.28.so`,
		Args: func(_ *cobra.Command, args []string) error { return o.check(args) },
		RunE: func(cmd *cobra.Command, _ []string) error { return c.audit(&o, cmd.Flags().Changed) },
	}
	c.addFlags(cmd, o.add, report.Formats(&report.Audit{})...)
	return cmd
}

func (o *auditOptions) add(f *pflag.FlagSet) {
	o.described.add(f)
	o.rules.add(f)
	o.output.add(f)
	f.StringArrayVar(&o.require, "require", nil, "fail wheels that do not qualify for `TAG`, such as manylinux_2_28, whatever their own tags")
	f.IntVarP(&o.jobs, "jobs", "j", runtime.GOMAXPROCS(0), "unpack up to `N` files at a time")
	f.Lookup("jobs").DefValue = "one per core" // help is the same everywhere
	f.IntVar(&o.memory, "memory", 0, "keep about `MIB` of unpacked data in memory, for all jobs together (default 8 per job)")
	f.StringVar(&o.cache, "cache", "", "keep results in `DIR` and do not read unchanged wheels again")
	f.IntVar(&o.cacheSize, "cache-size", 256, "limit the cache to `MIB`")
	f.BoolVar(&o.verify, "verify", false, "unpack every file and check it against its checksum and RECORD")
	f.StringVar(&o.fix, "fix", "", "write repaired copies of wheels into `DIR`, as 'wheeltag retag' does, and report on these")
	o.elsewhere.add(f)
	o.together.add(f)
	f.StringArrayVar(&o.withDeps, "with-deps", nil, "look for libraries from outside a wheel in the wheels of `DIR|LOCK`: those in a directory, or those of a lock file that are next to it or in a directory that is given too; may be repeated")
	addTimeout(f, &o.timeout)
	addAt(f, &o.at)
	f.BoolVar(&o.stats, "stats", false, "print decompression statistics to standard error")
}

func (o *auditOptions) check(args []string) error {
	switch {
	case len(args) == 0:
		return usagef("name a wheel, a directory of wheels or an ELF file, as in 'wheeltag audit dist'")
	case o.jobs < 1 || o.memory < 0 || o.cacheSize < 0 || o.timeout < 0:
		return usagef("--jobs must be 1 or more, --memory, --cache-size and --timeout 0 or more")
	}
	return nil
}

// audit carries the command out; given reports whether the command line has a flag.
func (c *invocation) audit(o *auditOptions, given func(flag string) bool) error {
	own, err := o.described.configuration()
	if err == nil && o.fix != "" {
		o.modified, err = sourceDate()
	}
	if err != nil {
		return err
	}
	if !given("jobs") && own.Run.Jobs > 0 {
		o.jobs = own.Run.Jobs
	}
	o.output.configure(own, given)
	c.quiet = o.output.quiet
	c.sayVersion(own)
	a, err := c.newAuditRun(o, own, given)
	if err != nil {
		return err
	}
	file, err := c.openOutput(o.output.file)
	if err != nil {
		return err
	}
	if err = a.open(); err == nil {
		err = a.run()
	}
	err = file.finish(err)
	if o.stats {
		a.sayStats()
	}
	if err == nil {
		a.conclude()
	}
	return err
}

// newAuditRun readies a run: the rules, the tags and targets that are demanded, the
// cache.
func (c *invocation) newAuditRun(o *auditOptions, own *config.Config, given func(flag string) bool) (*auditRun, error) {
	// What is unpacked is bounded; this keeps the garbage of the tables from
	// doubling it.
	debug.SetMemoryLimit(int64(32+o.jobs*12+o.memory) << 20)
	debug.SetGCPercent(400)
	selection, err := o.rules.selection(own)
	if err != nil {
		return nil, err
	}
	a := &auditRun{invocation: c, auditOptions: o, config: own, selection: selection, allowances: newLedger(own.Allowances)}
	if a.failing, err = o.rules.failing(given); err != nil {
		return nil, err
	}
	if a.neighbours, err = neighbours(o.withDeps); err != nil {
		return nil, usagef("--with-deps: %v", err)
	}
	a.auditor = audit.New(a.options())
	for _, tag := range o.require {
		if own.Policy(tag) == nil {
			if err := audit.CheckTag(tag); err != nil {
				return nil, usagef("--require: %v", err)
			}
		}
	}
	if a.releases, err = a.newReleases(); err != nil {
		return nil, err
	}
	if a.targets, err = o.described.readAny(c, "config"); err != nil {
		return nil, err
	}
	if o.cache != "" && o.elsewhere.ldpaths == "" && o.withDeps == nil && o.together.baseline == "" { // what is in directories changes without the wheel
		if a.cache, err = openCache(o.cache, int64(o.cacheSize)<<20, o.verify, selection, o.elsewhere.exclude); err != nil {
			a.warnCache(err)
		}
	}
	return a, nil
}
