package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/wheel"
	"github.com/wheeltag/wheeltag/wheel/lockfile"
)

func newSelect(c *invocation) *cobra.Command {
	var described targetFlags
	var selection lockfile.Selection
	var pre bool
	var online onlineFlags
	cmd := &cobra.Command{
		Use: "select --target T WHEEL...|LOCK...", Short: "show the files that an installer would choose",
		Long: "Chooses the wheel of each project that an installer would take on the target: the newest version that fits, then the best tag, then the highest build. Explains why the other files were not chosen.\n\nOf a lock file, it lists for each target the files of all packages that are needed there, with URL and hashes, for build systems and scripts: with --format json one object for each target and package. Directories of wheels, saved index pages and lists of names add files, or provide those of a requirements file, and so does --index-url, as for coverage. The exit status is 1 if a package has no file.\n\n" + aboutTargets,
		Example: `  # from a directory
  wheeltag select --target 3.11@debian:12/x86_64 wheels
  # from names
  wheeltag select -t 3.11@debian:12 demo-1.0-py3-none-any.whl demo-1.1-cp311-cp311-manylinux_2_17_x86_64.whl
  # the files of a lock file for two targets, with URL and hashes, for a script
  wheeltag select -t api -t edge --format json locks/uv.lock`,
		Args: needWheels,
		RunE: func(*cobra.Command, []string) error {
			if err := online.check(); err != nil {
				return err
			}
			if hasLock(c.args) {
				r := coverageRun{invocation: c, coverageOptions: coverageOptions{described: described, selection: selection, onlineFlags: online}}
				return r.list(pre)
			}
			if online.indexURL != "" {
				return usagef("--index-url is for requirements files; name one")
			}
			if selected(selection) {
				return usagef("--extra, --group, --no-default-groups, --package and --all-packages are for lock files; name one")
			}
			targets, err := described.read(c)
			if err != nil {
				return err
			}
			candidates, err := c.readCandidates()
			if err != nil {
				return err
			}
			return c.showChoices(targets, candidates, pre)
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		described.add(f)
		described.addProfile(f)
		addSelection(f, &selection)
		online.add(f)
		f.BoolVar(&pre, "pre", false, "treat pre-releases like final releases")
	})
	return cmd
}

// showChoices writes for each target what an installer takes of each project.
func (c *invocation) showChoices(targets []target, candidates []wheel.Candidate, pre bool) error {
	for _, t := range targets {
		options := wheel.SelectOptions{Pre: pre}
		for _, choice := range wheel.Select(t.Target, candidates, options) {
			if err := c.showChoice(t, &choice); err != nil {
				return err
			}
		}
	}
	return nil
}

// readCandidates reads the inputs; for files that are there, Requires-Python
// too.
func (c *invocation) readCandidates() ([]wheel.Candidate, error) {
	var candidates []wheel.Candidate
	beside := releases{}
	for in, err := range c.inputs(acceptNames) {
		if err := c.ctx.Err(); err != nil {
			return nil, err
		}
		var w wheel.Candidate
		if err == nil {
			w.Name, err = wheel.ParseName(in.name)
		}
		if err == nil && in.path != "" {
			w.RequiresPython, err = requiresPython(in.path)
		}
		if err != nil {
			if err := c.reject("select", in, badName(in, err)); err != nil {
				return nil, err
			}
			continue
		}
		if w.Name.Variant != "" {
			w.Variants = beside.of(in, &w.Name)
		}
		candidates = append(candidates, w)
	}
	return candidates, nil
}

// selectRecord is the JSON object of select.
type selectRecord struct {
	Schema  string `json:"schema"`
	Target  string `json:"target"`
	Project string `json:"project"`
	File    string `json:"file,omitempty"`
	Version string `json:"version,omitempty"`
	Tag     string `json:"tag,omitempty"`
	Rank    *int   `json:"rank,omitempty"`

	// Of a lock file only.
	State  string            `json:"state,omitempty"`
	URL    string            `json:"url,omitempty"`
	Path   string            `json:"path,omitempty"`
	Size   *int64            `json:"size,omitempty"`
	Hashes map[string]string `json:"hashes,omitempty"`
	Reason *reasonRecord     `json:"reason,omitempty"`

	Rejected []rejectedEntry `json:"rejected"`
}

type rejectedEntry struct {
	File   string       `json:"file"`
	Reason reasonRecord `json:"reason"`
}

type reasonRecord struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Need    string `json:"need,omitempty"`
	Have    string `json:"have,omitempty"`
}

func (c *invocation) showChoice(t target, choice *wheel.Selection) error {
	if choice.Wheel == nil {
		c.fail()
	}
	if c.json {
		r := selectRecord{Schema: "wheeltag.select/v1", Target: t.Name(), Project: choice.Project, Rejected: []rejectedEntry{}}
		if w := choice.Wheel; w != nil {
			r.File, r.Version, r.Tag, r.Rank = w.Name.Filename, w.Name.Version.String(), choice.Tag.String(), &choice.Rank
		}
		for _, x := range choice.Rejected {
			r.Rejected = append(r.Rejected, rejectedEntry{x.Wheel.Name.Filename, reasonRecord{string(x.Reason.Code), x.Reason.Message, x.Reason.Need, x.Reason.Have}})
		}
		return c.writeJSON(r)
	}
	fmt.Fprintf(c.out, "%s on %s\n", choice.Project, t.Name())
	if w := choice.Wheel; w != nil {
		fmt.Fprintf(c.out, "  take %s\n       by %s\n", report.Plain(w.Name.Filename), report.Plain(choice.Tag.String()))
	} else {
		fmt.Fprintln(c.out, "  none fits")
	}
	for _, x := range choice.Rejected {
		fmt.Fprintf(c.out, "  not  %s\n%s\n", report.Plain(x.Wheel.Name.Filename), c.style.Wrap(x.Reason.String(), "       "))
	}
	return nil
}
