package cli

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/coverage"
	"github.com/wheeltag/wheeltag/wheel/index"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

func newCoverage(c *invocation) *cobra.Command {
	var o coverageOptions
	cmd := &cobra.Command{
		Use: "coverage [--target T...] SOURCE...", Short: "check a lock file or a directory of wheels against many targets",
		Long: "Shows for each package and target whether an installer takes a wheel, must build from source, or finds nothing. A SOURCE is a lock file (" + strings.Join(lockfile.FileNames(), ", ") + "), a requirements file, environment.yml, what pip install --report or pip inspect writes, a directory of wheels and source distributions, a saved page of a simple index (HTML or JSON), or a list of file names; - is any of them on standard input, and a directory with a lock file means that file. Directories, pages and lists provide the files for what lists none (requirements, Pipfile.lock, pip inspect), and add to those of a lock file. With --index-url https://HOST/simple, the pages of an index provide them; nothing else uses the network. A requirements file does not say what its packages depend on: only what it names is answered.\n\nOf the files of conda, conda-lock and pixi, what pip installs is answered; --group names an environment of pixi.lock. Of a lock file, what its tool installs without options is needed: the project and its default groups. They are default-groups of pylock.toml; for uv the group dev or tool.uv.default-groups, for Poetry the groups that are not optional, for PDM the dev groups, all as pyproject.toml next to the lock file has them. Of a uv workspace it is the project next to uv.lock, or every member if there is none.\n\nWithout --target, the targets are those of wheeltag.toml in the working directory, next to the source or above, or else those that uv.lock states with required-environments and minimum-libc-version.\n\nThe exit status is 1 if something must be built or is missing, so that a CI job can check it; --require build accepts builds. It is 3 if the files of a package are unknown.\n\n" + aboutTargets,
		Example: `  # a lock file against two images
  wheeltag coverage -t python:3.11-bullseye/amd64 -t alpine:3.20/arm64 locks/uv.lock
  # what to build, for each target of wheeltag.toml
  wheeltag coverage -t @fleet --build-list locks/uv.lock
  # every file of one package, and why it is taken or not
  wheeltag coverage -t api --explain newdemo locks/uv.lock
  # everything as a page for a browser, > page.html
  wheeltag coverage -t @fleet --format html locks/uv.lock
  # what breaks when Debian becomes Alpine
  wheeltag coverage -t 3.12@alpine:3.20/amd64 --baseline-target 3.12@debian:12/amd64 locks/uv.lock
  # a table for a pull request
  wheeltag coverage -t api --format markdown locks/uv.lock`,
		Args: func(_ *cobra.Command, args []string) error { return o.check(c.format, args) },
		RunE: func(*cobra.Command, []string) error {
			r := coverageRun{invocation: c, coverageOptions: o}
			if o.printConstraints {
				return r.showConstraints()
			}
			return r.run()
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		o.described.add(f)
		o.described.addProfile(f)
		o.add(f)
	}, report.Formats(&report.Coverage{})...)
	return cmd
}

type coverageOptions struct {
	described        targetFlags
	require          string
	selection        lockfile.Selection
	constraints      []string
	printConstraints bool
	buildList        bool
	explain          string
	nearest          bool
	baseline         string
	baselineTarget   string
	onlineFlags
}

func (o *coverageOptions) add(f *pflag.FlagSet) {
	addChoice(f, &o.require, "require", "fail where there is no `STATE`: wheel, or build to accept source distributions", "wheel", "build")
	addSelection(f, &o.selection)
	o.onlineFlags.add(f)
	f.StringArrayVarP(&o.constraints, "constraint", "c", nil, "limit versions by a constraints `FILE`; if several name a package, the first counts")
	f.BoolVar(&o.printConstraints, "print-constraints", false, "print the constraints in effect, and the source of each")
	f.BoolVar(&o.buildList, "build-list", false, "print NAME==VERSION of what must be built for each target")
	f.StringVar(&o.explain, "explain", "", "show every file of one `PACKAGE`, and why it is taken or not")
	f.StringVar(&o.baseline, "baseline", "", "show only what is worse or better than with the lock file `FILE`, and fail for what is worse")
	f.StringVar(&o.baselineTarget, "baseline-target", "", "show only what is worse or better than on the target `TARGET`, and fail for what is worse")
	f.BoolVar(&o.nearest, "nearest", false, "show for each hole the smallest change that would fill it")
}

