package cli

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/wheeltag/wheeltag/internal/report"
	"github.com/wheeltag/wheeltag/tags"
	"github.com/wheeltag/wheeltag/wheel/audit"
	"github.com/wheeltag/wheeltag/wheel/finding"
	"github.com/wheeltag/wheeltag/wheel/index"
)

// indexOptions are what index was asked to do with the directories.
type indexOptions struct {
	described targetFlags
	out       string // where to write the site; "" checks only
	views     bool
	copyLinks bool
	filesURL  string
}

func newIndex(c *invocation) *cobra.Command {
	var o indexOptions
	cmd := &cobra.Command{
		Use: "index DIR...", Short: "check directories of wheels and write a simple index",
		Long: "Checks the wheels and source distributions in directories and their subdirectories: symlinks that dangle or lead out of the directory, damaged files, names that METADATA or PKG-INFO contradicts or that are not in normal form, different files with one name, builds that no installer chooses, linux_* wheels that qualify for a manylinux or musllinux tag and, with --target, wheels that fit none of the targets.\n\nWith --out it also writes a static index of all files without errors: HTML and JSON pages in SITE/simple, the older JSON in SITE/pypi/PROJECT/json, wheels and their metadata in SITE/files, as hard links where possible. A file with the name of another one and .yanked behind it withdraws that; its first line is the reason. A file PROJECT.project-status marks a project as archived, deprecated or quarantined, with the reason in its second line, and NAME.provenance is passed on if --packages-url is https. Any static file server can serve it to pip and uv. The new site replaces the old one once it is complete; unchanged files are not read again. A directory that has files and is not a site is never replaced, and nothing is written if an input directory is missing, unreadable or empty.\n\n" + aboutTargets,
		Example: `  # check a directory
  wheeltag index wheels
  # also find wheels that fit none of your targets
  wheeltag index -t debian:12/arm64 -t python:3.11-bullseye/amd64 wheels
  # one object per file, for scripts
  wheeltag index --format json wheels wheels-differ`,
		Args: func(_ *cobra.Command, args []string) error { return o.check(args) },
		RunE: func(*cobra.Command, []string) error {
			r := indexRun{invocation: c}
			if err := r.readTargets(&o.described); err != nil {
				return err
			}
			if err := r.openSite(o.out); err != nil {
				return err
			}
			if r.site != nil {
				r.site.FilesURL = o.filesURL
			}
			return r.run(&o)
		},
	}
	c.addFlags(cmd, func(f *pflag.FlagSet) {
		o.described.add(f)
		o.described.addProfile(f)
		f.StringVar(&o.out, "out", "", "write a static simple index to the directory `SITE`")
		f.BoolVar(&o.copyLinks, "copy-links", false, "accept symbolic links that lead out of the directory, and copy what they lead to")
		f.StringVar(&o.filesURL, "packages-url", "", "let the pages link to files below `URL`, for files that another server has")
		f.BoolVar(&o.views, "views", false, "also write SITE/TARGET/simple for each target, with only the files that install there")
	}, report.Formats(&report.Index{})...)
	return cmd
}

func (o *indexOptions) check(args []string) error {
	switch {
	case len(args) == 0:
		return usagef("name a directory of wheels, as in 'wheeltag index dist'")
	case o.views && o.out == "":
		return usagef("--views needs a site to write; add --out SITE")
	case o.filesURL != "" && o.out == "":
		return usagef("--packages-url needs a site to write; add --out SITE")
	case o.filesURL != "" && !strings.HasPrefix(o.filesURL, "https://") && !strings.HasPrefix(o.filesURL, "http://"):
		return usagef("--packages-url %s: want an http or https URL", o.filesURL)
	case o.views && len(o.described.words) == 0:
		return usagef("--views needs targets, as in --target debian:12/arm64")
	case slices.Contains(args, "-"):
		return usagef("index takes directories, not -; write ./- for a directory of that name")
	}
	return nil
}

// indexRun is one run of index.
type indexRun struct {
	*invocation
	targets    []*tags.Target
	site       *index.Site // nil when nothing is to be written
	folder     string      // its path as given
	collection *index.Collection
	written    index.Written
}

// readTargets readies the targets, each once.
func (r *indexRun) readTargets(described *targetFlags) error {
	targets, err := described.readAny(r.invocation, "config")
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, t := range targets {
		if !seen[t.Name()] {
			seen[t.Name()] = true
			r.targets = append(r.targets, t.Target)
		}
	}
	return nil
}

// openSite readies the site to be written, if there is to be one.
func (r *indexRun) openSite(path string) error {
	if path == "" {
		return nil
	}
	site, err := index.OpenSite(path)
	if err != nil {
		return usagef("%v", err)
	}
	r.site, r.folder = site, path
	return nil
}

// run checks, writes the site, and then shows what was found.
func (r *indexRun) run(o *indexOptions) error {
	auditor := audit.New(audit.Options{Selection: finding.Selection{Select: []string{"WT2"}}}) // the code alone makes the name
	own, err := o.described.configuration()
	if err != nil {
		return err
	}
	r.collection, err = index.Collect(r.ctx, r.args, index.CollectOptions{
		Site: r.site, CopyLinks: o.copyLinks, SuggestNameBy: programVersion(), Selection: own.Selection(),
		SuggestName: func(ctx context.Context, path string) string { return trueName(ctx, auditor, path) },
	})
	if err != nil {
		return err
	}
	r.collection.CheckTargets(r.targets)
	for _, p := range r.collection.Problems {
		r.reportError("%v", p)
	}
	if list := r.collection.Quarantined; len(list) > 0 {
		r.logf("quarantined, so no files are offered: %s", report.Some(list))
	}
	var failed error
	if r.site != nil {
		shown := r.targets
		if !o.views {
			shown = nil
		}
		if r.written, failed = r.site.Write(r.ctx, r.collection, shown); errors.Is(failed, context.Canceled) {
			return failed
		}
	}
	h, err := r.newHandler(report.Matrix{})
	if err != nil {
		return err
	}
	for _, i := range r.collection.Items {
		if err := r.show(h, i); err != nil {
			return err
		}
	}
	if err := h.Close(); err != nil {
		return err
	}
	r.summary()
	if failed != nil {
		return failed
	}
	r.showSite()
	return nil
}

// trueName is the name that a wheel's machine code allows, if an audit finds
// nothing against it.
func trueName(ctx context.Context, auditor *audit.Auditor, path string) string {
	report, err := auditor.File(ctx, path)
	if err != nil || report.Verdict != finding.Pass {
		return ""
	}
	if tag := report.PlatformTag; !strings.HasPrefix(tag, "manylinux") && !strings.HasPrefix(tag, "musllinux") {
		return ""
	}
	return audit.Explain(report).Filename
}

// programVersion tells builds of this program apart as well as can be.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	text := "wheeltag " + info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.time" && s.Value != "" {
			text += " " + s.Value
		}
	}
	return text
}