// addSelection adds the flags that say what of a lock file is installed.
func addSelection(f *pflag.FlagSet, s *lockfile.Selection) {
	f.StringArrayVar(&s.Extras, "extra", nil, "include `EXTRA` of the locked project; may be repeated")
	f.StringArrayVar(&s.Groups, "group", nil, "include the dependency group `GROUP` of the locked project; may be repeated")
	f.BoolVar(&s.NoDefaultGroups, "no-default-groups", false, "leave out the groups that the tool installs by default")
	f.StringArrayVar(&s.Packages, "package", nil, "install `NAME` of a workspace in uv.lock instead of the project next to the file; may be repeated")
	f.BoolVar(&s.AllPackages, "all-packages", false, "install all members of a workspace in uv.lock")
}

// check finds mistakes in the command line.
func (o *coverageOptions) check(format string, args []string) error {
	if err := o.contradiction(format); err != nil {
		return err
	}
	if len(args) == 0 && !o.printConstraints {
		return usagef("name a lock file, a directory of wheels or a saved index page")
	}
	return nil
}

// contradiction finds options of which one would be passed over in silence.
func (o *coverageOptions) contradiction(format string) error {
	if err := o.onlineFlags.check(); err != nil {
		return err
	}
	asked := ""
	for _, form := range []struct {
		given bool
		flag  string
	}{{o.printConstraints, "--print-constraints"}, {o.buildList, "--build-list"}, {o.explain != "", "--explain"}, {o.baseline != "", "--baseline"}, {o.baselineTarget != "", "--baseline-target"}} {
		switch {
		case !form.given:
			continue
		case asked != "":
			return usagef("%s and %s cannot be combined", asked, form.flag)
		case format != "text" && format != "json":
			return usagef("%s cannot be written as %s; use --format text or json", form.flag, format)
		}
		asked = form.flag
	}
	return nil
}

// coverageRun is one run of coverage.
type coverageRun struct {
	*invocation
	coverageOptions
	targets []coverage.Target
	limits  *lockfile.Constraints
	locks   []*lockfile.Lock
	files   []index.File    // of directories, pages and lists
	local   map[string]bool // the paths of those that are in directories
	before  *lockfile.Lock  // of --baseline
	pool    coverage.Pool
	rows    []coverage.Row
}

// collect reads the targets and sources, and answers.
func (r *coverageRun) collect() error {
	if len(r.described.words) > 0 {
		if err := r.readTargets(); err != nil {
			return err
		}
	}
	if err := r.readConstraints(); err != nil {
		return err
	}
	for _, source := range r.args {
		if err := r.readSource(source); err != nil {
			return err
		}
	}
	if len(r.described.words) == 0 {
		if err := r.defaultTargets(); err != nil {
			return err
		}
	}
	if err := r.addBaselineTarget(); err != nil {
		return err
	}
	if err := r.readBaseline(); err != nil {
		return err
	}
	if err := r.askIndex(); err != nil {
		return err
	}
	if err := r.fillPool(); err != nil {
		return err
	}
	return r.answer()
}

// run reads the sources, answers, and writes one of the forms.
func (r *coverageRun) run() error {
	if err := r.collect(); err != nil {
		return err
	}
	if r.baseline != "" || r.baselineTarget != "" {
		return r.compare()
	}
	for i := range r.rows {
		if r.hole(r.rows[i].Worst()) {
			r.fail()
		}
	}
	r.noteRefused()
	r.noteUnknown()
	if len(r.rows) == 0 {
		r.reportError("no packages found in %s", strings.Join(r.args, ", "))
		return nil
	}
	slices.SortStableFunc(r.rows, func(a, b coverage.Row) int { return int(b.Worst()) - int(a.Worst()) })
	h, err := r.newHandler(r.matrix())
	if err != nil {
		return err
	}
	found := false
	for i := range r.rows {
		if r.explain != "" && r.rows[i].Package != wheel.NormalizeName(r.explain) {
			continue
		}
		found = true
		if err := h.Report(&report.Coverage{Row: &r.rows[i]}); err != nil {
			return err
		}
	}
	if !found {
		var known []string
		for i := range r.rows {
			known = append(known, r.rows[i].Package)
		}
		return usagef("no package %s in %s%s", r.explain, strings.Join(r.args, ", "), didYouMean(r.explain, known))
	}
	return h.Close()
}

// matrix is what the report of the run needs to know.
func (r *coverageRun) matrix() report.Matrix {
	var sources []string
	for _, source := range r.args {
		sources = append(sources, filepath.ToSlash(source))
	}
	return report.Matrix{
		Title: strings.Join(sources, ", "), Targets: r.targets, Fails: r.hole,
		Nearest: r.nearest, Explain: r.explain != "", BuildList: r.buildList,
	}
}

// answer fills in the rows: of each lock file, or of the pool alone.
func (r *coverageRun) answer() error {
	if len(r.locks) == 0 {
		for row := range r.pool.Rows(r.targets, r.limits) {
			r.rows = append(r.rows, row)
		}
		return nil
	}
	for _, lock := range r.locks {
		if r.limits != nil {
			lock.Constraints = r.limits
		}
		rows, err := coverage.Locked(lock, r.selection, &r.pool, r.targets)
		if err != nil {
			return usagef("%v", err)
		}
		for row := range rows {
			r.rows = append(r.rows, row)
		}
	}
	return nil
}

// noteUnknown says that some packages have no answer, which is not a no.
func (r *coverageRun) noteUnknown() {
	var unknown, doubtful []string
	for i := range r.rows {
		row := &r.rows[i]
		files, need := false, false
		for t, c := range row.Cells {
			if c.State == coverage.Unknown {
				isNeed := row.Reason(t).Code == coverage.ReasonNeed
				files, need = files || !isNeed, need || isNeed
			}
		}
		if files {
			unknown = append(unknown, row.Package)
		}
		if need {
			doubtful = append(doubtful, row.Package)
		}
	}
	if len(doubtful) > 0 {
		r.reportError("nothing fits for %s, but the lock file does not say whether the project needs it; lock again with poetry 2 or with pdm's inherit_metadata", report.Some(doubtful))
	}
	switch {
	case len(unknown) == 0:
	case r.indexURL != "":
		r.reportError("files unknown for %s", report.Some(unknown))
	default:
		r.reportError("files unknown for %s; give --index-url URL to read the pages of an index, add a directory, a saved page or a list of file names, or use a lock file", report.Some(unknown))
	}
}

// noteRefused fails for targets that a lock file is not for. Text shows a line
// for each target, except as a build list.
func (r *coverageRun) noteRefused() {
	texts := report.Refusals(r.targets, func(yield func(*coverage.Row) bool) {
		for i := range r.rows {
			if !yield(&r.rows[i]) {
				return
			}
		}
	})
	if len(texts) > 0 {
		r.fail()
	}
	if r.format == "text" && !r.buildList {
		return
	}
	for _, text := range texts {
		r.logf("%s", text)
	}
}

// hole reports whether a state is one that fails.
func (r *coverageRun) hole(s coverage.State) bool {
	return s > coverage.Build || s == coverage.Build && r.require == "wheel"
}
